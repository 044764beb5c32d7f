"""Articles made ready to be told from, and the stories found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import Origins
from summarizer.retrieval.stories import Story
from summarizer.sources.articles import Article, Furniture

__all__ = ["Corpus", "Traced"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """By source id: the dated articles, what was set aside in each, and what each says."""

    articles: Mapping[str, Article]
    furniture: Mapping[str, Sequence[Furniture]]
    said: Mapping[str, Sequence[Statement]]


@dataclass(frozen=True, slots=True)
class Traced:
    """A story and where it comes from."""

    story: Story
    origins: Origins

    @property
    def independent(self) -> int:
        """How many independent acts of reporting the story rests on."""
        return len(set(self.origins.of.values()))
