"""One edition from end to end, as a durable workflow that resumes after its last step.

list       [step]             sources, in batches
read       [step for each]    new articles, into the inbox; shared with other workers
write      [step]             the edition and the story history, in one transaction
prepare    [step]             one row in the ledger for each recipient
send       [step]             each row once
finish     [step]             marks the edition as finished; deletes what is older than keep_days
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext, stored_config
from summarizer.digests.dispatch import (
    prepare_edition_deliveries,
    send_outstanding,
    settle_interrupted,
)
from summarizer.digests.edition import EditionInput, failed_edition, write_edition
from summarizer.digests.ingest import (
    READING_QUEUE,
    batch_items,
    plan_batches,
    read_guarded,
    tally_sources,
    without_articles,
)
from summarizer.digests.step_guard import GuardedStep, run_guarded
from summarizer.errors import SettingsError, StoreError, SummarizerError
from summarizer.jobs.engine import (
    ACTIVE_STATES,
    QUEUE_POLL_SECONDS,
    StepRunner,
    Workflow,
    WorkflowEngine,
    WorkflowQueue,
    WorkItem,
)
from summarizer.sources.articles import Article
from summarizer.store.database import Database
from summarizer.store.editions import (
    EditionRecord,
    RegisteredDigest,
    delete_old_editions,
    find_digest,
    finish_edition,
    load_edition,
    newest_opened,
    oldest_opened,
    open_edition,
    register_digest,
    start_attempt,
    unfinished_edition,
)
from summarizer.store.snapshots import claim_inbox, delete_old_articles, load_articles
from summarizer.store.step_starts import delete_starts
from summarizer.store.story_history import (
    STORY_LIFETIME_DAYS,
    StoryHistory,
    delete_old_stories,
    load_story_history,
    save_edition,
)

EDITION_QUEUE = WorkflowQueue("editions", 2, concurrency_per_key=2)
"""Where editions wait: all workers together write two at a time with one model."""

STEP_TIMEOUT_SECONDS = 1800.0
"""Seconds that a step may take which neither asks a model nor sends anything."""

WRITE_TIMEOUT_SECONDS, SEND_TIMEOUT_SECONDS = 4 * 3600.0, 4 * 3600.0
"""Seconds for all replies of a model, and for all recipients."""

MAX_DELETED_TIME = timedelta(days=3)
"""Span of the oldest editions that one run deletes."""

SERVING_POLL_SECONDS = 0.5
"""Seconds between a serving worker's polls of a queue; it polls for days."""


def digest_engine(context: RunContext, *, serving: bool = False) -> WorkflowEngine:
    """The engine that runs editions; ``serving``: also those that other workers opened."""

    def read(steps: StepRunner, argument: str) -> str:
        return steps.run("read", partial(read_guarded, context, argument))

    def write(steps: StepRunner, edition: str) -> str:
        return _run_edition(context, engine, reading, steps, edition)

    reading = Workflow("read", read, READING_QUEUE.name)
    writing = Workflow("edition", write, EDITION_QUEUE.name)
    engine = WorkflowEngine(
        context.database,
        [reading, writing],
        [READING_QUEUE, EDITION_QUEUE],
        listen=[READING_QUEUE.name, *([EDITION_QUEUE.name] if serving else [])],
        poll=SERVING_POLL_SECONDS if serving else QUEUE_POLL_SECONDS,
    )
    return engine


def register_config(database: Database, config: DigestConfig, path: str, now: datetime) -> None:
    """Stores the digest's configuration. Raises SettingsError if another file has its name."""
    known = find_digest(database, config.name)
    if known and known.path != path and _file_defines(known.path, config.name):
        raise SettingsError(
            f"a digest called {config.name!r} is in {known.path} already",
            subject=path,
            hint="give one of them another name: the story history is stored by name",
        )
    register_digest(database, RegisteredDigest(config.name, path, config.model_dump_json()), now)


