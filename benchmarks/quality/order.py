"""Is a briefing told in the order in which its sources tell it?

Of each event of ECB+ half of the articles are summed up; in the other half those are looked for
that tell two of its sentences, each in words of its own. What most of them tell first comes first:
the share of such pairs that the briefing tells in that order. Beside it, what the same sentences
would get by their place in their own article, which is how they were ordered once. And of pairs
of sentences that name two different weekdays or years, the share told in the order of time.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.quality.events import read
from benchmarks.quality.figures import RESAMPLING_SEED, Figure
from summarizer.briefing import Sentence
from summarizer.errors import NothingToDeliver
from summarizer.evaluation.statistics import bootstrap_statistic
from summarizer.pipeline import create_briefing
from summarizer.retrieval.similarity import dice
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.sentences import split_sentences
from summarizer.text.tokens import content_stems

PART = "order"
WORDS, FEWEST = 250, 8
"""Words of a briefing, and articles that an event has at least."""

SAME = 0.4
"""Dice of the stems from which a sentence of another article tells the same."""

BESIDE = "place in the source"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Told(NamedTuple):
    """Sentences as told, and as their places in their own articles would have them; the articles
    that were not read, each as the stems of its sentences."""

    sentences: Sequence[str]
    placed: Sequence[int]
    held: Sequence[Sequence[frozenset[str]]]


class Scored(NamedTuple):
    """Pairs of one event that the unread articles order, and how many are told so; by place
    likewise; pairs with two days, and how many of them in order of time."""

    pairs: int
    right: int
    placed: int
    dated: int
    timely: int
    timely_placed: int


def measure(data: Path) -> Iterator[Figure]:
    """Agreement with the unread articles, and with the calendar."""
    scored = [score(each) for each in briefings(data)]
    for name, part, beside, whole, asked in (
        ("pairs told as most unread articles tell them", "right", "placed", "pairs", False),
        ("pairs of different days told in order of time", "timely", "timely_placed", "dated", True),
    ):
        value, low, high = bootstrap_statistic(
            scored,
            lambda s, p=part, w=whole: _share(s, p, w),  # type: ignore[misc]
            RESAMPLING_SEED,
        )
        other = _share(scored, beside, whole)
        yield Figure(PART, name, value, low, high, BESIDE, other, other if asked else None)


def _share(scored: Sequence[Scored], part: str, whole: str) -> float:
    counts: list[dict[str, int]] = [each._asdict() for each in scored]
    return 100 * sum(each[part] for each in counts) / max(1, sum(each[whole] for each in counts))


def briefings(data: Path) -> Iterator[Told]:
    """Of every other article of each event."""
    events: dict[str, list[Article]] = defaultdict(list)
    for told in read(data):
        events[told.event].append(told.article)
    for articles in events.values():
        ordered = sorted(articles, key=lambda article: article.sha256)
        for half in (0, 1) if len(articles) >= FEWEST else ():
            yield from _told(ordered[half::2], ordered[1 - half :: 2])


def _told(read: Sequence[Article], held: Sequence[Article]) -> Iterator[Told]:
    lengths = {article.id: len(article.text) for article in read}

    def depth(sentence: Sentence) -> float:
        first = sentence.citations[0]
        return first.start / lengths[first.source]

    try:
        sentences = (
            create_briefing(read, Settings(words=WORDS, stories=1), now=NOW).stories[0].sentences
        )
    except NothingToDeliver:
        return
    placed = sorted(range(len(sentences)), key=lambda at: depth(sentences[at]))
    yield Told([each.text for each in sentences], placed, [_stems(each) for each in held])


def _stems(article: Article) -> list[frozenset[str]]:
    return [
        frozenset(content_stems(article.text[a:b])) for a, b in split_sentences(article.text, "en")
    ]


def score(told: Told) -> Scored:
    """One briefing."""
    places = [_places(frozenset(content_stems(text)), told.held) for text in told.sentences]
    days = [_days(text) for text in told.sentences]
    rank = {at: n for n, at in enumerate(told.placed)}
    pairs = right = placed = dated = timely = timely_placed = 0
    for a, b in combinations(range(len(told.sentences)), 2):
        votes = sum(
            (places[b][n] > places[a][n]) - (places[b][n] < places[a][n])
            for n in places[a].keys() & places[b].keys()
        )
        if votes:
            pairs += 1
            right += votes > 0
            placed += (votes > 0) == (rank[a] < rank[b])
        if (apart := _apart(days[a], days[b])) is not None:
            dated += 1
            timely += apart
            timely_placed += apart == (rank[a] < rank[b])
    return Scored(pairs, right, placed, dated, timely, timely_placed)


def _places(stems: frozenset[str], held: Sequence[Sequence[frozenset[str]]]) -> dict[int, int]:
    """Number of each article that tells it -> the place there."""
    found = {}
    for n, said in enumerate(held):
        best = max(range(len(said)), key=lambda at: dice(stems, said[at]), default=0)
        if said and dice(stems, said[best]) >= SAME:
            found[n] = best
    return found


def _days(text: str) -> tuple[int | None, int | None]:
    """The only weekday and the only year that a sentence names."""
    days = {match[1][:3].casefold() for match in _DAY.finditer(text)}
    years = set(_YEAR.findall(text))
    return (
        _DAYS.index(days.pop()) if len(days) == 1 else None,
        int(years.pop()) if len(years) == 1 else None,
    )


def _apart(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool | None:
    """Whether the first is the earlier; None where that cannot be told. Of two weekdays the one
    that is the nearer after the other is the later."""
    if one[1] is not None and other[1] is not None:
        return one[1] < other[1] if one[1] != other[1] else None
    if one[0] is None or other[0] is None or one[0] == other[0]:
        return None
    return (other[0] - one[0]) % 7 <= 3
