"""The values that checks work on, and what their texts contain.

Many checks ask for the quantities, dates, names and quotations of one passage: its annotations keep
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from summarizer.briefing import FindingKind, Verdict
from summarizer.text.aliases import Aliases, find_aliases
from summarizer.text.annotations import AnnotatedText, Annotations
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.framing import Frame, find_frames
from summarizer.text.names import Name, find_names
from summarizer.text.numbers import Quantity, find_quantities
from summarizer.text.quotes import Quotation, find_quotations
from summarizer.text.sentences import split_sentences
from summarizer.text.spans import Span
from summarizer.text.tokens import folded_words

__all__ = [
    "MIN_LIKELY_SUPPORT",
    "NO_ALIASES",
    "Claim",
    "Issue",
    "Judgement",
    "Passage",
    "Severity",
    "aliases_in",
    "dates_in",
    "figures_in",
    "frames_in",
    "names_in",
    "quantities_in",
    "quotations_in",
    "sentences_in",
]

NO_ALIASES: Aliases = {}

MIN_LIKELY_SUPPORT = 0.5
"""Support from which a claim is likely. Calibrated with ``weights.tsv``: learn both together."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One written sentence. ``published``: the day from which its dates are read; ``frame``: what
    the text that it is from makes of all of it, where that is known."""

    text: str
    language: str = "en"
    published: date | None = None
    frame: Frame | None = field(default=None, kw_only=True)
    annotations: Annotations = field(default_factory=Annotations, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """The cited words of one source. ``published``: the day from which its dates are read.
    ``frames``: spans of its framed sentences and their frames, as its article has them; None where
    the words are all that is known of it."""

    text: str
    language: str = "en"
    published: date | None = None
    publisher: str = field(default="", kw_only=True)
    frames: tuple[tuple[Span, Frame], ...] | None = field(default=None, kw_only=True)
    annotations: Annotations = field(default_factory=Annotations, compare=False, repr=False)


Severity = Literal["hard", "soft", "doubt"]


class Issue(NamedTuple):
    """What a check objects to: ``words`` as they are in the claim, ``detail`` beside the evidence.

    ``contradicts``: the evidence says something else in the same place, not merely nothing.
    ``severity``: a ``hard`` issue decides; a ``soft`` one decides unless a reader of sentences (an
    NLI model, a judge) overrules it; a ``doubt`` only keeps the rules from saying "supported".
    """

    kind: FindingKind
    words: str
    detail: str
    contradicts: bool = False
    severity: Severity = "hard"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a claim by its citations; ``support`` is the calibrated probability, 0 to 1,
    by the method in ``checked_by``: ``rules``, ``nli:NAME`` or ``judge:NAME``."""

    verdict: Verdict
    support: float
    issues: tuple[Issue, ...]
    checked_by: str = "rules"

    @property
    def likely(self) -> bool:
        """Whether it is supported, or at least more likely than not and nothing speaks against it:
        enough to choose a passage by, too little to print."""
        return self.corroborates and not self.issues

    @property
    def corroborates(self) -> bool:
        """Whether it is likely but for single words in the place of others: enough for a further
        citation of what another one carries."""
        if self.verdict == "unverified":
            return self.support >= MIN_LIKELY_SUPPORT and all(
                issue.severity == "doubt" and issue.kind == "support" for issue in self.issues
            )
        return self.verdict == "supported"


def quantities_in(source: AnnotatedText) -> tuple[Quantity, ...]:
    """The quantities of the text, in order."""
    return source.annotations.get(find_quantities, source.text, source.language)


def dates_in(source: AnnotatedText) -> tuple[DateMention, ...]:
    """The dates of the text, in order."""
    return source.annotations.get(find_dates, source.text)


def figures_in(
    text: str, annotations: Annotations, language: str = ""
) -> frozenset[tuple[str, str]]:
    """Each folded word of a figure or a date, with the whole figure or date as it is written."""
    key = (figures_in, text, language)
    return annotations.once(key, lambda: _find_figures(text, annotations, language))


def _find_figures(text: str, annotations: Annotations, language: str) -> frozenset[tuple[str, str]]:
    spans = [quantity.span for quantity in annotations.get(find_quantities, text, language)]
    spans += [mention.span for mention in annotations.get(find_dates, text)]
    wholes = [text[start:end] for start, end in spans]
    return frozenset((word, whole) for whole in wholes for word in folded_words(whole))


def names_in(source: AnnotatedText, known_words: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """The names of the text, in order. ``known_words``: words of names in related texts."""
    return source.annotations.get(find_names, source.text, known_words, source.language)


def quotations_in(source: AnnotatedText) -> tuple[Quotation, ...]:
    """The quotations of the text, in order."""
    return source.annotations.get(find_quotations, source.text)


def sentences_in(source: AnnotatedText) -> tuple[Span, ...]:
    """The spans of the sentences of the text, in order."""
    return source.annotations.get(split_sentences, source.text, source.language)


def frames_in(source: AnnotatedText) -> tuple[tuple[Span, Frame], ...]:
    """The spans of the framed sentences of the text, each with its frame."""
    if isinstance(source, Passage) and source.frames is not None:
        return source.frames
    if isinstance(source, Claim) and source.frame:
        return ((Span(0, len(source.text)), source.frame),)

    def find() -> tuple[tuple[Span, Frame], ...]:
        sentences = sentences_in(source)
        found = zip(sentences, find_frames(source.text, sentences, source.language), strict=True)
        return tuple((span, frame) for span, frame in found if frame)

    return source.annotations.once((frames_in, source.text, source.language), find)


def aliases_in(passages: Sequence[AnnotatedText]) -> Aliases:
    """The aliases that the passages together license."""
    if not passages:
        return NO_ALIASES
    texts = tuple(passage.text for passage in passages)
    return passages[0].annotations.get(find_aliases, texts)
