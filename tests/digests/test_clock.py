"""A clock that lies loses no news and deletes nothing that is wanted."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from summarizer.digests.scheduler import missed_instant
from summarizer.store.editions import edition_history, last_due
from tests.digests import archive
from tests.digests.world import FEED, World, written
from tests.feedserver import Item, rss

YEAR = timedelta(days=365)


def days(world: World, *names: str) -> None:
    """One edition a day with one report each, by a clock that is right."""
    for name in names:
        world.site.clock = world.now
        world.tell(name)
        assert written(world.run()).kind == "full"
        world.now += timedelta(days=1)


@pytest.mark.parametrize("lie", [YEAR, -YEAR])
def test_one_run_by_a_wrong_clock_deletes_nothing_and_says_so(world: World, lie: timedelta) -> None:
    world.config("keep_days = 30")
    days(world, "dam", "bank")
    right, world.now = world.now, world.now + lie
    world.site.clock = right
    event = archive.EVENTS["wolf"]
    text = "".join(f"<p>{line}</p>" for line in event.report)
    date = format_datetime(right - timedelta(hours=1))
    world.items.append(Item("urn:wolf", event.title, text, "", date))
    world.site.routes[FEED] = rss(*world.items)
    edition = written(world.run())
    direction = "ahead of" if lie > timedelta() else "behind"
    assert edition.first_line == (
        f"Less than usual today: the clock of this machine is 365 days {direction} that of the"
        " servers; nothing old was deleted."
    )
    assert (edition.kind, edition.tally.articles_new, edition.tally.articles_old) == (
        "degraded", 1, 0,
    )  # fmt: skip
    assert len(edition_history(world.database, "world")) == 3
    world.now = right + timedelta(hours=20)
    world.site.clock = world.now
    config = world.config("keep_days = 30")
    assert missed_instant(world.context(), config, world.now), "the schedule goes on"
    assert written(world.run()).kind == "quiet", "what was told is known"
    numbers = [each.number for each in edition_history(world.database, "world")]
    assert numbers == [4, 3, 2, 1], "the newest has the highest number"
    assert last_due(world.database, "world") == world.now


def test_a_clock_that_goes_back_is_noticed_without_a_server(world: World) -> None:
    world.config("keep_days = 1")
    world.site.clock = None
    world.tell("dam")
    world.run()
    world.now -= YEAR
    world.run()
    assert any("the clock is behind the edition of 2026-03-02" in line for line in world.log)
    assert len(edition_history(world.database, "world")) == 2


def test_one_run_deletes_a_few_days_at_most(world: World) -> None:
    world.config("keep_days = 1\nquiet = true")
    for _ in range(8):
        world.run()
        world.now += timedelta(hours=8)
    assert len(edition_history(world.database, "world")) == 8 - 4
    world.now += YEAR
    world.run()
    assert len(edition_history(world.database, "world")) == 1
    for _ in range(2):
        world.now += timedelta(days=20)
        world.run()
