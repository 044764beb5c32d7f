"""Pairs of sentences from two sources that cannot both be right.

Sentences with mostly the same words are checked against each other, both ways, by the checks that
compare a sentence with its citations: another number, date, name or negation in the same place, and
no other difference. Constants are calibrated as a set on made-up disagreements and near-misses
(`benchmarks.quality.disagreements`).

Sentences in other words count only if they state opposite outcomes (acquitted, convicted) of the
same things; calibrated on the even rows of ``benchmarks/quality/opposites.tsv``.
"""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, islice, product
from typing import NamedTuple

from summarizer.briefing import FindingKind
from summarizer.checking.alignment import Word, denials, split_clauses
from summarizer.checking.claims import Claim, Issue, Passage, quantities_in
from summarizer.checking.verdict import find_issues
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.similarity import dice, similar_pairs
from summarizer.text.aliases import is_country, is_institution
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.lexicon import lexicon
from summarizer.text.names import find_names
from summarizer.text.numbers import Quantity, find_quantities, quantity_matches
from summarizer.text.thesaurus import are_synonyms
from summarizer.text.tokens import content_stems, folded_words, is_common_stem, stems
from summarizer.writing.standalone import can_be_headline

__all__ = [
    "Contradiction",
    "HarmCount",
    "OpposedStatements",
    "find_contradictions",
    "find_opposites",
    "harm_counts",
]

MIN_OPPOSITE_DICE = 0.34
"""Dice of the stems from which two sentences are held against each other."""

OPPOSITE_KEY_STEMS, MAX_SENTENCES_PER_STEM = 8, 100
"""Rarest stems of a sentence that find others on the same thing; sentences that one stem joins."""

MAX_OPPOSITE_PAIRS = 20_000
"""Pairs of one story that are looked at."""

MAX_EXTRA_WORDS = 3
"""Telling words that one of them may have beside what both tell."""

MIN_SHARED_EVENT = 0.5
"""Share of what "nobody was hurt" says of the event that the other source says too."""

EVENT_STATEMENTS = 3
"""Statements at the beginning of an article that tell its event."""

_OPPOSITE_OUTCOMES = lexicon("en").opposite_outcomes
"""What came of a thing: two sides of which one excludes the other."""

_BODY_WORDS = "lawmakers parliament legislators deputies"
_STEMS_BY_HARM = {
    kind: frozenset(stems(" ".join(words))) for kind, words in lexicon("en").harm_words.items()
}
_HARM_STEMS = frozenset().union(*_STEMS_BY_HARM.values())
_COUNTING = frozenset(stems(" ".join(lexicon("en").casualty_words)))

_NOBODY = re.compile(
    r"\b(?:nobody|no[ -]one|none of the (?:[\d,]+|[a-z]+) (?:people|passengers)"
    r"|no (?:deaths|injuries|casualties|fatalities|victims|dead)|nobody dead)\b(?! else)",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\bago\b|\b(?:last|previous|earlier)\s\w+|\bsame\b"
    rf"|\b[Ii]n (?:{'|'.join(forms[0].title() for forms in lexicon('en').months)})\b"
)
_OPEN_OUTCOME = re.compile(
    rf"\b(?:{lexicon('en').uncertain_outcome})\b",
    re.IGNORECASE,
)
"""What leaves open what comes of it."""
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]) ?n ?['’] ?t\b|(?<=\bca)nt\b"), "n't"),
    (re.compile(r"\bno-one\b", re.IGNORECASE), "no one"),
    (re.compile(r"\bvoted (?:for|in favou?r of)\b"), "approved"),
    (re.compile(r"\bvoted against\b"), "rejected"),
)
_ATTRIBUTION_OR_BACKGROUND = re.compile(
    r",\s[^,]*\b(?:said|says|told|reported|according)\b[^,]*$|^[^,]{1,40}\b(?:said|showed|found)"
    r" that\s|\s(?:after|when|while|as|since)\s.*$"
)
_FURTHER_HARM = re.compile(r"\b(?:more|others?|another|further)\b(?! than)", re.IGNORECASE)
_TOLL = re.compile(rf"\b(?:{lexicon('en').toll_words})\b", re.IGNORECASE)


