"""Access tokens, stored as hashes, and the browser sessions that they open.

The file has one token per line: a name, ``sha256:`` and the hash, its last day or ``-``. A token
is 256 random bits, so a plain hash is as strong as a slow one. A session is signed with the hash
of its token: deleting the line ends the sessions. Each wrong token delays its address longer.
"""

import hashlib
import hmac
import re
import secrets
import sys
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from summarizer.errors import SettingsError

SESSION_LIFETIME = timedelta(days=30)
"""Time that a browser stays signed in."""

_TOKEN_LINE = re.compile(r"(\S+) sha256:([0-9a-f]{64}) (\S+)")

_MIN_TOKEN_CHARS = 16
"""Minimum length of a token that the operator chose."""


@dataclass(frozen=True, slots=True)
class Token:
    """``name``: its owner. ``ends``: the last day on which it is valid."""

    name: str
    hash: str
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """The accepted tokens; without any, everybody who reaches the service may use it."""

    tokens: tuple[Token, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tokens)

    def find_bearer(self, given: str, now: datetime) -> Token | None:
        """The valid token whose secret was given, compared with each in constant time."""
        hashed = _hash_token(given)
        equal = [each for each in self.tokens if hmac.compare_digest(each.hash, hashed)]
        return next((each for each in equal if _is_valid(each, now)), None)

    def find_session(self, given: str, now: datetime) -> Token | None:
        """The valid token behind a session that `open_session` opened."""
        content, _, signature = given.rpartition(".")
        if not given.isascii():
            return None
        signed = [
            each
            for each in self.tokens
            if hmac.compare_digest(_sign_session(each, content), signature)
        ]
        ends = content.partition(".")[0]
        if not signed or not ends.isdecimal() or int(ends) < now.timestamp():
            return None
        return next((each for each in signed if _is_valid(each, now)), None)


def open_session(token: Token, now: datetime) -> str:
    """The content of the browser's cookie: when the session ends, what makes it differ from any
    other session, and a signature."""
    content = f"{int((now + SESSION_LIFETIME).timestamp())}.{secrets.token_hex(8)}"
    return f"{content}.{_sign_session(token, content)}"


FIRST_DELAY_SECONDS = 0.25
MAX_DELAY_SECONDS = 8.0
"""Wait for the answer to the first wrong token of an address; each further one waits twice as
long, up to the maximum."""

REMEMBERED_SECONDS = 900.0
MAX_ADDRESSES = 10_000


class FailedSignIns:
    """Recent wrong tokens by address."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def record(self, address: str) -> float:
        """Logs one more wrong token of the address; returns the seconds until it is answered."""
        now = time.monotonic()
        number, last = self._failures.pop(address, (0, now))
        number = number + 1 if now - last < REMEMBERED_SECONDS else 1
        self._failures[address] = number, now
        while len(self._failures) > MAX_ADDRESSES:
            self._failures.popitem(last=False)
        line = f"summarizer: a wrong token from {address} (no. {number})"
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - the operator's log
        return min(FIRST_DELAY_SECONDS * 2.0 ** min(number - 1, 20), MAX_DELAY_SECONDS)


def create_token(name: str, days: int | None, now: datetime) -> tuple[str, str]:
    """A new token, and its line for the file. Raises SettingsError for an invalid name."""
    if not name or not name.isprintable() or len(name.split()) != 1:
        raise SettingsError(
            "is not a name for a token", subject=repr(name), hint="one word, such as ann"
        )
    token = secrets.token_urlsafe(32)
    ends = (now + timedelta(days=days)).date().isoformat() if days else "-"
    return token, f"{name} sha256:{_hash_token(token)} {ends}"


def single_token(token: str) -> Tokens:
    """The token of the environment variable. Raises SettingsError for a weak one."""
    if len(token) < _MIN_TOKEN_CHARS:
        raise SettingsError(
            f"is shorter than {_MIN_TOKEN_CHARS} characters",
            subject="SUMMARIZER_TOKEN",
            hint="`summarizer token NAME` creates one",
        )
    return Tokens((Token("environment", _hash_token(token)),))


def read_tokens(file: Path) -> Tokens:
    """The tokens of the file. Raises SettingsError, with the line if one is invalid."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "is not text"
        raise SettingsError(f"cannot be read: {reason}", subject=str(file)) from error
    numbered = [(n, " ".join(line.split())) for n, line in enumerate(lines, start=1)]
    tokens = tuple(
        _parse_token_line(line, f"{file}:{n}") for n, line in numbered if line and line[0] != "#"
    )
    if not tokens:
        hint = "`summarizer token NAME` creates the first"
        raise SettingsError("contains no token", subject=str(file), hint=hint)
    return Tokens(tokens)


def _parse_token_line(line: str, place: str) -> Token:
    match = _TOKEN_LINE.fullmatch(line)
    try:
        name, hashed, ends = match.groups() if match else ("", "", "")
        return Token(name, hashed, None if ends == "-" else date.fromisoformat(ends))
    except ValueError:
        hint = "NAME sha256:HASH DAY, or - for no end"
        raise SettingsError("is not a token", subject=place, hint=hint) from None


def _is_valid(token: Token, now: datetime) -> bool:
    return token.ends is None or now.astimezone(UTC).date() <= token.ends


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _sign_session(token: Token, content: str) -> str:
    return hmac.new(bytes.fromhex(token.hash), content.encode(), "sha256").hexdigest()
