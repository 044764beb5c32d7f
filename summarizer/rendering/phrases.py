"""The phrases that all formats share: dates, counts, origins, findings, the report line.

The program's own words are English; words of an article pass through `clean_line`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from summarizer.briefing import Briefing, Finding, FindingKind, Report, Sentence, Source
from summarizer.rendering.sanitize import clean_line
from summarizer.sources.articles import KIND_NAMES

if TYPE_CHECKING:
    from summarizer.audit.report import AuditedSentence, DraftReport, SkippedLine
    from summarizer.edition import Edition, StoryUpdate

__all__ = [
    "SET_APART",
    "attribution",
    "audit_report_line",
    "authorship",
    "briefing_glance",
    "byline",
    "concerns_sentence",
    "findings_summary",
    "format_day",
    "format_minute",
    "masthead",
    "pluralize",
    "publication_note",
    "report_line",
    "skip_label",
    "skipped_summary",
    "source_location",
    "spelling_note",
    "subject_line",
    "support_note",
    "unread_line",
    "unwritten_notice",
    "update_history",
    "verdict_note",
    "with_partisan_source",
]

_VERDICT_NOTES = {
    "supported": "",
    "unverified": "unverified",
    "unsupported": "not supported",
    "contradicted": "contradicted",
    "unresolved": "citation not resolved",
    "uncited": "not cited",
}


def pluralize(number: int, noun: str) -> str:
    """``number`` with ``noun``, in the plural unless it is one.

    >>> pluralize(1, "story"), pluralize(1200, "story"), pluralize(2, "day")
    ('1 story', '1,200 stories', '2 days')
    """
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun}"


def format_day(when: date) -> str:
    """A date that reads the same on both sides of the Atlantic: 5 Jun 2025."""
    return f"{when.day} {when:%b} {when.year}"


def format_minute(when: datetime) -> str:
    """A time to the minute, in UTC: 5 Jun 2025, 07:30."""
    return f"{format_day(when)}, {when.astimezone(UTC):%H:%M} UTC"


def masthead(briefing: Briefing) -> str:
    """From the first story's date to that of the newest source; cited sources, independent origins,
    sentences."""
    stories = [story.date for story in briefing.stories if story.date]
    sources = [source.exact_date for source in briefing.sources if source.exact_date]
    ends = (min(stories or sources), max(stories + sources)) if stories or sources else ()
    cited = {c.source for sentence in briefing.all_sentences() for c in sentence.citations}
    origins = {source.origin for source in briefing.sources if source.id in cited}
    parts = [
        " – ".join(dict.fromkeys(map(format_day, ends))),
        pluralize(len(cited), "source"),
        pluralize(len(origins), "independent origin"),
        pluralize(sum(1 + len(story.sentences) for story in briefing.stories), "sentence"),
    ]
    return " · ".join(filter(None, parts))


def subject_line(edition: "Edition") -> str:
    """The edition in one line. It quotes no story, since a sentence needs its citation."""
    if edition.kind == "alert":
        return clean_line(edition.title)
    stories = len(edition.briefing.stories) if edition.briefing else 0
    content = pluralize(stories, "story") if stories else "nothing new"
    parts = [
        "no edition" if edition.kind == "failed" else content,
        pluralize(len(edition.updates), "update") if edition.updates else "",
        "incomplete" if edition.kind == "degraded" else "",
    ]
    title = f"{clean_line(edition.title)} · {format_day(edition.due)}"
    return f"{title}: {', '.join(filter(None, parts))}"


def briefing_glance(briefing: Briefing) -> str:
    """The briefing in one line of a list: the first headline and the number of its sources."""
    headlines = [clean_line(story.headline.text) for story in briefing.stories[:1]]
    return " · ".join([*headlines, pluralize(len(briefing.sources), "source")])


def update_history(update: "StoryUpdate") -> str:
    """Since when a story is in editions: first reported 3 Nov 2025, in 2 editions so far."""
    first = f"first reported {format_day(update.first)}"
    return first if update.editions == 1 else f"{first}, in {update.editions} editions so far"


_PARTISAN = ("press_release", "opinion")
"""Kinds of articles that speak for somebody."""

_DATE_NOTES = {
    "dateline": "{} (dateline)",
    "url": "{} (URL)",
    "estimate": "about {}",
    "future": "undated (its date is in the future: {})",
    "text": "no earlier than {}",
}


def publication_note(source: Source) -> str:
    """The date, and where it was found unless source or feed gave it; "undated" without one.

    Only the list of sources shows what is no date to rely on: an estimate, a bound.
    """
    if source.day is None or source.published_from is None:
        return "undated"
    day = format_day(source.day)
    return _DATE_NOTES.get(source.published_from, "{}").format(day)


def source_location(source: Source) -> str:
    """Its URL or path on one line; empty where the label is the same."""
    location = clean_line(source.url or source.path or "")
    return "" if location == clean_line(source.label) else location


def byline(source: Source, twin: int | None) -> str:
    """Publisher (unless the label names it), kind unless it is a report, date or bound, and origin:
    for the list of sources.

    ``twin`` is the number of an earlier source of the same origin.
    """
    publisher = clean_line(source.publisher or "")
    parts = (
        "" if publisher == clean_line(source.label) else publisher,
        KIND_NAMES[source.kind] if source.kind else "",
        publication_note(source),
        f"same origin as [{twin}]" if twin else "",
    )
    return " · ".join(filter(None, parts))


def attribution(source: Source, twin: int | None) -> str:
    """As `byline`, for a citation anywhere else: with the date only where it is known."""
    if source.exact_date is None:
        source = source.model_copy(update={"published": None})
    return byline(source, twin)


def with_partisan_source(sentence: Sentence, sources: Mapping[str, Source]) -> str:
    """The text; one that rests on press releases or opinions alone says so at its end."""
    cited = [sources[each.source] for each in sentence.citations]
    first, text = cited[0], clean_line(sentence.text)
    if any(each.kind != first.kind for each in cited) or first.kind not in _PARTISAN:
        return text
    publisher = clean_line(first.publisher or "")
    return f"{text} ({', '.join(filter(None, (KIND_NAMES[first.kind], publisher)))})"


def spelling_note(finding: Finding) -> str:
    """How a source spells a name that others spell otherwise."""
    return f"writes “{clean_line(finding.text)}” ({clean_line(finding.detail)})"


def verdict_note(sentence: "Sentence | AuditedSentence") -> str:
    """What a reader must know of the sentence; empty when it is supported."""
    return _VERDICT_NOTES[sentence.verdict]


def support_note(sentence: Sentence) -> str:
    """Independent origins and calibrated support of the sentence."""
    return f"{pluralize(sentence.origins, 'independent origin')} · support {sentence.support:.2f}"


def authorship(writer: str) -> str:
    """Who chose the words."""
    if writer == "extractive":
        return "In the sources’ own sentences, without a model"
    return f"Written by {clean_line(writer)}"


def unwritten_notice(briefing: Briefing) -> str:
    """One line on the stories that a model was to write and did not; empty without any."""
    unwritten = [finding for finding in briefing.findings if finding.kind == "unwritten"]
    if not unwritten:
        return ""
    stories = len(briefing.stories)
    if briefing.writer == "extractive":
        which = f"All {stories:,} stories are" if stories > 1 else "The story is"
    else:
        count = len(unwritten)
        which = f"{count:,} of {pluralize(stories, 'story')} {'is' if count == 1 else 'are'}"
    return f"{which} in the sources’ own sentences, {clean_line(unwritten[0].detail)}"


def concerns_sentence(finding: Finding) -> bool:
    """Whether the finding is about a sentence, and not about a source or a model."""
    of_sources = ("boilerplate", "unreadable", "unused", "future_date", "article_kind")
    others = ("duplicate", "excerpt", "spelling", "model", "unwritten")
    return finding.kind not in (*of_sources, *others)


def findings_summary(findings: Sequence[Finding]) -> str:
    """Counts by action and kind: ``3 dropped (2 number, 1 name)``."""
    by_action: dict[str, Counter[str]] = {}
    for finding in findings:
        by_action.setdefault(finding.action, Counter())[finding.kind] += 1
    parts = []
    for action, kinds in sorted(by_action.items()):
        # One kind alone has the action's number already.
        counts = (f"{number:,} {kind}" for kind, number in kinds.most_common())
        detail = ", ".join(counts) if len(kinds) > 1 else next(iter(kinds))
        parts.append(f"{kinds.total():,} {action.replace('_', ' ')} ({detail})")
    return " · ".join(parts)


SET_APART = ("about_sources", "chat")
"""Why a sentence of a draft is not judged; all other reasons are those of lines."""


def skip_label(reason: str) -> str:
    """Why a line or a sentence of a draft was not judged, as it is shown."""
    return "about the sources" if reason == "about_sources" else reason.replace("_", " ")


def skipped_summary(skipped: "Sequence[SkippedLine]") -> str:
    """``Not judged: 3 lines (1 heading, 2 source list), 1 sentence (1 chat)``; empty without."""
    parts = []
    for noun in ("line", "sentence"):
        reasons = Counter(
            skip_label(one.reason)
            for one in skipped
            if (one.reason in SET_APART) == (noun == "sentence")
        )
        if reasons:
            counts = ", ".join(f"{number} {reason}" for reason, number in reasons.items())
            parts.append(f"{pluralize(reasons.total(), noun)} ({counts})")
    return f"Not judged: {', '.join(parts)}" if parts else ""


def unread_line(briefing: Briefing) -> str:
    """``2 of 14 sources could not be read.``; empty if all could."""
    unread = _count_findings(briefing, "unreadable")
    if not unread:
        return ""
    given = briefing.report.sources_read + unread
    return f"{unread:,} of {pluralize(given, 'source')} could not be read."


def report_line(briefing: Briefing) -> str:
    """The run in one line: what a reader does not get or cannot rely on, then what it cost. A count
    of 0 is left out, and so are the citation scores where the sources' own sentences make them
    1.00."""
    report = briefing.report
    undated = sum(source.exact_date is None for source in briefing.sources)
    unread, unused = (_count_findings(briefing, kind) for kind in ("unreadable", "unused"))
    doubtful = report.sentences - report.supported - report.unverified
    parts = [
        f"{report.supported:,} of {pluralize(report.sentences, 'sentence')} supported",
        f"{report.unverified:,} unverified" if report.unverified else "",
        f"{doubtful:,} not supported" if doubtful else "",
        *(_citation_scores(report) if briefing.writer != "extractive" else ()),
        pluralize(report.disagreements, "disagreement") if report.disagreements else "",
        pluralize(report.updates, "update") if report.updates else "",
        f"{report.facts_found - report.facts_covered:,} of "
        f"{pluralize(report.facts_found, 'fact')} left out",
        f"{report.sources_cited:,} of {pluralize(report.sources_read, 'source')} cited",
        f"{undated:,} undated" if undated else "",
        f"{unread:,} not read" if unread else "",
        f"{unused:,} not used" if unused else "",
    ]
    if report.model_calls + report.cached_calls:
        cached = f" and {report.cached_calls} cached" if report.cached_calls else ""
        cost = "" if report.cost_usd is None else f", ${report.cost_usd:.4f}"
        parts.append(f"{pluralize(report.model_calls, 'model call')}{cached}{cost}")
    else:
        parts.append("no model")
    return " · ".join(filter(None, parts))


def _count_findings(briefing: Briefing, kind: FindingKind) -> int:
    return sum(finding.kind == kind for finding in briefing.findings)


def audit_report_line(report: "DraftReport") -> str:
    """A checked draft in one line."""
    parts = [f"{report.supported:,} of {pluralize(report.sentences, 'sentence')} supported"]
    if report.unverified:
        parts.append(f"{report.unverified:,} unverified")
    if report.without_marker and report.citation_precision is not None:
        parts.append(f"{report.without_marker:,} without a mark")
    return " · ".join([*parts, *_citation_scores(report)])


def _citation_scores(report: "Report | DraftReport") -> Iterator[str]:
    """Recall and precision, each where it was measured."""
    if report.citation_recall is not None:
        yield f"citation recall {report.citation_recall:.2f}"
    if report.citation_precision is not None:
        yield f"citation precision {report.citation_precision:.2f}"
