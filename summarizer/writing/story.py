"""One story before writing, as drafted, and after its drafts were checked.

A disagreement found by a model stays only if its sides rest on different sources; its name stays
only if the cited words contain it. A story of which no sentence passed is not written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from summarizer.briefing import Activity, Finding
from summarizer.checking.citations import DraftSentence
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.repair import CheckedSentence, repair_sentence, repair_sentences
from summarizer.checking.verdict import CitationChecker
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import Corpus, main_language
from summarizer.retrieval.search import EvidenceSet, citable_statements
from summarizer.retrieval.similarity import DUPLICATE_SENTENCE_DICE, dice
from summarizer.retrieval.stories import FocusedStories, TracedStory
from summarizer.sources.articles import Article
from summarizer.text.aliases import find_aliases
from summarizer.text.annotations import Annotations
from summarizer.text.languages import count_words, languages_differ
from summarizer.text.lexicon import lexicon
from summarizer.text.tokens import content_stems
from summarizer.writing.candidates import Candidate, StoryEvidence, whole_candidates
from summarizer.writing.disagreements import (
    DisagreementDraft,
    find_disagreements,
    find_spellings,
    newest_sentences,
    rival_sentences,
    withheld_texts,
)
from summarizer.writing.extractive import extractive_drafts
from summarizer.writing.standalone import is_standalone

if TYPE_CHECKING:
    from summarizer.writing.prompting import Chain

EXTRACTIVE_WRITER = "extractive"
"""The writer that needs no model."""


@dataclass(frozen=True)
class StoryContext:
    """A story, the words it gets, and what it is told from. ``articles``: all that were read, by
    id; ``language``: the briefing's. Everything else is found when it is first asked for."""

    traced_story: TracedStory
    words: int
    story_evidence: StoryEvidence
    articles: Mapping[str, Article]
    language: str
    annotations: Annotations
    entailment: EntailmentModel | None = None
    strict: bool = False
    listed: bool = False
    """Whether the headline opens the briefing too, in a list of all stories."""

    @cached_property
    def checker(self) -> CitationChecker:
        """Judges what is told in the briefing's language."""
        known = find_aliases(article.text for article in self.traced_story.story.articles)
        # What a newer report has replaced supports nothing.
        replaced = frozenset[str]().union(*(each.superseded for each in self.disagreements))
        statements = {
            source: [item for item in said if item.text not in replaced]
            for source, said in self.story_evidence.statements.items()
        }
        return CitationChecker(
            self.articles,
            statements,
            known,
            self.language,
            self.annotations,
            self.entailment,
            strict=self.strict,
        )

    @cached_property
    def native_checker(self) -> CitationChecker:
        """Judges what the sources say in their own words."""
        return replace(self.checker, language=self.story_evidence.language)

    @cached_property
    def disagreements(self) -> list[DisagreementDraft]:
        """What the sources differ on, as far as no model is needed to see it."""
        return find_disagreements(self.story_evidence)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The sources' whole sentences."""
        return whole_candidates(self.story_evidence)

    @cached_property
    def evidence_set(self) -> EvidenceSet:
        """All that may be cited."""
        held = self.story_evidence.statements.values()
        return EvidenceSet(tuple(dict.fromkeys(item.chunk for said in held for item in said)))


def story_context(
    traced: TracedStory,
    words: int,
    corpus: Corpus,
    focused: FocusedStories,
    language: str,
    entailment: EntailmentModel | None = None,
) -> StoryContext:
    """The context of one story of ``words`` words. ``language``: the briefing's; if it is empty,
    the main one of the story's articles. ``entailment`` reads what the rules leave open."""
    articles = traced.story.articles
    own = main_language(articles, corpus.articles.values())
    evidence = StoryEvidence(
        citable_statements(articles, corpus, traced.origins.origin_by_source, focused.relevance),
        traced.origins,
        own,
        tuple(a.title for a in articles if a.title),
        focused.relevance,
        focused.facts,
        focused.question,
        {a.id: a.exact_date for a in articles if a.exact_date},
        {a.id: a.published for a in articles if a.exact_date and a.published},
        frozenset(a.id for a in articles if languages_differ(own, a.language)),
    )
    return StoryContext(
        traced, words, evidence, corpus.articles, language or own, corpus.annotations, entailment
    )


@dataclass(frozen=True, slots=True)
class UncheckedStory:
    """A story in drafts, nothing checked. ``evidence``: what its writer was shown."""

    headline: DraftSentence
    sentences: Sequence[DraftSentence]
    disagreements: Sequence[DisagreementDraft]
    evidence: EvidenceSet
    writer: str = EXTRACTIVE_WRITER


