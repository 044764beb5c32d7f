"""`digest check`: every source and every delivery tried, and nothing read further or sent."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from summarizer.digests.config import DigestConfig
from summarizer.digests.schedule import following, zone
from summarizer.errors import DeliveryError, SourceError
from summarizer.sources.places import Place, Reading

__all__ = ["Row", "examine"]


class Row(NamedTuple):
    """One thing that was tried: schedule, feed, email, ...; its name; how it went."""

    what: str
    name: str
    ok: bool
    detail: str


def examine(
    config: DigestConfig, *, environment: Mapping[str, str], now: datetime
) -> Iterator[Row]:
    """One row for the schedule, then for each source and each delivery, in the file's order."""
    upcoming = following(config.schedule, config.timezone, now).astimezone(zone(config.timezone))
    yield Row("schedule", config.schedule, True, f"next at {upcoming:%a %d %b %Y %H:%M %Z}")
    yield from _sources(config, now)
    yield from _deliveries(config, environment)


def _sources(config: DigestConfig, now: datetime) -> Iterator[Row]:
    from summarizer.sources.subscriptions import expand, look

    places: list[Place] = []
    for found in expand(config.sources, allow_private=config.allow_private):
        if isinstance(found, SourceError):
            yield Row("opml", found.subject, False, _without_subject(found))
        else:
            places.append(found)
    for reading in look(places, now=now, allow_private=config.allow_private):
        yield _source(reading)


def _source(reading: Reading) -> Row:
    place, error = reading.place, reading.error
    if error:
        return Row(place.kind, place.location, False, _without_subject(error))
    number = reading.entries
    told = [f"{number} {'entry' if number == 1 else 'entries'}"]
    if reading.state.newest:
        told.append(f"the newest of {datetime.fromisoformat(reading.state.newest):%d %b %Y}")
    told += map(_without_subject, reading.problems)
    return Row(place.kind, place.location, number > 0, "; ".join(told))


def _deliveries(config: DigestConfig, environment: Mapping[str, str]) -> Iterator[Row]:
    from summarizer.digests.delivery import try_out

    for delivery in config.deliveries:
        try:
            yield Row(delivery.kind, delivery.name, True, try_out(delivery, environment))
        except DeliveryError as error:
            yield Row(delivery.kind, delivery.name, False, _without_subject(error))


def _without_subject(error: SourceError | DeliveryError) -> str:
    """The line of an error whose subject the table shows already."""
    return f"{error.message} ({error.hint})" if error.hint else error.message
