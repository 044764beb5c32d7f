"""Where sources differ on one thing, and where a later one updates an earlier one: each side in its
own words, never averaged. A false alarm costs more than a miss.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from summarizer.briefing import Finding
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
from summarizer.text.lexicon import lexicon
from summarizer.text.names import find_names
from summarizer.text.numbers import find_quantities
from summarizer.text.quotes import are_variant_quotes, blank_quotations
from summarizer.text.tokens import content_stems, folded_words
from summarizer.writing.candidates import StoryEvidence
from summarizer.writing.contradictions import Contradiction, find_contradictions
from summarizer.writing.retractions import Retraction, find_retractions
from summarizer.writing.stated_values import (
    StatedValue,
    ValueKind,
    ValuePlace,
    are_equal,
    retracted_span,
)

MAX_BLOCKS = 2
"""Disagreements and updates that one story shows."""

MIN_COMPARED_QUOTE_WORDS = 5
"""Words of a quotation below which another wording is another saying."""

MIN_FOCUS_RELEVANCE = 0.5
"""Relevance, beside the best passage's 1, from which a disagreement belongs to the focus."""

MAX_SIDES = 4

MAX_CHAIN = 20
"""Updates of one value that are put in order."""

RETRACTION_TOPIC = "what was reported"
WORDING_TOPIC = "the wording of a quotation"

TOPIC_BY_KIND: Mapping[ValueKind, str] = {
    "figure": "a figure",
    "date": "a date",
    "place": "a place",
    "outcome": "what happened",
    "deed": "what happened",
}
"""What a contradiction is about."""


class DisagreementDraft(NamedTuple):
    """What it is about, and one draft for each side; of an update the newest last.

    ``superseded``: the sentences that say what a newer one has replaced.
    """

    topic: str
    sides: tuple[DraftSentence, ...]
    update: bool = False
    superseded: frozenset[str] = frozenset()


def find_disagreements(telling: StoryEvidence) -> list[DisagreementDraft]:
    """The differences of one story that are shown: updates first, then the surest. With a focus,
    those that belong to it."""
    said = [item for held in telling.native_statements() for item in held]
    found = [
        *_value_disagreements(said, telling),
        *_retraction_drafts(said, telling),
        *_wording_disagreements(said),
    ]
    if telling.relevance:
        found = [
            each
            for each in found
            if any(
                telling.relevance.get(key, 0.0) >= MIN_FOCUS_RELEVANCE
                for side in each.sides
                for key in side.keys
            )
        ]
    found.sort(key=lambda each: not each.update)
    shown: list[DisagreementDraft] = []
    told: set[str] = set()
    for each in found:
        texts = {side.text for side in each.sides}
        if len(shown) < MAX_BLOCKS and texts.isdisjoint(told):
            shown.append(each)
            told |= texts
    return shown


def withheld_texts(differences: Iterable[DisagreementDraft]) -> frozenset[str]:
    """Words that are written only where the sources are shown to differ: what a newer report has
    replaced, and the wordings of one quotation."""
    found: set[str] = set()
    for each in differences:
        found |= each.superseded
        if each.topic == WORDING_TOPIC:
            found |= {side.text for side in each.sides}
    return frozenset(found)


def newest_sentences(differences: Iterable[DisagreementDraft]) -> Mapping[str, str]:
    """Sentence that is out of date -> the one that replaces it."""
    return {old: each.sides[-1].text for each in differences for old in each.superseded}


def rival_sentences(differences: Iterable[DisagreementDraft]) -> Mapping[str, frozenset[str]]:
    """Sentence -> those that cannot be right beside it."""
    found: dict[str, frozenset[str]] = {}
    for each in differences:
        texts = frozenset(side.text for side in each.sides)
        found.update((text, found.get(text, frozenset()) | texts - {text}) for text in texts)
    return found


def _value_disagreements(
    said: Sequence[Statement], telling: StoryEvidence
) -> Iterator[DisagreementDraft]:
    """Differing values, the surest first; all updates of one value are one."""
    found = find_contradictions(said, telling.published)
    chains = UnionFind(len(found))
    seen: dict[ValuePlace, int] = {}
    for at, each in enumerate(found):
        if each.update:
            for value in (each.first, each.second):
                chains.union(seen.setdefault(value.place, at), at)
    for members in chains.groups():
        group = [found[at] for at in members]
        first, second = group[0].first, group[0].second
        if group[0].update:
            yield _update_draft(group, said)
        else:
            topic = f"{TOPIC_BY_KIND[first.kind]}: {first.words} / {second.words}"
            yield DisagreementDraft(topic, (_side_of(first.statement), _side_of(second.statement)))


def _update_draft(group: Sequence[Contradiction], said: Sequence[Statement]) -> DisagreementDraft:
    """The values of a chain of updates, each once, the newest last."""
    values = {value.place: value for each in group for value in (each.first, each.second)}
    steps = dict.fromkeys(values, 0)
    for _ in range(min(len(group), MAX_CHAIN)):  # each pass reaches one update further
        before = dict(steps)
        for each in group:
            steps[each.second.place] = max(steps[each.second.place], steps[each.first.place] + 1)
        if steps == before:
            break
    chain: list[StatedValue] = []
    for place in sorted(values, key=lambda place: -steps[place]):
        if not any(are_equal(values[place], other) for other in chain):
            chain.insert(0, values[place])
    newest = chain[-1]
    shown = chain[-MAX_SIDES:]
    words = ", then ".join(value.words for value in shown)
    if newest.kind == "deed":
        words = newest.words
    # A correction that repeats the old value is replaced by the sentence with the new one.
    repeating = (
        item.text
        for item in said
        if item.source == newest.statement.source
        and item is not newest.statement
        and retracted_span(item.text)
    )
    old = (v.statement.text for v in values.values() if not are_equal(v, newest))
    return DisagreementDraft(
        f"{TOPIC_BY_KIND[newest.kind]}: {words}",
        tuple(_side_of(value.statement) for value in shown),
        update=True,
        superseded=frozenset((*old, *repeating)),
    )


