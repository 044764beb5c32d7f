"""The pages for people. They work without JavaScript, which only updates them live."""

import asyncio
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
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
from summarizer.store.ended_sessions import end_session
from summarizer.store.snapshots import article_texts
from summarizer.web import forms
from summarizer.web.api import (
    BriefingId,
    JobId,
    ServiceParam,
    not_found,
    request_owner,
    require_briefing,
    require_job,
)
from summarizer.web.problems import Problem, validator_message
from summarizer.web.security import SESSION_COOKIE, client_address, is_secure
from summarizer.web.service import Service
from summarizer.web.submissions import submit_briefing
from summarizer.web.tokens import SESSION_LIFETIME, open_session

BRIEFINGS_PER_PAGE = 30
"""Briefings on one page of the list."""

MAX_FIELD_BYTES = 4 * forms.MAX_TEXT_CHARS + 1
"""Limit of one field: the longest article in UTF-8; the form itself refuses a longer one."""

IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"

_STATE_HEADINGS = {
    "queued": "Waiting",
    "running": "Being written",
    "done": "Done",
    "failed": "It could not be written",
    "cancelled": "Cancelled",
}

page_router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class NewBriefingForm(NamedTuple):
    """The fields of the form for a new briefing."""

    urls: str = ""
    texts: tuple[str, ...] = ("",)
    focus: str = ""
    title: str = ""
    words: str = "300"
    writer: str = "service"
    strict: bool = False


