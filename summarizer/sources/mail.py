"""The article of a saved mail: subject, sender, date and text. Attachments are ignored.

A mailbox file (mbox) holds many mails; a page saved as MHTML is a mail whose root is the page.
"""

import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from summarizer.errors import ExtractionError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import (
    PARSER_FAILURES,
    ExtractedText,
    decode_text,
    extract_page,
    language_code,
    one_line,
    refuse_binary,
    unix_lines,
)
from summarizer.sources.page_dates import parse_published
from summarizer.text.languages import count_words

if TYPE_CHECKING:
    from email.message import EmailMessage

MIN_PLAIN_SHARE = 2
"""Times as many words of the HTML part from which the plain part is only a note beside it."""


def read_mail(data: bytes) -> ExtractedText:
    """The plain part unchanged, or else the article in the HTML part (RFC 5322 and MIME).

    Raises ExtractionError if the mail has no readable text.
    """
    refuse_binary(data)
    try:
        return _parse_mail(data)
    except PARSER_FAILURES as error:
        raise ExtractionError("is no readable mail") from error


def _parse_mail(data: bytes) -> ExtractedText:
    from email import message_from_bytes, policy

    mail: EmailMessage = message_from_bytes(data, policy=policy.default)
    if not mail.keys():
        raise ExtractionError("has no mail headers")
    address = mail["snapshot-content-location"] or mail["content-location"]
    if address or mail.get_content_type() == "multipart/related":
        return _saved_page(mail, str(address).strip() if address else None)
    body = _mail_body(mail)
    sender = mail["from"].addresses if mail["from"] else ()
    sent = parse_published(mail["date"] and str(mail["date"]))
    return body._replace(
        title=one_line(mail["subject"] and str(mail["subject"])) or body.title,
        publisher=one_line(sender[0].display_name or sender[0].addr_spec) if sender else None,
        published=sent or body.published,
        language=language_code(mail["content-language"]),
        published_from="mail" if sent else body.published_from,
    )


def _mail_body(mail: "EmailMessage") -> ExtractedText:
    """The plain part; the HTML part where the plain one is missing or only a note beside it."""
    plain, html = (_part_text(mail, kind) for kind in ("plain", "html"))
    if plain and html and count_words(plain.text) * MIN_PLAIN_SHARE < count_words(html.text):
        plain = None
    body = plain or html
    if body is None:
        raise ExtractionError("has no text part")
    return body


def _part_text(mail: "EmailMessage", kind: str) -> ExtractedText | None:
    part = mail.get_body((kind,))
    content = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(content, bytes) or not content.strip():
        return None
    charset = part.get_content_charset()
    if kind == "plain":
        return ExtractedText(unix_lines(decode_text(content, charset)))
    try:
        return extract_page(content, charset=charset)
    except ExtractionError:
        if mail.get_body(("plain",)) is None:
            raise
        return None


def _saved_page(mail: "EmailMessage", url: str | None) -> ExtractedText:
    """The page that a browser saved as MHTML; its headers say who saved it, not who wrote it."""
    part = mail.get_body(("html", "plain"))
    content = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(content, bytes) or not content.strip():
        raise ExtractionError("holds no page")
    page = extract_page(content, url, charset=part.get_content_charset())
    return page._replace(title=page.title or one_line(mail["subject"] and str(mail["subject"])))


MAX_MAIL_BYTES = 20_000_000
"""Bytes of one mail in a mailbox file."""

_MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^>\s]{1,200})", re.IGNORECASE | re.MULTILINE)
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mailbox(stream: IO[bytes], path: str) -> Iterator[Article | SourceError]:
    """The article of each mail in an mbox file, read as a stream, so that it may be of any size.

    The path of an article is ``FILE#ID`` with the mail's Message-ID, or else its number.
    """
    seen = set[str]()
    for number, mail in enumerate(_split_mailbox(stream), start=1):
        found = _MESSAGE_ID.search(mail.partition(b"\n\n")[0])
        key = found[1].decode("ascii", "replace") if found else str(number)
        if key in seen:
            yield ExtractionError(f"mail {number} is in it twice", subject=path)
            continue
        seen.add(key)
        if len(mail) > MAX_MAIL_BYTES:
            limit = f"is larger than {MAX_MAIL_BYTES // 1_000_000} MB"
            yield ExtractionError(f"mail {number} {limit}", subject=path)
            continue
        try:
            extracted = read_mail(mail)
        except ExtractionError as error:
            yield ExtractionError(f"mail {number} {error.message}", subject=path)
        else:
            yield extracted.to_article(path=path, key=key)
    if not seen:
        raise ExtractionError("holds no mail")


def _split_mailbox(stream: IO[bytes]) -> Iterator[bytes]:
    """The mails, without the line "From ..." that begins each; of one that is too large only the
    beginning. What stands before the first of these lines is no mail."""
    lines, size, blank, started = list[bytes](), 0, True, False
    while line := stream.readline(MAX_MAIL_BYTES):
        line = line.replace(b"\r\n", b"\n")
        if blank and line.startswith(b"From "):
            if size:
                yield _ESCAPED_FROM.sub(rb"\1", b"".join(lines))
            lines, size, started = [], 0, True
        elif started and size <= MAX_MAIL_BYTES:
            lines.append(line)
            size += len(line)
        blank = line == b"\n"
    if size:
        yield _ESCAPED_FROM.sub(rb"\1", b"".join(lines))
