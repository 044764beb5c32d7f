"""The citation marks of a text, in the forms that tools, editors and people write.

`MARKER_FORMS` is all that is known of forms: each row is a pattern and the function that reads the
references of its match. What stands inside brackets is read by `_PIECE_KINDS`, the same for every
kind of bracket.

Most forms prove nothing: "(Bern, 2024)" or "lost²" may be anything. So each reading says how much
evidence it needs: how many different marks of its series must lead to sources before marks of the
series count; 0 for what can be nothing else. Once a series counts, its marks that lead nowhere
count too, as unresolved.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from summarizer.audit.draft import Marker
from summarizer.text.dates import find_dates
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.spans import Span

MAX_RANGE_MARKERS = 50
"""Sources that one range may name; "[1-900]" is no citation."""

MAX_SPACES_BEFORE_MARK = 3

URL_PATTERN = r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”»*_]"


class MarkerToken(NamedTuple):
    """A place in the text with its marks. ``kept`` are words inside it that are prose; ``place``
    is in, or right behind, the sentence that the marks belong to."""

    span: Span
    kept: Span
    place: int
    markers: tuple[Marker, ...]


Resolves = Callable[[Marker], bool]
"""Whether a mark leads to a source."""


class _Reading(NamedTuple):
    """What a form makes of a match; ``opens``: the words that it belongs to follow it."""

    markers: tuple[Marker, ...]
    series: str
    evidence: int = 0
    kept: Span = Span(0, 0)
    opens: bool = False


_Candidate = tuple[re.Match[str], _Reading]


class _MarkerForm(NamedTuple):
    """``read`` returns None for a match that is no mark."""

    name: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Resolves], _Reading | None]


def find_markers(text: str, spans: Iterable[Span], resolves: Resolves) -> list[MarkerToken]:
    """The marks in the spans, in order and without overlap."""
    found = [each for span in spans for each in _candidates(text, span, resolves)]
    candidates = _counted_from_zero(found, resolves)
    counting = _counting_series(candidates, resolves)
    tokens: list[MarkerToken] = []
    end = 0
    for match, reading in candidates:
        if match.start() < end or (reading.series, reading.evidence) not in counting:
            continue
        start, kept = match.start(), reading.kept
        if kept.start == kept.end:
            floor = max(end, start - MAX_SPACES_BEFORE_MARK)
            start = next((n for n in range(start, floor, -1) if text[n - 1] not in " \t"), floor)
        place = match.end() if reading.opens else max(match.start(), kept.start)
        end = match.end()
        tokens.append(MarkerToken(Span(start, end), kept, place, reading.markers))
    return tokens


def _counting_series(candidates: Sequence[_Candidate], resolves: Resolves) -> set[tuple[str, int]]:
    """The series that have the evidence they need. Where that is more than one mark, at least half
    of all must lead to sources: "(3)" behind the topics of an archive is a count."""
    marks: dict[tuple[str, int], set[Marker]] = {}
    for _, reading in candidates:
        marks.setdefault((reading.series, reading.evidence), set()).update(reading.markers)
    counting = set()
    for (series, evidence), members in marks.items():
        leading = sum(map(resolves, members)) if evidence else 0
        if leading >= evidence and (evidence < 2 or 2 * leading >= len(members)):
            counting.add((series, evidence))
    return counting


def _counted_from_zero(candidates: Sequence[_Candidate], resolves: Resolves) -> list[_Candidate]:
    """The candidates; a series with a mark 0 counts from 0, if all its marks lead to sources so."""
    series: dict[str, set[Marker]] = {}
    for _, reading in candidates:
        series.setdefault(reading.series, set()).update(reading.markers)
    zero = {
        name
        for name, marks in series.items()
        if any(mark.label == "0" for mark in marks)
        and all(resolves(mark._replace(base=0)) for mark in marks)
    }
    return [
        (match, reading._replace(markers=tuple(m._replace(base=0) for m in reading.markers)))
        if reading.series in zero
        else (match, reading)
        for match, reading in candidates
    ]


def _candidates(text: str, span: Span, resolves: Resolves) -> Iterator[_Candidate]:
    """Every reading of every form, in the order of their places; they may overlap unless they need
    no evidence."""
    at = span.start
    while start := _MARK_START.search(text, at, span.end):
        at = start.start() + 1
        for form in MARKER_FORMS:
            match = form.pattern.match(text, start.start(), span.end)
            reading = match and form.read(match, resolves)
            if match and reading:
                yield match, reading
                if not reading.evidence:
                    at = match.end()
                    break


class _PieceKind(NamedTuple):
    """A kind of reference inside brackets, and the evidence that it needs in square and in round
    ones; None: in round ones it is no mark."""

    name: str
    pattern: re.Pattern[str]
    square: int
    in_round: int | None = None


class _Piece(NamedTuple):
    """One reference inside brackets, with its labels as they are looked up."""

    kind: _PieceKind
    labels: tuple[str, ...]
    address: str = ""
    base: int = 1


def _kind(name: str, pattern: str, square: int, in_round: int | None = None) -> _PieceKind:
    return _PieceKind(name, re.compile(pattern, re.IGNORECASE), square, in_round)


_PRIVATE = "[\ue000-\uf8ff]"
_DIGITS = r"\d{1,3}"
_RANGE = (
    rf"(?P<numbers>{_DIGITS}(?:(?:\s*[-–—]\s*|\s+to\s+)(?:[A-Z]{{1,2}})?{_DIGITS})?)(?:_\d{{1,4}})?"
)
_OF = r"s?\s*(?:[:#.№_-]|no\.|nr\.)?\s*#?"
_YEAR = r"(?:19|20)\d\d[a-z]?"
_PERSON = r"(?-i:[A-ZÀ-ÞА-Я])[\w’'-]+"
_OTHERS = rf"(?:(?:,? (?:and|&|und|et|y|и)|,) {_PERSON}|,? et al\.?)"
_CITED = pattern_of_all("citation_labels")
_DOCUMENT = pattern_of_all("document_labels")
_FILE = (
    r"[^\s,;|/]{1,100}(?:/[^\s,;|/]{1,100}){0,9}\.(?:txt|md|html?|pdf|docx?|eml|jsonl?|csv|rtf|odt)"
)

_PIECE_KINDS = (
    _kind("note", r"\^(?P<name>[^\s\]^]{1,60})\^?", 0),
    _kind("number", rf"#?{_RANGE}", 0, 2),
    _kind("S", rf"S{_RANGE}", 0, 0),
    _kind("cited", rf"{_CITED}{_OF}{_RANGE}", 0, 0),
    _kind("document", rf"{_DOCUMENT}{_OF}{_RANGE}", 1),
    _kind("letter", rf"(?-i:[A-Z]{{1,2}}){_RANGE}", 1, 1),
    _kind("index", rf"\d{{1,3}}:(?P<index>{_DIGITS})†\s*(?:source|L\d\S*)?", 0),
    _kind("number", rf"(?P<numbers>{_DIGITS})†\s*(?:source|L\d\S*)?", 0),
    _kind("file", r"(?:\d{1,3}:)?\d{1,3}†(?P<address>\S.*)", 0),
    _kind("key", r"-?@(?P<name>\w[\w:.#$%&+?/-]*)", 0, 1),
    _kind("address", rf"<?(?P<address>{URL_PATTERN}/?)>?", 0, 0),
    _kind("file", rf"(?P<address>{_FILE})(?::\d+(?:-\d+)?)?", 0, 0),
    _kind("author", rf"(?P<name>{_PERSON}{_OTHERS}*,?\s*\(?{_YEAR}\)?)", 1, 1),
)
_WORD = _kind("name", r"\w+(?: \w+)?", 1)
_TITLE = _kind("name", r".*", 1, 1)
_SEPARATORS = (r"\s*;\s*", r"\s*(?:[,;&|]|(?<=\d)/(?=\d)|\b(?:and|und|et|y|и)\b)\s*")
_PLACE_IN_SOURCE = re.compile(
    rf"[,:]?\s*(?<!\w){pattern_of_all('page_labels')}\s*\d+(?:\s*[-–]\s*\d+)?"
    r"|(?<=\d):\s*\d+(?:\s*[-–]\s*\d+)?(?=\s*(?:$|[;,]))",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    rf"(?:Data:|(?:see|cf\.|e\.g\.,?|vgl\.|via)\s|{_CITED}s?\s*:\s*(?=[^\d\s]))\s*", re.IGNORECASE
)
_GRAPH_RAG_SIGNS = re.compile(r"[()]|,? ?\+more")
_ALIAS = re.compile(r"(?<=\w)[|#][^,;]*$")
MAX_NAME_WORDS = 20


def _pieces(inside: str, resolves: Resolves) -> list[_Piece]:
    """The references inside brackets; empty if a part of it is none."""
    content = re.sub(r"[\\\"]", "", inside).strip()
    if lead := _LEAD_IN.match(content):
        content = content[lead.end() :]
        if lead[0].startswith("Data:"):
            content = _GRAPH_RAG_SIGNS.sub(" ", content)
    content = _PLACE_IN_SOURCE.sub("", content).strip()
    if whole := _piece(content, None, resolves):
        return [whole]
    for separator in _SEPARATORS:
        pieces: list[_Piece] = []
        parts = [part for part in re.split(separator, content) if part]
        for part in parts:
            before = pieces[-1].kind if pieces else None
            if piece := _piece(part, before, resolves):
                pieces.append(piece)
        if len(pieces) == len(parts):
            return pieces
    return []


def _piece(part: str, before: _PieceKind | None, resolves: Resolves) -> _Piece | None:
    """One reference. A number takes the kind of the one before it: "docs 1, 2"."""
    part = part.strip(" ()")
    for kind in _PIECE_KINDS:
        if match := kind.pattern.fullmatch(part):
            return _piece_of_kind(kind, match.groupdict(), before)
    name = _ALIAS.sub("", part).strip(" \"'“”")
    if (
        not name
        or name.isdecimal()
        or len(name.split()) > MAX_NAME_WORDS
        or not resolves(Marker(name, "", name))
    ):
        return None
    # A word or two in round brackets, such as "(fire)", are words and no title.
    return _Piece(_WORD if _WORD.pattern.fullmatch(name) else _TITLE, (name,), address=name)


def _piece_of_kind(
    kind: _PieceKind, groups: dict[str, str | None], before: _PieceKind | None
) -> _Piece | None:
    if numbers := groups.get("numbers"):
        counted = kind.name == "number" and before and "numbers" in before.pattern.groupindex
        return _Piece(before if counted and before else kind, tuple(_expanded(numbers)))
    if index := groups.get("index"):
        return _Piece(kind, (index,), base=0)
    if address := groups.get("address"):
        return _Piece(kind, (address,), address=address)
    name = groups["name"] or ""
    if kind.name == "author" and any(date.month for date in find_dates(name)):
        return None
    return _Piece(kind, (f"^{name}" if kind.name == "note" else name,))


def _expanded(numbers: str) -> Iterator[str]:
    """``3-5`` -> 3, 4, 5; leading noughts are dropped."""
    ends = [int(found) for found in re.findall(r"\d+", numbers)]
    if 0 <= ends[-1] - ends[0] < MAX_RANGE_MARKERS:
        yield from map(str, range(ends[0], ends[-1] + 1))
    else:
        yield from map(str, ends)


def _markers(pieces: Sequence[_Piece], aim: str = "") -> tuple[Marker, ...]:
    sign = {"S": "S", "key": "@"}
    return tuple(
        Marker(
            label,
            label if piece.address else f"[{sign.get(piece.kind.name, '')}{label}]",
            piece.address or aim,
            piece.base,
        )
        for piece in pieces
        for label in piece.labels
    )


def _read_square(match: re.Match[str], resolves: Resolves) -> _Reading | None:
    """``[1]`` and what else stands in square brackets and their like."""
    pieces = _pieces(match["inside"], resolves)
    aim = (match.groupdict().get("aim") or "").strip("<>")
    if not pieces or (aim and pieces[0].address):
        return None  # or a link, whose words are a name
    markers = _markers(pieces, aim)
    series = f"{match[0][0]} {pieces[0].kind.name}"
    evidence = max(piece.kind.square for piece in pieces)
    if pieces[0].kind.name == "number" and _INSERTION.match(match.string, match.end()):
        # "He saw [12] men" is an editor's figure, unless it is the number of a source.
        return _Reading(markers, f"{series} {match['inside']}", len(markers))
    return _Reading(markers, series, evidence)


_INSERTION = re.compile(r"(?<![.!?][\])】］]) [a-z]{2,}|\w")


def _read_rare_brackets(match: re.Match[str], resolves: Resolves) -> _Reading | None:
    """``{1}``, ``⟨1⟩`` and the like, which are seldom marks."""
    reading = _read_square(match, resolves)
    return reading and reading._replace(evidence=2)


def _read_round(match: re.Match[str], resolves: Resolves) -> _Reading | None:
    """``(S1)``, ``(source 2)``, ``(Quint, 2025)``, ``(b.txt)``; and the year in "Quint (2025)"."""
    inside = match["inside"].strip()
    if re.fullmatch(_YEAR, inside):
        author = _AUTHOR_BEFORE.search(match.string, max(0, match.start() - 80), match.start())
        name = f"{author['name']} {inside}" if author else ""
        return _Reading((Marker(name, f"({inside})"),), "author in prose", 1) if name else None
    pieces = _pieces(inside, resolves)
    needed = [piece.kind.in_round for piece in pieces]
    if not needed or needed[0] is None:
        return None
    series = f"round {pieces[0].kind.name}"
    numbered = pieces[0].kind.name == "number"
    if numbered and ("-" in inside or not _CLAUSE_END.match(match.string, match.end())):
        return None  # "(1) the harbour, (2) the quay" counts, and "(3-1)" is a score
    return _Reading(_markers(pieces), series, max(filter(None, needed), default=0))


_CLAUSE_END = re.compile(r"\s*(?:[.,;:!?()\[]|$)", re.MULTILINE)
_AUTHOR_BEFORE = re.compile(rf"(?P<name>{_PERSON}{_OTHERS}?) ?$")


def _read_superscript(match: re.Match[str], resolves: Resolves) -> _Reading | None:
    """``¹`` and ``<sup>1</sup>``, unless it is the power of a number or of a unit."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    inside = match.groupdict().get("inside") or "".join(map(_plain_sign, match[0]))
    pieces = _pieces(inside, resolves)
    if not pieces or _POWER_BASE.search(before):
        return None
    markers = _markers(pieces)
    if inside.isdecimal() and not resolves(markers[0]):
        # "¹²" is twelve only where there are twelve sources.
        single = tuple(Marker(digit, f"[{digit}]") for digit in inside)
        markers = single if all(map(resolves, single)) else markers
    return _Reading(markers, "superscript", 0 if _ENDED_CLAUSE.search(before) else 1)


