"""Pairs of values of two sources that cannot both be right, or of which one is newer.

Each value of a source is aligned with the value of another source that is bound to the same words.
Where the two are each other's best match and exclude each other, one contradicts or updates the
other, unless something says that they are about two things: a source that has both values, two
such pairs in the same two sentences, another year.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from summarizer.checking.claims import dates_in, names_in
from summarizer.retrieval.chunks import Statement
from summarizer.sources.articles import calendar_day, publication_instant
from summarizer.text.lexicon import lexicon
from summarizer.text.numbers import Quantity
from summarizer.text.spans import Span, inside
from summarizer.text.tokens import stems
from summarizer.writing.stated_values import (
    CLAUSE_END,
    StatedValue,
    ValueKind,
    are_equal,
    binding_similarity,
    can_both_be_right,
    count_the_same,
    have_context_in_common,
    stated_events,
    stated_values,
)

MIN_SIMILARITY: Mapping[ValueKind, float] = {
    "figure": 0.45, "date": 0.85, "place": 0.0, "outcome": 0.7, "deed": 0.55,
}  # fmt: skip
"""Similarity of the words around two values from which they are about one thing. Calibrated as a
set on the open half of ``benchmarks/quality/blocks.jsonl`` and on ten events of ECB+ that neither
half has; do not tune one alone."""

CONSTANT_UNITS = frozenset({"m", "km2", "kg", "hour", "year", "times"})
"""Units of what does not change between two reports: another value is no later one."""

MIN_MEASURE_SIMILARITY = 0.55
"""The same for figures with a unit, which say less of what they measure than a count."""

MIN_PASSIVE_SIMILARITY = 0.25
"""The same for what is done to the same person: "is expected to be charged", "was charged"."""

MIN_TOLL_SIMILARITY = 0.3
"""The same for counts of people who were harmed alike."""

MIN_FIGURE_RATIO = 0.3
"""Share of the larger figure that the smaller one has at least: a tenth is about something else."""

MIN_TELLING_FIGURE = 100
"""A figure from which it is no chance that a source has it too, whatever it counts there."""

MIN_GROWTH = 1.2
"""What "at least 70" is exceeded by if it was overtaken, and is not a round figure."""

MIN_SHARED_STEMS, MIN_SHARED_STEMS_OF_SHORT = 3, 2
"""Content stems that two sentences about one thing have in common: at least, and of a short one
where they are half of it."""

KEY_STEMS, MAX_VALUES_PER_STEM, MAX_COMPARED_PAIRS = 4, 30, 20_000
"""Weightiest stems of a value by which others are found, how many values one stem finds, and the
pairs of one story that are compared, so that articles of one template take bounded time."""

MAX_SUPERSEDED = 50
"""Values of one story whose own sentences replace them, that are looked for in other sources."""

KnownValues = Mapping[tuple[str, str], Sequence[StatedValue]]
"""By source and slot."""

_CAPITALISED = re.compile(r"\b[A-Z]\w+")
_PASSIVE = re.compile(r"\b(?:be|been|was|were) (?:\w+ly )?$")
_OPENING = re.compile(r"[^,;:]{1,40},")
_UPDATED = re.compile(rf"\b(?:{lexicon('en').update_words})\b", re.IGNORECASE)
_REPEATED = re.compile(rf"\b(?:{lexicon('en').words_of_repetition})\b", re.IGNORECASE)
_CORRECTED = re.compile(rf"\b(?:{lexicon('en').correction_words})\b", re.IGNORECASE)


class Contradiction(NamedTuple):
    """Two values of one thing. ``update``: ``second`` is the newer one."""

    first: StatedValue
    second: StatedValue
    similarity: float
    update: bool = False

    @property
    def kind(self) -> ValueKind:
        """What kind of value differs."""
        return self.first.kind


def find_contradictions(
    said: Sequence[Statement], published: Mapping[str, date | datetime]
) -> list[Contradiction]:
    """Those of one story, the surest first. ``published``: by source, where it is known."""
    every = [value for item in said for value in stated_values(item)]
    every += stated_events([item for item in said if item.language == "en"])
    values = [value for value in every if not value.is_superseded]
    superseded = [value for value in every if value.is_superseded]
    known, retracted = _by_source_and_slot(values), _by_source_and_slot(superseded)
    found = [
        ordered
        for each in _excluding_pairs(values)
        if _is_of_one_time(each) and not _is_ambiguous(each, known)
        if (ordered := _ordered(each, published, retracted))
    ]
    kept = [each for each in found if each.update or not _differ_otherwise(each)]
    replaced = _replaced_values(superseded[:MAX_SUPERSEDED], known)
    return sorted([*kept, *replaced], key=lambda each: -each.similarity)


def _by_source_and_slot(values: Iterable[StatedValue]) -> KnownValues:
    known: dict[tuple[str, str], list[StatedValue]] = defaultdict(list)
    for value in values:
        known[value.statement.source, value.slot].append(value)
    return known


def _differ_otherwise(found: Contradiction) -> bool:
    """Whether the two sentences differ in another figure of one thing too: 12 goals in 20 games
    and 31 goals in 54 games are two spans of time."""
    return any(
        one.kind == other.kind == "figure"
        and one.slot == other.slot
        and one.counted[:1] == other.counted[:1]
        and one.span != found.first.span
        and other.span != found.second.span
        and not are_equal(one, other)
        for one in stated_values(found.first.statement)
        for other in stated_values(found.second.statement)
    )


def _replaced_values(
    superseded: Iterable[StatedValue], known: KnownValues
) -> Iterator[Contradiction]:
    """What a source still says, with what another one says in its place: "112, up from 27"."""
    for old in superseded:
        source = old.statement.source
        new = [v for v in known[source, old.slot] if v.statement.span == old.statement.span]
        if len(new) != 1 or are_equal(old, new[0]):
            continue
        for (other, slot), values in known.items():
            if other == source or slot != old.slot:
                continue
            for value in filter(lambda value: are_equal(value, old), values):
                similarity = max(binding_similarity(value, each) for each in (old, new[0]))
                if similarity >= _least_similarity(old, value):
                    yield Contradiction(value, new[0], similarity, update=True)


def _excluding_pairs(values: Sequence[StatedValue]) -> Iterator[Contradiction]:
    """Values that are each other's best match in two sources, and exclude each other."""
    pairs = _similar_values(values)
    best: dict[tuple[int, str], float] = defaultdict(float)
    for (a, b), similarity in pairs.items():
        for here, there in ((a, b), (b, a)):
            key = (here, values[there].statement.source)
            best[key] = max(best[key], similarity)
    for (a, b), similarity in pairs.items():
        one, other = values[a], values[b]
        if (
            similarity >= _least_similarity(one, other)
            and similarity >= best[a, other.statement.source]
            and similarity >= best[b, one.statement.source]
            and not are_equal(one, other)
        ):
            yield Contradiction(one, other, similarity)


