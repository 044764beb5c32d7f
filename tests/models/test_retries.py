from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import ModelError, ModelRefused, ModelUnavailable
from summarizer.models.exception_map import parse_retry_after
from summarizer.models.middleware import RetriedModel, RetryPolicy
from summarizer.models.replay import ScriptedModel
from tests.models.asking import Clock, ask, say

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def down(after: float | None = None, attempts: int | None = None) -> ModelUnavailable:
    return ModelUnavailable("down", subject="m", retry_after=after, attempts=attempts)


def retried(
    script: ScriptedModel, clock: Clock, patience: RetryPolicy | None = None
) -> RetriedModel:
    return RetriedModel(script, patience, sleep=clock.sleep, clock=clock)


def test_pauses_double_and_carry_some_chance() -> None:
    clock = Clock()
    script = ScriptedModel([down(), down(), down(), down(), say()])
    assert retried(script, clock).complete(ask()) == say()
    assert [int(pause) for pause in clock.slept] == [1, 2, 4, 8]
    assert any(pause % 1 for pause in clock.slept)


def test_a_provider_is_not_asked_before_it_wants() -> None:
    clock = Clock()
    retried(ScriptedModel([down(after=7), down(after=0), say()]), clock).complete(ask())
    assert clock.slept[0] == 7
    assert clock.slept[1] >= 2


def test_a_wait_past_the_deadline_is_not_begun() -> None:
    clock = Clock()
    with pytest.raises(ModelUnavailable) as caught:
        retried(ScriptedModel([down(after=3600), say()]), clock).complete(ask())
    assert clock.slept == []
    assert caught.value.retry_after == 3600


def test_the_deadline_ends_it_with_the_last_failure() -> None:
    clock = Clock()
    script = ScriptedModel(lambda _: down())
    patience = RetryPolicy(attempts=100, max_seconds=60)
    with pytest.raises(ModelUnavailable, match=r"m: down \(asked \d+ times\)"):
        retried(script, clock, patience).complete(ask())
    assert 30 < sum(clock.slept) <= 60


def test_the_time_before_the_first_failure_does_not_count() -> None:
    clock = Clock()

    def answer(_: object) -> ModelUnavailable:
        clock.time += 0 if script.requests[1:] else 900
        return down()

    script = ScriptedModel(answer)
    with pytest.raises(ModelUnavailable):
        retried(script, clock, RetryPolicy(attempts=3)).complete(ask())
    assert len(script.requests) == 3


@pytest.mark.parametrize(("attempts", "asked"), [(None, 6), (3, 3), (50, 6)])
def test_the_number_of_tries_is_bounded(attempts: int | None, asked: int) -> None:
    script = ScriptedModel(lambda _: down(attempts=attempts))
    with pytest.raises(ModelUnavailable):
        retried(script, Clock()).complete(ask())
    assert len(script.requests) == asked


@pytest.mark.parametrize("error", [ModelError("bad key"), ModelRefused("no")])
def test_what_will_not_change_is_asked_once(error: ModelError) -> None:
    script = ScriptedModel([error])
    with pytest.raises(ModelError) as caught:
        retried(script, Clock()).complete(ask())
    assert caught.value is error


@given(st.integers(0, 10**6))
def test_both_forms_of_retry_after_say_the_same(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert parse_retry_after(str(seconds), NOW) == parse_retry_after(date, NOW) == seconds


def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT", NOW) == 0


@pytest.mark.parametrize("odd", ["", "soon", "-5", "1e9", "inf", "9" * 400, "٣", "Wed, 99 Oct"])
def test_anything_else_says_nothing(odd: str) -> None:
    assert parse_retry_after(odd, NOW) is None


@given(st.text())
def test_no_header_is_a_crash(text: str) -> None:
    assert (parse_retry_after(text, NOW) or 0) >= 0
