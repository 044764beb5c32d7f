"""The phrases that every rendering shares: dates, origins, what was set aside, the report.

The program's own words are English; an article's words pass through `visible`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from summarizer.briefings import Briefing, Finding, Report, Sentence, Source
from summarizer.rendering.references import Reference
from summarizer.rendering.visible import line

if TYPE_CHECKING:
    from summarizer.drafts import CheckedSentence, DraftReport
    from summarizer.editions import Update

__all__ = [
    "PARAGRAPH",
    "aside",
    "attribution",
    "authorship",
    "byline",
    "count",
    "day",
    "differing",
    "draft_report",
    "dropped",
    "history",
    "masthead",
    "moment",
    "origin",
    "place",
    "published",
    "report",
    "standing",
    "weight",
]

PARAGRAPH = 3
"""Sentences in a paragraph."""

_STANDING = {
    "supported": "",
    "partly": "partly supported",
    "unsupported": "not supported",
    "contradicted": "contradicted",
    "unresolved": "citation not resolved",
    "uncited": "not cited",
}


def count(number: int, noun: str) -> str:
    """``number`` with ``noun``, in the plural but for one.

    >>> count(1, "story"), count(1200, "story"), count(2, "day")
    ('1 story', '1,200 stories', '2 days')
    """
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun}"


def day(when: date) -> str:
    """A date that reads the same on both sides of the Atlantic: 5 Jun 2025."""
    return f"{when.day} {when:%b} {when.year}"


def differing(update: bool) -> tuple[str, str]:
    """What leads what a disagreement is about, and the word between them."""
    return ("Later reports update", "") if update else ("Sources differ", "on ")


def moment(when: datetime) -> str:
    """A time to the minute, in UTC: 5 Jun 2025, 07:30."""
    return f"{day(when)}, {when.astimezone(UTC):%H:%M} UTC"


def masthead(briefing: Briefing, cited: Sequence[Reference]) -> str:
    """Date or dates of the stories, cited sources, independent origins, sentences."""
    dates = sorted({story.date for story in briefing.stories if story.date})
    parts = [
        " – ".join(dict.fromkeys(map(day, (dates[0], dates[-1])))) if dates else "",
        count(len(cited), "source"),
        count(len({one.source.origin for one in cited}), "independent origin"),
        count(sum(1 + len(story.sentences) for story in briefing.stories), "sentence"),
    ]
    return " · ".join(filter(None, parts))


def history(update: "Update") -> str:
    """What earlier editions told of a story: first told 3 Nov 2025, in 2 editions so far."""
    first = f"first told {day(update.first)}"
    return first if update.editions == 1 else f"{first}, in {update.editions} editions so far"


def published(source: Source) -> str:
    """The date, and where it was found unless the page itself gave it; "undated" without one.

    Only the list of sources shows the bound of an article whose date is not known.
    """
    if source.published is None:
        return "undated"
    if source.written is None:
        return f"no earlier than {day(source.published)}"
    found = " (dateline)" if source.published_from == "dateline" else ""
    return f"{day(source.written)}{found}"


def place(source: Source) -> str:
    """Where it was read, on one line; empty where the label says it already."""
    address = line(source.url or source.path or "")
    return "" if address == line(source.label) else address


def origin(reference: Reference) -> str:
    """Whose reporting it repeats, if another cited source's; else nothing."""
    return f"same origin as [{reference.twin}]" if reference.twin else ""


def byline(reference: Reference) -> str:
    """Publisher (where the label does not say it), date or bound, and origin: for the list of
    sources."""
    return _byline(reference, published(reference.source))


def attribution(reference: Reference) -> str:
    """As `byline`, for a citation anywhere else: with the date only where it is known."""
    return _byline(
        reference, published(reference.source) if reference.source.written else "undated"
    )


def _byline(reference: Reference, date: str) -> str:
    source = reference.source
    publisher = line(source.publisher or "")
    parts = ("" if publisher == line(source.label) else publisher, date, origin(reference))
    return " · ".join(filter(None, parts))


def standing(sentence: "Sentence | CheckedSentence") -> str:
    """What a reader must know beside the sentence; nothing when all is well."""
    return _STANDING[sentence.verdict]


def weight(sentence: Sentence) -> str:
    """How much stands behind the sentence."""
    return f"{count(sentence.origins, 'independent origin')} · support {sentence.support:.2f}"


def authorship(writer: str) -> str:
    """Who chose the words."""
    if writer == "extractive":
        return "Told in the sources’ own sentences, without a model"
    return f"Written by {line(writer)}"


def dropped(finding: Finding) -> bool:
    """Whether it tells of a sentence, not of a source's furniture or absence, or of a model."""
    return finding.kind not in ("furniture", "unreadable", "duplicate", "unused", "model")


def aside(findings: Sequence[Finding]) -> str:
    """Counts by what was done and why: ``3 dropped (2 number, 1 name)``."""
    done: dict[str, Counter[str]] = {}
    for finding in findings:
        done.setdefault(finding.action, Counter())[finding.kind] += 1
    return " · ".join(
        f"{kinds.total():,} {action} ({_kinds(kinds)})" for action, kinds in sorted(done.items())
    )


def _kinds(kinds: Counter[str]) -> str:
    """The kinds by frequency, with their number where there is more than one kind."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())


def report(numbers: Report) -> str:
    """The run in one line; what was not measured is left out."""
    parts = (
        f"{numbers.supported} of {count(numbers.sentences, 'sentence')} supported",
        _rate("citation recall", numbers.citation_recall),
        _rate("citation precision", numbers.citation_precision),
        f"{numbers.facts_covered} of {count(numbers.facts_found, 'fact')} told",
        f"{numbers.sources_cited} of {count(numbers.sources_read, 'source')} cited",
        _calls(numbers),
    )
    return " · ".join(filter(None, parts))


def draft_report(numbers: "DraftReport") -> str:
    """A checked draft in one line."""
    unmarked = f"{numbers.unmarked:,} without a mark" if numbers.unmarked else ""
    parts = (
        f"{numbers.supported:,} of {count(numbers.sentences, 'sentence')} supported",
        unmarked if numbers.citation_precision is not None else "",
        _rate("citation recall", numbers.citation_recall),
        _rate("citation precision", numbers.citation_precision),
    )
    return " · ".join(filter(None, parts))


def _rate(name: str, share: float | None) -> str:
    return "" if share is None else f"{name} {share:.2f}"


def _calls(numbers: Report) -> str:
    if not numbers.model_calls + numbers.cached_calls:
        return "no model"
    cost = "" if numbers.cost_usd is None else f", ${numbers.cost_usd:.4f}"
    kept = f" and {numbers.cached_calls} cached" if numbers.cached_calls else ""
    return f"{count(numbers.model_calls, 'model call')}{kept}{cost}"