def _retraction_drafts(
    said: Sequence[Statement], telling: StoryEvidence
) -> Iterator[DisagreementDraft]:
    """For each sentence that takes something back, what says that still, and itself."""
    by_new: dict[str, list[Retraction]] = defaultdict(list)
    for each in find_retractions(said, telling.published):
        by_new[each.new.text].append(each)
    for group in by_new.values():
        sides = (_side_of(group[0].old), _side_of(group[0].new))
        replaced = frozenset(each.old.text for each in group)
        yield DisagreementDraft(RETRACTION_TOPIC, sides, update=True, superseded=replaced)


def find_spellings(telling: StoryEvidence) -> list[Finding]:
    """For each source that spells a name as fewer sources do: its spelling, and the other one."""
    users: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for item in (item for held in telling.native_statements() for item in held):
        for name in names_in(item):
            users[name.text.casefold()].add(item.source)
            written.setdefault(name.text.casefold(), name.text)
    found: dict[tuple[str, str], Finding] = {}
    for one, other in _similar_name_pairs(users):
        if (
            users[one].isdisjoint(users[other])
            and _spelling_key(one) != _spelling_key(other)
            and is_spelling_variant(one, other)
        ):
            rare, usual = sorted((one, other), key=lambda name: (len(users[name]), name))
            for source in sorted(users[rare]):
                # The longest form alone: "Howard Rutnik", not "Rutnik" once more.
                key = source, rare.split()[-1]
                if key not in found or len(rare) > len(found[key].text):
                    found[key] = Finding(
                        kind="spelling",
                        action="kept",
                        text=written[rare],
                        detail=f"other sources write {written[usual]}",
                        source=source,
                    )
    return list(found.values())


def _spelling_key(name: str) -> str:
    """One spelling for "Organization" and "Organisation", which no source disagrees about."""
    return name.replace("z", "s")


def _similar_name_pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that can be spellings of one: a word in common, or beginning alike."""
    blocks: dict[str, set[str]] = defaultdict(set)
    for name in names:
        words = name.split()
        for key in words if len(words) > 1 else [name[:2]]:
            blocks[key].add(name)
    return sorted({pair for block in blocks.values() for pair in combinations(sorted(block), 2)})


def _wording_disagreements(said: Sequence[Statement]) -> Iterator[DisagreementDraft]:
    """One saying quoted in words that mean something else. What another translation or a shorter
    quotation makes of it is none."""
    quoted = [
        (item, quotation)
        for item in said
        for quotation in quotations_in(item)
        if len(quotation.text.split()) >= MIN_COMPARED_QUOTE_WORDS
    ]
    words = [frozenset(content_stems(quotation.text)) for _, quotation in quoted]
    groups = UnionFind(len(quoted))
    first_with: dict[frozenset[str], int] = {}
    same = [(first_with.setdefault(each, n), n, 1.0) for n, each in enumerate(words)]
    for a, b, alike in (*same, *similar_pairs(words, COMPARED_QUOTE_DICE)):
        (one, ours), (other, theirs) = quoted[a], quoted[b]
        translated = (
            alike >= TRANSLATED_QUOTE_DICE
            and len(words[a] & words[b]) >= 4
            and not _surnames(one).isdisjoint(_surnames(other))
        )
        if (
            one.source != other.source
            and (are_variant_quotes(ours.text, theirs.text) or translated)
            and _may_mean_otherwise(ours.text, theirs.text, one.language)
        ):
            groups.union(a, b)
    for members in groups.groups():
        versions: dict[str, dict[str, DraftSentence]] = defaultdict(dict)
        for item, quotation in (quoted[at] for at in members):
            marked = item.text[slice(*quotation.span)]
            side = DraftSentence(marked, (item.chunk.id,), "extracted")
            versions[quotation.text.strip()].setdefault(item.source, side)
        if len(versions) > 1:
            ranked = sorted(versions, key=lambda quote: (-len(versions[quote]), quote))
            sides = []
            for quote in ranked[:MAX_SIDES]:  # the longest, cited to the passages of all
                drafts = sorted(versions[quote].values(), key=lambda d: (-len(d.text), d.text))
                keys = dict.fromkeys(key for draft in drafts for key in draft.keys)
                sides.append(DraftSentence(drafts[0].text, tuple(keys), "extracted"))
            yield DisagreementDraft(WORDING_TOPIC, tuple(sides))


def _may_mean_otherwise(one: str, other: str, language: str) -> bool:
    """Whether two wordings have different figures, or one of them a negation."""
    figures = [{(q.low, q.unit) for q in find_quantities(each, language)} for each in (one, other)]
    if not (figures[0] <= figures[1] or figures[1] <= figures[0]):
        return True
    negations = lexicon(language).negations
    denied = [not negations.isdisjoint(folded_words(each)) for each in (one, other)]
    return denied[0] != denied[1]


def _surnames(statement: Statement) -> set[str]:
    """The last words of the names outside its quotations, but for countries and institutions."""
    unquoted = blank_quotations(statement.text)
    return {
        name.words[-1]
        for name in statement.annotations.get(find_names, unquoted)
        if not is_country(name) and not is_institution(name)
    }


def _side_of(statement: Statement) -> DraftSentence:
    return DraftSentence(statement.text, (statement.chunk.id,), "extracted")
