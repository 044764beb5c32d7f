"""Durable workflows over the store's own database; the only module that uses dbos.

A workflow is a function of text that runs checkpointed steps. When its process is killed, the
next process that adopts it resumes after the last completed step. Each process holds a lock of
its own name while it lives, so the others can tell the dead from the slow without a timeout.

Traps of the library, and what is done about them: it pickles (`JsonSerializer` writes JSON, so
reading the store runs no code); it logs to the terminal (silenced); its queues are polled once
a second (``poll``); it recovers only what ran under its own name (`WorkflowEngine.adopt`); it
derives its version from its code, so that an update would orphan running workflows
(WORKFLOW_VERSION); it never deletes anything (`WorkflowEngine.delete_ended`).
"""

import json
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import Context
from datetime import datetime
from threading import Condition, Event
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self
from uuid import uuid4

from dbos import (
    DBOS,
    DBOSConfig,
    Serializer,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowHandle,
    WorkflowStatus,
    error,
)
from sqlalchemy.exc import SQLAlchemyError

from summarizer import errors
from summarizer.errors import StoreError, SummarizerError
from summarizer.store.database import Database
from summarizer.store.deliveries import worker_lock

_FAILURE_KEY = "summarizer/failure/1"


class JsonSerializer(Serializer):
    """Plain values and exceptions. A failure comes back as the error it was, if it was ours."""

    def name(self) -> str:
        return "summarizer_json"

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_encode_failure)

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805 - as the library has it
        return json.loads(serialized_data, object_hook=_decode_failure)


def _encode_failure(value: object) -> dict[str, str]:
    if not isinstance(value, BaseException):
        raise TypeError(f"a {type(value).__name__} cannot be kept")
    return {
        _FAILURE_KEY: type(value).__name__,
        "message": value.message if isinstance(value, SummarizerError) else str(value),
        "subject": getattr(value, "subject", ""),
        "hint": getattr(value, "hint", ""),
    }


def _decode_failure(found: dict[str, Any]) -> object:
    if _FAILURE_KEY not in found:
        return found
    name = found[_FAILURE_KEY]
    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, SummarizerError)):
        return SummarizerError(f"{name}: {found['message']}")
    return kind(found["message"], subject=found["subject"], hint=found["hint"])


QUEUE_POLL_SECONDS = 0.1
"""Seconds between two polls of a queue, by default."""

RESULT_POLL_SECONDS = 0.25
"""Seconds between two polls of a workflow that another process runs."""

SHUTDOWN_GRACE_SECONDS = 10.0
"""Seconds that running steps have to end when the engine is closed."""

LIVENESS_CHECK_SECONDS = 1.0
"""Seconds between two checks that the processes running an awaited workflow are alive."""

ACTIVE_STATES = ("ENQUEUED", "DELAYED", "PENDING")

WORKFLOW_VERSION = "1"
"""Of the workflows' steps and their order. Raised only when an old one could not be continued."""


class _EngineClosing(BaseException):
    """The engine is being closed: the workflow stays pending after its last step. It is no
    Exception, which dbos would store as the workflow's result."""


class WorkflowQueue(NamedTuple):
    """``concurrency``: workflows that one process runs. ``concurrency_per_key``: those with one
    key, such as a host or a model, that all processes together run."""

    name: str
    concurrency: int
    concurrency_per_key: int = 0


class WorkItem(NamedTuple):
    """The argument of a queued workflow, and the key whose concurrency is limited."""

    argument: str
    key: str = ""


class StepRunner(Protocol):
    """Runs the steps of a workflow."""

    def run(self, name: str, step: Callable[[], str]) -> str:
        """The step's result; after a restart the stored one."""
        ...

    def run_parts(self, workflow: "Workflow", parts: Sequence[WorkItem]) -> list[str]:
        """The workflow's results for the parts, in their order; any process may run them."""
        ...


class Workflow(NamedTuple):
    """``body``: its steps and its argument -> its result. ``queue``: the queue of its parts."""

    name: str
    body: Callable[[StepRunner, str], str]
    queue: str = ""


