"""The events of a job as server-sent events; a listener that returns resumes where it was."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from typing import cast

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool

from summarizer.store import jobs
from summarizer.web.forms import EventItem, EventKind
from summarizer.web.service import Service

__all__ = ["EVENT_STREAM_MEDIA_TYPE", "stream_job_events"]

EVENT_STREAM_MEDIA_TYPE = "text/event-stream"

STREAM_POLL_SECONDS = 0.3
"""Seconds between two looks into the store."""

KEEP_ALIVE_SECONDS = 15.0
"""Seconds after which a silent stream says that it lives, so that no proxy cuts it."""


def stream_job_events(service: Service, request: Request, job: jobs.Job, after: int) -> Response:
    """The events behind number ``after``, until the job has ended; no content if there is nothing
    more to come, which ends the reconnecting of a browser. Raises Problem when too many listen."""
    if job.state in jobs.ENDED_STATES and not jobs.job_events(service.database, job.id, after):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    service.stream_limit.raise_if_full()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = _event_stream(service, request, job.id, after)
    return StreamingResponse(told, media_type=EVENT_STREAM_MEDIA_TYPE, headers=headers)


async def _event_stream(
    service: Service, request: Request, name: str, after: int
) -> AsyncIterator[bytes]:
    look = partial(jobs.job_events, service.database, name)
    silent = 0.0
    with service.stream_limit.slot():
        while not (service.stream_limit.is_stopping() or await request.is_disconnected()):
            found = await run_in_threadpool(look, after)
            for event in found:
                yield _encode_event(event)
                after = event.number
                if event.kind == "state" and event.data["state"] in jobs.ENDED_STATES:
                    return
            silent = 0.0 if found else silent + STREAM_POLL_SECONDS
            if silent >= KEEP_ALIVE_SECONDS:
                yield KEEPALIVE_COMMENT
                silent = 0.0
            await asyncio.sleep(STREAM_POLL_SECONDS)


def _encode_event(event: jobs.JobEvent) -> bytes:
    item = EventItem(
        number=event.number, at=event.at, kind=cast("EventKind", event.kind), data=dict(event.data)
    )
    return format_sse_event(data_str=item.model_dump_json(), event=event.kind, id=str(event.number))
