"""The result of checking a draft, sentence by sentence.

The JSON form is ``DraftAudit.model_dump(mode="json")``, schema ``summarizer/check/2``; its JSON
Schema is published as ``docs/check.schema.json``. Unlike a briefing's, a sentence here may be
without any citation. Offsets are code points, half-open: a sentence's in the draft, a citation's
in the snapshot of its source.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict, Field

from summarizer.briefing import (
    Citation,
    CitedChunk,
    FindingKind,
    FrozenValue,
    Share,
    Source,
    Verdict,
)


class AuditIssue(FrozenValue):
    """What a check found in a sentence: the words, and the nearest thing that the source says."""

    kind: FindingKind
    words: str
    detail: str


class AuditedSentence(FrozenValue):
    """``text`` is without its marks, ``line`` the number of the draft's line, from 1. ``citations``
    are of the passages that it was judged on, the nearest first; they carry it if it is supported.
    ``support`` is the probability of that by the method in ``checked_by``: ``rules``, ``nli:NAME``
    or ``judge:NAME``."""

    text: str
    line: int
    start: int
    end: int
    markers: tuple[str, ...]
    verdict: Verdict
    support: Share
    checked_by: str = "rules"
    issues: tuple[AuditIssue, ...]
    citations: tuple[Citation, ...]


class MarkerReference(FrozenValue):
    """What one mark stands for, and how that is known; ``source`` is None when it leads nowhere."""

    marker: str
    source: str | None
    resolved_by: Literal["draft_list", "address", "name", "source_order", "nothing"]
    detail: str = ""


class SkippedLine(FrozenValue):
    """A line or a sentence of the draft that was not judged. ``about_sources``: it says what the
    sources do not say; ``chat``: it speaks to whoever asked for the text."""

    reason: Literal["heading", "source_list", "code", "table", "about_sources", "chat"]
    text: str
    line: int


class DraftReport(FrozenValue):
    """The draft in numbers. ``citation_precision``: the share of its marks that lead to a source
    which carries the sentence, alone or with others; None without marks."""

    sentences: int
    supported: int
    unverified: int
    without_marker: int
    citation_recall: Share | None
    citation_precision: Share | None


class DraftAudit(FrozenValue):
    """One draft, whole in itself: every passage that it was judged on is inside."""

    schema_: Literal["summarizer/check/2"] = Field(alias="schema")
    draft: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    language: str
    notes: tuple[str, ...]
    sentences: tuple[AuditedSentence, ...]
    references: tuple[MarkerReference, ...]
    skipped: tuple[SkippedLine, ...]
    sources: tuple[Source, ...]
    chunks: tuple[CitedChunk, ...]
    report: DraftReport

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    def all_sentences(self) -> Iterator[AuditedSentence]:
        """Every sentence, in reading order."""
        yield from self.sentences
