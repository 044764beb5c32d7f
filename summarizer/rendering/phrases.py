"""The phrases that all formats share: dates, counts, origins, findings, the report line.

The program's own words are English; words of an article pass through `clean_line`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from summarizer.briefing import Briefing, Finding, Report, Sentence, Source
from summarizer.rendering.references import NumberedSource
from summarizer.rendering.sanitize import clean_line

if TYPE_CHECKING:
    from summarizer.audit.report import AuditedSentence, DraftReport
    from summarizer.edition import StoryUpdate

__all__ = [
    "PARAGRAPH_SENTENCES",
    "attribution",
    "audit_report_line",
    "authorship",
    "byline",
    "concerns_sentence",
    "disagreement_lead",
    "findings_summary",
    "format_day",
    "format_minute",
    "masthead",
    "pluralize",
    "publication_note",
    "report_line",
    "shared_origin_note",
    "source_location",
    "support_note",
    "update_history",
    "verdict_note",
]

PARAGRAPH_SENTENCES = 3
"""Sentences in a paragraph."""

_VERDICT_NOTES = {
    "supported": "",
    "unverified": "unverified",
    "unsupported": "not supported",
    "contradicted": "contradicted",
    "unresolved": "citation not resolved",
    "uncited": "not cited",
}


def pluralize(number: int, noun: str) -> str:
    """``number`` with ``noun``, in the plural but for one.

    >>> pluralize(1, "story"), pluralize(1200, "story"), pluralize(2, "day")
    ('1 story', '1,200 stories', '2 days')
    """
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun}"


def format_day(when: date) -> str:
    """A date that reads the same on both sides of the Atlantic: 5 Jun 2025."""
    return f"{when.day} {when:%b} {when.year}"


def disagreement_lead(update: bool) -> tuple[str, str]:
    """What leads what a disagreement is about, and the word between them."""
    return ("Later reports update", "") if update else ("Sources differ", "on ")


def format_minute(when: datetime) -> str:
    """A time to the minute, in UTC: 5 Jun 2025, 07:30."""
    return f"{format_day(when)}, {when.astimezone(UTC):%H:%M} UTC"


def masthead(briefing: Briefing, cited: Sequence[NumberedSource]) -> str:
    """Date or dates of the stories, cited sources, independent origins, sentences."""
    dates = sorted({story.date for story in briefing.stories if story.date})
    parts = [
        " – ".join(dict.fromkeys(map(format_day, (dates[0], dates[-1])))) if dates else "",
        pluralize(len(cited), "source"),
        pluralize(len({one.source.origin for one in cited}), "independent origin"),
        pluralize(sum(1 + len(story.sentences) for story in briefing.stories), "sentence"),
    ]
    return " · ".join(filter(None, parts))


def update_history(update: "StoryUpdate") -> str:
    """What earlier editions told of a story: first told 3 Nov 2025, in 2 editions so far."""
    first = f"first told {format_day(update.first)}"
    return first if update.editions == 1 else f"{first}, in {update.editions} editions so far"


def publication_note(source: Source) -> str:
    """The date, and where it was found unless the page itself gave it; "undated" without one.

    Only the list of sources shows the bound of an article whose date is not known.
    """
    if source.published is None:
        return "undated"
    if source.exact_date is None:
        return f"no earlier than {format_day(source.published)}"
    found = " (dateline)" if source.published_from == "dateline" else ""
    return f"{format_day(source.exact_date)}{found}"


def source_location(source: Source) -> str:
    """Where it was read, on one line; empty where the label says it already."""
    address = clean_line(source.url or source.path or "")
    return "" if address == clean_line(source.label) else address


def shared_origin_note(reference: NumberedSource) -> str:
    """Whose reporting it repeats, if another cited source's; else nothing."""
    return f"same origin as [{reference.twin}]" if reference.twin else ""


def byline(reference: NumberedSource) -> str:
    """Publisher (where the label does not say it), date or bound, and origin: for the list of
    sources."""
    return _byline(reference, publication_note(reference.source))


def attribution(reference: NumberedSource) -> str:
    """As `byline`, for a citation anywhere else: with the date only where it is known."""
    return _byline(
        reference, publication_note(reference.source) if reference.source.exact_date else "undated"
    )


def _byline(reference: NumberedSource, date: str) -> str:
    source = reference.source
    publisher = clean_line(source.publisher or "")
    parts = (
        "" if publisher == clean_line(source.label) else publisher,
        date,
        shared_origin_note(reference),
    )
    return " · ".join(filter(None, parts))


def verdict_note(sentence: "Sentence | AuditedSentence") -> str:
    """What a reader must know beside the sentence; nothing when all is well."""
    return _VERDICT_NOTES[sentence.verdict]


def support_note(sentence: Sentence) -> str:
    """How much stands behind the sentence."""
    return f"{pluralize(sentence.origins, 'independent origin')} · support {sentence.support:.2f}"


def authorship(writer: str) -> str:
    """Who chose the words."""
    if writer == "extractive":
        return "Told in the sources’ own sentences, without a model"
    return f"Written by {clean_line(writer)}"


def concerns_sentence(finding: Finding) -> bool:
    """Whether it tells of a sentence, not of a source's furniture or absence, or of a model."""
    return finding.kind not in ("boilerplate", "unreadable", "duplicate", "unused", "model")


def findings_summary(findings: Sequence[Finding]) -> str:
    """Counts by what was done and why: ``3 dropped (2 number, 1 name)``."""
    done: dict[str, Counter[str]] = {}
    for finding in findings:
        done.setdefault(finding.action, Counter())[finding.kind] += 1
    return " · ".join(
        f"{kinds.total():,} {action.replace('_', ' ')} ({_kind_counts(kinds)})"
        for action, kinds in sorted(done.items())
    )


def _kind_counts(kinds: Counter[str]) -> str:
    """The kinds by frequency, with their number where there is more than one kind."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())


def report_line(numbers: Report) -> str:
    """The run in one line; what was not measured is left out."""
    parts = (
        f"{numbers.supported} of {pluralize(numbers.sentences, 'sentence')} supported",
        f"{numbers.unverified} unverified" if numbers.unverified else "",
        _rate_note("citation recall", numbers.citation_recall),
        _rate_note("citation precision", numbers.citation_precision),
        f"{numbers.facts_covered} of {pluralize(numbers.facts_found, 'fact')} told",
        f"{numbers.sources_cited} of {pluralize(numbers.sources_read, 'source')} cited",
        _model_calls_note(numbers),
    )
    return " · ".join(filter(None, parts))


def audit_report_line(numbers: "DraftReport") -> str:
    """A checked draft in one line."""
    unmarked = f"{numbers.without_marker:,} without a mark" if numbers.without_marker else ""
    parts = (
        f"{numbers.supported:,} of {pluralize(numbers.sentences, 'sentence')} supported",
        unmarked if numbers.citation_precision is not None else "",
        _rate_note("citation recall", numbers.citation_recall),
        _rate_note("citation precision", numbers.citation_precision),
    )
    return " · ".join(filter(None, parts))


def _rate_note(name: str, share: float | None) -> str:
    return "" if share is None else f"{name} {share:.2f}"


def _model_calls_note(numbers: Report) -> str:
    if not numbers.model_calls + numbers.cached_calls:
        return "no model"
    cost = "" if numbers.cost_usd is None else f", ${numbers.cost_usd:.4f}"
    kept = f" and {numbers.cached_calls} cached" if numbers.cached_calls else ""
    return f"{pluralize(numbers.model_calls, 'model call')}{kept}{cost}"
