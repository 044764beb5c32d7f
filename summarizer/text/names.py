"""Proper names: found by their capitals, compared by what the sources themselves license.

    text -> capitalised runs -> cut at titles, calendar words and nationalities -> names
    all sources -> aliases: surname or acronym -> the one full name it stands for

Latin and Cyrillic scripts; in Japanese, Katakana joined by a middle dot. No gazetteer but the
commonest countries and their adjectives. German capitalises every noun: there it finds too much.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from summarizer.text.dates import CALENDAR
from summarizer.text.selectors import Span
from summarizer.text.tokens import fold

__all__ = [
    "Aliases",
    "Name",
    "aliases",
    "institution",
    "named_in",
    "names",
    "nation",
    "outlet",
    "same",
    "variant",
]


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


Aliases = Mapping[str, str]
"""A short name -> the full name it stands for, both folded."""

_COUNTRIES = """
united states/us/usa/america/american/americans/сша; china/chinese; taiwan/taiwanese;
japan/japanese;
united kingdom/uk/britain/great britain/british/britons; russia/russian/russians; poland/polish;
ukraine/ukrainian/ukrainians; germany/german/germans; france/french; italy/italian; spain/spanish;
netherlands/dutch; belgium/belgian; switzerland/swiss; austria/austrian; sweden/swedish;
norway/norwegian; denmark/danish; finland/finnish; ireland/irish; portugal/portuguese;
greece/greek; turkey/turkish; hungary/hungarian; czechia/czech/czech republic; slovakia/slovak;
romania/romanian; bulgaria/bulgarian; serbia/serbian; belarus/belarusian; iran/iranian; iraq/iraqi;
israel/israeli/israelis; palestine/palestinian/palestinians; syria/syrian; lebanon/lebanese;
jordan/jordanian; saudi arabia/saudi/saudis; yemen/yemeni; egypt/egyptian; libya/libyan;
sudan/sudanese; ethiopia/ethiopian; kenya/kenyan; nigeria/nigerian; south africa/south african;
india/indian; pakistan/pakistani; afghanistan/afghan/afghans; bangladesh/bangladeshi;
myanmar/burma/burmese; thailand/thai; vietnam/vietnamese; philippines/philippine/filipino;
indonesia/indonesian; malaysia/malaysian; singapore/singaporean; south korea/south korean;
north korea/north korean; australia/australian; new zealand/new zealander; canada/canadian;
mexico/mexican; brazil/brazilian; argentina/argentine/argentinian; chile/chilean; cuba/cuban;
colombia/colombian; venezuela/venezuelan; peru/peruvian; kazakhstan/kazakh; georgia/georgian;
armenia/armenian; qatar/qatari; european union/eu/єс/ес; united nations/un/оон;
europe/european/europeans
"""
_COUNTRY = {
    form.strip(): country.split("/")[0].strip()
    for country in _COUNTRIES.split(";")
    for form in country.split("/")
}
_ADJECTIVE = re.compile(r"(?:an|ese|ish|ch|ss|i|k|ean|ine|er|thai|filipino|ans|is)$")

_WORD_LISTS = """
title: president vice prime minister secretary chancellor king queen prince princess crown pope
 senator representative congressman congresswoman governor mayor ambassador general colonel captain
 lieutenant sergeant admiral judge justice chief executive officer ceo cfo chairman chairwoman chair
 director professor dr mr mrs ms sir sen rep gov gen lt col sgt capt prof rev former acting deputy
 leader premier commissioner speaker attorney spokesman spokeswoman spokesperson sheriff emperor
 президент міністр министр прем'єр канцлер presidente président präsident kanzler
portfolio: state treasury commerce defense defence foreign finance interior trade health energy
 home education agriculture transport transportation labor labour homeland security economy affairs
head: ministry department bank university institute council committee commission court agency
 administration bureau office association organization organisation union party center centers
 centre school college republic board authority service fund federation league army corps academy
 foundation chamber society house parliament assembly
outlet: times post news daily international herald tribune television tv radio 24 journal gazette
 telegraph observer independent mail express mirror chronicle globe standard today weekly magazine
place: north south east west new saint san los las united great cape lake mount fort port el
starter: about above according across additional after again all almost already also although amid
 among an and another any are around as asked at back based because before behind being below both
 but by can click clearly copyright could critics despite did do does during each earlier either
 even every experts few first finally five for four from further given had half has have having he
 her here his how however i if image in instead into is it its just last later less like lots many
 meanwhile more moreover most much my near nearly neither never nevertheless new next no none nor
 not nothing now of off officials often on once one only or other others our out over part people
 perhaps photo police read reporting second several shares she should similarly since six so
 some sometimes soon still stocks such ten young
 old big than that the their them then there these they third this
 those though three through throughout thus to together two under unlike until up us use very video
 was we well were what whatever when where whereas whether which while who whose why will with
 within without would yes yet you your analysts major senior recent top key local former
