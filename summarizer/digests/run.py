"""One edition from end to end, as a durable workflow that resumes after its last step.

list       [step]             sources, in batches
read       [step for each]    new articles are in the inbox; shared with other workers
write      [step]             the edition and the story history, in one transaction
prepare    [step]             the ledger has a row for each recipient
send       [step]             each row once
finish     [step]             the edition is done; whatever is older than keep_days is deleted
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext, stored_config
from summarizer.digests.dispatch import (
    prepare_edition_deliveries,
    send_outstanding,
    settle_interrupted,
)
from summarizer.digests.edition import EditionInput, write_edition
from summarizer.digests.ingest import (
    READING_QUEUE,
    batch_items,
    plan_batches,
    read_batch,
    tally_sources,
)
from summarizer.edition import Edition
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
    open_edition,
    register_digest,
    start_attempt,
    unfinished_edition,
)
from summarizer.store.snapshots import claim_inbox, delete_old_articles, load_articles
from summarizer.store.story_history import (
    STORY_LIFETIME_DAYS,
    StoryHistory,
    delete_old_stories,
    load_story_history,
    save_edition,
)

__all__ = ["EDITION_QUEUE", "digest_engine", "enqueue_edition", "register_config", "run_digest"]

EDITION_QUEUE = WorkflowQueue("editions", 2, concurrency_per_key=2)
"""Where editions wait: all workers together write two with one model at a time."""

SERVING_POLL_SECONDS = 0.5
"""Seconds between two looks of a serving worker at a queue: it looks for days on end."""


def digest_engine(tools: RunContext, *, serving: bool = False) -> WorkflowEngine:
    """The engine that makes editions; ``serving``: also those that others have begun."""
    holder: list[WorkflowEngine] = []
    reading = Workflow("read", partial(_run_read_workflow, tools), READING_QUEUE.name)
    making = Workflow(
        "edition", partial(_run_edition_workflow, tools, reading, holder), EDITION_QUEUE.name
    )
    names = [READING_QUEUE.name, EDITION_QUEUE.name] if serving else [READING_QUEUE.name]
    poll = SERVING_POLL_SECONDS if serving else QUEUE_POLL_SECONDS
    engine = WorkflowEngine(
        tools.database, [reading, making], [READING_QUEUE, EDITION_QUEUE], listen=names, poll=poll
    )
    holder.append(engine)
    return engine


def register_config(database: Database, config: DigestConfig, path: str, now: datetime) -> None:
    """Makes the digest known to the store. Raises SettingsError if another file has its name."""
    known = find_digest(database, config.name)
    if known and known.path != path and _file_defines(known.path, config.name):
        raise SettingsError(
            f"a digest called {config.name!r} is in {known.path} already",
            subject=path,
            hint="what was told is remembered by name: give one of them another",
        )
    register_digest(database, RegisteredDigest(config.name, path, config.model_dump_json()), now)


def _file_defines(path: str, name: str) -> bool:
    """Whether that file is still there, and still a digest of this name."""
    from pathlib import Path

    from summarizer.digests.config import load_digest_config

    try:
        return load_digest_config(Path(path)).name == name
    except SettingsError:
        return False


def run_digest(
    tools: RunContext, engine: WorkflowEngine, name: str, due: datetime | None
) -> EditionRecord | None:
    """Makes the digest's open edition, else the one for ``due``, here and now.

    Without ``due`` only what was begun is finished, and what could not be sent is tried again.
    """
    settle_interrupted(tools, engine.is_dead)
    send_outstanding(tools, engine.name, name)
    made = (
        open_edition(tools.database, name, due, tools.clock())
        if due
        else unfinished_edition(tools.database, name)
    )
    if made is None or made.finished:
        return made
    engine.adopt(made.id)
    made = _with_runnable_attempt(tools, engine, made)
    left = bool(engine.state(made.workflow_id))
    if not left:
        engine.start("edition", made.workflow_id, made.id)
    try:
        engine.wait(made.workflow_id)
    except SummarizerError:
        if not left or engine.state(made.workflow_id) in ACTIVE_STATES:
            raise
        made = _with_runnable_attempt(
            tools, engine, made
        )  # what failed then, as a full disk, may be well now
        engine.start("edition", made.workflow_id, made.id)
        engine.wait(made.workflow_id)
    return load_edition(tools.database, made.id)


def enqueue_edition(
    tools: RunContext, engine: WorkflowEngine, config: DigestConfig, due: datetime
) -> EditionRecord:
    """Leaves the edition to whichever worker is free."""
    made = open_edition(tools.database, config.name, due, tools.clock())
    if made.finished is None:
        made = _with_runnable_attempt(tools, engine, made)
        key = config.model.name if config.model else made.id
        engine.enqueue(EDITION_QUEUE.name, "edition", made.workflow_id, WorkItem(made.id, key))
    return made


def _with_runnable_attempt(
    tools: RunContext, engine: WorkflowEngine, made: EditionRecord
) -> EditionRecord:
    """The edition under a run that has not given up yet."""
    state = engine.state(made.workflow_id)
    if state and state not in ACTIVE_STATES:
        start_attempt(tools.database, made.id, made.attempt)
        return load_edition(tools.database, made.id)
    return made


def _run_read_workflow(tools: RunContext, steps: StepRunner, argument: str) -> str:
    return steps.run("read", partial(read_batch, tools, argument))


def _run_edition_workflow(
    tools: RunContext,
    reading: Workflow,
    engine: list[WorkflowEngine],
    steps: StepRunner,
    edition: str,
) -> str:
    """The workflow of one edition."""
    planned = steps.run("list", partial(plan_batches, tools, edition))
    parts = batch_items(planned, edition)
    if len(parts) > 1:
        said = steps.run_parts(reading, parts)
    else:
        said = [steps.run("read", partial(read_batch, tools, part.argument)) for part in parts]
    steps.run("write", partial(_write_step, tools, edition, said))
    steps.run("prepare", partial(_prepare_step, tools, edition))
    steps.run("send", partial(_send_step, tools, engine[0], edition))
    return steps.run("finish", partial(_finish_step, tools, engine[0], edition))


def _write_step(tools: RunContext, edition: str, said: list[str]) -> str:
    made = load_edition(tools.database, edition)
    if made.edition is None:
        config = stored_config(tools.database, made.digest)
        today = claim_inbox(tools.database, config.name, edition)
        memory, earlier = _load_history(tools, config, made) if today else (StoryHistory(), [])
        day = EditionInput(
            config=config,
            issue=made,
            today=today,
            earlier=earlier,
            memory=memory,
            tally=tally_sources(tools, config, made, said, len(today)),
        )
        written = write_edition(
            day, tools.chain_opener(config.model_config_for_run(), lambda _: None)
        )
        save_edition(tools.database, written.edition, written.stories, written.said, made.opened)
    return edition


def _load_history(
    tools: RunContext, config: DigestConfig, made: EditionRecord
) -> tuple[StoryHistory, Sequence[Article]]:
    """What was told before, and the articles that stand for it."""
    from summarizer.digests.novelty import representative_articles

    day = made.due.date()
    memory = load_story_history(
        tools.database,
        config.name,
        since=day - timedelta(days=STORY_LIFETIME_DAYS),
        untold=day - timedelta(days=config.max_age_days),
    )
    return memory, load_articles(tools.database, representative_articles(memory))


def _require_edition(tools: RunContext, edition: str) -> Edition:
    found = load_edition(tools.database, edition).edition
    if found is None:
        raise StoreError("was never written", subject=edition)
    return found


def _prepare_step(tools: RunContext, edition: str) -> str:
    found = _require_edition(tools, edition)
    config = stored_config(tools.database, found.digest)
    return json.dumps(prepare_edition_deliveries(tools, config, found))


def _send_step(tools: RunContext, engine: WorkflowEngine, edition: str) -> str:
    settle_interrupted(tools, engine.is_dead)
    digest = load_edition(tools.database, edition).digest
    return json.dumps(send_outstanding(tools, engine.name, digest))


def _finish_step(tools: RunContext, engine: WorkflowEngine, edition: str) -> str:
    made = load_edition(tools.database, edition)
    config = stored_config(tools.database, made.digest)
    finish_edition(tools.database, edition, tools.clock())
    before = made.opened - timedelta(days=config.keep_days)
    delete_old_editions(tools.database, config.name, before)
    untold = made.due.date() - timedelta(days=STORY_LIFETIME_DAYS)
    delete_old_stories(tools.database, config.name, before.date(), untold)
    delete_old_articles(tools.database, config.name, before)
    engine.delete_ended(made.opened - timedelta(days=min(7, config.keep_days)))
    tools.database.checkpoint()
    return edition
