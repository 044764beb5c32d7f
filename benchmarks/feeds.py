"""What becomes of feed files of other projects: read, refused with a reason, or nothing said.

python -m benchmarks.feeds --data FOLDER     counts, and the files that are not simply read; the
                                             exit code is 1 if one of them is silent
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from summarizer.errors import SourceError
from summarizer.sources.feeds import read_feed
from summarizer.sources.formats import detect_list

__all__ = ["feed_outcomes"]

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def feed_outcomes(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Name, outcome (``read``, ``read with a problem``, ``refused`` or ``silent``) and detail of
    each file."""
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        content = file.read_bytes()
        try:
            listing = read_feed(content, f"https://feeds.example/{file.name}", now=NOW)
        except SourceError as error:
            yield file.name, "refused" if str(error).strip() else "silent", str(error)
            continue
        detail = f"{len(listing.entries)} entries"
        if listing.problems:
            yield file.name, "read with a problem", f"{detail}; {'; '.join(listing.problems)}"
        else:
            yield file.name, "read" if listing.entries else "silent", detail


def main() -> int:
    """Prints a line for each outcome, and the files that are not simply read."""
    parser = argparse.ArgumentParser(description="Reads feed files and counts what became of them.")
    parser.add_argument("--data", type=Path, required=True, help="folder of feed files")
    folder: Path = parser.parse_args().data
    started = perf_counter()
    rows = list(feed_outcomes(folder))
    for name, outcome, detail in rows:
        if outcome != "read":
            print(f"{outcome:20} {name}: {detail}")
    counts = Counter(outcome for _, outcome, _ in rows)
    known = sum(detect_list((folder / name).read_bytes()) == "feed" for name, *_ in rows)
    print(f"{len(rows)} files in {perf_counter() - started:.1f} s: {dict(counts)}")
    print(f"{known} are known as feeds by how they begin")
    return 1 if counts["silent"] else 0


if __name__ == "__main__":
    sys.exit(main())