def _least_similarity(one: StatedValue, other: StatedValue) -> float:
    if one.kind == "figure" and one.slot != "count" and not one.counted:
        return MIN_MEASURE_SIMILARITY
    if one.harmed and one.harmed == other.harmed:
        return MIN_TOLL_SIMILARITY
    if one.kind == "deed" and _are_passive(one, other):
        return MIN_PASSIVE_SIMILARITY
    return MIN_SIMILARITY[one.kind]


def _are_passive(one: StatedValue, other: StatedValue) -> bool:
    """Whether the subject of two deeds is who or what they are done to, so that they have no object
    in which they may differ."""
    return all(_PASSIVE.search(value.words_before) for value in (one, other))


def _similar_values(values: Sequence[StatedValue]) -> dict[tuple[int, int], float]:
    """Pairs of values of one slot and two sources, with the similarity of their words."""
    postings: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs: dict[tuple[int, int], float] = {}
    for at, value in enumerate(values):
        keys = heapq.nlargest(KEY_STEMS, value.context, key=lambda s: (value.context[s], s))
        near = {
            other for stem in keys for other in postings[value.slot, stem][-MAX_VALUES_PER_STEM:]
        }
        for other in sorted(near):
            twin = values[other]
            if (
                twin.statement.source == value.statement.source
                or not _share_subject(value, twin)
                or not count_the_same(value, twin)
            ):
                continue
            pairs[other, at] = binding_similarity(twin, value)
        if len(pairs) >= MAX_COMPARED_PAIRS:
            break
        for stem in value.context:
            postings[value.slot, stem].append(at)
    return pairs


