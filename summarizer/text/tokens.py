"""Words of a text as features: folded, stemmed, without function words, and how common they are.

Offsets are not kept. ``english.tsv`` holds, for each stem, the share of news articles in which it
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
from summarizer.text.patterns import lazy_pattern

_NUMBER = r"\d+(?:[.,]\d+)*"  # 9,000 and 3.5 are one token each
_UNSPACED_RUN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\u0e00-\u0e7f]+"  # or Hangul
_LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_ANY_WORD = f"{_NUMBER}|{_UNSPACED_RUN}|{_LETTERS}"
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)*", re.ASCII)
_SPACED_WORD = re.compile(rf"[a-z]+(?:['’][^\W\d_]+)*(?![^\W\d_])|{_NUMBER}|{_LETTERS}")
"""The words of any text whose script has spaces; in front what is plain is found sooner."""

MAX_STEMMED_WORDS = 1 << 16
"""Words that are kept with their stems: about as many as a year of news has."""

_UNSPACED_RANGES = (
    ("\u0e00", "\u0e7f"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
)
_ACCENTED = re.compile(r"([a-z])[\u0300-\u036f]+")
_POSSESSIVE = re.compile(r"['’]s?$")

FUNCTION_WORDS = words_of_all("stop_words")
"""Words that carry no content, of all languages."""


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
    return unicodedata.normalize("NFC", flat)


def folded_words(text: str) -> list[str]:
    """Folded words in order; runs of unspaced script as overlapping pairs of characters."""
    if text.isascii():
        return [
            _POSSESSIVE.sub("", word) if "'" in word else word
            for word in _ASCII_WORD.findall(text.lower())
        ]
    return [part for word in _raw_words(text) for part in _word_parts(word)]


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
    pattern = _SPACED_WORD if uses_word_spaces(text) else lazy_pattern(_ANY_WORD)
    return pattern.findall(text)


def _word_parts(word: str) -> tuple[str, ...]:
    """A word of `_raw_words` folded; of an unspaced script, its pairs of characters."""
    if word < "\u0e00" or not any(low <= word[0] <= high for low, high in _UNSPACED_RANGES):
        return (_without_accents(word),)
    return tuple(a + b for a, b in pairwise(word)) if len(word) > 1 else (word,)


# One stemmer for each language and kind; the words that each keeps are bounded, and are the
# vocabulary of the news, whatever texts are read. Stemming them anew takes five times as long.
@cache
def _word_stemmer(language: str, *, every: bool) -> Callable[[str], tuple[str, ...]]:
    """From a word of `_raw_words` to its stems; unless ``every`` word has some, none if it says
    nothing."""
    import Stemmer

    stem: Callable[[str], str] = Stemmer.Stemmer(lexicon(language).stemmer or "english", 0).stemWord

    @lru_cache(maxsize=MAX_STEMMED_WORDS)
    def stemmed(word: str) -> tuple[str, ...]:
        return tuple([
            stem(part)
            for part in _word_parts(word)
            if every or (part not in FUNCTION_WORDS and (len(part) > 1 or part.isdigit()))
        ])  # fmt: skip

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
