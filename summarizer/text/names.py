"""Proper names, found by their capitals.

    text -> capitalised runs -> cut at titles, calendar words and nationalities -> names

Latin and Cyrillic scripts; in Japanese, Katakana joined by a middle dot. German capitalises every
noun: there it finds too much.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from summarizer.text.date_words import CALENDAR
from summarizer.text.frequencies import is_common
from summarizer.text.name_words import COUNTRIES, WORDS, is_acronym, normalize
from summarizer.text.selectors import Span
from summarizer.text.sentence_ends import CLOSING, STOPS, is_ended
from summarizer.text.tokens import FUNCTION_WORDS, stems

__all__ = ["Name", "names"]


class _Token(NamedTuple):
    """A word of a run; an empty ``text`` parts what stands before from what stands after."""

    start: int
    end: int
    text: str


class Name(NamedTuple):
    """A name as it stands, its title stripped; ``words`` are its words without particles."""

    span: Span
    text: str
    words: tuple[str, ...]


_ADJECTIVE = re.compile(r"(?:an|ese|ish|ch|ss|i|k|ean|ine|er|thai|filipino|ans|is)$")
_COMMON_ENDING = re.compile(
    r"(?:(?<![jq])ing|tion|sion|ment|ness|ity|ance|ence|ism|ly|ed|less|ful|(?<![aiu])s)$"
)
_OPENING_PREFIX = {"Ex", "Pre", "Post", "Anti", "Pro", "Co", "Non", "Re", "Self", "Mid"}
"""First parts of a word with a hyphen that are no name, though a sentence opens with them."""
_VERB_NEXT = re.compile(
    r"['’]s\b|,? (?:also |has |had |have )?"
    r"(?:\w+ed|said|says|is|was|were|are|has|had|have|will|would|could|may"
    r"|might|can|told|wrote|took|made|won|lost|held|met|went|came|gave|saw|sent|began|left|led|wants)\b"
)

_CAPITALS = "A-ZÀ-ÖØ-Þ"
_FARTHER = re.compile("[\u0100-\u052f\u1e00-\u1eff]")
"""Letters whose capitals are more than those: more Latin, Greek, Cyrillic, Armenian."""
_LINKS = "de del della di da dos du van von der den bin ibn al el la le y und des zu"
_JOINTS = ("of", "for", "and", "the", "&")
_PARTICLES = (*_LINKS.split(), *_JOINTS)
_PIECE = re.compile(r"[^ \u00a0]+")
_KATAKANA = re.compile(r"[ァ-ヺー]+(?:[・＝][ァ-ヺー]+)+")
_START = re.compile(rf"(?:[{STOPS}:]|\n)[\s{CLOSING}„(\[*•–—-]*$")
_LOWER_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+")
_LINE = re.compile(r"[^\n]+")
_TORN = re.compile(
    rf"(?<=\w)\n(?=(?:{'|'.join(sorted(word.title() for word in WORDS['outlet']))})\b)"
)
_TAIL = re.compile(r"ed$|^.{6,}|^(?:era|made|style|born|run|wide|like|free|bound)$")
_COMMON = WORDS["starter"] - WORDS["place"]
_AFTER_TITLE = WORDS["portfolio"] | {"of", "the", "and", "for"}
_GIVEN_MONTHS = {"May", "April", "June", "August"}


def names(text: str, elsewhere: Collection[str] = ()) -> tuple[Name, ...]:
    """Every proper name in the text, in order, titles left out. Linear in the text.

    ``elsewhere``: words of names in kindred texts, for capitals that only open a sentence here.

    >>> [name.text for name in names("US Treasury Secretary Scott Bessent praised O'Brien's plan.")]
    ['US', 'Scott Bessent', "O'Brien"]
    """
    given = text
    if "\n" in text:
        text = _TORN.sub(" ", text)  # "Iran\nInternational" is one name, and no country
    lower = frozenset(word for word in _LOWER_WORD.findall(text) if word.islower())
    capitalised = _run(_FARTHER.search(text) is not None)
    runs: list[tuple[re.Match[str], bool, bool]] = []
    for line in _LINE.finditer(text):
        heading = _is_heading(line[0], lower)
        found = capitalised.finditer(text, line.start(), line.end())
        runs.extend((run, heading, _opens(text, run.start())) for run in found)
    inner = [run[0].split() for run, heading, opens in runs if not (heading or opens)]
    known = frozenset(elsewhere).union(*inner)
    found_names = list(_katakana(text))
    for run, heading, opens in runs:
        tokens = list(_tokens(run))
        if heading or (opens and text.startswith(":", run.end())):
            tokens = [t if _stands(t.text, known) else t._replace(text="") for t in tokens]
        elif opens and not _is_name(tokens, text, known, lower):
            tokens = tokens[1:]
        found_names.extend(_named(given, piece) for piece in _cut(tokens))
    return tuple(sorted(found_names))


@cache
def _run(farther: bool) -> re.Pattern[str]:
    """Capitalised words in a row; with all capitals there are it compiles four times as long."""
    letters = map(chr, (*range(0x530), *range(0x1E00, 0x1F00)))
    upper = "".join(letter for letter in letters if letter.isupper()) if farther else _CAPITALS
    word = (
        rf"(?:(?:[{upper}]\.){{2,}}|[{upper}]\.(?=[ ]?[{upper}])"
        r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Prof|Rev|St)\."
        rf"|[{upper}](?:[^\W\d_]{{4,}}(?=\d)|\w*)(?:['’ʼ](?![sS]\b)\w+)*(?:-\w+)*)"
    )
    links = rf"(?:(?:{'|'.join(_PARTICLES)})[ \u00a0]){{0,2}}"
    return re.compile(rf"(?<!\w){word}(?:[ \u00a0]{links}{word})*(?: 24\b)?")


def _katakana(text: str) -> Iterator[Name]:
    for match in _KATAKANA.finditer(text):
        yield Name(Span(*match.span()), match[0], tuple(re.split("[・＝]", match[0])))


def _is_heading(line: str, lower: Collection[str]) -> bool:
    """Title Case or ALL CAPS: a line whose capitals tell nothing."""
    if is_ended(line.rstrip()) or line.rstrip().endswith(","):
        return False
    long = [word for word in _LOWER_WORD.findall(line) if len(word) > 3]
    if len(long) < 2:
        return False
    if line.upper() == line:
        return True
    if len(long) < 3 or not all(word[0].isupper() for word in long):
        return False
    return any(w.lower() in lower or w.lower() in WORDS["starter"] for w in long)


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, a quotation or a line begins here."""
    before = f"\n{text[:start]}" if start < 6 else text[start - 6 : start]
    return bool(_START.search(before))


