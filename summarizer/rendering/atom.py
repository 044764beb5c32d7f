"""Editions as an Atom feed (RFC 4287): entries with stable ids, and the file that holds them.

A new entry is merged into the file by its id, so the order in which editions are written
does not matter, and writing one twice changes nothing.
"""

import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from summarizer.edition import Edition
from summarizer.rendering.email import mail_html
from summarizer.rendering.html import template_environment
from summarizer.rendering.view import subject_line

__all__ = ["ForeignFeed", "atom_entry", "merge_feed"]

_FEED_MARKER = "<!-- written by summarizer: entries are merged by id -->"
_ENTRY_PATTERN = re.compile(
    r"<entry>\n<id>([^<]+)</id>\n<updated>([^<]+)</updated>\n.*?</entry>", re.DOTALL
)
_BODY_PATTERN = re.compile(r"<body[^>]*>.*?(<table.*)</body>", re.DOTALL)
"""The page of a mail without the hidden line that mail clients list beside its subject."""


_NOT_IN_XML = re.compile("[\ufffe\uffff]")
"""Beyond control characters, what no XML may hold."""


class ForeignFeed(ValueError):
    """A file that was not written here, and so is not written over."""


def atom_entry(edition: Edition) -> str:
    """One ``<entry>``; its content is the mail's HTML, escaped."""
    body = _BODY_PATTERN.search(mail_html(edition))
    made = template_environment().get_template("entry.xml").render(
        id=_stable_urn(f"edition/{edition.digest}/{edition.id}"),
        updated=_atom_time(edition.due),
        title=subject_line(edition),
        summary=edition.first_line,
        content=body[1] if body else "",
    )  # fmt: skip
    return _NOT_IN_XML.sub("", made)


def merge_feed(held: str, new: str, *, digest: str, title: str, url: str | None, keep: int) -> str:
    """The feed with the entry ``new`` among those of the file ``held``, the newest ``keep`` of
    them, the newest first. Raises NotOurs.
    """
    if held and _FEED_MARKER not in held:
        raise ForeignFeed("is there already, and is no feed of a digest")
    entries = {
        found[1]: (found[2], found[0]) for found in _ENTRY_PATTERN.finditer(f"{held}\n{new}")
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
    """An id that stays the same wherever the file lies: a name-based UUID (RFC 4122)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:summarizer:{name}')}"


def _atom_time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
