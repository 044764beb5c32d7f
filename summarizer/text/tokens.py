"""Words as features: folded, stemmed, without function words. Offsets are not kept."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from summarizer.text.languages import spaced

__all__ = ["bigrams", "content", "fold", "stems", "words"]

_NUMBER = r"\d+(?:[.,]\d+)*"  # 9,000 and 3.5 are one token each
_UNSPACED_RUN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\u0e00-\u0e7f]+"  # or Hangul
_LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)*", re.ASCII)
_SPACED_WORD = re.compile(rf"[a-z]+(?:['’][^\W\d_]+)*(?![^\W\d_])|{_NUMBER}|{_LETTERS}")
"""The words of any text whose script has spaces; in front what is plain is found sooner."""

VOCABULARY = 1 << 16
"""Words that are kept with what was found for them: a year of news has about as many."""

_UNSPACED = (("\u0e00", "\u0e7f"), ("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uf900", "\ufaff"))
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


def fold(word: str) -> str:
    """One spelling for one word: lower case, no accents, no possessive.

    >>> fold("Xi’s"), fold("Čeští")
    ('xi', 'cesti')
    """
    return _plain(word.casefold())


def _plain(word: str) -> str:
    """A lower-case word without possessive and, in Latin script, without accents (й stays й)."""
    if word.isalpha() and word.isascii():
        return word
    word = _POSSESSIVE.sub("", word)
    flat = _ACCENTED.sub(r"\1", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", flat)


def words(text: str) -> list[str]:
    """Folded words in order; runs of unspaced script as overlapping pairs of characters."""
    return [part for word in _found(text) for part in _parts(word)]


@lru_cache(maxsize=1 << 16)
def stems(text: str, language: str = "en") -> tuple[str, ...]:
    """Stems of all words in order; numbers without thousands separators."""
    stemmed = _stemmed(language, every=True)
    return tuple([stem for word in _found(text) for stem in stemmed(word)])


@lru_cache(maxsize=1 << 16)
def content(text: str, language: str = "en") -> tuple[str, ...]:
    """Stems of the words that carry content, in order."""
    stemmed = _stemmed(language, every=False)
    return tuple([stem for word in _found(text) for stem in stemmed(word)])


def bigrams(tokens: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Neighbouring pairs."""
    return frozenset(pairwise(tokens))


def _found(text: str) -> list[str]:
    """The words as they stand in the text, in lower case."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    text = unicodedata.normalize("NFKC", text).casefold()
    return (_SPACED_WORD if spaced(text) else _any_word()).findall(text)


@cache
def _any_word() -> re.Pattern[str]:
    return re.compile(f"{_NUMBER}|{_UNSPACED_RUN}|{_LETTERS}")


@lru_cache(maxsize=VOCABULARY)
def _parts(word: str) -> tuple[str, ...]:
    """A word of `_found` folded; of an unspaced script, its pairs of characters."""
    if word < "\u0e00" or not any(low <= word[0] <= high for low, high in _UNSPACED):
        return (_plain(word),)
    return tuple(a + b for a, b in pairwise(word)) if len(word) > 1 else (word,)


@cache
def _stemmed(language: str, *, every: bool) -> Callable[[str], tuple[str, ...]]:
    """From a word of `_found` to its stems; unless ``every`` word has some, none if it says
    nothing."""
    import Stemmer

    stem: Callable[[str], str] = Stemmer.Stemmer(_STEMMERS.get(language, "english"), 0).stemWord

    @lru_cache(maxsize=VOCABULARY)
    def stemmed(word: str) -> tuple[str, ...]:
        return tuple([stem(part) for part in _parts(word) if every or _tells(part)])

    return stemmed


def _tells(word: str) -> bool:
    return word not in FUNCTION_WORDS and (len(word) > 1 or word.isdigit())
