"""Editions by mail: one message to each recipient, given to the SMTP server once.

prepare     the message, with a Message-ID that stays the same
connect     STARTTLS or TLS with a checked certificate, and the login
envelope    MAIL FROM, RCPT TO
data        everything except the dot that ends it
commit      from here on the server may have taken it
dot         its answer is the outcome; without one the delivery is in doubt
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from socket import SHUT_RDWR, gethostname
from threading import Timer
from typing import Any

from summarizer.digests.delivery.config import EmailDelivery, bare_mailbox
from summarizer.digests.delivery.prepared import (
    DeliveryAttempt,
    PreparedDelivery,
    idempotency_key,
    read_secret,
)
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.rendering.formats import render_document

_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ANSWER_TIMEOUT_FACTOR = 10
"""Longest wait for the answer to a whole message, as a multiple of that for any other answer:
with a server that is given up while it stores a mail, the delivery is in doubt (RFC 5321,
4.5.3.2.6)."""


class _TimedSMTP(smtplib.SMTP):
    """A session of limited length, since a server that answers byte by byte exceeds no timeout.

    It may last twice as long in all as the answer to the whole message.
    """

    def connect(self, *where: Any, **options: Any) -> tuple[int, bytes]:
        """Starts the clock with the connection."""

        def cut() -> None:
            with suppress(OSError, AttributeError):
                self.sock.shutdown(SHUT_RDWR)  # type: ignore[union-attr]

        self._clock = Timer(self.timeout * 2 * _ANSWER_TIMEOUT_FACTOR, cut)
        self._clock.daemon = True
        self._clock.start()
        try:
            return super().connect(*where, **options)
        except BaseException:
            self._clock.cancel()
            raise

    def close(self) -> None:
        """Stops it."""
        self._clock.cancel()
        super().close()


class _TimedSMTPOverTLS(_TimedSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def prepare(
    edition: Edition, delivery: EmailDelivery, _texts: Mapping[str, str]
) -> tuple[PreparedDelivery, ...]:
    """One message to each recipient, as it is sent."""
    from summarizer.rendering.phrases import subject_line

    text, html = (render_document(edition, name) for name in ("text", "email"))
    parts = subject_line(edition), text, html
    return tuple(_build_message(edition, delivery, each, parts) for each in delivery.recipients)


def _build_message(
    edition: Edition, delivery: EmailDelivery, recipient: str, parts: tuple[str, str, str]
) -> PreparedDelivery:
    name = f"email:{bare_mailbox(recipient)}"
    identity = idempotency_key(edition.id, name)
    domain = bare_mailbox(delivery.sender).rpartition("@")[2]
    message = EmailMessage()
    message["Subject"], text, html = parts
    message["From"], message["To"] = _parse_mailbox(delivery.sender), _parse_mailbox(recipient)
    message["Date"] = format_datetime(edition.created)
    message["Message-ID"] = f"<{identity}@{domain}>"
    message["List-Id"] = f"<{edition.digest}.{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{identity}")
    ascii_only = f"{bare_mailbox(delivery.sender)}{bare_mailbox(recipient)}".isascii()
    rules = policy.SMTP if ascii_only else policy.SMTPUTF8
    return PreparedDelivery(name, delivery.name, message.as_bytes(policy=rules))


def _parse_mailbox(written: str) -> Address:
    name = written.rpartition("<")[0].strip().strip('"')
    user, _, domain = bare_mailbox(written).rpartition("@")
    return Address(name, user, domain)


def send(attempt: DeliveryAttempt, delivery: EmailDelivery) -> str:
    """The server's answer to the whole message. Raises DeliveryError."""
    with _smtp_session(delivery, attempt.environment) as server:
        utf8 = not f"{attempt.target}{bare_mailbox(delivery.sender)}".isascii()
        _send_envelope(server, delivery, attempt.target, utf8)
        _expect_code(server.docmd("DATA"), 354, delivery)
        # As DATA sends it, without the dot at its end (RFC 5321, 4.5.2).
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", attempt.prepared.payload)
        lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
        server.send(re.sub(rb"(?m)^\.", b"..", lines))
        attempt.commit()
        return _end_data(server, delivery)


def _end_data(server: smtplib.SMTP, delivery: EmailDelivery) -> str:
    """Sends the dot; returns the server's answer to it."""
    try:
        if server.sock:
            server.sock.settimeout(delivery.timeout * _ANSWER_TIMEOUT_FACTOR)
        server.send(b".\r\n")
        code, said = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(
            f"the server was lost before it confirmed the message: {_error_reason(error)}",
            subject=delivery.name,
            in_doubt=True,
        ) from error
    _expect_code((code, said), 250, delivery)
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    return _reply_line(code, said)


