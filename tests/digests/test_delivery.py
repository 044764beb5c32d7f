"""What was prepared arrives once, whole and unaltered; what did not is told, and how it failed."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import feedparser
import pytest

from summarizer.digests.delivery import (
    CHANNELS,
    prepare_delivery,
    send_delivery,
    try_delivery,
)
from summarizer.digests.delivery.config import (
    AtomDelivery,
    Delivery,
    EmailDelivery,
    FileDelivery,
    WebhookDelivery,
)
from summarizer.digests.delivery.prepared import PreparedDelivery
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.rendering.formats import formats_by_suffix
from tests.editions import edition, note
from tests.rendering.samples import snapshots
from tests.smtp import Mailbox, certificate, server

SECRET = "s3cret"  # noqa: S105 - the test server's


class Commits:
    """Counts the points of no return; ``seen`` is what was true at each."""

    def __init__(self, look: Callable[[], object] = lambda: None) -> None:
        self.look = look
        self.seen: list[object] = []

    def __call__(self) -> None:
        self.seen.append(self.look())


def deliver(
    delivery: Delivery,
    of: Edition | None = None,
    *,
    commit: Callable[[], None] = lambda: None,
    environment: dict[str, str] | None = None,
) -> list[str]:
    of = of or edition()
    return [
        send_delivery(each, delivery, edition=of.id, environment=environment or {}, commit=commit)
        for each in prepare_delivery(of, delivery, snapshots())
    ]


def failed(delivery: Delivery, **options: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        deliver(delivery, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def mail(smtp: Mailbox | int, **changes: Any) -> EmailDelivery:
    given = {
        "name": "mail", "kind": "email", "host": "127.0.0.1", "security": "none", "timeout": 2,
        "port": smtp if isinstance(smtp, int) else smtp.port,
        "sender": "World <digest@example.org>", "recipients": ["ann@example.org"],
    }  # fmt: skip
    return EmailDelivery.model_validate(given | changes)


# mail


def test_a_mail_is_text_and_html_under_one_id() -> None:
    with server() as smtp:
        delivery = mail(smtp, recipients=["Änn Ö <ann@example.org>", "ben@example.org"])
        assert deliver(delivery) == ["250 2.0.0 queued as 1", "250 2.0.0 queued as 2"]
        assert deliver(delivery)
    ann, ben = smtp.accepted[:2]
    assert (ann.sender, ann.recipient) == ("digest@example.org", "ann@example.org")
    message = ann.message
    assert message["to"].addresses[0].display_name == "Änn Ö"
    assert message["subject"] == "World · 26 Nov 2025: 2 stories, 1 update, incomplete"
    assert message["date"].datetime == edition().created
    assert message["auto-submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html"
    ]  # fmt: skip
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    for body in (text.get_content(), html.get_content()):
        assert "Incomplete: 2 of 12 sources could not be read." in body
        assert "extremely strong" in body
    ids = [received.message["message-id"] for received in smtp.accepted]
    assert ids[:2] == ids[2:]
    assert ids[0] != ids[1]
    assert ben.message["to"].addresses[0].addr_spec == "ben@example.org"
    assert b"ann@" not in ben.content


def test_what_is_sent_is_what_was_prepared_dots_and_all() -> None:
    payload = b"Subject: x\r\n\r\n.\r\n..\r\n. a\r\nb\r\n"
    with server() as smtp:
        prepared = PreparedDelivery("email:ann@example.org", "mail", payload)
        send_delivery(prepared, mail(smtp), edition="e", environment={}, commit=lambda: None)
    assert smtp.accepted[0].content == payload


def test_the_point_of_no_return_is_before_the_server_has_it() -> None:
    with server() as smtp:
        commits = Commits(lambda: len(smtp.accepted))
        deliver(mail(smtp), commit=commits)
        assert commits.seen == [0]
        assert len(smtp.accepted) == 1


def test_what_fails_at_the_point_of_no_return_is_not_sent() -> None:
    def lost() -> None:
        raise RuntimeError("the claim is another's")

    with server() as smtp:
        with pytest.raises(RuntimeError):
            deliver(mail(smtp), commit=lost)
        deliver(mail(smtp, recipients=["ben@example.org"]))
    assert [received.recipient for received in smtp.accepted] == ["ben@example.org"]


@pytest.mark.parametrize(
    ("behaviour", "retryable", "in_doubt", "committed", "why"),
    [
        ({"refuse_recipient": "550 5.1.1 no such user"}, False, False, 0, "550 5.1.1 no such"),
        ({"refuse_recipient": "450 4.2.1 try later"}, True, False, 0, "450 4.2.1 try later"),
        ({"refuse_data": "554 5.7.1 spam"}, False, False, 1, "554 5.7.1 spam"),
        ({"refuse_data": "452 4.3.1 full"}, True, False, 1, "452 4.3.1 full"),
        ({"refuse_data": "421 4.3.2 closing"}, True, False, 1, "421 4.3.2 closing"),
        ({"hang_up": "data"}, True, False, 0, "failed"),
        ({"hang_up": "reply"}, True, True, 1, "before it confirmed"),
    ],
    ids=lambda value: next(iter(value.items())) if isinstance(value, dict) else "",
)
def test_a_server_that_refuses_or_is_lost(
    behaviour: dict[str, Any], retryable: bool, in_doubt: bool, committed: int, why: str
) -> None:
    with server(**behaviour) as smtp:
        commits = Commits()
        error = failed(mail(smtp), commit=commits)
    assert (error.retryable, error.in_doubt) == (retryable, in_doubt)
    assert len(commits.seen) == committed
    assert why in str(error)


def test_a_server_that_is_too_slow_to_confirm_leaves_it_in_doubt() -> None:
    with server(delay=1.5) as smtp:
        assert failed(mail(smtp, timeout=0.1)).in_doubt
    assert len(smtp.accepted) == 1


def test_a_server_that_never_finishes_its_greeting_is_left() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                while True:
                    connection.sendall(b"2")
                    time.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        error = failed(mail(listening.getsockname()[1], timeout=0.05))
        assert time.monotonic() - began < 8, "20 times the timeout of one answer"
    assert (error.retryable, error.in_doubt) == (True, False)


def test_no_server_and_no_such_host() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = failed(mail(unused.getsockname()[1]))
    assert (error.retryable, error.in_doubt) == (True, False)
    assert "Connection refused" in str(error)
    assert "nowhere.invalid" in str(failed(mail(25, host="nowhere.invalid")))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_mail_with_a_password(tmp_path: Path, security: str) -> None:
    made = certificate(tmp_path)
    login = {"user": "ann", "password_env": "PW", "security": security}
    with server(tls=made, implicit=security == "tls", password=SECRET) as smtp:
        trusted = mail(smtp, ca_file=str(made[0]), **login)
        assert deliver(trusted, environment={"PW": SECRET})
        assert try_delivery(trusted, {"PW": SECRET}) == "takes mail for 1 recipient"
        wrong = failed(trusted, environment={"PW": "wrong"})
        assert "refuses user or password: 535" in str(wrong)
        assert wrong.retryable, "a password can be mended"
        unset = failed(trusted)
        assert "the environment variable PW is not set" in str(unset)
        stranger = failed(mail(smtp, **login), environment={"PW": SECRET})
        assert "ca_file names a certificate" in str(stranger)
    assert len(smtp.accepted) == 1


def test_no_mail_goes_out_in_clear_when_encryption_was_asked() -> None:
    with server() as smtp:
        assert "offers no STARTTLS" in str(failed(mail(smtp, security="starttls")))
        login = {"user": "ann", "password_env": "PW", "host": "localhost"}
        assert "no way to log in" in str(failed(mail(smtp, **login), environment={"PW": "x"}))
    assert smtp.accepted == []


def test_trying_out_sends_nothing() -> None:
    with server() as smtp:
        delivery = mail(smtp, recipients=["a@example.org", "b@example.org"])
        assert try_delivery(delivery, {}) == "takes mail for 2 recipients"
        smtp.refuse_recipient = "550 unknown"
        with pytest.raises(DeliveryError, match="550 unknown"):
            try_delivery(delivery, {})
    assert smtp.accepted == []


def test_nothing_in_an_edition_is_a_header() -> None:
    evil = "World\r\nBcc: x@evil.example\r\n\r\n<script>alert(1)</script>\u202e"
    with server() as smtp:
        deliver(mail(smtp), edition(title=evil, first_line=evil, notes=(evil,)))
    message = smtp.accepted[0].message
    assert message["bcc"] is None
    assert "\u202e" not in message["subject"]
    html = message.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()


def test_an_address_beyond_ascii() -> None:
    with server() as smtp:
        assert deliver(mail(smtp, recipients=["bén@xn--bcher-kva.example"]))
    assert smtp.accepted[0].recipient == "bén@xn--bcher-kva.example"


# files


@pytest.mark.parametrize("suffix", [suffix[1:] for suffix in formats_by_suffix("edition")])
@pytest.mark.parametrize("of", [edition(), note(), note(kind="alert", id="e-1.alert")])
def test_a_file_for_each_format(tmp_path: Path, suffix: str, of: Edition) -> None:
    path = tmp_path / "new" / f"{{name}}-{{date}}-{{time}}.{suffix}"
    delivery = FileDelivery(name="f", kind="file", path=str(path))
    commits = Commits(lambda: list((tmp_path / "new").glob("[!.]*")))
    assert deliver(delivery, of, commit=commits)[0].startswith("written, ")
    assert commits.seen == [[]]
    stem = "world-2025-11-26-0600" + ("" if of.briefing else f"-{of.kind}")
    (made,) = (tmp_path / "new").iterdir()
    assert made.name == f"{stem}.{suffix}"
    text = made.read_text()
    assert of.first_line in text
    if suffix == "json":
        assert Edition.model_validate_json(text) == of
    assert deliver(delivery, of)
    assert made.read_text() == text
    assert made.stat().st_mode & 0o444 == 0o444
    assert delivery.idempotent


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    delivery = FileDelivery(name="f", kind="file", path=str(tmp_path / "file" / "a.html"))
    error = failed(delivery)
    assert "cannot be written" in str(error)
    assert error.retryable
    with pytest.raises(DeliveryError, match="cannot be written"):
        try_delivery(delivery, {})
    full = FileDelivery(name="f", kind="file", path="/dev/full/a.html")
    assert "cannot be written" in str(failed(full))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "latest.md"
    path.write_text("yesterday")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = failed(FileDelivery(name="f", kind="file", path=str(path)))
    assert "No space left on device" in str(error)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["yesterday"]


def test_trying_out_a_file_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "{date}.md"
    assert "will be made" in try_delivery(FileDelivery(name="f", kind="file", path=str(path)), {})
    assert try_delivery(AtomDelivery(name="a", kind="atom", path=str(tmp_path / "a")), {}) == (
        "can be written"
    )
    assert list(tmp_path.iterdir()) == []


# Atom


def test_a_feed_of_editions_under_stable_ids(tmp_path: Path) -> None:
    path = tmp_path / "world.atom"
    delivery = AtomDelivery(
        name="a", kind="atom", path=str(path), keep=3, url="https://x.example/a?b&c"
    )
    days = [
        edition(id=f"e-{day}", due=edition().due + timedelta(days=day), title="World <b> & co")
        for day in range(5)
    ]
    for of in (days[1], days[0], days[2], days[1]):
        deliver(delivery, of)
    first = path.read_text()
    feed = feedparser.parse(path.read_bytes())
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title == "World <b> & co"
    assert feed.feed.links[0].href == "https://x.example/a?b&c"
    assert [entry.updated[:10] for entry in feed.entries] == [
        "2025-11-28", "2025-11-27", "2025-11-26"
    ]  # fmt: skip
    assert len({entry.id for entry in feed.entries}) == 3
    assert "extremely strong" in feed.entries[0].content[0].value
    deliver(delivery, days[2])
    assert path.read_text() == first
    deliver(delivery, days[4])
    kept = feedparser.parse(path.read_bytes())
    assert [entry.updated[:10] for entry in kept.entries] == [
        "2025-11-30", "2025-11-28", "2025-11-27"
    ]  # fmt: skip
    assert [entry.id for entry in kept.entries[1:]] == [entry.id for entry in feed.entries[:2]]


def test_a_file_that_is_no_feed_of_ours_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "notes.xml"
    path.write_text("my notes")
    error = failed(AtomDelivery(name="a", kind="atom", path=str(path)))
    assert "is no feed of a digest" in str(error)
    assert path.read_text() == "my notes"


# webhooks


DRIP = 1000
"""The status of a server that never comes to it."""


class _Hook(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.server.heads += 1  # type: ignore[attr-defined]
        self.send_response(405)
        self.end_headers()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        taken = (self.path, dict(self.headers), self.rfile.read(length))
        self.server.taken.append(taken)  # type: ignore[attr-defined]
        status, headers, body = self.server.answer  # type: ignore[attr-defined]
        with suppress(OSError):
            while status == DRIP:
                self.wfile.write(b"H")
                time.sleep(0.02)
        if not status:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body))}.items() | headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read what was taken."""


