"""The article: what a page, file or mail says, as a snapshot that citations point into."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from summarizer.text.spans import Span

__all__ = ["Article", "Boilerplate", "BoilerplateKind", "PublishedFrom", "sha256_hex"]

PublishedFrom = Literal["page", "dateline", "text"]
"""Where the date comes from: the page's data or a dateline. From the dates that the text mentions
comes only a bound: the article was written no earlier than the latest of them."""

BoilerplateKind = Literal[
    "byline",
    "caption",
    "copyright",
    "counter",
    "credit",
    "dateline",
    "foreign",
    "instruction",
    "teaser",
]


def sha256_hex(text: str) -> str:
    """sha256 of the UTF-8 text, in hex. Lone surrogates, which JSON may carry, are kept apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Article:
    """One article. ``text`` is the snapshot: every offset is in its code points, for ever.

    The title that a source gives beside its text is not part of the snapshot, and no evidence.
    Exactly one of ``path`` and ``url`` is set; an article inside a collection is ``FILE#ID``.
    """

    text: str
    path: str | None = None
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    published_from: PublishedFrom | None = None
    language: str = "und"
    collection_key: str | None = None
    """Its own id inside the collection ``FILE`` of ``path = FILE#KEY``."""

    @classmethod
    def of(  # noqa: PLR0913  # one keyword for each field
        cls,
        text: str,
        *,
        name: str = "",
        url: str | None = None,
        title: str | None = None,
        publisher: str | None = None,
        published: date | None = None,
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
        """Where it was read, as the user named it."""
        return self.url or self.path or "-"

    @property
    def exact_date(self) -> date | None:
        """The day of writing when it is known: what is shown as its date, and what "yesterday" is
        counted from. A day inferred from the text is only a lower bound, and is never this."""
        return None if self.published_from == "text" else self.published

    @cached_property
    def sha256(self) -> str:
        """Identity of the snapshot."""
        return sha256_hex(self.text)

    @cached_property
    def id(self) -> str:
        """``s-`` and 12 hex digits of location and snapshot: content, never chance."""
        return "s-" + sha256_hex(f"{self.location}\n{self.sha256}")[:12]


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A span of the page that is not the article, and why. ``agency``: the wire that signs here."""

    span: Span
    kind: BoilerplateKind
    detail: str = ""
    agency: str = ""
