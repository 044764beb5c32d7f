"""Wrong words: denied, turned into their opposite, misquoted, or added."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from summarizer.checking.claims import Passage
from summarizer.evaluation.mistakes.made import SAID_STILL, Corrupted, Maker, put
from summarizer.evaluation.mistakes.words import ANTONYMS, AUXILIARIES, DIRECTIONS, PAST
from summarizer.evaluation.samples import Library, Sample
from summarizer.text.quotes import quotations, stands_in
from summarizer.text.selectors import Span
from summarizer.text.sentence_ends import CLOSING, STOPS
from summarizer.text.tokens import content

__all__ = ["antonyms", "clauses", "directions", "negations", "quoted"]

_AUXILIARY = re.compile(
    rf"\b(?:{'|'.join(AUXILIARIES)})\b(?! (?:not|never|no)\b)(?=\s+[a-z])(?!['’])"
)
_DENIAL = re.compile(r"\b(?:not|never) ")
_PAST = re.compile(rf"(?<=\w )(?:{'|'.join(PAST)})\b(?=\s)")
_HELPED = re.compile(
    rf"\b(?:{'|'.join(AUXILIARIES)}|be|been|being|to|by|the|a|an|as|not|it|that|which|and)\s+$"
)
_RANGE = re.compile(r"\bfrom ([$€£]?\d[\d,.]*\S*) to ([$€£]?\d[\d,.]*\S*)")
_LONG_WORD = re.compile(r"\b[a-z]{5,}\b")
_CLAUSE_END = re.compile(rf"[{STOPS}][{CLOSING}]*$")
_PARTS = re.compile(r"[,;:]\s+|\s[–—]\s")


def _outside_quotes(text: str) -> Callable[[int], bool]:
    """Whether a place stands in no quotation: what is quoted has its own kind."""
    spans = [quotation.span for quotation in quotations(text)]
    return lambda at: not any(start <= at < end for start, end in spans)


def negations(sample: Sample, _library: Library) -> Iterator[Corrupted]:
    """What is affirmed is denied, and the other way round."""
    text = sample.claim.text
    free = _outside_quotes(text)
    for found in filter(lambda m: free(m.start()), _DENIAL.finditer(text)):
        yield Corrupted(text[: found.start()] + text[found.end() :], sample.passages)
    for found in filter(lambda m: free(m.start()), _AUXILIARY.finditer(text)):
        yield Corrupted(f"{text[: found.end()]} not{text[found.end() :]}", sample.passages)
    for found in filter(lambda m: free(m.start()), _PAST.finditer(text)):
        if not _HELPED.search(text[: found.start()]):
            yield put(sample, Span(*found.span()), f"did not {PAST[found[0]]}")


def _turned(table: Mapping[str, str]) -> Maker:
    """One word of a table replaced by its partner."""
    pattern = re.compile(rf"\b(?:{'|'.join(table)})\b(?!-)", re.IGNORECASE)

    def make(sample: Sample, _library: Library) -> Iterator[Corrupted]:
        free = _outside_quotes(sample.claim.text)
        for found in pattern.finditer(sample.claim.text):
            inside_name = found[0][0].isupper() and found.start() > 0
            if free(found.start()) and not inside_name:
                yield put(sample, Span(*found.span()), table[found[0].lower()])

    return make


antonyms = _turned(ANTONYMS)
_turn_direction = _turned(DIRECTIONS)


def directions(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """From here to there instead of from there to here; up for down."""
    text = sample.claim.text
    for found in _RANGE.finditer(text):
        swapped = f"from {found[2]} to {found[1]}"
        yield Corrupted(text[: found.start()] + swapped + text[found.end() :], sample.passages)
    yield from _turn_direction(sample, library)


def quoted(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """One word of a quotation replaced by a word of the same source."""
    text = sample.claim.text
    spare = _spare_words(sample, library)
    for quotation in quotations(text):
        words = list(_LONG_WORD.finditer(quotation.text))
        for found, other in zip(words, spare, strict=False):
            start, end = found.span()
            anew = quotation.text[:start] + other + quotation.text[end:]
            if not any(stands_in(anew, passage.text) for passage in sample.passages):
                yield put(
                    sample, Span(quotation.inner.start + start, quotation.inner.start + end), other
                )


def _spare_words(sample: Sample, library: Library) -> list[str]:
    """Words of the sources that neither the claim nor the cited words have."""
    taken = {stem for p in sample.passages for stem in content(p.text)}
    taken |= set(content(sample.claim.text))
    whole = (p.text for source in sample.sources for p in library.shelves[source].sentences)
    found = dict.fromkeys(word for text in whole for word in _LONG_WORD.findall(text))
    return [word for word in found if taken.isdisjoint(content(word)) and content(word)]


def clauses(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """A clause of another sentence hung on: what it tells is not in the cited words."""
    text = sample.claim.text
    end = _CLAUSE_END.search(text)
    body, close = (text[: end.start()], end[0]) if end else (text, "")
    if close not in ("", "."):
        return
    for shelf in library.shelves.values():
        for passage in shelf.sentences:
            for part in _PARTS.split(passage.text.rstrip(".")):
                if _hangs_on(part) and _is_new(part, sample.passages):
                    yield Corrupted(f"{body}, {part}{close}", sample.passages)


def _hangs_on(part: str) -> bool:
    """Whether this reads as a clause: a few words in lower case, no quotation torn apart."""
    return 5 <= len(part.split()) <= 14 and part[:1].islower() and not set(part) & set('"“”')


def _is_new(words: str, passages: Iterable[Passage]) -> bool:
    held = {stem for passage in passages for stem in content(passage.text)}
    wanted = set(content(words))
    return len(wanted) >= 3 and len(wanted & held) < SAID_STILL * len(wanted) - 0.5
