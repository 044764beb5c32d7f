"""Fourteen days of a fictional country's news, labelled: what is new, and what is not.

Each event begins with a report and goes on with developments. On every day the same feed may also
carry what readers know: the wire's copy elsewhere, the same page under another id or address, a
page that was merely re-edited, or a rewrite that adds nothing. `DAYS` says for each day which
events are new, which have gone on, and which only repeat themselves.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

__all__ = ["DAYS", "EVENTS", "FIRST_DAY", "Day", "Event", "Page", "pages"]

FIRST_DAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

Kind = Literal["new", "update", "unchanged"]


@dataclass(frozen=True, slots=True)
class Event:
    """``report``: its first day's sentences. ``more``: those of each development."""

    name: str
    title: str
    report: tuple[str, ...]
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rewrite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the feed as it stands on one day."""

    event: str
    id: str
    link: str
    title: str
    text: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """``said``: what the feed carries; ``expected``: what an edition makes of each event."""

    pages: tuple[Page, ...] = ()
    expected: dict[str, Kind] = field(default_factory=dict)


def _events() -> Iterator[Event]:
    kept = Path(__file__).with_name("archive.json").read_text(encoding="utf-8")
    for name, told in json.loads(kept).items():
        more = tuple((each["title"], tuple(each["new"])) for each in told["more"])
        yield Event(name, told["title"], tuple(told["report"]), more, tuple(told["rewrite"]))


EVENTS = {event.name: event for event in _events()}

_OUTLETS = ("daily.example", "courier.example", "post.example", "globe.example")


def _page(event: str, day: int, outlet: int, slug: str, title: str, text: list[str]) -> Page:
    link = f"/{_OUTLETS[outlet]}/{slug}"
    return Page(event, f"urn:{slug}:{outlet}", link, title, "\n\n".join(text), _when(day))


def _when(day: int) -> datetime:
    return FIRST_DAY + timedelta(days=day, hours=-3)


def _first(name: str, day: int, outlet: int = 0) -> Page:
    event = EVENTS[name]
    return _page(name, day, outlet, name, event.title, list(event.report))


def _copy(name: str, day: int, outlet: int) -> Page:
    """The wire's text in another outlet."""
    return _first(name, day, outlet)


def _renamed(name: str, day: int) -> Page:
    """The same page under another id and another address."""
    event = EVENTS[name]
    return _page(name, day, 0, f"{name}-archive-{day}", event.title, list(event.report))


def _reedited(name: str, day: int) -> Page:
    """The same address; the title was touched, the last line is gone, and nothing was added."""
    event = EVENTS[name]
    text = [f"{event.report[0]} ", *event.report[1:-1]]
    return _page(name, day, 0, name, f"{event.title} (corrected)", text)


def _rewritten(name: str, day: int, outlet: int) -> Page:
    """Another outlet's words for what is known."""
    event = EVENTS[name]
    return _page(name, day, outlet, f"{name}-again", event.title, list(event.rewrite))


def _developed(name: str, day: int, number: int, outlet: int = 0) -> Page:
    """A further report: what is new, and two sentences of what is known."""
    event = EVENTS[name]
    title, new = event.more[number]
    return _page(name, day, outlet, f"{name}-{number + 1}", title, [*new, *event.report[:2]])


def _grown(name: str, day: int, number: int) -> Page:
    """The first page again, with the development added at its top."""
    event = EVENTS[name]
    _, new = event.more[number]
    return _page(name, day, 0, name, event.title, [*new, *event.report])


DAYS: tuple[Day, ...] = (
    Day(
        (_first("dam", 0), _first("bank", 0), _first("comet", 0), _copy("dam", 0, 1)),
        {"dam": "new", "bank": "new", "comet": "new"},
    ),
    Day(
        (_copy("bank", 1, 2), _first("ferry", 1), _renamed("dam", 1)),
        {"bank": "unchanged", "ferry": "new", "dam": "unchanged"},
    ),
    Day(
        (_developed("dam", 2, 0), _first("election", 2), _rewritten("ferry", 2, 3)),
        {"dam": "update", "election": "new", "ferry": "unchanged"},
    ),
    Day(
        (_developed("bank", 3, 0), _reedited("election", 3), _first("vaccine", 3)),
        {"bank": "update", "election": "unchanged", "vaccine": "new"},
    ),
    Day(
        (_developed("ferry", 4, 0), _copy("vaccine", 4, 1), _rewritten("dam", 4, 2)),
        {"ferry": "update", "vaccine": "unchanged", "dam": "unchanged"},
    ),
    Day(
        (_developed("dam", 5, 1, 1), _renamed("ferry", 5), _first("bridge", 5)),
        {"dam": "update", "ferry": "unchanged", "bridge": "new"},
    ),
    Day(
        (_renamed("bridge", 6), _copy("election", 6, 2)),
        {"bridge": "unchanged", "election": "unchanged"},
    ),
    Day(
        (_developed("comet", 7, 0), _developed("election", 7, 0, 1), _first("wolf", 7)),
        {"comet": "update", "election": "update", "wolf": "new"},
    ),
    Day(
        (_developed("election", 8, 0, 2), _copy("wolf", 8, 3), _first("chip", 8)),
        {"election": "unchanged", "wolf": "unchanged", "chip": "new"},
    ),
    Day((_grown("bank", 9, 1), _reedited("chip", 9)), {"bank": "update", "chip": "unchanged"}),
    Day(
        (_developed("chip", 10, 0), _first("painting", 10), _rewritten("bank", 10, 1)),
        {"chip": "update", "painting": "new", "bank": "unchanged"},
    ),
    Day(
        (_renamed("painting", 11), _copy("chip", 11, 2)),
        {"painting": "unchanged", "chip": "unchanged"},
    ),
    Day(
        (_developed("election", 12, 1), _developed("vaccine", 12, 0, 1)),
        {"election": "update", "vaccine": "update"},
    ),
    Day(
        (_developed("wolf", 13, 0), _developed("election", 13, 1, 3), _renamed("comet", 13)),
        {"wolf": "update", "election": "unchanged", "comet": "unchanged"},
    ),
)


def pages() -> Iterator[tuple[int, Page]]:
    """Every entry with its day."""
    for number, day in enumerate(DAYS):
        for page in day.pages:
            yield number, page
