"""The pages that a person sees. They work without a script; a script makes them live."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from summarizer import __version__
from summarizer.rendering.pages import ASSETS, asset, glance, page, reading
from summarizer.store import work
from summarizer.store.issues import find_edition
from summarizer.store.snapshots import texts
from summarizer.web import forms
from summarizer.web.api import (
    BriefingName,
    JobName,
    absent,
    owner,
    service_of,
    wanted_briefing,
    wanted_job,
)
from summarizer.web.asking import submit
from summarizer.web.problems import Problem, told_by
from summarizer.web.security import COOKIE, secure
from summarizer.web.serving import Service
from summarizer.web.tokens import SESSION, open_session

__all__ = [
    "Given",
    "api",
    "cancel",
    "create",
    "delete",
    "follow",
    "listed",
    "login",
    "new",
    "read",
    "refused",
    "router",
    "sign_in",
    "sign_out",
    "static",
]

PAGE = 30
"""Briefings on one page of the list."""

LARGEST_FIELD = 4 * forms.LONGEST_TEXT + 1
"""Bytes: every text that may be pasted, in UTF-8; what is longer is told by the form."""

FOR_EVER = "public, max-age=31536000, immutable"

_HEADINGS = {
    "queued": "Waiting",
    "running": "Being written",
    "done": "Done",
    "failed": "It could not be written",
    "cancelled": "Cancelled",
}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

At = Annotated[Service, Depends(service_of)]


class Given(NamedTuple):
    """What stands in the form for a new briefing."""

    urls: str = ""
    texts: tuple[str, ...] = ("",)
    focus: str = ""
    title: str = ""
    words: str = "300"
    writer: str = "service"


@router.get("/")
def listed(
    at: At,
    query: Annotated[str, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> str:
    """The briefings, the newest first, and what is being written."""
    words = query.replace("\x00", "")
    found = work.list_briefings(at.database, words, limit=PAGE + 1, offset=offset)
    return page(
        "service-list.html",
        "Briefings",
        query=words,
        jobs=work.jobs_in(at.database, "queued", "running", limit=20) if not offset else (),
        briefings=[
            (each, at.glances.made(each.id, partial(_glance, at, each.id))) for each in found[:PAGE]
        ],
        before=_turn(words, max(0, offset - PAGE)) if offset else "",
        after=_turn(words, offset + PAGE) if len(found) > PAGE else "",
        guarded=bool(at.serving.tokens),
    )


@router.get("/briefings/{name}")
def read(request: Request, at: At, name: BriefingName) -> Response:
    """The reading page."""
    tag = f'"{name}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if not work.has_briefing(at.database, name):
        raise absent("briefing", name)
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    said = at.pages.made(name, lambda: _reading(at, name).encode())
    return HTMLResponse(said, headers=headers)


@router.post("/briefings/{name}/delete")
def delete(at: At, name: BriefingName) -> Response:
    """Gone for good."""
    if not work.delete_briefing(at.database, name):
        raise absent("briefing", name)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.get("/new")
def new(at: At) -> str:
    """The empty form."""
    return _form(at, Given())


@router.post("/new", form_limits={"max_part_size": LARGEST_FIELD})
def create(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    at: At,
    text: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI's way
    urls: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006
    focus: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "300",
    writer: Annotated[str, Form()] = "service",
) -> Response:
    """The job's page; the form again, with the reason, when it cannot be done."""
    given = Given(urls, tuple(text) or ("",), focus, title, words, writer)
    try:
        ask = _ask(given)
        handed = [(one.filename or "file", one.file.read()) for one in files if one.filename]
        job = submit(at, ask, handed, owner=owner(request))
    except ValidationError as error:
        faults = [f"{_label(each['loc'])}: {told_by(each['msg'])}" for each in error.errors()]
        return _again(at, given, HTTPStatus.UNPROCESSABLE_ENTITY, "It cannot be used yet.", faults)
    except Problem as problem:
        told = [each.detail for each in problem.errors]
        return _again(at, given, problem.status, problem.detail, told)
    return RedirectResponse(f"/jobs/{job.id}", HTTPStatus.SEE_OTHER)


