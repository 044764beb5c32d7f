"""Mistakes made on purpose in a sentence that its sources support, and their faithful twins.

A mistake changes the sentence or its citation; the cited passages do not support the result. A twin
changes the same kind of words and keeps the meaning, so the passages support it as before.

    kind        mistake                 twin
    bound       at most 40              40 or more          for "at least 40"
    hour        8 a.m.                  8 pm                for "8 p.m."
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from summarizer.checking.claims import Passage
from summarizer.evaluation.labels import SourceLibrary, SupportedSample
from summarizer.evaluation.rewrites import (
    exchanged_roles,
    faithful_rewrites,
    mistaken_rewrites,
    turned_voices,
)
from summarizer.text.aliases import is_country, is_institution, is_named_in, is_outlet, is_same_name
from summarizer.text.date_resolution import dates_compatible
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.lexicon import lexicon
from summarizer.text.names import Name, find_names
from summarizer.text.numbers import Quantity, find_quantities, quantity_matches
from summarizer.text.quotes import find_quotations, occurs_verbatim
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems

STILL_STATED_SHARE = 0.5
"""Share of a sentence's content words from which another passage may also state it: citing that
passage is then not certainly wrong."""

_ENGLISH = lexicon("en")
"""Its tables for swaps are independent of the thesaurus of the checks: measured with words that it
knows, a check would only find itself."""


class PerturbedSentence(NamedTuple):
    """The changed sentence, and the passages that it cites."""

    text: str
    passages: tuple[Passage, ...]


PerturbationMaker = Callable[[SupportedSample, SourceLibrary], Iterator[PerturbedSentence]]
"""Candidates of one kind, in no particular order."""


def replace_span(sample: SupportedSample, span: Span, words: str) -> PerturbedSentence:
    """The sentence with other words in place of a span; an initial capital is kept."""
    text = sample.claim.text
    if text[span.start : span.end][:1].isupper():
        words = words[:1].upper() + words[1:]
    return PerturbedSentence(text[: span.start] + words + text[span.end :], sample.passages)


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD_NUMBER = re.compile(rf"\b(?:{'|'.join(_ENGLISH.number_swaps)})\b", re.IGNORECASE)
_MAGNITUDE = re.compile(
    rf"(?<=[\d\s])(?:{'|'.join(_ENGLISH.magnitude_swaps)})\b|^(?:{'|'.join(_ENGLISH.magnitude_swaps)})\b"
)
_GROUPED_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+")


def _with_other_quantities(
    sample: SupportedSample, before: Quantity, span: Span, replacements: Iterable[str]
) -> Iterator[PerturbedSentence]:
    """Each replacement that makes a quantity which the cited passages do not give."""
    stated = [q for passage in sample.passages for q in find_quantities(passage.text)]
    for words in replacements:
        made = replace_span(sample, span, words)
        after = [q for q in find_quantities(made.text) if q.span.start == before.span.start]
        if (
            after
            and after[0][2:5] != before[2:5]
            and not any(quantity_matches(after[0], q) for q in stated)
        ):
            yield made


def wrong_numbers(sample: SupportedSample, _library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """Another figure, with another first digit, or another number word."""
    for quantity in find_quantities(sample.claim.text):
        if match := _FIGURE.search(quantity.text):
            others = [d + match[0][1:] for d in "123456789" if d != match[0][0]]
        elif match := _WORD_NUMBER.search(quantity.text):
            others = [word for word in _ENGLISH.number_swaps if word != match[0].lower()]
        else:
            continue
        span = _match_span(quantity.span.start, match)
        yield from _with_other_quantities(sample, quantity, span, others)


def _match_span(start: int, match: re.Match[str]) -> Span:
    return Span(start + match.start(), start + match.end())


def wrong_magnitudes(
    sample: SupportedSample, _library: SourceLibrary
) -> Iterator[PerturbedSentence]:
    """A thousand for a million, three zeros more or fewer, ten times as many."""
    for quantity in find_quantities(sample.claim.text):
        start, words = quantity.span.start, quantity.text
        if match := _MAGNITUDE.search(words):
            others, span = _ENGLISH.magnitude_swaps[match[0]], _match_span(start, match)
        elif match := _GROUPED_FIGURE.search(words):
            others, span = (match[0][:-4], f"{match[0]},000"), _match_span(start, match)
        elif words.isdecimal():
            others, span = (f"{words}0",), quantity.span
        else:
            continue
        yield from _with_other_quantities(sample, quantity, span, others)


def wrong_units(sample: SupportedSample, _library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """Percentage points for per cent, euros for dollars, days for hours."""
    for quantity in find_quantities(sample.claim.text):
        text = quantity.text.lower()
        for unit, others in _ENGLISH.unit_swaps.items():
            match = re.search(rf"\b{unit}\b" if unit.isalpha() else re.escape(unit), text)
            if match is None:
                continue
            # The first occurrence counts, even inside a longer word.
            start = quantity.span.start + text.find(unit)
            span = Span(start, start + len(unit))
            words = (f" {other}" if unit == "%" else other for other in others)
            yield from _with_other_quantities(sample, quantity, span, words)
            break


def wrong_dates(sample: SupportedSample, _library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """Another day, month, year or span than any that the cited passages give."""
    stated = [(date, passage) for passage in sample.passages for date in find_dates(passage.text)]
    for mention in find_dates(sample.claim.text):
        for words in _other_dates(mention):
            made = replace_span(sample, mention.span, words)
            after = [m for m in find_dates(made.text) if m.span.start == mention.span.start]
            if after and not any(
                dates_compatible(after[0], date, sample.claim.published, passage.published)
                for date, passage in stated
            ):
                yield made


def _other_dates(mention: DateMention) -> Iterator[str]:
    """The mention with another weekday, month, day, year or span."""
    text = mention.text
    if text.lower() in _ENGLISH.date_swaps:
        yield _ENGLISH.date_swaps[text.lower()]
    for family in (_ENGLISH.weekdays, _ENGLISH.months):
        names = [forms[0].title() for forms in family]
        for at, name in enumerate(names):
            if name in text:
                yield from (text.replace(name, names[at - step]) for step in (1, 3, 5))
    for found in re.finditer(r"\b\d{1,2}\b", text):
        day = int(found[0])
        for other in (day % 28 + 1, (day + 8) % 28 + 1):
            yield text[: found.start()] + str(other) + text[found.end() :]
    for found in re.finditer(r"\b(?:19|20)\d\d\b", text):
        for step in (-1, 2, -7):
            yield text[: found.start()] + str(int(found[0]) + step) + text[found.end() :]


_SAYS_AFTER = re.compile(
    r"(?:, [^,.;:\"“”]{1,60},)?\s+(?:also |has |had |later )?"
    rf"(?:{_ENGLISH.saying_verbs_for_swaps})\b"
)
_SAYS_BEFORE = re.compile(r"(?:\b[Aa]ccording to|[,”\"] said) (?:[\w'’.-]+ ){0,4}$")
_BETWEEN_EQUALS = re.compile(rf"\b(?:{_ENGLISH.words_between_equals})\b|^\W*$")


def names_of_same_source(
    sample: SupportedSample, library: SourceLibrary
) -> Iterator[PerturbedSentence]:
    """Another name of the same source."""
    for source in dict.fromkeys(sample.sources):
        for name in find_names(sample.claim.text):
            yield from _with_other_names(name, sample, library, library.sources[source].names)


def names_of_other_sources(
    sample: SupportedSample, library: SourceLibrary
) -> Iterator[PerturbedSentence]:
    """A name that only other sources have."""
    own = [n for source in sample.sources for n in library.sources[source].names]
    for source, texts in library.sources.items():
        if source not in sample.sources:
            strange = [n for n in texts.names if not is_named_in(n, own, library.aliases)]
            for name in find_names(sample.claim.text):
                yield from _with_other_names(name, sample, library, strange)


def _with_other_names(
    name: Name, sample: SupportedSample, library: SourceLibrary, others: Iterable[Name]
) -> Iterator[PerturbedSentence]:
    own = find_names(sample.claim.text)
    for other in others:
        if _are_same_kind(name, other) and not any(
            is_same_name(n, other, library.aliases) for n in own
        ):
            yield replace_span(sample, name.span, other.text)


def _are_same_kind(name: Name, other: Name) -> bool:
    """Whether one may replace the other: both are countries, institutions, or neither."""
    if is_outlet(name) or is_outlet(other):
        return False
    kinds = is_country(name), is_institution(name), len(name.words) > 1
    return kinds == (is_country(other), is_institution(other), len(other.words) > 1)


def wrong_speakers(sample: SupportedSample, library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """Another person of the same source says it."""
    text = sample.claim.text
    for name in find_names(text):
        if not (
            _SAYS_AFTER.match(text, name.span.end) or _SAYS_BEFORE.search(text[: name.span.start])
        ):
            continue
        for source in dict.fromkeys(sample.sources):
            yield from _with_other_names(name, sample, library, library.sources[source].names)


def swapped_names(sample: SupportedSample, library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """Two names exchanged, where the words between them say who did it to whom."""
    text = sample.claim.text
    for left, right in combinations(find_names(text), 2):
        between = text[left.span.end : right.span.start]
        if (
            not _are_same_kind(left, right)
            or is_same_name(left, right, library.aliases)
            or _BETWEEN_EQUALS.search(between)
            or not re.search(r"[a-z]{3}", between)
        ):
            continue
        swapped = text[: left.span.start] + right.text + between + left.text
        yield PerturbedSentence(swapped + text[right.span.end :], sample.passages)


_BASE_FORM_OF_PAST = {row[0]: row[1] for row in _ENGLISH.past_tenses}
_AUXILIARIES = "|".join(_ENGLISH.auxiliaries_for_swaps)
_AUXILIARY = re.compile(rf"\b(?:{_AUXILIARIES})\b(?! (?:not|never|no)\b)(?=\s+[a-z])(?!['’])")
_DENIAL = re.compile(r"\b(?:not|never) ")
_PAST_VERB = re.compile(rf"(?<=\w )(?:{'|'.join(_BASE_FORM_OF_PAST)})\b(?=\s)")
_NO_PAST_VERB_AFTER = re.compile(rf"\b(?:{_AUXILIARIES}|{_ENGLISH.words_before_no_past_verb})\s+$")
_FROM_TO = re.compile(r"\bfrom ([$€£]?\d[\d,.]*\S*) to ([$€£]?\d[\d,.]*\S*)")
_LONG_WORD = re.compile(r"\b[a-z]{5,}\b")
_CLAUSE_END = re.compile(rf"[{SENTENCE_TERMINALS}][{CLOSING_MARKS}]*$")
_CLAUSE_BREAK = re.compile(r"[,;:]\s+|\s[–—]\s")


def _unquoted(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches outside quotations, whose perturbations are a kind of their own."""
    spans = [quotation.span for quotation in find_quotations(text)]
    for match in pattern.finditer(text):
        if not any(start <= match.start() < end for start, end in spans):
            yield match


