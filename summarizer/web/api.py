"""The API under /api/v1. Every refusal is a problem (RFC 9457); every list has a next page."""

from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request
from fastapi.responses import PlainTextResponse, Response

from summarizer import __version__
from summarizer.briefings import Briefing
from summarizer.rendering import html, interchange, markdown
from summarizer.store import work
from summarizer.store.snapshots import texts
from summarizer.web import drafts, metrics, stream
from summarizer.web.asking import submit
from summarizer.web.forms import (
    Ask,
    BriefingItem,
    BriefingList,
    Draft,
    Health,
    JobItem,
    JobList,
)
from summarizer.web.problems import Problem, documented
from summarizer.web.serving import Service

__all__ = [
    "ROOT",
    "absent",
    "briefing_item",
    "cancel",
    "check",
    "create",
    "delete",
    "events",
    "figures",
    "forget",
    "health",
    "job_item",
    "jobs",
    "json_only",
    "listed",
    "look",
    "owner",
    "read",
    "router",
    "service_of",
    "wanted_briefing",
    "wanted_job",
]

ROOT = "/api/v1"

_TYPES = {"json": "application/json", "html": "text/html", "markdown": "text/markdown"}

JobName = Annotated[str, Path(pattern=r"^j-[0-9a-f]{12}$", examples=["j-0123456789ab"])]
BriefingName = Annotated[str, Path(pattern=r"^b-[0-9a-f]{12}$", examples=["b-0123456789ab"])]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,200}$",
        description="The same request under the same key is one job, however often it is sent.",
    ),
]


def service_of(request: Request) -> Service:
    """The service that the application was made for."""
    found: Service = request.app.state.service
    return found


def owner(request: Request) -> str:
    """Whose token the request came with."""
    token = request.scope.get("token")
    return token.name if token else ""


