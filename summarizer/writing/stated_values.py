"""What sentences state that another source may state otherwise: figures, days, homes, outcomes,
deeds, each with the words that it is bound to.

A value is bound to the content words around it, the nearer the more: "235,000 comments" to what is
counted before all else. Two sources speak of one thing as far as these words are the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice
from math import inf, sqrt
from typing import Literal, NamedTuple

from summarizer.checking.alignment import Word, split_clauses
from summarizer.checking.claims import dates_in, names_in, quantities_in
from summarizer.retrieval.chunks import Statement
from summarizer.text.date_resolution import dates_compatible
from summarizer.text.dates import DateMention
from summarizer.text.lexicon import lexicon
from summarizer.text.numbers import Quantity, base_unit, quantity_matches
from summarizer.text.spans import Span, inside
from summarizer.text.thesaurus import synonym_groups
from summarizer.text.tokens import build_idf, content_stems, folded_words, stems

ValuePlace = tuple[str, Span, Span]
"""Source, sentence in it, and words in the sentence."""

ValueKind = Literal["figure", "date", "place", "outcome", "deed"]

DISTANCE_DECAY = 0.75
"""What a word counts beside its neighbour that is nearer to the value. Calibrated, with the
thresholds of `contradictions`, on the open half of ``benchmarks/quality/blocks.jsonl``."""

COUNTED_WEIGHT = 2.0
"""What the words that a count counts weigh beside others as near."""

HARM_WORDS = 3
"""Content words beside a count among which is what happened to those who are counted."""

MIN_DATE_WORDS = 3
"""Content words before a day from which its verb is among them."""

SYNONYM_WEIGHT = 0.8
"""What another word of the same meaning counts beside the same word."""

COUNTED_WORDS, COUNTED_CHARS = 2, 60
"""Content words behind a count among which is what it counts, and code points they stand in."""

MAX_BEFORE_CHARS = 40
"""Code points before a value in which are the words that change what it says."""

MAX_SENTENCE_VALUES = 20
"""Values of one sentence; one with more is a table."""

ROUND_FIGURE_TOLERANCE = 0.05
"""How far a figure may be from one with "about"."""

CLAUSE_END = re.compile(r"[,;:()]| and | but ")
"""What may end the clause of a value."""

_WORDS = lexicon("en")
_IDF = build_idf(())
_HARM_STEMS = {kind: frozenset(stems(" ".join(words))) for kind, words in _WORDS.harm_words.items()}
_HARMING = frozenset[str]().union(*_HARM_STEMS.values())
_FURTHER = frozenset(stems(" ".join(_WORDS.additional_words)))
_CUT_NUMBER = re.compile(r"\d ?[,:.–-] ?$")
_CUT_NUMBER_AFTER = re.compile(r" ?[,:–-] ?\d| ?GMT\b")
_NEGATIONS = _WORDS.negations
_ELIDED_NOT = re.compile(r"n['’]t\b")
_OLD = re.compile(r"[ -]*(?:years?)?[ -]*old\b")
_DEFINITE = re.compile(rf"\b(?:{_WORDS.words_before_known_counts})\s$", re.IGNORECASE)
_PART = re.compile(r" of (?:the|his|her|their|its|those|these)\b")
_NAMED = re.compile(r"[a-z,] [A-Z][\w.]*\s$")
_AGAINST = re.compile(r" \w+ to ")
_HOME = re.compile(r", \d{1,3}, (?:of|from) ((?:[A-Z][\w.’'-]+ ?)+)")
_LOWER_BOUND = re.compile(rf"\b(?:{_WORDS.lower_bounds}) (?:the |an? )?$", re.IGNORECASE)
_UPPER_BOUND = re.compile(rf"\b(?:{_WORDS.upper_bounds}) (?:the |an? )?$", re.IGNORECASE)
_SUPERSEDED = re.compile(
    rf"\b(?:{_WORDS.words_before_old_values}) (?:(?:the|an?|at least|about|earlier) )*$",
    re.IGNORECASE,
)
_RETRACTED = re.compile(rf"\b(?:{_WORDS.retraction_openers})\b", re.IGNORECASE)
_RETRACTION_END = re.compile(r";|, (?:not|but|when|in fact)\b")
_NOBODY = re.compile(rf"\b(?:{_WORDS.nobody})\b", re.IGNORECASE)
_PENDING = re.compile(
    rf"\b(?:{_WORDS.pending_words}) (?:(?:be|have|been|also|soon|\w+ly) )*", re.IGNORECASE
)
_DONE = re.compile(rf"\b(?:{_WORDS.words_before_done_deeds}) (?:not )?(?:\w+ly )?", re.IGNORECASE)


class StatedValue(NamedTuple):
    """A value that a sentence states at ``span``. Only values of one slot can be compared.

    ``counted``: the stems of what a count counts. ``context``: the stems around the value, each
    with its weight; ``length``: of these weights; ``synonyms``: a stem for each group of synonyms.
    """

    statement: Statement
    kind: ValueKind
    slot: str
    value: Quantity | DateMention | float | str
    span: Span
    counted: tuple[str, ...]
    context: Mapping[str, float]
    length: float
    synonyms: Mapping[int, str]

    @property
    def words(self) -> str:
        """The value as it is written."""
        return self.statement.text[self.span.start : self.span.end]

    @property
    def words_before(self) -> str:
        """What is written directly before it."""
        return self.statement.text[max(0, self.span.start - MAX_BEFORE_CHARS) : self.span.start]

    @property
    def place(self) -> ValuePlace:
        """Where it is."""
        return self.statement.source, self.statement.span, self.span

    @property
    def is_lower_bound(self) -> bool:
        """Whether the words before it say that it may be more: "at least"."""
        return bool(_LOWER_BOUND.search(self.words_before))

    @property
    def harmed(self) -> frozenset[str]:
        """How those were harmed who are counted: "(dead)"."""
        return frozenset(stem for stem in self.counted if stem.startswith("("))

    @property
    def is_superseded(self) -> bool:
        """Whether its own sentence gives a newer value in its place, "up from 27", "not 27", or
        takes it back."""
        if self.kind != "figure":
            return False
        retracted = retracted_span(self.statement.text)
        if retracted and inside(self.span, retracted):
            return True
        return bool(_SUPERSEDED.search(self.words_before))

    @property
    def has_year(self) -> bool:
        """Whether it is a date with its year."""
        return isinstance(self.value, DateMention) and self.value.year is not None


def retracted_span(text: str) -> Span | None:
    """What an English sentence takes back: what an "earlier version said that"."""
    opener = _RETRACTED.search(text)
    if not opener:
        return None
    end = _RETRACTION_END.search(text, opener.end())
    return Span(opener.end(), end.start() if end else len(text))


def stated_values(statement: Statement) -> tuple[StatedValue, ...]:
    """The values that a sentence states, each once."""
    key = (stated_values, statement.source, statement.span)
    return statement.annotations.once(
        key, lambda: tuple(islice(_find_values(statement), MAX_SENTENCE_VALUES))
    )


def _find_values(statement: Statement) -> Iterator[StatedValue]:
    yield from _figures(statement)
    yield from _dates(statement)
    yield from _homes(statement)
    if statement.language == "en":
        yield from _nobody(statement)


def _value(
    statement: Statement,
    kind: ValueKind,
    slot: str,
    value: Quantity | DateMention | float | str,
    span: Span,
    counted: Sequence[str] = (),
) -> StatedValue:
    text = statement.text
    before = _context_stems(text[: span.start], statement.language)[::-1]
    behind = _context_stems(text[span.end :], statement.language)
    if kind == "date" and len(before) >= MIN_DATE_WORDS:
        behind = []  # a day is behind its verb: "fired him on Monday after a season"
    weights: dict[str, float] = {}
    for side in (before, behind):
        for distance, stem in enumerate(side):
            weight = _IDF(stem) * DISTANCE_DECAY**distance
            weights[stem] = max(weight, weights.get(stem, 0.0))
    if slot == "count":
        # "The toll ... rose to 112": what is counted may stand far before it.
        reach = HARM_WORDS if counted else 2 * HARM_WORDS
        counted = [*counted, *_harmed(text, span, statement.language, reach)]
    for stem in counted:
        weights[stem] = COUNTED_WEIGHT * weights.get(stem, COUNTED_WEIGHT)
    length = sqrt(sum(weight * weight for weight in weights.values()))
    synonyms = {group: stem for stem in weights for group in synonym_groups(stem)}
    return StatedValue(
        statement, kind, slot, value, span, tuple(counted), weights, length, synonyms
    )


def _harmed(text: str, span: Span, language: str, reach: int) -> list[str]:
    """How those were harmed who are counted, so that a toll is one thing in all its wordings."""
    before, behind = (CLAUSE_END.split(part) for part in (text[: span.start], text[span.end :]))
    near = {
        *_context_stems(before[-1], language)[-reach:],
        *_context_stems(text[slice(*span)], language),
        *_context_stems(behind[0], language)[:HARM_WORDS],
    }
    return [f"({kind})" for kind, harm in _HARM_STEMS.items() if not near.isdisjoint(harm)][:1]


def _context_stems(text: str, language: str) -> list[str]:
    """The content stems without figures; "fell" as "fall"."""
    found = content_stems(text, language)
    return [_BASE_FORMS.get(stem, stem) for stem in found if not stem.isdigit()]


def _figures(statement: Statement) -> Iterator[StatedValue]:
    text, days = statement.text, [mention.span for mention in dates_in(statement)]
    previous: tuple[int, Sequence[str]] = (0, ())
    for quantity in quantities_in(statement):
        start, end = quantity.span
        before = text[max(0, start - MAX_BEFORE_CHARS) : start]
        cut = _CUT_NUMBER.search(before) or _CUT_NUMBER_AFTER.match(text, end)
        in_date = any(inside(quantity.span, day) for day in days)
        if cut or in_date or quantity.unit == "ordinal" or _OLD.match(text, end):
            continue
        if quantity.unit not in ("", "person"):
            yield _value(statement, "figure", base_unit(quantity.unit), quantity, quantity.span)
            continue
        slot = "count" if quantity.high >= 1000 or quantity.high.is_integer() else "decimal"
        behind = re.split(r"[,;:()]", text[end : end + COUNTED_CHARS])[0]
        counted: Sequence[str] = _context_stems(behind, statement.language)[:COUNTED_WORDS]
        if previous[1] and _AGAINST.fullmatch(text[previous[0] : start]):  # "118 votes to 110"
            slot, counted = "count against", previous[1]
        previous = (end, counted)
        # "Two-time", "Windows 8" and "the two jurors" count nothing anew, "two others" and "three
        # of his eight" not all.
        partial = (
            text[end : end + 2].strip().startswith("-")
            or _NAMED.search(before)
            or _DEFINITE.search(before)
            or _FURTHER.intersection(stems(behind)[:2])
            or _PART.match(text, end)
            or quantity.low != quantity.high
        )
        if quantity.high > 1 and not partial:
            yield _value(statement, "figure", slot, quantity, quantity.span, counted)


def _dates(statement: Statement) -> Iterator[StatedValue]:
    for mention in dates_in(statement):
        if mention.decade or (mention.relative and mention.weekday is None):
            continue
        parts = ("weekday", "day", "month", "year")
        part = next((each for each in parts if getattr(mention, each) is not None), "")
        if part:
            yield _value(statement, "date", f"date {part}", mention, mention.span)


def _homes(statement: Statement) -> Iterator[StatedValue]:
    """The home of a person that is given behind an age: "Anna Weber, 41, of Bern"."""
    if not _HOME.search(statement.text):
        return
    for name in names_in(statement):
        if home := _HOME.match(statement.text, name.span.end):
            slot = f"home of {name.words[-1].casefold()}"
            yield _value(statement, "place", slot, home[1].strip(" ."), Span(*home.span(1)))


def _nobody(statement: Statement) -> Iterator[StatedValue]:
    """Nobody harmed, as a count of none."""
    for found in _NOBODY.finditer(statement.text):
        span = Span(*found.span())
        none = Quantity(span, found[0], 0.0, 0.0, "", approx=False)
        yield _value(statement, "figure", "count", none, span, stems("people"))


def stated_events(said: Sequence[Statement]) -> Iterator[StatedValue]:
    """What English sentences of one story say has happened, where another may say that it has not:
    outcomes of which both sides occur, deeds that one of them expects or denies; each once.

    Reading clauses is slow, so those of a sentence are read only if it has a word of these.
    """
    denying = {
        item.text
        for item in said
        if _ELIDED_NOT.search(item.text) or not _NEGATIONS.isdisjoint(folded_words(item.text))
    }
    contested = _contested_outcomes(said, denying)
    open_deeds = {
        verb.stem
        for item in said
        if item.text in denying or _PENDING.search(item.text)
        for verb in _verbs(item.text)
        if verb.status != "done"
    }
    for item in said:
        if not contested.isdisjoint(item.stems):
            yield from _outcomes(item)
        if not open_deeds.isdisjoint(item.stems):
            for verb in _verbs(item.text):
                if verb.stem in open_deeds:
                    yield _value(item, "deed", f"deed {verb.stem}", verb.status, verb.span)


def _contested_outcomes(said: Iterable[Statement], denying: Set[str]) -> frozenset[str]:
    """The stems of the outcomes that some sentence may state and another may deny."""
    sides: dict[int, set[str]] = defaultdict(set)
    for item in said:
        for stem in _SIDES.keys() & item.stems:
            for number in _SIDES[stem]:
                sides[number].add(stem)
                if item.text in denying:
                    sides[-number].add(stem)
    return frozenset(stem for number in sides if -number in sides for stem in sides[number])


def _outcomes(statement: Statement) -> Iterator[StatedValue]:
    """What came of a thing, as the sign of its side: acquitted or convicted."""
    for word, span in _words_with_spans(statement.text):
        for number in _SIDES.get(word.stem, ()):
            side = -number if word.negated else number
            yield _value(statement, "outcome", f"outcome {abs(number)}", float(side), span)


class _Verb(NamedTuple):
    stem: str
    status: Literal["done", "denied", "pending"]
    span: Span


def _verbs(text: str) -> Iterator[_Verb]:
    """The English verbs of a sentence of which it can be seen whether it has happened."""
    pending = {found.end() for found in _PENDING.finditer(text)}
    done = {found.end() for found in _DONE.finditer(text)}
    for word, span in _words_with_spans(text) if pending or done else ():
        if span.start in pending:
            yield _Verb(word.stem, "pending", span)
        elif span.start in done and (word.form.endswith("ed") or word.form in _PAST_FORMS):
            yield _Verb(word.stem, "denied" if word.negated else "done", span)


def _words_with_spans(text: str) -> Iterator[tuple[Word, Span]]:
    """The content words of an English sentence, and where they are."""
    folded = text.casefold()
    for clause in split_clauses(text):
        at = clause.span.start
        for word in clause.content:
            start = folded.find(word.form, at)
            if start >= 0:
                at = start + len(word.form)
                yield word, Span(start, at)


def _outcome_sides() -> Mapping[str, tuple[int, ...]]:
    """Stem -> the number of each outcome that it is a side of, negative for the second side."""
    sides: dict[str, list[int]] = {}
    for number, (yes, no) in enumerate(_WORDS.opposite_outcomes.items(), 1):
        for words, sign in ((yes, number), (" ".join(no), -number)):
            for stem in stems(words):
                sides.setdefault(stem, []).append(sign)
    return {stem: tuple(numbers) for stem, numbers in sides.items()}


_SIDES = _outcome_sides()


_PAST_FORMS = frozenset(past for past, _ in _WORDS.past_tenses)
_BASE_FORMS = {stems(past)[0]: stems(base)[0] for past, base in _WORDS.past_tenses}


def binding_similarity(one: StatedValue, other: StatedValue) -> float:
    """Cosine of the words that two values are bound to, 0..1."""
    shared = 0.0
    for stem, weight in one.context.items():
        if stem in other.context:
            shared += weight * other.context[stem]
        elif twin := _synonym(stem, other.synonyms):
            shared += SYNONYM_WEIGHT * weight * other.context[twin]
    return shared / (one.length * other.length) if shared else 0.0


def _synonym(stem: str, stem_by_group: Mapping[int, str]) -> str:
    """A stem of the same meaning; "" if there is none."""
    groups = synonym_groups(stem)
    return next((stem_by_group[each] for each in groups if each in stem_by_group), "")


def count_the_same(one: StatedValue, other: StatedValue) -> bool:
    """Whether two counts can count one thing; what is no count has nothing to compare."""
    if one.slot != "count":
        return True
    if one.harmed and other.harmed:
        return one.harmed == other.harmed
    groups = {group for stem in other.counted for group in synonym_groups(stem)}
    return any(
        stem in other.counted or not groups.isdisjoint(synonym_groups(stem)) for stem in one.counted
    )


def have_context_in_common(one: StatedValue, other: StatedValue) -> bool:
    """Whether two counts are bound to a word of one meaning, beside what they count and how those
    were harmed."""
    return any(
        stem in other.context or _synonym(stem, other.synonyms)
        for stem in one.context.keys() - {*one.counted, *other.counted, *_HARMING}
    )


def are_equal(one: StatedValue, other: StatedValue) -> bool:
    """Whether two values of one slot say the same."""
    here, there = one.value, other.value
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        return quantity_matches(here, there) or quantity_matches(there, here)
    if isinstance(here, DateMention) and isinstance(there, DateMention):
        return dates_compatible(here, there)
    return here == there


def can_both_be_right(one: StatedValue, other: StatedValue) -> bool:
    """Whether two values can both be right: "about 4,100" and "4,136", "at least 27" and "30"."""
    if not isinstance(one.value, Quantity) or not isinstance(other.value, Quantity):
        return are_equal(one, other)
    (low, high), (least, most) = (
        _possible_range(one, one.value),
        _possible_range(other, other.value),
    )
    return one.value.unit == other.value.unit and low <= most and least <= high


def _possible_range(value: StatedValue, quantity: Quantity) -> tuple[float, float]:
    if _LOWER_BOUND.search(value.words_before):
        return quantity.low, inf
    if _UPPER_BOUND.search(value.words_before):
        return 0.0, quantity.high
    slack = ROUND_FIGURE_TOLERANCE if quantity.approx else 0.0
    return quantity.low * (1 - slack), quantity.high * (1 + slack)
