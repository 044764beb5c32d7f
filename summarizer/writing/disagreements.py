"""Where sources differ on one thing: shown with each side's own words, never averaged.

Three kinds, each as sure as it can be made, since a false alarm costs more than a miss: the
spelling of a name, the wording of a quotation, and a figure, date, name or the opposite in
otherwise like sentences.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from summarizer.checking.citations import DraftSentence
from summarizer.checking.claims import names_in, quotations_in
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.similarity import (
    COMPARED_QUOTE_DICE,
    TRANSLATED_QUOTE_DICE,
    UnionFind,
    similar_pairs,
)
from summarizer.text.aliases import is_country, is_institution, is_spelling_variant
from summarizer.text.names import find_names
from summarizer.text.quotes import are_variant_quotes, blank_quotations
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems
from summarizer.writing.candidates import StoryEvidence
from summarizer.writing.contradictions import find_contradictions

__all__ = ["DisagreementDraft", "find_disagreements", "rival_sentences", "withheld_texts"]

MIN_COMPARED_QUOTE_WORDS = 5
"""Words of a quotation below which another wording is another saying."""

MIN_FOCUS_RELEVANCE = 0.5
"""Relevance, beside the best passage's 1, from which a disagreement belongs to the focus."""

MAX_SIDES = 4

WORDING_TOPIC = "the wording of a quotation"

_TITLE_BEFORE_NAME = re.compile(r"(?:(?:[A-Z][\w.’']*|of|the|for|and)\s){1,7}$")

TOPIC_BY_KIND = {
    "number": "a figure",
    "date": "a date",
    "name": "a name",
    "negation": "what happened",
}
"""What a contradiction is about."""


class DisagreementDraft(NamedTuple):
    """What it is about, and one draft for each side, the most told first; of an update the latest
    last."""

    topic: str
    sides: tuple[DraftSentence, ...]
    update: bool = False


class _SourceWording(NamedTuple):
    """Words of one source, where they stand, and what they are compared by."""

    statement: Statement
    span: Span
    key: str

    @property
    def text(self) -> str:
        return self.statement.text[self.span.start : self.span.end]


def find_disagreements(telling: StoryEvidence) -> list[DisagreementDraft]:
    """The differences of one story, spellings first; with a focus, those that belong to it."""
    said = [item for held in telling.native_statements() for item in held]
    found = [
        *_spelling_disagreements(said),
        *_wording_disagreements(said),
        *_contradicting_statements(telling),
    ]
    relevance = telling.relevance
    return [each for each in found if _is_relevant(each, relevance)] if relevance else found


def withheld_texts(differences: Iterable[DisagreementDraft]) -> frozenset[str]:
    """Words that are told only where the sources are shown to differ: what a later one has updated,
    and the wordings of one quotation."""
    updated = {s.text for each in differences if each.update for s in each.sides[:-1]}
    return frozenset(
        updated | {s.text for d in differences if d.topic == WORDING_TOPIC for s in d.sides}
    )


def rival_sentences(differences: Iterable[DisagreementDraft]) -> Mapping[str, frozenset[str]]:
    """Sentence -> those that cannot be right beside it."""
    found: dict[str, frozenset[str]] = {}
    for each in differences:
        texts = frozenset(side.text for side in each.sides)
        found.update((text, found.get(text, frozenset()) | texts - {text}) for text in texts)
    return found


def _is_relevant(difference: DisagreementDraft, relevance: Mapping[str, float]) -> bool:
    """Whether one side of a difference stands in a passage that answers the focus well."""
    keys = (key for draft in difference.sides for key in draft.keys)
    return any(relevance.get(key, 0.0) >= MIN_FOCUS_RELEVANCE for key in keys)


def _spelling_disagreements(said: Sequence[Statement]) -> Iterator[DisagreementDraft]:
    """Two spellings of one name that no source uses both of."""
    uses: dict[str, list[_SourceWording]] = defaultdict(list)
    for item in said:
        for name in names_in(item):
            span = _span_with_title(item.text, name.span)
            uses[name.text.casefold()].append(_SourceWording(item, span, name.text))
    groups: UnionFind = UnionFind(len(uses))
    spelt = list(uses)
    for one, other in _similar_name_pairs(uses):
        if (
            is_spelling_variant(one, other)
            and _spelling_key(one) != _spelling_key(other)
            and not _source_ids(uses[one]) & _source_ids(uses[other])
        ):
            groups.union(spelt.index(one), spelt.index(other))
    shown: set[str] = set()
    for members in sorted(
        groups.groups(), key=lambda each: -max(len(spelt[n].split()) for n in each)
    ):
        if len(members) > 1 and not {spelt[at] for at in members} <= shown:
            shown.update(spelt[at].split()[-1] for at in members)
            sides = sorted((uses[spelt[at]] for at in members), key=_side_rank)
            told = " / ".join(side[0].key for side in sides[:MAX_SIDES])
            yield DisagreementDraft(f"the spelling of a name: {told}", _side_drafts(sides))


