"""All stories written concurrently: each step starts as soon as its input is complete.

    sources | request facts [model] | write the story [model] | check its drafts [model] | collect

Model calls wait in the pool. Other work is done by the caller, story by story in order, so that the
result does not depend on which answer arrives first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from summarizer.briefing import Activity, Finding
from summarizer.errors import ModelError, ModelUnavailable
from summarizer.retrieval.corpus import ProgressTracker
from summarizer.writing.abstractive import AbstractiveResult, draft_abstractive_story
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

__all__ = ["write_stories"]


def write_stories(
    scenes: Sequence[StoryContext], chain: Chain, focus: str, track: ProgressTracker
) -> list[StoryDraft]:
    """The stories as the model tells them. What it fails to tell, the model-free writer tells.

    Raises ModelError when the model cannot be used at all.
    """
    watch = _ModelWatch()
    read = watch.usable(_gather_facts(scenes, chain, focus, track))
    written = watch.usable(_draft_stories(read, chain, focus))
    begun = [
        (story, _start_checks(story, chain))
        for _, part in zip(track("Writing stories", scenes), written, strict=True)
        for story in [_start_story(part, chain.name)]
    ]
    checked = track("Checking sentences", begun)
    return _finished_stories([_finish_story(story, results) for story, results in checked])


@dataclass(slots=True)
class _StoryProgress:
    """A scene on its way: as it is written, and all that was found and done for it so far."""

    scene: StoryContext
    written: UncheckedStory | None
    writer: str
    told: StoryDraft | None = None
    findings: list[Finding] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    def note(self, *steps: SourceFacts | AbstractiveResult | CheckedDrafts | StoryDraft) -> None:
        """Takes down what steps found and did."""
        for step in steps:
            self.findings.extend(step.findings)
            self.activities.extend(step.activities)


class _StoryPart(NamedTuple):
    """A story as far as the model was asked about it."""

    scene: StoryContext
    gathered: Sequence[SourceFacts]
    narrated: AbstractiveResult | None = None

    def steps(self) -> Sequence[SourceFacts | AbstractiveResult]:
        """What was asked last."""
        return self.gathered if self.narrated is None else [self.narrated]


class _ModelWatch:
    """Knows whether the model has ever answered."""

    def __init__(self) -> None:
        self._answered = False
        self._error: ModelError | None = None

    def usable(self, parts: Iterable[_StoryPart]) -> Iterator[_StoryPart]:
        """The parts as they come; held back while the model has failed and given no answer that was
        not known. Raises its first error when that is so to the end."""
        held: list[_StoryPart] = []
        for part in parts:
            held.append(part)
            self._note(part)
            if self._answered or not self._error:
                yield from held
                held.clear()
        if self._error and not self._answered:
            raise self._error
        yield from held

    def _note(self, part: _StoryPart) -> None:
        for step in part.steps():
            self._answered |= any(not activity.cached for activity in step.activities)
            if step.error and _is_unusable(step.error):
                self._error = self._error or step.error


def _is_unusable(error: ModelError) -> bool:
    """Whether it says something of the model, and nothing of what it was asked."""
    return type(error) in (ModelError, ModelUnavailable)


def _gather_facts(
    scenes: Sequence[StoryContext], chain: Chain, focus: str, track: ProgressTracker
) -> Iterator[_StoryPart]:
    """Each story with the facts of its sources, checked; a pool asks for all of them at once."""
    sources = [
        FactSource(scene.articles[name], said)
        for scene in scenes
        for name, said in scene.story_evidence.statements.items()
    ]
    asked = chain.map(lambda source: request_facts(source, chain, focus), sources)
    _precompute(scenes)
    answers = zip(track("Reading sources", sources), asked, strict=True)
    for scene in scenes:
        own = (next(answers) for _ in scene.story_evidence.statements)
        yield _StoryPart(scene, [check_facts(source, each, scene.checker) for source, each in own])
    next(answers, None)  # tells the watcher that it was the last


def _precompute(scenes: Sequence[StoryContext]) -> None:
    """Finds what will be asked of the scenes, while the first answers are on their way."""
    for scene in scenes:
        _ = scene.checker, scene.candidates, scene.disagreements


def _draft_stories(read: Iterable[_StoryPart], chain: Chain, focus: str) -> Iterable[_StoryPart]:
    """Each story as the model tells it; a pool asks for it as soon as its facts are there."""

    def one(part: _StoryPart) -> _StoryPart:
        facts = [fact for each in part.gathered for fact in each.facts]
        told = (
            draft_abstractive_story(part.scene, facts, chain, focus)
            if facts
            else AbstractiveResult()
        )
        return part._replace(narrated=told.with_disagreements(part.scene.disagreements))

    return chain.map(one, read)


def _start_story(part: _StoryPart, writer: str) -> _StoryProgress:
    """What the model wrote, else the sources' own sentences and why."""
    told = part.narrated or AbstractiveResult()
    story = _StoryProgress(part.scene, told.story, writer)
    story.note(*part.gathered, told)
    if story.written is None:
        why = told.error.message if told.error else "its sources hold no fact"
        story.written = draft_extractive_story(part.scene)
        story.findings.append(_fallback_finding(story, why))
    return story


def _fallback_finding(story: _StoryProgress, why: str) -> Finding:
    return Finding(
        kind="model",
        action="replaced" if story.written else "dropped",
        text=story.written.headline.text if story.written else story.scene.traced_story.story.id,
        detail=f"not written by {story.writer}: {why}; the sources' own sentences stand in",
    )


def _start_checks(story: _StoryProgress, chain: Chain) -> Iterable[CheckedDrafts]:
    """What becomes of the drafts of the story; a pool begins at once."""
    written = [story.written] if story.written else []
    return chain.map(lambda each: check_story(story.scene, each, chain), written)


def _finish_story(story: _StoryProgress, checked: Iterable[CheckedDrafts]) -> _StoryProgress:
    """The story as it is told; the model-free one where nothing of the model's stood."""
    written = story.written
    if written is None:
        return story
    (drafts,) = checked
    story.note(drafts)
    told = collect_story(story.scene, written, drafts.sentences)
    if told is None and written.writer != EXTRACTIVE_WRITER:
        story.written = draft_extractive_story(story.scene)
        story.findings.append(_fallback_finding(story, "nothing of it stood its checks"))
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