def draft_extractive_story(scene: StoryContext) -> UncheckedStory | None:
    """The story in its sources' own sentences; None if none of them stands alone."""
    apart = withheld_texts(scene.disagreements)
    able = [each for each in scene.candidates if not any(part in each.text for part in apart)]
    blocks = sum(count_words(side.text) for each in scene.disagreements for side in each.sides)
    draft = extractive_drafts(
        scene.story_evidence,
        able or scene.candidates,
        max(scene.words - blocks, scene.words // 2),
        rival_sentences(scene.disagreements),
        newest=newest_sentences(scene.disagreements),
        listed=scene.listed,
    )
    return UncheckedStory(*draft, scene.disagreements, scene.evidence_set) if draft else None


class CheckedDrafts(NamedTuple):
    """What became of the drafts of a story, in their order: None where one was dropped."""

    sentences: Sequence[CheckedSentence | None]
    findings: Sequence[Finding] = ()
    activities: Sequence[Activity] = ()


def story_drafts(written: UncheckedStory) -> Iterator[DraftSentence]:
    """All drafts of a story: headline, sentences, sides."""
    yield written.headline
    yield from written.sentences
    for each in written.disagreements:
        yield from each.sides


def check_story(
    scene: StoryContext, written: UncheckedStory, chain: "Chain | None" = None
) -> CheckedDrafts:
    """The drafts of a story as they may be printed. What a source says itself is checked by the
    rules alone, and so is everything without a chain."""
    drafts = list(story_drafts(written))
    by_model = [at for at, draft in enumerate(drafts) if chain and draft.method != "extracted"]
    outcomes: dict[int, tuple[CheckedSentence | None, list[Finding]]] = {
        at: repair_sentence(draft, scene.evidence_set, scene.native_checker, is_standalone)
        for at, draft in enumerate(drafts)
        if at not in by_model
    }
    findings: Sequence[Finding] = ()
    activities: Sequence[Activity] = ()
    if chain and by_model:
        checked = check_with_model(
            [drafts[at] for at in by_model],
            scene.checker,
            scene.evidence_set,
            chain,
            shown=written.evidence,
        )
        outcomes |= zip(by_model, checked.outcomes, strict=True)
        findings, activities = checked.findings, checked.activities
    ordered = [outcomes[at] for at in range(len(drafts))]
    return CheckedDrafts(
        [sentence for sentence, _ in ordered],
        [*(found for _, own in ordered for found in own), *findings],
        activities,
    )


class ModelCheck(NamedTuple):
    """The outcome of each draft, and what the models were asked for all of them."""

    outcomes: Sequence[tuple[CheckedSentence | None, list[Finding]]]
    findings: Sequence[Finding]
    activities: Sequence[Activity]


def check_with_model(
    drafts: Sequence[DraftSentence],
    checker: CitationChecker,
    evidence: EvidenceSet,
    chain: "Chain",
    can_stand_alone: Callable[[str], bool] = is_standalone,
    shown: EvidenceSet | None = None,
) -> ModelCheck:
    """The drafts checked with the judge and the rewriter of ``chain``, which load only here.
    ``shown``: what their writer was shown, if not all evidence."""
    from summarizer.checking.judge import ModelJudge
    from summarizer.checking.prompt_passages import ArticlePassages
    from summarizer.writing.prompting import StoryRewriter, answer_activities

    passages = ArticlePassages(checker.statements)
    rewriter = StoryRewriter(chain, shown or evidence, passages, checker.language)
    judge = None
    if chain.judge:
        days = {name: article.exact_date for name, article in checker.articles.items()}
        notes = {name: f", written {day}" if day else "" for name, day in days.items()}
        prompts = chain.prompts
        judge = ModelJudge(
            chain.judge, chain.judge_name, prompts.judge, prompts.yes_no, passages, notes
        )
    outcomes = repair_sentences(
        drafts, evidence, checker, can_stand_alone, judge=judge, rewrite=rewriter
    )
    asked = [
        entry
        for answer, used in (judge.answers if judge else ())
        for entry in answer_activities(answer, used)
    ]
    return ModelCheck(outcomes, judge.findings if judge else (), [*rewriter.activities, *asked])


UNNAMED_TOPIC = "this"
"""What a disagreement is about whose own name for it no cited word carries."""

MAX_TOPIC_STEMS = 8
"""Telling words of such a name."""

_GENERIC_STEMS = frozenset(content_stems(" ".join(lexicon("en").generic_topic_words)))
"""Words that a name for a disagreement may have of its own."""


class CheckedDisagreement(NamedTuple):
    """A difference as it was checked, see `summarizer.writing.disagreements`."""

    topic: str
    sides: Sequence[CheckedSentence]
    update: bool


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """One story as it was written and checked."""

    traced_story: TracedStory
    headline: CheckedSentence
    sentences: Sequence[CheckedSentence]
    disagreements: Sequence[CheckedDisagreement]
    findings: Sequence[Finding]
    checker: CitationChecker
    statements: Sequence[Statement]
    writer: str = EXTRACTIVE_WRITER
    activities: Sequence[Activity] = ()

    def all_sentences(self) -> Iterator[CheckedSentence]:
        """All that a reader sees, in reading order."""
        yield self.headline
        yield from self.sentences
        for differing in self.disagreements:
            yield from differing.sides


@dataclass(frozen=True, slots=True)
class Synopsis:
    """The checked sentences over all stories, and what was found and done for them."""

    sentences: Sequence[CheckedSentence]
    checker: CitationChecker
    findings: Sequence[Finding] = ()
    activities: Sequence[Activity] = ()


def collect_story(
    scene: StoryContext, written: UncheckedStory, checked: Sequence[CheckedSentence | None]
) -> StoryDraft | None:
    """The story of the checked drafts, in the order of `story_drafts`, with the findings that
    arise from seeing them together.

    None when the headline did not stand, or nothing of what a model wrote.
    """
    findings = [*find_spellings(scene.story_evidence)]
    headline = checked[0]
    sentences = [each for each in checked[1 : 1 + len(written.sentences)] if each]
    sides = checked[1 + len(written.sentences) :]
    by_model = written.writer != EXTRACTIVE_WRITER
    if by_model:
        headline = headline or _extractive_headline(scene)
        sentences = list(_without_duplicates(sentences, findings))
    if headline is None or (by_model and not sentences):
        return None
    return StoryDraft(
        scene.traced_story,
        headline,
        sentences,
        list(_checked_disagreements(written, sides, findings)),
        findings,
        scene.checker if by_model else scene.native_checker,
        [item.statement for item in scene.candidates if item.stands_alone],
        written.writer,
    )


def write_extractive_story(scene: StoryContext) -> StoryDraft | None:
    """The story in the sources' own sentences; None if none of them stands alone."""
    own = draft_extractive_story(scene)
    if own is None:
        return None
    checked = check_story(scene, own)
    told = collect_story(scene, own, checked.sentences)
    return told and replace(told, findings=[*checked.findings, *told.findings])


def write_extractive_stories(stories: Sequence[StoryContext]) -> list[StoryDraft]:
    """The stories that could be written, the last one first: the words that it leaves go to those
    before it, of which more is reported."""
    drafts: list[StoryDraft] = []
    spare = 0
    for each in reversed(stories):
        spare += each.words
        words = max(spare, each.words // 2)  # blocks of disagreements may have taken too many
        if draft := write_extractive_story(replace(each, words=words)):
            drafts.append(draft)
            spare -= sum(count_words(item.text) for item in draft.all_sentences())
            spare -= each.listed * count_words(draft.headline.text)
    return drafts[::-1]


def _extractive_headline(scene: StoryContext) -> CheckedSentence | None:
    """The headline that a source's own sentence makes."""
    own = draft_extractive_story(scene)
    if own is None:
        return None
    return check_story(scene, replace(own, sentences=(), disagreements=())).sentences[0]


def _without_duplicates(
    sentences: Sequence[CheckedSentence], findings: list[Finding]
) -> Iterator[CheckedSentence]:
    """The sentences without those of which an earlier one has all content words. Being alike is no
    reason: a denial is like the accusation before it."""
    told: list[frozenset[str]] = []
    for item in sentences:
        stems = frozenset(content_stems(item.text))
        if any(stems <= other for other in told):
            detail = "says what another sentence of the story says"
            findings.append(
                Finding(kind="duplicate", action="dropped", text=item.text, detail=detail)
            )
            continue
        told.append(stems)
        yield item


def _checked_disagreements(
    written: UncheckedStory, checked: Sequence[CheckedSentence | None], findings: list[Finding]
) -> Iterator[CheckedDisagreement]:
    """Those of which at least two sides stand."""
    left = iter(checked)
    shown: list[CheckedSentence] = []
    for about, sides, update, _ in written.disagreements:
        mended = [item for _ in sides if (item := next(left))]
        extracted = all(draft.method == "extracted" for draft in sides)
        if len(mended) < 2 or (not extracted and not _is_new_disagreement(mended, shown)):
            if not extracted:
                findings.extend(_no_disagreement_findings(about, mended))
            continue
        shown.extend(mended)
        yield CheckedDisagreement(
            about if extracted else _topic_name(about, mended), mended, update
        )


def _is_new_disagreement(
    sides: Sequence[CheckedSentence], shown: Sequence[CheckedSentence]
) -> bool:
    """Whether the sides rest on different sources, and are not shown already."""
    owners = [{cited.chunk.source for cited in side.cited} for side in sides]
    apart = all(not a & b for n, a in enumerate(owners) for b in owners[:n])
    return apart and not any(_is_duplicate(side, other) for side in sides for other in shown)


def _is_duplicate(one: CheckedSentence, other: CheckedSentence) -> bool:
    return (
        dice(frozenset(content_stems(one.text)), frozenset(content_stems(other.text)))
        >= DUPLICATE_SENTENCE_DICE
    )


def _no_disagreement_findings(about: str, sides: Sequence[CheckedSentence]) -> Iterator[Finding]:
    for side in sides:
        detail = f"no disagreement of its own between different sources: {about}"
        yield Finding(kind="duplicate", action="dropped", text=side.text, detail=detail)


def _topic_name(about: str, sides: Sequence[CheckedSentence]) -> str:
    """The model's name for it, if every telling word of it stands in what is cited."""
    cited = {stem for side in sides for item in side.cited for stem in content_stems(item.quote)}
    wanted = content_stems(about)
    carried = bool(wanted) and set(wanted) <= cited | _GENERIC_STEMS
    return about if carried and len(wanted) <= MAX_TOPIC_STEMS else UNNAMED_TOPIC