def _share_subject(one: StatedValue, other: StatedValue) -> bool:
    """Whether the two sentences have enough words in common to be about one thing. Those of a toll
    need one of one meaning, "fire" and "blaze", if they do not name different people or places."""
    here, there = one.statement, other.statement
    shared = sum(not stem.isdigit() for stem in here.stems & there.stems)
    if one.kind != "deed" and shared >= MIN_SHARED_STEMS_OF_SHORT:
        # The value's own words ("three times") are no subject.
        sizes = [len(v.statement.stems.difference(stems(v.words))) for v in (one, other)]
        if shared >= min(MIN_SHARED_STEMS, min(sizes) / 2):
            return True
    ours, theirs = (
        {word.casefold() for name in names_in(item) for word in name.words}
        for item in (here, there)
    )
    if one.kind == "deed":
        # "Anna Keller" of one is the "Keller" of the other, where a first word is no sure name.
        passive = _are_passive(one, other)
        texts = (v.statement.text[: v.span.start if passive else None] for v in (one, other))
        capitals = (set(_CAPITALISED.findall(text)) for text in texts)
        named = {word.casefold() for word in set.intersection(*capitals)} & (ours | theirs)
        return bool(named) and (passive or shared >= MIN_SHARED_STEMS)
    is_toll = bool(one.harmed) and one.harmed == other.harmed
    apart = ours and theirs and ours.isdisjoint(theirs)
    return is_toll and not apart and have_context_in_common(one, other)


def _is_of_one_time(found: Contradiction) -> bool:
    """Whether nothing that the two sentences say of the time makes it two times."""
    one, other = found.first, found.second
    if found.kind == "date":
        return one.has_year == other.has_year
    (years, months), (others, further) = map(_years_and_months, (one, other))
    return years == others and months == further


def _clause_and_opening(value: StatedValue) -> tuple[Span, Span]:
    """The clause of a value, and what opens its sentence, which is about all of it."""
    text, (start, end) = value.statement.text, value.span
    first = max((mark.end() for mark in CLAUSE_END.finditer(text, 0, start)), default=0)
    mark = CLAUSE_END.search(text, end)
    opening = _OPENING.match(text)
    return Span(first, mark.start() if mark else len(text)), Span(
        0, opening.end() if opening else 0
    )


def _years_and_months(value: StatedValue) -> tuple[set[int], set[int]]:
    """Those of the clause of a value, and of what opens its sentence: "In May, a gunman ..."."""
    spans = _clause_and_opening(value)
    mentions = [m for m in dates_in(value.statement) if any(inside(m.span, s) for s in spans)]
    return {m.year for m in mentions if m.year}, {m.month for m in mentions if m.month}


def _is_ambiguous(found: Contradiction, known: KnownValues) -> bool:
    """Whether a source has the other's value too, or counts the same thing with several results:
    then the two values are of two things."""
    if "pending" in (found.first.value, found.second.value):
        return False
    for here, there in ((found.first, found.second), (found.second, found.first)):
        for value in known[here.statement.source, here.slot]:
            telling = isinstance(value.value, Quantity) and value.value.high >= MIN_TELLING_FIGURE
            if are_equal(value, there) and (telling or count_the_same(value, there)):
                return True
            counted_anew = here.slot == "count" and not here.harmed and count_the_same(value, here)
            if counted_anew and not are_equal(value, here):
                return True
    return False