_POWER_BASE = re.compile(r"(?:(?<!\w)[^\W\d_]{1,2}|(?<![\w.,])\d{1,3}(?:[.,]\d{1,2})?)$|^$")
_ENDED_CLAUSE = re.compile(r"[.!?,;:”’\"')\]] ?$")


def _plain_sign(sign: str) -> str:
    """``²`` -> ``2``; a raised minus or comma -> ``-`` or ``,``."""
    digit = unicodedata.digit(sign, None)
    return str(digit) if digit is not None else "-" if sign in "⁻–-" else ","


def _read_index(match: re.Match[str], _resolves: Resolves) -> _Reading:
    """Indexes that count from 0: ``##0$$``, ``[ID:0]``, ``turn0search0``, ``oaicite:0``."""
    numbers = re.findall(r"(?<!\d)(?<!turn)\d{1,3}(?!\d)", match["inside"])
    shown = re.sub(_PRIVATE, "", match[0]) if len(numbers) == 1 else ""
    markers = (Marker(each, shown or f"[{each}]", base=0) for each in numbers)
    return _Reading(tuple(markers), "index")


def _read_opening_tag(match: re.Match[str], _resolves: Resolves) -> _Reading:
    """``<cite index="0-1,2-3">`` and ``<co: 0,2>``: documents from 0, before their words."""
    numbers = dict.fromkeys(re.findall(r"(?:^|,)\s*(\d{1,3})", match["inside"]))
    markers = tuple(Marker(each, f"[{each}]", base=0) for each in numbers)
    return _Reading(markers, "tag", opens=True)


