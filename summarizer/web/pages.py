"""The pages for people. They work without a script; the script updates them live."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from summarizer import __version__
from summarizer.rendering.html import (
    ASSET_MEDIA_TYPES,
    read_asset,
    service_page,
    service_reading_page,
)
from summarizer.rendering.phrases import briefing_glance
from summarizer.rendering.view import RenderOptions, view_page
from summarizer.store import jobs
from summarizer.store.editions import find_edition
from summarizer.store.snapshots import article_texts
from summarizer.web import forms
from summarizer.web.api import (
    BriefingId,
    JobId,
    not_found,
    request_owner,
    request_service,
    require_briefing,
    require_job,
)
from summarizer.web.problems import Problem, validator_message
from summarizer.web.security import SESSION_COOKIE, is_secure
from summarizer.web.service import Service
from summarizer.web.submissions import submit_briefing
from summarizer.web.tokens import SESSION_LIFETIME, open_session

__all__ = [
    "NewBriefingForm",
    "api_page",
    "briefing_page",
    "job_page",
    "list_page",
    "login_page",
    "new_briefing_page",
    "page_router",
    "problem_page",
    "sign_in",
    "sign_out",
    "static_file",
    "submit_cancellation",
    "submit_deletion",
    "submit_new_briefing",
]

BRIEFINGS_PER_PAGE = 30
"""Briefings on one page of the list."""

MAX_FIELD_BYTES = 4 * forms.MAX_TEXT_CHARS + 1
"""Bytes: every text that may be pasted, in UTF-8; what is longer is told by the form."""

IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"

_STATE_HEADINGS = {
    "queued": "Waiting",
    "running": "Being written",
    "done": "Done",
    "failed": "It could not be written",
    "cancelled": "Cancelled",
}

page_router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ServiceParam = Annotated[Service, Depends(request_service)]


class NewBriefingForm(NamedTuple):
    """What stands in the form for a new briefing."""

    urls: str = ""
    texts: tuple[str, ...] = ("",)
    focus: str = ""
    title: str = ""
    words: str = "300"
    writer: str = "service"


@page_router.get("/")
def list_page(
    at: ServiceParam,
    query: Annotated[str, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> str:
    """The briefings, the newest first, and what is being written."""
    words = query.replace("\x00", "")
    found = jobs.list_briefings(at.database, words, limit=BRIEFINGS_PER_PAGE + 1, offset=offset)
    return service_page(
        "service-list.html",
        "Briefings",
        query=words,
        jobs=jobs.jobs_in_states(at.database, "queued", "running", limit=20) if not offset else (),
        briefings=[
            (each, at.glance_cache.get_or_make(each.id, partial(_glance_line, at, each.id)))
            for each in found[:BRIEFINGS_PER_PAGE]
        ],
        before=_list_url(words, max(0, offset - BRIEFINGS_PER_PAGE)) if offset else "",
        after=_list_url(words, offset + BRIEFINGS_PER_PAGE)
        if len(found) > BRIEFINGS_PER_PAGE
        else "",
        guarded=bool(at.config.tokens),
    )


@page_router.get("/briefings/{name}")
def briefing_page(request: Request, at: ServiceParam, name: BriefingId) -> Response:
    """The reading page."""
    tag = f'"{name}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if not jobs.has_briefing(at.database, name):
        raise not_found("briefing", name)
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    said = at.page_cache.get_or_make(name, lambda: _reading_html(at, name).encode())
    return HTMLResponse(said, headers=headers)


@page_router.post("/briefings/{name}/delete")
def submit_deletion(at: ServiceParam, name: BriefingId) -> Response:
    """Gone for good."""
    if not jobs.delete_briefing(at.database, name):
        raise not_found("briefing", name)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@page_router.get("/new")
def new_briefing_page(at: ServiceParam) -> str:
    """The empty form."""
    return _form_html(at, NewBriefingForm())


@page_router.post("/new", form_limits={"max_part_size": MAX_FIELD_BYTES})
def submit_new_briefing(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    at: ServiceParam,
    text: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI's way
    urls: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006
    focus: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "300",
    writer: Annotated[str, Form()] = "service",
) -> Response:
    """The job's page; the form again, with the reason, when it cannot be done."""
    given = NewBriefingForm(urls, tuple(text) or ("",), focus, title, words, writer)
    try:
        ask = _parse_form(given)
        handed = [(one.filename or "file", one.file.read()) for one in files if one.filename]
        job = submit_briefing(at, ask, handed, owner=request_owner(request))
    except ValidationError as error:
        faults = [
            f"{_field_label(each['loc'])}: {validator_message(each['msg'])}"
            for each in error.errors()
        ]
        return _form_again(
            at, given, HTTPStatus.UNPROCESSABLE_ENTITY, "It cannot be used yet.", faults
        )
    except Problem as problem:
        told = [each.detail for each in problem.errors]
        return _form_again(at, given, problem.status, problem.detail, told)
    return RedirectResponse(f"/jobs/{job.id}", HTTPStatus.SEE_OTHER)


@page_router.get("/jobs/{name}")
def job_page(at: ServiceParam, name: JobId) -> str:
    """What the job does, as far as it is known now; the script goes on from there."""
    job = require_job(at, name)
    events = jobs.job_events(at.database, name)
    return service_page(
        "service-job.html",
        _STATE_HEADINGS[job.state],
        headings=_STATE_HEADINGS,
        job=job,
        ended=job.state in jobs.ENDED_STATES,
        steps=[said for said in map(_step_line, events) if said],
        cost=next((_cost_line(each) for each in reversed(events) if each.kind == "call"), ""),
        after=events[-1].number if events else 0,
    )


