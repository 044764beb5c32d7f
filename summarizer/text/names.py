"""Proper names in a text, found by their capitals.

    text -> capitalised runs -> cut at titles, calendar words and nationalities -> names

Latin and Cyrillic scripts; in Japanese, Katakana joined by a middle dot. German capitalises every
noun, so too much is found there. The only gazetteer is that of the commonest countries and their
adjectives.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from summarizer.text.dates import CALENDAR_NAMES
from summarizer.text.languages import detect_language
from summarizer.text.lexicon import lexicon, lexicons, words_of_all
from summarizer.text.patterns import lazy_pattern
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS, ends_sentence
from summarizer.text.spans import Span
from summarizer.text.tokens import fold_word, function_words, is_common_stem, stems

_ENGLISH = lexicon("en")
COUNTRIES = {
    form: country
    for words in lexicons()
    for country, forms in words.countries.items()
    for form in ((country, *forms) if words is _ENGLISH else forms)
}
"""A country, its acronyms and its people, normalized -> the country."""
TITLES = words_of_all("titles")
"""Words before a name, in lower case."""
_ANY_FUNCTION_WORDS = words_of_all("stop_words")

_CASE_ENDING = re.compile(
    r"(?<=[\u0400-\u04ff]{3})(?:ого|ому|ові|ою|ом|ем|ем|им|ым|ий|ый|ой|[аеєиіїоуюяйьы])$"
)


def is_acronym(word: str) -> bool:
    """Whether all its letters are capitals, and it is more than one."""
    return len(word) > 1 and word.isupper()


def normalize_name(text: str) -> str:
    """One spelling: no case, accents, periods, initials, or Cyrillic case endings."""
    if text.isascii() and text.isalpha():  # one plain word
        return text.lower()
    words = [fold_word(word) for word in text.replace(".", "").replace("-", " ").split()]
    kept = [word for word in words if len(word) > 1] or words
    return " ".join(_CASE_ENDING.sub("", word) for word in kept)


class _NameToken(NamedTuple):
    """A word of a run, and its normalized spelling; one without text separates two names."""

    start: int
    end: int
    text: str
    key: str


class Name(NamedTuple):
    """A name as it is written, without its title; ``words`` are its words without particles.

    ``key``: the words normalized by `normalize_name`.
    """

    span: Span
    text: str
    words: tuple[str, ...]
    key: str


_ADJECTIVE = re.compile(rf"(?:{_ENGLISH.nationality_endings})$")
_COMMON_ENDING = re.compile(rf"(?:{_ENGLISH.common_word_endings})$")
_OPENING_PREFIX = _ENGLISH.prefixes_before_names
"""First parts of a word with a hyphen that are no name, though a sentence opens with them."""
_VERB_NEXT = re.compile(
    rf"['’]s\b|,? (?:also |has |had |have )?(?:{_ENGLISH.predicates_after_name})\b"
)

_CAPITALS = "A-ZÀ-ÖØ-Þ"
_EXTENDED_LETTERS = re.compile("[\u0100-\u052f\u1e00-\u1eff]")
"""Letters whose capitals are more than those: more Latin, Greek, Cyrillic, Armenian."""
_LINKS = frozenset(word for words in lexicons() for word in words.name_particles)
_JOINTS = ("of", "for", "and", "the", "&")
_PARTICLES = _LINKS.union(_JOINTS)
_PIECE = re.compile(r"[^ \u00a0]+")
_KATAKANA = re.compile(r"[ァ-ヺー]+(?:[・＝][ァ-ヺー]+)+")
_START = re.compile(rf"(?:[{SENTENCE_TERMINALS}:]|\n)[\s{CLOSING_MARKS}„(\[*•–—-]*$")
_LOWER_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+")
_LINE = re.compile(r"[^\n]+")
_BROKEN_OUTLET = re.compile(
    rf"(?<=\w)\n(?=(?:{'|'.join(sorted(word.title() for word in _ENGLISH.outlet_words))})\b)"
)
_TAIL = re.compile(r"ed$|^.{6,}|^(?:era|made|style|born|run|wide|like|free|bound)$")
_COMMON_STARTERS = _ENGLISH.sentence_starters - _ENGLISH.place_words
_AFTER_TITLE = _ENGLISH.portfolios | {"of", "the", "and", "for"}
_GIVEN_MONTHS = {"May", "April", "June", "August"}


def find_names(
    text: str, known_words: Collection[str] = (), language: str = ""
) -> tuple[Name, ...]:
    """Every proper name in the text, in order, titles left out. Linear in the text.

    ``known_words``: words of names in related texts; without them, a capital that opens a sentence
    may be no name. ``language``: whose function words are no
    names; it is detected if it is not given.

    >>> names = find_names("US Treasury Secretary Scott Bessent praised O'Brien's plan.")
    >>> [name.text for name in names]
    ['US', 'Scott Bessent', "O'Brien"]
    """
    given = text
    if "\n" in text:
        text = _BROKEN_OUTLET.sub(" ", text)  # "Iran\nInternational" is one name, and no country
    lower = frozenset(word for word in _LOWER_WORD.findall(text) if word.islower())
    extended = _EXTENDED_LETTERS.search(text) is not None
    capitalised = lazy_pattern(_EXTENDED_RUN if extended else _CAPITALISED_RUN)
    runs: list[tuple[re.Match[str], bool, bool]] = []
    for line in _LINE.finditer(text):
        heading = _is_heading(line[0], lower)
        found = capitalised.finditer(text, line.start(), line.end())
        runs.extend((run, heading, _opens_sentence(text, run.start())) for run in found)
    inner = [run[0].split() for run, heading, opens in runs if not (heading or opens)]
    known = frozenset(known_words).union(*inner)
    found_names = []
    for match in _KATAKANA.finditer(text):
        words = tuple(re.split("[・＝]", match[0]))
        key = normalize_name(" ".join(words))
        found_names.append(Name(Span(*match.span()), match[0], words, key))
    empty = function_words("en") | function_words(language or detect_language(text))
    for run, heading, opens in runs:
        tokens = list(_run_tokens(run))
        if heading or (opens and text.startswith(":", run.end())):
            tokens = [
                token if _is_known_name(token, known) else _separator(token.start)
                for token in tokens
            ]
        elif opens and not _opens_with_name(tokens, text, known, lower, empty):
            tokens = tokens[1:]
        found_names.extend(_name_of(given, piece) for piece in _split_names(tokens))
    return tuple(sorted(found_names))


def _capitalised_words(upper: str) -> str:
    """The pattern of capitalised words in a row, with these capitals."""
    word = (
        rf"(?:(?:[{upper}]\.){{2,}}|[{upper}]\.(?=[ ]?[{upper}])"
        rf"|(?:{'|'.join(_ENGLISH.abbreviated_titles)})\."
        rf"|[{upper}](?:[^\W\d_]{{4,}}(?=\d)|\w*)(?:['’ʼ](?![sS]\b)\w+)*(?:-\w+)*)"
    )
    links = rf"(?:(?:{'|'.join(sorted(_PARTICLES))})[ \u00a0]){{0,2}}"
    return rf"(?<!\w){word}(?:[ \u00a0]{links}{word})*(?: 24\b)?"


_CAPITALISED_RUN = _capitalised_words(_CAPITALS)
_EXTENDED_RUN = _capitalised_words(
    "".join(
        letter for letter in map(chr, (*range(0x530), *range(0x1E00, 0x1F00))) if letter.isupper()
    )
)
"""With all capitals there are it compiles four times as long."""


def _is_heading(line: str, lower: Collection[str]) -> bool:
    """Title Case or ALL CAPS: a line whose capitals tell nothing."""
    if ends_sentence(line.rstrip()) or line.rstrip().endswith(","):
        return False
    long = [word for word in _LOWER_WORD.findall(line) if len(word) > 3]
    if len(long) < 2:
        return False
    if line.upper() == line:
        return True
    if len(long) < 3 or not all(word[0].isupper() for word in long):
        return False
    return any(w.lower() in lower or w.lower() in _ENGLISH.sentence_starters for w in long)


def _opens_sentence(text: str, start: int) -> bool:
    """Whether a sentence, a quotation or a line begins here."""
    before = f"\n{text[:start]}" if start < 6 else text[start - 6 : start]
    return bool(_START.search(before))


def _is_known_name(word: _NameToken, known: Collection[str]) -> bool:
    return word.text in known or word.key in COUNTRIES


def _opens_with_name(
    tokens: Sequence[_NameToken],
    text: str,
    known: Collection[str],
    lower: Collection[str],
    empty: Collection[str],
) -> bool:
    """Whether the first word of a sentence is a name's, and not only the first of a sentence."""
    word = tokens[0].text
    plain = word.lower()
    foreign = len(tokens) == 1 and plain in _ANY_FUNCTION_WORDS  # "Un" opens a foreign sentence
    if foreign or plain in _ENGLISH.sentence_starters or plain in empty:
        return is_acronym(word)
    if _is_known_name(tokens[0], known) or is_acronym(word) or plain in TITLES:
        return True
    after = text[tokens[-1].end : tokens[-1].end + 24]
    if plain in lower:
        return False
    if len(tokens) > 1 and tokens[1].text not in _JOINTS:
        return tokens[1].key not in COUNTRIES
    is_common = is_common_stem(stems(plain)[0])
    if len(tokens) > 1:  # "Bank of" begins a name of several words, "Support for" does not
        return plain in _ENGLISH.institution_words or not is_common
    return not (is_common or _COMMON_ENDING.search(plain)) and bool(_VERB_NEXT.match(after))