def _send_envelope(
    server: smtplib.SMTP, delivery: EmailDelivery, recipient: str, utf8: bool
) -> None:
    if utf8 and not server.has_extn("smtputf8"):
        what = f"the server takes no address like {recipient}"
        raise DeliveryError(what, subject=delivery.name, retryable=False)
    options = ("SMTPUTF8",) if utf8 else ()
    # A refused sender is a mistake in the settings; once it is corrected, the mail is sent.
    _expect_code(server.mail(bare_mailbox(delivery.sender), options), 250, delivery, final=False)
    _expect_code(server.rcpt(recipient), (250, 251, 252), delivery)


def try_out(delivery: EmailDelivery, environment: Mapping[str, str]) -> str:
    """Whether the server accepts every recipient; no message is sent. Raises DeliveryError."""
    with _smtp_session(delivery, environment) as server:
        for recipient in map(bare_mailbox, delivery.recipients):
            utf8 = not f"{recipient}{bare_mailbox(delivery.sender)}".isascii()
            _send_envelope(server, delivery, recipient, utf8)
            server.rset()
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    number = len(delivery.recipients)
    return f"takes mail for {number} recipient{'s' * (number > 1)}"


@contextmanager
def _smtp_session(
    delivery: EmailDelivery, environment: Mapping[str, str]
) -> Iterator[smtplib.SMTP]:
    """A greeted server, encrypted and logged in as asked; what fails in the block is a
    retryable DeliveryError."""
    password = read_secret(delivery.password_env, environment, delivery.name)
    server: smtplib.SMTP | None = None
    try:
        server = _connect(delivery)
        if delivery.user:
            server.login(delivery.user, password)
        yield server
    except smtplib.SMTPNotSupportedError as error:
        starttls = "STARTTLS" in str(error)
        lack = "no STARTTLS, so nothing is sent to it" if starttls else "no way to log in"
        what = f"{delivery.host} offers {lack}"
        raise DeliveryError(what, subject=delivery.name) from error
    except smtplib.SMTPAuthenticationError as error:
        reply = _reply_line(error.smtp_code, error.smtp_error)
        what = f"the server refuses user or password: {reply}"
        raise DeliveryError(what, subject=delivery.name) from error
    except ssl.SSLError as error:
        hint = "ca_file names a certificate that is trusted" if "CERTIFICATE" in str(error) else ""
        what = f"no secure connection to {delivery.host}: {_error_reason(error)}"
        raise DeliveryError(what, subject=delivery.name, hint=hint) from error
    except (OSError, smtplib.SMTPException) as error:
        what = f"{delivery.host}:{_smtp_port(delivery)} failed: {_error_reason(error)}"
        raise DeliveryError(what, subject=delivery.name) from error
    finally:
        if server is not None:
            server.close()


def _connect(delivery: EmailDelivery) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=delivery.ca_file or None)
    name = gethostname()  # a full name is never looked up: that may take minutes
    own = name if "." in name and name.isascii() else "[127.0.0.1]"
    host, port, timeout = delivery.host.strip("[]"), _smtp_port(delivery), delivery.timeout
    server = (
        _TimedSMTPOverTLS(host, port, own, timeout=timeout, context=context)
        if delivery.security == "tls"
        else _TimedSMTP(host, port, own, timeout=timeout)
    )
    try:
        server.ehlo_or_helo_if_needed()
        if delivery.security == "starttls":
            server.starttls(context=context)
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _smtp_port(delivery: EmailDelivery) -> int:
    return delivery.port or _DEFAULT_PORTS[delivery.security]


def _expect_code(
    answer: tuple[int, bytes],
    wanted: int | tuple[int, ...],
    delivery: EmailDelivery,
    *,
    final: bool = True,
) -> None:
    """Raises DeliveryError for another answer; after 5xx it is not retryable if ``final``."""
    code, said = answer
    if code not in (wanted if isinstance(wanted, tuple) else (wanted,)):
        raise DeliveryError(
            f"the server refuses: {_reply_line(code, said)}",
            subject=delivery.name,
            retryable=not (final and 500 <= code < 600),
        )


def _reply_line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in f"{code} {text}").split())[:300]


def _error_reason(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(said).split())[:200]