@contextmanager
def hook(
    status: int = 204, body: bytes = b"", headers: dict[str, str] | None = None
) -> Iterator[Any]:
    running: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    running.taken, running.heads, running.answer = [], 0, (status, headers or {}, body)
    running.url = f"http://127.0.0.1:{running.server_address[1]}/hook"
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def webhook(url: str | None, **changes: Any) -> WebhookDelivery:
    given = {"name": "hook", "kind": "webhook", "url": url, "timeout": 2}
    return WebhookDelivery.model_validate(given | changes)


def test_a_webhook_gets_the_edition_under_one_key() -> None:
    with hook() as running:
        delivery = webhook(running.url, token_env="TOKEN")  # noqa: S106 - a variable's name
        commits = Commits(lambda: len(running.taken))
        for _ in range(2):
            assert deliver(delivery, commit=commits, environment={"TOKEN": "t0ken"}) == [
                "204 No Content"
            ]
    assert commits.seen == [0, 1]
    (_, headers, body), (_, again, _) = running.taken
    assert Edition.model_validate_json(body) == edition()
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == again["Idempotency-Key"]
    assert not delivery.idempotent


@pytest.mark.parametrize(
    ("status", "headers", "retryable", "told"),
    [
        (500, {}, True, "answered 500 Internal Server Error: it is broken"),
        (429, {"Retry-After": "7"}, True, "answered 429"),
        (404, {}, False, "answered 404"),
        (400, {}, False, "answered 400"),
        (301, {"Location": "https://x.example/"}, True, "give the address that it redirects to"),
    ],
)
def test_a_webhook_that_refuses(
    status: int, headers: dict[str, str], retryable: bool, told: str
) -> None:
    with hook(status, b"it is\nbroken", headers) as running:
        error = failed(webhook(running.url))
    assert told in str(error)
    assert (error.retryable, error.in_doubt) == (retryable, False)
    assert error.retry_after == (7 if status == 429 else None)
    assert len(running.taken) == 1


