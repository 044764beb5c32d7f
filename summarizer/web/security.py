"""Who may use the service, and the headers of every response. Each layer is one ASGI wrapper.

HeadRequests       answers HEAD as GET without the body
SecurityHeaders    a policy without inline code, no framing, no sniffing
AllowedHosts       the accepted host names, against DNS rebinding
SameOrigin         refuses changes requested by pages of other sites
TokenAccess        requires a token or a session, if the service has tokens
BodyLimit          limits the size of a body, whatever its declared length
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse

from summarizer.errors import StoreError
from summarizer.store.database import Database
from summarizer.store.ended_sessions import has_ended
from summarizer.web.problems import Problem, problem_response, store_problem
from summarizer.web.tokens import FailedSignIns, Token, Tokens

AsgiScope = MutableMapping[str, Any]
AsgiMessage = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiMessage]]
AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
AsgiApp = Callable[[AsgiScope, AsgiReceive, AsgiSend], Awaitable[None]]

SESSION_COOKIE = "session"

BODY_TIMEOUT_SECONDS = 120.0
"""Seconds within which a body must arrive."""

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
    """Whether the request came over TLS, according to the proxy in front."""
    return bool(scope.get("scheme") == "https")


def client_address(scope: AsgiScope) -> str:
    """The address that the request comes from, according to the proxy in front if there is one."""
    return str((scope.get("client") or ("unknown", 0))[0])


class AsgiLayer:
    """A layer around an application."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app


class HeadRequests(AsgiLayer):
    """Answers HEAD as GET, without the body."""

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        async def headers_only(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body"})

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, headers_only)
        else:
            await self.app(scope, receive, send)


class SecurityHeaders(AsgiLayer):
    """Adds the headers of every response; a header that is set already stays."""

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        async def send_with_headers(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class AllowedHosts(AsgiLayer):
    """Accepts only these host names; all if there are none."""

    def __init__(self, app: AsgiApp, hosts: frozenset[str]) -> None:
        super().__init__(app)
        self.hosts = hosts

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] == "http" and self.hosts:
            host = Headers(scope=scope).get("host", "")
            name, _, port = host.rpartition(":")  # of "[::1]:8000", and of a host without a port
            if (name if name and port.isdecimal() else host).lower() not in self.hosts:
                detail = "this service does not accept that host name"
                problem = Problem(HTTPStatus.MISDIRECTED_REQUEST, "unknown-host", detail)
                await problem_response(problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class SameOrigin(AsgiLayer):
    """Refuses requests of other sites' pages that would change something."""

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        changes = scope["type"] == "http" and scope["method"] not in _SAFE_METHODS
        if changes and _is_cross_origin(Headers(scope=scope)):
            detail = "a page of another site may not do this"
            problem = Problem(HTTPStatus.FORBIDDEN, "cross-origin", detail)
            await problem_response(problem)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class TokenAccess:
    """Requires a bearer token or the session of a browser; the token is in ``scope["token"]``."""

    def __init__(
        self,
        app: AsgiApp,
        tokens: Tokens,
        failures: FailedSignIns,
        database: Database,
        clock: Callable[[], datetime],
    ) -> None:
        self.app = app
        self.tokens = tokens
        self.failures = failures
        self.database = database
        self.clock = clock

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        guarded = scope["type"] == "http" and bool(self.tokens)
        if not guarded or scope["path"] in _PUBLIC_PATHS or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        try:
            token = await self._token(scope)
        except StoreError as error:
            await problem_response(store_problem(error))(scope, receive, send)
            return
        if token:
            scope["token"] = token
            await self.app(scope, receive, send)
        elif scope["path"].startswith(("/api/", "/mcp")) or scope["method"] not in _SAFE_METHODS:
            challenge = {"WWW-Authenticate": 'Bearer realm="summarizer"'}
            detail = "a valid token is needed: Authorization: Bearer ..."
            problem = Problem(HTTPStatus.UNAUTHORIZED, "token", detail, headers=challenge)
            await problem_response(problem)(scope, receive, send)
        else:
            login = f"/login?next={quote(scope['path'])}"
            await RedirectResponse(login, HTTPStatus.SEE_OTHER)(scope, receive, send)

    async def _token(self, scope: AsgiScope) -> Token | None:
        """Raises StoreError when it cannot be known whether a session was signed out."""
        headers, now = Headers(scope=scope), self.clock()
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = self.tokens.find_bearer(given.strip(), now)
            if token is None:
                await asyncio.sleep(self.failures.record(client_address(scope)))
            return token
        session = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, "")
        valid = self.tokens.find_session(session, now) if session else None
        if valid is None:
            return None
        ended = await run_in_threadpool(has_ended, self.database, session)
        return None if ended else valid


class BodyLimit:
    """Accepts bodies of at most ``limit`` bytes that arrive within BODY_TIMEOUT_SECONDS."""

    def __init__(self, app: AsgiApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        too_large = Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body-too-large",
            f"the body is longer than {self.limit:,} bytes",
            headers=_CLOSE_CONNECTION,
        )
        too_late = Problem(
            HTTPStatus.REQUEST_TIMEOUT,
            "body-too-late",
            f"the body did not arrive within {BODY_TIMEOUT_SECONDS:g} seconds",
            headers=_CLOSE_CONNECTION,
        )
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self.limit:
            await problem_response(too_large)(scope, receive, send)
            return
        problem: Problem | None = None
        bytes_left, is_complete = self.limit, scope["method"] in _SAFE_METHODS
        clock = asyncio.get_running_loop().time
        end = clock() + BODY_TIMEOUT_SECONDS

        # The application sees a broken connection in place of a body that is refused, and what it
        # responds to that is not sent.
        async def receive_limited() -> AsgiMessage:
            nonlocal problem, bytes_left, is_complete
            if is_complete:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), end - clock())
            except TimeoutError:
                problem = too_late
                return {"type": "http.disconnect"}
            bytes_left -= len(message.get("body", b""))
            is_complete = not message.get("more_body")
            if bytes_left < 0:
                problem = too_large
            return {"type": "http.disconnect"} if problem else message

        async def send_unless_refused(message: AsgiMessage) -> None:
            if not problem:
                await send(message)

        await self.app(scope, receive_limited, send_unless_refused)
        if problem:
            await problem_response(problem)(scope, receive, send)


def _is_cross_origin(headers: Headers) -> bool:
    """Whether, according to the browser, the request comes from another site's page."""
    site = headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host", "")