def _read_content(match: re.Match[str], resolves: Resolves) -> _Reading:
    """``<ref>...</ref>`` and ``^[...]``: marks whatever they hold."""
    inside = " ".join(match["inside"].split())
    address = re.search(URL_PATTERN, inside)
    named = Marker(inside, f"[{inside}]", address[0] if address else inside)
    return _Reading(_markers(_pieces(inside, resolves)) or (named,), "content")


def _read_keys(match: re.Match[str], _resolves: Resolves) -> _Reading:
    r"""``\cite{a,b}`` and ``@quint2025`` in prose."""
    names = re.split(r"\s*,\s*", match["inside"].rstrip(".:,"))
    markers = tuple(Marker(name, f"[@{name}]") for name in names)
    if match[0].startswith("\\"):
        return _Reading(markers, "keys")
    # "@quint2025 writes that" has a subject; behind a sentence the key is only a mark.
    subject = not _CLAUSE_END.match(match.string, match.end())
    kept = Span(match.start(), match.end("inside")) if subject else Span(0, 0)
    return _Reading(markers, "keys in prose", 1, kept)


def _read_glued(match: re.Match[str], _resolves: Resolves) -> _Reading:
    """A number that is no longer raised: "a day.1 The court"."""
    numbers = [number for part in match["inside"].split(",") for number in _expanded(part)]
    return _Reading(tuple(Marker(each, f"[{each}]") for each in numbers), "glued", 2)


