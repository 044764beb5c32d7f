"""Errors as problem details (RFC 9457): a kind, a status, one line, and no internals."""

import sys
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from summarizer.errors import SettingsError, SourceError, StoreError, SummarizerError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PROBLEM_MEDIA_TYPE = "application/problem+json"

_TYPE_PREFIX = "urn:summarizer:problem:"


class Fault(BaseModel):
    """One invalid field: a JSON pointer (RFC 6901) into the request, and why."""

    pointer: str
    detail: str


class ProblemDetails(BaseModel):
    """What went wrong, for programs (`type`, `status`) and people (`title`, `detail`)."""

    type: str = Field(examples=[f"{_TYPE_PREFIX}not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no briefing has the id b-0123456789ab"])
    errors: list[Fault] = Field(default_factory=list)


class Problem(Exception):
    """Ends the request with these details."""

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def problem_response(problem: Problem) -> Response:
    """The problem as a response."""
    details = ProblemDetails(
        type=_TYPE_PREFIX + problem.kind,
        title=problem.status.phrase,
        status=problem.status,
        detail=problem.detail,
        errors=problem.errors,
    )
    content = details.model_dump(mode="json", exclude_defaults=True)
    return JSONResponse(content, problem.status, problem.headers, PROBLEM_MEDIA_TYPE)


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of these error responses."""
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {int(each): {"description": each.phrase, "content": content} for each in statuses}


def install_problem_handlers(app: FastAPI, respond: Callable[[Request, Problem], Response]) -> None:
    """Makes every error of the application a problem, which reveals nothing internal."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, problem: Problem) -> Response:
        return respond(request, problem)

    @app.exception_handler(RequestValidationError)
    def on_invalid_request(request: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault(pointer=_json_pointer(each["loc"]), detail=validator_message(each["msg"]))
            for each in error.errors()
        ]
        detail = f"{len(faults)} invalid field{'s' * (len(faults) != 1)} in the request"
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return respond(request, Problem(status, "invalid-request", detail, errors=faults))

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        kind = status.phrase.lower().replace(" ", "-")
        return respond(request, Problem(status, kind, str(error.detail), headers=error.headers))

    @app.exception_handler(StoreError)
    def on_store_error(request: Request, error: StoreError) -> Response:
        return respond(request, store_problem(error))

    @app.exception_handler(SummarizerError)
    def on_error(request: Request, error: SummarizerError) -> Response:
        is_invalid = isinstance(error, SettingsError | SourceError)
        kind = "invalid-request" if is_invalid else "cannot-be-done"
        return respond(request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, kind, str(error)))

    app.add_middleware(_UnexpectedErrors)


def store_problem(error: StoreError) -> Problem:
    """What a client learns of the error; the operator's log has its path and hint too."""
    print(f"summarizer: {error}", file=sys.stderr)  # noqa: T201
    detail = f"the store cannot be read or written now: it {error.message}"
    headers = {"Retry-After": "10"}
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store-unavailable", detail, headers=headers)


def validator_message(message: str) -> str:
    """The message of a validator of this package, without pydantic's prefix."""
    return message.removeprefix("Value error, ")


class _UnexpectedErrors:
    """Turns an unexpected exception into one line of the log and a plain 500."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def send_and_watch(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_watch)
        except Exception as error:  # noqa: BLE001 - the one place where a web request ends
            line = f"{type(error).__name__}: {error}".splitlines()[0]
            print(f"summarizer: {scope.get('path', '')}: {line}", file=sys.stderr)  # noqa: T201
            if not started and scope["type"] == "http":
                detail = "unexpected error; the operator's log has the details"
                problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen", detail)
                await problem_response(problem)(scope, receive, send)


def _json_pointer(location: Sequence[int | str]) -> str:
    """The JSON pointer of a field of the body; other parts of the request keep their name.

    >>> _json_pointer(("body", "urls", 3)), _json_pointer(("query", "limit"))
    ('/urls/3', 'query/limit')
    """
    part, *rest = location or ("body",)
    escaped = "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in rest)
    return escaped if part == "body" else f"{part}{escaped}"
