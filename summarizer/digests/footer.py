"""What an edition says about itself: its kind, its first line, and the lines of its footer."""

from collections import Counter
from collections.abc import Iterator, Sequence

from summarizer.briefings import Briefing
from summarizer.editions import Kind, LeftOut, Tally
from summarizer.rendering.visible import line
from summarizer.rendering.wording import count

__all__ = ["notes", "standing"]

MANY = 1 / 3
"""Share of the sources that must fail before the whole edition is called degraded."""

NAMED = 5
"""Failed and stale sources that the footer names; the others are counted."""


def standing(tally: Tally, briefing: Briefing | None, problem: str) -> tuple[Kind, str]:
    """The edition's kind, and the one thing that its reader must know first. ``problem``: why the
    model could not be used."""
    failed = len(tally.failed)
    sources = f"{failed} of {count(tally.sources, 'source')} could not be read"
    if tally.sources and failed == tally.sources:
        return "failed", f"Nothing could be read today: {sources}."
    many = failed and failed >= MANY * tally.sources
    if briefing is None:
        beside = f" But {sources}." if failed else ""
        return "quiet", f"Nothing new today.{beside}"
    reasons = [sources] if many else []
    if problem:
        reasons.append(f"the model could not be used ({line(problem)})")
    elif any(found.kind == "model" and found.action == "replaced" for found in briefing.findings):
        reasons.append("some stories could not be written by the model")
    if not reasons:
        return "full", ""
    own = "; what it would have written is in the sources’ own sentences" if problem else ""
    return "degraded", f"Less than usual today: {'; '.join(reasons)}{own}."


def notes(
    tally: Tally, briefing: Briefing | None, left: Sequence[LeftOut], words: int
) -> Iterator[str]:
    """The footer: sources, stories left out, words cut, checks, cost."""
    yield _sources(tally)
    if left:
        yield f"Left out: {_reasons(left)}."
    if words:
        yield f"Cut for length: {words:,} words of what is new in these stories."
    if briefing:
        dropped = sum(found.action == "dropped" for found in briefing.findings)
        if dropped:
            yield f"Dropped by the checks: {count(dropped, 'sentence')}."
        yield _cost(briefing)


def _sources(tally: Tally) -> str:
    parts = [f"{tally.read} of {count(tally.sources, 'source')} read"]
    parts.append(count(tally.articles_new, "new article"))
    if tally.articles_old:
        parts.append(f"{tally.articles_old:,} too old")
    if tally.entries_refused:
        parts.append(f"{tally.entries_refused:,} unreadable")
    if tally.failed:
        named = [f"{line(each.source)} ({line(each.why)})" for each in tally.failed]
        parts.append(f"failed: {_some(named)}")
    if tally.stale:
        parts.append(f"stale: {_some([line(each) for each in tally.stale])}")
    return f"Sources: {'; '.join(parts)}."


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _reasons(left: Sequence[LeftOut]) -> str:
    counted = Counter(each.why for each in left)
    told = {
        "unchanged": "with nothing new",
        "no room": "for lack of room",
        "no topic": "on none of the topics",
        "nothing to tell": "without a sentence that stands alone",
    }
    return ", ".join(
        f"{number:,} {'story' if number == 1 else 'stories'} {told[why]}"
        for why in told
        if (number := counted[why])
    )


def _cost(briefing: Briefing) -> str:
    numbers = briefing.report
    if not numbers.model_calls + numbers.cached_calls:
        return "Cost: none; no model was asked."
    calls = f"{count(numbers.model_calls, 'model call')}, {numbers.cached_calls:,} cached"
    known = "of unknown price" if numbers.cost_usd is None else f"${numbers.cost_usd:.4f}"
    return f"Cost: {known} ({calls})."