def json_only(request: Request) -> None:
    """Raises Problem when the body says that it is something else."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        detail = "the body is to be application/json"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)


At = Annotated[Service, Depends(service_of)]

_ALWAYS = documented(
    HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)
_MISSING = documented(HTTPStatus.NOT_FOUND)

router = APIRouter(prefix=ROOT, responses=_ALWAYS)


@router.post(
    "/briefings",
    status_code=HTTPStatus.ACCEPTED,
    summary="Ask for a briefing",
    dependencies=[Depends(json_only)],
    responses=documented(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
)
def create(
    request: Request, response: Response, at: At, ask: Annotated[Ask, Body()], key: Key = ""
) -> JobItem:
    """Accepted once it is kept: the job of the answer outlives the connection and the process."""
    job = submit(at, ask, owner=owner(request), key=key)
    item = job_item(job)
    response.headers["Location"] = item.links["self"]
    return item


@router.get("/briefings", summary="List the briefings, the newest first")
def listed(
    at: At,
    query: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> BriefingList:
    """Those that hold every word of ``query``; editions of digests are among them."""
    found = work.list_briefings(at.database, query, limit=limit + 1, offset=offset)
    rest = {"query": query, "limit": limit, "offset": offset + limit}
    return BriefingList(
        briefings=[briefing_item(each) for each in found[:limit]],
        next=f"{ROOT}/briefings?{urlencode(rest)}" if len(found) > limit else None,
    )


@router.get(
    "/briefings/{name}",
    summary="Read a briefing",
    responses={
        200: {
            "description": "The briefing in the asked form.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Briefing"}},
                "text/html": {"schema": {"type": "string"}},
                "text/markdown": {"schema": {"type": "string"}},
            },
        },
        304: {"description": "It has not changed."},
        **_MISSING,
    },
    response_model=None,
)
def read(
    request: Request,
    at: At,
    name: BriefingName,
    form: Annotated[Literal["json", "html", "markdown"], Query(alias="format")] = "json",
) -> Response:
    """JSON by its published schema, one self-contained HTML page, or Markdown with footnotes."""
    briefing = wanted_briefing(at, name)
    tag = f'"{name}-{form}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    said = _render(at, briefing, form)
    if form == "html":  # a file to keep: it carries the policy for its own inline script
        headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return Response(said, media_type=_TYPES[form], headers=headers)


@router.delete(
    "/briefings/{name}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a briefing",
    responses={**_MISSING, **documented(HTTPStatus.FORBIDDEN)},
)
def delete(at: At, name: BriefingName) -> None:
    """What a digest remembers of its edition stays, so that nothing is told twice."""
    if not work.delete_briefing(at.database, name):
        raise absent("briefing", name)


@router.post(
    "/checks",
    summary="Check a draft",
    dependencies=[Depends(json_only)],
    responses={
        200: {
            "description": "The draft, sentence by sentence.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/CheckedDraft"}}
            },
        },
        **documented(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    },
    response_model=None,
)
def check(at: At, draft: Annotated[Draft, Body()]) -> Response:
    """Whether each sentence is supported by what it cites; nothing is kept and no model is asked.

    Marks such as [1], [^1] and (S1) lead to the sources in their order, or by the draft's own list
    of them; a sentence without a mark is held against the best passages of all.
    """
    return Response(interchange.render(drafts.check(at, draft)), media_type="application/json")


@router.get("/jobs", summary="List the jobs, the oldest first")
def jobs(
    at: At,
    state: Annotated[list[work.JobState], Query(max_length=5)] = [],  # noqa: B006 - FastAPI's way
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JobList:
    """Those in one of the states; without a state those that have not ended."""
    found = work.jobs_in(at.database, *(state or ("queued", "running")), limit=limit)
    return JobList(jobs=[job_item(each) for each in found])


@router.get("/jobs/{name}", summary="Look at a job", responses=_MISSING)
def look(at: At, name: JobName) -> JobItem:
    """Its state, and the briefing once it is done."""
    return job_item(wanted_job(at, name))


@router.get(
    "/jobs/{name}/events",
    summary="Listen to a job",
    responses={
        200: {
            "description": "Server-sent events; the last one is a `state` that ends the job.",
            "content": {stream.MEDIA: {"schema": {"type": "string"}}},
        },
        204: {"description": "It has ended, and all was heard."},
        **_MISSING,
        **documented(HTTPStatus.TOO_MANY_REQUESTS),
    },
    response_model=None,
)
def events(
    request: Request,
    at: At,
    name: JobName,
    last: Annotated[int, Header(alias="Last-Event-ID", ge=0, le=2**31)] = 0,
) -> Response:
    """Kinds: `state`, `step` (with the number of items), `source` (one that failed), `call` (sums
    of calls, answers from the cache, and cost so far)."""
    return stream.listen(at, request, wanted_job(at, name), last)


@router.post(
    "/jobs/{name}/cancel",
    status_code=HTTPStatus.ACCEPTED,
    summary="Cancel a job",
    responses={**_MISSING, **documented(HTTPStatus.FORBIDDEN)},
)
def cancel(at: At, name: JobName) -> JobItem:
    """At once if it waits, within about a second if it runs; one that has ended stays as it is."""
    job = at.desk.cancel(name)
    if job is None:
        raise absent("job", name)
    return job_item(job)


@router.delete(
    "/jobs/{name}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Forget a job",
    responses={**_MISSING, **documented(HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN)},
)
def forget(at: At, name: JobName) -> None:
    """One that has ended; its briefing stays."""
    wanted_job(at, name)
    if not work.delete_job(at.database, name):
        raise Problem(HTTPStatus.CONFLICT, "not-ended", f"{name} has not ended; cancel it first")


@router.get("/health", summary="Is the service well?")
def health(at: At) -> Health:
    """Open to everybody; 503 when the store cannot be read."""
    work.count_jobs(at.database)
    return Health(status="ok", version=__version__)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def figures(at: At) -> Response:
    """Jobs by state, and the requests of this process."""
    counted = work.count_jobs(at.database)
    said = metrics.render(at.counters, counted, at.streams.open)
    return Response(said, media_type=metrics.MEDIA)


def wanted_job(at: Service, name: str) -> work.Job:
    """The job. Raises Problem when there is none."""
    found = work.job(at.database, name)
    if found is None:
        raise absent("job", name)
    return found


def wanted_briefing(at: Service, name: str) -> Briefing:
    """The briefing. Raises Problem when there is none."""
    found = work.load_briefing(at.database, name)
    if found is None:
        raise absent("briefing", name)
    return found


def absent(kind: str, name: str) -> Problem:
    """404."""
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"no {kind} has the id {name}")


def job_item(job: work.Job) -> JobItem:
    """The job as the API tells of it."""
    links = {
        "self": f"{ROOT}/jobs/{job.id}",
        "events": f"{ROOT}/jobs/{job.id}/events",
        "page": f"/jobs/{job.id}",
    }
    if job.result:
        links["briefing"] = f"{ROOT}/briefings/{job.result}"
    return JobItem(
        id=job.id,
        state=job.state,
        created=job.created,
        changed=job.changed,
        cancelling=job.cancelling and job.state not in work.ENDED,
        problem=job.problem,
        briefing=job.result or None,
        links=links,
    )


def briefing_item(found: work.Listed) -> BriefingItem:
    """The briefing as a list of the API shows it."""
    return BriefingItem(
        id=found.id,
        title=found.title,
        created=found.created,
        digest=found.digest,
        edition=found.edition,
        links={"self": f"{ROOT}/briefings/{found.id}", "page": f"/briefings/{found.id}"},
    )


def _render(at: Service, briefing: Briefing, form: str) -> str:
    if form == "json":
        return interchange.render(briefing)
    if form == "markdown":
        return markdown.render(briefing)
    held = texts(at.database, [source.id for source in briefing.sources])
    return html.render(briefing, held)
