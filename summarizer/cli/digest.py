"""``summarizer digest``: editions at their hours, and what became of each of them."""

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Output
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summarizer.digests.config import DigestConfig
    from summarizer.digests.tools import Tools
    from summarizer.store.database import Database
    from summarizer.store.issues import Issue

__all__ = [
    "Shape",
    "app",
    "check",
    "export",
    "history",
    "init",
    "install",
    "resend",
    "run",
    "show",
    "start",
    "status",
    "why",
]

app = typer.Typer(
    help="Cited briefings of feeds at their hours, each told once.", rich_markup_mode=None
)


class Shape(StrEnum):
    """How an edition is shown."""

    text = "text"
    md = "md"
    html = "html"
    json = "json"


File = Annotated[Path, typer.Argument(metavar="FILE", help="The digest's TOML file.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Digests' TOML files.")]
Name = Annotated[str, typer.Argument(metavar="[NAME]", help="Of one digest; default: all.")]
Wanted = Annotated[
    str, typer.Argument(metavar="EDITION", help="NAME for the last one, NAME/NUMBER, or its id.")
]
Store = Annotated[
    str,
    typer.Option(
        envvar="SUMMARIZER_STORE",
        metavar="PATH|URL",
        help="A file, or postgresql://...; default: in the user's data folder.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="As JSON, one object a line.")]


@app.command()
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, hyphens.")],
    output: Output = None,
) -> None:
    """Write a commented file for a new digest, by default to NAME.toml."""
    from summarizer.cli.formats import refuse_suffix
    from summarizer.digests.starting import starter

    refuse_suffix(output, "toml")
    text, file = starter(name), output or Path(f"{name}.toml")
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


@app.command()
def check(files: Files) -> None:
    """Try each source and each delivery, without sending anything."""
    import os

    from summarizer.cli.digests_shown import table
    from summarizer.digests.check import examine
    from summarizer.digests.config import load_all

    sound = True
    for config in load_all(files):
        rows = list(examine(config, environment=os.environ, now=_now()))
        shown = [("ok" if row.ok else "FAILS", row.what, row.name, row.detail) for row in rows]
        print(table([("", "", config.name, ""), *shown]))
        sound = sound and all(row.ok for row in rows)
    if not sound:
        raise typer.Exit(1)


@app.command()
def run(
    file: File,
    store: Store = "",
    due: Annotated[
        bool, typer.Option("--due", help="Only if an hour of its schedule has come; for cron.")
    ] = False,
) -> None:
    """Make and deliver one edition now; one that was interrupted is finished first."""
    from summarizer.cli.leaving import watched
    from summarizer.digests.run import enter, open_engine, run_once
    from summarizer.digests.serving import missed
    from summarizer.store.issues import last_due

    config = _load(file)
    with _tools(store) as tools:
        now, path = tools.clock(), str(file.absolute())
        new = last_due(tools.database, config.name) is None
        enter(tools.database, config, path, now)
        instant = (now if new else missed(tools, config, now)) if due else now
        if instant is None and not _left(tools, config.name):
            return
        # dbos waits without end for a store that is locked, or whose server is gone.
        with _resumable(), watched(tools.database.reach), open_engine(tools) as engine:
            made = run_once(tools, engine, config.name, instant)
        if made:
            _tell(tools.database, made)


def _left(tools: "Tools", name: str) -> bool:
    """Whether something of the digest was begun and is not done."""
    from summarizer.store.issues import unfinished
    from summarizer.store.ledger import outstanding

    return bool(unfinished(tools.database, name) or outstanding(tools.database, name=name))


def _tell(database: "Database", made: "Issue") -> None:
    """What became of the edition, in one line; exit code 1 unless all of it has arrived."""
    from summarizer.cli.digests_shown import summary
    from summarizer.store.ledger import entries

    deliveries = entries(database, made.id)
    print(summary(made, deliveries))
    arrived = all(each.state in ("sent", "withdrawn") for each in deliveries)
    if not arrived or (made.edition and made.edition.kind == "failed"):
        raise typer.Exit(1)


@app.command()
def start(
    files: Files,
    store: Store = "",
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes on this machine that share the work.")
    ] = 1,
) -> None:
    """Serve digests at their hours until stopped; any number of machines over one PostgreSQL."""
    from threading import Event

    from summarizer.cli.workers import beside, on_signals
    from summarizer.digests.config import load_all
    from summarizer.digests.run import enter, open_engine
    from summarizer.digests.serving import serve, upcoming

    configs = load_all(files)
    stop = Event()
    with on_signals(stop.set), _tools(store, sleep=stop.wait) as tools:
        for config, file in zip(configs, files, strict=True):
            enter(tools.database, config, str(file.absolute()), tools.clock())
            _say(f"{config.name}: next edition {upcoming(config, tools.clock()):%Y-%m-%d %H:%M %Z}")
        with beside(workers - 1, files, store), open_engine(tools, serving=True) as engine:
            serve(tools, engine, configs, stop.is_set)