def _file_defines(path: str, name: str) -> bool:
    """Whether that file still exists, and still defines a digest of this name."""
    from pathlib import Path

    from summarizer.digests.config import load_digest_config

    try:
        return load_digest_config(Path(path)).name == name
    except SettingsError:
        return False


def run_digest(
    context: RunContext, engine: WorkflowEngine, name: str, due: datetime | None
) -> EditionRecord | None:
    """Writes and sends the digest's unfinished edition, else the one for ``due``, in this process.

    Without ``due`` it only finishes what was begun, and retries what could not be sent.
    """
    settle_interrupted(context, engine.is_dead)
    send_outstanding(context, engine.name, name)
    record = (
        open_edition(context.database, name, due, context.clock())
        if due
        else unfinished_edition(context.database, name)
    )
    if record is None or record.finished:
        return record
    engine.adopt(record.id)
    record = _with_runnable_attempt(context, engine, record)
    resumed = bool(engine.state(record.workflow_id))
    if not resumed:
        engine.start("edition", record.workflow_id, record.id)
    try:
        engine.wait(record.workflow_id)
    except SummarizerError:
        if not resumed or engine.state(record.workflow_id) in ACTIVE_STATES:
            raise
        # The run that was resumed has failed for a reason of its own time, such as a full disk.
        record = _with_runnable_attempt(context, engine, record)
        engine.start("edition", record.workflow_id, record.id)
        engine.wait(record.workflow_id)
    return load_edition(context.database, record.id)


def enqueue_edition(
    context: RunContext, engine: WorkflowEngine, config: DigestConfig, due: datetime
) -> EditionRecord:
    """Opens the edition and leaves it to whichever worker is free."""
    record = open_edition(context.database, config.name, due, context.clock())
    if record.finished is None:
        record = _with_runnable_attempt(context, engine, record)
        key = config.model.name if config.model else record.id
        engine.enqueue(EDITION_QUEUE.name, "edition", record.workflow_id, WorkItem(record.id, key))
    return record


def _with_runnable_attempt(
    context: RunContext, engine: WorkflowEngine, record: EditionRecord
) -> EditionRecord:
    """The edition, with a new attempt if the workflow of the last one has ended."""
    state = engine.state(record.workflow_id)
    if state and state not in ACTIVE_STATES:
        start_attempt(context.database, record.id, record.attempt)
        return load_edition(context.database, record.id)
    return record


def _run_edition(
    context: RunContext,
    engine: WorkflowEngine,
    reading: Workflow,
    steps: StepRunner,
    edition: str,
) -> str:
    """The workflow of one edition."""

    def run(name: str, step: Callable[[], str], seconds: float = STEP_TIMEOUT_SECONDS) -> str:
        return steps.run(
            name, partial(run_guarded, context, GuardedStep(edition, name, seconds), step)
        )

    planned = run("list", partial(plan_batches, context, edition))
    items = batch_items(planned, edition)
    if len(items) > 1:
        results = steps.run_parts(reading, items)
    else:
        results = [
            steps.run("read", partial(read_guarded, context, item.argument)) for item in items
        ]
    guarded_write = partial(
        run_guarded,
        context,
        GuardedStep(edition, "write", WRITE_TIMEOUT_SECONDS),
        partial(_write_step, context, edition, results),
        partial(_write_titles_only, context, edition, results),
    )
    steps.run("write", guarded_write)
    run("prepare", partial(_prepare_step, context, edition))
    run("send", partial(_send_step, context, engine, edition), SEND_TIMEOUT_SECONDS)
    return run("finish", partial(_finish_step, context, engine, edition))


