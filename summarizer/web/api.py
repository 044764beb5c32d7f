"""The API under /api/v1. Every refusal is a problem (RFC 9457)."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import AfterValidator

from summarizer import __version__
from summarizer.briefing import Briefing
from summarizer.rendering.formats import (
    FORMATS,
    document_formats,
    find_format,
    render_document,
)
from summarizer.rendering.json import to_json
from summarizer.rendering.view import RenderOptions
from summarizer.store import jobs
from summarizer.store.snapshots import article_texts
from summarizer.web import metrics, stream, submissions
from summarizer.web.forms import Ask, BriefingItem, BriefingList, Draft, Health, JobItem, JobList
from summarizer.web.problems import Problem, problem_responses
from summarizer.web.service import Service
from summarizer.web.submissions import submit_briefing

API_ROOT = "/api/v1"

JobId = Annotated[str, Path(pattern=r"^j-[0-9a-f]{12}$", examples=["j-0123456789ab"])]
BriefingId = Annotated[str, Path(pattern=r"^b-[0-9a-f]{12}$", examples=["b-0123456789ab"])]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,200}$",
        description="The same request with the same key is one job, however often it is sent.",
    ),
]
BRIEFING_FORMATS = document_formats("briefing")


def _format_name(value: str) -> str:
    """The name of the format. Raises ValueError where there is none."""
    chosen = find_format(value, "briefing")
    if chosen is None:
        raise ValueError(f"is none of {', '.join(each.name for each in BRIEFING_FORMATS)}")
    return chosen.name


FormatParam = Annotated[
    str,
    AfterValidator(_format_name),
    Query(
        alias="format",
        json_schema_extra={
            "enum": [name for each in BRIEFING_FORMATS for name in (each.name, *each.aliases)]
        },
    ),
]


def request_service(request: Request) -> Service:
    """The service that the application was created with."""
    service: Service = request.app.state.service
    return service


def request_owner(request: Request) -> str:
    """The name of the request's token; empty without one."""
    token = request.scope.get("token")
    return token.name if token else ""


