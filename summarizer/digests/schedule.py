"""When a digest is due, by a cron expression in its time zone. Instants are in UTC.

At a DST change a fixed hour runs once: a skipped time runs right after the change, a repeated
one runs the first time.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from summarizer.errors import SettingsError

MAX_EXPRESSION_CHARS = 200
"""Maximum length of a cron expression."""

_REFERENCE_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_MAX_CLOCK_SHIFT = timedelta(hours=4)
"""More than any change of a clock."""


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
    """Raises SettingsError for what is not a cron expression, or never fires in this time zone."""
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

    with suppress(CronSimError):  # the expression is valid, but no month has such a day
        for instant in CronSim(schedule, after.astimezone(time_zone(timezone))):
            if (found := instant.astimezone(UTC)) > after:
                return found
    raise SettingsError(f"never fires: {schedule!r}", hint="no month has such a day")


def next_local_instant(schedule: str, timezone: str, after: datetime) -> datetime:
    """As `next_instant`, in the time zone of the schedule."""
    return next_instant(schedule, timezone, after).astimezone(time_zone(timezone))


def latest_due_instant(
    schedule: str, timezone: str, last: datetime, now: datetime
) -> datetime | None:
    """The latest instant in (``last``, ``now``], None without one: however many were missed, one
    edition is due."""
    from cronsim import CronSim

    # Cron expressions are only unambiguous forwards: backwards, an hour that the clock repeats
    # would count twice. So step back behind any change of the clock, then read forwards.
    start = (now - _MAX_CLOCK_SHIFT).astimezone(time_zone(timezone))
    latest = next(CronSim(schedule, start, reverse=True), start).astimezone(UTC)
    upcoming = next_instant(schedule, timezone, latest)
    while upcoming <= now:
        latest, upcoming = upcoming, next_instant(schedule, timezone, upcoming)
    return latest if last < latest <= now else None
