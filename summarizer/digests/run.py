"""One edition from end to end, as a durable workflow: killed anywhere, it goes on where it was.

list       [step]             sources, in batches
read       [step for each]    what is new in them is in the inbox; shared with other workers
write      [step]             the edition and the memory, in one transaction
prepare    [step]             the ledger has a row for each recipient
send       [step]             each row once
finish     [step]             the edition is done; what is older than the digest keeps is let go
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from summarizer.digests.config import DigestConfig
from summarizer.digests.edition import Day, write
from summarizer.digests.intake import READING, batches, counted, plan, read_batch
from summarizer.digests.sending import prepare_all, send_outstanding, settle
from summarizer.digests.tools import Tools, config_of
from summarizer.editions import Edition
from summarizer.errors import SettingsError, StoreError, SummarizerError
from summarizer.jobs.engine import POLL, UNDER_WAY, Engine, Part, Queue, Steps, Workflow
from summarizer.jobs.writers import Wanted
from summarizer.sources.articles import Article
from summarizer.store.database import Database
from summarizer.store.issues import (
    Issue,
    Registered,
    attempt_again,
    finish,
    forget_editions,
    issue,
    open_issue,
    register,
    registered,
    unfinished,
)
from summarizer.store.memory import (
    FOLLOWED,
    Memory,
    forget_stories,
    keep_edition,
    remember,
)
from summarizer.store.snapshots import forget_articles, load_articles, take_up

__all__ = ["EDITIONS", "begin", "enter", "open_engine", "run_once"]

EDITIONS = Queue("editions", 2, per_key=2)
"""Where editions wait: all workers together write two with one model at a time."""

UNHURRIED = 0.5
"""Seconds between two looks of a serving worker at a queue: it looks for days on end."""


def open_engine(tools: Tools, *, serving: bool = False) -> Engine:
    """The engine that makes editions; ``serving``: also those that others have begun."""
    holder: list[Engine] = []
    reading = Workflow("read", partial(_read, tools), READING.name)
    making = Workflow("edition", partial(_make, tools, reading, holder), EDITIONS.name)
    names = [READING.name, EDITIONS.name] if serving else [READING.name]
    poll = UNHURRIED if serving else POLL
    engine = Engine(tools.database, [reading, making], [READING, EDITIONS], listen=names, poll=poll)
    holder.append(engine)
    return engine


def enter(database: Database, config: DigestConfig, path: str, now: datetime) -> None:
    """Makes the digest known to the store. Raises SettingsError if another file has its name."""
    known = registered(database, config.name)
    if known and known.path != path and _is_called(known.path, config.name):
        raise SettingsError(
            f"a digest called {config.name!r} is in {known.path} already",
            subject=path,
            hint="what was told is remembered by name: give one of them another",
        )
    register(database, Registered(config.name, path, config.model_dump_json()), now)


def _is_called(path: str, name: str) -> bool:
    """Whether that file is still there, and still a digest of this name."""
    from pathlib import Path

    from summarizer.digests.config import load

    try:
        return load(Path(path)).name == name
    except SettingsError:
        return False


def run_once(tools: Tools, engine: Engine, name: str, due: datetime | None) -> Issue | None:
    """Makes the digest's open edition, else the one for ``due``, here and now.

    Without ``due`` only what was begun is finished, and what could not be sent is tried again.
    """
    settle(tools, engine.gone)
    send_outstanding(tools, engine.name, name)
    made = (
        open_issue(tools.database, name, due, tools.clock())
        if due
        else unfinished(tools.database, name)
    )
    if made is None or made.finished:
        return made
    engine.adopt(made.id)
    made = _fit_to_run(tools, engine, made)
    left = bool(engine.state(made.run))
    if not left:
        engine.start("edition", made.run, made.id)
    try:
        engine.wait(made.run)
    except SummarizerError:
        if not left or engine.state(made.run) in UNDER_WAY:
            raise
        made = _fit_to_run(tools, engine, made)  # what failed then, as a full disk, may be well now
        engine.start("edition", made.run, made.id)
        engine.wait(made.run)
    return issue(tools.database, made.id)


def begin(tools: Tools, engine: Engine, config: DigestConfig, due: datetime) -> Issue:
    """Leaves the edition to whichever worker is free."""
    made = open_issue(tools.database, config.name, due, tools.clock())
    if made.finished is None:
        made = _fit_to_run(tools, engine, made)
        key = config.model.name if config.model else made.id
        engine.enqueue(EDITIONS.name, "edition", made.run, Part(made.id, key))
    return made


def _fit_to_run(tools: Tools, engine: Engine, made: Issue) -> Issue:
    """The edition under a run that has not given up yet."""
    state = engine.state(made.run)
    if state and state not in UNDER_WAY:
        attempt_again(tools.database, made.id, made.attempt)
        return issue(tools.database, made.id)
    return made


def _read(tools: Tools, steps: Steps, argument: str) -> str:
    return steps.run("read", partial(read_batch, tools, argument))


def _make(tools: Tools, reading: Workflow, engine: list[Engine], steps: Steps, edition: str) -> str:
    """The workflow of one edition."""
    planned = steps.run("list", partial(plan, tools, edition))
    parts = batches(planned, edition)
    if len(parts) > 1:
        said = steps.spread(reading, parts)
    else:
        said = [steps.run("read", partial(read_batch, tools, part.argument)) for part in parts]
    steps.run("write", partial(_write, tools, edition, said))
    steps.run("prepare", partial(_prepare, tools, edition))
    steps.run("send", partial(_send, tools, engine[0], edition))
    return steps.run("finish", partial(_finish, tools, engine[0], edition))


def _write(tools: Tools, edition: str, said: list[str]) -> str:
    made = issue(tools.database, edition)
    if made.edition is None:
        config = config_of(tools.database, made.digest)
        today = take_up(tools.database, config.name, edition)
        memory, earlier = _recalled(tools, config, made) if today else (Memory(), [])
        day = Day(
            config=config,
            issue=made,
            today=today,
            earlier=earlier,
            memory=memory,
            tally=counted(tools, config, made, said, len(today)),
        )
        written = write(day, tools.writer(_wanted(config), lambda _: None))
        keep_edition(tools.database, written.edition, written.stories, written.said, made.opened)
    return edition


def _recalled(tools: Tools, config: DigestConfig, made: Issue) -> tuple[Memory, Sequence[Article]]:
    """What was told before, and the articles that stand for it."""
    from summarizer.digests.novelty import representatives

    day = made.due.date()
    memory = remember(
        tools.database,
        config.name,
        since=day - timedelta(days=FOLLOWED),
        untold=day - timedelta(days=config.max_age_days),
    )
    return memory, load_articles(tools.database, representatives(memory))


def _wanted(config: DigestConfig) -> Wanted:
    model = config.model
    if model is None:
        return Wanted()
    return Wanted(
        model=model.name,
        api_base=model.api_base or "",
        judge=model.judge,
        language=config.language,
        max_cost=model.max_cost,
        max_tokens=model.max_tokens,
        at_once=model.at_once,
        per_minute=model.per_minute,
        timeout=model.timeout,
    )


def _written(tools: Tools, edition: str) -> Edition:
    found = issue(tools.database, edition).edition
    if found is None:
        raise StoreError("was never written", subject=edition)
    return found


def _prepare(tools: Tools, edition: str) -> str:
    found = _written(tools, edition)
    config = config_of(tools.database, found.digest)
    return json.dumps(prepare_all(tools, config, found))


def _send(tools: Tools, engine: Engine, edition: str) -> str:
    settle(tools, engine.gone)
    digest = issue(tools.database, edition).digest
    return json.dumps(send_outstanding(tools, engine.name, digest))


def _finish(tools: Tools, engine: Engine, edition: str) -> str:
    made = issue(tools.database, edition)
    config = config_of(tools.database, made.digest)
    finish(tools.database, edition, tools.clock())
    before = made.opened - timedelta(days=config.keep_days)
    forget_editions(tools.database, config.name, before)
    untold = made.due.date() - timedelta(days=FOLLOWED)
    forget_stories(tools.database, config.name, before.date(), untold)
    forget_articles(tools.database, config.name, before)
    engine.forget(made.opened - timedelta(days=min(7, config.keep_days)))
    tools.database.settle()
    return edition