@router.get("/jobs/{name}")
def follow(at: At, name: JobName) -> str:
    """What the job does, as far as it is known now; the script goes on from there."""
    job = wanted_job(at, name)
    events = work.events(at.database, name)
    return page(
        "service-job.html",
        _HEADINGS[job.state],
        headings=_HEADINGS,
        job=job,
        ended=job.state in work.ENDED,
        steps=[said for said in map(_step, events) if said],
        cost=next((_cost(each) for each in reversed(events) if each.kind == "call"), ""),
        after=events[-1].number if events else 0,
    )


@router.post("/jobs/{name}/cancel")
def cancel(at: At, name: JobName) -> Response:
    """Back to the job, which stops."""
    if at.desk.cancel(name) is None:
        raise absent("job", name)
    return RedirectResponse(f"/jobs/{name}", HTTPStatus.SEE_OTHER)


@router.get("/login")
def login(next: str = "/") -> str:  # noqa: A002 - the name in the address
    """The form for a token."""
    return page("service-login.html", "Sign in", next=_here(next), problem="")


@router.post("/login")
def sign_in(
    request: Request,
    at: At,
    token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """A session for the browser; the token itself is not kept there."""
    now = at.clock()
    found = at.serving.tokens.bearer(token.strip(), now)
    if found is None:
        problem = "This token does not count."
        said = page("service-login.html", "Sign in", next=_here(next), problem=problem)
        return HTMLResponse(said, HTTPStatus.UNAUTHORIZED)
    answer = RedirectResponse(_here(next), HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        open_session(found, now),
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure(request.scope),
    )
    return answer


@router.post("/logout")
def sign_out() -> Response:
    """The browser forgets its session."""
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/api")
def api(request: Request) -> str:
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
    return page("service-api.html", "API", calls=calls, example=example)


@router.get("/static/{name}")
def static(name: str, v: str = "") -> Response:
    """Style and script; an address with its hash never changes what it holds."""
    if name not in ASSETS:
        raise absent("file", name)
    headers = {"Cache-Control": FOR_EVER if v else "no-cache"}
    return Response(asset(name), media_type=ASSETS[name], headers=headers)


def refused(problem: Problem) -> Response:
    """A refusal that a person reads."""
    said = page("service-problem.html", problem.status.phrase, detail=problem.detail)
    return HTMLResponse(said, problem.status, problem.headers)


def _glance(at: Service, name: str) -> str:
    """What the list says of it; nothing where it has just been deleted."""
    briefing = work.load_briefing(at.database, name)
    return glance(briefing) if briefing else ""


def _reading(at: Service, name: str) -> str:
    briefing = wanted_briefing(at, name)
    held = texts(at.database, [source.id for source in briefing.sources])
    issue = work.edition_of(at.database, name)
    edition = find_edition(at.database, issue).edition if issue else None
    return reading(briefing, held, edition)


def _form(at: Service, given: Given, problem: str = "", faults: tuple[str, ...] = ()) -> str:
    return page(
        "service-new.html",
        "New briefing",
        given=given,
        problem=problem,
        faults=faults,
        model=at.serving.wanted.model,
    )


def _again(
    at: Service, given: Given, status: HTTPStatus, problem: str, faults: list[str]
) -> Response:
    return HTMLResponse(_form(at, given, problem, tuple(faults)), status)


def _ask(given: Given) -> forms.Ask:
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


def _label(place: tuple[int | str, ...]) -> str:
    """``("urls", 3)`` as "urls, no. 4"."""
    words = [f"no. {each + 1}" if isinstance(each, int) else str(each) for each in place]
    return ", ".join(words)


def _step(event: work.Event) -> str:
    if event.kind == "step":
        items = event.data.get("items", 0)
        return f"{event.data['step']} ({items})" if items > 1 else str(event.data["step"])
    if event.kind == "source":
        return f"{event.data['source']}: {event.data['problem']}"
    return ""


def _cost(event: work.Event) -> str:
    spent = event.data
    price = "price unknown" if spent["unpriced"] else f"${spent['cost_usd']:.4f}"
    return f"{spent['calls']} calls, {spent['cached']} from the cache, {price}"


def _turn(query: str, offset: int) -> str:
    return "/?" + urlencode({"query": query, "offset": offset})


def _here(there: str) -> str:
    """An address of this service; the list for any other.

    >>> _here("/briefings/b-1"), _here("//evil.example"), _here("https://evil.example")
    ('/briefings/b-1', '/', '/')
    """
    local = there.startswith("/") and not there.startswith(("//", "/\\"))
    return there if local and there.isprintable() else "/"
