"""When a digest is due: a cron expression in the digest's time zone. Returns instants in UTC.

At a DST change a fixed hour runs once: a skipped time runs right after the change, a repeated
one runs the first time.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from summarizer.errors import SettingsError

__all__ = ["latest_due_instant", "next_instant", "time_zone", "validate_schedule"]

MAX_EXPRESSION_CHARS = 200
"""Code points of an expression."""

_REFERENCE_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_MAX_CLOCK_SHIFT = timedelta(hours=4)
"""More than any change of a clock: before it, the clock read backwards is in doubt."""


def time_zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises SettingsError with the nearest known name."""
    from zoneinfo import available_timezones

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        known = {each.lower(): each for each in available_timezones()}
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    hint = f"did you mean {known[near[0]]}?" if near else "as in Europe/Berlin, or UTC"
    raise SettingsError(f"is not a known time zone: {name[:60]!r}", hint=hint)


def validate_schedule(schedule: str, timezone: str) -> None:
    """Raises SettingsError unless the expression is one, and fires in this time zone."""
    from cronsim import CronSim, CronSimError

    time_zone(timezone)
    hint = 'five fields: minute hour day month weekday, as "0 6 * * *" for six every morning'
    if len(schedule) > MAX_EXPRESSION_CHARS or len(schedule.split()) != 5:
        raise SettingsError(f"is not a cron expression: {schedule[:60]!r}", hint=hint)
    minute, hour, day, month, weekday = schedule.split()
    try:
        CronSim(f"{minute} {hour} {day} * {weekday}", _REFERENCE_INSTANT)
        CronSim(f"{minute} {hour} * {month} {weekday}", _REFERENCE_INSTANT)
    except CronSimError as error:
        what = str(error).removeprefix("Bad ")
        raise SettingsError(f"has a bad {what}: {schedule!r}", hint=hint) from None
    next_instant(schedule, timezone, _REFERENCE_INSTANT)


def next_instant(schedule: str, timezone: str, after: datetime) -> datetime:
    """The first instant later than ``after``. Raises SettingsError when there is none."""
    from cronsim import CronSim, CronSimError

    with suppress(CronSimError):  # of a good expression: no such day in any of its months
        for instant in CronSim(schedule, after.astimezone(time_zone(timezone))):
            if (found := instant.astimezone(UTC)) > after:
                return found
    raise SettingsError(f"never fires: {schedule!r}", hint="no month has such a day")


def latest_due_instant(
    schedule: str, timezone: str, last: datetime, now: datetime
) -> datetime | None:
    """The latest instant in (``last``, ``now``]: however many were missed, one edition is due."""
    found = _earlier_instant(schedule, timezone, now)
    upcoming = next_instant(schedule, timezone, found)
    while upcoming <= now:
        found, upcoming = upcoming, next_instant(schedule, timezone, upcoming)
    return found if last < found <= now else None


def _earlier_instant(schedule: str, timezone: str, now: datetime) -> datetime:
    """An instant before ``now`` with at most a few hours' instants between; from there on, the
    clock is read forwards, so that an hour that comes twice is not taken for one."""
    from cronsim import CronSim

    start = (now - _MAX_CLOCK_SHIFT).astimezone(time_zone(timezone))
    return next(CronSim(schedule, start, reverse=True), start).astimezone(UTC)
