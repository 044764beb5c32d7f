"""A day on which a receiver is away, and feeds that call everything by a new name each day."""

import socket
from datetime import timedelta
from email.utils import format_datetime

import pytest

from summarizer.digests.dispatch import send_outstanding
from summarizer.store.deliveries import (
    abandon_deliveries,
    edition_deliveries,
    outstanding_deliveries,
)
from tests import smtp
from tests.digests import archive
from tests.digests.test_delivery import hook
from tests.digests.world import FEED, World, written
from tests.feedserver import Item, rss

MAIL = """
[[deliveries]]
kind = "email"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "world@example.org"
recipients = ["ann@example.org", "ben@example.org"]
"""

HOOK = """
[[deliveries]]
kind = "webhook"
url = "{url}"
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
        return port


def a_day_passes(world: World) -> int:
    """As a serving worker spends it, which looks every five minutes; gives what was sent."""
    sent = 0
    for _ in range(24 * 12):
        world.now += timedelta(minutes=5)
        sent += send_outstanding(world.context(), "worker", "world", due_only=True)
    return sent


def test_a_mail_server_that_is_away_for_a_day(world: World) -> None:
    port = free_port()
    world.config(deliveries=MAIL.format(port=port))
    world.tell("dam")
    first = world.run()
    assert len(world.log) == 2, "one line for each recipient"
    assert all("127.0.0.1" in line and "\n" not in line for line in world.log)
    assert a_day_passes(world) == 0
    assert len(world.log) == 2, "the same is not said again"
    assert 25 <= edition_deliveries(world.database, first.id)[0].attempts <= 35, "within the hour"
    world.tell("bank")
    with smtp.server(port=port) as mailbox:
        second = world.run()
        world.run()
        assert [each.recipient for each in mailbox.accepted] == [
            "ann@example.org", "ben@example.org", "ann@example.org", "ben@example.org",
        ]  # fmt: skip
        subjects = [str(each.message["Subject"]) for each in mailbox.accepted]
        assert subjects[0] == subjects[1] != subjects[2] == subjects[3], "the oldest comes first"
    for made in (first, second):
        assert {state for _, state in world.ledger(made)} == {"sent"}


def test_a_webhook_that_answers_500_for_a_day(world: World) -> None:
    with hook(500) as running:
        world.config(deliveries=HOOK.format(url=running.url))
        world.tell("dam")
        first = world.run()
        (line,) = world.log
        assert line == "world: webhook:webhook: answered 500 Internal Server Error"
        assert a_day_passes(world) == 0
        assert world.log == [line]
        asked = len(running.taken)
        running.answer = (204, {}, b"")
        world.tell("bank")
        world.run()
        assert len(running.taken) == asked + 2, "both editions, each once"
        keys = [headers["Idempotency-Key"] for _, headers, _ in running.taken]
        assert len(set(keys)) == 2, "a receiver that had taken the first one can tell"
    assert world.ledger(first) == [("webhook:webhook", "sent")]
    assert not outstanding_deliveries(world.database)


def test_what_was_held_may_be_given_up(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.hang_up = "reply"
    made = world.run()
    assert abandon_deliveries(world.database, made.id, "ben@example.org", world.now) == 0
    assert abandon_deliveries(world.database, made.id, "ann@example.org", world.now) == 1
    assert world.ledger(made) == [("email:ann@example.org", "withdrawn")]
    world.mailbox.hang_up = ""
    world.run()
    assert len(world.mailbox.accepted) == 1


def test_a_file_that_cannot_be_written_names_its_path_once(world: World) -> None:
    (world.folder / "out").write_text("in the way")
    path = world.folder / "out" / "last.md"
    world.config(deliveries=f'[[deliveries]]\nkind = "file"\npath = "{path}"\n')
    world.tell("dam")
    world.run()
    (line,) = world.log
    assert line.startswith(f"world: file:{path}: cannot be written")
    assert line.count(str(path)) == 1


def shifting(world: World, day: int, link: str, *names: str) -> None:
    """The feed of that day: every report under a new id, and under ``link`` if there is one."""
    date = format_datetime(world.now - timedelta(hours=1))
    items = []
    for name in names:
        event = archive.EVENTS[name]
        text = "".join(f"<p>{line}</p>" for line in event.report)
        items.append(Item(f"urn:{day}:{name}", event.title, text, link and f"{link}/{name}", date))
    world.site.routes[FEED] = rss(*items)


@pytest.mark.parametrize("linked", [False, True])
def test_what_is_called_otherwise_every_day_is_told_once(world: World, *, linked: bool) -> None:
    world.config()
    made = []
    for day, names in enumerate([["dam"], ["dam"], ["dam", "wolf"], ["wolf", "dam"]]):
        link = world.site.url(f"/news/{day}") if linked else ""
        shifting(world, day, link, *names)
        made.append(world.run())
        world.now += timedelta(days=1)
    kinds = [written(each).kind for each in made]
    assert [kind == "quiet" for kind in kinds] == [False, True, False, True]
    told = [len(b.stories) for each in made if (b := written(each).briefing)]
    assert told == [1, 1]
    assert len(world.mailbox.accepted) == 2
