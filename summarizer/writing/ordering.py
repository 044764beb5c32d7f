"""The order of the chosen sentences: what happened and when, background last.

For each pair the reasons to put one first are summed (Cohen, Schapire and Singer, "Learning to
order things", 1999): the earlier day; the order in the sources that report both; the mean
position in all sources that report it. A sentence that depends on another one stays behind it.
Constants are calibrated as a set by ``benchmarks.quality.order``.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from statistics import fmean

from summarizer.retrieval.answers import FactCluster
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import SentenceLocation
from summarizer.text.date_resolution import resolve_date
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.names import find_names
from summarizer.writing.candidates import Candidate, StoryEvidence

EARLIER_WEIGHT, FIRST_WEIGHT, NEARER_WEIGHT = 4.0, 1.0, 2.0
"""What counts that a day is the earlier one, that most sources tell it first, and that it stands
a whole article nearer to the beginning."""

BACKGROUND_AGE = timedelta(days=45)
"""How long before the news something is its background."""

BACKGROUND_PENALTY = 0.25
"""Share of an article by which background and outlook stand farther behind."""

_OUTLOOK = re.compile(r"\b(?:will|is|are) (?:be )?(?:expected|scheduled|due|set to)\b|\bwill\b")
_CLOCK = re.compile(r"\b(\d{1,2})(?:\s?[:.]\s?(\d\d))?\s?([ap])\.?\s?m\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """A sentence to tell: its words, where each source that tells it has it (source id -> share of
    the article before it, 0..1), its own statement, its place there, and what it takes as known."""

    text: str
    places: Mapping[str, float]
    statement: Statement
    place: int
    antecedents: Sequence[frozenset[str]] = ()


@dataclass(frozen=True, slots=True)
class _EventTime:
    """The day a sentence speaks of and the minute of it, as far as they are known; a ``bare`` day
    is only comparable with other weekdays."""

    day: date | None = None
    bare: bool = False
    minute: int | None = None
    behind: bool = False


def order_candidates(
    chosen: Sequence[Candidate],
    groups: Sequence[FactCluster],
    telling: StoryEvidence,
    known: Collection[str],
) -> list[Candidate]:
    """What happened and when, background last."""
    # A sentence that is told behind the one it needs may be in no group.
    homes = {
        (item.source, item.span): each.statements for each in groups for item in each.statements
    }
    places = {
        (item.source, item.span): at / len(said)
        for said in telling.statements.values()
        for at, item in enumerate(said)
    }
    facts = [
        PlacedSentence(
            item.text,
            _relative_positions(homes.get(item.location, (item.statement,)), places),
            item.statement,
            item.position,
            item.antecedents,
        )
        for item in chosen
    ]
    return [chosen[at] for at in arrange_sentences(facts, telling.exact_dates, known)]


def _relative_positions(
    saying: Iterable[Statement], places: Mapping[SentenceLocation, float]
) -> Mapping[str, float]:
    """Where each source of this story that tells it has it first, 0..1."""
    found: dict[str, float] = {}
    for item in saying:
        if (at := places.get((item.source, item.span))) is not None:
            found[item.source] = min(at, found.get(item.source, 1.0))
    return found


def arrange_sentences(
    facts: Sequence[PlacedSentence], written: Mapping[str, date], known: Collection[str] = ()
) -> list[int]:
    """Their numbers in the order in which they are told. ``written``: exact days of writing by
    source; ``known``: the stems of the headline."""
    anchor, news = _weekday_anchor(facts), max(written.values(), default=None)
    times = [_event_time(fact, written.get(fact.statement.source), anchor, news) for fact in facts]
    before: dict[tuple[int, int], float] = {}
    for a, b in combinations(range(len(facts)), 2):
        before[a, b] = _preference(facts[a], facts[b], times[a], times[b])
        before[b, a] = -before[a, b]
    leans = [
        a | b
        for a, b in zip(_must_follow(facts), _must_follow_antecedent(facts, known), strict=True)
    ]
    order: list[int] = []
    left = list(range(len(facts)))
    while left:
        free = [at for at in left if not leans[at] & set(left)] or left
        best = max(free, key=lambda at: (sum(before[at, o] for o in left if o != at), -at))
        order.append(best)
        left.remove(best)
    return order


def _preference(
    one: PlacedSentence, other: PlacedSentence, when: _EventTime, then: _EventTime
) -> float:
    """How much speaks for telling the first one first, below 0 for the other."""
    votes = [
        (one.places[source] < other.places[source]) - (one.places[source] > other.places[source])
        for source in one.places.keys() & other.places.keys()
    ]
    told = votes if when.behind == then.behind else []  # what is behind is so for all
    first = sum(told) / len(told) if told else 0.0
    nearer = _mean_position(other, then) - _mean_position(one, when)
    return (
        EARLIER_WEIGHT * _compare_times(when, then) + FIRST_WEIGHT * first + NEARER_WEIGHT * nearer
    )


def _mean_position(fact: PlacedSentence, when: _EventTime) -> float:
    return fmean(fact.places.values()) + BACKGROUND_PENALTY * when.behind


def _compare_times(one: _EventTime, other: _EventTime) -> int:
    """1 if the first is the earlier, -1 if the other is, 0 if that is unknown."""
    if one.day is None or other.day is None:
        return 0
    if (one.bare, one.behind) != (other.bare, other.behind):
        return 0
    if one.day != other.day:
        return 1 if one.day < other.day else -1
    if one.minute is None or other.minute is None:
        return 0
    return (one.minute < other.minute) - (one.minute > other.minute)


def _weekday_anchor(facts: Sequence[PlacedSentence]) -> date | None:
    """A day by which bare weekdays can be told apart where no day of writing is known: three days
    after the weekday that is named most, so that each falls within three days of it."""
    named = Counter(
        mention.weekday
        for fact in facts
        for mention in find_dates(fact.text)
        if mention.weekday is not None
    )
    if not named:
        return None
    return date(2001, 1, 1) + timedelta(days=max(named, key=lambda day: (named[day], -day)) + 3)


def _event_time(
    fact: PlacedSentence, written: date | None, anchor: date | None, news: date | None
) -> _EventTime:
    found = find_dates(fact.text)
    clock = _CLOCK.search(fact.text)
    minute = _minute_of_day(clock) if clock else None
    days = [day for each in found if (day := _resolve_day(each, written, anchor))]
    behind = bool(_OUTLOOK.search(fact.text)) or _is_background(found, days, news)
    if days:
        first, bare = days[0]
        return _EventTime(first, bare, minute, behind)
    bare = minute is not None and written is None
    return _EventTime(anchor - timedelta(days=3) if bare and anchor else None, bare, minute, behind)


def _resolve_day(
    mention: DateMention, written: date | None, anchor: date | None
) -> tuple[date, bool] | None:
    """The day meant: on the calendar if the year or the day of writing is known, else bare."""
    weekday = mention.weekday is not None and not (mention.day or mention.month or mention.relative)
    bare = written is None and weekday
    period = resolve_date(mention, anchor if bare else written)
    return (period.first, bare) if period else None


def _is_background(
    found: Sequence[DateMention], days: Sequence[tuple[date, bool]], news: date | None
) -> bool:
    """Whether it speaks of what was long before the news."""
    if news is None:
        return bool(found) and all(m.year and m.weekday is None for m in found)
    known = [day for day, bare in days if not bare]
    return bool(known) and max(known) < news - BACKGROUND_AGE


def _minute_of_day(clock: re.Match[str]) -> int:
    hour = int(clock[1]) % 12 + 12 * (clock[3].casefold() == "p")
    return 60 * hour + int(clock[2] or 0)


def _must_follow(facts: Sequence[PlacedSentence]) -> list[set[int]]:
    """For each the others that it must stay behind: the sentence before it in its article, and the
    one that gives the full name of whom it calls by surname."""
    places = {(fact.statement.source, fact.place): at for at, fact in enumerate(facts)}
    named = [
        [name.words for name in fact.statement.annotations.get(find_names, fact.text)]
        for fact in facts
    ]
    full: dict[str, int] = {}
    for at, each in enumerate(named):
        for words in each:
            if len(words) > 1:
                full.setdefault(words[-1], at)
    behind: list[set[int]] = []
    for at, fact in enumerate(facts):
        known = {words[-1] for words in named[at] if len(words) > 1}
        surnames = {words[0] for words in named[at] if len(words) == 1} - known
        first = {full[name] for name in surnames if name in full}
        before = places.get((fact.statement.source, fact.place - 1))
        behind.append(first | ({before} if before is not None else set()))
    return behind


def _must_follow_antecedent(
    facts: Sequence[PlacedSentence], known: Collection[str]
) -> list[set[int]]:
    """For each the others of which one tells what it takes as known, if the headline does not and
    the sources tell it before."""
    depths = [fmean(fact.places.values()) for fact in facts]
    behind: list[set[int]] = []
    for at, fact in enumerate(facts):
        earlier = [n for n in range(len(facts)) if depths[n] < depths[at]]
        wanted = (stems for stems in fact.antecedents if stems.isdisjoint(known))
        told = ([n for n in earlier if stems & facts[n].statement.stems] for stems in wanted)
        behind.append({min(each, key=lambda n: depths[n]) for each in told if each})
    return behind
