"""Who may use the service, and the headers of every answer. Each layer is one ASGI wrapper.

HeadRequests       answers HEAD as GET without the body
SecurityHeaders    a policy without inline code, no framing, no sniffing
AllowedHosts       the host names that are answered, against DNS rebinding
SameOrigin         a request that changes something comes from this service, or from no page
TokenAccess        a token or a session, where tokens are kept
BodyLimit          the longest body, whatever its declared length
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

from summarizer.web.problems import Problem, problem_response
from summarizer.web.tokens import Token, Tokens

__all__ = [
    "SESSION_COOKIE",
    "AllowedHosts",
    "BodyLimit",
    "HeadRequests",
    "SameOrigin",
    "SecurityHeaders",
    "TokenAccess",
    "is_secure",
]

AsgiScope = MutableMapping[str, Any]
AsgiMessage = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiMessage]]
AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
AsgiApp = Callable[[AsgiScope, AsgiReceive, AsgiSend], Awaitable[None]]

SESSION_COOKIE = "session"

BODY_TIMEOUT_SECONDS = 120.0
"""Seconds within which a body must have come."""

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SECURITY_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_CLOSE_CONNECTION = {"Connection": "close"}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PUBLIC_PATHS = frozenset({"/login", "/api/v1/health"})


def is_secure(scope: AsgiScope) -> bool:
    """Whether the reader came over TLS, as far as the proxy in front tells."""
    return bool(scope.get("scheme") == "https")


class HeadRequests:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        async def headers_only(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body"})

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, headers_only)
        else:
            await self.app(scope, receive, send)


class SecurityHeaders:
    """The headers of every answer; one that sets its own keeps it."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        async def armoured(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, armoured)


class AllowedHosts:
    """Only these host names are answered; all of them when there are none."""

    def __init__(self, app: AsgiApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        asked = _host_name(Headers(scope=scope).get("host", "")) if scope["type"] == "http" else ""
        if scope["type"] == "http" and self.hosts and asked not in self.hosts:
            detail = "this service is not known under that name"
            answer = problem_response(
                Problem(HTTPStatus.MISDIRECTED_REQUEST, "unknown-host", detail)
            )
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class SameOrigin:
    """No page of another site changes anything here."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if (
            scope["type"] == "http"
            and scope["method"] not in _SAFE_METHODS
            and _is_cross_origin(scope)
        ):
            detail = "a page of another site may not do this"
            answer = problem_response(Problem(HTTPStatus.FORBIDDEN, "cross-origin", detail))
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class TokenAccess:
    """A bearer token, or the session of a browser; whose it is stands in ``scope["token"]``."""

    def __init__(self, app: AsgiApp, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        self.app = app
        self.tokens = tokens
        self.clock = clock

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http" or not self.tokens or _is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        token = self._token(Headers(scope=scope))
        if token:
            scope["token"] = token
            await self.app(scope, receive, send)
        elif scope["path"].startswith("/api/") or scope["method"] not in _SAFE_METHODS:
            challenge = {"WWW-Authenticate": 'Bearer realm="summarizer"'}
            detail = "a token that counts is needed: Authorization: Bearer ..."
            problem = Problem(HTTPStatus.UNAUTHORIZED, "token", detail, headers=challenge)
            await problem_response(problem)(scope, receive, send)
        else:
            there = f"/login?next={quote(scope['path'])}"
            await RedirectResponse(there, HTTPStatus.SEE_OTHER)(scope, receive, send)

    def _token(self, headers: Headers) -> Token | None:
        now = self.clock()
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.tokens.find_bearer(given.strip(), now)
        session = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, "")
        return self.tokens.find_session(session, now) if session else None


class BodyLimit:
    """Bodies of at most ``limit`` bytes, which have come within BODY_TIMEOUT_SECONDS."""

    def __init__(self, app: AsgiApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and int(told) > self.limit:
            await problem_response(self._problem())(scope, receive, send)
            return
        left, late, whole = self.limit, False, scope["method"] in _SAFE_METHODS
        clock = asyncio.get_running_loop().time
        end = clock() + BODY_TIMEOUT_SECONDS

        async def counted() -> AsgiMessage:
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

        async def unless_refused(message: AsgiMessage) -> None:
            if left >= 0 and not late:
                await send(message)

        await self.app(scope, counted, unless_refused)
        if left < 0:
            await problem_response(self._problem())(scope, receive, send)
        elif late:
            await problem_response(_body_too_late())(scope, receive, send)

    def _problem(self) -> Problem:
        detail = f"the body is longer than {self.limit:,} bytes"
        return Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", detail, headers=_CLOSE_CONNECTION
        )


def _body_too_late() -> Problem:
    detail = f"the body did not come within {BODY_TIMEOUT_SECONDS:g} seconds"
    return Problem(HTTPStatus.REQUEST_TIMEOUT, "body-too-late", detail, headers=_CLOSE_CONNECTION)


def _is_public(path: str) -> bool:
    """What everybody may ask for: the form for a token, its style, and whether it is well."""
    return path in _PUBLIC_PATHS or path.startswith("/static/")


def _is_cross_origin(scope: AsgiScope) -> bool:
    """Whether a browser says that another site's page asks."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host", "")


def _host_name(host: str) -> str:
    """The host without its port.

    >>> _host_name("[::1]:8000"), _host_name("LOCALHOST:8000"), _host_name("127.0.0.1")
    ('[::1]', 'localhost', '127.0.0.1')
    """
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