def _run_tokens(run: re.Match[str]) -> Iterator[_NameToken]:
    """The words of a run; "US-China" and "Taiwan-based" are parted at their hyphen."""
    for index, match in enumerate(_PIECE.finditer(run.string, *run.span())):
        start, end = match.span()
        if "-" not in match[0]:
            yield _NameToken(start, end, match[0], normalize_name(match[0]))
            continue
        parts = match[0].split("-")
        if all(part[:1].isupper() for part in parts):
            whole = not any(normalize_name(part) in COUNTRIES for part in parts)
        else:
            whole = index > 0 and not _TAIL.search(parts[-1])
        if whole:
            yield _NameToken(start, end, match[0], normalize_name(match[0]))
            continue
        for part in parts:
            if part[:1].isupper() and part not in _OPENING_PREFIX:
                yield _NameToken(start, start + len(part), part, normalize_name(part))
            yield _separator(start)
            start += len(part) + 1


def _separator(start: int) -> _NameToken:
    return _NameToken(start, start, "", "")


def _split_names(tokens: Sequence[_NameToken]) -> Iterator[list[_NameToken]]:
    """The names within a run: titles, days and what joins two names fall out."""
    piece: list[_NameToken] = []
    titled = False
    for token, follower in pairwise([*tokens, _separator(0)]):
        if titled and token.key in _AFTER_TITLE:
            continue
        titled = token.key in TITLES and follower.key not in _ENGLISH.institution_words
        if titled:
            while piece and piece[-1].key in _ENGLISH.portfolios:
                piece = piece[:-1]
        if titled or _ends_name(token, piece):
            yield from _trimmed_name(piece)
            piece = []
            continue
        piece.append(token)
        if _is_nationality(piece):
            yield from _trimmed_name(piece)
            piece = []
    yield from _trimmed_name(piece)


