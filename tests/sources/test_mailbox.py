"""Mails of a mailbox are read once, and nothing in it is changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from summarizer.errors import FetchError
from summarizer.sources import mail as mail_module
from summarizer.sources import mailbox as mailbox_module
from summarizer.sources.mailbox import MailboxReading, mailbox_url, read_mailbox_since
from summarizer.sources.source_state import SourceState, SubscribedSource
from summarizer.sources.subscriptions import read_sources
from tests.imap import Mailbox, serve_mailbox

SINCE = date(2026, 3, 1)
NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)


def _mail(number: int) -> bytes:
    return (
        f"From: Harbour Post <post@m.example>\r\nSubject: Issue {number}\r\n"
        f"Date: Mon, 2 Mar 2026 1{number}:00:00 +0000\r\n\r\n"
        f"The lock of Marlow was closed for the {number}. time, the port said.\r\n"
    ).encode()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with serve_mailbox({uid: _mail(uid) for uid in (1, 2)}) as running:
        yield running


def _url(mailbox: Mailbox, folder: str = "INBOX") -> str:
    return mailbox_url(
        "127.0.0.1", "ana@m.example", "MAIL_PW", folder=folder, port=mailbox.port, tls=False
    )


def _read(mailbox: Mailbox, watermark: str = "", folder: str = "INBOX") -> MailboxReading:
    environment = {"MAIL_PW": mailbox.password}
    return read_mailbox_since(_url(mailbox, folder), watermark, SINCE, environment)


def _titles(reading: MailboxReading) -> list[str | None]:
    return [article.title for article in reading.articles]


def test_each_mail_is_read_once_and_the_folder_is_opened_read_only(mailbox: Mailbox) -> None:
    first = _read(mailbox)
    assert _titles(first) == ["Issue 1", "Issue 2"]
    assert (first.watermark, first.problems) == ("7:2", ())
    assert _titles(_read(mailbox, first.watermark)) == []
    mailbox.mails[5] = _mail(5)
    assert _titles(_read(mailbox, first.watermark)) == ["Issue 5"]
    article = first.articles[0]
    assert article.path == f"imap://ana%40m.example@127.0.0.1:{mailbox.port}/INBOX#1"
    assert (article.publisher, article.published_from) == ("Harbour Post", "mail")
    sent = " ".join(mailbox.commands)
    assert "EXAMINE" in sent
    assert "BODY.PEEK[]" in sent
    assert not any(word in sent for word in ("SELECT", "STORE", "EXPUNGE", "RFC822)"))


def test_a_mailbox_that_was_made_anew_is_read_from_its_start(mailbox: Mailbox) -> None:
    mailbox.validity = 8
    reading = _read(mailbox, "7:2")
    assert (_titles(reading), reading.watermark) == (["Issue 1", "Issue 2"], "8:2")
    assert any("SEARCH SINCE 01-Mar-2026" in command for command in mailbox.commands)


def test_mails_that_disappear_are_large_or_have_no_text(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.gone.add(1)
    mailbox.mails[3] = b"Subject: none\r\n\r\n"
    mailbox.mails[4] = _mail(4) + b"x" * 2000
    monkeypatch.setattr(mailbox_module, "MAX_MAIL_BYTES", 1000)
    reading = _read(mailbox)
    assert _titles(reading) == ["Issue 2"]
    assert [each.message for each in reading.problems] == [
        "mail 3 has no text part", f"mail 4 is larger than {1000 // 1_000_000} MB",
    ]  # fmt: skip
    assert mail_module.MAX_MAIL_BYTES == 20_000_000


def test_a_mailbox_that_cannot_be_opened_is_one_line(mailbox: Mailbox) -> None:
    with pytest.raises(FetchError, match="needs a password in the environment variable MAIL_PW"):
        read_mailbox_since(_url(mailbox), "", SINCE, {})
    with pytest.raises(FetchError, match="has no folder 'Nöwhere'"):
        _read(mailbox, folder="Nöwhere")
    mailbox.password = "changed"  # noqa: S105
    with pytest.raises(FetchError, match=r"was refused by the mail server: .*wrong password"):
        read_mailbox_since(_url(mailbox), "", SINCE, {"MAIL_PW": "old"})
    mailbox.shutdown()
    mailbox.server_close()
    with pytest.raises(FetchError, match="cannot be reached"):
        _read(mailbox)


def test_a_mailbox_is_a_source_of_a_digest(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PW", mailbox.password)
    source, state = SubscribedSource("mailbox", _url(mailbox)), SourceState()
    given = []
    for _ in range(2):
        (reading,) = read_sources([(source, state)], now=NOW, since=SINCE)
        state = SourceState.from_json(reading.state.to_json())
        given.append([article.title for article in reading.articles])
    assert given == [["Issue 1", "Issue 2"], []]
    assert state.body == "7:2"
