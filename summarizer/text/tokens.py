"""Words of a text as features: folded, stemmed, without function words, and how common they are.

A word is stemmed as it is written, for stemmers know endings by their accents, and loses them
afterwards. Points of Arabic and Hebrew that most texts leave out are not read. Offsets are not
kept. ``english.tsv`` holds, for each stem, the share of news articles in which it
occurs and how often it is written in lower case there (measured by
``benchmarks/learn_frequencies.py``): a small collection borrows its document frequencies from it.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from summarizer.text.data_files import parsed_data
from summarizer.text.languages import uses_word_spaces
from summarizer.text.lexicon import lexicon, words_of_all
from summarizer.text.patterns import COMBINING_MARKS, lazy_pattern, plain_digits

_NUMBER = r"\d+(?:[.,]\d+)*"  # 9,000 and 3.5 are one token each
_UNSPACED_RUN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\u0e00-\u0e7f]+"  # or Hangul
_LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_MARKED_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{COMBINING_MARKS}])*"
_ANY_WORD = f"{_NUMBER}|{_UNSPACED_RUN}|{_LETTERS}"
_MARKED_WORD = f"{_NUMBER}|{_UNSPACED_RUN}|{_MARKED_LETTERS}"
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)*", re.ASCII)
_SPACED_WORD = re.compile(rf"[a-z]+(?:['’][^\W\d_]+)*(?![^\W\d_])|{_NUMBER}|{_LETTERS}")
"""The words of any text whose script has spaces; in front what is plain is found sooner."""

MAX_STEMMED_WORDS = 1 << 16
"""Words that are kept with their stems: about as many as a year of news has."""

MIN_INFLECTED_LETTERS = 2
"""Letters of a word of which no ending is cut."""

_UNSPACED_RANGES = (
    ("\u0e00", "\u0e7f"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
)
_ACCENTED = re.compile(r"([a-zα-ω])[\u0300-\u036f]+")
_OPTIONAL_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f]"
    "|(?<=i)\u0307"
)
"""Vowel points of Hebrew and Arabic, the long line and joiners between letters, and the dot that is
left of a Turkish capital in lower case: one word is written with and without them."""
_ARABIC_SPELLINGS = str.maketrans("أإآٱةىيك", "اااا\u0647\u06cc\u06cc\u06a9")
_COMBINING_MARK = re.compile(f"[{COMBINING_MARKS}]")
_POSSESSIVE = re.compile(r"['’]s?$")


# Of constant size: one set for each language of the package.
@cache
def function_words(language: str) -> frozenset[str]:
    """The words of a language that carry no content, folded, and as they are written; those of all
    languages if it is not known ("und").

    >>> "fur" in function_words("de"), "für" in function_words("de"), "war" in function_words("en")
    (True, True, False)
    """
    words = words_of_all("stop_words") if language == "und" else lexicon(language).stop_words
    return words.union(*map(folded_words, words))


def fold_word(word: str) -> str:
    """One spelling for one word: lower case, no accents, no possessive.

    >>> fold_word("Xi’s"), fold_word("Čeští")
    ('xi', 'cesti')
    """
    return _without_accents(word.casefold())


def _without_accents(word: str) -> str:
    """A lower-case word without possessive and, in Latin script, without accents (й stays й)."""
    if word.isalpha() and word.isascii():
        return word
    word = _POSSESSIVE.sub("", word)
    flat = _ACCENTED.sub(r"\1", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", flat).replace("ı", "i").translate(_ARABIC_SPELLINGS)


def folded_words(text: str) -> list[str]:
    """Folded words in order; runs of unspaced script as overlapping pairs of characters."""
    if text.isascii():
        return [
            _POSSESSIVE.sub("", word) if "'" in word else word
            for word in _ASCII_WORD.findall(text.lower())
        ]
    return [_without_accents(part) for word in _raw_words(text) for part in _word_parts(word)]


def stems(text: str, language: str = "en") -> tuple[str, ...]:
    """Stems of all words in order; numbers without thousands separators."""
    stemmed = _word_stemmer(language, every=True)
    return tuple([stem for word in _raw_words(text) for stem in stemmed(word)])


def content_stems(text: str, language: str = "en") -> tuple[str, ...]:
    """Stems of the words that carry content, in order."""
    stemmed = _word_stemmer(language, every=False)
    return tuple([stem for word in _raw_words(text) for stem in stemmed(word)])


def bigrams(tokens: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Neighbouring pairs."""
    return frozenset(pairwise(tokens))