def _read_link(match: re.Match[str], _resolves: Resolves) -> _Reading:
    """``[words](address)``; the words are prose."""
    address = match["aim"].strip("<>")
    return _Reading((Marker(address, address, address),), "link", kept=Span(*match.span("words")))


def _read_html_link(match: re.Match[str], resolves: Resolves) -> _Reading:
    """``<a href="address">1</a>``, and with words that are prose."""
    if pieces := _pieces(match["words"].strip("[]"), resolves):
        return _Reading(_markers(pieces, match["aim"]), "link")
    return _read_link(match, resolves)


def _read_labelled_link(match: re.Match[str], _resolves: Resolves) -> _Reading:
    """``[words][label]``, where the label leads to a source."""
    label = match["label"] or match["words"]
    marker, kept = Marker(label, f"[{label}]"), Span(*match.span("words"))
    return _Reading((marker,), f"labelled link {label}", 1, kept)


def _read_address(match: re.Match[str], _resolves: Resolves) -> _Reading:
    address = match[0].strip("()<>")
    return _Reading((Marker(address, address, address),), "address")


def _read_code(match: re.Match[str], _resolves: Resolves) -> _Reading:
    """No marks: what stands in code cites nothing."""
    return _Reading((), "code", kept=Span(*match.span("inside")))


