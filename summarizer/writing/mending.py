"""Every draft of a story checked, and what becomes of it: one draft by itself, in any order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from summarizer.briefings import Activity, Finding
from summarizer.checking.repair import Mended, mend
from summarizer.checking.resolve import Draft
from summarizer.writing.scenes import Scene, Written
from summarizer.writing.standalone import stands_alone

if TYPE_CHECKING:
    from summarizer.checking.judge import Review
    from summarizer.writing.chain import Chain

__all__ = ["Check", "Checked", "check", "drafts"]


@dataclass(frozen=True, slots=True)
class Check:
    """One draft to check. Without a chain no model is asked."""

    scene: Scene
    written: Written
    draft: Draft
    chain: "Chain | None" = None


class Checked(NamedTuple):
    """What became of a draft."""

    mended: Mended | None
    findings: tuple[Finding, ...]
    activities: tuple[Activity, ...] = ()


def drafts(written: Written) -> Iterator[Draft]:
    """All drafts of a story: headline, sentences, sides."""
    yield written.headline
    yield from written.sentences
    for _, sides, _ in written.differences:
        yield from sides


def check(item: Check) -> Checked:
    """The draft as it may be told. What a source says itself is judged by the checks alone."""
    scene = item.scene
    if item.chain is None or item.draft.method == "extracted":
        mended, findings = mend(item.draft, scene.evidence, scene.native, stands_alone)
        return Checked(mended, tuple(findings))
    return _with_model(item, item.chain)


def _with_model(item: Check, chain: "Chain") -> Checked:
    """What the model is asked for, and a judge if one is named, loads only here."""
    from summarizer.writing.chain import account
    from summarizer.writing.rewrite import Rewriter

    scene, shown = item.scene, item.written.evidence
    rewriter = Rewriter(chain, shown, scene.language)
    review = _review(chain)
    mended, findings = mend(
        item.draft,
        shown,
        scene.examiner,
        stands_alone,
        rewrite=rewriter,
        review=review,
    )
    if review is None:
        return Checked(mended, tuple(findings), tuple(rewriter.activities))
    asked = [entry for answer, used in review.answers for entry in account(answer, used)]
    return Checked(mended, (*findings, *review.findings), (*rewriter.activities, *asked))


def _review(chain: "Chain") -> "Review | None":
    if chain.judge is None:
        return None
    from summarizer.checking.judge import Review

    return Review(chain.judge, chain.judge_name, chain.prompts.judge)
