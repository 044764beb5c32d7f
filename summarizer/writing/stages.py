"""All stories together. A step begins as soon as what it needs is there, and a pool is never idle
for the sake of one story:

    sources | gather facts [model] | write its story [model] | check each draft [model] | tell

The calls wait in the pool. What must be worked meanwhile is worked by whoever called, story by
story in their order, so that the outcome does not depend on which answer comes first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from summarizer.briefings import Activity, Finding
from summarizer.errors import ModelError, ModelUnavailable
from summarizer.writing.abstractive import Narrated, narrate
from summarizer.writing.chain import Chain
from summarizer.writing.facts import Gathered, Source, gather, verify
from summarizer.writing.mending import Check, Checked, check, drafts
from summarizer.writing.scenes import EXTRACTIVE, Scene, Track, Written, extract
from summarizer.writing.told import Told, retell, tell

__all__ = ["narrated"]


def narrated(scenes: Sequence[Scene], chain: Chain, focus: str, track: Track) -> list[Told]:
    """The stories as the model tells them. What it fails to tell, the model-free writer tells.

    Raises ModelError when the model cannot be used at all.
    """
    watch = _Watch()
    read = watch.usable(_read(scenes, chain, focus, track))
    written = watch.usable(_write(read, chain, focus))
    begun = [
        (story, _begin_checks(story, chain))
        for _, part in zip(track("Writing stories", scenes), written, strict=True)
        for story in [_story(part, chain.name)]
    ]
    checked = track("Checking sentences", begun)
    return _kept([_finish(story, list(results)) for story, results in checked])


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


class _Part(NamedTuple):
    """A story as far as the model was asked about it."""

    scene: Scene
    gathered: Sequence[Gathered]
    narrated: Narrated | None = None

    def steps(self) -> Sequence[Gathered | Narrated]:
        """What was asked last."""
        return self.gathered if self.narrated is None else [self.narrated]


class _Watch:
    """Knows whether the model has ever answered."""

    def __init__(self) -> None:
        self._answered = False
        self._error: ModelError | None = None

    def usable(self, parts: Iterable[_Part]) -> Iterator[_Part]:
        """The parts as they come; held back while the model has failed and given no answer that was
        not known. Raises its first error when that is so to the end."""
        held: list[_Part] = []
        for part in parts:
            held.append(part)
            self._note(part)
            if self._answered or not self._error:
                yield from held
                held.clear()
        if self._error and not self._answered:
            raise self._error
        yield from held

    def _note(self, part: _Part) -> None:
        for step in part.steps():
            self._answered |= any(not activity.cached for activity in step.activities)
            if step.error and _is_unusable(step.error):
                self._error = self._error or step.error


def _is_unusable(error: ModelError) -> bool:
    """Whether it says something of the model, and nothing of what it was asked."""
    return type(error) in (ModelError, ModelUnavailable)


def _read(scenes: Sequence[Scene], chain: Chain, focus: str, track: Track) -> Iterator[_Part]:
    """Each story with the facts of its sources, checked; a pool asks for all of them at once."""
    sources = [
        Source(scene.articles[name], said)
        for scene in scenes
        for name, said in scene.telling.said.items()
    ]
    asked = chain.map(lambda source: gather(source, chain, focus), sources)
    _look_ahead(scenes)
    answers = zip(track("Reading sources", sources), asked, strict=True)
    for scene in scenes:
        own = (next(answers) for _ in scene.telling.said)
        yield _Part(scene, [verify(source, each, scene.examiner) for source, each in own])
    next(answers, None)  # tells the watcher that it was the last


def _look_ahead(scenes: Sequence[Scene]) -> None:
    """Finds what will be asked of the scenes, while the first answers are on their way."""
    for scene in scenes:
        _ = scene.examiner, scene.able, scene.differences


def _write(read: Iterable[_Part], chain: Chain, focus: str) -> Iterable[_Part]:
    """Each story as the model tells it; a pool asks for it as soon as its facts are there."""

    def one(part: _Part) -> _Part:
        facts = [fact for each in part.gathered for fact in each.facts]
        told = narrate(part.scene, facts, chain, focus) if facts else Narrated()
        return part._replace(narrated=told.beside(part.scene.differences))

    return chain.map(one, read)


def _story(part: _Part, writer: str) -> _Story:
    """What the model wrote, else the sources' own sentences and why."""
    told = part.narrated or Narrated()
    story = _Story(part.scene, told.written, writer)
    story.note(*part.gathered, told)
    if story.written is None:
        why = told.error.message if told.error else "its sources hold no fact"
        story.written = extract(part.scene)
        story.findings.append(_instead(story, why))
    return story


def _instead(story: _Story, why: str) -> Finding:
    return Finding(
        kind="model",
        action="replaced" if story.written else "dropped",
        text=story.written.headline.text if story.written else story.scene.traced.story.id,
        detail=f"not written by {story.writer}: {why}; the sources' own sentences stand in",
    )


def _begin_checks(story: _Story, chain: Chain) -> Iterable[Checked]:
    """What becomes of each draft; a pool begins with all of them."""
    if story.written is None:
        return ()
    written = story.written
    return chain.map(
        check, [Check(story.scene, written, draft, chain) for draft in drafts(written)]
    )


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
