"""Editions as an Atom feed (RFC 4287): entries with stable ids, and the file that holds them.

A new entry is merged into the file by its id, so the order in which editions are written
does not matter, and writing one twice changes nothing.
"""

import re
from datetime import UTC
from typing import TYPE_CHECKING, cast
from uuid import NAMESPACE_URL, uuid5

from summarizer.rendering.email import mail_html
from summarizer.rendering.html import template_environment
from summarizer.rendering.view import PageView

if TYPE_CHECKING:
    from summarizer.edition import Edition

_FEED_MARKER = "<!-- written by summarizer: entries are merged by id -->"
_ENTRY_PATTERN = re.compile(
    r"<entry[^>]*>\n<id>([^<]+)</id>\n<updated>([^<]+)</updated>\n.*?</entry>", re.DOTALL
)
_BODY_PATTERN = re.compile(r"<body[^>]*>.*?(<table.*)</body>", re.DOTALL)
"""The page of a mail without the hidden line that mail clients list beside its subject."""

_NOT_IN_XML = re.compile("[\ufffe\uffff]")
"""Beyond control characters, characters that no XML may contain."""


class ForeignFeed(ValueError):
    """A file that was not written here, and so is not overwritten."""


def atom_entry(page: PageView) -> str:
    """One ``<entry>``; its content is the mail's HTML, escaped."""
    edition = cast("Edition", page.document)  # no other kind is registered for this format
    body = _BODY_PATTERN.search(mail_html(page))
    entry = template_environment().get_template("entry.xml").render(
        id=_stable_urn(f"edition/{edition.digest}/{edition.id}"),
        updated=edition.due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        page=page,
        content=body[1] if body else "",
    )  # fmt: skip
    return _NOT_IN_XML.sub("", entry)


def merge_feed(feed: str, new: str, *, digest: str, title: str, url: str | None, keep: int) -> str:
    """The text of ``feed`` with the entry ``new``: the newest ``keep`` entries, the newest first.

    Raises ForeignFeed where ``feed`` was not written here.
    """
    if feed and _FEED_MARKER not in feed:
        raise ForeignFeed("is there already, and is no feed of a digest")
    entries = {
        match[1]: (match[2], match[0]) for match in _ENTRY_PATTERN.finditer(f"{feed}\n{new}")
    }
    newest = sorted(entries.items(), key=lambda item: (item[1][0], item[0]), reverse=True)[:keep]
    return template_environment().get_template("feed.xml").render(
        mark=_FEED_MARKER,
        id=_stable_urn(f"digest/{digest}"),
        title=title,
        url=url,
        updated=newest[0][1][0],
        entries=[text for _, (_, text) in newest],
    )  # fmt: skip


def _stable_urn(name: str) -> str:
    """An id that does not depend on where the file is: a name-based UUID (RFC 4122)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:summarizer:{name}')}"
