"""``summarizer digest``: scheduled editions, and what became of each of them."""

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.formats import (
    choose_format,
    format_option,
    refuse_suffix,
    write_document,
)
from summarizer.cli.options import (
    OutputOption,
    StoreOption,
    complete_digests,
    complete_editions,
)
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summarizer.digests.config import DigestConfig
    from summarizer.digests.context import RunContext
    from summarizer.store.database import Database
    from summarizer.store.editions import EditionRecord

digest_app = typer.Typer(
    help="Scheduled briefings of feeds, each story reported once.", rich_markup_mode=None
)


DigestFileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The digest's TOML file.")]
DigestFilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Digests' TOML files.")
]
DigestNameArgument = Annotated[
    str,
    typer.Argument(
        metavar="[NAME]", help="Of one digest; default: all.", autocompletion=complete_digests
    ),
]
EditionArgument = Annotated[
    str,
    typer.Argument(
        metavar="EDITION",
        help="NAME for the last one, NAME/NUMBER, or its id.",
        autocompletion=complete_editions,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, one object a line.")]


@digest_app.command()
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, hyphens.")],
    output: OutputOption = None,
) -> None:
    """Write a commented file for a new digest, by default to NAME.toml."""
    from summarizer.digests.scaffold import starter_config

    refuse_suffix(output, "toml")
    text, file = starter_config(name), output or Path(f"{name}.toml")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise SettingsError(
            "is there already", subject=str(file), hint="-o names another"
        ) from None
    except OSError as error:
        raise SettingsError(f"cannot be written: {error.strerror}", subject=str(file)) from error
    print(f"{file}: edit it, then: summarizer digest check {file}")


@digest_app.command()
def check(files: DigestFilesArgument) -> None:
    """Try each source and each delivery, without sending anything."""
    import os

    from summarizer.cli.digest_output import format_table
    from summarizer.digests.config import load_digest_configs
    from summarizer.digests.health import try_config

    sound = True
    for config in load_digest_configs(files):
        rows = list(try_config(config, environment=os.environ, now=_utc_now()))
        shown = [("ok" if row.ok else "FAILS", row.kind, row.name, row.detail) for row in rows]
        print(format_table([("", "", config.name, ""), *shown]))
        sound = sound and all(row.ok for row in rows)
    if not sound:
        raise typer.Exit(1)


@digest_app.command()
def run(
    file: DigestFileArgument,
    store: StoreOption = "",
    due: Annotated[
        bool, typer.Option("--due", help="Only if an hour of its schedule has come; for cron.")
    ] = False,
) -> None:
    """Make and deliver one edition now; one that was interrupted is finished first."""
    from summarizer.cli.processes import exit_on_failure
    from summarizer.digests.run import digest_engine, register_config, run_digest
    from summarizer.digests.scheduler import missed_instant
    from summarizer.store.editions import last_due

    config = _load_config(file)
    with _opened_tools(store) as tools:
        now, path = tools.clock(), str(file.absolute())
        new = last_due(tools.database, config.name) is None
        register_config(tools.database, config, path, now)
        instant = (now if new else missed_instant(tools, config, now)) if due else now
        if instant is None and not _has_unfinished_work(tools, config.name):
            return
        # dbos waits without end for a store that is locked, or whose server is gone.
        with (
            _exit_on_interrupt(),
            exit_on_failure(tools.database.wait_writable),
            digest_engine(tools) as engine,
        ):
            made = run_digest(tools, engine, config.name, instant)
        if made:
            _print_outcome(tools.database, made)
        if _failed_since(tools.database, config.name, now):
            raise typer.Exit(1)


def _has_unfinished_work(tools: "RunContext", name: str) -> bool:
    """Whether something of the digest was begun and is not done."""
    from summarizer.store.deliveries import outstanding_deliveries
    from summarizer.store.editions import unfinished_edition

    return bool(
        unfinished_edition(tools.database, name)
        or outstanding_deliveries(tools.database, name=name)
    )


def _failed_since(database: "Database", name: str, start: datetime) -> bool:
    """Whether a delivery of any edition of the digest has failed, again or for good."""
    from summarizer.store.deliveries import held_deliveries, outstanding_deliveries

    failed = [each for each in outstanding_deliveries(database, name=name) if each.attempts]
    ended = [*failed, *held_deliveries(database, name)]
    return any(each.changed and each.changed >= start for each in ended)


def _print_outcome(database: "Database", made: "EditionRecord") -> None:
    """What became of the edition, in one line; exit code 1 unless all of it has arrived."""
    from summarizer.cli.digest_output import edition_summary
    from summarizer.store.deliveries import edition_deliveries

    deliveries = edition_deliveries(database, made.id)
    print(edition_summary(made, deliveries))
    arrived = all(each.state in ("sent", "withdrawn") for each in deliveries)
    if not arrived or (made.edition and made.edition.kind == "failed"):
        raise typer.Exit(1)


@digest_app.command()
def start(
    files: DigestFilesArgument,
    store: StoreOption = "",
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes on this machine that share the work.")
    ] = 1,
) -> None:
    """Serve digests at their hours until stopped; any number of machines over one PostgreSQL."""
    from threading import Event

    from summarizer.cli.processes import extra_workers, stop_on_signals
    from summarizer.digests.config import load_digest_configs
    from summarizer.digests.run import digest_engine, register_config
    from summarizer.digests.schedule import next_local_instant
    from summarizer.digests.scheduler import serve_digests

    configs = load_digest_configs(files)
    stop = Event()
    with stop_on_signals(stop.set), _opened_tools(store, sleep=stop.wait) as tools:
        for config, file in zip(configs, files, strict=True):
            register_config(tools.database, config, str(file.absolute()), tools.clock())
            upcoming = next_local_instant(config.schedule, config.timezone, tools.clock())
            _log(f"{config.name}: next edition {upcoming:%Y-%m-%d %H:%M %Z}")
        with extra_workers(workers - 1, files, store), digest_engine(tools, serving=True) as engine:
            serve_digests(tools, engine, configs, stop.is_set)


