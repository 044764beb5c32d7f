"""Each check switched off in turn: which shipped cases go red then. A check that no case misses is
held by nothing.

``python -m tests.evaluation.sabotage`` runs all cases once for each check and renews the matrix in
``docs/evals.md``.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from summarizer.briefing import Briefing
from summarizer.checking import (
    alignment,
    citations,
    factuality,
    figures,
    judge,
    names,
    repair,
    support,
    verdict,
)
from summarizer.evaluation import outcomes
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.runner import RunPlan, run_cases
from summarizer.evaluation.suites import Case, find_suite_files, load_suites
from summarizer.pipeline import create_briefing
from summarizer.retrieval import corpus, stories
from summarizer.settings import Settings
from summarizer.sources.articles import BoilerplateKind
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.text import numbers
from summarizer.text.date_resolution import dates_compatible
from summarizer.text.dates import DateMention
from summarizer.writing import candidates, disagreements, story

__all__ = ["DOCS", "OFF", "Red", "documented", "red", "shipped"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "evals.md"
SHOWN = 3
"""Cases that the matrix names for each check."""

Red = Mapping[str, Sequence[str]]
"""Check -> ids of the cases that go red without it."""


Switch = Callable[[], AbstractContextManager[None]]
"""Opens a block in which one mechanism is off."""


@contextmanager
def swapped(owner: object, name: str, value: object) -> Iterator[None]:
    """``owner.name`` has another value inside the block."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def constant(owner: object, name: str, value: object) -> Switch:
    """``owner.name`` is a function that always returns ``value``."""
    return lambda: swapped(owner, name, lambda *_, **__: value)


def without_check(kind: str) -> AbstractContextManager[None]:
    """One check of the table taken out."""
    return swapped(
        verdict, "CHECKS", {k: check for k, check in verdict.CHECKS.items() if k != kind}
    )


def without_reason(kind: str) -> AbstractContextManager[None]:
    """Failure reasons of that kind are not reported."""
    problems = repair._PlacedDraft.problems

    def fewer(placed: repair._PlacedDraft) -> list[tuple[str, str]]:
        return [(name, detail) for name, detail in problems(placed) if name != kind]

    return swapped(repair._PlacedDraft, "problems", fewer)


def without_boilerplate(*kinds: BoilerplateKind) -> AbstractContextManager[None]:
    """Boilerplate of these kinds is read as the article's own words."""

    def fewer(*arguments: Any, **rest: Any) -> object:
        return [item for item in find_boilerplate(*arguments, **rest) if item.kind not in kinds]

    return swapped(corpus, "find_boilerplate", fewer)


def without_days() -> AbstractContextManager[None]:
    """Relative dates are compared as they are written, without the day of publication."""

    def undated(claim: DateMention, source: DateMention, *_: object) -> bool:
        return dates_compatible(claim, source)

    return swapped(figures, "dates_compatible", undated)


def without_focus() -> AbstractContextManager[None]:
    """The focus of the settings is ignored."""

    def unfocused(articles: Any, settings: Settings, **rest: Any) -> Briefing:
        return create_briefing(articles, replace(settings, focus=""), **rest)

    return swapped(outcomes, "create_briefing", unfocused)


def without_rewriting() -> AbstractContextManager[None]:
    """No sentence is written anew."""

    def unwritten(*arguments: Any, **rest: Any) -> object:
        return repair.repair_sentences(*arguments, **{**rest, "rewrite": None})

    return swapped(story, "repair_sentences", unwritten)


def without_citing_anew() -> AbstractContextManager[None]:
    """A sentence is cited to no passage but those that its writer names."""
    carriers = repair._RepairSteps._carriers

    def only_further(steps: Any, draft: Any, cited: Any) -> list[Any]:
        return carriers(steps, draft, cited) if cited else []

    return swapped(repair._RepairSteps, "_carriers", only_further)


