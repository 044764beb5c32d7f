"""The article of a saved mail: subject, sender, date and text. Attachments are ignored."""

from typing import TYPE_CHECKING

from summarizer.errors import ExtractionError
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
