"""What an edition says about itself: its kind, its first line, its footer."""

from collections import Counter
from collections.abc import Iterator, Sequence

from summarizer.briefing import Briefing
from summarizer.edition import EditionKind, OmittedStory, SourceCounts
from summarizer.rendering.labels import pluralize
from summarizer.rendering.phrases import unwritten_notice
from summarizer.rendering.sanitize import clean_line

DEGRADED_FAILED_SHARE = 1 / 3
"""Share of the sources that must fail for the edition to be called degraded."""

DEGRADED_UNREAD_SHARE = 1 / 3
"""Share of the new articles that must be unreadable for the edition to be called degraded."""

MAX_NAMED_ARTICLES = 5
"""Unreadable articles whose titles are in the first line; the others are counted."""

MAX_NAMED_SOURCES = 5
"""Failed sources, and stale sources, that the footer names; the others are counted."""


def kind_and_first_line(
    counts: SourceCounts, briefing: Briefing | None, problem: str
) -> tuple[EditionKind, str]:
    """The edition's kind, and the one thing that its reader must know first. ``problem``: why the
    model could not be used; without a briefing, why nothing could be written."""
    failed = len(counts.failed)
    unread_sources = f"{failed} of {pluralize(counts.sources, 'source')} could not be read"
    if counts.sources and failed == counts.sources:
        return "failed", f"Nothing could be read today: {unread_sources}."
    many_unread, unread = _unread_articles(counts)
    if briefing is None and problem:
        titles = f"; {unread}" if unread else ""
        return "failed", f"Nothing could be written today: {clean_line(problem)}{titles}."
    if briefing is None and many_unread:
        more = f", and {unread_sources}" if failed else ""
        return "failed", f"Nothing could be told today: {unread}{more}."
    if briefing is None:
        failures = " and ".join(filter(None, (unread_sources if failed else "", unread)))
        return "quiet", "Nothing new today." + (f" But {failures}." if failures else "")
    own = "what it would have written is in the sources’ own sentences"
    notice = unwritten_notice(briefing)
    reasons = [
        _clock_warning(counts) if counts.clock_days else "",
        unread if many_unread else "",
        unread_sources if failed and failed >= DEGRADED_FAILED_SHARE * counts.sources else "",
        f"the model could not be used ({clean_line(problem)}); {own}"
        if problem
        else notice[:1].lower() + notice[1:],
    ]
    if not any(reasons):
        return "full", ""
    return "degraded", f"Less than usual today: {'; '.join(filter(None, reasons))}."


def _unread_articles(counts: SourceCounts) -> tuple[bool, str]:
    """Whether many of the new articles could not be read, and how many, with their titles."""
    if not counts.articles_unread:
        return False, ""
    found = counts.articles_new + counts.articles_unread
    text = f"{counts.articles_unread:,} of {pluralize(found, 'new article')} could not be read"
    titles = f" ({_unread_titles(counts)})" if counts.unread else ""
    return counts.articles_unread >= DEGRADED_UNREAD_SHARE * found, text + titles


def _clock_warning(counts: SourceCounts) -> str:
    direction = "ahead of" if counts.clock_days > 0 else "behind"
    return (
        f"the clock of this machine is {abs(counts.clock_days):,g} days {direction} that of the"
        " servers; nothing old was deleted"
    )


def _unread_titles(counts: SourceCounts) -> str:
    """The first titles of the articles that could not be read, and why."""
    named = counts.unread[:MAX_NAMED_ARTICLES]
    titles = [f"“{clean_line(each.title or each.url)}”" for each in named]
    more = counts.articles_unread - len(named)
    if more:
        titles.append(f"{more:,} more")
    reasons = dict.fromkeys(clean_line(each.reason) for each in named)
    given_up = sum(each.given_up for each in counts.unread)
    ending = f"; {given_up:,} given up" if given_up else ""
    return f"{', '.join(titles)}: {', '.join(reasons)}{ending}"


def footer_notes(
    counts: SourceCounts,
    briefing: Briefing | None,
    left_out: Sequence[OmittedStory],
    cut_words: int,
) -> Iterator[str]:
    """The lines of the footer: sources, stories left out, words cut, checks, cost."""
    yield _sources_note(counts)
    if counts.clock_days:
        yield f"Clock: {_clock_warning(counts)}."
    if counts.unread:
        yield f"Could not be read: {_unread_titles(counts)}."
    if left_out:
        yield f"Left out: {_left_out_reasons(left_out)}."
    if cut_words:
        yield f"Cut for length: {cut_words:,} words of what is new in these stories."
    if briefing:
        dropped = sum(finding.action == "dropped" for finding in briefing.findings)
        if dropped:
            yield f"Dropped by the checks: {pluralize(dropped, 'sentence')}."
        yield _cost_note(briefing)


def _sources_note(counts: SourceCounts) -> str:
    parts = [f"{counts.read} of {pluralize(counts.sources, 'source')} read"]
    parts.append(pluralize(counts.articles_new, "new article"))
    if counts.articles_old:
        parts.append(f"{counts.articles_old:,} too old")
    if counts.articles_future:
        parts.append(f"{counts.articles_future:,} dated in the future")
    if counts.entries_refused:
        parts.append(f"{counts.entries_refused:,} unreadable")
    if counts.articles_waiting:
        parts.append(f"{counts.articles_waiting:,} to be tried again")
    failed = [f"{clean_line(each.source)} ({clean_line(each.reason)})" for each in counts.failed]
    for label, names in (
        ("failed", failed),
        ("stale", [clean_line(each) for each in counts.stale]),
    ):
        if names:
            more = len(names) - MAX_NAMED_SOURCES
            shown = ", ".join(names[:MAX_NAMED_SOURCES])
            parts.append(f"{label}: {shown}" + (f" and {more:,} more" if more > 0 else ""))
    return f"Sources: {'; '.join(parts)}."


def _left_out_reasons(left_out: Sequence[OmittedStory]) -> str:
    counted: Counter[str] = Counter(each.reason for each in left_out)
    reasons = {
        "unchanged": "with nothing new",
        "no_room": "for lack of room",
        "no_topic": "on none of the topics",
        "nothing_to_tell": "without a sentence that stands alone",
    }
    return ", ".join(
        f"{counted[why]:,} {'story' if counted[why] == 1 else 'stories'} {reason}"
        for why, reason in reasons.items()
        if counted[why]
    )


def _cost_note(briefing: Briefing) -> str:
    report = briefing.report
    if not report.model_calls + report.cached_calls:
        return "Cost: none; no model was asked."
    calls = f"{pluralize(report.model_calls, 'model call')}, {report.cached_calls:,} cached"
    price = "of unknown price" if report.cost_usd is None else f"${report.cost_usd:.4f}"
    return f"Cost: {price} ({calls})."
