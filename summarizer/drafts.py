"""A text that somebody wrote, sentence by sentence, as the checks judge it.

The JSON form is ``CheckedDraft.model_dump(mode="json")``, schema ``summarizer/check/1``; its JSON
Schema is published as ``docs/check.schema.json``. Unlike a briefing's, a sentence here may be
without any citation. Offsets are code points, half-open: a sentence's in the draft, a citation's
in the snapshot of its source.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from summarizer.briefings import Chunk, Citation, FindingKind, Source, Verdict

__all__ = ["CheckedDraft", "CheckedSentence", "Doubt", "DraftReport", "PassedOver", "Reference"]

Share = Annotated[float, Field(ge=0, le=1)]


class _Value(BaseModel):
    """Frozen, and nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Doubt(_Value):
    """What a check found in a sentence: the words, and the nearest thing that the source says."""

    kind: FindingKind
    words: str
    detail: str


class CheckedSentence(_Value):
    """``text`` is without its marks. ``citations`` are the passages that it was judged on, the
    nearest first; they carry it if it is supported."""

    text: str
    start: int
    end: int
    marks: tuple[str, ...]
    verdict: Verdict
    support: Share
    doubts: tuple[Doubt, ...]
    citations: tuple[Citation, ...]


class Reference(_Value):
    """What one mark stands for, and how that is known; ``source`` is None when it leads nowhere."""

    mark: str
    source: str | None
    by: Literal["the draft's list", "its address", "the order of the sources", "nothing"]
    detail: str = ""


class PassedOver(_Value):
    """A line of the draft that was not judged."""

    why: Literal["heading", "list of sources", "code", "table"]
    text: str


class DraftReport(_Value):
    """The draft in numbers. ``citation_precision``: the share of its marks that lead to a source
    which carries the sentence, alone or with others; None without marks."""

    sentences: int
    supported: int
    unmarked: int
    citation_recall: Share | None
    citation_precision: Share | None


class CheckedDraft(_Value):
    """One draft, whole in itself: every passage that it was judged on is inside."""

    schema_: Literal["summarizer/check/1"] = Field(alias="schema")
    draft: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    language: str
    notes: tuple[str, ...]
    sentences: tuple[CheckedSentence, ...]
    references: tuple[Reference, ...]
    passed_over: tuple[PassedOver, ...]
    sources: tuple[Source, ...]
    chunks: tuple[Chunk, ...]
    report: DraftReport

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    def told(self) -> Iterator[CheckedSentence]:
        """Every sentence, in reading order."""
        yield from self.sentences
