"""What may stay. A draft that its citations do not carry goes down the ladder, and says so:

supported                          -> kept as it is
carried by other held passages     -> recited
written anew once, and supported   -> rewritten, where a model writes
its source has a sentence for it   -> replaced
nothing carries it                 -> dropped
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from summarizer.briefings import Action, Finding, Method
from summarizer.checking.checks import Judgement
from summarizer.checking.citing import needed, widened
from summarizer.checking.closeness import FARTHEST, apart
from summarizer.checking.corroborate import corroborate
from summarizer.checking.examine import Examiner
from summarizer.checking.resolve import Cited, Draft, covered, resolve, weights
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.tokens import content

__all__ = ["Mended", "Reviewed", "Rewrite", "mend"]

NEAR = 0.4
"""Share of the draft's weight that a source's own sentence must hold to stand in for it."""

CLOSE = 0.15
"""Share of a model's sentence that a further source may leave unsaid and still be cited for it; of
a source's own sentence `FARTHEST`. Without a limit 42 of 112 further citations of 16 events of ECB+
lay beyond that; of every other of them, read one by one, 17 of 23 did not say it, and within it 2
of 33."""

STANDS = ("supported", "partly")

Rewrite = Callable[[Draft, Sequence[str], Sequence[Cited]], Draft | None]
"""A draft, what is wrong with it, and what it cites -> another draft, or None."""

Reviewed = Callable[[str, Sequence[Cited], Judgement], Judgement]
"""A second opinion: text, what it cites, what the checks say -> the judgement that counts."""


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
    *,
    rewrite: Rewrite | None = None,
    review: Reviewed | None = None,
) -> tuple[Mended | None, list[Finding]]:
    """The draft as it may be told, or None, and what was found and done.

    ``able``: whether a source's sentence may stand by itself.
    """
    if not draft.text.strip():
        return None, [_finding("hygiene", "dropped", draft.text, "an empty sentence")]
    ladder = _Ladder(evidence, examiner, able, rewrite, review)
    cited, unknown, judgement = ladder.place(draft)
    problems = _problems(unknown, judgement)
    action: Action = "kept"
    if judgement and judgement.verdict in STANDS:
        mended: Mended | None = Mended(draft.text, draft.method, cited, judgement)
        problems = problems[: len(unknown)]
    else:
        mended, action = ladder.climb(draft, cited, problems)
    findings = [_finding(kind, action, draft.text, detail) for kind, detail in problems]
    if mended is None:
        return None, findings
    needless, mended = ladder.complete(mended)
    return mended, [*findings, *needless]


def _problems(unknown: Sequence[str], judgement: Judgement | None) -> list[tuple[str, str]]:
    """Kind and detail of each reason why the draft does not stay as it was."""
    found = [("unresolved", f"no such key: {key}") for key in unknown]
    if judgement is None:
        return found or [("uncited", "no citation")]
    if not judgement.problems:
        return [*found, ("support", f"support {judgement.support:.2f}: {judgement.verdict}")]
    return [*found, *((problem.kind, problem.detail) for problem in judgement.problems)]


def _finding(kind: str, action: Action, text: str, detail: str) -> Finding:
    return Finding.model_validate({"kind": kind, "action": action, "text": text, "detail": detail})


@dataclass(frozen=True, slots=True)
class _Ladder:
    """The steps, bound to one story."""

    evidence: EvidenceSet
    examiner: Examiner
    able: Callable[[str], bool]
    rewrite: Rewrite | None
    review: Reviewed | None

    def place(self, draft: Draft) -> tuple[tuple[Cited, ...], tuple[str, ...], Judgement | None]:
        """The citations, the keys that name nothing, and what the draft is worth on them."""
        cited, unknown = resolve(draft, self.evidence, self.examiner.language)
        if not cited:
            return cited, unknown, None
        judgement = self.examiner.judge(draft.text, cited)
        for wider in widened(draft.text, cited, judgement):
            better = self.examiner.judge(draft.text, wider)
            if better.verdict in STANDS:
                cited, judgement = tuple(wider), better
                break
        return cited, unknown, self._reviewed(draft, cited, judgement)

    def climb(
        self, draft: Draft, cited: Sequence[Cited], problems: Sequence[tuple[str, str]]
    ) -> tuple[Mended | None, Action]:
        """The first step that leads to a sentence that stands."""
        if recited := self._recite(draft, cited):
            return recited, "recited"
        if rewritten := self._rewritten(draft, cited, problems):
            return rewritten, "rewritten"
        if replaced := self._replace(draft, cited):
            return replaced, "replaced"
        return None, "dropped"

    def complete(self, mended: Mended) -> tuple[list[Finding], Mended]:
        """Cites every further source that says it too, and takes out what a model cited in vain."""
        draft = Draft(mended.text, (), mended.method)
        more = tuple(self._carriers(draft, mended.cited))
        if mended.method in ("extracted", "replaced"):
            return [], replace(mended, cited=(*mended.cited, *more))
        kept = needed(mended.cited, lambda cited: self.examiner.judge(mended.text, cited))
        findings = [
            _finding("misattributed", "recited", mended.text, f"does not carry it: {item.quote}")
            for item in mended.cited
            if item not in kept
        ]
        return findings, replace(mended, cited=(*kept, *more))

    def _judge(self, draft: Draft, cited: Sequence[Cited]) -> Judgement:
        return self._reviewed(draft, cited, self.examiner.judge(draft.text, cited))

    def _reviewed(self, draft: Draft, cited: Sequence[Cited], judgement: Judgement) -> Judgement:
        """The judgement that counts. What a model writes must keep close to its sources' words, or
        have the second opinion that it means the same."""
        if draft.method == "extracted" or judgement.verdict not in STANDS:
            return judgement
        share, words = self.examiner.unsaid(draft.text, cited)
        exchanged = self.examiner.exchanges(draft.text, cited)
        far = share > FARTHEST or bool(exchanged)
        if far:
            judgement = replace(judgement, verdict="partly")
        if self.review:
            judgement = self.review(draft.text, cited, judgement)
        if far and judgement.verdict == "partly":
            problem = apart(draft.text, words, exchanged)
            return Judgement("unsupported", judgement.support, (problem,))
        return judgement

    def _recite(self, draft: Draft, failed: Sequence[Cited] = ()) -> Mended | None:
        """The same words, cited to the held passages that do carry them. Where the checks would
        have let it stand, and only the second opinion did not, the same words are not asked again.
        """
        vetoed = bool(failed) and self.examiner.judge(draft.text, failed).verdict in STANDS
        spent = failed if vetoed else ()
        cited = tuple(item for item in self._carriers(draft, ()) if item not in spent)
        judgement = self._judge(draft, cited) if cited else None
        if judgement is None or judgement.verdict not in STANDS:
            return None
        return Mended(draft.text, draft.method, cited, judgement)

    def _rewritten(
        self, draft: Draft, cited: Sequence[Cited], problems: Sequence[tuple[str, str]]
    ) -> Mended | None:
        """Other words for it, which must pass the same checks."""
        told = [f"{kind}: {detail}" for kind, detail in problems]
        anew = self.rewrite(draft, told, cited) if self.rewrite else None
        if anew is None or anew.text == draft.text:
            return None
        places, _, judgement = self.place(anew)
        if judgement and judgement.verdict in STANDS:
            return Mended(anew.text, anew.method, places, judgement)
        return self._recite(anew, places)

    def _replace(self, draft: Draft, cited: Sequence[Cited]) -> Mended | None:
        """The cited sources' own sentence that says most of it."""
        wanted = weights(content(draft.text, self.examiner.language))
        held = [
            (covered(wanted, item.stems), item)
            for source in dict.fromkeys(item.chunk.source for item in cited)
            for item in self.examiner.said[source]
            if self.able(item.text)
        ]
        share, best = max(held, key=lambda pair: pair[0], default=(0.0, None))
        if best is None or share < NEAR:
            return None
        own = Cited(best.chunk, best.span)
        judgement = self.examiner.judge(best.text, [own])
        if judgement.verdict != "supported":
            return None
        return Mended(best.text, "replaced", (own,), judgement)

    def _carriers(self, draft: Draft, cited: Sequence[Cited]) -> list[Cited]:
        """Further citations, one from each source. For a short sentence the score alone is too
        kind: "has resumed" is not said by a source that hopes for it."""
        most = FARTHEST if draft.method in ("extracted", "replaced") else CLOSE

        def judge(item: Cited) -> Judgement:
            judgement = self.examiner.judge(draft.text, [item])
            if judgement.verdict != "supported":
                return judgement
            near = self.examiner.unsaid(draft.text, [item]).share <= most
            if near and not self.examiner.exchanges(draft.text, [item]):
                return judgement
            return replace(judgement, verdict="partly")

        return corroborate(draft.text, cited, self.examiner.said, judge, self.examiner.language)
