"""Suites as tests: ``pytest evals/`` collects one item for each case.

To have this beside suites of your own, copy the file: it needs nothing else of this folder.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.results import evaluate_case
from summarizer.evaluation.suites import Case, load_suites


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> "SuiteFile | None":
    """A YAML file in a folder ``suites`` is a suite."""
    if file_path.suffix in (".yaml", ".yml") and file_path.parent.name == "suites":
        return SuiteFile.from_parent(parent, path=file_path)
    return None


class SuiteFile(pytest.File):
    """One suite."""

    def collect(self) -> Iterator["CaseItem"]:
        """Its cases; a mistake in the file is one line."""
        kinds = {name: each.kind for name, each in EVALUATORS.items()}
        try:
            (suite,) = load_suites([self.path], kinds)
        except SettingsError as error:
            raise pytest.Collector.CollectError(str(error)) from None
        for case in suite.cases:
            yield CaseItem.from_parent(self, name=case.spec.name, case=case)


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **rest: object) -> None:
        super().__init__(**rest)
        self._case = case

    def runtest(self) -> None:
        """Runs the case; fails with one line for each thing that is wrong."""
        row = evaluate_case(self._case)
        if row.status != "passed":
            pytest.fail("\n".join((*row.invalid, *row.failures)), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self._case.file, self._case.line - 1, self._case.id