def test_a_webhook_that_is_lost_after_the_request_leaves_it_in_doubt() -> None:
    with hook(0) as running:
        commits = Commits()
        error = failed(webhook(running.url), commit=commits)
    assert (error.in_doubt, len(commits.seen)) == (True, 1)


def test_a_webhook_that_never_finishes_its_answer_is_left_in_doubt() -> None:
    with hook(DRIP) as running:
        began = time.monotonic()
        assert failed(webhook(running.url, timeout=0.2)).in_doubt
    assert time.monotonic() - began < 8, "4 times the timeout"


def test_a_webhook_that_cannot_be_reached_is_in_no_doubt() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/s3cret"
        commits = Commits()
        error = failed(webhook(None, url_env="HOOK"), commit=commits, environment={"HOOK": url})
    assert (error.retryable, error.in_doubt, commits.seen) == (True, False, [])
    assert str(error) == "hook: cannot be reached: Connection refused"


@pytest.mark.parametrize("value", ["", "not a url", "ftp://x.example/", "http://"])
def test_a_secret_address_that_is_none_is_not_repeated(value: str) -> None:
    error = failed(webhook(None, url_env="HOOK"), environment={"HOOK": value})
    assert "HOOK" in str(error)
    assert not value or value not in str(error)


def test_trying_out_a_webhook_posts_nothing() -> None:
    with hook() as running:
        assert try_delivery(webhook(running.url), {}) == "answers (405 to HEAD)"
    assert (running.taken, running.heads) == ([], 1)


