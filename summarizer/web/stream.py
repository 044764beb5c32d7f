"""What happens to a job, as server-sent events; a listener that comes back goes on where it was."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from typing import cast

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool

from summarizer.store import work
from summarizer.web.forms import EventItem, EventKind
from summarizer.web.serving import Service

__all__ = ["MEDIA", "listen"]

MEDIA = "text/event-stream"

LOOK = 0.3
"""Seconds between two looks into the store."""

KEEP_ALIVE = 15.0
"""Seconds after which a silent stream says that it lives, so that no proxy cuts it."""


def listen(service: Service, request: Request, job: work.Job, after: int) -> Response:
    """The events behind number ``after``, until the job has ended; no content if there is nothing
    more to come, which ends the reconnecting of a browser. Raises Problem when too many listen."""
    if job.state in work.ENDED and not work.events(service.database, job.id, after):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    service.streams.refuse_more()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = _told(service, request, job.id, after)
    return StreamingResponse(told, media_type=MEDIA, headers=headers)


async def _told(service: Service, request: Request, name: str, after: int) -> AsyncIterator[bytes]:
    look = partial(work.events, service.database, name)
    silent = 0.0
    with service.streams.place():
        while not (service.streams.over() or await request.is_disconnected()):
            found = await run_in_threadpool(look, after)
            for event in found:
                yield _event(event)
                after = event.number
                if event.kind == "state" and event.data["state"] in work.ENDED:
                    return
            silent = 0.0 if found else silent + LOOK
            if silent >= KEEP_ALIVE:
                yield KEEPALIVE_COMMENT
                silent = 0.0
            await asyncio.sleep(LOOK)


def _event(event: work.Event) -> bytes:
    item = EventItem(
        number=event.number, at=event.at, kind=cast("EventKind", event.kind), data=dict(event.data)
    )
    return format_sse_event(data_str=item.model_dump_json(), event=event.kind, id=str(event.number))