def flipped_negations(
    sample: SupportedSample, _library: SourceLibrary
) -> Iterator[PerturbedSentence]:
    """What is affirmed is denied, and the reverse."""
    text = sample.claim.text
    for found in _unquoted(_DENIAL, text):
        yield PerturbedSentence(text[: found.start()] + text[found.end() :], sample.passages)
    for found in _unquoted(_AUXILIARY, text):
        yield PerturbedSentence(f"{text[: found.end()]} not{text[found.end() :]}", sample.passages)
    for found in _unquoted(_PAST_VERB, text):
        if not _NO_PAST_VERB_AFTER.search(text[: found.start()]):
            base_form = _BASE_FORM_OF_PAST[found[0]]
            yield replace_span(sample, Span(*found.span()), f"did not {base_form}")


def _partner_replacer(pairs: Iterable[Sequence[str]]) -> PerturbationMaker:
    """A maker that replaces one word of a pair by the other; the first partner of a word counts."""
    partners: dict[str, str] = {}
    for one, other in pairs:
        partners.setdefault(one, other)
        partners.setdefault(other, one)
    pattern = re.compile(rf"\b(?:{'|'.join(partners)})\b(?!-)", re.IGNORECASE)

    def make(sample: SupportedSample, _library: SourceLibrary) -> Iterator[PerturbedSentence]:
        for found in _unquoted(pattern, sample.claim.text):
            inside_name = found[0][0].isupper() and found.start() > 0
            if not inside_name:
                yield replace_span(sample, Span(*found.span()), partners[found[0].lower()])

    return make