"""
_LISTS = {
    name: frozenset(words.split())
    for name, words in re.findall(r"^(\w+): ((?:.|\n )+)", _WORD_LISTS, flags=re.MULTILINE)
}
_COMMON_ENDING = re.compile(
    r"(?:(?<![jq])ing|tion|sion|ment|ness|ity|ance|ence|ism|ly|ed|less|ful|(?<![aiu])s)$"
)
_VERB_NEXT = re.compile(
    r"['’]s\b|,? (?:also |has |had |have )?"
    r"(?:\w+ed|said|says|is|was|were|are|has|had|have|will|would|could|may"
    r"|might|can|told|wrote|took|made|won|lost|held|met|went|came|gave|saw|sent|began|left|led|wants)\b"
)

_LETTERS = map(chr, (*range(0x530), *range(0x1E00, 0x1F00)))
_UPPER = "".join(letter for letter in _LETTERS if letter.isupper())
_WORD = (
    rf"(?:(?:[{_UPPER}]\.){{2,}}|[{_UPPER}]\.(?=[ ]?[{_UPPER}])"
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Prof|Rev|St)\."
    rf"|[{_UPPER}](?:[^\W\d_]{{4,}}(?=\d)|\w*)(?:['’ʼ](?![sS]\b)\w+)*(?:-\w+)*)"
)
_LINKS = "de del della di da dos du van von der den bin ibn al el la le y und des zu"
_JOINTS = "of for and the &"
_PARTICLES = tuple(f"{_LINKS} {_JOINTS}".split())
_RUN = re.compile(
    rf"(?<!\w){_WORD}(?:[ \u00a0](?:(?:{'|'.join(_PARTICLES)})[ \u00a0]){{0,2}}{_WORD})*(?: 24\b)?"
)
_PIECE = re.compile(r"[^ \u00a0]+")
_KATAKANA = re.compile(r"[ァ-ヺー]+(?:[・＝][ァ-ヺー]+)+")
_START = re.compile(r"(?:[.!?…:。！？]|\n)[\s\"“”‘’'«»„()\[\]*•–—-]*$")
_LOWER_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+")
_LINE = re.compile(r"[^\n]+")
_TAIL = re.compile(r"ed$|^.{6,}|^(?:era|made|style|born|run|wide|like|free|bound)$")
_AFTER_TITLE = _LISTS["portfolio"] | {"of", "the", "and", "for"}
_GIVEN_MONTHS = {"May", "April", "June", "August"}
_DEMONYM = ("an", "ian", "ese")
_CASE_ENDING = re.compile(
    r"(?<=[\u0400-\u04ff]{3})(?:ого|ому|ові|ою|ом|ем|ем|им|ым|ий|ый|ой|[аеєиіїоуюяйьы])$"
)
_SOUNDS = (("ph", "f"), ("[ck]+h?|q", "k"), ("w", "v"), ("[yj]", "i"), ("r", "l"), ("tz|ts|z", "s"))


def names(text: str, elsewhere: Collection[str] = ()) -> tuple[Name, ...]:
    """Every proper name in the text, in order, titles left out. Linear in the text.

    ``elsewhere``: words of names in kindred texts, for capitals that only open a sentence here.

    >>> [name.text for name in names("US Treasury Secretary Scott Bessent praised O'Brien's plan.")]
    ['US', 'Scott Bessent', "O'Brien"]
    """
    lower = frozenset(word for word in _LOWER_WORD.findall(text) if word.islower())
    runs: list[tuple[re.Match[str], bool, bool]] = []
    for line in _LINE.finditer(text):
        heading = _is_heading(line[0], lower)
        found = _RUN.finditer(text, line.start(), line.end())
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
        found_names.extend(_named(text, piece) for piece in _cut(tokens))
    return tuple(sorted(found_names))


def _katakana(text: str) -> Iterator[Name]:
    for match in _KATAKANA.finditer(text):
        yield Name(Span(*match.span()), match[0], tuple(re.split("[・＝]", match[0])))


def _is_heading(line: str, lower: Collection[str]) -> bool:
    """Title Case or ALL CAPS: a line whose capitals tell nothing."""
    if line.rstrip("\"”’'»)] ").endswith((".", "!", "?", ",", "…")):
        return False
    long = [word for word in _LOWER_WORD.findall(line) if len(word) > 3]
    if len(long) < 2:
        return False
    if line.upper() == line:
        return True
    if len(long) < 3 or not all(word[0].isupper() for word in long):
        return False
    return any(w.lower() in lower or w.lower() in _LISTS["starter"] for w in long)


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, a quotation or a line begins here."""
    before = f"\n{text[:start]}" if start < 6 else text[start - 6 : start]
    return bool(_START.search(before))