@app.command()
def history(
    name: Name = "",
    store: Store = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Editions, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List editions: when, of which kind, what was in them, and to whom they went."""
    from summarizer.cli.digests_shown import as_line, history_rows, table
    from summarizer.store.issues import history as editions
    from summarizer.store.ledger import entries

    with _stored(store) as database:
        found = [(each, entries(database, each.id)) for each in editions(database, name, limit)]
    if as_json:
        for issue, deliveries in found:
            print(as_line(issue, deliveries))
    else:
        print(table(history_rows(found)))


@app.command()
def show(
    edition: Wanted,
    store: Store = "",
    format: Annotated[
        Shape | None,
        typer.Option(
            help="How it is shown. Default: by the suffix of --output, else text.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Print an edition as it was delivered."""
    from summarizer.cli.digests_shown import shown
    from summarizer.cli.formats import choose
    from summarizer.cli.output import deliver
    from summarizer.store.issues import find_edition
    from summarizer.store.snapshots import texts

    chosen = choose(format, output, Shape)
    with _stored(store) as database:
        made = find_edition(database, edition).edition
        briefing = made.briefing if made else None
        held = texts(database, [each.id for each in briefing.sources]) if briefing else {}
    if made:
        deliver(shown(made, held, chosen.value), output)


@app.command()
def export(name: Name = "", store: Store = "", output: Output = None) -> None:
    """Write all editions as JSON lines, the oldest first."""
    from summarizer.cli.formats import refuse_suffix
    from summarizer.cli.output import deliver
    from summarizer.store.issues import history as editions

    refuse_suffix(output, "jsonl")
    with _stored(store) as database:
        found = [each.edition for each in editions(database, name, limit=1_000_000)]
    lines = [each.model_dump_json() + "\n" for each in reversed(found) if each]
    deliver("".join(lines), output)


@app.command()
def why(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A story's id: t-...")],
    store: Store = "",
) -> None:
    """Tell a story's life: when it was first met, what each edition told of it, and why not."""
    from summarizer.cli.digests_shown import life
    from summarizer.store.issues import history as editions
    from summarizer.store.memory import find_story, story_facts

    with _stored(store) as database:
        digest, kept = find_story(database, story)
        facts = story_facts(database, story)
        found = editions(database, digest, limit=1_000_000)
    print(life(kept, facts, found))


@app.command()
def resend(
    edition: Wanted,
    store: Store = "",
    to: Annotated[
        str, typer.Option(metavar="RECIPIENT", help="As digest history has it; default: all.")
    ] = "",
    drop: Annotated[
        bool, typer.Option("--drop", help="Give up instead: it has arrived, or is not wanted.")
    ] = False,
) -> None:
    """Send an edition again, also where it was sent, refused, or held in doubt."""
    from uuid import uuid4

    from summarizer.digests.sending import send_outstanding
    from summarizer.store import ledger
    from summarizer.store.issues import find_edition

    sender = f"resend-{uuid4().hex}"
    with _tools(store, create=False) as tools, tools.database.locks.tried(ledger.lock(sender)):
        made = find_edition(tools.database, edition)
        turn = ledger.drop if drop else ledger.reopen
        if not turn(tools.database, made.id, to, tools.clock()):
            what = "no delivery that could be given up" if drop else "no deliveries"
            what = f"has no delivery to {to}" if to and not drop else f"has {what}"
            raise SettingsError(what, subject=edition, hint="see digest history")
        if not drop:
            with _resumable():
                send_outstanding(tools, sender, made.digest)
        _tell(tools.database, made)


@app.command()
def status(name: Name = "", store: Store = "", as_json: Json = False) -> None:
    """Say whether all is well; exit code 1 if anything needs somebody, for cron and monitoring."""
    from summarizer.cli.digests_shown import health_line, table
    from summarizer.digests.health import examine

    with _stored(store) as database:
        found = examine(database, name, _now())
    if as_json:
        for each in found:
            print(health_line(each))
    else:
        rows = [
            ("ok" if not e.problems else "NEEDS YOU", e.name, "; ".join(e.lines)) for e in found
        ]
        print(table(rows))
    if any(each.problems for each in found):
        raise typer.Exit(1)


@app.command()
def install(
    file: File,
    as_unit: Annotated[
        bool,
        typer.Option("--systemd/--cron", help="A unit of systemd, or lines for a crontab."),
    ] = True,
    store: Store = "",
) -> None:
    """Print the systemd unit, or the crontab lines, that run the digest on this machine."""
    from summarizer.digests.starting import cron, systemd

    config, path = _load(file), str(file.absolute())
    program = Path(sys.argv[0]).absolute()
    module = [sys.executable, "-m", "summarizer"]
    command = [*(module if program.name == "__main__.py" else [str(program)]), "digest"]
    at = ["--store", store] if store else []
    if as_unit:
        print(systemd(config, file, [*command, "start", path, *at]), end="")
    else:
        print(cron(config, file, [*command, "run", "--due", path, *at]), end="")


def _load(file: Path) -> "DigestConfig":
    from summarizer.digests.config import load

    return load(file)


@contextmanager
def _resumable() -> "Iterator[None]":
    """Ctrl-C ends the block as a kill would: by an end that loses nothing."""
    from summarizer.cli.leaving import leave

    try:
        yield
    except KeyboardInterrupt:
        leave("what was begun is kept, and the next digest run goes on with it")


@contextmanager
def _stored(store: str, *, create: bool = False) -> "Iterator[Database]":
    from summarizer.store.database import default_store, open_store

    database = open_store(store or default_store(), create=create)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _tools(store: str, *, create: bool = True, **beside: object) -> "Iterator[Tools]":
    from summarizer.digests.tools import Tools

    with _stored(store, create=create) as database:
        yield Tools(database=database, say=_say, **beside)  # type: ignore[arg-type]


def _now() -> datetime:
    return datetime.now(UTC)


def _say(what: str) -> None:
    print(f"summarizer: {what}", file=sys.stderr, flush=True)