replaced_by_antonyms = _partner_replacer(_ENGLISH.antonym_swaps)
_replace_direction_words = _partner_replacer(_ENGLISH.direction_swaps)


def reversed_directions(
    sample: SupportedSample, library: SourceLibrary
) -> Iterator[PerturbedSentence]:
    """From here to there instead of from there to here; up for down."""
    text = sample.claim.text
    for found in _FROM_TO.finditer(text):
        yield replace_span(sample, Span(*found.span()), f"from {found[2]} to {found[1]}")
    yield from _replace_direction_words(sample, library)


def misquotations(sample: SupportedSample, library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """One word of a quotation replaced by a word that only the rest of the source has."""
    text = sample.claim.text
    taken = {stem for p in sample.passages for stem in content_stems(p.text)}
    taken |= set(content_stems(text))
    whole = (p.text for source in sample.sources for p in library.sources[source].sentences)
    words = dict.fromkeys(word for each in whole for word in _LONG_WORD.findall(each))
    spare = [word for word in words if (stems := content_stems(word)) and taken.isdisjoint(stems)]
    for quotation in find_quotations(text):
        for found, other in zip(_LONG_WORD.finditer(quotation.text), spare, strict=False):
            start, end = found.span()
            changed = quotation.text[:start] + other + quotation.text[end:]
            if not any(occurs_verbatim(changed, passage.text) for passage in sample.passages):
                yield replace_span(sample, _match_span(quotation.inner.start, found), other)


def added_clauses(sample: SupportedSample, library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """A clause of another sentence appended, which the cited passages do not state."""
    text = sample.claim.text
    end = _CLAUSE_END.search(text)
    body, close = (text[: end.start()], end[0]) if end else (text, "")
    if close not in ("", "."):
        return
    cited = {stem for passage in sample.passages for stem in content_stems(passage.text)}
    for source in library.sources.values():
        for passage in source.sentences:
            for part in _CLAUSE_BREAK.split(passage.text.rstrip(".")):
                stems = set(content_stems(part))
                unstated = len(stems & cited) < STILL_STATED_SHARE * len(stems) - 0.5
                # A few words in lower case, without half of a quotation.
                is_clause = 5 <= len(part.split()) <= 14 and part[:1].islower()
                if is_clause and not set(part) & set('"“”') and len(stems) >= 3 and unstated:
                    yield PerturbedSentence(f"{body}, {part}{close}", sample.passages)


def wrong_sources(sample: SupportedSample, library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """A passage of another source is cited."""
    for source, texts in library.sources.items():
        if source not in sample.sources:
            yield from _with_other_citation(sample, texts.sentences)


def wrong_passages(sample: SupportedSample, library: SourceLibrary) -> Iterator[PerturbedSentence]:
    """Another passage of the right source is cited."""
    for source in dict.fromkeys(sample.sources):
        yield from _with_other_citation(sample, library.sources[source].sentences)


def _with_other_citation(
    sample: SupportedSample, others: Iterable[Passage]
) -> Iterator[PerturbedSentence]:
    """The same words with a citation that does not support them."""
    wanted = set(content_stems(sample.claim.text))
    cited = [passage.text for passage in sample.passages]
    for passage in others:
        elsewhere = not any(passage.text in words or words in passage.text for words in cited)
        shared = len(wanted & set(content_stems(passage.text)))
        if elsewhere and wanted and shared < STILL_STATED_SHARE * len(wanted):
            yield PerturbedSentence(sample.claim.text, (passage,))


def _with_words(rewrite: Callable[[str], Iterator[str]]) -> PerturbationMaker:
    """A maker that changes the words and keeps the citation."""

    def make(sample: SupportedSample, _library: SourceLibrary) -> Iterator[PerturbedSentence]:
        for words in rewrite(sample.claim.text):
            yield PerturbedSentence(words, sample.passages)

    return make


PERTURBATIONS: Mapping[str, PerturbationMaker] = {
    "number": wrong_numbers,
    "magnitude": wrong_magnitudes,
    "unit": wrong_units,
    "date": wrong_dates,
    "name of the source": names_of_same_source,
    "name from elsewhere": names_of_other_sources,
    "negation": flipped_negations,
    "antonym": replaced_by_antonyms,
    "direction": reversed_directions,
    "speaker": wrong_speakers,
    "quoted word": misquotations,
    "swapped names": swapped_names,
    "added clause": added_clauses,
    "wrong citation": wrong_sources,
    "wrong passage": wrong_passages,
    **{
        kind: _with_words(partial(mistaken_rewrites, kind))
        for kind in ("hedge", "plan", "office", "scope", "bound", "cause", "order", "comparison")
    },
    "voice": _with_words(exchanged_roles),
    **{
        kind: _with_words(partial(mistaken_rewrites, kind))
        for kind in ("hour", "until or from", "exaggeration")
    },
}
"""The fifteen kinds that are made by code, and those that people and models make when they write
freely. "plan": also what was tried or refused, given as done."""

_TWINS: Mapping[str, PerturbationMaker] = {
    kind: _with_words(turned_voices if kind == "voice" else partial(faithful_rewrites, kind))
    for kind in PERTURBATIONS
}

_LANGUAGE_NEUTRAL = frozenset({"number", "date", "quoted word", "wrong citation", "wrong passage"})


def perturbation_candidates(
    sample: SupportedSample, library: SourceLibrary
) -> Iterator[tuple[str, Iterator[PerturbedSentence]]]:
    """Each kind with its candidates; kinds that change English words only in English sentences."""
    english = sample.claim.language in ("en", "und")
    for kind, make in PERTURBATIONS.items():
        if english or kind in _LANGUAGE_NEUTRAL:
            yield kind, (made for made in make(sample, library) if _is_real_change(made, sample))


def twin_candidates(
    sample: SupportedSample, library: SourceLibrary
) -> Iterator[tuple[str, Iterator[PerturbedSentence]]]:
    """Each kind with sentences of the same meaning, English ones only; most kinds have few."""
    if sample.claim.language in ("en", "und"):
        for kind, make in _TWINS.items():
            yield kind, (made for made in make(sample, library) if _is_real_change(made, sample))


def _is_real_change(made: PerturbedSentence, sample: SupportedSample) -> bool:
    """Whether the sentence or its citation changed, and no passage states the new sentence."""
    plain = re.escape(" ".join(made.text.split()).rstrip("."))
    # At the end of a longer sentence it may be half of what is said: "acting President Keller".
    stated = re.compile(rf"(?<!\w)(?<!\w ){plain}")
    said = any(stated.search(" ".join(passage.text.split())) for passage in made.passages)
    return not said and (made.text != sample.claim.text or made.passages != sample.passages)
