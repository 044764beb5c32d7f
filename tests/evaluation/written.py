"""Small suites for tests, written to disk as a user would."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.results import CaseResult, evaluate_case
from summarizer.evaluation.suites import Case, Suite, load_suites

__all__ = ["BERN", "CASE", "PAPER", "STORY", "case", "cases", "read", "row", "save", "suite"]

BERN = (
    "A fire destroyed a depot in Bern on Monday evening, police said. Twelve people were injured. "
    "Mayor Anna Keller praised the fire brigade of the city of Bern for its quick work."
)
PAPER = "Damage from the fire in Bern is put at 3 million francs. The depot was built in 1967."

STORY = {
    "headline": {
        "text": "A fire destroyed a depot in Bern on Monday evening, police said",
        "at": "destroyed a depot",
    },
    "sentences": [{"text": "Twelve people were injured.", "at": "Twelve people"}],
}
"""A faithful reply."""

CASE = {
    "name": "fire",
    "articles": [{"id": "bern", "text": BERN}],
    "replies": {"facts": "verbatim", "write": [STORY]},
    "expect": {"sentences": [{"says": "Twelve people", "verdict": "supported"}]},
}
"""A case that passes."""


def case(**changed: object) -> dict[str, object]:
    """`CASE`, with some of it changed."""
    return CASE | changed


def suite(*held: Mapping[str, object], **fields: object) -> dict[str, object]:
    """A suite of these cases."""
    return {**fields, "cases": list(held)}


def save(folder: Path, *held: Mapping[str, object], name: str = "s", **fields: object) -> Path:
    """The file of a suite of these cases."""
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(suite(*held, **fields), allow_unicode=True), encoding="utf-8")
    return file


def read(*files: Path) -> list[Suite]:
    """The suites in files."""
    return load_suites(files, {name: each.kind for name, each in EVALUATORS.items()})


def cases(*files: Path) -> Sequence[Case]:
    """All cases in files."""
    return [each for one in read(*files) for each in one.cases]


def row(folder: Path, **changed: object) -> CaseResult:
    """The row of `CASE` with some of it changed."""
    (only,) = cases(save(folder, case(**changed)))
    return evaluate_case(only)