class WorkflowEngine:
    """The workflows of this process, running for as long as the block lasts."""

    def __init__(
        self,
        database: Database,
        workflows: Sequence[Workflow],
        queues: Sequence[WorkflowQueue] = (),
        *,
        listen: Sequence[str] | None = None,
        poll: float = QUEUE_POLL_SECONDS,
    ) -> None:
        """``listen``: names of the queues from which it takes work; None: all of them.

        ``poll``: seconds between two polls of a queue.
        """
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._database = database
        self._workflows = {each.name: each for each in workflows}
        self._queues = [*queues, WorkflowQueue("adopted", 64)]
        self._listen = [queue.name for queue in queues] if listen is None else [*listen]
        self._poll = poll
        self._known: dict[str, Callable[[str], str]] = {}
        self._started: dict[str, WorkflowHandle[str]] = {}
        self._failures: dict[str, StoreError] = {}
        self._closing = Event()
        self._bodies = 0
        self._ended = Condition()

    def __enter__(self) -> Self:
        """Raises StoreError when the store cannot hold the workflows."""
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        logging.getLogger("dbos").propagate = False
        if not self._database.locks.acquire(worker_lock(self.name)):
            raise StoreError("two workers have one name", subject=self.name)
        config: DBOSConfig = {
            "name": "summarizer",
            "system_database_url": self._database.url,
            "application_version": WORKFLOW_VERSION,
            "executor_id": self.name,
            "serializer": JsonSerializer(),
            "enable_otlp": False,
            "log_level": "CRITICAL",
            "notification_listener_polling_interval_sec": 0.25,
        }
        try:
            DBOS(config=config)
            for each in self._workflows.values():
                self._known[each.name] = DBOS.workflow(name=each.name)(self._body(each))
            DBOS.listen_queues([*self._listen, "adopted"])
            DBOS.launch()
            for queue in self._queues:
                DBOS.register_queue(
                    queue.name,
                    worker_concurrency=queue.concurrency,
                    partition_concurrency=queue.concurrency_per_key or None,
                    polling_interval_sec=self._poll,
                )
        except SQLAlchemyError as failure:
            self.close()
            raise self._database.store_error(failure) from failure
        except error.DBOSException as failure:
            self.close()
            hint = str(failure)
            raise StoreError("cannot be used", subject=self._database.name, hint=hint) from failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(0 if kind is KeyboardInterrupt else SHUTDOWN_GRACE_SECONDS)

    def close(self, grace: float = 0) -> None:
        """Stops after the running steps, if they end within ``grace`` seconds; another process can
        adopt the workflows."""
        self._closing.set()
        with self._ended:
            self._ended.wait_for(lambda: not self._bodies, grace)
        DBOS.destroy(destroy_registry=True)
        self._database.locks.release(worker_lock(self.name))

    def start(self, workflow: str, run: str, argument: str) -> None:
        """Runs the workflow here under the id ``run``; starting an id again has no effect."""
        with SetWorkflowID(run):
            self._started[run] = DBOS.start_workflow(self._known[workflow], argument)

    def enqueue(self, queue: str, workflow: str, run: str, part: WorkItem) -> None:
        """Queues the workflow for any process that listens; queueing an id again has no effect.

        Raises StoreError.
        """
        with self._database.store_errors():
            _enqueue_workflow(queue, self._known[workflow], run, part)

    def wait(self, run: str) -> str:
        """The workflow's result; if the process that runs it dies, the workflow is adopted.

        Raises the SummarizerError that ended it.
        """
        pool = ThreadPoolExecutor(1, thread_name_prefix="wait")
        try:
            result = pool.submit(self._result, run)
            while True:
                with suppress(TimeoutError):
                    return result.result(LIVENESS_CHECK_SECONDS)
                self.adopt(run)
                if run in self._failures and self.state(run) in ACTIVE_STATES:
                    raise self._failures[run]
        finally:
            pool.shutdown(wait=False)

    def state(self, run: str) -> str:
        """``ENQUEUED``, ``PENDING``, ``SUCCESS``, ...; empty when there is no such workflow.

        Raises StoreError.
        """
        with self._database.store_errors():
            return _workflow_state(run)

    def cancel(self, run: str) -> None:
        """Ends the workflow before its next step."""
        with suppress(error.DBOSException):
            DBOS.cancel_workflow(run)

    def adopt(self, prefix: str = "") -> int:
        """Resumes the workflows of dead processes; returns how many.

        ``prefix``: only those whose id begins so. Raises StoreError.
        """
        with self._database.store_errors():
            left = {
                status.executor_id
                for status in _pending_workflows(prefix=prefix)
                if status.executor_id and status.executor_id != self.name
            }
            return sum(self._adopt(executor, prefix) for executor in sorted(left))

    def _adopt(self, executor: str, prefix: str) -> int:
        """Under the dead process's lock, so that two processes do not both adopt its workflows."""
        with self._database.locks.try_lock(worker_lock(executor)) as gone:
            if not gone:
                return 0
            orphans = _pending_workflows(prefix=prefix, executor=executor)
            for orphan in orphans:
                DBOS.resume_workflow(orphan.workflow_id, queue_name=orphan.queue_name or "adopted")
            return len(orphans)

    def is_dead(self, executor: str) -> bool:
        """Whether the process of this name has died."""
        with self._database.locks.try_lock(worker_lock(executor)) as free:
            return free

    def delete_ended(self, before: datetime) -> None:
        """Deletes the steps of workflows that ended before then."""
        old = DBOS.list_workflows(
            completed_before=before.isoformat(), load_input=False, load_output=False
        )
        if old:
            DBOS.delete_workflows([each.workflow_id for each in old])

    def _result(self, run: str) -> str:
        try:
            handle = self._started.get(run)
            if handle:
                return _workflow_result(handle)
            return _await_result(DBOS.retrieve_workflow(run), self._closing)
        except SQLAlchemyError as failure:
            raise self._database.store_error(failure) from failure

    def _body(self, workflow: Workflow) -> Callable[[str], str]:
        def body(argument: str) -> str:
            with self._counted():
                try:
                    return workflow.body(_DurableStepRunner(self._known, self._closing), argument)
                except SQLAlchemyError as failure:  # a result could not be stored
                    problem = self._database.store_error(failure)
                    self._failures[DBOS.workflow_id or ""] = problem
                    raise problem from failure

        body.__qualname__ = f"{workflow.name} workflow"
        return body

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Counts a body among those that `close` waits for."""
        with self._ended:
            self._bodies += 1
        try:
            yield
        finally:
            with self._ended:
                self._bodies -= 1
                self._ended.notify_all()


class _DurableStepRunner:
    """Steps whose results dbos stores, until the engine is ``closing``."""

    def __init__(self, known: dict[str, Callable[[str], str]], closing: Event) -> None:
        self._known = known
        self._closing = closing

    def run(self, name: str, step: Callable[[], str]) -> str:
        self._raise_if_closing()
        return DBOS.run_step({"name": name}, step)

    def run_parts(self, workflow: Workflow, parts: Sequence[WorkItem]) -> list[str]:
        self._raise_if_closing()
        whole = DBOS.workflow_id
        body = self._known[workflow.name]
        handles = [
            _enqueue_workflow(workflow.queue, body, f"{whole}/{workflow.name}/{number}", part)
            for number, part in enumerate(parts)
        ]
        return [_await_result(handle, self._closing) for handle in handles]

    def _raise_if_closing(self) -> None:
        if self._closing.is_set():
            raise _EngineClosing


def _workflow_state(run: str) -> str:
    """Read outside of any workflow's context, in which each query would be a step."""
    status: WorkflowStatus | None = Context().run(DBOS.get_workflow_status, run)
    return status.status if status else ""


