"""Each check switched off in turn: which shipped cases go red then. A check that no case misses is
held by nothing.

``python -m tests.evaluation.sabotage`` runs all cases once for each check and renews the matrix in
``docs/evals.md``.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from summarizer.checking import judge, repair, support, verdict
from summarizer.checking.paraphrase import NovelWords
from summarizer.checking.verdict import CitationChecker
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.runner import RunPlan, run_cases
from summarizer.evaluation.suites import Case, find_suite_files, load_suites
from summarizer.retrieval import corpus
from summarizer.sources.articles import BoilerplateKind
from summarizer.sources.boilerplate import find_boilerplate as find_furniture

__all__ = ["DOCS", "OFF", "Red", "documented", "red", "shipped"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "evals.md"
SHOWN = 3
"""Cases that the matrix names for each check."""

Red = Mapping[str, Sequence[str]]
"""Check -> ids of the cases that go red without it."""


@contextmanager
def swapped(owner: object, name: str, value: object) -> Iterator[None]:
    """``owner.name`` is something else for as long as the block lasts."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def without(kind: str) -> AbstractContextManager[None]:
    """One check of the table taken out."""
    left = {name: find for name, find in verdict.CHECKS.items() if name != kind}
    return swapped(verdict, "CHECKS", left)


def untold(kind: str) -> AbstractContextManager[None]:
    """Problems of that kind are not told."""
    problems = repair._failure_reasons

    def fewer(*asked: object) -> list[tuple[str, str]]:
        return [(name, detail) for name, detail in problems(*asked) if name != kind]  # type: ignore[arg-type]

    return swapped(repair, "_problems", fewer)


def not_set_aside(*kinds: BoilerplateKind) -> AbstractContextManager[None]:
    """Furniture of these kinds is read as the article's own words."""

    def fewer(text: str) -> object:
        return [item for item in find_furniture(text) if item.kind not in kinds]

    return swapped(corpus, "find_boilerplate", fewer)


OFF: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    **{kind: partial(without, kind) for kind in verdict.CHECKS},
    "unresolved": partial(untold, "unresolved"),
    "uncited": partial(untold, "uncited"),
    "score": lambda: swapped(support, "weigh", lambda *_: 1.0),
    "closeness": lambda: swapped(CitationChecker, "unsaid", lambda *_: NovelWords(0.0, ())),
    "misattributed": lambda: swapped(repair, "needed", lambda cited, _: list(cited)),
    "judge": lambda: swapped(judge, "contradicts_itself", lambda _: False),
    "boilerplate": lambda: not_set_aside("foreign", "teaser", "caption", "copyright"),
    "instruction": lambda: not_set_aside("instruction"),
}
"""What is switched off, by the name that the matrix has for it."""


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
