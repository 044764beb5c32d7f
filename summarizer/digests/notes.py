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

MAX_NAMED_SOURCES = 5
"""Failed sources, and stale sources, that the footer names; the others are counted."""


def kind_and_first_line(
    counts: SourceCounts, briefing: Briefing | None, problem: str
) -> tuple[EditionKind, str]:
    """The edition's kind, and the one thing that its reader must know first. ``problem``: why the
    model could not be used."""
    failed = len(counts.failed)
    unread = f"{failed} of {pluralize(counts.sources, 'source')} could not be read"
    if counts.sources and failed == counts.sources:
        return "failed", f"Nothing could be read today: {unread}."
    if briefing is None:
        return "quiet", "Nothing new today." + (f" But {unread}." if failed else "")
    reasons = []
    if failed and failed >= DEGRADED_FAILED_SHARE * counts.sources:
        reasons.append(unread)
    if problem:
        own = "what it would have written is in the sources’ own sentences"
        reasons.append(f"the model could not be used ({clean_line(problem)}); {own}")
    elif notice := unwritten_notice(briefing):
        reasons.append(notice[0].lower() + notice[1:])
    if not reasons:
        return "full", ""
    return "degraded", f"Less than usual today: {'; '.join(reasons)}."


def footer_notes(
    counts: SourceCounts,
    briefing: Briefing | None,
    left_out: Sequence[OmittedStory],
    cut_words: int,
) -> Iterator[str]:
    """The lines of the footer: sources, stories left out, words cut, checks, cost."""
    yield _sources_note(counts)
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