def _raw_words(text: str) -> list[str]:
    """The words of the text as written, in lower case."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    text = unicodedata.normalize("NFKC", text).casefold()
    if uses_word_spaces(text) and not _COMBINING_MARK.search(text):
        return _SPACED_WORD.findall(text)
    text = plain_digits(_OPTIONAL_POINTS.sub("", text))
    marked = _COMBINING_MARK.search(text)
    return lazy_pattern(_MARKED_WORD if marked else _ANY_WORD).findall(text)


def _word_parts(word: str) -> tuple[str, ...]:
    """A word of `_raw_words` without possessive; of an unspaced script, its pairs of characters."""
    if word < "\u0e00" or not any(low <= word[0] <= high for low, high in _UNSPACED_RANGES):
        return (word if word.isalpha() else _POSSESSIVE.sub("", word),)
    return tuple(a + b for a, b in pairwise(word)) if len(word) > 1 else (word,)


# One stemmer for each language and kind; the words that each keeps are bounded, and are the
# vocabulary of the news, whatever texts are read. Stemming them anew takes five times as long.
@cache
def _word_stemmer(language: str, *, every: bool) -> Callable[[str], tuple[str, ...]]:
    """From a word of `_raw_words` to its stems; unless ``every`` word has some, none if it says
    nothing."""
    import Stemmer

    words = lexicon(language)
    stem: Callable[[str], str] = Stemmer.Stemmer(words.stemmer or "english", 0).stemWord
    inflections = re.compile(words.inflections) if words.inflections else None
    empty = function_words(language)

    def stem_of(part: str) -> str:
        if inflections and len(part) > MIN_INFLECTED_LETTERS:
            part = inflections.sub("", part) or part
        return _without_accents(stem(part)) or part

    @lru_cache(maxsize=MAX_STEMMED_WORDS)
    def stemmed(word: str) -> tuple[str, ...]:
        parts = _word_parts(word)
        kept = (
            each for each in parts if every or (each not in empty and (each.isdigit() or each[1:]))
        )
        return tuple([stem_of(each) for each in kept])

    return stemmed


BACKGROUND_ARTICLES = 200
"""Background articles added to every collection, however small."""

UNSEEN_DOCUMENT_FREQUENCY = 0.002
"""Share of a stem that is not in the table: names, figures, rare words, other languages."""

MIN_COMMON_LOWERCASE_SHARE = 0.85
"""Share in lower case from which a word is no name; titles and headlines capitalise any word."""

MAX_NAME_LOWERCASE_SHARE = 0.5
"""Share in lower case below which a word is mostly part of a name."""


def document_frequency(stem: str) -> float:
    """Share of news articles with this stem, 0..1."""
    return _frequencies()[stem].articles


def is_common_stem(stem: str) -> bool:
    """Whether news write the word in lower case inside a sentence: it opens no name.

    >>> is_common_stem("traffic"), is_common_stem("london")
    (True, False)
    """
    return _frequencies()[stem].lowercase >= MIN_COMMON_LOWERCASE_SHARE


def is_name_stem(stem: str) -> bool:
    """Whether news write the word mostly with a capital, or hardly ever: it tells who or where.

    >>> is_name_stem("london"), is_name_stem("traffic")
    (True, False)
    """
    return _frequencies()[stem].lowercase < MAX_NAME_LOWERCASE_SHARE


def build_idf(collection: Iterable[Iterable[str]]) -> Callable[[str], float]:
    """Inverse document frequency over the collection and the background together.

    ``collection``: the stems of each document. The weight is positive and highest for stems seen
    nowhere else.
    """
    df = Counter[str]()
    size = 0
    for stems in collection:
        df.update(set(stems))
        size += 1
    total = size + BACKGROUND_ARTICLES
    background = _frequencies()

    def weight(stem: str) -> float:
        return math.log((total + 1) / (df[stem] + BACKGROUND_ARTICLES * background[stem].articles))

    return weight


class _StemFrequency(NamedTuple):
    """Shares, 0 to 1: of news articles with a stem, and of its uses that are in lower case."""

    articles: float
    lowercase: float


class _FrequencyTable(dict[str, _StemFrequency]):
    """Stem -> its frequency. A row is parsed when it is first used: a run uses few."""

    def __init__(self, text: str) -> None:
        super().__init__()
        rows = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
        self._rows = {stem: shares for stem, _, shares in rows}

    def __missing__(self, stem: str) -> _StemFrequency:
        row = self._rows.get(stem)
        if row is None:
            return _UNSEEN
        articles, _, lowercase = row.partition("\t")
        frequency = self[stem] = _StemFrequency(float(articles), float(lowercase))
        return frequency


_UNSEEN = _StemFrequency(UNSEEN_DOCUMENT_FREQUENCY, 0.0)


def _frequencies() -> _FrequencyTable:
    table: _FrequencyTable = parsed_data(_FrequencyTable, "summarizer.text", "english.tsv")
    return table
