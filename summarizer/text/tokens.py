"""Words of a text as features: folded, stemmed, without function words, and how common they are.

Offsets are not kept. ``english.tsv`` holds, for each stem, the share of news articles in which it
occurs and how often it is written in lower case there (learnt by
``benchmarks/learn_frequencies.py``): a small collection borrows its document frequencies from it.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from summarizer.text.languages import uses_word_spaces

__all__ = [
    "BACKGROUND_ARTICLES",
    "bigrams",
    "build_idf",
    "content_stems",
    "document_frequency",
    "fold_word",
    "folded_words",
    "is_common_stem",
    "is_name_stem",
    "stems",
]

_NUMBER = r"\d+(?:[.,]\d+)*"  # 9,000 and 3.5 are one token each
_UNSPACED_RUN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\u0e00-\u0e7f]+"  # or Hangul
_LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)*", re.ASCII)
_SPACED_WORD = re.compile(rf"[a-z]+(?:['’][^\W\d_]+)*(?![^\W\d_])|{_NUMBER}|{_LETTERS}")
"""The words of any text whose script has spaces; in front what is plain is found sooner."""

WORD_CACHE_SIZE = 1 << 16
"""Words that are kept with what was found for them: a year of news has about as many."""

_UNSPACED_RANGES = (
    ("\u0e00", "\u0e7f"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
)
_ACCENTED = re.compile(r"([a-z])[\u0300-\u036f]+")
_POSSESSIVE = re.compile(r"['’]s?$")

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "tr": "turkish", "uk": "russian", "bg": "russian",
}  # fmt: skip

FUNCTION_WORDS = frozenset(
    """a about above after again against all also although am among an and any are around as at be
    because been before being below between both but by can could did do does doing down during
    each either even ever few for from further had has have having he her here hers him his how
    however i if in into is it its itself just like many may me might more most much must my
    neither no nor not of off on once only or other our out over own per same shall she should
    since so some still such than that the their them then there these they this those though
    through to too under until up upon us very was we were what when where whether which while who
    whom whose why will with within without would yet you your said say says told according
    don't didn't doesn't isn't wasn't aren't won't can't i'm it's that's he's they're we're
    el la los las un una unos unas de del al y o que en con por para su sus se lo como más pero sin
    sobre entre es son fue ha han le les des du et ou dans pour par sur avec est sont qui que ne pas
    der die das den dem des ein eine einen einem und oder im in am mit von zu für auf ist sind war
    и в на с по не что это как его ее их из за для от до к о об у а но же бы был была было были
    і та в у на з по не що це як його її їх із за для від до про при але ж б був була було
    були""".split()
)
"""Words that carry no content: English, Spanish, French, German, Russian, Ukrainian."""


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
    return [part for word in _raw_words(text) for part in _word_parts(word)]


@lru_cache(maxsize=1 << 16)
def stems(text: str, language: str = "en") -> tuple[str, ...]:
    """Stems of all words in order; numbers without thousands separators."""
    stemmed = _word_stemmer(language, every=True)
    return tuple([stem for word in _raw_words(text) for stem in stemmed(word)])


@lru_cache(maxsize=1 << 16)
def content_stems(text: str, language: str = "en") -> tuple[str, ...]:
    """Stems of the words that carry content, in order."""
    stemmed = _word_stemmer(language, every=False)
    return tuple([stem for word in _raw_words(text) for stem in stemmed(word)])


def bigrams(tokens: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Neighbouring pairs."""
    return frozenset(pairwise(tokens))


def _raw_words(text: str) -> list[str]:
    """The words as they stand in the text, in lower case."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    text = unicodedata.normalize("NFKC", text).casefold()
    return (_SPACED_WORD if uses_word_spaces(text) else _any_word_pattern()).findall(text)


@cache
def _any_word_pattern() -> re.Pattern[str]:
    return re.compile(f"{_NUMBER}|{_UNSPACED_RUN}|{_LETTERS}")


@lru_cache(maxsize=WORD_CACHE_SIZE)
def _word_parts(word: str) -> tuple[str, ...]:
    """A word of `_raw_words` folded; of an unspaced script, its pairs of characters."""
    if word < "\u0e00" or not any(low <= word[0] <= high for low, high in _UNSPACED_RANGES):
        return (_without_accents(word),)
    return tuple(a + b for a, b in pairwise(word)) if len(word) > 1 else (word,)


@cache
def _word_stemmer(language: str, *, every: bool) -> Callable[[str], tuple[str, ...]]:
    """From a word of `_raw_words` to its stems; unless ``every`` word has some, none if it says
    nothing."""
    import Stemmer

    stem: Callable[[str], str] = Stemmer.Stemmer(_STEMMERS.get(language, "english"), 0).stemWord

    @lru_cache(maxsize=WORD_CACHE_SIZE)
    def stemmed(word: str) -> tuple[str, ...]:
        return tuple([stem(part) for part in _word_parts(word) if every or _is_content_word(part)])

    return stemmed


def _is_content_word(word: str) -> bool:
    return word not in FUNCTION_WORDS and (len(word) > 1 or word.isdigit())


BACKGROUND_ARTICLES = 200
"""Background articles that stand behind every collection, however small."""

UNSEEN_DOCUMENT_FREQUENCY = 0.002
"""Share of a stem that is not in the table: names, figures, rare words, other languages."""

MIN_COMMON_LOWERCASE_SHARE = 0.85
"""Share in lower case from which a word is no name; titles and headlines capitalise any word."""

MAX_NAME_LOWERCASE_SHARE = 0.5
"""Share in lower case below which a word is mostly part of a name."""


@lru_cache(maxsize=1 << 16)
def document_frequency(stem: str) -> float:
    """Share of news articles with this stem, 0..1."""
    row = _frequency_rows().get(stem)
    return float(row.partition("\t")[0]) if row else UNSEEN_DOCUMENT_FREQUENCY


def is_common_stem(stem: str) -> bool:
    """Whether news write the word in lower case inside a sentence: it opens no name.

    >>> is_common_stem("traffic"), is_common_stem("london")
    (True, False)
    """
    return _lowercase_share(stem) >= MIN_COMMON_LOWERCASE_SHARE


def is_name_stem(stem: str) -> bool:
    """Whether news write the word mostly with a capital, or hardly ever: it tells who or where.

    >>> is_name_stem("london"), is_name_stem("traffic")
    (True, False)
    """
    return _lowercase_share(stem) < MAX_NAME_LOWERCASE_SHARE


def _lowercase_share(stem: str) -> float:
    """How often news write it in lower case, 0..1; 0 for a word that they hardly have."""
    row = _frequency_rows().get(stem)
    return float(row.rpartition("\t")[2]) if row else 0.0


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

    def weight(stem: str) -> float:
        return math.log((total + 1) / (df[stem] + BACKGROUND_ARTICLES * document_frequency(stem)))

    return weight


@cache
def _frequency_rows() -> dict[str, str]:
    """Stem -> its share and its share in lower case, unread: a run asks for few of them."""
    text = files("summarizer.text").joinpath("english.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
    return {stem: rest for stem, _, rest in rows}
