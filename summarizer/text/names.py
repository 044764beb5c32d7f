"""Proper names in a text, found by their capitals.

    text -> capitalised runs -> cut at titles, calendar words and nationalities -> names

Latin and Cyrillic scripts; in Japanese, Katakana joined by a middle dot. German capitalises every
noun, so too much is found there. The only gazetteer is that of the commonest countries and their
adjectives.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from summarizer.text.dates import CALENDAR_NAMES
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS, ends_sentence
from summarizer.text.spans import Span
from summarizer.text.tokens import FUNCTION_WORDS, fold_word, is_common_stem, stems

__all__ = ["COUNTRIES", "NAME_WORDS", "Name", "find_names", "is_acronym", "normalize_name"]

_NATIONS = """
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
COUNTRIES = {
    form.strip(): country.split("/")[0].strip()
    for country in _NATIONS.split(";")
    for form in country.split("/")
}
"""A country, its acronyms and its people, normalized -> the country."""

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
 among an and another any anybody anyone anything are around as asked at back based because before
 behind being below both but by can click clearly copyright could critics despite did do does
 during each earlier either even every everybody everyone everything experts few first finally
 five for four from further given had half has have having he her here his how however i if image
 in instead into is it its just last later less like lots many meanwhile more moreover most much
 my near nearly neither never nevertheless new next no nobody none nor not nothing now of off
 officials often on once one only or other others our out over part people perhaps photo police
 read reporting second several shares she should similarly since six so some somebody someone
 something sometimes soon still stocks such ten young old big than that the their them then there
 these they third this those though three through throughout thus to together two under unlike
 until up us use very video was we well were what whatever when where whereas whether which while
 who whose why will with within without would yes yet you your analysts major senior recent top
 key local former
"""
NAME_WORDS = {
    name: frozenset(words.split())
    for name, words in re.findall(r"^(\w+): ((?:.|\n )+)", _WORD_LISTS, flags=re.MULTILINE)
}
"""What a word can be in or beside a name -> such words, in lower case."""

_CASE_ENDING = re.compile(
    r"(?<=[\u0400-\u04ff]{3})(?:ого|ому|ові|ою|ом|ем|ем|им|ым|ий|ый|ой|[аеєиіїоуюяйьы])$"
)


def is_acronym(word: str) -> bool:
    """Whether all its letters are capitals, and it is more than one."""
    return len(word) > 1 and word.isupper()


@lru_cache(maxsize=1 << 16)
def normalize_name(text: str) -> str:
    """One spelling: no case, accents, periods, initials, or Cyrillic case endings."""
    words = [fold_word(word) for word in text.replace(".", "").replace("-", " ").split()]
    kept = [word for word in words if len(word) > 1] or words
    return " ".join(_CASE_ENDING.sub("", word) for word in kept)


class _NameToken(NamedTuple):
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
_EXTENDED_LETTERS = re.compile("[\u0100-\u052f\u1e00-\u1eff]")
"""Letters whose capitals are more than those: more Latin, Greek, Cyrillic, Armenian."""
_LINKS = "de del della di da dos du van von der den bin ibn al el la le y und des zu"
_JOINTS = ("of", "for", "and", "the", "&")
_PARTICLES = (*_LINKS.split(), *_JOINTS)
_PIECE = re.compile(r"[^ \u00a0]+")
_KATAKANA = re.compile(r"[ァ-ヺー]+(?:[・＝][ァ-ヺー]+)+")
_START = re.compile(rf"(?:[{SENTENCE_TERMINALS}:]|\n)[\s{CLOSING_MARKS}„(\[*•–—-]*$")
_LOWER_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+")
_LINE = re.compile(r"[^\n]+")
_BROKEN_OUTLET = re.compile(
    rf"(?<=\w)\n(?=(?:{'|'.join(sorted(word.title() for word in NAME_WORDS['outlet']))})\b)"
)
_TAIL = re.compile(r"ed$|^.{6,}|^(?:era|made|style|born|run|wide|like|free|bound)$")
_COMMON_STARTERS = NAME_WORDS["starter"] - NAME_WORDS["place"]
_AFTER_TITLE = NAME_WORDS["portfolio"] | {"of", "the", "and", "for"}
_GIVEN_MONTHS = {"May", "April", "June", "August"}


def find_names(text: str, known_words: Collection[str] = ()) -> tuple[Name, ...]:
    """Every proper name in the text, in order, titles left out. Linear in the text.

    ``elsewhere``: words of names in kindred texts, for capitals that only open a sentence here.

    >>> text = "US Treasury Secretary Scott Bessent praised O'Brien's plan."
    >>> [name.text for name in find_names(text)]
    ['US', 'Scott Bessent', "O'Brien"]
    """
    given = text
    if "\n" in text:
        text = _BROKEN_OUTLET.sub(" ", text)  # "Iran\nInternational" is one name, and no country
    lower = frozenset(word for word in _LOWER_WORD.findall(text) if word.islower())
    capitalised = _capitalised_run(_EXTENDED_LETTERS.search(text) is not None)
    runs: list[tuple[re.Match[str], bool, bool]] = []
    for line in _LINE.finditer(text):
        heading = _is_heading(line[0], lower)
        found = capitalised.finditer(text, line.start(), line.end())
        runs.extend((run, heading, _opens_sentence(text, run.start())) for run in found)
    inner = [run[0].split() for run, heading, opens in runs if not (heading or opens)]
    known = frozenset(known_words).union(*inner)
    found_names = list(_katakana_names(text))
    for run, heading, opens in runs:
        tokens = list(_run_tokens(run))
        if heading or (opens and text.startswith(":", run.end())):
            tokens = [t if _is_known_name(t.text, known) else t._replace(text="") for t in tokens]
        elif opens and not _opens_with_name(tokens, text, known, lower):
            tokens = tokens[1:]
        found_names.extend(_name_of(given, piece) for piece in _split_names(tokens))
    return tuple(sorted(found_names))


@cache
def _capitalised_run(farther: bool) -> re.Pattern[str]:
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


def _katakana_names(text: str) -> Iterator[Name]:
    for match in _KATAKANA.finditer(text):
        yield Name(Span(*match.span()), match[0], tuple(re.split("[・＝]", match[0])))


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
    return any(w.lower() in lower or w.lower() in NAME_WORDS["starter"] for w in long)


def _opens_sentence(text: str, start: int) -> bool:
    """Whether a sentence, a quotation or a line begins here."""
    before = f"\n{text[:start]}" if start < 6 else text[start - 6 : start]
    return bool(_START.search(before))


def _is_known_name(word: str, known: Collection[str]) -> bool:
    return word in known or normalize_name(word) in COUNTRIES


def _opens_with_name(
    tokens: Sequence[_NameToken], text: str, known: Collection[str], lower: Collection[str]
) -> bool:
    """Whether the first word of a sentence is a name's, and not only the first of a sentence."""
    word = tokens[0].text
    plain = word.lower()
    if plain in NAME_WORDS["starter"] or plain in FUNCTION_WORDS:
        return is_acronym(word)
    if _is_known_name(word, known) or is_acronym(word) or plain in NAME_WORDS["title"]:
        return True
    after = text[tokens[-1].end : tokens[-1].end + 24]
    if plain in lower:
        return False
    if len(tokens) > 1:
        return _begins_long_name(plain, tokens[1].text)
    if _COMMON_ENDING.search(plain) or is_common_stem(stems(plain)[0]):
        return False
    return bool(_VERB_NEXT.match(after))