def _write_titles_only(
    context: RunContext, edition: str, batch_results: list[str], reason: str
) -> str:
    """Stores a failed edition, with the reason and the titles of its articles."""
    record = load_edition(context.database, edition)
    if record.edition is None:
        config = stored_config(context.database, record.digest)
        today = claim_inbox(context.database, config.name, edition)
        counts = tally_sources(context, record, batch_results, len(today))
        given = EditionInput(
            config=config,
            record=record,
            today=(),
            earlier=(),
            history=StoryHistory(),
            counts=without_articles(counts, today, reason),
        )
        save_edition(context.database, failed_edition(given, reason), (), (), record.opened)
    return edition


def _write_step(context: RunContext, edition: str, batch_results: list[str]) -> str:
    record = load_edition(context.database, edition)
    if record.edition is None:
        config = stored_config(context.database, record.digest)
        today = claim_inbox(context.database, config.name, edition)
        history, earlier = _load_history(context, config, record) if today else (StoryHistory(), [])
        given = EditionInput(
            config=config,
            record=record,
            today=today,
            earlier=earlier,
            history=history,
            counts=tally_sources(context, record, batch_results, len(today)),
        )
        opened = context.chain_opener(config.model_config_for_run(), lambda _: None)
        result = write_edition(given, opened)
        save_edition(context.database, result.edition, result.stories, result.facts, record.opened)
    return edition


def _load_history(
    context: RunContext, config: DigestConfig, record: EditionRecord
) -> tuple[StoryHistory, Sequence[Article]]:
    """The story history, and the articles that represent its stories."""
    from summarizer.digests.novelty import representative_articles

    day = record.due.date()
    history = load_story_history(
        context.database,
        config.name,
        since=day - timedelta(days=STORY_LIFETIME_DAYS),
        untold=day - timedelta(days=config.max_age_days),
    )
    return history, load_articles(context.database, representative_articles(history))


def _prepare_step(context: RunContext, edition: str) -> str:
    record = load_edition(context.database, edition)
    if record.edition is None:
        raise StoreError("was never written", subject=edition)
    config = stored_config(context.database, record.digest)
    return json.dumps(prepare_edition_deliveries(context, config, record.edition))


def _send_step(context: RunContext, engine: WorkflowEngine, edition: str) -> str:
    settle_interrupted(context, engine.is_dead)
    digest = load_edition(context.database, edition).digest
    # Earlier editions were tried when the run began: a failure is not repeated, nor reported twice.
    return json.dumps(send_outstanding(context, engine.name, digest, edition=edition))


def _finish_step(context: RunContext, engine: WorkflowEngine, edition: str) -> str:
    record = load_edition(context.database, edition)
    config = stored_config(context.database, record.digest)
    finish_edition(context.database, edition, context.clock())
    newest = newest_opened(context.database, config.name, record.number)
    if record.edition and record.edition.tally.clock_days:
        days = record.edition.tally.clock_days
        context.log(
            f"{config.name}: the clock differs from the servers' by {abs(days):g} days: nothing old"
            " was deleted"
        )
    elif newest is None or record.opened >= newest - timedelta(days=1):
        _delete_old(context, config, record)
        engine.delete_ended(record.opened - timedelta(days=min(7, config.keep_days)))
    else:
        context.log(
            f"{config.name}: the clock is behind the edition of {newest:%Y-%m-%d %H:%M} UTC:"
            " nothing old was deleted"
        )
    delete_starts(context.database, edition)
    context.database.checkpoint()
    return edition


def _delete_old(context: RunContext, config: DigestConfig, record: EditionRecord) -> None:
    """Deletes what is older than ``keep_days``, at most a few days of it: a clock that is wrong for
    one run cannot empty the store."""
    before = record.opened - timedelta(days=config.keep_days)
    untold = record.due - timedelta(days=STORY_LIFETIME_DAYS)
    oldest = oldest_opened(context.database, config.name)
    if oldest:
        before = min(before, oldest + MAX_DELETED_TIME)
        untold = min(untold, oldest + MAX_DELETED_TIME)
    delete_old_editions(context.database, config.name, before)
    delete_old_stories(context.database, config.name, before.date(), untold.date())
    delete_old_articles(context.database, config.name, before)
