"""The scores of an answer that cites its sources, which every adapter returns."""

from collections.abc import Iterable
from typing import NamedTuple

from summarizer.errors import ExtractionError, SettingsError
from summarizer.sources.articles import Article


class CitationScores(NamedTuple):
    """Shares of an answer's sentences, None where there is none to count.

    ``faithful``: of the sentences that the checks can decide, those that are supported.
    ``supported`` and ``unverified``: shares of all sentences. ``recall`` and ``precision``: those
    of `summarizer.audit.report.DraftReport`. ``reason``: one line for each sentence that failed.
    """

    faithful: float | None = None
    recall: float | None = None
    precision: float | None = None
    supported: float | None = None
    unverified: float | None = None
    reason: str = "no sentence can be judged"

    def named(self) -> dict[str, float]:
        """The scores that exist, by the names that adapters show."""
        scores = {
            "citation_faithfulness": self.faithful,
            "citation_recall": self.recall,
            "citation_precision": self.precision,
            "citation_supported": self.supported,
            "citation_unverified": self.unverified,
        }
        return {name: score for name, score in scores.items() if score is not None}


def score_citations(answer: str, sources: Iterable[str | Article]) -> CitationScores:
    """The scores of ``answer``, whose [1] is the first of ``sources``: texts or articles.

    >>> fire = "A fire destroyed a depot in Bern on Monday. Nobody was hurt."
    >>> score_citations("Nobody was hurt [1]. Ten people died [1].", [fire]).faithful
    0.5
    """
    from summarizer.api import audit_text

    outcomes = [_article(each, n) for n, each in enumerate(sources, start=1)]
    if not any(isinstance(each, Article) for each in outcomes):
        return CitationScores(reason="there are no sources")
    try:
        audit = audit_text(answer, outcomes, name="answer")
    except SettingsError as error:
        return CitationScores(reason=str(error))
    report = audit.report
    decided = report.sentences - report.unverified
    failed = [each for each in audit.sentences if each.verdict not in ("supported", "unverified")]
    return CitationScores(
        faithful=report.supported / decided if decided else None,
        recall=report.citation_recall,
        precision=report.citation_precision,
        supported=report.supported / report.sentences if report.sentences else None,
        unverified=report.unverified / report.sentences if report.sentences else None,
        reason="\n".join(
            f"{each.verdict}: {each.text}"
            + "".join(f" ({issue.kind}: {issue.detail})" for issue in each.issues)
            for each in failed
        )
        or f"{report.supported} of {report.sentences} sentences supported,"
        f" {report.unverified} unverified",
    )


def _article(source: str | Article, number: int) -> Article | ExtractionError:
    """The source as an article; an empty one keeps its number."""
    if isinstance(source, Article):
        return source
    try:
        return Article.of(source, name=f"source {number}")
    except ExtractionError as error:
        return error
