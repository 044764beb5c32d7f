"""The values of a parsed draft: its sentences with their marks, and what is not judged."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from summarizer.text.spans import Span

SkipReason = Literal["heading", "source_list", "code", "table", "about_sources", "chat"]


class Marker(NamedTuple):
    """``label`` is what it names: a number, a note's name, a name or an address; ``text`` is shown.

    ``address``: the place that the mark itself gives. ``base``: the number of the first source.
    """

    label: str
    text: str
    address: str = ""
    base: int = 1


class SourceListEntry(NamedTuple):
    """One line of the draft's own list of sources, or one footnote."""

    label: str
    text: str


class NonProseText(NamedTuple):
    """A line or a sentence that is not judged, and the offset at which it starts."""

    reason: SkipReason
    text: str
    start: int


class MarkedSentence(NamedTuple):
    """A sentence without its marks, and its place in the draft."""

    text: str
    span: Span
    marks: tuple[Marker, ...]


class ParsedDraft(NamedTuple):
    """``source_list`` by label, as marks name them; ``unknown_marks``: examples of what looks like
    marks of one form that is not known."""

    text: str
    language: str
    sentences: tuple[MarkedSentence, ...]
    source_list: Mapping[str, SourceListEntry]
    skipped: tuple[NonProseText, ...]
    unknown_marks: tuple[str, ...]
