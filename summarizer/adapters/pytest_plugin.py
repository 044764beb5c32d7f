"""A pytest plugin: each case of a file ``*.cited.yaml`` is a test.

    harbour strike:
      draft: answers/harbour.md
      sources: [sources/]
      strict: true               # unverified sentences fail, too

Paths are relative to the file. Nothing else is imported until such a file is collected.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SUFFIX = ".cited.yaml"


class UnsupportedSentences(Exception):
    """One line for each sentence that failed."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CitedFile | None":
    """See pytest's hook of this name."""
    if not file_path.name.endswith(SUFFIX):
        return None
    collected: CitedFile = CitedFile.from_parent(parent, path=file_path)
    return collected


class CitedFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator["CitedCase"]:
        """The cases in their order. Fails the collection in one line for a file of another form."""
        import yaml

        try:
            cases = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.path}: is not YAML: {error}") from None
        if not isinstance(cases, dict):
            raise self.CollectError(f"{self.path}: is not a mapping of names to cases")
        for name, case in cases.items():
            if not isinstance(case, dict) or not {"draft", "sources"} <= set(case):
                raise self.CollectError(f"{self.path}: {name}: needs a draft and sources")
            if unknown := set(case) - {"draft", "sources", "strict"}:
                raise self.CollectError(f"{self.path}: {name}: unknown: {', '.join(unknown)}")
            yield CitedCase.from_parent(self, name=str(name), case=case)


class CitedCase(pytest.Item):
    """One draft and its sources."""

    def __init__(self, *, case: dict[str, Any], **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Raises UnsupportedSentences, and SummarizerError if the draft cannot be checked."""
        from summarizer.adapters.drafts import failed_sentences

        folder, sources = self.path.parent, self.case["sources"]
        places = [sources] if isinstance(sources, str) else sources
        found = [each if "://" in str(each) else str(folder / each) for each in places]
        strict = bool(self.case.get("strict"))
        failed = list(failed_sentences(folder / self.case["draft"], found, strict=strict))
        if failed:
            raise UnsupportedSentences("\n".join(failed))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> str:
        """The sentences that failed, or why they cannot be checked; no traceback of either."""
        from summarizer.errors import SummarizerError

        if isinstance(excinfo.value, UnsupportedSentences | SummarizerError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        """See pytest."""
        return self.path, None, self.name