def _ends_name(token: _NameToken, piece: Sequence[_NameToken]) -> bool:
    """Whether a name ends before this word, which belongs to none."""
    if token.text in CALENDAR_NAMES:
        return not (piece and token.text in _GIVEN_MONTHS)
    if token.text not in _JOINTS:
        return not token.text
    words = {word.key for word in piece}
    return not (words & _ENGLISH.institution_words or token.text == "the") or (
        token.text in {"and", "&"} and ("of" not in words or "and" in words)
    )


def _is_nationality(piece: Sequence[_NameToken]) -> bool:
    """Whether it is a nationality or a country's acronym: a name of its own before others."""
    key = " ".join([word.key for word in piece[:3]])
    if key not in COUNTRIES:
        return False
    return piece[-1].text.isupper() or (key != COUNTRIES[key] and bool(_ADJECTIVE.search(key)))


def _trimmed_name(piece: list[_NameToken]) -> Iterator[list[_NameToken]]:
    """The piece without particles and common words at its edges, when a name is left."""
    while piece and piece[0].text.lower() in _COMMON_STARTERS and not is_acronym(piece[0].text):
        piece = piece[1:]
    capital = [at for at, token in enumerate(piece) if token.text[0].isupper()]
    if capital and len(piece[capital[-1]].text) > 1:
        last = len(piece) - 1 if piece[-1].text == "24" else capital[-1]
        yield piece[capital[0] : last + 1]


def _name_of(text: str, piece: Sequence[_NameToken]) -> Name:
    span = Span(piece[0].start, piece[-1].end)
    words = [word for word in piece if word.text not in _PARTICLES]
    keys = " ".join([word.key for word in words]).split()
    key = " ".join([each for each in keys if len(each) > 1] or keys)
    return Name(span, text[slice(*span)], tuple([word.text for word in words]), key)
