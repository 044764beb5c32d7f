"""Which words of a claim occur in its evidence, and where: the basis of support and contradiction.

text     -> sentences -> clauses -> words
passages -> index: their sentences, and where each stem occurs in them
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import NamedTuple

from summarizer.text.annotations import AnnotatedText
from summarizer.text.lexicon import any_of, lexicon, words_of_all
from summarizer.text.patterns import lazy_pattern
from summarizer.text.sentences import split_sentences
from summarizer.text.spans import Span
from summarizer.text.thesaurus import antonyms_of, synonym_groups
from summarizer.text.tokens import (
    document_frequency,
    fold_word,
    folded_words,
    function_words,
    stems,
)

_CLAUSE_BREAK = r"[,;:()\[\]{}][\"'”’»]?(?:\s|$)|\s[–—-]+\s|—|[。、，；：！？]"
STEM_PREFIX_LETTERS = 4
"""Letters that two stems must share at the beginning to be looked at as one word."""

MIN_KINSHIP, SYNONYM_DEGREE = 0.6, 0.8
"""Least share of the longer stem that kindred stems have in common; what a near-saying counts."""

DERIVATIONAL_ENDINGS = lexicon("en").derivational_endings
"""What is left of two English stems behind a common beginning if one is derived from the other:
"stabl" and "stabilis", "africa" and "african"."""


NEGATION_SCOPE_WORDS = 2
"""Telling words after a negation that it turns."""

_ENGLISH = lexicon("en").negations
_ELIDED = ("n'", "n’")
_OR = words_of_all("or_words")


# Of constant size: one set for each language of the package.
@cache
def _negations(language: str) -> frozenset[str]:
    """The negations of English and of a language, folded; of all languages without one."""
    own = lexicon(language).negations if language else words_of_all("negations")
    return _ENGLISH.union(map(fold_word, own))


_NON_NEGATING: Sequence[Sequence[str]] = (["only"], ["just"], ["merely"], ["doubt"], ["least"])
"""What follows a negation that turns nothing."""
_DENYING_VERBS = lexicon("en").denied_by_negation
"""What denies by itself: a negation turns it, and no longer what follows ("not rule out talks")."""
_SUBORDINATORS = lexicon("en").subordinators
"""What follows them is another statement, which the negation before them does not turn."""


class Word(NamedTuple):
    """One word: folded, its stem, what it tells (0 for a function word, else 0.5 to 6.2), and
    whether a negation before it in its clause turns it.
    """

    form: str
    stem: str
    weight: float
    negated: bool = False


class Clause(NamedTuple):
    """A stretch of a sentence without inner punctuation.

    ``sentence`` counts from 0; ``content`` are the words that tell something.
    """

    span: Span
    sentence: int
    words: tuple[Word, ...]
    content: tuple[Word, ...]


class WordMatch(NamedTuple):
    """How well a word is found, 0..1, and the stem that stands for it there."""

    degree: float
    stem: str


NO_MATCH = WordMatch(0.0, "")
"""A word that is not found."""


class WordPlace(NamedTuple):
    """Where a word stands in the evidence."""

    sentence: int
    position: int


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Passages as one: the words of each sentence, and where each stem stands.

    ``places``: the sentence, and the position among the telling words of all sentences (for a
    function word: of the next telling word). ``by_prefix`` knows telling stems only.
    """

    sentences: tuple[tuple[Word, ...], ...]
    stems: tuple[frozenset[str], ...]
    places: Mapping[str, Sequence[WordPlace]]
    by_prefix: Mapping[str, Sequence[str]]
    by_group: Mapping[int, Sequence[str]]
    negated: frozenset[str]


def clauses_of(source: AnnotatedText) -> tuple[Clause, ...]:
    """`split_clauses` of the text, computed once."""
    key = (split_clauses, source.text, source.language)
    sentences = source.annotations.get(split_sentences, source.text, source.language)
    return source.annotations.once(
        key, lambda: tuple(_clauses_within(source.text, sentences, source.language))
    )