def _form(
    name: str, pattern: str, read: Callable[[re.Match[str], Resolves], _Reading | None]
) -> _MarkerForm:
    return _MarkerForm(name, re.compile(pattern), read)


_AIM = r"\(\s*(?P<aim><?[^()\s<>]+(?:\([^()\s]*\)[^()\s]*)*>?)(?:\s+\"[^\"\n]*\")?\s*\)"
_INSIDE = r"(?P<inside>(?:[^\[\]［］【】\n\\]|\\(?=[_.*-])){1,200})"
_RESULT = r"turn\d{1,3}[a-z]{1,12}\d{1,3}"

MARKER_FORMS = (
    _form("code", r"(?P<ticks>`{1,2})(?P<inside>[^`\n]{1,300})(?P=ticks)(?!`)", _read_code),
    _form("RAGFlow", r"##(?P<inside>\d{1,3})\$\$", _read_index),
    _form("RAGFlow, new", r"\[ID:(?P<inside>\s*\d{1,3}(?:,\s*\d{1,3})*)\]", _read_index),
    _form(
        "ChatGPT, copied",
        rf"{_PRIVATE}*(?:file)?cite{_PRIVATE}*(?P<inside>{_RESULT}(?:{_PRIVATE}*{_RESULT})*){_PRIVATE}*",
        _read_index,
    ),
    _form(
        "ChatGPT, API",
        r":contentReference\[oaicite:(?P<inside>\d{1,3})\](?:\{index=\d+\})?",
        _read_index,
    ),
    _form(
        "Claude",
        r"<cite\b[^<>\n]*?\bindex=[\"']?(?P<inside>[\d,\s:-]+)[^<>\n]*>",
        _read_opening_tag,
    ),
    _form("Cohere", r"<co:\s*(?P<inside>[\d,\s]+)>", _read_opening_tag),
    _form(
        "reference tag",
        r"<(?P<tag>ref|source|citation|cite)\b[^<>\n]*(?<!/)>(?P<inside>[^<\n]{1,300})</(?P=tag)>",
        _read_content,
    ),
    _form("inline note", r"\^\[(?P<inside>[^\[\]\n]{1,300})\]", _read_content),
    _form(
        "LaTeX",
        r"\\(?:foot|paren|text|auto)?cite[a-z]{0,6}\*?(?:\[[^\]\n]{0,80}\]){0,2}\{(?P<inside>[^{}\n]{1,200})\}",
        _read_keys,
    ),
    _form(
        "superscript tag",
        r"<sup\b[^<>\n]*>(?:\s*<a\b[^<>\n]*>)?\s*\[?(?P<inside>[^\[\]<>\n]{1,60})\]?\s*(?:</a>\s*)?</sup>",
        _read_superscript,
    ),
    _form(
        "superscript",
        "[⁰¹²³⁴-⁹]{1,3}(?:[⁻,˒·–-][⁰¹²³⁴-⁹]{1,3}){0,9}(?![⁰¹²³⁴-⁹])",
        _read_superscript,
    ),
    _form("escaped brackets", rf"\\\[\s*{_INSIDE}\s*\\\]", _read_square),
    _form(
        "square brackets",
        rf"(?P<outer>\[)?\[{_INSIDE}\](?(outer)\])(?:{_AIM}|_(?!\w)|:\d{{1,4}}(?=\s|$))?",
        _read_square,
    ),
    _form("lenticular brackets", rf"【{_INSIDE}】", _read_square),
    _form("wide brackets", rf"［{_INSIDE}］", _read_square),
    _form(
        "rare brackets",
        r"(?:\{\{?|⟦|〔|⟨|〈|<(?=\d{1,3}>))(?P<inside>[^{}⟦⟧〔〕⟨⟩〈〉<>\n]{1,80})(?:\}\}?|⟧|〕|⟩|〉|>)",
        _read_rare_brackets,
    ),
    _form(
        "round brackets",
        r"[(（](?P<inside>[^()（）\[\]\n]{1,200}|[^()\[\]\n]{1,120}\((?:19|20)\d\d[a-z]?\))[)）]",
        _read_round,
    ),
    _form("link", rf"(?<!!)\[(?P<words>[^\[\]\n]{{1,300}})\]{_AIM}", _read_link),
    _form(
        "HTML link",
        r"<a\b[^<>\n]*?\bhref=[\"']?(?P<aim>[^\"'<>\s]+)[^<>\n]*>(?P<words>[^<\n]{1,300})</a>",
        _read_html_link,
    ),
    _form(
        "labelled link",
        r"\[(?P<words>[^\[\]\n]{1,300})\](?:\[(?P<label>[^\[\]\n]{0,60})\]|_(?!\w))?",
        _read_labelled_link,
    ),
    _form("address", rf"\(<?{URL_PATTERN}/?>?\)|<{URL_PATTERN}/?>|{URL_PATTERN}", _read_address),
    _form(
        "key in prose",
        r"(?<![\w.])@(?P<inside>\w[\w:-]*(?:\.\w+)?)(?: \[[^\[\]\n]{1,40}\])?",
        _read_keys,
    ),
    _form(
        "lost superscript",
        r"(?:(?<=[a-z]{3}[.!?,;])|(?<=[a-z]{3}[.!?][\"”’])|(?<=[a-z]{4}))(?P<inside>\d{1,2}(?:[,–-]\d{1,2})*)(?=\s|$|[.,;](?:\s|$))",
        _read_glued,
    ),
)
"""Every form of marks, the special ones first: where two fit, the upper one is meant."""

_MARK_START = re.compile(
    rf"[\[(（［【〔{{⟦⟨〈<#@\\:^`⁰¹²³⁴-⁹]|{_PRIVATE}|cite|filecite|https?:|(?<=[a-z.!?,;\"”’])\d"
)