OFF: Mapping[str, Switch] = {
    **{name: partial(without_check, name) for name in verdict.CHECKS},
    "unresolved": partial(without_reason, "unresolved"),
    "uncited": partial(without_reason, "uncited"),
    "restatement": constant(verdict, "restates", False),
    "score": constant(support, "support_probability", 1.0),
    "closeness": lambda: swapped(repair, "MAX_EXTRACTED_NOVEL_SHARE", 1.0),
    "misattributed": lambda: swapped(
        repair, "needed_citations", lambda cited, *_, **__: list(cited)
    ),
    "judge": constant(judge, "contradicts_itself", False),
    "boilerplate": lambda: without_boilerplate("foreign", "teaser", "caption", "copyright"),
    "instruction": lambda: without_boilerplate("instruction"),
    "computed figures": constant(figures, "may_be_computed", False),
    "years between dates": constant(figures, "_year_distances", []),
    "multiples in words": constant(figures, "_multiplied_values", ()),
    "times in other units": constant(figures, "_days_in", ()),
    "unit conversion": lambda: swapped(numbers, "_UNIT_SIZES", {}),
    "rounding": constant(numbers, "_rounding_tolerance", 0.0),
    "day of publication": without_days,
    "countries": constant(names, "countries_in", frozenset()),
    "contradictions of a copy": constant(factuality, "_rival_kind", None),
    "synonyms": constant(alignment, "synonym_groups", frozenset()),
    "citing anew": without_citing_anew,
    "rewriting": without_rewriting,
    "replacement": constant(repair._RepairSteps, "_replacement", None),
    "corroboration": constant(repair, "corroborate", []),
    "corroboration: predicate": constant(citations, "lacks_predicate", False),
    "corroboration: novel words": lambda: swapped(repair, "MAX_CORROBORATION_NOVEL_SHARE", 1.0),
    "antecedents": constant(candidates, "needed_antecedents", ()),
    "spelling variants": constant(story, "find_spellings", []),
    "contradictions": constant(disagreements, "find_contradictions", []),
    "wordings of a quotation": constant(disagreements, "_wording_disagreements", ()),
    "focus": without_focus,
    "joined stories": lambda: swapped(stories, "join_stories", lambda traced, *_: list(traced)),
}
"""Name in the matrix -> what switches the mechanism off."""


def shipped() -> list[Case]:
    """All cases of ``evals/suites``."""
    kinds = {name: each.kind for name, each in EVALUATORS.items()}
    return [
        case
        for suite in load_suites(find_suite_files([ROOT / "evals" / "suites"]), kinds)
        for case in suite.cases
    ]


def red(check: str, cases: Sequence[Case]) -> list[str]:
    """The ids of the cases that go red with a check switched off, in the order of the suites."""
    with OFF[check]():
        failed = {row.case for row in run_cases(cases, RunPlan()) if row.status != "passed"}
    return [case.id for case in cases if case.id in failed]


_BLOCK = re.compile(r"(<!-- sabotage -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)


def documented() -> Red:
    """The matrix as the document has it."""
    ((_, block),) = _BLOCK.findall(DOCS.read_text(encoding="utf-8"))
    rows = [line.strip("|").split("|") for line in block.splitlines()[2:]]
    return {row[0].strip(): re.findall(r"`([^`]+)`", row[2]) for row in rows}


def _matrix(found: Red) -> str:
    lines = ["| switched off | cases that go red | the first of them |", "|---|---:|---|"]
    for check, cases in found.items():
        named = ", ".join(f"`{case}`" for case in cases[:SHOWN])
        lines.append(f"| {check} | {len(cases)} | {named} |")
    return "\n".join(lines) + "\n"


def _renew() -> None:
    cases = shipped()
    matrix = _matrix({check: red(check, cases) for check in OFF})
    text = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(_BLOCK.sub(lambda found: found[1] + matrix, text), encoding="utf-8")


if __name__ == "__main__":
    _renew()
