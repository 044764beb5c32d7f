"""Texts in a repository as a gate: for pre-commit, and what the pytest plugin checks with.

``python -m summarizer.adapters.drafts --sources DIR [--strict] FILE...``
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from summarizer.api import SourceInput, check
from summarizer.errors import SettingsError, SummarizerError


def failed_sentences(
    draft: Path, sources: Sequence[SourceInput], *, strict: bool = False
) -> Iterator[str]:
    """One line for each sentence that is not supported, ``FILE:LINE: VERDICT: TEXT (REASONS)``.

    With ``strict`` also for those that the checks cannot decide. Raises SummarizerError.
    """
    passed = {"supported"} if strict else {"supported", "unverified"}
    for sentence in check(draft, sources).sentences:
        if sentence.verdict not in passed:
            reasons = "; ".join(f"{each.kind}: {each.detail}" for each in sentence.issues)
            line = f"{draft}:{sentence.line}: {sentence.verdict}: {sentence.text}"
            yield f"{line} ({reasons})" if reasons else line


def check_files(arguments: Sequence[str] | None = None) -> int:
    """Checks the files; 1 if a sentence failed, 2 if they cannot be checked."""
    parser = argparse.ArgumentParser(prog="summarizer.adapters.drafts", description=__doc__)
    parser.add_argument("--sources", action="append", required=True, metavar="PATH")
    parser.add_argument("--strict", action="store_true", help="fail unverified sentences too")
    parser.add_argument("drafts", nargs="*", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    failed = False
    try:
        for draft in options.drafts:
            for line in failed_sentences(draft, options.sources, strict=options.strict):
                failed = True
                sys.stdout.write(f"{line}\n")
    except SummarizerError as error:
        sys.stderr.write(f"{error}\n")
        return SettingsError.exit_code
    return int(failed)


if __name__ == "__main__":
    sys.exit(check_files())
