"""New mails in one folder of an IMAP mailbox, which is opened read-only.

The mailbox is named by a URL, ``imaps://USER@HOST:PORT/FOLDER?password_env=NAME``; the password is
in the environment variable. The watermark of a mailbox is ``UIDVALIDITY:UID`` of its last mail.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from summarizer.errors import ExtractionError, FetchError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.mail import MAX_MAIL_BYTES, read_mail

if TYPE_CHECKING:
    from imaplib import IMAP4

MAX_MAILS = 200
"""Mails read at one time; of more the newest."""

IMAP_TIMEOUT_S = 30.0
"""Seconds for each answer of the server."""

_SEARCH_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxReading(NamedTuple):
    """The new mails, those that could not be read, and the watermark for the next time."""

    articles: tuple[Article, ...]
    problems: tuple[SourceError, ...]
    watermark: str


def mailbox_url(
    host: str, user: str, password_env: str, *, folder: str, port: int, tls: bool
) -> str:
    """The URL that names the mailbox.

    >>> mailbox_url("m.example", "ana@m.example", "PW", folder="INBOX", port=993, tls=True)
    'imaps://ana%40m.example@m.example:993/INBOX?password_env=PW'
    """
    scheme = "imaps" if tls else "imap"
    query = urlencode({"password_env": password_env})
    return f"{scheme}://{quote(user, safe='')}@{host}:{port}/{quote(folder, safe='')}?{query}"


def read_mailbox_since(
    url: str, watermark: str, since: date, environment: Mapping[str, str] = os.environ
) -> MailboxReading:
    """The mails that came after the watermark; without one, those of ``since`` and later.

    No mail is marked as read. Raises FetchError if the mailbox cannot be opened.
    """
    location = url.partition("?")[0]
    articles, problems = list[Article](), list[SourceError]()
    with _opened(url, environment) as (server, validity):
        known, _, last = watermark.partition(":")
        after = int(last) if known == validity and last.isdigit() else None
        uids = _search(server, after, since)
        if len(uids) > MAX_MAILS:
            newest = f"holds {len(uids):,} new mails; only the newest {MAX_MAILS} are read"
            problems.append(SourceError(newest, subject=location))
        for uid in uids[-MAX_MAILS:]:
            try:
                mail = _fetch_mail(server, uid)
                if mail:
                    articles.append(read_mail(mail).to_article(path=location, key=str(uid)))
            except ExtractionError as error:
                problems.append(ExtractionError(f"mail {uid} {error.message}", subject=location))
        highest = max((*uids, after or 0))
    return MailboxReading(tuple(articles), tuple(problems), f"{validity}:{highest}")


@contextmanager
def _opened(url: str, environment: Mapping[str, str]) -> "Iterator[tuple[IMAP4, str]]":
    """The server with the folder opened read-only (EXAMINE), and its UIDVALIDITY."""
    from imaplib import IMAP4, IMAP4_SSL

    parts = urlsplit(url)
    variable = parse_qs(parts.query).get("password_env", [""])[0]
    if not environment.get(variable):
        raise FetchError(f"needs a password in the environment variable {variable}")
    host, port = parts.hostname or "", parts.port or 993
    folder = unquote(parts.path.removeprefix("/")) or "INBOX"
    try:
        connect = IMAP4_SSL if parts.scheme == "imaps" else IMAP4
        with connect(host, port, timeout=IMAP_TIMEOUT_S) as server:
            server.login(unquote(parts.username or ""), environment[variable])
            status, _ = server.select(_quoted(folder), readonly=True)
            if status != "OK":
                raise FetchError(f"has no folder {folder!r}")
            _, validity = server.response("UIDVALIDITY")
            yield server, (validity[0] or b"0").decode("ascii", "replace")
    except IMAP4.error as error:
        reason = " ".join(str(error).removeprefix("b'").rstrip("'").split())[:120]
        raise FetchError(f"was refused by the mail server: {reason}") from None
    except OSError as error:
        raise FetchError(f"cannot be reached: {error.strerror or error}") from None


def _quoted(folder: str) -> str:
    """A folder's name as IMAP quotes it, in modified UTF-7 (RFC 3501)."""
    encoded = re.sub(
        r"[^\x20-\x7e]+",
        lambda match: (
            "&" + match[0].encode("utf-7").decode()[1:].rstrip("-").replace("/", ",") + "-"
        ),
        folder.replace("&", "&-"),
    )
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _search(server: "IMAP4", after: int | None, since: date) -> list[int]:
    """The UIDs of the new mails in ascending order."""
    if after is None:
        day = f"{since.day:02}-{_SEARCH_MONTHS[since.month - 1]}-{since.year}"
        _, found = server.uid("SEARCH", "SINCE", day)
    else:
        _, found = server.uid("SEARCH", "UID", f"{after + 1}:*")
    # The last mail always matches "N:*", also where it was read before.
    uids = [int(each) for each in (found[0] or b"").split() if each.isdigit()]
    return sorted(uid for uid in uids if uid > (after or 0))


def _fetch_mail(server: "IMAP4", uid: int) -> bytes:
    """The mail; empty if it has been deleted meanwhile. Raises ExtractionError for a large one."""
    _, sizes = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = next(
        (found for each in sizes if isinstance(each, bytes) and (found := _SIZE.search(each))), None
    )
    if size and int(size[1]) > MAX_MAIL_BYTES:
        raise ExtractionError(f"is larger than {MAX_MAIL_BYTES // 1_000_000} MB")
    _, parts = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((each[1] for each in parts if isinstance(each, tuple)), b"")
