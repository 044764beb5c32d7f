"""The events of a job as server-sent events; a listener that reconnects resumes after its last."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import cast

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool

from summarizer.store import jobs
from summarizer.web.forms import EventItem, EventKind
from summarizer.web.service import Service

EVENT_STREAM_MEDIA_TYPE = "text/event-stream"

STREAM_POLL_SECONDS = 0.3
"""Seconds between two reads of the store."""

KEEP_ALIVE_SECONDS = 15.0
"""Seconds without an event after which a comment keeps proxies from closing the stream."""


def stream_job_events(service: Service, request: Request, job: jobs.Job, after: int) -> Response:
    """The events after number ``after``, until the job has ended; 204 if there will be no more,
    upon which a browser stops reconnecting. Raises Problem when too many listen."""
    if job.state in jobs.ENDED_STATES and not jobs.job_events(service.database, job.id, after):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    service.stream_limit.raise_if_full()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = _event_stream(service, request, job.id, after)
    return StreamingResponse(events, media_type=EVENT_STREAM_MEDIA_TYPE, headers=headers)


async def _event_stream(
    service: Service, request: Request, name: str, after: int
) -> AsyncIterator[bytes]:
    silent_seconds = 0.0
    with service.stream_limit.slot():
        while not (service.stream_limit.is_stopping() or await request.is_disconnected()):
            events = await run_in_threadpool(jobs.job_events, service.database, name, after)
            for event in events:
                kind = cast("EventKind", event.kind)
                item = EventItem(number=event.number, at=event.at, kind=kind, data=dict(event.data))
                yield format_sse_event(
                    data_str=item.model_dump_json(), event=event.kind, id=str(event.number)
                )
                after = event.number
                if event.kind == "state" and event.data["state"] in jobs.ENDED_STATES:
                    return
            silent_seconds = 0.0 if events else silent_seconds + STREAM_POLL_SECONDS
            if silent_seconds >= KEEP_ALIVE_SECONDS:
                yield KEEPALIVE_COMMENT
                silent_seconds = 0.0
            await asyncio.sleep(STREAM_POLL_SECONDS)
