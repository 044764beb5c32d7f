"""Each host is asked little at a time, and not at all when it wants to be left alone."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.errors import FetchError
from summarizer.sources.fetch import Page
from summarizer.sources.rate_limit import (
    MAX_REQUESTS_PER_HOST,
    MAX_UNANSWERED,
    RateLimitedFetch,
    interleave_hosts,
)


class Clock:
    """A time that only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def failing(error: FetchError) -> tuple[RateLimitedFetch, Counter[str], Clock]:
    asked: Counter[str] = Counter()
    clock = Clock()

    def fetch(url: str) -> Page:
        asked[url] += 1
        raise error

    return RateLimitedFetch(fetch, clock=clock, sleep=clock.sleep), asked, clock


def test_a_pause_lies_between_two_requests_to_one_host() -> None:
    clock, starts = Clock(), list[tuple[str, float]]()

    def fetch(url: str) -> Page:
        starts.append((url, round(clock(), 3)))
        return Page(url, b"")

    door = RateLimitedFetch(fetch, pause=0.5, clock=clock, sleep=clock.sleep)
    for url in ("http://a.example/1", "http://b.example/", "http://a.example/2"):
        door(url)
    assert starts == [
        ("http://a.example/1", 0.0),
        ("http://b.example/", 0.0),
        ("http://a.example/2", 0.5),
    ]


def test_few_requests_to_one_host_are_under_way() -> None:
    lock, busy, most = threading.Lock(), Counter[str](), Counter[str]()
    together = threading.Barrier(MAX_REQUESTS_PER_HOST, timeout=10)

    def fetch(url: str) -> Page:
        with lock:
            busy["now"] += 1
            most["now"] = max(most["now"], busy["now"])
        together.wait()
        with lock:
            busy["now"] -= 1
        return Page(url, b"")

    door = RateLimitedFetch(fetch, pause=0)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(door, [f"http://a.example/{n}" for n in range(8)]))
    assert len(pages) == 8
    assert most["now"] == MAX_REQUESTS_PER_HOST


def test_a_host_that_is_busy_is_left_alone_for_as_long_as_it_asks() -> None:
    door, asked, clock = failing(FetchError("answered 429", status=429, retry_after=30))
    for url in ("http://a.example/1", "http://a.example/2"):
        with pytest.raises(FetchError):
            door(url)
    assert list(asked) == ["http://a.example/1"]
    with pytest.raises(FetchError, match=r"a\.example asked for a pause of 30 s"):
        door("http://a.example/3")
    clock.now += 31
    with pytest.raises(FetchError, match="answered 429"):
        door("http://a.example/3")


def test_a_host_that_does_not_answer_is_not_asked_again() -> None:
    door, asked, _ = failing(FetchError("cannot be reached"))
    for number in range(10):
        with pytest.raises(FetchError):
            door(f"http://a.example/{number}")
    assert asked.total() == MAX_UNANSWERED
    with pytest.raises(FetchError, match="cannot be reached"):
        door("http://b.example/")


def test_a_host_that_answers_is_asked_on() -> None:
    door, asked, _ = failing(FetchError("answered 404", status=404))
    for number in range(10):
        with pytest.raises(FetchError):
            door(f"http://a.example/{number}")
    assert asked.total() == 10


def test_hosts_take_turns() -> None:
    urls = ["http://a/1", "http://a/2", "http://a/3", "http://b/1", "", "http://[x"]
    assert interleave_hosts(urls) == [0, 3, 4, 1, 5, 2]
