"""Which other sources say it too: a sentence's provenance is complete, not just sufficient."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from summarizer.checking.checks import Judgement
from summarizer.checking.resolve import Cited, covered, weights
from summarizer.retrieval.chunks import Statement
from summarizer.text.tokens import content

__all__ = ["corroborate"]

COVERED = 0.45
"""Share of the claim's weight that a passage must hold before it is asked for support at all."""

Judge = Callable[[Cited], Judgement]


def corroborate(
    text: str,
    cited: Sequence[Cited],
    said: Mapping[str, Sequence[Statement]],
    judge: Judge,
    language: str = "en",
) -> list[Cited]:
    """One more citation from each source, not yet cited, whose own words carry ``text`` alone.

    ``said``: the statements that may be cited, by source. Best supported first.
    """
    wanted = weights(content(text, language))
    have = {item.chunk.source for item in cited}
    found: list[tuple[float, Cited]] = []
    for source, statements in said.items():
        if source in have:
            continue
        for nearest in _nearest(wanted, statements):
            judgement = judge(nearest)
            if judgement.verdict == "supported":
                found.append((judgement.support, nearest))
                break
    return [item for _, item in sorted(found, key=lambda pair: (-pair[0], pair[1].chunk.id))]


def _nearest(wanted: Mapping[str, float], statements: Iterable[Statement]) -> list[Cited]:
    """The two statements that hold most of the claim, if they hold enough."""
    held = [(covered(wanted, item.stems), item) for item in statements]
    best = sorted(held, key=lambda pair: (-pair[0], pair[1].span))[:2]
    return [Cited(item.chunk, item.span) for share, item in best if share >= COVERED]