def require_json(request: Request) -> None:
    """Raises Problem when the body is declared as another media type."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        detail = "the body must be application/json"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)


def refuse_unknown_parameters(request: Request) -> None:
    """Raises Problem for a query parameter that the endpoint does not have: a misspelt one would
    be ignored, and the answer would be to another request."""
    known = {each.alias for each in request.scope["route"].dependant.query_params}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        detail = f"there is no query parameter {unknown[0]!r}"
        detail += f"; known: {', '.join(sorted(known))}" if known else ""
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-parameter", detail)


ServiceParam = Annotated[Service, Depends(request_service)]

_COMMON_RESPONSES = problem_responses(
    HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)
_NOT_FOUND_RESPONSE = problem_responses(HTTPStatus.NOT_FOUND)

api_router = APIRouter(
    prefix=API_ROOT,
    responses=_COMMON_RESPONSES,
    dependencies=[Depends(refuse_unknown_parameters)],
)


@api_router.post(
    "/briefings",
    name="create",
    status_code=HTTPStatus.ACCEPTED,
    summary="Request a briefing",
    dependencies=[Depends(require_json)],
    responses=problem_responses(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
)
def post_briefing(
    request: Request,
    response: Response,
    service: ServiceParam,
    ask: Annotated[Ask, Body()],
    key: IdempotencyKey = "",
) -> JobItem:
    """Accepted once it is stored: the job outlives the connection and the process."""
    job = submit_briefing(service, ask, owner=request_owner(request), key=key)
    item = job_item(job)
    response.headers["Location"] = item.links["self"]
    return item


@api_router.get("/briefings", name="listed", summary="List the briefings, the newest first")
def get_briefings(
    service: ServiceParam,
    query: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> BriefingList:
    """Those that contain every word of ``query``, editions of digests included."""
    summaries = jobs.list_briefings(service.database, query, limit=limit + 1, offset=offset)
    following = urlencode({"query": query, "limit": limit, "offset": offset + limit})
    return BriefingList(
        briefings=[briefing_item(each) for each in summaries[:limit]],
        next=f"{API_ROOT}/briefings?{following}" if len(summaries) > limit else None,
    )


@api_router.get(
    "/briefings/{name}",
    name="read",
    summary="Read a briefing",
    responses={
        200: {
            "description": "The briefing in the requested format.",
            "content": {
                **{each.media_type: {"schema": {"type": "string"}} for each in BRIEFING_FORMATS},
                "application/json": {"schema": {"$ref": "#/components/schemas/Briefing"}},
            },
        },
        304: {"description": "It has not changed."},
        **_NOT_FOUND_RESPONSE,
    },
    response_model=None,
)
def get_briefing(
    request: Request,
    service: ServiceParam,
    name: BriefingId,
    form: FormatParam = "json",
) -> Response:
    """In the format that is asked for, by default as JSON of the published schema."""
    briefing = require_briefing(service, name)
    tag = f'"{name}-{form}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    sources = [] if FORMATS[form].raw else [source.id for source in briefing.sources]
    texts = article_texts(service.database, sources)
    if form == "html":
        # A file to keep: it contains the policy for its own inline script.
        headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return Response(
        render_document(briefing, form, RenderOptions(texts)),
        media_type=FORMATS[form].media_type,
        headers=headers,
    )


@api_router.delete(
    "/briefings/{name}",
    name="delete",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a briefing",
    responses={**_NOT_FOUND_RESPONSE, **problem_responses(HTTPStatus.FORBIDDEN)},
)
def remove_briefing(service: ServiceParam, name: BriefingId) -> None:
    """What a digest knows of its edition stays, so that it repeats nothing."""
    if not jobs.delete_briefing(service.database, name):
        raise not_found("briefing", name)


@api_router.post(
    "/checks",
    name="check",
    summary="Check a draft",
    dependencies=[Depends(require_json)],
    responses={
        200: {
            "description": "The draft, sentence by sentence.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/DraftAudit"}}
            },
        },
        **problem_responses(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    },
    response_model=None,
)
def post_check(service: ServiceParam, draft: Annotated[Draft, Body()]) -> Response:
    """Whether each sentence is supported by what it cites; nothing is stored, no model is used.

    Markers such as [1], [^1] and (S1) refer to the sources in their order, or by the draft's own
    list of them; a sentence without a marker is compared with the best passages of all.
    """
    checked = submissions.check_submitted_draft(service, draft)
    return Response(to_json(checked), media_type="application/json")


@api_router.get("/jobs", name="jobs", summary="List the jobs, the oldest first")
def get_jobs(
    service: ServiceParam,
    state: Annotated[list[jobs.JobState], Query(max_length=5)] = [],  # noqa: B006 - FastAPI's way
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JobList:
    """Those in one of the states; without a state, those that have not ended."""
    states = state or ("queued", "running")
    found = jobs.jobs_in_states(service.database, *states, limit=limit)
    return JobList(jobs=[job_item(each) for each in found])


@api_router.get("/jobs/{name}", name="look", summary="Read a job", responses=_NOT_FOUND_RESPONSE)
def get_job(service: ServiceParam, name: JobId) -> JobItem:
    """Its state, and the briefing once it is done."""
    return job_item(require_job(service, name))


@api_router.get(
    "/jobs/{name}/events",
    name="events",
    summary="Listen to a job",
    responses={
        200: {
            "description": "Server-sent events; the last one is a `state` that ends the job.",
            "content": {stream.EVENT_STREAM_MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        204: {"description": "It has ended, and there are no more events."},
        **_NOT_FOUND_RESPONSE,
        **problem_responses(HTTPStatus.TOO_MANY_REQUESTS),
    },
    response_model=None,
)
def get_job_events(
    request: Request,
    service: ServiceParam,
    name: JobId,
    last: Annotated[int, Header(alias="Last-Event-ID", ge=0, le=2**31)] = 0,
) -> Response:
    """Kinds: `state`, `step` (with the number of items), `source` (one that failed), `call` (the
    calls, cached answers and cost so far)."""
    return stream.stream_job_events(service, request, require_job(service, name), last)


@api_router.post(
    "/jobs/{name}/cancel",
    name="cancel",
    status_code=HTTPStatus.ACCEPTED,
    summary="Cancel a job",
    responses={**_NOT_FOUND_RESPONSE, **problem_responses(HTTPStatus.FORBIDDEN)},
)
def cancel_job(service: ServiceParam, name: JobId) -> JobItem:
    """At once if it is queued, within about a second if it runs; one that has ended stays."""
    job = service.queue.cancel(name)
    if job is None:
        raise not_found("job", name)
    return job_item(job)


@api_router.delete(
    "/jobs/{name}",
    name="forget",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a job",
    responses={
        **_NOT_FOUND_RESPONSE,
        **problem_responses(HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN),
    },
)
def remove_job(service: ServiceParam, name: JobId) -> None:
    """One that has ended; its briefing stays."""
    require_job(service, name)
    if not jobs.delete_job(service.database, name):
        raise Problem(HTTPStatus.CONFLICT, "not-ended", f"{name} has not ended; cancel it first")


@api_router.get("/health", name="health", summary="Check the service")
def get_health(service: ServiceParam) -> Health:
    """Needs no token; 503 when the store cannot be read."""
    jobs.count_jobs(service.database)
    return Health(status="ok", version=__version__)


@api_router.get(
    "/metrics",
    name="figures",
    summary="Metrics for Prometheus",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(service: ServiceParam) -> Response:
    """Jobs by state, and the requests of this process."""
    counts = jobs.count_jobs(service.database)
    content = metrics.prometheus_text(service.counters, counts, service.stream_limit.open)
    return Response(content, media_type=metrics.METRICS_MEDIA_TYPE)


def require_job(service: Service, name: str) -> jobs.Job:
    """The job. Raises Problem when there is none."""
    job = jobs.find_job(service.database, name)
    if job is None:
        raise not_found("job", name)
    return job


def require_briefing(service: Service, name: str) -> Briefing:
    """The briefing. Raises Problem when there is none."""
    briefing = jobs.load_briefing(service.database, name)
    if briefing is None:
        raise not_found("briefing", name)
    return briefing


def not_found(kind: str, name: str) -> Problem:
    """The 404 for an id that is not in the store."""
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"no {kind} has the id {name}")


def job_item(job: jobs.Job) -> JobItem:
    """The job as the API shows it."""
    links = {
        "self": f"{API_ROOT}/jobs/{job.id}",
        "events": f"{API_ROOT}/jobs/{job.id}/events",
        "page": f"/jobs/{job.id}",
    }
    if job.result:
        links["briefing"] = f"{API_ROOT}/briefings/{job.result}"
    return JobItem(
        id=job.id,
        state=job.state,
        created=job.created,
        changed=job.changed,
        cancelling=job.cancelling and job.state not in jobs.ENDED_STATES,
        problem=job.problem,
        briefing=job.result or None,
        links=links,
    )


def briefing_item(summary: jobs.BriefingSummary) -> BriefingItem:
    """The briefing as the API lists it."""
    return BriefingItem(
        id=summary.id,
        title=summary.title,
        created=summary.created,
        digest=summary.digest,
        edition=summary.edition,
        links={"self": f"{API_ROOT}/briefings/{summary.id}", "page": f"/briefings/{summary.id}"},
    )