def _begins_long_name(plain: str, second: str) -> bool:
    """Whether a first word belongs to a name of several: "Bank of", but not "Support for"."""
    if second in _JOINTS:
        return plain in NAME_WORDS["head"] or not is_common_stem(stems(plain)[0])
    return normalize_name(second) not in COUNTRIES


def _run_tokens(run: re.Match[str]) -> Iterator[_NameToken]:
    """The words of a run; "US-China" and "Taiwan-based" are parted at their hyphen."""
    for index, match in enumerate(_PIECE.finditer(run.string, *run.span())):
        start, end = match.span()
        if "-" not in match[0]:
            yield _NameToken(start, end, match[0])
            continue
        parts = match[0].split("-")
        if all(part[:1].isupper() for part in parts):
            whole = not any(normalize_name(part) in COUNTRIES for part in parts)
        else:
            whole = index > 0 and not _TAIL.search(parts[-1])
        if whole:
            yield _NameToken(start, end, match[0])
            continue
        for part in parts:
            if part[:1].isupper() and part not in _OPENING_PREFIX:
                yield _NameToken(start, start + len(part), part)
            yield _NameToken(start, start, "")
            start += len(part) + 1


def _split_names(tokens: Sequence[_NameToken]) -> Iterator[list[_NameToken]]:
    """The names within a run: titles, days and what joins two names fall out."""
    piece: list[_NameToken] = []
    titled = False
    for token, follower in pairwise([*tokens, _NameToken(0, 0, "")]):
        word = normalize_name(token.text)
        if titled and word in _AFTER_TITLE:
            continue
        titled = (
            word in NAME_WORDS["title"] and normalize_name(follower.text) not in NAME_WORDS["head"]
        )
        if titled:
            piece = _without_portfolio(piece)
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
    words = {normalize_name(t.text) for t in piece}
    return not (words & NAME_WORDS["head"] or token.text == "the") or (
        token.text in {"and", "&"} and ("of" not in words or "and" in words)
    )


def _is_nationality(piece: Sequence[_NameToken]) -> bool:
    """Whether it is a nationality or a country's acronym: a name of its own before others."""
    key = " ".join(normalize_name(token.text) for token in piece[:3])
    if key not in COUNTRIES:
        return False
    return piece[-1].text.isupper() or (key != COUNTRIES[key] and bool(_ADJECTIVE.search(key)))


def _without_portfolio(piece: list[_NameToken]) -> list[_NameToken]:
    while piece and normalize_name(piece[-1].text) in NAME_WORDS["portfolio"]:
        piece = piece[:-1]
    return piece


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
    words = tuple(t.text for t in piece if t.text not in _PARTICLES)
    return Name(span, text[span.start : span.end], words)
