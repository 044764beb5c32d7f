"""Passages as prompts show them, with citation keys, and the passages around them.

A key is ``⟦b2⟧``: letter of the article, number of the passage. The double brackets are removed
from all other text of a prompt, so that no article can write a key; a source's own "[1]" is no key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from summarizer.models.prompts import enclose
from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.lexicon import words_of_all
from summarizer.text.tokens import folded_words

_KEY_BRACKETS = str.maketrans("⟦⟧", "[]")

_DEPENDENT_OPENINGS = words_of_all("dependent_openings")
"""First words of a passage that only the passage before it explains."""


@dataclass(frozen=True, slots=True)
class PromptPassages:
    """``keys``: key -> chunk, for the chunks that the prompt shows and no others."""

    text: str
    keys: Mapping[str, Chunk]

    @property
    def evidence(self) -> EvidenceSet:
        """What a reply to this prompt may cite."""
        return EvidenceSet(tuple(self.keys.values()))

    def chunk_ids(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Chunk ids; a key that the prompt does not show stays visibly one that names nothing."""
        known = {key: chunk.id for key, chunk in self.keys.items()}
        return tuple(known.get(key.casefold(), format_key(key)) for key in keys)

    def key_list(self, chunks: Iterable[Chunk]) -> str:
        """The keys of the chunks, as a prompt writes them behind a sentence."""
        known = {chunk.id: key for key, chunk in self.keys.items()}
        return " ".join(format_key(known[chunk.id]) for chunk in chunks if chunk.id in known)


def show_passages(
    chunks: Sequence[Chunk], about: Mapping[str, str] | None = None
) -> PromptPassages:
    """The chunks, article by article. ``about``: source id -> what is known of it."""
    keys: dict[str, Chunk] = {}
    blocks = []
    for at, (source, group) in enumerate(groupby(chunks, key=lambda chunk: chunk.source)):
        own = {f"{article_letters(at)}{n}": chunk for n, chunk in enumerate(group, start=1)}
        text = "\n".join(
            f"{format_key(key)} {without_key_brackets(chunk.text)}" for key, chunk in own.items()
        )
        told = f"Article {article_letters(at)}{(about or {}).get(source, '')}\n" if about else ""
        blocks.append(told + enclose("article", text))
        keys |= own
    return PromptPassages("\n\n".join(blocks), keys)


def format_key(key: str) -> str:
    """A key as prompts show it."""
    return f"⟦{without_key_brackets(key)}⟧"


def without_key_brackets(text: str) -> str:
    """Text that holds no key."""
    return text.translate(_KEY_BRACKETS)


def article_letters(number: int) -> str:
    """0 -> a, 25 -> z, 26 -> aa."""
    rest, last = divmod(number, 26)
    return (article_letters(rest - 1) if rest else "") + chr(ord("a") + last)


class ArticlePassages:
    """The passages of several articles in reading order. ``statements``: by source id."""

    def __init__(self, statements: Mapping[str, Sequence[Statement]]) -> None:
        every = (item.chunk for said in statements.values() for item in said)
        self._chunks = tuple(dict.fromkeys(every))
        self._positions = {chunk.id: at for at, chunk in enumerate(self._chunks)}

    def in_reading_order(self, chunks: Iterable[Chunk]) -> list[Chunk]:
        """The chunks, each once; those of other articles last."""
        last = len(self._chunks)
        return sorted(dict.fromkeys(chunks), key=lambda chunk: self._positions.get(chunk.id, last))

    def neighbours(self, chunk: Chunk) -> list[Chunk]:
        """The passages right before and after it in its article."""
        at = self._positions.get(chunk.id)
        if at is None:
            return []
        around = (*self._chunks[max(at - 1, 0) : at], *self._chunks[at + 1 : at + 2])
        return [each for each in around if each.source == chunk.source]

    def explaining(self, chunk: Chunk) -> list[Chunk]:
        """The passage before it, where a pronoun, a connective or a quotation opens it, and those
        beside it that frame a sentence of it: name its speaker, or take it back."""
        first = next(iter(folded_words(chunk.text[:40])), "")
        leans = not chunk.text[:1].isalnum() or first in _DEPENDENT_OPENINGS
        frames = [frame.span for _, frame in chunk.frames if frame.text]
        return [
            each
            for each in self.neighbours(chunk)
            if (leans and each.start < chunk.start)
            or any(span.start < each.end and each.start < span.end for span in frames)
        ]