def _stands(word: str, known: Collection[str]) -> bool:
    return word in known or _folded(word) in _COUNTRY


def _is_name(
    tokens: Sequence[_Token], text: str, known: Collection[str], lower: Collection[str]
) -> bool:
    """Whether the first word of a sentence is a name's, and not only the first of a sentence."""
    word = tokens[0].text
    plain = word.lower()
    if plain in _LISTS["starter"]:
        return _is_acronym(word)
    if _stands(word, known) or _is_acronym(word) or plain in _LISTS["title"]:
        return True
    after = text[tokens[-1].end : tokens[-1].end + 24]
    if plain in lower:
        return False
    if len(tokens) > 1:
        return _folded(tokens[1].text) not in _COUNTRY
    return not _COMMON_ENDING.search(plain) and bool(_VERB_NEXT.match(after))


def _tokens(run: re.Match[str]) -> Iterator[_Token]:
    """The words of a run; "US-China" and "Taiwan-based" are parted at their hyphen."""
    for index, match in enumerate(_PIECE.finditer(run.string, *run.span())):
        start, end = match.span()
        parts = match[0].split("-")
        if all(part[:1].isupper() for part in parts):
            whole = not any(_folded(part) in _COUNTRY for part in parts)
        else:
            whole = index > 0 and not _TAIL.search(parts[-1])
        if whole or len(parts) == 1:
            yield _Token(start, end, match[0])
            continue
        for part in parts:
            if part[:1].isupper():
                yield _Token(start, start + len(part), part)
            yield _Token(start, start, "")
            start += len(part) + 1


