"""All checks of a sentence against the passages it cites, and the verdict that follows.

claim + passages
| artefacts, number, date                   in any languages
| name, quote, negation, speaker, wording   where claim and passage share a language
| support                                   likewise
-> judgement: supported, unverified, unsupported, contradicted

A `CitationChecker` binds them to the sources of one story.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.briefing import FindingKind, Verdict
from summarizer.checking import artefacts, figures, negation, paraphrase, quotations, support
from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import NO_ALIASES, Claim, Issue, Judgement, Passage
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.paraphrase import (
    NovelWords,
    SameKindSwap,
    find_same_kind_swaps,
    novel_words,
)
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import SentenceLocation
from summarizer.sources.articles import Article
from summarizer.text.aliases import Aliases
from summarizer.text.annotations import Annotations
from summarizer.text.languages import languages_differ

__all__ = [
    "CHECKS",
    "CheckFunction",
    "CitationChecker",
    "capped_support",
    "find_issues",
    "judge_claim",
]

CheckFunction = Callable[[Claim, Sequence[Passage], Aliases], Iterable[Issue]]

CHECKS: Mapping[FindingKind, CheckFunction] = {
    "number": figures.check_numbers,
    "date": figures.check_dates,
    "name": figures.check_names,
    "quote": figures.check_quotations,
    "negation": negation.check_negation,
    "speaker": quotations.check_speakers,
    "support": paraphrase.check_wording,
    "artefact": artefacts.check_artefacts,
}
"""Take a check out to switch it off. All citations of a sentence carry it together."""

LANGUAGE_INDEPENDENT_KINDS: frozenset[FindingKind] = frozenset({"number", "date", "artefact"})
"""Checks that compare no words, and so speak across languages."""

MIN_SUPPORTED, MIN_PARTLY = 0.5, 0.3
"""Least support of a supported and of a unverified sentence. Calibrated with
``weights.tsv``: learn both together."""

MAX_FLAWED_SUPPORT = 0.49
"""Most support of a sentence with a problem: less than any that is supported."""


def find_issues(
    claim: Claim,
    passages: Sequence[Passage],
    *,
    aliases: Aliases = NO_ALIASES,
    only: Collection[FindingKind] = CHECKS.keys(),
) -> tuple[Issue, ...]:
    """What the checks of ``only`` find, in the order of `CHECKS`."""
    readable = _in_claim_language(claim, passages)
    return tuple(
        problem
        for kind, find in CHECKS.items()
        if kind in only and (readable or kind in LANGUAGE_INDEPENDENT_KINDS)
        for problem in find(
            claim, passages if kind in LANGUAGE_INDEPENDENT_KINDS else readable, aliases
        )
    )


def judge_claim(
    claim: Claim,
    passages: Sequence[Passage],
    aliases: Aliases = NO_ALIASES,
    *,
    entailment: EntailmentModel | None = None,  # noqa: ARG001
) -> Judgement:
    """The verdict on a claim, with its support and every problem found.

    Across languages the most it can be is ``unverified``, at the support where that begins.
    """
    problems = find_issues(claim, passages, aliases=aliases)
    readable = _in_claim_language(claim, passages)
    value = (
        support.support_given_issues(claim, readable, problems)
        if readable
        else MIN_PARTLY * bool(passages)
    )
    return Judgement(_verdict_of(value, problems), capped_support(value, problems), problems)


def capped_support(value: float, problems: Collection[Issue]) -> float:
    """A probability as it is told beside the problems found."""
    return min(value, MAX_FLAWED_SUPPORT) if problems else value


def _verdict_of(value: float, problems: Sequence[Issue]) -> Verdict:
    if any(problem.contradicts for problem in problems):
        return "contradicted"
    if problems or value < MIN_PARTLY:
        return "unsupported"
    return "supported" if value >= MIN_SUPPORTED else "unverified"


def _in_claim_language(claim: Claim, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages in the claim's language; an undetermined one counts as shared."""
    return tuple(each for each in passages if not languages_differ(claim.language, each.language))


@dataclass(frozen=True, slots=True)
class CitationChecker:
    """``articles`` and ``statements`` are by source id; ``statements`` is all that may be cited.
    ``entailment`` reads what the rules leave open."""

    articles: Mapping[str, Article]
    statements: Mapping[str, Sequence[Statement]]
    aliases: Aliases
    language: str
    annotations: Annotations = field(default_factory=Annotations, repr=False)
    entailment: EntailmentModel | None = None
    _judgements: dict[tuple[str, str, tuple[SentenceLocation, ...]], Judgement] = field(
        default_factory=dict, repr=False
    )
    """Mending, corroborating and measuring ask the same questions."""

    def judge(self, text: str, cited: Sequence[CitedSpan]) -> Judgement:
        """Whether the cited words together carry ``text``, as ALCE asks it."""
        asked = text, self.language, tuple((item.chunk.source, item.span) for item in cited)
        if asked not in self._judgements:
            self._judgements[asked] = self._judge(text, cited)
        return self._judgements[asked]

    def _judge(self, text: str, cited: Sequence[CitedSpan]) -> Judgement:
        dates = [self.articles[item.chunk.source].exact_date for item in cited]
        claim = Claim(text, self.language, dates[0] if dates else None, self.annotations)
        passages = [self._passage(item) for item in cited]
        return judge_claim(claim, passages, self.aliases, entailment=self.entailment)

    def novel_words(self, text: str, cited: Sequence[CitedSpan]) -> NovelWords:
        """What of ``text`` is in no cited word; nothing where the languages differ."""
        passages = self._readable_passages(cited)
        claim = Claim(text, self.language, annotations=self.annotations)
        return novel_words(claim, passages) if passages else NovelWords(0.0, ())

    def same_kind_swaps(self, text: str, cited: Sequence[CitedSpan]) -> tuple[SameKindSwap, ...]:
        """The words of ``text`` that stand for others of their kind, and those that they stand
        for."""
        claim = Claim(text, self.language, annotations=self.annotations)
        return tuple(find_same_kind_swaps(claim, self._readable_passages(cited)))

    def _readable_passages(self, cited: Sequence[CitedSpan]) -> list[Passage]:
        """The cited words in the language of the text."""
        passages = map(self._passage, cited)
        return [each for each in passages if not languages_differ(self.language, each.language)]

    def _passage(self, cited: CitedSpan) -> Passage:
        article = self.articles[cited.chunk.source]
        return Passage(cited.quote, article.language, article.exact_date, self.annotations)
