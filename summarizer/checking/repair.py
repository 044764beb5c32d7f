"""What may stay. A draft that its citations do not carry goes down the ladder, and says so:

supported                          -> kept as it is
carried by other held passages     -> recited
its source has a sentence for it   -> replaced
nothing carries it                 -> dropped
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from summarizer.briefings import Action, Finding, Method
from summarizer.checking.checks import Judgement
from summarizer.checking.corroborate import corroborate
from summarizer.checking.examine import Examiner
from summarizer.checking.resolve import Cited, Draft, covered, resolve, weights
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.tokens import content

__all__ = ["Mended", "mend"]

NEAR = 0.4
"""Share of the draft's weight that a source's own sentence must hold to stand in for it."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A sentence that its citations carry, the best first."""

    text: str
    method: Method
    cited: tuple[Cited, ...]
    judgement: Judgement


def mend(
    draft: Draft,
    evidence: EvidenceSet,
    examiner: Examiner,
    able: Callable[[str], bool],
) -> tuple[Mended | None, list[Finding]]:
    """The draft as it may be told, or None, and what was found and done.

    ``able``: whether a source's sentence may stand by itself.
    """
    cited, unknown = resolve(draft, evidence, examiner.language)
    findings = [
        _finding("unresolved", "kept", draft.text, f"no such key: {key}") for key in unknown
    ]
    judgement = examiner.judge(draft.text, cited) if cited else None
    if judgement and judgement.verdict in ("supported", "partly"):
        return _with_all(Mended(draft.text, draft.method, cited, judgement), examiner), findings
    mended, action = _recite(draft, examiner), "recited"
    if mended is None:
        mended, action = _replace(draft, cited, examiner, able), "replaced"
    taken: Action = action if mended else "dropped"  # type: ignore[assignment]
    return mended, _told(draft, unknown, judgement, taken)


def _told(
    draft: Draft, unknown: Sequence[str], judgement: Judgement | None, action: Action
) -> list[Finding]:
    """Each reason why the draft did not stay as it was, with what was done."""
    found = [_finding("unresolved", action, draft.text, f"no such key: {key}") for key in unknown]
    if judgement is None and not unknown:
        found.append(_finding("uncited", action, draft.text, "no citation"))
    if judgement:
        found += [_finding(p.kind, action, draft.text, p.detail) for p in judgement.problems]
        if not judgement.problems:
            detail = f"support {judgement.support:.2f}: {judgement.verdict}"
            found.append(_finding("support", action, draft.text, detail))
    return found


def _finding(kind: str, action: Action, text: str, detail: str) -> Finding:
    return Finding.model_validate({"kind": kind, "action": action, "text": text, "detail": detail})


def _with_all(mended: Mended, examiner: Examiner) -> Mended:
    """Cites every further source that says it too."""
    more = _carriers(mended.text, mended.cited, examiner)
    return Mended(mended.text, mended.method, (*mended.cited, *more), mended.judgement)


def _carriers(text: str, cited: Sequence[Cited], examiner: Examiner) -> list[Cited]:
    return corroborate(
        text, cited, examiner.said, lambda item: examiner.judge(text, [item]), examiner.language
    )


def _recite(draft: Draft, examiner: Examiner) -> Mended | None:
    """The same words, cited to the held passages that do carry them."""
    cited = tuple(_carriers(draft.text, (), examiner))
    if not cited:
        return None
    return Mended(draft.text, draft.method, cited, examiner.judge(draft.text, cited))


def _replace(
    draft: Draft, cited: Sequence[Cited], examiner: Examiner, able: Callable[[str], bool]
) -> Mended | None:
    """The cited sources' own sentence that says most of it."""
    wanted = weights(content(draft.text, examiner.language))
    held = [
        (covered(wanted, item.stems), item)
        for source in dict.fromkeys(item.chunk.source for item in cited)
        for item in examiner.said[source]
        if able(item.text)
    ]
    share, best = max(held, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or share < NEAR:
        return None
    own = Cited(best.chunk, best.span)
    judgement = examiner.judge(best.text, [own])
    if judgement.verdict != "supported":
        return None
    return _with_all(Mended(best.text, "replaced", (own,), judgement), examiner)