def _side_rank(uses: Sequence[_SourceWording]) -> tuple[int, str]:
    """The order of sides: those that more sources tell first."""
    return -len(_source_ids(uses)), uses[0].key


def _spelling_key(name: str) -> str:
    """One spelling for "Organization" and "Organisation", which no source disagrees about."""
    return name.replace("z", "s")


def _similar_name_pairs(found: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that can be spellings of one: a word in common, or beginning alike."""
    blocks: dict[str, set[str]] = defaultdict(set)
    for name in found:
        words = name.split()
        for key in words if len(words) > 1 else [name[:2]]:
            blocks[key].add(name)
    return sorted({pair for block in blocks.values() for pair in combinations(sorted(block), 2)})


def _span_with_title(text: str, name: Span) -> Span:
    """The name with the title before it."""
    before = _TITLE_BEFORE_NAME.search(text, 0, name.start)
    start = before.start() if before and before.end() == name.start else name.start
    while text[start : start + 1].islower():  # a title begins with a capital
        start = text.index(" ", start) + 1
    return Span(start, name.end)


def _wording_disagreements(said: Sequence[Statement]) -> Iterator[DisagreementDraft]:
    """One saying quoted in different words."""
    quoted = [
        _SourceWording(item, quotation.span, quotation.text.strip())
        for item in said
        for quotation in quotations_in(item)
        if len(quotation.text.split()) >= MIN_COMPARED_QUOTE_WORDS
    ]
    words = [frozenset(content_stems(item.key)) for item in quoted]
    groups = UnionFind(len(quoted))
    for a, b, alike in similar_pairs(words, COMPARED_QUOTE_DICE):
        if quoted[a].statement.source != quoted[b].statement.source and (
            are_variant_quotes(quoted[a].key, quoted[b].key)
            or (
                alike >= TRANSLATED_QUOTE_DICE
                and len(words[a] & words[b]) >= 4
                and _have_same_speaker(quoted[a], quoted[b])
            )
        ):
            groups.union(a, b)
    for members in groups.groups():
        versions: dict[str, list[_SourceWording]] = defaultdict(list)
        for at in members:
            versions[quoted[at].key].append(quoted[at])
        if len(versions) > 1:
            yield DisagreementDraft(WORDING_TOPIC, _side_drafts(list(versions.values())))


def _have_same_speaker(one: _SourceWording, other: _SourceWording) -> bool:
    """Whether both sentences name the same person outside their quotations."""
    return bool(_surnames(one.statement) & _surnames(other.statement))


def _surnames(statement: Statement) -> set[str]:
    unquoted = blank_quotations(statement.text)
    return {
        name.words[-1]
        for name in statement.annotations.get(find_names, unquoted)
        if not is_country(name) and not is_institution(name)
    }


def _contradicting_statements(telling: StoryEvidence) -> Iterator[DisagreementDraft]:
    """What one sentence says and a like one of another source says otherwise, once each."""
    said = [item for held in telling.native_statements() for item in held]
    shown: set[tuple[str, ...]] = set()
    for found in find_contradictions(said, telling.language, telling.exact_dates):
        words = tuple(sorted((found.first_words.casefold(), found.second_words.casefold())))
        if words in shown:
            continue
        shown.add(words)
        sides = [
            (_side_draft([_SourceWording(item, Span(0, len(item.text)), item.text)]))
            for item in (found.first, found.second)
        ]
        joint = ", then " if found.update else " / "
        about = f"{TOPIC_BY_KIND[found.kind]}: {found.first_words}{joint}{found.second_words}"
        yield DisagreementDraft(about, tuple(sides), found.update)


def _source_ids(uses: Iterable[_SourceWording]) -> set[str]:
    return {item.statement.source for item in uses}


def _side_drafts(versions: Sequence[Sequence[_SourceWording]]) -> tuple[DraftSentence, ...]:
    """One draft a version: the fullest wording, cited to every source that has it."""
    ranked = sorted(versions, key=_side_rank)
    return tuple(_side_draft(uses) for uses in ranked[:MAX_SIDES])


def _side_draft(uses: Sequence[_SourceWording]) -> DraftSentence:
    told = max(uses, key=lambda item: (len(item.text), item.text))
    by_source: Mapping[str, Statement] = {
        item.statement.source: item.statement for item in reversed(uses)
    }
    keys = [told.statement.chunk.id]
    keys += [s.chunk.id for source, s in by_source.items() if source != told.statement.source]
    return DraftSentence(told.text, tuple(dict.fromkeys(keys)), "extracted")
