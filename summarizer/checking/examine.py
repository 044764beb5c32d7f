"""One story's checks, bound to what its sources are: the only way in which citations are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.checking.checks import Judgement, judge
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.closeness import Exchange, Unsaid, exchanges, unsaid
from summarizer.checking.resolve import Cited
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import Place
from summarizer.sources.articles import Article
from summarizer.text.entities import Aliases
from summarizer.text.languages import differ

__all__ = ["Examiner"]


@dataclass(frozen=True, slots=True)
class Examiner:
    """``articles`` and ``said`` are by source id; ``said`` is all that may be cited."""

    articles: Mapping[str, Article]
    said: Mapping[str, Sequence[Statement]]
    aliases: Aliases
    language: str
    _judged: dict[tuple[str, str, tuple[Place, ...]], Judgement] = field(
        default_factory=dict, repr=False
    )
    """Mending, corroborating and measuring ask the same questions."""

    def judge(self, text: str, cited: Sequence[Cited]) -> Judgement:
        """Whether the cited words together carry ``text``, as ALCE asks it."""
        asked = text, self.language, tuple((item.chunk.source, item.span) for item in cited)
        if asked not in self._judged:
            self._judged[asked] = self._judge(text, cited)
        return self._judged[asked]

    def _judge(self, text: str, cited: Sequence[Cited]) -> Judgement:
        dates = [self.articles[item.chunk.source].written for item in cited]
        claim = Claim(text, self.language, dates[0] if dates else None)
        return judge(claim, [self._passage(item) for item in cited], self.aliases)

    def unsaid(self, text: str, cited: Sequence[Cited]) -> Unsaid:
        """What of ``text`` is in no cited word; nothing where the languages differ."""
        passages = self._readable(cited)
        return unsaid(Claim(text, self.language), passages) if passages else Unsaid(0.0, ())

    def exchanges(self, text: str, cited: Sequence[Cited]) -> tuple[Exchange, ...]:
        """The words of ``text`` that stand for others of their kind, and those that they stand
        for."""
        return tuple(exchanges(Claim(text, self.language), self._readable(cited)))

    def _readable(self, cited: Sequence[Cited]) -> list[Passage]:
        """The cited words in the language of the text."""
        passages = map(self._passage, cited)
        return [each for each in passages if not differ(self.language, each.language)]

    def _passage(self, cited: Cited) -> Passage:
        article = self.articles[cited.chunk.source]
        return Passage(cited.quote, article.language, article.written)
