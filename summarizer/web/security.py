"""Who may ask, and how every answer is armoured. Each layer is one plain ASGI wrapper.

heads       a HEAD is a GET whose body is kept back
headers     a policy under which nothing inline runs, no framing, no sniffing
hosts       names under which it may be asked: a page of somebody else's name that leads to this
            machine (DNS rebinding) is none
origins     a request that changes something comes from a page of this service, or from no page
access      a token or a session, where tokens are kept
size        no body is longer than it may be, whatever its length said
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse

from summarizer.web.problems import Problem, refusal
from summarizer.web.tokens import Token, Tokens

__all__ = ["COOKIE", "Access", "Armour", "Heads", "Hosts", "Origins", "Size", "secure"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "session"

PATIENCE = 120.0
"""Seconds within which a body must have come."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_CLOSE = {"Connection": "close"}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN = frozenset({"/login", "/api/v1/health"})


def secure(scope: Scope) -> bool:
    """Whether the reader came over TLS, as far as the proxy in front tells."""
    return bool(scope.get("scheme") == "https")


class Heads:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body"})

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, headers_only)
        else:
            await self.app(scope, receive, send)


class Armour:
    """The headers of every answer; one that sets its own keeps it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def armoured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, armoured)


class Hosts:
    """Only these host names are answered; all of them when there are none."""

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _name(Headers(scope=scope).get("host", "")) if scope["type"] == "http" else ""
        if scope["type"] == "http" and self.hosts and asked not in self.hosts:
            detail = "this service is not known under that name"
            answer = refusal(Problem(HTTPStatus.MISDIRECTED_REQUEST, "unknown-host", detail))
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Origins:
    """No page of another site changes anything here."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and _foreign(scope):
            detail = "a page of another site may not do this"
            answer = refusal(Problem(HTTPStatus.FORBIDDEN, "cross-origin", detail))
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Access:
    """A bearer token, or the session of a browser; whose it is stands in ``scope["token"]``."""

    def __init__(self, app: App, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        self.app = app
        self.tokens = tokens
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.tokens or _open(scope["path"]):
            await self.app(scope, receive, send)
            return
        token = self._token(Headers(scope=scope))
        if token:
            scope["token"] = token
            await self.app(scope, receive, send)
        elif scope["path"].startswith("/api/") or scope["method"] not in _SAFE:
            challenge = {"WWW-Authenticate": 'Bearer realm="summarizer"'}
            detail = "a token that counts is needed: Authorization: Bearer ..."
            problem = Problem(HTTPStatus.UNAUTHORIZED, "token", detail, headers=challenge)
            await refusal(problem)(scope, receive, send)
        else:
            there = f"/login?next={quote(scope['path'])}"
            await RedirectResponse(there, HTTPStatus.SEE_OTHER)(scope, receive, send)

    def _token(self, headers: Headers) -> Token | None:
        now = self.clock()
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.tokens.bearer(given.strip(), now)
        session = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        return self.tokens.session(session, now) if session else None


class Size:
    """Bodies of at most ``limit`` bytes, which have come within PATIENCE."""

    def __init__(self, app: App, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and int(told) > self.limit:
            await refusal(self._problem())(scope, receive, send)
            return
        left, late, whole = self.limit, False, scope["method"] in _SAFE
        clock = asyncio.get_running_loop().time
        end = clock() + PATIENCE

        async def counted() -> Message:
            nonlocal left, late, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), end - clock())
            except TimeoutError:
                late = True
                return {"type": "http.disconnect"}
            left -= len(message.get("body", b""))
            whole = not message.get("more_body")
            return {"type": "http.disconnect"} if left < 0 else message

        async def unless_refused(message: Message) -> None:
            if left >= 0 and not late:
                await send(message)

        await self.app(scope, counted, unless_refused)
        if left < 0:
            await refusal(self._problem())(scope, receive, send)
        elif late:
            await refusal(_late())(scope, receive, send)

    def _problem(self) -> Problem:
        detail = f"the body is longer than {self.limit:,} bytes"
        return Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", detail, headers=_CLOSE
        )


def _late() -> Problem:
    detail = f"the body did not come within {PATIENCE:g} seconds"
    return Problem(HTTPStatus.REQUEST_TIMEOUT, "body-too-late", detail, headers=_CLOSE)


def _open(path: str) -> bool:
    """What everybody may ask for: the form for a token, its style, and whether it is well."""
    return path in _OPEN or path.startswith("/static/")


def _foreign(scope: Scope) -> bool:
    """Whether a browser says that another site's page asks."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host", "")


def _name(host: str) -> str:
    """The host without its port.

    >>> _name("[::1]:8000"), _name("LOCALHOST:8000"), _name("127.0.0.1")
    ('[::1]', 'localhost', '127.0.0.1')
    """
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
