"""All stories together, stage by stage: each stage is one flat list, so that a pool is never idle
for the sake of one story, and never waits for itself.

    sources | gather facts [model] | write each story [model] | check each draft [model] | tell
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

from summarizer.briefings import Activity, Finding
from summarizer.errors import ModelError, ModelUnavailable
from summarizer.writing.abstractive import Narrated, narrate
from summarizer.writing.chain import Chain
from summarizer.writing.disagreements import differ
from summarizer.writing.facts import Gathered, Source, gather, verify
from summarizer.writing.mending import Check, Checked, check, drafts
from summarizer.writing.scenes import EXTRACTIVE, Scene, Track, Written, extract
from summarizer.writing.told import Told, retell, tell

__all__ = ["narrated"]

T = TypeVar("T")
R = TypeVar("R")


def narrated(scenes: Sequence[Scene], chain: Chain, focus: str, track: Track) -> list[Told]:
    """The stories as the model tells them. What it fails to tell, the model-free writer tells.

    Raises ModelError when the model cannot be used at all.
    """
    work = _Work(chain, track)
    gathered = _gather(scenes, work, focus)
    narratives = _write(scenes, gathered, work, focus)
    stories = [
        _story(*parts, chain.name) for parts in zip(scenes, gathered, narratives, strict=True)
    ]
    return _kept([_finish(story, found) for story, found in _checked(stories, work)])


@dataclass(slots=True)
class _Story:
    """A scene on its way: as it is written, and all that was found and done for it so far."""

    scene: Scene
    written: Written | None
    writer: str
    told: Told | None = None
    findings: list[Finding] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    def note(self, *steps: Gathered | Narrated | Checked | Told) -> None:
        """Takes down what steps found and did."""
        for step in steps:
            self.findings.extend(step.findings)
            self.activities.extend(step.activities)


class _Work:
    """Runs a stage, and knows whether the model has ever answered."""

    def __init__(self, chain: Chain, track: Track) -> None:
        self.chain = chain
        self._track = track
        self._answered = False

    def begin(
        self, step: str, function: Callable[[T], R], items: Sequence[T]
    ) -> Iterator[tuple[T, R]]:
        """Each item with its result, in the order of the items; a pool begins them all at once."""
        results = self.chain.map(function, items)
        return zip(self._track(step, items), results, strict=True)

    def require(self, steps: Sequence[Gathered] | Sequence[Narrated]) -> None:
        """Raises the first error if the model has answered nothing yet that was not known."""
        done = (activity for step in steps for activity in step.activities)
        self._answered = self._answered or any(not activity.cached for activity in done)
        errors = (step.error for step in steps if step.error)
        unusable = next((error for error in errors if _is_unusable(error)), None)
        if unusable and not self._answered:
            raise unusable


def _is_unusable(error: ModelError) -> bool:
    """Whether it says something of the model, and nothing of what it was asked."""
    return type(error) in (ModelError, ModelUnavailable)


def _gather(scenes: Sequence[Scene], work: _Work, focus: str) -> list[list[Gathered]]:
    """The facts of each story, source by source; one's are checked while others are asked for."""
    sources = [
        (n, Source(scene.examiner.articles[name], said, scene.examiner))
        for n, scene in enumerate(scenes)
        for name, said in scene.telling.said.items()
    ]
    asked = work.begin("Reading sources", lambda it: gather(it[1], work.chain, focus), sources)
    gathered = [verify(source, answers) for (_, source), answers in asked]
    work.require(gathered)
    by_story = groupby(zip(sources, gathered, strict=True), key=lambda pair: pair[0][0])
    return [[each for _, each in pairs] for _, pairs in by_story]


def _write(
    scenes: Sequence[Scene], gathered: Sequence[Sequence[Gathered]], work: _Work, focus: str
) -> list[Narrated]:
    """Each story as the model tells it, with the differences that need no model to be seen."""

    def one(item: tuple[Scene, Sequence[Gathered]]) -> Narrated:
        facts = [fact for each in item[1] for fact in each.facts]
        return narrate(item[0], facts, work.chain, focus) if facts else Narrated()

    asked = work.begin("Writing stories", one, list(zip(scenes, gathered, strict=True)))
    seen = [differ(scene.telling) for scene in scenes]  # while the answers are on their way
    narratives = [
        each.beside(differences) for differences, (_, each) in zip(seen, asked, strict=True)
    ]
    work.require(narratives)
    return narratives


def _story(scene: Scene, gathered: Sequence[Gathered], narrated: Narrated, writer: str) -> _Story:
    """What the model wrote, else the sources' own sentences and why."""
    story = _Story(scene, narrated.written, writer)
    story.note(*gathered, narrated)
    if story.written is None:
        why = narrated.error.message if narrated.error else "its sources hold no fact"
        story.written = extract(scene)
        story.findings.append(_instead(story, why))
    return story


def _instead(story: _Story, why: str) -> Finding:
    return Finding(
        kind="model",
        action="replaced" if story.written else "dropped",
        text=story.written.headline.text if story.written else story.scene.traced.story.id,
        detail=f"not written by {story.writer}: {why}; the sources' own sentences stand in",
    )


def _checked(stories: Sequence[_Story], work: _Work) -> Iterable[tuple[_Story, Sequence[Checked]]]:
    """Each story with what became of its drafts."""
    checks = [
        Check(story.scene, story.written, draft, work.chain)
        for story in stories
        if story.written
        for draft in drafts(story.written)
    ]
    results = work.begin("Checking sentences", check, checks)
    for story in stories:
        yield story, [next(results)[1] for _ in (drafts(story.written) if story.written else ())]


def _finish(story: _Story, checked: Sequence[Checked]) -> _Story:
    """The story as it is told; the model-free one where nothing of the model's stood."""
    written = story.written
    if written is None:
        return story
    story.note(*checked)
    told = tell(story.scene, written, checked)
    if told is None and written.writer != EXTRACTIVE:
        story.written = extract(story.scene)
        story.findings.append(_instead(story, "nothing of it stood its checks"))
        told = retell(story.scene)
    if told:
        story.note(told)
    story.told = told
    return story


def _kept(stories: Sequence[_Story]) -> list[Told]:
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
