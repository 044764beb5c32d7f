"""A saved mail is an article: subject, sender, date, text."""

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage

import pytest

from summarizer.errors import ExtractionError
from summarizer.sources.mail import read_mail

TEXT = "Міністр заявив у понеділок, що переговори триватимуть."
PAGE = f"<html><body><p>{TEXT}</p><p>Another paragraph of the letter follows it.</p></body></html>"


def _mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in headers.items():
        mail[name] = value
    return mail


def test_subject_sender_date_and_plain_part_are_read() -> None:
    mail = _mail(
        Subject="Переговори тривають", From="Новини УНН <news@unn.example>",
        Date="Mon, 24 Nov 2025 23:30:00 +0200",
    )  # fmt: skip
    mail.set_content(TEXT)
    mail.add_alternative(PAGE, subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    mail["Content-Language"] = "uk"
    read = read_mail(mail.as_bytes())
    assert read.text.strip() == TEXT
    assert (read.title, read.publisher) == ("Переговори тривають", "Новини УНН")
    sent = datetime(2025, 11, 24, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    assert (read.published, read.published_from, read.language) == (sent, "mail", "uk")


def test_without_a_plain_part_the_html_part_is_extracted() -> None:
    mail = _mail(Subject="Talks", From="news@unn.example")
    mail.set_content(PAGE, subtype="html")
    read = read_mail(mail.as_bytes())
    assert read.text == f"{TEXT}\nAnother paragraph of the letter follows it."
    assert (read.publisher, read.published) == ("news@unn.example", None)


def test_an_undeclared_encoding_is_recognised() -> None:
    head = b"Subject: x\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    assert read_mail(head + (TEXT * 3).encode("cp1251")).text == TEXT * 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"just text", "has no mail headers"),
        (b"Subject: x\n\n", "has no text part"),
        (b"Subject: x\nContent-Type: image/png\n\nabc", "has no text part"),
        (b"%PDF-1.7", "is a PDF, not text"),
    ],
)
def test_a_mail_without_text_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(ExtractionError) as refused:
        read_mail(data)
    assert refused.value.message == reason


@pytest.mark.parametrize(
    "head",
    [
        b'From: "\\\nDate: ?\nSubject: =?x?q?=ff?=',
        b"From: <@",
        b"Content-Type: text/plain; charset=x",
        b"Content-Type: multipart/mixed; boundary=",
        b"From: a,b:;\nSubject: =?utf-8?b?/w?=",
    ],
)
def test_broken_headers_do_not_stop_the_reading(head: bytes) -> None:
    try:
        assert TEXT in read_mail(head + b"\n\n" + TEXT.encode()).text
    except ExtractionError as refused:
        assert "\n" not in str(refused)  # noqa: PT017
