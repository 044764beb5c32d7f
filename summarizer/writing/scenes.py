"""One story before it is written, and as it was drafted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, TypeVar

from summarizer.checking.examine import Examiner
from summarizer.checking.resolve import Draft
from summarizer.retrieval.corpus import Traced
from summarizer.retrieval.search import EvidenceSet
from summarizer.sources.articles import Article
from summarizer.text.entities import aliases
from summarizer.writing.candidates import Candidate, Telling, candidates
from summarizer.writing.disagreements import Difference, differ, rivals, withheld
from summarizer.writing.extractive import write

__all__ = ["EXTRACTIVE", "Scene", "Track", "Written", "extract"]

T = TypeVar("T")

EXTRACTIVE = "extractive"
"""The writer that needs no model."""


class Track(Protocol):
    """Name of a step and its items -> the same items, watched."""

    def __call__(self, step: str, items: Sequence[T], /) -> Iterable[T]: ...


@dataclass(frozen=True)
class Scene:
    """A story, the words it gets, and what it is told from. ``articles``: all that were read, by
    id; ``language``: the briefing's. Everything else is found when it is first asked for."""

    traced: Traced
    words: int
    telling: Telling
    articles: Mapping[str, Article]
    language: str

    @cached_property
    def examiner(self) -> Examiner:
        """Judges what is told in the briefing's language."""
        known = aliases(article.text for article in self.traced.story.articles)
        return Examiner(self.articles, self.telling.said, known, self.language)

    @cached_property
    def native(self) -> Examiner:
        """Judges what the sources say in their own words."""
        return replace(self.examiner, language=self.telling.language)

    @cached_property
    def differences(self) -> list[Difference]:
        """What the sources differ on, as far as no model is needed to see it."""
        return differ(self.telling)

    @cached_property
    def able(self) -> list[Candidate]:
        """The sources' sentences that stand alone."""
        return candidates(self.telling)

    @cached_property
    def evidence(self) -> EvidenceSet:
        """All that may be cited."""
        held = self.telling.said.values()
        return EvidenceSet(tuple(dict.fromkeys(item.chunk for said in held for item in said)))


@dataclass(frozen=True, slots=True)
class Written:
    """A story in drafts, nothing checked. ``evidence``: what its writer was shown."""

    headline: Draft
    sentences: Sequence[Draft]
    differences: Sequence[Difference]
    evidence: EvidenceSet
    writer: str = EXTRACTIVE


def extract(scene: Scene) -> Written | None:
    """The story in its sources' own sentences; None if none of them stands alone."""
    apart = withheld(scene.differences)
    able = [each for each in scene.able if not any(part in each.text for part in apart)]
    draft = write(scene.telling, able or scene.able, scene.words, rivals(scene.differences))
    return Written(*draft, scene.differences, scene.evidence) if draft else None
