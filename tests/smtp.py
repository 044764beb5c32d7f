"""A real mail server on loopback (aiosmtpd), and the ways in which one fails.

with server() as smtp:             # or server(refuse_recipient="550 5.1.1 unknown")
    ...                            # connect to 127.0.0.1:smtp.port
    smtp.accepted                  # what it took responsibility for
"""

import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

__all__ = ["Mailbox", "Received", "certificate", "server"]


@dataclass(frozen=True, slots=True)
class Received:
    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass(slots=True)
class Mailbox:
    """What the server took, and how it behaves from now on; both may be changed while it runs.

    A reply that is not empty is given instead of taking the command. ``hang_up``: the connection
    is lost at "data" (before the message) or at "reply" (the message is taken, and not confirmed).
    ``delay``: seconds before the message is confirmed. ``password``: that of the user "ann".
    """

    refuse_recipient: str = ""
    refuse_data: str = ""
    hang_up: str = ""
    delay: float = 0.0
    password: str = ""
    port: int = 0
    accepted: list[Received] = field(default_factory=list)
    connections: int = 0


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mailbox.refuse_recipient:
            return self.mailbox.refuse_recipient
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        if self.mailbox.hang_up == "data":
            server.transport.abort()
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Any, envelope: Any
    ) -> str:
        if self.mailbox.refuse_data:
            return self.mailbox.refuse_data
        for recipient in envelope.rcpt_tos:
            received = Received(envelope.mail_from, recipient, envelope.original_content)
            self.mailbox.accepted.append(received)
        if self.mailbox.hang_up == "reply":
            server.transport.abort()
        time.sleep(self.mailbox.delay)
        return f"250 2.0.0 queued as {len(self.mailbox.accepted)}"


class _Server(SMTP):
    def __init__(self, mailbox: Mailbox, *args: Any, **options: Any) -> None:
        self.mailbox = mailbox
        super().__init__(*args, **options)

    def connection_made(self, transport: Any) -> None:
        self.mailbox.connections += 1
        super().connection_made(transport)


class _Controller(Controller):
    def __init__(self, mailbox: Mailbox, tls: ssl.SSLContext | None, **options: Any) -> None:
        self.mailbox = mailbox
        super().__init__(
            _Handler(mailbox),
            hostname="127.0.0.1",
            port=options.pop("port", 0),
            ssl_context=tls if options.pop("implicit", False) else None,
            **options,
        )

    def factory(self) -> SMTP:
        return _Server(self.mailbox, self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        """The controller would connect to the port it was asked for, which is 0: any."""
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def server(
    *,
    tls: tuple[Path, Path] | None = None,
    implicit: bool = False,
    port: int = 0,
    **behaviour: Any,
) -> Iterator[Mailbox]:
    """The server for as long as the block lasts.

    ``tls``: certificate and key, for STARTTLS, or from the first byte if ``implicit``.
    """
    mailbox = Mailbox(**behaviour)
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    upgrade = context is not None and not implicit
    options: dict[str, Any] = {"enable_SMTPUTF8": True}
    if mailbox.password:
        options |= {"authenticator": _authenticator(mailbox), "auth_required": upgrade}
        options["auth_require_tls"] = upgrade
    if upgrade:
        options |= {"tls_context": context, "require_starttls": True}
    controller = _Controller(
        mailbox, context, port=port, implicit=implicit, server_hostname="mail.test", **options
    )
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


def _authenticator(mailbox: Mailbox) -> Any:
    def check(*asked: Any) -> AuthResult:
        login = asked[-1]
        assert isinstance(login, LoginPassword)
        right = (login.login, login.password) == (b"ann", mailbox.password.encode())
        return AuthResult(success=right, handled=False)

    return check


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but the test trusts, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost")
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    where = ("-keyout", str(key), "-out", str(made))
    subprocess.run(["openssl", "req", "-x509", *kind, *where, *subject], check=True,
                   capture_output=True)  # fmt: skip
    return made, key
