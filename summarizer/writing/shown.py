"""What one prompt shows of the articles, and the citation keys by which a reply may name it.

A key is ``⟦b2⟧``: letter of the article, number of the passage. The double brackets are taken out
of whatever else is shown, so that no article can write one; a source's own "[1]" is no key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from summarizer.models.prompts import enclose
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import EvidenceSet

__all__ = ["Shown", "marked", "neutral", "show"]

_BRACKETS = str.maketrans("⟦⟧", "[]")


@dataclass(frozen=True, slots=True)
class Shown:
    """``keys``: key -> chunk, for the chunks that the prompt shows and no others."""

    text: str
    keys: Mapping[str, Chunk]

    @property
    def evidence(self) -> EvidenceSet:
        """What a reply to this prompt may cite."""
        return EvidenceSet(tuple(self.keys.values()))

    def resolve(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Chunk ids; a key that the prompt does not show stays visibly one that names nothing."""
        known = {key: chunk.id for key, chunk in self.keys.items()}
        return tuple(known.get(key.casefold(), marked(key)) for key in keys)


def show(chunks: Sequence[Chunk], about: Mapping[str, str] | None = None) -> Shown:
    """The chunks, article by article. ``about``: source id -> what is known of it."""
    keys: dict[str, Chunk] = {}
    blocks = []
    for at, (source, group) in enumerate(groupby(chunks, key=lambda chunk: chunk.source)):
        own = {f"{_letters(at)}{n}": chunk for n, chunk in enumerate(group, start=1)}
        text = "\n".join(f"{marked(key)} {neutral(chunk.text)}" for key, chunk in own.items())
        told = f"Article {_letters(at)}{(about or {}).get(source, '')}\n" if about else ""
        blocks.append(told + enclose("article", text))
        keys |= own
    return Shown("\n\n".join(blocks), keys)


def marked(key: str) -> str:
    """A key as prompts show it."""
    return f"⟦{neutral(key)}⟧"


def neutral(text: str) -> str:
    """Text that holds no key."""
    return text.translate(_BRACKETS)


def _letters(number: int) -> str:
    """0 -> a, 25 -> z, 26 -> aa."""
    rest, last = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("a") + last)
