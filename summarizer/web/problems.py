"""Failures as problem details (RFC 9457): a kind, a status, one line, and no internals."""

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

__all__ = [
    "PROBLEM_MEDIA_TYPE",
    "Fault",
    "Problem",
    "ProblemDetails",
    "install_problem_handlers",
    "problem_response",
    "problem_responses",
    "validator_message",
]

PROBLEM_MEDIA_TYPE = "application/problem+json"

_TYPE_PREFIX = "urn:summarizer:problem:"


class Fault(BaseModel):
    """One field that is wrong: a JSON pointer (RFC 6901) into the request, and why."""

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
    """Ends a request with these details."""

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
    """The problem as an answer."""
    details = ProblemDetails(
        type=_TYPE_PREFIX + problem.kind,
        title=problem.status.phrase,
        status=problem.status,
        detail=problem.detail,
        errors=problem.errors,
    )
    said = details.model_dump(mode="json", exclude_defaults=True)
    return JSONResponse(said, problem.status, problem.headers, PROBLEM_MEDIA_TYPE)


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """These refusals as OpenAPI knows them."""
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {int(each): {"description": each.phrase, "content": content} for each in statuses}


def install_problem_handlers(app: FastAPI, answer: Callable[[Request, Problem], Response]) -> None:
    """Every failure of the application becomes a problem; none tells of the inside."""

    @app.exception_handler(Problem)
    def told(request: Request, problem: Problem) -> Response:
        return answer(request, problem)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault(pointer=_json_pointer(each["loc"]), detail=validator_message(each["msg"]))
            for each in error.errors()
        ]
        detail = f"{len(faults)} field{'s' * (len(faults) != 1)} of the request cannot be used"
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return answer(request, Problem(status, "invalid-request", detail, errors=faults))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        kind = status.phrase.lower().replace(" ", "-")
        return answer(request, Problem(status, kind, str(error.detail), headers=error.headers))

    @app.exception_handler(SummarizerError)
    def failed(request: Request, error: SummarizerError) -> Response:
        return answer(request, _problem_of(error))

    app.add_middleware(_UnexpectedErrors)


def validator_message(message: str) -> str:
    """What a validator of ours said, without pydantic's preface."""
    return message.removeprefix("Value error, ")


def _problem_of(error: SummarizerError) -> Problem:
    if isinstance(error, StoreError):
        print(f"summarizer: {error}", file=sys.stderr)  # noqa: T201 - the operator's log
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "store-unavailable",
            "what is kept cannot be read or written now",
            headers={"Retry-After": "10"},
        )
    if isinstance(error, SettingsError | SourceError):
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", str(error))
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "cannot-be-done", str(error))


class _UnexpectedErrors:
    """What nobody foresaw: a line in the log, and a plain 500 for whoever asked."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        begun = False

        async def watched(message: Any) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the one place where a web request ends
            told = f"{type(error).__name__}: {error}".splitlines()[0]
            where = scope.get("path", "")
            print(f"summarizer: {where}: {told}", file=sys.stderr)  # noqa: T201
            if not begun and scope["type"] == "http":
                detail = "this should not have happened; the operator's log says more"
                answer = problem_response(
                    Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen", detail)
                )
                await answer(scope, receive, send)


def _json_pointer(place: Sequence[int | str]) -> str:
    """``("body", "urls", 3)`` as ``/urls/3``; other parts of the request keep their name.

    >>> _json_pointer(("body", "urls", 3)), _json_pointer(("query", "limit"))
    ('/urls/3', 'query/limit')
    """
    part, *rest = place or ("body",)
    escaped = "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in rest)
    return escaped if part == "body" else f"{part}{escaped}"