@digest_app.command()
def history(
    name: DigestNameArgument = "",
    store: StoreOption = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Editions, newest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List editions: when, of which kind, what was in them, and to whom they went."""
    from summarizer.cli.digest_output import edition_line, format_table, history_rows
    from summarizer.store.deliveries import edition_deliveries
    from summarizer.store.editions import edition_history as editions

    with _opened_store(store) as database:
        found = [
            (each, edition_deliveries(database, each.id))
            for each in editions(database, name, limit)
        ]
    if as_json:
        for issue, deliveries in found:
            print(edition_line(issue, deliveries))
    else:
        print(format_table(history_rows(found)))


@digest_app.command()
def show(
    edition: EditionArgument,
    store: StoreOption = "",
    format: Annotated[str | None, format_option("edition")] = None,
    output: OutputOption = None,
) -> None:
    """Print an edition as it was delivered."""
    from summarizer.store.editions import find_edition
    from summarizer.store.snapshots import article_texts

    chosen = choose_format(format, output, "edition")
    with _opened_store(store) as database:
        made = find_edition(database, edition).edition
        briefing = made.briefing if made else None
        held = article_texts(database, [each.id for each in briefing.sources]) if briefing else {}
    if made:
        write_document(made, chosen, held, output)


@digest_app.command()
def export(
    name: DigestNameArgument = "", store: StoreOption = "", output: OutputOption = None
) -> None:
    """Write all editions as JSON lines, the oldest first."""
    from summarizer.cli.io import write_output
    from summarizer.store.editions import edition_history as editions

    refuse_suffix(output, "jsonl")
    with _opened_store(store) as database:
        found = [each.edition for each in editions(database, name, limit=1_000_000)]
    lines = [each.model_dump_json() + "\n" for each in reversed(found) if each]
    write_output("".join(lines), output)


@digest_app.command()
def story(
    name: Annotated[str, typer.Argument(metavar="STORY", help="A story's id: t-...")],
    store: StoreOption = "",
) -> None:
    """Print a story's history: when it was first seen, and what each edition said of it."""
    from summarizer.cli.digest_output import story_life
    from summarizer.store.editions import edition_history as editions
    from summarizer.store.story_history import find_story, story_facts

    with _opened_store(store) as database:
        digest, kept = find_story(database, name)
        facts = story_facts(database, name)
        found = editions(database, digest, limit=1_000_000)
    print(story_life(kept, facts, found))


@digest_app.command()
def resend(
    edition: EditionArgument,
    store: StoreOption = "",
    to: Annotated[
        str, typer.Option(metavar="RECIPIENT", help="As digest history has it; default: all.")
    ] = "",
    drop: Annotated[
        bool, typer.Option("--drop", help="Give up instead: it has arrived, or is not wanted.")
    ] = False,
) -> None:
    """Send an edition again, also where it was sent, refused, or held in doubt."""
    from uuid import uuid4

    from summarizer.digests.dispatch import send_outstanding
    from summarizer.store import deliveries
    from summarizer.store.editions import find_edition

    sender = f"resend-{uuid4().hex}"
    with (
        _opened_tools(store, create=False) as tools,
        tools.database.locks.try_lock(deliveries.worker_lock(sender)),
    ):
        made = find_edition(tools.database, edition)
        turn = deliveries.abandon_deliveries if drop else deliveries.reopen_deliveries
        if not turn(tools.database, made.id, to, tools.clock()):
            what = "no delivery that could be given up" if drop else "no deliveries"
            what = f"has no delivery to {to}" if to and not drop else f"has {what}"
            raise SettingsError(what, subject=edition, hint="see digest history")
        if not drop:
            with _exit_on_interrupt():
                send_outstanding(tools, sender, made.digest)
        _print_outcome(tools.database, made)


@digest_app.command()
def status(
    name: DigestNameArgument = "", store: StoreOption = "", as_json: JsonOption = False
) -> None:
    """Print the health of digests; exit code 1 if anything needs attention, for monitoring."""
    from summarizer.cli.digest_output import format_table, health_line
    from summarizer.digests.health import check_health

    with _opened_store(store) as database:
        found = check_health(database, name, _utc_now())
    if as_json:
        for each in found:
            print(health_line(each))
    else:
        rows = [
            ("ok" if not e.problems else "needs attention", e.name, "; ".join(e.lines))
            for e in found
        ]
        print(format_table(rows))
    if any(each.problems for each in found):
        raise typer.Exit(1)


@digest_app.command()
def install(
    file: DigestFileArgument,
    as_unit: Annotated[
        bool,
        typer.Option("--systemd/--cron", help="A unit of systemd, or lines for a crontab."),
    ] = True,
    store: StoreOption = "",
) -> None:
    """Print the systemd unit, or the crontab lines, that run the digest on this machine."""
    from summarizer.digests.scaffold import cron_lines, systemd_unit

    config, path = _load_config(file), str(file.absolute())
    program = Path(sys.argv[0]).absolute()
    module = [sys.executable, "-m", "summarizer"]
    command = [*(module if program.name == "__main__.py" else [str(program)]), "digest"]
    at = ["--store", store] if store else []
    if as_unit:
        print(systemd_unit(config, file, [*command, "start", path, *at]), end="")
    else:
        print(cron_lines(config, file, [*command, "run", "--due", path, *at]), end="")


def _load_config(file: Path) -> "DigestConfig":
    from summarizer.digests.config import load_digest_config

    return load_digest_config(file)


@contextmanager
def _exit_on_interrupt() -> "Iterator[None]":
    """Ctrl-C ends the block as a kill would: by an end that loses nothing."""
    from summarizer.cli.processes import exit_interrupted

    try:
        yield
    except KeyboardInterrupt:
        exit_interrupted("what was begun is kept, and the next digest run goes on with it")


@contextmanager
def _opened_store(store: str, *, create: bool = False) -> "Iterator[Database]":
    from summarizer.store.database import default_store, open_store

    database = open_store(store or default_store(), create=create)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _opened_tools(store: str, *, create: bool = True, **beside: object) -> "Iterator[RunContext]":
    from summarizer.digests.context import RunContext

    with _opened_store(store, create=create) as database:
        yield RunContext(database=database, log=_log, **beside)  # type: ignore[arg-type]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _log(what: str) -> None:
    print(f"summarizer: {what}", file=sys.stderr, flush=True)