@pytest.mark.parametrize("shape", ["slack", "discord"])
@pytest.mark.parametrize("of", [edition(), note()])
def test_a_chat_gets_a_message(shape: str, of: Edition) -> None:
    with hook(200, b"ok") as running:
        assert deliver(webhook(running.url, shape=shape), of) == ["200 OK"]
    message = json.loads(running.taken[0][2])
    assert of.first_line in json.dumps(message, ensure_ascii=False).replace("\\\\", "")


def test_what_is_prepared_is_always_the_same(tmp_path: Path) -> None:
    deliveries: list[Delivery] = [
        mail(25), webhook("http://a.example/"), webhook("http://a.example/", shape="slack"),
        webhook("http://a.example/", shape="discord"),
        FileDelivery(name="f", kind="file", path=str(tmp_path / "a.html")),
        AtomDelivery(name="a", kind="atom", path=str(tmp_path / "a.atom")),
    ]  # fmt: skip
    for delivery in deliveries:
        once = prepare_delivery(edition(), delivery, snapshots())
        assert once == prepare_delivery(edition(), delivery, snapshots())
        assert [each.delivery for each in once] == [delivery.name]


def test_every_kind_of_delivery_has_its_channel() -> None:
    tables = get_args(get_args(Delivery)[0])
    kinds = [get_args(table.model_fields["kind"].annotation)[0] for table in tables]
    assert sorted(CHANNELS) == sorted(kinds)
    for module in CHANNELS.values():
        channel = import_module(f"summarizer.digests.delivery.{module}")
        assert all(callable(getattr(channel, name)) for name in ("prepare", "send", "try_out"))
    for table in tables:
        assert "addresses" in vars(table), "who gets the editions"