def _await_result(handle: "WorkflowHandle[str]", closing: Event) -> str:
    """The result of what another process may run. The library itself would poll for ever after
    the engine is closed."""
    while _workflow_state(handle.workflow_id) in ACTIVE_STATES:
        if closing.wait(RESULT_POLL_SECONDS):
            raise _EngineClosing
    return _workflow_result(handle)


def _enqueue_workflow(
    queue: str, body: Callable[[str], str], run: str, part: WorkItem
) -> "WorkflowHandle[str]":
    with SetWorkflowID(run), SetEnqueueOptions(queue_partition_key=part.key or None):
        return DBOS.enqueue_workflow(queue, body, part.argument)


def _workflow_result(handle: "WorkflowHandle[str]") -> str:
    """Raises SummarizerError."""
    try:
        return handle.get_result(polling_interval_sec=RESULT_POLL_SECONDS)
    except error.DBOSException as failure:
        raise SummarizerError(
            f"did not end well: {failure}", subject=handle.workflow_id
        ) from failure


def _pending_workflows(prefix: str = "", executor: str = "") -> list[WorkflowStatus]:
    return DBOS.list_workflows(
        status="PENDING",
        workflow_id_prefix=prefix or None,
        executor_id=executor or None,
        load_input=False,
        load_output=False,
    )
