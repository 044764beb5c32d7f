"""The article of a page, file or mail: a snapshot of its text, which citations point into."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Literal, NamedTuple

from summarizer.text.spans import Span

PublishedFrom = Literal[
    "page", "feed", "mail", "dateline", "url", "visible", "estimate", "future", "text"
]
"""Where the date comes from, the most trusted first: the data of the page or record, the feed, the
mail, a dateline, the URL, the day beside the title.

The last three are no dates to rely on. ``estimate``: the page contradicts itself, or shows a day
that may be another's. ``future``: the source gives a day after that of the run. ``text``: a bound,
the article was written no earlier than the latest day it mentions."""

_UNTRUSTED_DATES = frozenset({"estimate", "future", "text"})

ArticleKind = Literal[
    "opinion", "satire", "press_release", "sponsored", "live_blog", "correction", "wire"
]
"""What an article is that is no report of the outlet's own. ``wire``: it came from an agency."""

KIND_NAMES: dict[ArticleKind, str] = {
    "opinion": "opinion", "satire": "satire", "press_release": "press release",
    "sponsored": "sponsored text", "live_blog": "live blog", "correction": "correction",
    "wire": "wire report",
}  # fmt: skip

BoilerplateKind = Literal[
    "about",
    "byline",
    "caption",
    "copyright",
    "counter",
    "credit",
    "dateline",
    "foreign",
    "frame",
    "instruction",
    "promotion",
    "teaser",
    "wall",
]


def calendar_day(published: date | datetime) -> date:
    """The day of a publication date, in the time zone in which the source gives it."""
    return published.date() if isinstance(published, datetime) else published


def trusted_day(published: date | datetime | None, source: PublishedFrom | None) -> date | None:
    """The day, if ``source`` is one to rely on; else None."""
    if published is None or source in _UNTRUSTED_DATES:
        return None
    return calendar_day(published)


def publication_instant(published: date | datetime) -> datetime:
    """The time by which dates are ordered. A time without a zone counts as UTC, and a day without a
    time as its first moment."""
    if not isinstance(published, datetime):
        published = datetime.combine(published, time())
    return published if published.tzinfo else published.replace(tzinfo=UTC)


def sha256_hex(text: str) -> str:
    """sha256 of the UTF-8 text, in hex. Lone surrogates, which JSON may contain, are encoded."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A span of the page that is not the article, and why. ``agency``: the news agency that signs
    in it."""

    span: Span
    kind: BoilerplateKind
    detail: str = ""
    agency: str = ""


class Place(NamedTuple):
    """Where in a document the text from ``start`` on is: "p. 4" of a PDF, "00:12:31" of subtitles,
    a chapter of a book."""

    start: int
    label: str


def place_at(places: Sequence[Place], offset: int) -> str:
    """The label of the last place that begins at or before ``offset``; empty if none does.

    >>> place_at((Place(0, "p. 1"), Place(900, "p. 2")), 950)
    'p. 2'
    """
    index = bisect_right(places, offset, key=lambda place: place.start)
    return places[index - 1].label if index else ""


@dataclass(frozen=True)
class Article:
    """One article. ``text`` is the snapshot: every offset counts its code points.

    A title that the source gives apart from the text is not part of the snapshot, and not evidence.
    Exactly one of ``path`` and ``url`` is set; the path of an article in a collection is
    ``FILE#ID``.
    """

    text: str
    path: str | None = None
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: date | datetime | None = None
    """The day, or the time in the zone that the source gives. `exact_date` is what to show."""
    published_from: PublishedFrom | None = None
    language: str = "und"
    collection_key: str | None = None
    """The ID in ``path``, for an article in a collection."""
    kind: ArticleKind | None = None
    """What its source or its words say it is; None for a news report."""
    is_excerpt: bool = False
    """Whether its page shows only its beginning."""
    span: Span | None = None
    """Where an item of a round-up is in the page, whose whole text is the snapshot; None for all of
    it."""
    places: tuple[Place, ...] = ()
    """The pages, times or chapters of a document, in order."""
    set_aside: tuple[Boilerplate, ...] = ()
    """What its file marks as no part of the text, as the header of a page."""

    @classmethod
    def of(  # noqa: PLR0913  # one keyword for each field
        cls,
        text: str,
        *,
        name: str = "",
        url: str | None = None,
        title: str | None = None,
        publisher: str | None = None,
        published: date | datetime | None = None,
        language: str = "",
    ) -> "Article":
        """The article of a text at hand. Its location is ``url``, else ``name``, else its title.

        A language that is not given is detected. Raises ExtractionError when the text is empty.

        >>> Article.of("The bridge was closed on Monday.", name="bridge").language
        'en'
        """
        from summarizer.errors import ExtractionError
        from summarizer.text.languages import detect_language

        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        name = name or title or f"text {sha256_hex(lines)[:8]}"
        if not lines.strip():
            raise ExtractionError("is empty", subject=url or name)
        return cls(
            text=lines,
            path=None if url else name,
            url=url,
            title=title,
            publisher=publisher,
            published=published,
            published_from="page" if published else None,
            language=language or detect_language(lines),
        )

    @property
    def location(self) -> str:
        """The URL or path, as the user gave it."""
        return self.url or self.path or "-"

    @property
    def day(self) -> date | None:
        """The day of ``published``, also if it is only an estimate or a bound."""
        return calendar_day(self.published) if self.published else None

    @property
    def exact_date(self) -> date | None:
        """The publication date, None if it is not known or only estimated. It is shown as the
        article's date, and "yesterday" in the text is resolved against it."""
        return trusted_day(self.published, self.published_from)

    @property
    def extent(self) -> Span:
        """The span of the text that is this article."""
        return self.span or Span(0, len(self.text))

    @cached_property
    def body(self) -> str:
        """The text of the article, without the other items of a round-up."""
        return self.text[self.span.start : self.span.end] if self.span else self.text

    @cached_property
    def sha256(self) -> str:
        """sha256 of the snapshot, in hex."""
        return sha256_hex(self.text)

    @cached_property
    def id(self) -> str:
        """``s-`` and 12 hex digits of the hash of location, snapshot and span."""
        item = f"\n{self.span.start}:{self.span.end}" if self.span else ""
        return "s-" + sha256_hex(f"{self.location}\n{self.sha256}{item}")[:12]
