"""A story as it was checked: what its drafts have become, and what stands in for what is gone.

A model's disagreement stays only if its sides rest on different sources; what it is called, only
if the cited words say so. Of a story of which nothing stands, nothing is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer.briefings import Activity, Finding
from summarizer.checking.examine import Examiner
from summarizer.checking.repair import Mended
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import Traced
from summarizer.retrieval.overlap import dice
from summarizer.text.tokens import content
from summarizer.writing.mending import Check, Checked, check, drafts
from summarizer.writing.scenes import EXTRACTIVE, Scene, Written, extract

__all__ = ["Differing", "Told", "retell", "tell"]

SAME = 0.7
"""Dice of the stems from which a mended sentence says what another one says already."""

DIFFERENT = "this"
"""What a disagreement is about whose own name for it no cited word carries."""

LONGEST = 8
"""Telling words of such a name."""

_PLAIN = frozenset(content("number figure amount date time place cause reason name spelling toll"))
"""Words that a name for a disagreement may have of its own."""


class Differing(NamedTuple):
    """A difference as it was checked, see `summarizer.writing.disagreements`."""

    about: str
    sides: Sequence[Mended]
    update: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One story as it was written and checked."""

    traced: Traced
    headline: Mended
    sentences: Sequence[Mended]
    disagreements: Sequence[Differing]
    findings: Sequence[Finding]
    examiner: Examiner
    able: Sequence[Statement]
    writer: str = EXTRACTIVE
    activities: Sequence[Activity] = ()

    def everything(self) -> Iterator[Mended]:
        """All that a reader sees, in reading order."""
        yield self.headline
        yield from self.sentences
        for differing in self.disagreements:
            yield from differing.sides


def tell(scene: Scene, written: Written, checked: Sequence[Checked]) -> Told | None:
    """The story of the checked drafts, in the order of `mending.drafts`, with the findings that
    arise from seeing them together.

    None when the headline did not stand, or nothing of what a model wrote.
    """
    findings: list[Finding] = []
    headline = checked[0].mended
    sentences = [each.mended for each in checked[1 : 1 + len(written.sentences)] if each.mended]
    sides = [each.mended for each in checked[1 + len(written.sentences) :]]
    by_model = written.writer != EXTRACTIVE
    if by_model:
        headline = headline or _own_headline(scene)
        sentences = list(_once(sentences, findings))
    if headline is None or (by_model and not sentences):
        return None
    return Told(
        scene.traced,
        headline,
        sentences,
        list(_disagreements(written, sides, findings)),
        findings,
        scene.examiner if by_model else scene.native,
        [item.statement for item in scene.able],
        written.writer,
    )


def retell(scene: Scene) -> Told | None:
    """The story in the sources' own sentences; None if none of them stands alone."""
    own = extract(scene)
    if own is None:
        return None
    checked = [check(Check(scene, own, draft)) for draft in drafts(own)]
    told = tell(scene, own, checked)
    return told and replace(
        told, findings=[*(found for each in checked for found in each.findings), *told.findings]
    )


def _own_headline(scene: Scene) -> Mended | None:
    """The headline that a source's own sentence makes."""
    own = extract(scene)
    if own is None:
        return None
    return check(Check(scene, replace(own, sentences=(), differences=()), own.headline)).mended


def _once(sentences: Sequence[Mended], findings: list[Finding]) -> Iterator[Mended]:
    """The sentences without those that say what an earlier one says."""
    told: list[frozenset[str]] = []
    for item in sentences:
        stems = frozenset(content(item.text))
        if any(dice(stems, other) >= SAME for other in told):
            detail = "says what another sentence of the story says"
            findings.append(
                Finding(kind="duplicate", action="dropped", text=item.text, detail=detail)
            )
            continue
        told.append(stems)
        yield item


def _disagreements(
    written: Written, checked: Sequence[Mended | None], findings: list[Finding]
) -> Iterator[Differing]:
    """Those of which at least two sides stand."""
    left = iter(checked)
    shown: list[Mended] = []
    for about, sides, update in written.differences:
        mended = [item for _ in sides if (item := next(left))]
        extracted = all(draft.method == "extracted" for draft in sides)
        if len(mended) < 2 or (not extracted and not _differ(mended, shown)):
            if not extracted:
                findings.extend(_no_difference(about, mended))
            continue
        shown.extend(mended)
        yield Differing(about if extracted else _named(about, mended), mended, update)


def _differ(sides: Sequence[Mended], shown: Sequence[Mended]) -> bool:
    """Whether the sides rest on different sources, and are not shown already."""
    owners = [{cited.chunk.source for cited in side.cited} for side in sides]
    apart = all(not a & b for n, a in enumerate(owners) for b in owners[:n])
    return apart and not any(_alike(side, other) for side in sides for other in shown)


def _alike(one: Mended, other: Mended) -> bool:
    return dice(frozenset(content(one.text)), frozenset(content(other.text))) >= SAME


def _no_difference(about: str, sides: Sequence[Mended]) -> Iterator[Finding]:
    for side in sides:
        detail = f"no disagreement of its own between different sources: {about}"
        yield Finding(kind="duplicate", action="dropped", text=side.text, detail=detail)


def _named(about: str, sides: Sequence[Mended]) -> str:
    """The model's name for it, if every telling word of it stands in what is cited."""
    cited = {stem for side in sides for item in side.cited for stem in content(item.quote)}
    wanted = content(about)
    carried = bool(wanted) and set(wanted) <= cited | _PLAIN
    return about if carried and len(wanted) <= LONGEST else DIFFERENT