def _ordered(
    found: Contradiction, published: Mapping[str, date | datetime], retracted: KnownValues
) -> Contradiction | None:
    """The two with the newer value second where one is newer; None if both can be right."""
    one, other = found.first, found.second
    if "pending" in (one.value, other.value) and not _is_carried_out(one, other, published):
        return None
    newer = _newer(one, other, published, retracted)
    if not (newer and one.harmed) and not _are_of_one_size(one, other):
        return None
    if newer is None:
        return None if can_both_be_right(one, other) else found
    first, second = (one, other) if newer is other else (other, one)
    return Contradiction(first, second, found.similarity, update=True)


def _is_carried_out(
    one: StatedValue, other: StatedValue, published: Mapping[str, date | datetime]
) -> bool:
    """Whether what one of them expects is done in the other: not where that was published before,
    nor, where the order is not known, if one of them speaks of an earlier time."""
    order = _publication_order(one, other, published)
    later, step = (other, 1) if one.value == "pending" else (one, -1)
    if later.value != "done" or order * step < 0:
        return False
    return order != 0 or not any(_REPEATED.search(v.statement.text) for v in (one, other))


def _are_of_one_size(one: StatedValue, other: StatedValue) -> bool:
    if not isinstance(one.value, Quantity) or not isinstance(other.value, Quantity):
        return True
    low, high = sorted((abs(one.value.high), abs(other.value.high)))
    return low == 0 or low >= MIN_FIGURE_RATIO * high


def _newer(
    one: StatedValue,
    other: StatedValue,
    published: Mapping[str, date | datetime],
    retracted: KnownValues,
) -> StatedValue | None:
    """The newer of two values, if one replaces the other and does not only differ."""
    order = _publication_order(one, other, published)
    if "pending" in (one.value, other.value):
        return other if one.value == "pending" else one
    newer = _newer_by_words(one, other, order, retracted)
    here, there = one.value, other.value
    if newer or not isinstance(here, Quantity) or not isinstance(there, Quantity):
        return newer
    by_date = (one, None, other)[order + 1]
    if one.slot != "count":
        return None if one.slot in CONSTANT_UNITS else by_date
    # What is counted grows: nobody takes back a victim in silence.
    less, more = (one, other) if here.high < there.high else (other, one)
    low, high = sorted((here.high, there.high))
    passed = less.is_lower_bound and high >= MIN_GROWTH * low and low >= MIN_FIGURE_RATIO * high
    return more if by_date is more or (not order and passed) else None


def _newer_by_words(
    one: StatedValue, other: StatedValue, order: int, retracted: KnownValues
) -> StatedValue | None:
    """The one whose article or sentence says that it is newer; None if both do, or neither."""

    def takes_back(value: StatedValue, twin: StatedValue) -> bool:
        """Whether its article takes back what the other says, or an earlier value of the thing."""
        return any(
            count_the_same(old, value) and (order or are_equal(old, twin))
            for old in retracted.get((value.statement.source, value.slot), ())
        )

    def is_updated(value: StatedValue) -> bool:
        spans = _clause_and_opening(value)
        return any(_UPDATED.search(value.statement.text, *span) for span in spans)

    signs = [
        (takes_back(one, other) and order <= 0, takes_back(other, one) and order >= 0),
        (_CORRECTED.search(one.statement.text), _CORRECTED.search(other.statement.text)),
    ]
    if one.kind == "figure" and not order:
        signs.append((is_updated(one), is_updated(other)))
    for here, there in signs:
        if bool(here) != bool(there):
            return other if there else one
    return None


def _publication_order(
    one: StatedValue, other: StatedValue, published: Mapping[str, date | datetime]
) -> int:
    """1 if the second was published later, -1 if the first was, 0 if that is not known."""
    here, there = (published.get(value.statement.source) for value in (one, other))
    if here is None or there is None:
        return 0
    if calendar_day(here) == calendar_day(there) and not (
        isinstance(here, datetime) and isinstance(there, datetime)
    ):
        return 0
    first, second = publication_instant(here), publication_instant(there)
    return (second > first) - (second < first)
