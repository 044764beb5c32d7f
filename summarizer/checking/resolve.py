"""Citation keys become citations: the chunk that a key names and the words that carry the claim."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from summarizer.briefings import Method
from summarizer.checking.found import quantities_in
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.frequencies import weigh
from summarizer.text.selectors import Span
from summarizer.text.tokens import content

__all__ = ["Cited", "Draft", "Resolved", "covered", "locate", "resolve", "weights"]

LONGEST = 3
"""Sentences that one citation may span."""

GAIN = 0.12
"""Share of the claim's weight that a further sentence must add to be cited along."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a writer hands it over: words and citation keys, nothing checked."""

    text: str
    keys: tuple[str, ...]
    method: Method


class Cited(NamedTuple):
    """A chunk and the span, in the article's offsets, that carries the claim."""

    chunk: Chunk
    span: Span

    @property
    def quote(self) -> str:
        """The cited words."""
        return self.chunk.quote(self.span)


class Resolved(NamedTuple):
    """The citations that resolve, in the writer's order, and the keys that name nothing."""

    cited: tuple[Cited, ...]
    unknown: tuple[str, ...]


def resolve(draft: Draft, evidence: EvidenceSet, language: str = "en") -> Resolved:
    """Looks every key up; a key outside the evidence is fabricated or was cut from the prompt."""
    keys = tuple(dict.fromkeys(draft.keys))
    known = [evidence.keys[key] for key in keys if key in evidence.keys]
    cited = tuple(Cited(chunk, locate(draft.text, chunk, language)) for chunk in known)
    return Resolved(cited, tuple(key for key in keys if key not in evidence.keys))


def locate(text: str, chunk: Chunk, language: str = "en") -> Span:
    """Where ``chunk`` says ``text``: verbatim, else the one to three sentences that cover most."""
    at = chunk.text.find(text) if text else -1
    if at >= 0:
        return Span(chunk.start + at, chunk.start + at + len(text))
    wanted = weights(_telling(text, language))
    said = [set(_telling(chunk.quote(span), language)) for span in chunk.sentences]
    first = max(range(len(said)), key=lambda n: (covered(wanted, said[n]), -n))
    low, high = _widen(wanted, said, first)
    return Span(chunk.sentences[low].start, chunk.sentences[high].end)


def _telling(text: str, language: str) -> list[str]:
    """Content stems, and figures by value, from and to: "zwölf", "twelve" and "12" are the same."""
    ends = [(f">={q.low:g}", f"<={q.high:g}") for q in quantities_in(text)]
    return [*content(text, language), *(end for pair in ends for end in pair)]


def _widen(wanted: Mapping[str, float], said: Sequence[set[str]], first: int) -> tuple[int, int]:
    """Grows the window around the best sentence while a neighbour adds enough."""
    low = high = first
    while high - low + 1 < LONGEST:
        here = covered(wanted, set().union(*said[low : high + 1]))
        grown = [
            (covered(wanted, set().union(*said[a : b + 1])), a, b)
            for a, b in ((low - 1, high), (low, high + 1))
            if a >= 0 and b < len(said)
        ]
        best = max(grown, default=(0.0, low, high))
        if best[0] - here < GAIN:
            break
        low, high = best[1:]
    return low, high


def weights(stems: Iterable[str]) -> dict[str, float]:
    """Share of the claim's meaning in each stem, summing to 1."""
    idf = weigh(())
    raw = {stem: idf(stem) for stem in stems}
    total = sum(raw.values()) or 1.0
    return {stem: weight / total for stem, weight in raw.items()}


def covered(wanted: Mapping[str, float], stems: Collection[str]) -> float:
    """How much of the claim's weight these stems hold, 0..1."""
    return sum(weight for stem, weight in wanted.items() if stem in stems)
