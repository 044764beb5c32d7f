"""All stories written concurrently: each step starts as soon as its input is complete.

    request facts [model] | write the story [model] | check its drafts [model] | collect

Facts are requested of a story that is too large for one call. Model calls wait in the pool. Other
work is done by the caller, story by story in order, so that the result does not depend on which
answer arrives first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from summarizer.briefing import Activity, Finding
from summarizer.errors import ModelError
from summarizer.models.middleware import FailFastModel
from summarizer.retrieval.corpus import ProgressTracker
from summarizer.writing.abstractive import (
    AbstractiveResult,
    draft_abstractive_story,
    fits_one_call,
)
from summarizer.writing.facts import FactSource, SourceFacts, check_facts, request_facts
from summarizer.writing.prompting import Chain
from summarizer.writing.story import (
    EXTRACTIVE_WRITER,
    CheckedDrafts,
    StoryContext,
    StoryDraft,
    UncheckedStory,
    check_story,
    collect_story,
    draft_extractive_story,
    write_extractive_story,
)


def write_stories(
    scenes: Sequence[StoryContext], chain: Chain, focus: str, track: ProgressTracker
) -> list[StoryDraft]:
    """The stories as the model writes them. What it fails to write is written without it, with an
    ``unwritten`` finding for each such story.

    Raises ModelError for the first of these where the chain requires the model.
    """
    chain = replace(chain, model=FailFastModel(chain.model))
    read = _gather_facts(scenes, chain, focus, track)
    written = _draft_stories(read, chain, focus)
    _precompute(scenes)
    begun = [
        (story, _start_checks(story, chain))
        for _, part in zip(track("Writing stories", scenes), written, strict=True)
        for story in [_start_story(part, chain)]
    ]
    checked = track("Checking sentences", begun)
    return _finished_stories([_finish_story(story, results, chain) for story, results in checked])


@dataclass(slots=True)
class _StoryProgress:
    """A scene on its way: as it is written, and all that was found and done for it so far."""

    scene: StoryContext
    written: UncheckedStory | None
    told: StoryDraft | None = None
    findings: list[Finding] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    def note(self, *steps: SourceFacts | AbstractiveResult | CheckedDrafts | StoryDraft) -> None:
        """Takes down what steps found and did."""
        for step in steps:
            self.findings.extend(step.findings)
            self.activities.extend(step.activities)

    def write_without_model(self, error: ModelError, chain: Chain) -> None:
        """Takes the sources' own sentences, and says why. Raises ``error`` where the chain requires
        the model."""
        if chain.required:
            raise error
        self.written = draft_extractive_story(self.scene)
        hint = f" ({error.hint})" if error.hint else ""
        self.findings.append(
            Finding(
                kind="unwritten",
                action="replaced" if self.written else "dropped",
                text=self.written.headline.text
                if self.written
                else self.scene.traced_story.story.id,
                detail=f"not written by {chain.name}: {error.message}{hint}",
            )
        )


class _StoryPart(NamedTuple):
    """A story as far as the model was asked about it."""

    scene: StoryContext
    gathered: Sequence[SourceFacts] = ()
    narrated: AbstractiveResult = AbstractiveResult()


def _gather_facts(
    scenes: Sequence[StoryContext], chain: Chain, focus: str, track: ProgressTracker
) -> Iterator[_StoryPart]:
    """Each story; one that is too large for one call with the facts of its sources, checked. A pool
    asks for all of them at once."""
    sources = [
        [
            FactSource(scene.articles[name], said)
            for name, said in scene.story_evidence.statements.items()
        ]
        if chain.read_first or not fits_one_call(scene)
        else []
        for scene in scenes
    ]
    every = [source for own in sources for source in own]
    asked = chain.map(lambda source: request_facts(source, chain, focus), every)
    if every:
        _precompute(scenes)
    answers = zip(track("Reading sources", every), asked, strict=True)
    for scene, own in zip(scenes, sources, strict=True):
        answered = (next(answers) for _ in own)
        yield _StoryPart(
            scene, [check_facts(source, each, scene.checker) for source, each in answered]
        )
    next(answers, None)  # tells the watcher that it was the last


def _precompute(scenes: Sequence[StoryContext]) -> None:
    """Finds what will be asked of the scenes, while the first answers are on their way."""
    for scene in scenes:
        _ = scene.checker, scene.candidates, scene.disagreements


def _draft_stories(read: Iterable[_StoryPart], chain: Chain, focus: str) -> Iterable[_StoryPart]:
    """Each story as the model tells it; a pool asks for it as soon as its facts are there."""

    def one(part: _StoryPart) -> _StoryPart:
        facts = [fact for each in part.gathered for fact in each.facts]
        return part._replace(narrated=draft_abstractive_story(part.scene, facts, chain, focus))

    return chain.map(one, read)


def _start_story(part: _StoryPart, chain: Chain) -> _StoryProgress:
    """What the model wrote, else the sources' own sentences and why."""
    told = part.narrated.with_disagreements(part.scene.disagreements)
    story = _StoryProgress(part.scene, told.story)
    story.note(*part.gathered, told)
    if story.written is None:
        story.write_without_model(told.error or ModelError("it gave no reply"), chain)
    return story


def _start_checks(story: _StoryProgress, chain: Chain) -> Iterable[CheckedDrafts]:
    """What becomes of the drafts of the story; a pool begins at once."""
    written = [story.written] if story.written else []
    return chain.map(lambda each: check_story(story.scene, each, chain), written)


def _finish_story(
    story: _StoryProgress, checked: Iterable[CheckedDrafts], chain: Chain
) -> _StoryProgress:
    """The story as it is told; the model-free one where nothing of the model's stood."""
    written = story.written
    if written is None:
        return story
    (drafts,) = checked
    story.note(drafts)
    told = collect_story(story.scene, written, drafts.sentences)
    if told is None and written.writer != EXTRACTIVE_WRITER:
        story.write_without_model(ModelError("nothing of it passed its checks"), chain)
        told = write_extractive_story(story.scene)
    if told:
        story.note(told)
    story.told = told
    return story


def _finished_stories(stories: Sequence[_StoryProgress]) -> list[StoryDraft]:
    """The stories that are told. What was found and done for the others goes with the last one."""
    shown = [story for story in stories if story.told]
    for story in stories:
        if story.told is None and shown:
            shown[-1].findings.extend(story.findings)
            shown[-1].activities.extend(story.activities)
    return [
        replace(story.told, findings=story.findings, activities=story.activities)
        for story in shown
        if story.told
    ]
