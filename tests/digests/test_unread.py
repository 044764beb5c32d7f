"""News that could not be read is not lost in silence."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from threading import Event
from typing import Any, NoReturn

import pytest

from summarizer.digests.health import check_health
from summarizer.digests.run import register_config
from summarizer.digests.step_guard import MAX_STARTS
from summarizer.errors import SummarizerError
from summarizer.sources.source_state import SourceState, SubscribedSource
from summarizer.sources.subscriptions import read_sources
from summarizer.store.editions import open_edition
from summarizer.store.step_starts import count_start
from tests.digests import archive
from tests.digests.world import FEED, START, World, written
from tests.feedserver import Item, Route, page, rss


def links(world: World, *names: str, status: int = 0, day: int = 0) -> None:
    """The feed lists these titles, and their pages answer so; 0: with an article."""
    date = format_datetime(world.now - timedelta(hours=1))
    items = [Item(f"urn:{day}:{n}", f"The {n} report", "Cut", f"/{day}/{n}", date, whole=False)
             for n in names]  # fmt: skip
    world.site.routes[FEED] = rss(*items)
    for name in names:
        text = (
            f"The {name} of Norda was closed on Monday after {len(name) * 7} people fell ill. " * 3
        )
        world.site.routes[f"/{day}/{name}"] = (
            Route(status=status)
            if status
            else page(f"The {name} report", text, date=f"{world.now:%Y-%m-%d}")
        )


def test_an_edition_of_which_nothing_could_be_read_has_failed(world: World) -> None:
    world.config()
    links(world, "dam", "bank", status=403)
    edition = written(world.run())
    assert edition.kind == "failed"
    assert edition.first_line == (
        "Nothing could be told today: 2 of 2 new articles could not be read"
        " (“The dam report”, “The bank report”: answered 403 Forbidden)."
    )
    assert len(world.mailbox.accepted) == 1
    assert "The dam report" in world.mailbox.accepted[0].content.decode()
    digest = check_health(world.database, "world", world.now)[1]
    assert any("2 entries could not be read and will be tried again" in p for p in digest.problems)
    for name in ("dam", "bank"):
        text = f"The {name} of Norda was closed on Monday after {len(name) * 7} people fell ill."
        world.site.routes[f"/0/{name}"] = page(f"The {name} report", text, date="2026-03-02")
    world.site.routes[FEED] = rss()
    world.now += timedelta(days=1)
    again = written(world.run())
    assert (again.kind, again.tally.articles_new) == ("full", 2)
    health = check_health(world.database, "world", world.now)[1]
    assert not any("tried again" in problem for problem in health.problems)


def test_an_edition_of_which_much_could_not_be_read_is_degraded(world: World) -> None:
    world.config()
    links(world, "dam")
    items = world.site.routes[FEED]
    links(world, "bank", "wolf", status=451, day=1)
    assert isinstance(items, bytes)
    both = world.site.routes[FEED]
    assert isinstance(both, bytes)
    entries = items.split(b"</title>", 1)[1].split(b"</channel>")[0]
    world.site.routes[FEED] = both.replace(b"</channel>", entries + b"</channel>")
    edition = written(world.run())
    assert edition.kind == "degraded"
    assert edition.first_line.startswith("Less than usual today: 2 of 3 new articles could not be")
    assert any(note.startswith("Could not be read: “The bank report”") for note in edition.notes)


def test_a_page_that_was_never_read_is_given_up_and_said_so(world: World) -> None:
    world.config()
    links(world, "dam", status=402)
    kinds = []
    for _ in range(8):
        kinds.append(written(made := world.run()).kind)
        last = written(made)
        if "given up" in last.first_line:
            break
        world.now += timedelta(days=1)
    assert kinds == ["failed", "quiet", "quiet", "quiet", "quiet", "failed"]
    assert "“The dam report”: answered 402 Payment Required; 1 given up" in last.first_line
    assert last.tally.articles_waiting == 0
    assert "given up" in check_health(world.database, "world", world.now)[1].problems[0]


def mistake(*_: object, **__: object) -> NoReturn:
    raise RecursionError("too deep")


def test_a_step_that_always_fails_is_left_out_after_a_few_days(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.config()
    world.tell("dam")
    monkeypatch.setattr("summarizer.digests.run.write_edition", mistake)
    for _ in range(3):
        with pytest.raises(SummarizerError, match="write: RecursionError: too deep"):
            world.run()
        world.now += timedelta(days=1)
    edition = written(world.run())
    assert edition.kind == "failed"
    assert "the program ended 3 times during this step; 1 of 1 new article" in edition.first_line
    assert archive.EVENTS["dam"].title in edition.first_line
    assert len(world.mailbox.accepted) == 1
    monkeypatch.undo()
    world.now += timedelta(days=1)
    world.tell("bank")
    assert written(world.run()).kind == "full"


def test_a_source_that_ends_the_program_is_left_out_and_the_others_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = world.site.url("/bad.xml", host=3)
    world.site.routes["/bad.xml"] = rss()
    config = world.config()
    sources = (SubscribedSource("feed", bad), *config.sources)
    config = config.model_copy(update={"sources": sources})
    register_config(world.database, config, str(world.folder / "world.toml"), START)
    world.tell("dam")

    def die_of_one(wanted: Sequence[tuple[SubscribedSource, SourceState]], **options: Any) -> Any:
        if any(source.location == bad for source, _ in wanted):
            raise MemoryError("no room")  # as a kill, it leaves the start counted
        return read_sources(wanted, **options)

    monkeypatch.setattr("summarizer.sources.subscriptions.read_sources", die_of_one)
    for _ in range(3):
        with pytest.raises(SummarizerError, match="MemoryError: no room"):
            world.run()
    edition = written(world.run())
    assert edition.kind == "degraded"
    (failure,) = edition.tally.failed
    assert (failure.source, failure.reason) == (
        bad, "is left out: the program ended 2 times during this step",
    )  # fmt: skip
    assert edition.tally.articles_new == 1


def test_a_step_that_never_ends_is_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.config()
    world.tell("dam")
    goes_on = Event()
    monkeypatch.setattr("summarizer.digests.run.WRITE_TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr("summarizer.digests.run.write_edition", lambda *_: goes_on.wait() and None)
    edition = written(world.run())
    goes_on.set()
    assert edition.kind == "failed"
    assert "the step took longer than 0.5 seconds" in edition.first_line


def test_what_kills_a_step_from_outside_is_forgiven_some_times(world: World) -> None:
    world.config()
    world.tell("dam")
    left = open_edition(world.database, "world", world.now, world.now)
    for _ in range(MAX_STARTS - 1):
        count_start(world.database, left.id, "write", world.now)
    assert written(world.run()).kind == "full"