def _stands(word: str, known: Collection[str]) -> bool:
    return word in known or normalize(word) in COUNTRIES


def _is_name(
    tokens: Sequence[_Token], text: str, known: Collection[str], lower: Collection[str]
) -> bool:
    """Whether the first word of a sentence is a name's, and not only the first of a sentence."""
    word = tokens[0].text
    plain = word.lower()
    if plain in WORDS["starter"] or plain in FUNCTION_WORDS:
        return is_acronym(word)
    if _stands(word, known) or is_acronym(word) or plain in WORDS["title"]:
        return True
    after = text[tokens[-1].end : tokens[-1].end + 24]
    if plain in lower:
        return False
    if len(tokens) > 1:
        return _begins(plain, tokens[1].text)
    if _COMMON_ENDING.search(plain) or is_common(stems(plain)[0]):
        return False
    return bool(_VERB_NEXT.match(after))


def _begins(plain: str, second: str) -> bool:
    """Whether a first word belongs to a name of several: "Bank of", but not "Support for"."""
    if second in _JOINTS:
        return plain in WORDS["head"] or not is_common(stems(plain)[0])
    return normalize(second) not in COUNTRIES


def _tokens(run: re.Match[str]) -> Iterator[_Token]:
    """The words of a run; "US-China" and "Taiwan-based" are parted at their hyphen."""
    for index, match in enumerate(_PIECE.finditer(run.string, *run.span())):
        start, end = match.span()
        if "-" not in match[0]:
            yield _Token(start, end, match[0])
            continue
        parts = match[0].split("-")
        if all(part[:1].isupper() for part in parts):
            whole = not any(normalize(part) in COUNTRIES for part in parts)
        else:
            whole = index > 0 and not _TAIL.search(parts[-1])
        if whole:
            yield _Token(start, end, match[0])
            continue
        for part in parts:
            if part[:1].isupper() and part not in _OPENING_PREFIX:
                yield _Token(start, start + len(part), part)
            yield _Token(start, start, "")
            start += len(part) + 1


def _cut(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """The names within a run: titles, days and what joins two names fall out."""
    piece: list[_Token] = []
    titled = False
    for token, follower in pairwise([*tokens, _Token(0, 0, "")]):
        word = normalize(token.text)
        if titled and word in _AFTER_TITLE:
            continue
        titled = word in WORDS["title"] and normalize(follower.text) not in WORDS["head"]
        if titled:
            piece = _without_portfolio(piece)
        if titled or _parts(token, piece):
            yield from _trimmed(piece)
            piece = []
            continue
        piece.append(token)
        if _is_people(piece):
            yield from _trimmed(piece)
            piece = []
    yield from _trimmed(piece)


def _parts(token: _Token, piece: Sequence[_Token]) -> bool:
    """Whether a name ends before this word, which belongs to none."""
    if token.text in CALENDAR:
        return not (piece and token.text in _GIVEN_MONTHS)
    if token.text not in _JOINTS:
        return not token.text
    words = {normalize(t.text) for t in piece}
    return not (words & WORDS["head"] or token.text == "the") or (
        token.text in {"and", "&"} and ("of" not in words or "and" in words)
    )


def _is_people(piece: Sequence[_Token]) -> bool:
    """Whether it is a nationality or a country's acronym: a name of its own before others."""
    key = " ".join(normalize(token.text) for token in piece[:3])
    if key not in COUNTRIES:
        return False
    return piece[-1].text.isupper() or (key != COUNTRIES[key] and bool(_ADJECTIVE.search(key)))


def _without_portfolio(piece: list[_Token]) -> list[_Token]:
    while piece and normalize(piece[-1].text) in WORDS["portfolio"]:
        piece = piece[:-1]
    return piece


def _trimmed(piece: list[_Token]) -> Iterator[list[_Token]]:
    """The piece without particles and common words at its edges, when a name is left."""
    while piece and piece[0].text.lower() in _COMMON and not is_acronym(piece[0].text):
        piece = piece[1:]
    capital = [at for at, token in enumerate(piece) if token.text[0].isupper()]
    if capital and len(piece[capital[-1]].text) > 1:
        last = len(piece) - 1 if piece[-1].text == "24" else capital[-1]
        yield piece[capital[0] : last + 1]


def _named(text: str, piece: Sequence[_Token]) -> Name:
    span = Span(piece[0].start, piece[-1].end)
    words = tuple(t.text for t in piece if t.text not in _PARTICLES)
    return Name(span, text[span.start : span.end], words)