def _cut(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """The names within a run: titles, days and what joins two names fall out."""
    piece: list[_Token] = []
    titled = False
    for token, follower in pairwise([*tokens, _Token(0, 0, "")]):
        word = _folded(token.text)
        if titled and word in _AFTER_TITLE:
            continue
        titled = word in _LISTS["title"] and _folded(follower.text) not in _LISTS["head"]
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
    if token.text not in _JOINTS.split():
        return not token.text
    words = {_folded(t.text) for t in piece}
    return not (words & _LISTS["head"] or token.text == "the") or (
        token.text in {"and", "&"} and ("of" not in words or "and" in words)
    )


def _is_people(piece: Sequence[_Token]) -> bool:
    """Whether it is a nationality or a country's acronym: a name of its own before others."""
    key = " ".join(_folded(token.text) for token in piece[:3])
    if key not in _COUNTRY:
        return False
    return piece[-1].text.isupper() or (key != _COUNTRY[key] and bool(_ADJECTIVE.search(key)))


def _without_portfolio(piece: list[_Token]) -> list[_Token]:
    while piece and _folded(piece[-1].text) in _LISTS["portfolio"]:
        piece = piece[:-1]
    return piece


def _trimmed(piece: list[_Token]) -> Iterator[list[_Token]]:
    """The piece without particles and common words at its edges, when a name is left."""
    common = _LISTS["starter"] - _LISTS["place"]
    while piece and piece[0].text.lower() in common and not _is_acronym(piece[0].text):
        piece = piece[1:]
    capital = [at for at, token in enumerate(piece) if token.text[0].isupper()]
    if capital and len(piece[capital[-1]].text) > 1:
        last = len(piece) - 1 if piece[-1].text == "24" else capital[-1]
        yield piece[capital[0] : last + 1]


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _named(text: str, piece: Sequence[_Token]) -> Name:
    span = Span(piece[0].start, piece[-1].end)
    words = tuple(t.text for t in piece if t.text not in _PARTICLES)
    return Name(span, text[span.start : span.end], words)


def outlet(name: Name | str) -> bool:
    """Whether this is a medium's name, which names no place: "Iran International", "France 24"."""
    words = _key(name).split()
    return len(words) > 1 and words[-1] in _LISTS["outlet"]


def aliases(texts: Iterable[str]) -> Aliases:
    """What the sources license: a surname or an acronym for the one full name it can stand for.

    A surname that two people share licenses neither.
    """
    found = [name for text in texts for name in names(text)]
    alone = {_key(name) for name in found if len(name.words) == 1}
    short: dict[str, set[str]] = defaultdict(set)
    for name in found:
        for alias in _shorts(name, alone):
            short[alias].add(_key(name))
    unique = ((alias, _longest(full)) for alias, full in short.items())
    return {alias: full for alias, full in unique if full and alias not in _COUNTRY}


def _shorts(name: Name, alone: Collection[str]) -> Iterator[str]:
    """Names this full name may be shortened to."""
    words = _key(name).split()
    if len(words) < 2 or outlet(name) or _key(name) in _COUNTRY:
        return
    if len(words) == 2 and not _institution(words) and words[0] not in _LISTS["place"]:
        yield words[-1]
        if words[0] in alone and words[-1] not in alone and not _is_acronym(name.words[0]):
            yield words[0]
    for parts in (words, [_folded(part) for part in name.text.split()]):
        initials = "".join(part[:1] for part in parts)
        if len(initials) > 2 or initials in alone:
            yield initials


def _longest(full: Collection[str]) -> str:
    """The fullest of names that can be one, empty when they are two."""
    longest = max(full, key=len)
    return longest if all(set(key.split()) <= set(longest.split()) for key in full) else ""


def same(a: Name | str, b: Name | str, known: Aliases) -> bool:
    """Whether both name one thing: equal, licensed by an alias, or a country and its people."""
    one, other = (known.get(key, _COUNTRY.get(key, key)) for key in (_key(a), _key(b)))
    if one == other or outlet(a) or outlet(b):
        return one == other
    ours, theirs = one.split(), other.split()
    if len(ours) > 1 and len(theirs) > 1:
        nested = set(ours) <= set(theirs) or set(theirs) <= set(ours)
        return nested and (ours[-1] == theirs[-1] or (_institution(ours) and _institution(theirs)))
    return any(
        x == y + end for x, y in ((one, other), (other, one)) for end in _DEMONYM if len(y) > 3
    )


def named_in(name: Name, evidence: Collection[Name], known: Aliases) -> bool:
    """Whether the evidence names the same; a place inside an outlet's name does not count."""
    return any(same(name, other, known) for other in evidence)


def nation(name: Name) -> bool:
    """Whether this names a country or its people."""
    return _key(name) in _COUNTRY


def institution(name: Name) -> bool:
    """Whether this names a ministry, an agency, a council: a body, not a person."""
    return _institution(_key(name).split())


def _institution(words: Iterable[str]) -> bool:
    return not _LISTS["head"].isdisjoint(words)


def _key(name: Name | str) -> str:
    words = name.split() if isinstance(name, str) else name.words
    return _folded(" ".join(words))


@lru_cache(maxsize=1 << 16)
def _folded(text: str) -> str:
    """One spelling: no case, accents, periods, initials, or Cyrillic case endings."""
    words = [fold(word) for word in text.replace(".", "").replace("-", " ").split()]
    kept = [word for word in words if len(word) > 1] or words
    return " ".join(_CASE_ENDING.sub("", word) for word in kept)


def variant(a: str, b: str) -> bool:
    """Whether these are probably two spellings of one name: "Howard Lutnick", "Howard Rutnik".

    Never for equal names; sure rather than complete, as it is used to show a disagreement.
    """
    ours, theirs = _folded(a).split(), _folded(b).split()
    if len(ours) != len(theirs):
        return False
    differing = [(x, y) for x, y in zip(ours, theirs, strict=True) if x != y]
    if len(differing) != 1:
        return False
    x, y = differing[0]
    if min(len(x), len(y)) < 5 or set(_COUNTRY).issuperset({x, y}):
        return False
    if _sound(x) == _sound(y):
        return len(ours) > 1 or min(len(x), len(y)) > 5
    near = len(ours) > 1 and min(len(x), len(y)) > 5 and not (x.startswith(y) or y.startswith(x))
    return near and _one_apart(x, y)


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    """A rough sound: letters that transliterations exchange are one, doubled ones single."""
    for pattern, letter in _SOUNDS:
        word = re.sub(pattern, letter, word)
    return re.sub(r"(.)\1+", r"\1", word)


def _one_apart(a: str, b: str) -> bool:
    """Whether one letter changed, added or left out makes one word the other."""
    short, long = sorted((a, b), key=len)
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    skip = len(short) == len(long)
    return len(long) - len(short) < 2 and short[at + skip :] == long[at + 1 :]
