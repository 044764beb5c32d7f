"""What an edition says about itself: its kind, its first line, its footer."""

from collections import Counter
from collections.abc import Iterator, Sequence

from summarizer.briefing import Briefing
from summarizer.edition import EditionKind, OmittedStory, SourceCounts
from summarizer.rendering.phrases import pluralize
from summarizer.rendering.sanitize import clean_line

__all__ = ["footer_notes", "kind_and_first_line"]

DEGRADED_FAILED_SHARE = 1 / 3
"""Share of the sources that must fail before the whole edition is called degraded."""

MAX_NAMED_SOURCES = 5
"""Failed and stale sources that the footer names; the others are counted."""


def kind_and_first_line(
    tally: SourceCounts, briefing: Briefing | None, problem: str
) -> tuple[EditionKind, str]:
    """The edition's kind, and the one thing that its reader must know first. ``problem``: why the
    model could not be used."""
    failed = len(tally.failed)
    sources = f"{failed} of {pluralize(tally.sources, 'source')} could not be read"
    if tally.sources and failed == tally.sources:
        return "failed", f"Nothing could be read today: {sources}."
    many = failed and failed >= DEGRADED_FAILED_SHARE * tally.sources
    if briefing is None:
        beside = f" But {sources}." if failed else ""
        return "quiet", f"Nothing new today.{beside}"
    reasons = [sources] if many else []
    if problem:
        reasons.append(f"the model could not be used ({clean_line(problem)})")
    elif any(found.kind == "model" and found.action == "replaced" for found in briefing.findings):
        reasons.append("some stories could not be written by the model")
    if not reasons:
        return "full", ""
    own = "; what it would have written is in the sources’ own sentences" if problem else ""
    return "degraded", f"Less than usual today: {'; '.join(reasons)}{own}."


def footer_notes(
    tally: SourceCounts, briefing: Briefing | None, left: Sequence[OmittedStory], words: int
) -> Iterator[str]:
    """The footer: sources, stories left out, words cut, checks, cost."""
    yield _sources_note(tally)
    if left:
        yield f"Left out: {_left_out_reasons(left)}."
    if words:
        yield f"Cut for length: {words:,} words of what is new in these stories."
    if briefing:
        dropped = sum(found.action == "dropped" for found in briefing.findings)
        if dropped:
            yield f"Dropped by the checks: {pluralize(dropped, 'sentence')}."
        yield _cost_note(briefing)


def _sources_note(tally: SourceCounts) -> str:
    parts = [f"{tally.read} of {pluralize(tally.sources, 'source')} read"]
    parts.append(pluralize(tally.articles_new, "new article"))
    if tally.articles_old:
        parts.append(f"{tally.articles_old:,} too old")
    if tally.entries_refused:
        parts.append(f"{tally.entries_refused:,} unreadable")
    if tally.failed:
        named = [f"{clean_line(each.source)} ({clean_line(each.reason)})" for each in tally.failed]
        parts.append(f"failed: {_first_names(named)}")
    if tally.stale:
        parts.append(f"stale: {_first_names([clean_line(each) for each in tally.stale])}")
    return f"Sources: {'; '.join(parts)}."


def _first_names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MAX_NAMED_SOURCES])
    more = len(names) - MAX_NAMED_SOURCES
    return f"{shown} and {more:,} more" if more > 0 else shown


def _left_out_reasons(left: Sequence[OmittedStory]) -> str:
    counted: Counter[str] = Counter(each.reason for each in left)
    told = {
        "unchanged": "with nothing new",
        "no_room": "for lack of room",
        "no_topic": "on none of the topics",
        "nothing_to_tell": "without a sentence that stands alone",
    }
    return ", ".join(
        f"{number:,} {'story' if number == 1 else 'stories'} {told[why]}"
        for why in told
        if (number := counted[why])
    )


def _cost_note(briefing: Briefing) -> str:
    numbers = briefing.report
    if not numbers.model_calls + numbers.cached_calls:
        return "Cost: none; no model was asked."
    calls = f"{pluralize(numbers.model_calls, 'model call')}, {numbers.cached_calls:,} cached"
    known = "of unknown price" if numbers.cost_usd is None else f"${numbers.cost_usd:.4f}"
    return f"Cost: {known} ({calls})."