def split_clauses(text: str, language: str = "en") -> tuple[Clause, ...]:
    """The clauses of a text that hold a word, in order."""
    return tuple(_clauses_within(text, split_sentences(text, language), language))


def _clauses_within(text: str, sentences: Sequence[Span], language: str) -> Iterator[Clause]:
    for at, sentence in enumerate(sentences):
        for piece in _clause_spans(text, sentence, language):
            if found := _clause_words(text[piece.start : piece.end], language):
                yield Clause(piece, at, found, tuple(word for word in found if word.weight))


def _clause_spans(text: str, sentence: Span, language: str) -> Iterator[Span]:
    openers = lexicon("en" if language == "und" else language).clause_openers
    break_pattern = rf"{_CLAUSE_BREAK}|\s(?={any_of(openers)}\s)" if openers else _CLAUSE_BREAK
    begin = sentence.start
    for mark in lazy_pattern(break_pattern).finditer(text, sentence.start, sentence.end):
        yield Span(begin, mark.end())
        begin = mark.end()
    yield Span(begin, sentence.end)


def _clause_words(text: str, language: str) -> tuple[Word, ...]:
    found: list[Word] = []
    scope = 0
    forms = folded_words(text)
    for at, (form, stem) in enumerate(zip(forms, stems(text, language), strict=True)):
        tells = _word_weight(form, stem, language)
        found.append(Word(form, stem, tells, scope > 0))
        if is_negation(form, language) and not _negates_nothing(forms[at + 1 : at + 3]):
            scope = (
                1
                if forms[at + 1 : at + 2] and forms[at + 1] in _DENYING_VERBS
                else NEGATION_SCOPE_WORDS
            )
        else:
            scope = 0 if form in _SUBORDINATORS else scope - (tells > 0)
    return tuple(found if language == "en" else _turned_by_the_last(found, language))


def _turned_by_the_last(found: list[Word], language: str) -> list[Word]:
    """What a negation turns that ends its clause: what stands before it. "Der Rat billigt den Plan
    nicht", "решения нет"; but not "ob er ihn billigt oder nicht".
    """
    negations = (at for at, word in enumerate(found) if is_negation(word.form, language))
    last = max(negations, default=0)
    if any(word.weight for word in found[last:]) or (last and found[last - 1].form in _OR):
        return found
    turned = [at for at in range(last) if found[at].weight][-NEGATION_SCOPE_WORDS:]
    return [w._replace(negated=True) if at in turned else w for at, w in enumerate(found)]


def _negates_nothing(following: Sequence[str]) -> bool:
    """Whether a negation turns nothing: "no more than 90", "not only", "No. 3"."""
    return (
        "".join(following[:1]).isdigit()
        or following[:1] in _NON_NEGATING
        or following[1:] == ["than"]
    )


def is_negation(form: str, language: str = "") -> bool:
    """Whether a folded word turns what follows; of any language if none is given."""
    return form in _negations(language) or form.endswith(("n't", "n’t")) or form.startswith(_ELIDED)


def denials(forms: Iterable[str]) -> int:
    """How often folded words deny. Outside English several negations deny once: "ne … pas",
    "никто не", "não … ninguém".
    """
    found = list(filter(is_negation, forms))
    concord = any(form not in _ENGLISH and not form.endswith(("n't", "n’t")) for form in found)
    return 1 if concord else len(found)


def _word_weight(form: str, stem: str, language: str) -> float:
    """Minus the logarithm of the share of news articles that have the stem."""
    little = form in function_words(language) or form in _negations(language)
    tells = not little and (len(form) > 1 or form.isdigit())
    return -log(document_frequency(stem)) if tells else 0.0


def index_passages(passages: Sequence[AnnotatedText]) -> PassageIndex:
    """The index of the passages together, since together they carry a claim; computed once."""
    if not passages:
        return _build_index(passages)
    texts = ((passage.text, passage.language) for passage in passages)
    return passages[0].annotations.once((index_passages, *texts), lambda: _build_index(passages))


