"""A digest is due at its hour, whatever the clocks do, and once however long it slept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digests.schedule import latest_due_instant, next_instant, validate_schedule
from summarizer.errors import SettingsError

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def at(text: str, name: str = "UTC", *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name), fold=fold).astimezone(UTC)


def fired(schedule: str, timezone: str, start: datetime, end: datetime) -> list[datetime]:
    """Every instant in (start, end], one after the other."""
    found, instant = [], next_instant(schedule, timezone, start)
    while instant <= end:
        found.append(instant)
        instant = next_instant(schedule, timezone, instant)
    return found


@pytest.mark.parametrize(
    ("schedule", "name", "day", "expected"),
    [
        ("30 2 * * *", BERLIN, "2025-03-30", ["2025-03-30T01:00"]),  # skipped: as soon as may be
        ("30 2 * * *", BERLIN, "2025-10-26", ["2025-10-26T00:30"]),  # twice: the first time
        ("30 1 * * *", NEW_YORK, "2026-11-01", ["2026-11-01T05:30"]),
        ("30 2 * * *", NEW_YORK, "2026-03-08", ["2026-03-08T07:00"]),
        ("0 6 * * *", BERLIN, "2025-03-30", ["2025-03-30T04:00"]),
        ("0 6 * * *", BERLIN, "2025-10-26", ["2025-10-26T05:00"]),
        ("0 0 * * *", "America/Havana", "2026-03-08", ["2026-03-08T05:00"]),  # midnight is skipped
        (
            "30 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-04",
            ["2026-10-03T15:30"],
        ),  # by half an hour
    ],
)
def test_a_fixed_hour_fires_once_at_a_change_of_the_clocks(
    schedule: str, name: str, day: str, expected: list[str]
) -> None:
    start = at(f"{day}T00:00", name) - timedelta(seconds=1)
    end = start + timedelta(hours=23)
    assert fired(schedule, name, start, end) == [at(instant) for instant in expected]


def test_an_hour_that_comes_twice_is_not_due_twice() -> None:
    last = at("2025-10-26T02:30", BERLIN)
    for minutes in range(0, 180, 5):
        assert (
            latest_due_instant("30 2 * * *", BERLIN, last, last + timedelta(minutes=minutes))
            is None
        )
    assert latest_due_instant("30 2 * * *", BERLIN, last, at("2025-10-27T02:30", BERLIN))
    before = at("2025-10-26T02:15", BERLIN, fold=1)  # the second time that it is a quarter past
    assert latest_due_instant("30 2 * * *", BERLIN, last - timedelta(days=1), before) == last
    assert next_instant("30 2 * * *", BERLIN, before) == at("2025-10-27T02:30", BERLIN)


def test_what_was_missed_is_one_edition() -> None:
    last, now = at("2026-01-01T06:00"), at("2026-01-11T05:59")
    assert latest_due_instant("0 6 * * *", "UTC", last, now) == at("2026-01-10T06:00")
    assert latest_due_instant("0 6 * * *", "UTC", at("2026-01-10T06:00"), now) is None
    assert latest_due_instant(
        "0 6 * * *", "UTC", at("2026-01-10T06:00"), at("2026-01-11T06:00")
    ) == at("2026-01-11T06:00")
    assert latest_due_instant("* * * * *", "UTC", at("2000-01-01T06:00"), now) == now


def test_a_clock_that_was_set_back_is_never_due() -> None:
    assert (
        latest_due_instant("0 6 * * *", "UTC", at("2026-01-10T06:00"), at("2026-01-08T12:00"))
        is None
    )


INSTANTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
) | st.sampled_from([
    at("2025-10-26T00:00") + timedelta(minutes=minutes) for minutes in range(-90, 240, 7)
])  # fmt: skip
SCHEDULES = st.sampled_from(
    ["30 2 * * *", "0 6 * * 1-5", "*/20 2,3 * * *", "15 * * * *", "*/30 * * * *", "0 0 1 * *",
     "59 1 * * SUN", "0 12 L * *", "5 4 29 2 *"]
)  # fmt: skip
ZONES = st.sampled_from(
    ["UTC", BERLIN, NEW_YORK, "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)


@given(SCHEDULES, ZONES, INSTANTS, st.integers(0, 60 * 24 * 10))
def test_due_is_the_last_of_what_fired(
    schedule: str, name: str, last: datetime, minutes: int
) -> None:
    now = last + timedelta(minutes=minutes)
    expected = fired(schedule, name, last, now)
    assert latest_due_instant(schedule, name, last, now) == (expected[-1] if expected else None)


@given(SCHEDULES, ZONES, INSTANTS)
def test_the_following_is_always_later(schedule: str, name: str, after: datetime) -> None:
    assert next_instant(schedule, name, after) > after


@pytest.mark.parametrize("schedule", ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *"])
def test_a_schedule_that_never_fires_is_refused(schedule: str) -> None:
    with pytest.raises(SettingsError, match="never fires"):
        validate_schedule(schedule, "UTC")


@pytest.mark.parametrize(
    ("schedule", "named"),
    [
        ("", "five fields"),
        ("daily", "five fields"),
        ("0 6 * *", "five fields"),
        ("0 0 6 * * *", "five fields"),
        ("61 6 * * *", "minute"),
        ("0 25 * * *", "hour"),
        ("0 6 0 * *", "day-of-month"),
        ("0 6 * * MONDAY", "day-of-week"),
        ("* " * 500, "five fields"),
    ],
)
def test_no_cron_expression(schedule: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        validate_schedule(schedule, "UTC")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Europe/Berln", "Europe/Berlin"), ("europe/kiev", "Europe/Kiev"), ("../etc/passwd", "UTC")],
)
def test_an_unknown_zone_names_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=meant):
        validate_schedule("0 6 * * *", name)


def test_a_good_schedule_passes() -> None:
    validate_schedule("0 6 29 2 *", "Europe/Kyiv")
    validate_schedule("0 6 * * MON-FRI", "UTC")
