"""A small IMAP server on loopback: as much of RFC 3501 as a reader of one folder needs.

with serve_mailbox({1: b"Subject: a\\n\\nText"}) as mailbox:
    mailbox.port, mailbox.mails[2] = ..., mailbox.commands
"""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Mailbox(socketserver.ThreadingTCPServer):
    """The running server. ``mails``: by UID; ``commands``: every command line that it got."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mails: dict[int, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails = mails
        self.validity = 7
        self.password = "sesame"  # noqa: S105
        self.commands: list[str] = []
        self.gone: set[int] = set()
        """UIDs that are deleted after they were found."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            command = line.decode("utf-8", "replace").strip()
            self.server.commands.append(command)
            tag, _, rest = command.partition(" ")
            if not self._answer(tag, rest):
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _answer(self, tag: str, rest: str) -> bool:
        """Answers one command; whether the session goes on."""
        name = rest.upper()
        if name.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif name.startswith("LOGIN"):
            if self.server.password not in rest:
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
                return True
        elif name.startswith("EXAMINE"):
            if "INBOX" not in rest:
                self._say(f"{tag} NO no such folder")
                return True
            self._say(f"* {len(self.server.mails)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        elif name.startswith("UID SEARCH"):
            uids = sorted(self.server.mails)
            if found := re.search(r"UID (\d+):\*", rest):
                # RFC 3501: "*" is the last mail, also where the range is empty without it.
                uids = [uid for uid in uids if uid >= int(found[1])] or uids[-1:]
            self._say("* SEARCH " + " ".join(map(str, uids)))
        elif found := re.match(r"UID FETCH (\d+) \((.*)\)", rest):
            self._fetch(int(found[1]), found[2])
        elif name.startswith("LOGOUT"):
            self._say("* BYE")
            self._say(f"{tag} OK bye")
            return False
        self._say(f"{tag} OK done")
        return True

    def _fetch(self, uid: int, item: str) -> None:
        mail = self.server.mails.get(uid)
        if mail is None or uid in self.server.gone:
            return
        if item == "RFC822.SIZE":
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mail)})")
        else:
            head = f"* 1 FETCH (UID {uid} BODY[] {{{len(mail)}}}\r\n".encode()
            self.wfile.write(head + mail + b")\r\n")


@contextmanager
def serve_mailbox(mails: dict[int, bytes]) -> Iterator[Mailbox]:
    """The server for as long as the block lasts."""
    with Mailbox(mails) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