class OpposedStatements(NamedTuple):
    """What each of the two sentences has where the other says otherwise. ``counted``: both are
    how many were harmed."""

    one: Statement
    other: Statement
    here: str
    there: str
    counted: bool


class HarmCount(NamedTuple):
    """How many were harmed; nought is nobody. ``words``: how it is said."""

    kind: str
    low: float
    words: str


def find_opposites(said: Sequence[Statement], language: str) -> Iterator[OpposedStatements]:
    """Those of one story whose sentences can be read alone. Only in English, whose words these
    are."""
    if language == "en":
        yield from _opposed_counts(said)
        yield from _opposed_outcomes([item for item in said if not _OPEN_OUTCOME.search(item.text)])


def _opposed_counts(said: Sequence[Statement]) -> Iterator[OpposedStatements]:
    """Nobody harmed in one source, somebody in another; or a toll that another source raises: of
    the dead and of the injured one each."""
    openings: dict[str, list[Statement]] = {}
    for item in said:
        if len(openings.setdefault(item.source, [])) < EVENT_STATEMENTS:
            openings[item.source].append(item)
    able = (
        item for item in said if not item.stems.isdisjoint(_HARM_STEMS) and _can_be_headline(item)
    )
    told = [(item, found) for item in able for found in _harm_counts_of(item)]
    tolls = [(item, harm) for item, harm in told if not harm.low or _TOLL.search(item.text)]
    for kind in lexicon("en").harm_words:
        less = [each for each in tolls if each[1].kind == kind]
        more = [each for each in told if each[1].kind == kind]
        found = (_raised_toll(one, other, openings) for one, other in product(less, more))
        yield from islice(filter(None, found), 1)


def _raised_toll(
    less: tuple[Statement, HarmCount],
    more: tuple[Statement, HarmCount],
    openings: Mapping[str, Sequence[Statement]],
) -> OpposedStatements | None:
    """The two as opposites, if one speaks of nobody or is the higher toll of the same event."""
    (item, harm), (other, known) = less, more
    apart = item.source != other.source and known.low and (not harm.low or harm.low > known.low)
    if not apart or not _is_same_time(item.text, other.text):
        return None
    if not _is_same_event(item, [other, *openings[other.source]]):
        return None
    return OpposedStatements(item, other, harm.words, known.words, counted=True)


def _can_be_headline(statement: Statement) -> bool:
    return statement.annotations.get(can_be_headline, statement.text, statement.language)


def _harm_counts_of(statement: Statement) -> tuple[HarmCount, ...]:
    return statement.annotations.get(harm_counts, statement.text)


def harm_counts(text: str) -> tuple[HarmCount, ...]:
    """How many a sentence says were killed or hurt.

    >>> [(h.kind, h.low) for h in harm_counts("Nobody was hurt, but a dog died in the fire.")]
    [('hurt', 0)]
    >>> [(h.kind, h.low) for h in harm_counts("At least 12 people were injured in the blaze.")]
    [('hurt', 12.0)]
    """
    found: list[HarmCount] = []
    for clause in split_clauses(text):
        part = text[clause.span.start : clause.span.end]
        nobody = _NOBODY.search(part)
        numbers = [q for q in find_quantities(part) if q.unit in ("", "person") and q.low >= 1]
        for kind, harming in _STEMS_BY_HARM.items():
            if not any(word.stem in harming for word in clause.words) or _FURTHER_HARM.search(part):
                continue
            if nobody:
                found.append(HarmCount(kind, 0, nobody[0]))
            elif numbers and not any(word.negated for word in clause.words):
                found.append(HarmCount(kind, numbers[0].low, numbers[0].text))
    return tuple(found)


def _is_same_time(one: str, other: str) -> bool:
    return bool(_OTHER_TIME.search(one)) == bool(_OTHER_TIME.search(other))


def _is_same_event(item: Statement, others: Iterable[Statement]) -> bool:
    """Whether what a sentence says beside the harm is told by the others too."""
    harm = _HARM_STEMS | _COUNTING
    wanted = [stem for stem in _core_stems(item) if stem not in harm and not stem[0].isdigit()]
    there = frozenset().union(*(other.stems for other in others))
    return sum(_is_matched(stem, there) for stem in wanted) >= MIN_SHARED_EVENT * len(wanted)


