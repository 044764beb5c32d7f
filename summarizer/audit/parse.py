"""A draft parsed into sentences, the citation markers of each, and its list of sources.

text
| lines       headings, code, tables and lists of sources are separated, each with its reason
| markers     marks in every form, and what each leads to
| plain       marks, links and Markdown are blanked, their places kept
| sentences   split, each with the marks inside it and right behind it
-> ParsedDraft

A mark behind a full stop belongs to the sentence before it; one that opens a line, to the sentence
after it.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from summarizer.audit.draft import MarkedSentence, Marker, NonProseText, ParsedDraft, SkipReason
from summarizer.audit.lines import separate_lines
from summarizer.audit.markers import MarkerToken, find_markers
from summarizer.audit.references import ReferenceFinder, SourceCatalogue
from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.text.languages import detect_language
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.sentences import (
    CLOSING_MARKS,
    SENTENCE_TERMINALS,
    ends_sentence,
    split_sentences,
)
from summarizer.text.spans import Span

_MARKUP = re.compile(
    r"""(?P<lead>^[ \t]*(?:(?:[-*+•>]|\#{1,6}|\d{1,2}[.)])[ \t]+)+)
    |(?P<image>!\[[^\]\n]*\]\([^)\n]*\))
    |\\(?P<escaped>[\\`*_\[\]<>&\#~$:.+=-])
    |(?P<markup>\*\*|__|`|</?(?!think)[a-zA-Z][\w:-]*(?:\ [^<>\n]*)?/?>|\[\^\]
        |\[cite_start\]|\[citation\ needed\]
        |(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)
        |(?:^|(?<=\s))\|(?=\s|$)|\|(?=[ \t]*$)|^[ \t]*\|
        |(?<=\])[ \t]{0,3}×\d{1,3}\b|[\ue000-\uf8ff\u200b\ufeff])""",
    re.VERBOSE | re.MULTILINE,
)
_EMPTY_BRACKETS = re.compile(
    r"[ \t]{0,3}[(\[（［](?:[^\w()\[\]]|\b(?:see|also|cf|vgl|via)\b){0,40}[)\]）］]", re.IGNORECASE
)
_GONE_BEFORE_STOP = re.compile(r"\s*\0[\s\0]*(?=[.,;:!?])")
_LOWER_CASE = re.compile(r" [^\W\d_A-Z]{2}")
_TWO_STOPS = re.compile(r"(?<=\w)\.\.$")
_ENDED = re.compile(
    rf"[{SENTENCE_TERMINALS}][{CLOSING_MARKS}]*\s*(?:\[[^\]\n]{{1,80}}\]\([^()\s]{{1,200}}\)\s*)?$"
)
_LINE_ENDS = re.compile(r"\s*(?:$|\n|\[)")
_NO_LETTERS = re.compile(r"[^a-z0-9]")
_MORE_SOURCES = re.compile(r"\+\d{1,2}$")
_UNKNOWN_MARK = re.compile(
    r"(?P<mark>\[[^\[\]\s]{1,24}\]|\[[^\[\]\n]{0,20}\d[^\[\]\n]{0,20}\]|\([^\W\d_]{0,12}[\s:#]?\d{1,3}\)"
    r"|(?<![\w.,])[^\w\s.,;:!?'\"“”‘’%€$£¥°+()\[\]–—/-]{1,3}[\w:]{0,12}\d{1,3}\w{0,4}"
    r"[^\w\s.,;:!?'\"“”‘’%€$£¥°+()\[\]–—/-]{1,3})"
    rf"(?=[\s{CLOSING_MARKS}]*(?:[.,;:!?]|$))",
    re.MULTILINE,
)
MIN_UNKNOWN_MARKS = 2
"""Different leftovers of one shape that are taken for marks: one alone is an insertion."""

_ABOUT_SOURCES = re.compile(rf"\W*{pattern_of_all('source_statements')}", re.IGNORECASE)
_CHAT = re.compile(rf"\W*{pattern_of_all('chat_phrases')}", re.IGNORECASE)
_CONTRAST = re.compile(rf";|,? \b{pattern_of_all('contrast_words')}\b", re.IGNORECASE)


def parse_draft(text: str, given: Sequence[Article | SourceError] = ()) -> ParsedDraft:
    """The sentences of a draft with their marks. ``given``: the sources that it may cite, by which
    marks of doubtful forms are recognised. Nothing is left out in silence."""
    catalogue = SourceCatalogue(given)
    lines = separate_lines(text, catalogue.named)
    entries = {entry.label: entry for entry in reversed(lines.entries)}
    finder = ReferenceFinder(catalogue, entries)
    blanked = _BlankedText(text)
    blocks = list(_joined_lines(lines.prose))
    tokens = deque(find_markers(text, blocks, finder.resolves))
    for block in blocks:
        blanked.add_block(block, tokens, finder)
    unknown = blanked.blank_unknown_marks()
    language = detect_language(blanked.prose)
    sentences, apart = [], []
    for sentence in _marked_sentences(blanked, language):
        if reason := _set_apart(sentence):
            apart.append(NonProseText(reason, sentence.text, sentence.span.start))
        else:
            sentences.append(sentence)
    skipped = sorted([*lines.skipped, *apart], key=lambda each: each.start)
    return ParsedDraft(text, language, tuple(sentences), entries, tuple(skipped), unknown)


def _set_apart(sentence: MarkedSentence) -> SkipReason | None:
    """Why this sentence is no claim: it says what the sources do not say, or speaks to the reader.
    One that goes on with "but" is judged whole."""
    if sentence.marks:
        return None
    if _CHAT.match(sentence.text):
        return "chat"
    if _ABOUT_SOURCES.match(sentence.text) and not _CONTRAST.search(sentence.text):
        return "about_sources"
    return None


class _BlankedText:
    """A text whose marks and markup are blanked, so that offsets stay."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._prose = ["\n" if letter == "\n" else " " for letter in text]
        self._gone = bytearray(len(text))
        self.marks: list[tuple[int, Marker]] = []

    @property
    def prose(self) -> str:
        """The text with blanks for what is not prose."""
        return "".join(self._prose)

    def add_block(self, block: Span, tokens: deque[MarkerToken], finder: ReferenceFinder) -> None:
        """Takes the prose of a block, and the marks in it from the left of ``tokens``."""
        self._prose[block.start : block.end] = self.text[block.start : block.end]
        at = block.start
        while tokens and tokens[0].span.start < block.end:
            token = tokens.popleft()
            self._blank_markup(at, token.span.start)
            at = token.span.end
            place = token.place
            span, kept = self._without_label(token, finder)
            self._blank(Span(span.start, kept.start) if kept.start < kept.end else span)
            if kept.start < kept.end:
                self._blank_markup(kept.start, kept.end)
                self._blank(Span(kept.end, span.end))
            elif token.markers and self._opens_sentence(block, token.span):
                # "[2] reports that": without a capital its sentence would join the one before.
                place = token.span.end - 1
                self._prose[place] = "X"
            self.marks += [(place, mark) for mark in token.markers]
        self._blank_markup(at, block.end)
        for empty in _EMPTY_BRACKETS.finditer("".join(self._prose[block.start : block.end])):
            span = Span(block.start + empty.start(), block.start + empty.end())
            if any(self._gone[span.start : span.end]):
                self._blank(span)

    def _opens_sentence(self, block: Span, span: Span) -> bool:
        """Whether a mark, apart from the sentence before it, has its own predicate behind it."""
        before = "".join(self._prose[max(block.start, span.start - 20) : span.start]).rstrip()
        apart = self.text[span.start].isspace() and ends_sentence(before)
        return apart and bool(_LOWER_CASE.match(self.text, span.end))

    def words(self, span: Span) -> str:
        """The words of the draft that were not blanked."""
        words = "".join("\0" if self._gone[n] else self.text[n] for n in range(*span))
        return " ".join(_GONE_BEFORE_STOP.sub("", words).replace("\0", "").split())

    def blank_unknown_marks(self) -> tuple[str, ...]:
        """Blanks what looks like marks of one form that is not known; examples of them."""
        shapes: dict[str, list[re.Match[str]]] = {}
        for match in _UNKNOWN_MARK.finditer(self.prose):
            shape = re.sub(r"\d+", "0", match["mark"])
            if "0" not in shape:  # "[Reuters]" and "[BBC]" are one form, "(Ann 7)" and "(Bo 9)" not
                shape = re.sub(r"[^\W\d_]+", "a", shape)
            shapes.setdefault(shape, []).append(match)
        unknown: list[str] = []
        for matches in shapes.values():
            forms = dict.fromkeys(match["mark"] for match in matches)
            if len(forms) >= MIN_UNKNOWN_MARKS:
                unknown += forms
                for match in matches:
                    self._blank(self._with_spaces_before(Span(*match.span("mark"))))
        return tuple(unknown)

    def _blank(self, span: Span) -> None:
        for n in range(*span):
            self._gone[n] = 1
            if self.text[n] != "\n":
                self._prose[n] = " "

    def _with_spaces_before(self, span: Span) -> Span:
        start = span.start
        while start and self.text[start - 1] in " \t":
            start -= 1
        return Span(start, span.end)

    def _blank_markup(self, start: int, end: int) -> None:
        # Two code points more: whether a star is markup is decided by what follows it.
        for match in _MARKUP.finditer(self.text, start, min(end + 2, len(self.text))):
            if match.end() <= end:
                kept = match.start("escaped") if match["escaped"] else match.end()
                self._blank(Span(match.start(), kept))

    def _without_label(self, token: MarkerToken, finder: ReferenceFinder) -> tuple[Span, Span]:
        """What a token blanks and keeps. The words of a link go too, with the brackets around it,
        where they only name the source."""
        span, kept = token.span, token.kept
        if kept.start == kept.end or not token.markers or self.text[span.start] not in "[<":
            return span, kept
        before = self.text[max(0, span.start - 300) : span.start]
        behind = self.text[span.end : span.end + 8]
        nothing = Span(span.end, span.end)
        if before.endswith("(") and behind.startswith(")"):
            return Span(span.start - 1 - before.endswith(" ("), span.end + 1), nothing
        words = _MORE_SOURCES.sub("", self.text[slice(*kept)].casefold())
        name = _NO_LETTERS.sub("", words)
        address = _NO_LETTERS.sub("", token.markers[0].label.casefold())
        named = finder.resolves(Marker(words, "", words)) or (name and name in address)
        ended = _ENDED.search(before) and _LINE_ENDS.match(behind)
        if named or ended or (before[-1:].isalnum()):
            return self._with_spaces_before(span), nothing
        return span, kept


def _joined_lines(lines: Iterable[Span]) -> Iterator[Span]:
    """Lines that follow each other as one stretch."""
    whole: Span | None = None
    for span in lines:
        if whole and whole.end == span.start:
            whole = Span(whole.start, span.end)
            continue
        if whole:
            yield whole
        whole = span
    if whole:
        yield whole


def _marked_sentences(blanked: _BlankedText, language: str) -> Iterator[MarkedSentence]:
    """The sentences of the prose with their marks."""
    prose = blanked.prose
    spans = [
        span
        for span in split_sentences(prose, language)
        if any(letter.isalnum() for letter in prose[slice(*span)])
    ]
    held: list[list[Marker]] = [[] for _ in spans]
    at = 0
    for place, mark in blanked.marks:
        while at + 1 < len(spans) and spans[at + 1].start <= place:
            at += 1
        owner = _owning_sentence(prose, spans, at, place)
        if owner is not None and mark not in held[owner]:
            held[owner].append(mark)
    for span, own in zip(spans, held, strict=True):
        yield MarkedSentence(_TWO_STOPS.sub(".", blanked.words(span)), span, tuple(own))


def _owning_sentence(prose: str, spans: Sequence[Span], at: int, place: int) -> int | None:
    """The sentence that a mark belongs to: the one around it or right before it, else the next."""
    if not spans:
        return None
    behind = spans[at].start <= place
    if behind and "\n" not in prose[spans[at].end : place]:
        return at
    line = prose[prose.rfind("\n", 0, place) + 1 : prose.find("\n", place) % (len(prose) + 1)]
    if behind and not line.strip():
        return at  # the marks of a sentence, on a line of their own
    following = at + 1 if behind else at
    return following if following < len(spans) else at