@page_router.get("/")
def list_page(
    service: ServiceParam,
    query: Annotated[str, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> str:
    """The briefings, the newest first, and the jobs that have not ended, or have failed."""
    words = query.replace("\x00", "")
    summaries = jobs.list_briefings(
        service.database, words, limit=BRIEFINGS_PER_PAGE + 1, offset=offset
    )

    def glance_line(name: str) -> str:
        briefing = jobs.load_briefing(service.database, name)
        return briefing_glance(briefing) if briefing else ""  # it has just been deleted

    def list_url(start: int) -> str:
        return "/?" + urlencode({"query": words, "offset": start})

    return service_page(
        "service-list.html",
        "Briefings",
        query=words,
        jobs=jobs.jobs_in_states(service.database, "queued", "running", limit=20)
        if not offset
        else (),
        failed=jobs.jobs_in_states(service.database, "failed", limit=20, newest=True)
        if not (offset or words)
        else (),
        briefings=[
            (each, service.glance_cache.get_or_make(each.id, partial(glance_line, each.id)))
            for each in summaries[:BRIEFINGS_PER_PAGE]
        ],
        before=list_url(max(0, offset - BRIEFINGS_PER_PAGE)) if offset else "",
        after=list_url(offset + BRIEFINGS_PER_PAGE) if len(summaries) > BRIEFINGS_PER_PAGE else "",
        guarded=bool(service.config.tokens),
    )


@page_router.get("/briefings/{name}")
def briefing_page(request: Request, service: ServiceParam, name: BriefingId) -> Response:
    """The reading page."""
    tag = f'"{name}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if not jobs.has_briefing(service.database, name):
        raise not_found("briefing", name)
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = service.page_cache.get_or_make(name, lambda: _reading_html(service, name).encode())
    return HTMLResponse(content, headers=headers)


@page_router.post("/briefings/{name}/delete")
def submit_deletion(service: ServiceParam, name: BriefingId) -> Response:
    """Deletes the briefing; back to the list."""
    if not jobs.delete_briefing(service.database, name):
        raise not_found("briefing", name)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@page_router.get("/new")
def new_briefing_page(service: ServiceParam) -> str:
    """The empty form."""
    return _form_html(service, NewBriefingForm())


@page_router.post("/new", form_limits={"max_part_size": MAX_FIELD_BYTES})
def submit_new_briefing(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    service: ServiceParam,
    text: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI's way
    urls: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006
    focus: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "300",
    writer: Annotated[str, Form()] = "service",
    strict: Annotated[bool, Form()] = False,
) -> Response:
    """The job's page; the form again, with the reason, when the request cannot be accepted."""
    given = NewBriefingForm(urls, tuple(text) or ("",), focus, title, words, writer, strict)
    addresses = [
        (number, line.strip()) for number, line in enumerate(urls.splitlines(), 1) if line.strip()
    ]
    chosen = sum(bool(one.filename) for one in files)
    try:
        ask = forms.Ask.model_validate(
            {
                "texts": [{"text": each} for each in given.texts if each.strip()],
                "urls": [line for _, line in addresses],
                "focus": focus,
                "title": title,
                "words": words,
                "writer": writer,
                "strict": strict,
            }
        )
        uploads = [(one.filename or "file", one.file.read()) for one in files if one.filename]
        job = submit_briefing(service, ask, uploads, owner=request_owner(request))
    except ValidationError as error:
        faults = [
            f"{_field_label(each['loc'], addresses)}: {validator_message(each['msg'])}"
            for each in error.errors()
        ]
        faults += _files_again(chosen)
        content = _form_html(service, given, "Some fields need a correction.", faults)
        return HTMLResponse(content, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Problem as problem:
        faults = [each.detail for each in problem.errors] + _files_again(chosen)
        content = _form_html(service, given, problem.detail, faults)
        return HTMLResponse(content, problem.status)
    return RedirectResponse(f"/jobs/{job.id}", HTTPStatus.SEE_OTHER)


def _field_label(place: tuple[int | str, ...], addresses: Sequence[tuple[int, str]]) -> str:
    """A field as the form calls it; an address by the number of its line."""
    field, *index = place
    if field == "urls" and index:
        number, address = addresses[int(index[0])]
        return f"Web addresses, line {number} ({address[:60]})"
    if field == "texts" and index:
        return f"Text of an article, no. {int(index[0]) + 1}"
    return {"focus": "What is it to be about?"}.get(str(field), str(field).capitalize())


def _files_again(chosen: int) -> list[str]:
    """What to do about files, which a browser does not send back into a form."""
    return ["Please choose the files again: a browser does not keep them."] if chosen else []


def _form_html(
    service: Service, given: NewBriefingForm, problem: str = "", faults: Sequence[str] = ()
) -> str:
    return service_page(
        "service-new.html",
        "New briefing",
        given=given,
        problem=problem,
        faults=faults,
        model=service.config.model.model,
    )


@page_router.get("/jobs/{name}")
def job_page(service: ServiceParam, name: JobId) -> str:
    """The state of the job and its events so far; the script adds those that follow."""
    job = require_job(service, name)
    events = jobs.job_events(service.database, name)
    spent = next((each.data for each in reversed(events) if each.kind == "call"), None)
    cost = ""
    if spent:
        price = "price unknown" if spent["unpriced"] else f"${spent['cost_usd']:.4f}"
        cost = f"{spent['calls']} calls, {spent['cached']} from the cache, {price}"
    return service_page(
        "service-job.html",
        _STATE_HEADINGS[job.state],
        headings=_STATE_HEADINGS,
        job=job,
        ended=job.state in jobs.ENDED_STATES,
        steps=[line for line in map(_step_line, events) if line],
        cost=cost,
        after=events[-1].number if events else 0,
    )


@page_router.post("/jobs/{name}/cancel")
def submit_cancellation(service: ServiceParam, name: JobId) -> Response:
    """Cancels the job; back to its page."""
    if service.queue.cancel(name) is None:
        raise not_found("job", name)
    return RedirectResponse(f"/jobs/{name}", HTTPStatus.SEE_OTHER)


@page_router.post("/jobs/{name}/delete")
def submit_job_deletion(service: ServiceParam, name: JobId) -> Response:
    """Deletes a job that has ended; back to the list."""
    if not jobs.delete_job(service.database, name):
        raise not_found("ended job", name)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@page_router.get("/login")
def login_page(next: str = "/") -> str:  # noqa: A002 - the name in the address
    """The form for a token."""
    return _login_html(next)


def _login_html(target: str, problem: str = "") -> str:
    next_page = _local_path(target)
    return service_page("service-login.html", "Sign in", next=next_page, problem=problem)


@page_router.post("/login")
async def sign_in(
    request: Request,
    service: ServiceParam,
    token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """A session for the browser, which does not get the token itself."""
    now = service.clock()
    valid = service.config.tokens.find_bearer(token.strip(), now)
    if valid is None:
        await asyncio.sleep(service.failed_sign_ins.record(client_address(request.scope)))
        content = _login_html(next, "This token is not valid.")
        return HTMLResponse(content, HTTPStatus.UNAUTHORIZED)
    response = RedirectResponse(_local_path(next), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        SESSION_COOKIE,
        open_session(valid, now),
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=is_secure(request.scope),
    )
    return response


@page_router.post("/logout")
def sign_out(request: Request, service: ServiceParam) -> Response:
    """Ends the browser's session, also for whoever has copied its cookie."""
    session, now = request.cookies.get(SESSION_COOKIE, ""), service.clock()
    if service.config.tokens.find_session(session, now):
        end_session(service.database, session, now + SESSION_LIFETIME, now)
    response = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return response


@page_router.get("/api")
def api_page(request: Request) -> str:
    """The API's operations, from its own description."""
    document = request.app.openapi()
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": each["summary"],
            "about": each.get("description", ""),
        }
        for path, methods in document["paths"].items()
        for method, each in methods.items()
    ]
    example = (
        f"curl -H 'Content-Type: application/json' {request.base_url}api/v1/briefings \\\n"
        """  -d '{"urls": ["https://example.org/news"], "words": 200}'"""
    )
    return service_page("service-api.html", "API", calls=calls, example=example)


@page_router.get("/static/{name}")
def static_file(name: str, v: str = "") -> Response:
    """Style and script; the content under an address with a hash never changes."""
    if name not in ASSET_MEDIA_TYPES:
        raise not_found("file", name)
    headers = {"Cache-Control": IMMUTABLE_CACHE_CONTROL if v else "no-cache"}
    return Response(read_asset(name), media_type=ASSET_MEDIA_TYPES[name], headers=headers)


def problem_page(problem: Problem) -> Response:
    """The problem as a page."""
    content = service_page("service-problem.html", problem.status.phrase, detail=problem.detail)
    return HTMLResponse(content, problem.status, problem.headers)


def _reading_html(service: Service, name: str) -> str:
    briefing = require_briefing(service, name)
    texts = article_texts(service.database, [source.id for source in briefing.sources])
    edition_id = jobs.briefing_edition_id(service.database, name)
    edition = find_edition(service.database, edition_id).edition if edition_id else None
    shown = edition if edition and edition.briefing else briefing
    return service_reading_page(view_page(shown, RenderOptions(texts)), name)


def _step_line(event: jobs.JobEvent) -> str:
    if event.kind == "step":
        items = event.data.get("items", 0)
        return f"{event.data['step']} ({items})" if items > 1 else str(event.data["step"])
    if event.kind == "source":
        return f"{event.data['source']}: {event.data['problem']}"
    return ""


def _local_path(url: str) -> str:
    """The address, if it is one of this service; else that of the list.

    >>> _local_path("/briefings/b-1"), _local_path("//evil.example"), _local_path("https://a.example")
    ('/briefings/b-1', '/', '/')
    """
    is_local = url.startswith("/") and not url.startswith(("//", "/\\"))
    return url if is_local and url.isprintable() else "/"