def _build_index(passages: Sequence[AnnotatedText]) -> PassageIndex:
    sentences = tuple(_sentence_words(passages))
    language = passages[0].language if passages else "en"
    places = _stem_places(sentences)
    beginnings: dict[str, list[str]] = defaultdict(list)
    by_group: dict[int, list[str]] = defaultdict(list)
    for stem in dict.fromkeys(w.stem for sentence in sentences for w in sentence if w.weight):
        beginnings[stem[:STEM_PREFIX_LETTERS]].append(stem)
    for stem in places:
        for group in synonym_groups(stem, language):
            by_group[group].append(stem)
    stems_of = tuple(frozenset(word.stem for word in sentence) for sentence in sentences)
    negated = frozenset(w.stem for sentence in sentences for w in sentence if w.negated)
    return PassageIndex(sentences, stems_of, places, dict(beginnings), dict(by_group), negated)


def _stem_places(sentences: Iterable[Sequence[Word]]) -> dict[str, list[WordPlace]]:
    places: dict[str, list[WordPlace]] = defaultdict(list)
    position = 0
    for at, sentence in enumerate(sentences):
        for word in sentence:
            places[word.stem].append(WordPlace(at, position))
            position += word.weight > 0
    return dict(places)


def _sentence_words(passages: Iterable[AnnotatedText]) -> Iterator[tuple[Word, ...]]:
    for passage in passages:
        together: dict[int, list[Word]] = defaultdict(list)
        for clause in clauses_of(passage):
            together[clause.sentence].extend(clause.words)
        yield from map(tuple, together.values())


def match_stem(stem: str, evidence: PassageIndex, language: str = "en") -> WordMatch:
    """The stem itself, else a near-saying, else the stem with the longest common beginning."""
    if stem in evidence.places:
        return WordMatch(1.0, stem)
    for group in sorted(synonym_groups(stem, language)):
        if group in evidence.by_group:
            return WordMatch(SYNONYM_DEGREE, evidence.by_group[group][0])
    if stem[:1].isdigit():
        return NO_MATCH
    near = (
        WordMatch(_stem_kinship(stem, other), other)
        for other in evidence.by_prefix.get(stem[:STEM_PREFIX_LETTERS], ())
    )
    best = max(near, default=NO_MATCH)
    return best if best.degree >= MIN_KINSHIP else NO_MATCH


def aligned_word(word: Word, evidence: PassageIndex, language: str = "en") -> WordMatch:
    """`match_stem`, or the opposite of the word where either it or that one is negated: "did not
    survive" of "died"."""
    found = match_stem(word.stem, evidence, language)
    if found.degree:
        return found
    groups_against, variants = antonyms_of(word.stem, language)
    against = [other for group in groups_against for other in evidence.by_group.get(group, ())]
    against += [other for other in variants if other in evidence.places]
    turned = (other for other in against if (other in evidence.negated) != word.negated)
    return next((WordMatch(SYNONYM_DEGREE, other) for other in turned), NO_MATCH)


def match_degrees(
    claim: AnnotatedText, passages: Sequence[AnnotatedText]
) -> list[list[tuple[Word, float]]]:
    """The content words of each clause of the claim, each with how well the passages have it."""
    evidence = index_passages(passages)
    return [
        [(word, aligned_word(word, evidence, claim.language).degree) for word in clause.content]
        for clause in clauses_of(claim)
    ]


def novel_share(claim: AnnotatedText, passages: Sequence[AnnotatedText]) -> float:
    """Share of the claim's weight, 0 to 1, in words that no passage has, nor a word like them."""
    found = [pair for clause in match_degrees(claim, passages) for pair in clause]
    total = sum(word.weight for word, _ in found)
    return 1 - sum(word.weight * degree for word, degree in found) / total if total else 1.0


def _stem_kinship(left: str, right: str) -> float:
    """Share of the longer stem that is the common beginning; `MIN_KINSHIP` where one is derived."""
    pairs = zip(left, right, strict=False)
    common = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
    share = common / max(len(left), len(right))
    derived = {left[common:] or "e", right[common:] or "e"} <= DERIVATIONAL_ENDINGS
    return max(share, MIN_KINSHIP) if derived else share
