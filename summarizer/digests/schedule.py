"""When a digest is due: a cron expression as a clock in its time zone shows it.

At both changes of daylight saving a fixed hour fires once: a time that is skipped fires when the
clocks have jumped, one that comes twice fires the first time. All instants returned are in UTC.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from summarizer.errors import SettingsError

__all__ = ["due", "following", "validate", "zone"]

LONGEST = 200
"""Code points of an expression."""

_START = datetime(2000, 1, 1, tzinfo=UTC)
_SHIFT = timedelta(hours=4)
"""More than any change of a clock: before it, the clock read backwards is in doubt."""


def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises SettingsError with the nearest known name."""
    from zoneinfo import available_timezones

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        known = {each.lower(): each for each in available_timezones()}
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    hint = f"did you mean {known[near[0]]}?" if near else "as in Europe/Berlin, or UTC"
    raise SettingsError(f"is not a known time zone: {name[:60]!r}", hint=hint)


def validate(schedule: str, timezone: str) -> None:
    """Raises SettingsError unless the expression is one, and fires in this time zone."""
    from cronsim import CronSim, CronSimError

    zone(timezone)
    hint = 'five fields: minute hour day month weekday, as "0 6 * * *" for six every morning'
    if len(schedule) > LONGEST or len(schedule.split()) != 5:
        raise SettingsError(f"is not a cron expression: {schedule[:60]!r}", hint=hint)
    minute, hour, day, month, weekday = schedule.split()
    try:
        CronSim(f"{minute} {hour} {day} * {weekday}", _START)
        CronSim(f"{minute} {hour} * {month} {weekday}", _START)
    except CronSimError as error:
        what = str(error).removeprefix("Bad ")
        raise SettingsError(f"has a bad {what}: {schedule!r}", hint=hint) from None
    following(schedule, timezone, _START)


def following(schedule: str, timezone: str, after: datetime) -> datetime:
    """The first instant later than ``after``. Raises SettingsError when there is none."""
    from cronsim import CronSim, CronSimError

    with suppress(CronSimError):  # of a good expression: no such day in any of its months
        for instant in CronSim(schedule, after.astimezone(zone(timezone))):
            if (found := instant.astimezone(UTC)) > after:
                return found
    raise SettingsError(f"never fires: {schedule!r}", hint="no month has such a day")


def due(schedule: str, timezone: str, last: datetime, now: datetime) -> datetime | None:
    """The latest instant in (``last``, ``now``]: however many were missed, one edition is due."""
    found = _before(schedule, timezone, now)
    upcoming = following(schedule, timezone, found)
    while upcoming <= now:
        found, upcoming = upcoming, following(schedule, timezone, upcoming)
    return found if last < found <= now else None


def _before(schedule: str, timezone: str, now: datetime) -> datetime:
    """An instant before ``now`` with at most a few hours' instants between; from there on, the
    clock is read forwards, so that an hour that comes twice is not taken for one."""
    from cronsim import CronSim

    start = (now - _SHIFT).astimezone(zone(timezone))
    return next(CronSim(schedule, start, reverse=True), start).astimezone(UTC)
