"""Wrong figures and dates: none that the cited words give as well."""

import re
from collections.abc import Iterable, Iterator

from summarizer.checking.claims import Claim, Passage
from summarizer.evaluation.mistakes.made import Corrupted, put
from summarizer.evaluation.mistakes.words import MAGNITUDES, NUMBER_WORDS, UNITS
from summarizer.evaluation.samples import Library, Sample
from summarizer.text.dates import Mention, mentions
from summarizer.text.measures import equal
from summarizer.text.numbers import Quantity, quantities
from summarizer.text.periods import compatible
from summarizer.text.selectors import Span

__all__ = ["dates", "magnitudes", "numbers", "units"]

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD_NUMBER = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_MAGNITUDE = re.compile(rf"(?<=[\d\s])(?:{'|'.join(MAGNITUDES)})\b|^(?:{'|'.join(MAGNITUDES)})\b")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_RELATIVE = {
    "yesterday": "last month", "last week": "last year", "last month": "last week",
    "last year": "last week", "this week": "last year", "this month": "last year",
    "this year": "last year", "next week": "next year", "next month": "next week",
    "next year": "next month", "earlier this month": "last year", "tomorrow": "next month",
}  # fmt: skip


def numbers(sample: Sample, _library: Library) -> Iterator[Corrupted]:
    """Another figure or number word."""
    for quantity in quantities(sample.claim.text):
        start, words = quantity.span.start, quantity.text
        if found := _FIGURE.search(words):
            for other in _other_figures(found[0]):
                yield from _quantified(sample, quantity, _inside(start, found), other)
        elif found := _WORD_NUMBER.search(words):
            for other in NUMBER_WORDS:
                if other != found[0].lower():
                    yield from _quantified(sample, quantity, _inside(start, found), other)


def _other_figures(figure: str) -> Iterator[str]:
    """The figure with another first digit."""
    for digit in "123456789":
        if digit != figure[0]:
            yield digit + figure[1:]


def _inside(start: int, found: re.Match[str]) -> Span:
    return Span(start + found.start(), start + found.end())


def _quantified(sample: Sample, before: Quantity, span: Span, words: str) -> Iterator[Corrupted]:
    """The change, if a quantity stands there that the cited words do not give."""
    made = put(sample, span, words)
    anew = [q for q in quantities(made.text) if q.span.start == before.span.start]
    there = [q for passage in sample.passages for q in quantities(passage.text)]
    if anew and anew[0][2:5] != before[2:5] and not any(equal(anew[0], q) for q in there):
        yield made


def magnitudes(sample: Sample, _library: Library) -> Iterator[Corrupted]:
    """A thousand for a million, three noughts more or fewer, ten times as many."""
    for quantity in quantities(sample.claim.text):
        start, words = quantity.span.start, quantity.text
        found = _MAGNITUDE.search(words)
        grouped = _GROUPED.search(words)
        if found:
            for other in MAGNITUDES[found[0]]:
                yield from _quantified(sample, quantity, _inside(start, found), other)
        elif grouped:
            yield from _quantified(sample, quantity, _inside(start, grouped), grouped[0][:-4])
            longer = f"{grouped[0]},000"
            yield from _quantified(sample, quantity, _inside(start, grouped), longer)
        elif words.isdecimal():
            yield from _quantified(sample, quantity, quantity.span, f"{words}0")


def units(sample: Sample, _library: Library) -> Iterator[Corrupted]:
    """Percentage points for per cent, euros for dollars, days for hours."""
    for quantity in quantities(sample.claim.text):
        low = quantity.text.lower()
        for unit, others in UNITS:
            at = low.find(unit)
            bare = unit.isalpha() and not re.search(rf"\b{unit}\b", low)
            if at < 0 or bare:
                continue
            span = Span(quantity.span.start + at, quantity.span.start + at + len(unit))
            for other in others:
                yield from _quantified(sample, quantity, span, other)
            break


# Dates


def dates(sample: Sample, _library: Library) -> Iterator[Corrupted]:
    """Another day, month, year or span than any that the cited words give."""
    there = [(m, p) for p in sample.passages for m in mentions(p.text)]
    for mention in mentions(sample.claim.text):
        for words in _other_dates(mention):
            made = put(sample, mention.span, words)
            anew = [m for m in mentions(made.text) if m.span.start == mention.span.start]
            if anew and not _dated(anew[0], sample.claim, there):
                yield made


def _dated(mention: Mention, claim: Claim, there: Iterable[tuple[Mention, Passage]]) -> bool:
    return any(
        compatible(mention, other, claim.published, passage.published) for other, passage in there
    )


def _other_dates(mention: Mention) -> Iterator[str]:
    """The mention with another weekday, month, day, year or span."""
    text = mention.text
    if text.lower() in _RELATIVE:
        yield _RELATIVE[text.lower()]
    for family in (_WEEKDAYS, _MONTHS):
        for at, name in enumerate(family):
            if name in text:
                yield from (text.replace(name, family[at - step]) for step in (1, 3, 5))
    for found in re.finditer(r"\b\d{1,2}\b", text):
        day = int(found[0])
        for other in (day % 28 + 1, (day + 8) % 28 + 1):
            yield text[: found.start()] + str(other) + text[found.end() :]
    for found in re.finditer(r"\b(?:19|20)\d\d\b", text):
        for step in (-1, 2, -7):
            yield text[: found.start()] + str(int(found[0]) + step) + text[found.end() :]