def _opposed_outcomes(said: Sequence[Statement]) -> Iterator[OpposedStatements]:
    for one, other in islice(_similar_sentences(said), MAX_OPPOSITE_PAIRS):
        if (
            one.source != other.source
            and _is_same_time(one.text, other.text)
            and (found := _excluding_words(one, other))
            and _can_be_headline(one)
            and _can_be_headline(other)
        ):
            yield OpposedStatements(one, other, *found, counted=False)


def _similar_sentences(said: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Each sentence that denies something or tells an outcome, with those that share at least two
    of its rarest stems."""
    df = Counter(stem for item in said for stem in item.stems)
    postings: dict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(said):
        for stem in item.stems:
            postings[stem].append(at)
    turning = [
        _negation_count(item) > 0
        or any(word.stem in _SIDES_BY_STEM for word in _content_words_of(item))
        for item in said
    ]
    for at, item in enumerate(said):
        if not turning[at]:
            continue
        keys = heapq.nsmallest(OPPOSITE_KEY_STEMS, item.stems, key=lambda stem: (df[stem], stem))
        shared = Counter(near for key in keys for near in postings[key][:MAX_SENTENCES_PER_STEM])
        for near in sorted(near for near, n in shared.items() if n > 1 and near != at):
            if near < at and turning[near]:  # held against each other before
                continue
            if dice(item.stems, said[near].stems) >= MIN_OPPOSITE_DICE:
                yield item, said[near]


def _excluding_words(one: Statement, other: Statement) -> tuple[str, str] | None:
    """The words that exclude each other, if all else is said of the same things."""
    ours, theirs = _content_words_of(one), _content_words_of(other)
    odd = (_negation_count(one) - _negation_count(other)) % 2 == 1
    for here, there in (_negated_pairs if odd else _opposed_pairs)(ours, theirs):
        left = _unmatched(ours, theirs, here, there), _unmatched(theirs, ours, there, here)
        if not min(map(len, left)) and max(map(len, left)) <= MAX_EXTRA_WORDS:
            return _format_word(here), _format_word(there)
    return None


def _format_word(word: Word) -> str:
    return f"not {word.form}" if word.negated else word.form


def _negation_count(statement: Statement) -> int:
    return statement.annotations.get(_count_negations, statement.text)


def _count_negations(text: str) -> int:
    return denials(folded_words(_respell_negation(text)))


def _respell_negation(text: str) -> str:
    """ "Didn ’ t" and "no-one" in one spelling, a vote as what it decides."""
    for pattern, word in _SPELLINGS:
        text = pattern.sub(word, text)
    return text


def _negated_pairs(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Words that one of them turns and the other does not."""
    there = {word.stem: word for word in theirs}
    for word in ours:
        if word.stem in there and there[word.stem].negated != word.negated:
            yield word, there[word.stem]


def _opposed_pairs(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """The two sides of an outcome, denied alike."""
    telling = ([word for word in each if word.stem in _SIDES_BY_STEM] for each in (ours, theirs))
    for here, there in product(*telling):
        left, right = _SIDES_BY_STEM[here.stem], _SIDES_BY_STEM[there.stem]
        if here.negated == there.negated and any(-n in right and n not in right for n in left):
            yield here, there


def _outcome_sides() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, (yes, no) in enumerate(_OPPOSITE_OUTCOMES.items(), 1):
        for side, sign in ((yes, number), (" ".join(no), -number)):
            for stem in stems(side):
                found.setdefault(stem, set()).add(sign)
    return {stem: frozenset(signs) for stem, signs in found.items()}


_SIDES_BY_STEM = _outcome_sides()
"""Stem -> its side of each outcome, plus or minus the number of the outcome."""


def _content_words_of(statement: Statement) -> tuple[Word, ...]:
    return statement.annotations.get(_event_words, statement.text)


def _event_words(text: str) -> tuple[Word, ...]:
    """The telling words of what happened: who says so, and what was before, left out."""
    kept = _ATTRIBUTION_OR_BACKGROUND.sub("", _respell_negation(text))
    return tuple(word for clause in split_clauses(kept) for word in clause.content)


def _core_stems(statement: Statement) -> list[str]:
    return [word.stem for word in _content_words_of(statement) if word.stem not in _LIGHT_STEMS]


def _unmatched(ours: Sequence[Word], theirs: Sequence[Word], here: Word, there: Word) -> set[str]:
    held = frozenset(word.stem for word in theirs if word is not there)
    counted = any(find_quantities(word.form) for word in theirs)  # else how many is only added
    return {
        word.stem
        for word in ours
        if word is not here and word.stem not in _LIGHT_STEMS and not _is_matched(word.stem, held)
        if counted or not find_quantities(word.form)
    }


def _is_matched(stem: str, there: Iterable[str]) -> bool:
    return stem in there or any(
        are_synonyms(stem, other) or _same_body(stem, other) for other in there
    )


def _same_body(one: str, other: str) -> bool:
    return one in _BODY_STEMS and other in _BODY_STEMS


_LIGHT_STEMS = frozenset(stems(" ".join(lexicon("en").light_words))) | frozenset(
    content_stems("Monday Tuesday Wednesday Thursday Friday")
)
_BODY_STEMS = frozenset(stems(_BODY_WORDS))


MIN_DICE: Mapping[FindingKind, float] = {"number": 0.5, "date": 0.6, "name": 0.6, "negation": 0.75}
"""Dice of the stems, the differing words aside, from which two sentences speak of one thing."""

MAX_COMPARED_PAIRS = 300
"""Pairs of sentences that are held against each other in one story, the most alike first."""

MAX_NAME_WORDS = 4
"""Words of a person's name; more are a headline in capitals."""

MAX_WORDINGS_PER_STEM_SET = 4
"""Wordings of one set of stems that are compared: they differ in function words, as in "not"."""

DAY_CONTEXT_CHARS = 30
"""Code points beside a day in which is told what was on it."""

ROUND_FIGURE_TOLERANCE = 0.1
"""How far a round figure may be from an exact one."""

FURTHER_STEMS = frozenset(stems(" ".join(lexicon("en").additional_words)))

COMPATIBLE_OPPOSITES = frozenset(stems("married divorced born died"))
"""What one can be and the opposite as well."""

_PLACE_CONTEXT = re.compile(r"\b(?:the|in|at|from|near|of the)\s+$", re.IGNORECASE)
_SPLIT_NEGATION = re.compile(r"(?<=[a-z]) ?n ?['’] ?t\b")
_NEGATED_BOUND = re.compile(r"\bno(?:t)? (fewer|less|more) than\b")
_UPDATE_MARKER = re.compile(
    rf"\b(?:{lexicon('en').update_words})\b",
    re.IGNORECASE,
)


class Contradiction(NamedTuple):
    """What each sentence has in the other's place. ``update``: ``second`` is the later word."""

    kind: FindingKind
    first: Statement
    second: Statement
    first_words: str
    second_words: str
    update: bool


def find_contradictions(
    said: Sequence[Statement], language: str, written: Mapping[str, date]
) -> Iterator[Contradiction]:
    """Those of one story, the most alike pairs first. ``written``: days of writing by source."""
    pairs = ((one, other) for one, other in _candidate_pairs(said) if one.source != other.source)
    shown: set[frozenset[str]] = set()
    for one, other in islice(pairs, MAX_COMPARED_PAIRS):
        if found := _single_contradiction(one, other, language, written):
            shown.add(frozenset((one.text, other.text)))
            yield found
    for each in find_opposites(said, language):
        if frozenset((each.one.text, each.other.text)) not in shown:
            yield _from_opposite(each, written)


def _from_opposite(found: OpposedStatements, written: Mapping[str, date]) -> Contradiction:
    """Sentences in other words, of which one excludes the other. Harm that grows is an update."""
    one, other, here, there, counted = found
    kind: FindingKind = "number" if counted else "negation"
    clash = Contradiction(kind, one, other, here, there, update=False)
    return _order_in_time(clash, written) if counted else clash


def _candidate_pairs(said: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Pairs of sentences in other words, by how alike they are; each wording once a source."""
    classes: dict[frozenset[str], list[Statement]] = defaultdict(list)
    for item in said:
        classes[item.stems].append(item)
    for members in classes.values():
        wordings = {tuple(folded_words(item.text)): item for item in members}
        yield from combinations(islice(wordings.values(), MAX_WORDINGS_PER_STEM_SET), 2)
    keys = list(classes)
    alike = sorted(similar_pairs(keys, min(MIN_DICE.values())), key=lambda pair: (-pair.dice, pair))
    for a, b, _ in alike:
        yield from islice(
            ((x, y) for x in classes[keys[a]] for y in classes[keys[b]] if x.source != y.source), 1
        )


def _single_contradiction(
    one: Statement, other: Statement, language: str, written: Mapping[str, date]
) -> Contradiction | None:
    """The one thing that either says otherwise, if nothing else differs."""
    here = _check_against(one, other, language, written)
    there = _check_against(other, one, language, written) if here else ()
    if len(here) != 1 or len(there) != 1 or here[0].kind != there[0].kind:
        return None
    kind = here[0].kind
    found = Contradiction(kind, one, other, here[0].words, there[0].words, update=False)
    if found.first_words.casefold() == found.second_words.casefold():  # "Monday", read on two days
        return None
    exact = one.source in written and other.source in written
    if _rest_dice(found) < MIN_DICE[kind] or not CONFIRM_BY_KIND[kind](found, exact):
        return None
    return _order_in_time(found, written) if kind == "number" else found


def _check_against(
    one: Statement, other: Statement, language: str, written: Mapping[str, date]
) -> tuple[Issue, ...]:
    claim = Claim(_respelled(one.text), language, written.get(one.source), one.annotations)
    passage = Passage(
        _respelled(other.text), language, written.get(other.source), other.annotations
    )
    found = find_issues(claim, [passage], only=("numbers", "dates", "names", "changes"))
    return tuple(issue for issue in found if issue.kind in MIN_DICE)


def _respelled(text: str) -> str:
    """ "No fewer than" denies nothing; "did n ’ t" denies."""
    text = _SPLIT_NEGATION.sub("n't", text)
    return _NEGATED_BOUND.sub(lambda found: "at most" if found[1] == "more" else "at least", text)


def _have_equal_neighbour(one: str, other: str, ours: str, theirs: str) -> bool:
    """Whether the word before them or the one behind is the same."""
    (before, behind), (earlier, later) = _neighbours(one, ours), _neighbours(other, theirs)
    return before == earlier != "" or behind == later != ""


def _neighbours(text: str, part: str) -> tuple[str, str]:
    before, _, behind = text.partition(part)
    return "".join(folded_words(before)[-1:]), "".join(folded_words(behind)[:1])


def _share_day_context(one: str, other: str, ours: str, theirs: str) -> bool:
    """Whether a telling word near one day is near the other: founded in 1900, sold in 1914."""
    near = [
        frozenset(content_stems(f"{before[-DAY_CONTEXT_CHARS:]} {behind[:DAY_CONTEXT_CHARS]}"))
        for before, _, behind in (one.partition(ours), other.partition(theirs))
    ]
    return not near[0].isdisjoint(near[1])


def _rest_dice(found: Contradiction) -> float:
    ours, theirs = found.first.stems, found.second.stems
    if found.kind == "negation":
        return dice(ours, theirs)
    return dice(ours - set(stems(found.first_words)), theirs - set(stems(found.second_words)))


def _same_count(found: Contradiction, _exact: bool) -> bool:
    """Whether the one number on each side that the other lacks counts the same thing."""
    one, other = found.first.text, found.second.text
    ours, theirs = quantities_in(found.first), quantities_in(found.second)
    left = [
        q for q in ours if not any(quantity_matches(q, t) or quantity_matches(t, q) for t in theirs)
    ]
    right = [
        q for q in theirs if not any(quantity_matches(q, t) or quantity_matches(t, q) for t in ours)
    ]
    if len(left) != 1 or len(right) != 1 or left[0].unit != right[0].unit:
        return False
    if _is_rounded(left[0], right[0]):
        return False
    if _differ_in_harm(_harm_counts_of(found.first), _harm_counts_of(found.second)):
        return False
    if left[0].unit == "ordinal":  # the second time and the third are two times
        return False
    if _counted_stems(one, left[0].span.end) & _counted_stems(other, right[0].span.end):
        return True
    return left[0].unit != "" and _have_equal_neighbour(one, other, left[0].text, right[0].text)


def _is_rounded(one: Quantity, other: Quantity) -> bool:
    """Whether one is a round figure that may stand for the other: "some fifty", "at least 46"."""
    slack = ROUND_FIGURE_TOLERANCE * max(abs(one.high), abs(other.high))
    return (one.approx or other.approx) and abs(one.high - other.high) <= slack


def _differ_in_harm(ours: Sequence[HarmCount], theirs: Sequence[HarmCount]) -> bool:
    """Whether one counts the dead and the other the injured."""
    return bool(ours and theirs) and not {h.kind for h in ours} & {h.kind for h in theirs}


def _same_calendar(found: Contradiction, exact: bool) -> bool:
    """Whether the days can be compared: both days of writing are known, or neither matters."""
    one, other = found.first.text, found.second.text
    if not _have_equal_neighbour(one, other, found.first_words, found.second_words):
        return False
    if not _share_day_context(one, other, found.first_words, found.second_words):
        return False
    parts = [
        [_parts(each) for each in find_dates(text)]
        for text in (found.first_words, found.second_words)
    ]
    return exact or (len(parts[0]) == 1 and parts[0] == parts[1] and not parts[0][0][-1])


def _parts(mention: DateMention) -> tuple[bool, ...]:
    """Which parts a date has; the last: that it is counted from its day of writing."""
    _, _, year, month, day, _, weekday, quarter, _, _, relative = mention
    return (
        *(part is not None for part in (year, month, day, weekday, quarter)),
        relative is not None,
    )


def _two_persons(found: Contradiction, _exact: bool) -> bool:
    """Whether both are full names of which neither can be a part of the other, in one place. A
    place, an outlet or a product may well be called by two names."""
    ours, theirs = found.first_words, found.second_words
    if _PLACE_CONTEXT.search(found.first.text.partition(ours)[0]):
        return False
    if any(
        is_country(name) or is_institution(name)
        for text in (ours, theirs)
        for name in find_names(text)
    ):
        return False
    one, other = set(folded_words(ours)), set(folded_words(theirs))
    if any(is_common_stem(stems(name)[-1]) for name in (ours, theirs)):
        return False
    apart = (
        min(len(one - other), len(other - one)) > 1 and max(len(one), len(other)) <= MAX_NAME_WORDS
    )
    return apart and _have_equal_neighbour(found.first.text, found.second.text, ours, theirs)


def _one_denial(found: Contradiction, _exact: bool) -> bool:
    """Whether one of them denies once more than the other, or opposite words stand there."""
    here, there = (denials(folded_words(text)) for text in (found.first_words, found.second_words))
    if not here and not there:
        return not ({*stems(found.first_words), *stems(found.second_words)} <= COMPATIBLE_OPPOSITES)
    ours, theirs = (denials(folded_words(_respelled(s.text))) for s in (found.first, found.second))
    return (ours - theirs) % 2 == 1


CONFIRM_BY_KIND: Mapping[FindingKind, Callable[[Contradiction, bool], bool]] = {
    "number": _same_count, "date": _same_calendar, "name": _two_persons, "negation": _one_denial,
}  # fmt: skip
"""What must hold beside, by kind; told with it: whether both days of writing are known."""


def _counted_stems(text: str, end: int) -> set[str]:
    """The words right behind a number: what it counts. "Two other victims" counts on."""
    behind = stems(text[end : end + 40])[:2]
    return set() if FURTHER_STEMS.intersection(behind) else set(behind)


def _order_in_time(found: Contradiction, written: Mapping[str, date]) -> Contradiction:
    """The later figure behind the earlier one: told on a later day, or as what has become."""
    first, second = (written.get(item.source) for item in (found.first, found.second))
    if first and second and first != second:
        return _as_update(found, later=second > first)
    since = [bool(_UPDATE_MARKER.search(item.text)) for item in (found.first, found.second)]
    return _as_update(found, later=since[1]) if since[0] != since[1] else found


def _as_update(found: Contradiction, *, later: bool) -> Contradiction:
    kind, one, other, here, there, _ = found
    if later:
        return found._replace(update=True)
    return Contradiction(kind, other, one, there, here, update=True)
