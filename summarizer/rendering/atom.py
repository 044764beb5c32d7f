"""Editions as an Atom feed (RFC 4287): entries under stable ids, and the file that holds them.

The file is its own memory: a new entry is merged into it by id, so that the order in which
editions are written does not matter, and writing one twice changes nothing.
"""

import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from summarizer.editions import Edition
from summarizer.rendering.arranged import subject
from summarizer.rendering.html import environment
from summarizer.rendering.mails import mail_html

__all__ = ["NotOurs", "entry", "merge"]

_MARK = "<!-- written by summarizer: entries are merged by id -->"
_ENTRY = re.compile(
    r"<entry>\n<id>([^<]+)</id>\n<updated>([^<]+)</updated>\n.*?</entry>", re.DOTALL
)
_BODY = re.compile(r"<body[^>]*>.*?(<table.*)</body>", re.DOTALL)
"""The page of a mail without the hidden line that mail clients list beside its subject."""


_NO_XML = re.compile("[\ufffe\uffff]")
"""Beyond control characters, what no XML may hold."""


class NotOurs(ValueError):
    """A file that was not written here, and so is not written over."""


def entry(edition: Edition) -> str:
    """One ``<entry>``; its content is the mail's HTML, escaped."""
    body = _BODY.search(mail_html(edition))
    made = environment().get_template("entry.xml").render(
        id=_urn(f"edition/{edition.digest}/{edition.id}"),
        updated=_time(edition.due),
        title=subject(edition),
        summary=edition.first_line,
        content=body[1] if body else "",
    )  # fmt: skip
    return _NO_XML.sub("", made)


def merge(held: str, new: str, *, digest: str, title: str, url: str | None, keep: int) -> str:
    """The feed with the entry ``new`` among those of the file ``held``, the newest ``keep`` of
    them, the newest first. Raises NotOurs.
    """
    if held and _MARK not in held:
        raise NotOurs("is there already, and is no feed of a digest")
    entries = {found[1]: (found[2], found[0]) for found in _ENTRY.finditer(f"{held}\n{new}")}
    newest = sorted(entries.items(), key=lambda item: (item[1][0], item[0]), reverse=True)[:keep]
    return environment().get_template("feed.xml").render(
        mark=_MARK,
        id=_urn(f"digest/{digest}"),
        title=title,
        url=url,
        updated=newest[0][1][0],
        entries=[text for _, (_, text) in newest],
    )  # fmt: skip


def _urn(name: str) -> str:
    """An id that stays the same wherever the file lies: a name-based UUID (RFC 4122)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:summarizer:{name}')}"


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