@page_router.post("/jobs/{name}/cancel")
def submit_cancellation(at: ServiceParam, name: JobId) -> Response:
    """Back to the job, which stops."""
    if at.queue.cancel(name) is None:
        raise not_found("job", name)
    return RedirectResponse(f"/jobs/{name}", HTTPStatus.SEE_OTHER)


@page_router.get("/login")
def login_page(next: str = "/") -> str:  # noqa: A002 - the name in the address
    """The form for a token."""
    return service_page("service-login.html", "Sign in", next=_local_path(next), problem="")


@page_router.post("/login")
def sign_in(
    request: Request,
    at: ServiceParam,
    token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """A session for the browser; the token itself is not kept there."""
    now = at.clock()
    found = at.config.tokens.find_bearer(token.strip(), now)
    if found is None:
        problem = "This token does not count."
        said = service_page(
            "service-login.html", "Sign in", next=_local_path(next), problem=problem
        )
        return HTMLResponse(said, HTTPStatus.UNAUTHORIZED)
    answer = RedirectResponse(_local_path(next), HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        SESSION_COOKIE,
        open_session(found, now),
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=is_secure(request.scope),
    )
    return answer


@page_router.post("/logout")
def sign_out() -> Response:
    """The browser forgets its session."""
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return answer


@page_router.get("/api")
def api_page(request: Request) -> str:
    """The API's operations, from its own description."""
    described = request.app.openapi()
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": each["summary"],
            "about": each.get("description", ""),
        }
        for path, methods in described["paths"].items()
        for method, each in methods.items()
    ]
    example = (
        f"curl -H 'Content-Type: application/json' {request.base_url}api/v1/briefings \\\n"
        """  -d '{"urls": ["https://example.org/news"], "words": 200}'"""
    )
    return service_page("service-api.html", "API", calls=calls, example=example)


@page_router.get("/static/{name}")
def static_file(name: str, v: str = "") -> Response:
    """Style and script; an address with its hash never changes what it holds."""
    if name not in ASSET_MEDIA_TYPES:
        raise not_found("file", name)
    headers = {"Cache-Control": IMMUTABLE_CACHE_CONTROL if v else "no-cache"}
    return Response(read_asset(name), media_type=ASSET_MEDIA_TYPES[name], headers=headers)


def problem_page(problem: Problem) -> Response:
    """A refusal that a person reads."""
    said = service_page("service-problem.html", problem.status.phrase, detail=problem.detail)
    return HTMLResponse(said, problem.status, problem.headers)


def _glance_line(at: Service, name: str) -> str:
    """What the list says of it; nothing where it has just been deleted."""
    briefing = jobs.load_briefing(at.database, name)
    return briefing_glance(briefing) if briefing else ""


def _reading_html(at: Service, name: str) -> str:
    briefing = require_briefing(at, name)
    held = article_texts(at.database, [source.id for source in briefing.sources])
    issue = jobs.briefing_edition_id(at.database, name)
    edition = find_edition(at.database, issue).edition if issue else None
    shown = edition if edition and edition.briefing else briefing
    return service_reading_page(view_page(shown, RenderOptions(held)), name)


def _form_html(
    at: Service, given: NewBriefingForm, problem: str = "", faults: tuple[str, ...] = ()
) -> str:
    return service_page(
        "service-new.html",
        "New briefing",
        given=given,
        problem=problem,
        faults=faults,
        model=at.config.wanted.model,
    )


def _form_again(
    at: Service, given: NewBriefingForm, status: HTTPStatus, problem: str, faults: list[str]
) -> Response:
    return HTMLResponse(_form_html(at, given, problem, tuple(faults)), status)


def _parse_form(given: NewBriefingForm) -> forms.Ask:
    """The form as the API takes it. Raises ValidationError."""
    return forms.Ask.model_validate(
        {
            "texts": [{"text": each} for each in given.texts if each.strip()],
            "urls": given.urls.split(),
            "focus": given.focus,
            "title": given.title,
            "words": given.words,
            "writer": given.writer,
        }
    )


def _field_label(place: tuple[int | str, ...]) -> str:
    """``("urls", 3)`` as "urls, no. 4"."""
    words = [f"no. {each + 1}" if isinstance(each, int) else str(each) for each in place]
    return ", ".join(words)


def _step_line(event: jobs.JobEvent) -> str:
    if event.kind == "step":
        items = event.data.get("items", 0)
        return f"{event.data['step']} ({items})" if items > 1 else str(event.data["step"])
    if event.kind == "source":
        return f"{event.data['source']}: {event.data['problem']}"
    return ""


def _cost_line(event: jobs.JobEvent) -> str:
    spent = event.data
    price = "price unknown" if spent["unpriced"] else f"${spent['cost_usd']:.4f}"
    return f"{spent['calls']} calls, {spent['cached']} from the cache, {price}"


def _list_url(query: str, offset: int) -> str:
    return "/?" + urlencode({"query": query, "offset": offset})


def _local_path(there: str) -> str:
    """An address of this service; the list for any other.

    >>> _local_path("/briefings/b-1"), _local_path("//evil.example"), _local_path("https://a.example")
    ('/briefings/b-1', '/', '/')
    """
    local = there.startswith("/") and not there.startswith(("//", "/\\"))
    return there if local and there.isprintable() else "/"
