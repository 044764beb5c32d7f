"""Drafts of one story checked and repaired, with a finding for what was done:

rules              each draft against the whole passages that it cites
| re-cite          what those do not carry, to passages that do
| judge   [model]  one call: all that the rules neither support nor refuse by a hard issue
| rewrite [model]  one call: all that failed; then rules, re-citing and one more call of the judge
| replace          by the source's own sentence, else drop
| complete         citations that say nothing are removed, further sources added, spans narrowed
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from summarizer.briefing import Finding, FindingAction, SentenceMethod, Verdict
from summarizer.checking.citations import (
    CitedSpan,
    DraftSentence,
    corroborate,
    covered_share,
    narrow_citations,
    needed_citations,
    resolve_keys,
    stem_shares,
)
from summarizer.checking.claims import Issue, Judgement
from summarizer.checking.prompt_passages import ArticlePassages
from summarizer.checking.verdict import CitationChecker
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems

MIN_REPLACEMENT_COVERAGE = 0.4
"""Share of the draft's weight that a source's own sentence must hold to stand in for it, and a
passage to be cited for it where its keys name nothing."""

MIN_FOUND_STEMS = 3
"""Content words of a sentence that may be found by them: fewer are everywhere."""

MAX_CORROBORATION_NOVEL_SHARE, MAX_EXTRACTED_NOVEL_SHARE = 0.15, 0.35
"""Share of a model's sentence that a further source may leave unsaid and still be cited for it;
the same of a source's own sentence. Without a limit 42 of 112 further citations of 16 events
of ECB+ lay beyond that; of every other of them, read one by one, 17 of 23 did not say it, and
within it 2 of 33."""

JUDGED_SUPPORT = 0.98
"""Support of a sentence that a judge supports. Of 183 sentences of eight stories, read once with
whole passages, a careful model supported 127 of 128 faithful ones and none of 55 false ones; by the
rule of succession, and as if half of all were false, 98 % of what it supports is faithful."""

ACCEPTED_VERDICTS = ("supported", "unverified")

_NOT_REWRITTEN = ("extracted", "replaced")

UNCITED = Judgement("uncited", 0.0, ())
"""Of a draft without a citation that names a passage."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that its citations carry, the best first. ``named``: ids of the chunks that a
    judge names as carrying it."""

    text: str
    method: SentenceMethod
    cited: tuple[CitedSpan, ...]
    judgement: Judgement
    named: frozenset[str] = frozenset()


class ClaimToJudge(NamedTuple):
    """A sentence for the judge, and the passages that it cites."""

    text: str
    chunks: tuple[Chunk, ...]


class Opinion(NamedTuple):
    """What a judge says of a sentence. ``missing``: its pieces that the passages do not say;
    ``chunks``: the passages that carry it, the best first, as far as the judge names them."""

    judge: str
    supported: bool
    missing: tuple[str, ...] = ()
    chunks: tuple[Chunk, ...] = ()

    def judgement(self) -> Judgement:
        """As a judgement. A judge gives no probability: the support is that measured on one."""
        issues = tuple(
            Issue("support", piece, f"{self.judge}: the passages do not say “{piece}”")
            for piece in self.missing
        )
        verdict: Verdict = "supported" if self.supported else "unsupported"
        support = JUDGED_SUPPORT if self.supported else 1 - JUDGED_SUPPORT
        return Judgement(verdict, support, issues, f"judge:{self.judge}")


class FailedSentence(NamedTuple):
    """A draft that failed, what it cites, and one line for each reason."""

    draft: DraftSentence
    cited: tuple[CitedSpan, ...]
    problems: tuple[str, ...]


JudgeClaims = Callable[[Sequence[ClaimToJudge]], Sequence[Opinion | None]]
"""An opinion on each claim; None where the judge gives none that can be used."""

RewriteSentences = Callable[[Sequence[FailedSentence]], Sequence[DraftSentence | None]]
"""Another draft of each failed sentence, or None."""

Outcome = tuple[CheckedSentence | None, list[Finding]]


def repair_sentence(
    draft: DraftSentence,
    evidence: EvidenceSet,
    checker: CitationChecker,
    can_stand_alone: Callable[[str], bool],
) -> Outcome:
    """The draft as it may be printed, or None, and what was found and done; no model is asked."""
    return repair_sentences([draft], evidence, checker, can_stand_alone)[0]


def repair_sentences(
    drafts: Sequence[DraftSentence],
    evidence: EvidenceSet,
    checker: CitationChecker,
    can_stand_alone: Callable[[str], bool],
    *,
    judge: JudgeClaims | None = None,
    rewrite: RewriteSentences | None = None,
) -> list[Outcome]:
    """Each draft as it may be printed, or None, and what was found and done.

    ``can_stand_alone``: whether a source's sentence may replace a draft. Without ``judge`` the
    rules alone decide; without ``rewrite`` nothing is written anew.
    """
    steps = _RepairSteps(evidence, checker, can_stand_alone, judge)
    placed = steps.place_all(drafts)
    anew: dict[int, _PlacedDraft] = {}
    failed = [at for at, each in enumerate(placed) if each.text.strip() and not each.accepted]
    if rewrite and failed:
        tries = rewrite([placed[at].as_failed() for at in failed])
        again = [
            (at, draft)
            for at, draft in zip(failed, tries, strict=True)
            if draft and (draft.text, draft.keys) != (drafts[at].text, drafts[at].keys)
        ]
        results = steps.place_all([draft for _, draft in again])
        anew = {at: result for (at, _), result in zip(again, results, strict=True)}
    return [steps.finish(each, anew.get(at)) for at, each in enumerate(placed)]


@dataclass(frozen=True, slots=True)
class _PlacedDraft:
    """A draft with its citations, the keys that name nothing, and what it is worth on them.

    ``recited``: the citations are not its writer's;
    ``reasons``: kind and detail of each reason why. ``carriers``: citations that a judge named,
    which must not be pruned. ``close``: so near to the words of its passages that it may be printed
    as unverified.
    """

    draft: DraftSentence
    cited: tuple[CitedSpan, ...]
    unknown: tuple[str, ...]
    judgement: Judgement
    recited: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    carriers: tuple[CitedSpan, ...] = ()
    close: bool = True

    @property
    def text(self) -> str:
        return self.draft.text

    @property
    def accepted(self) -> bool:
        """Whether it may be printed: it is supported, or open and close to its passages."""
        verdict = self.judgement.verdict
        return verdict == "supported" or (verdict == "unverified" and self.close)

    def problems(self) -> list[tuple[str, str]]:
        """Kind and detail of each reason why the draft is not printed as it was."""
        found = [("unresolved", f"no such key: {key}") for key in self.unknown]
        if not self.cited:
            return found or [("uncited", "no citation")]
        found += self.reasons
        if self.accepted:
            return found
        if not self.judgement.issues:
            why = f"support {self.judgement.support:.2f}: {self.judgement.verdict}"
            return [*found, ("support", why)]
        return [*found, *((issue.kind, issue.detail) for issue in self.judgement.issues)]

    def as_failed(self) -> FailedSentence:
        """What whoever writes it anew has to know."""
        return FailedSentence(
            self.draft, self.cited, tuple(f"{kind}: {detail}" for kind, detail in self.problems())
        )


def _make_finding(kind: str, action: FindingAction, text: str, detail: str) -> Finding:
    return Finding.model_validate({"kind": kind, "action": action, "text": text, "detail": detail})


@dataclass(frozen=True)
class _RepairSteps:
    """The steps, bound to one story."""

    evidence: EvidenceSet
    checker: CitationChecker
    can_stand_alone: Callable[[str], bool]
    judge: JudgeClaims | None

    @cached_property
    def passages(self) -> ArticlePassages:
        """The passages of the story in reading order."""
        return ArticlePassages(self.checker.statements)

    def place_all(self, drafts: Sequence[DraftSentence]) -> list[_PlacedDraft]:
        """Each draft as the rules and then, in one call, the judge see it."""
        placed = [self._place(draft) for draft in drafts]
        asked = [
            at
            for at, each in enumerate(placed)
            if self.judge and (_is_for_judge(each) or self._may_hold_elsewhere(each))
        ]
        if self.judge and asked:
            claims = [
                ClaimToJudge(placed[at].text, tuple(item.chunk for item in placed[at].cited))
                for at in asked
            ]
            for at, opinion in zip(asked, self.judge(claims), strict=True):
                placed[at] = self._apply(placed[at], opinion) if opinion else placed[at]
        return placed

    def _place(self, draft: DraftSentence) -> _PlacedDraft:
        """The draft by the rules alone, on the whole passages that it cites; where those do not
        carry it, on such as do."""
        cited, unknown = resolve_keys(draft, self.evidence, self.checker.language)
        judgement = self.check(draft.text, cited) if cited else UNCITED
        placed = _PlacedDraft(
            draft, cited, unknown, judgement, close=self._is_close(draft, cited, judgement)
        )
        if judgement.verdict in ACCEPTED_VERDICTS or not draft.text.strip():
            return placed
        others = tuple(self._carriers(draft, ()))
        judgement = self.check(draft.text, others) if others else UNCITED
        if judgement.verdict not in ACCEPTED_VERDICTS:
            if cited or not (others := self._nearest(draft)):
                return placed
            judgement = self.check(draft.text, others)
        reasons = tuple(p for p in placed.problems() if p[0] != "unresolved")
        close = self._is_close(draft, others, judgement)
        return replace(
            placed, cited=others, judgement=judgement, recited=True, reasons=reasons, close=close
        )

    def _nearest(self, draft: DraftSentence) -> tuple[CitedSpan, ...]:
        """The passage that holds most of a draft whose keys name nothing, if it holds enough: what
        the rules cannot tell of it, a judge may."""
        wanted = stem_shares(content_stems(draft.text, self.checker.language))
        share, nearest = max(
            (
                (
                    covered_share(wanted, set(content_stems(chunk.text, self.checker.language))),
                    chunk,
                )
                for chunk in self.evidence.chunks
            ),
            key=lambda pair: pair[0],
            default=(0.0, None),
        )
        enough = len(wanted) >= MIN_FOUND_STEMS and share >= MIN_REPLACEMENT_COVERAGE
        return (_whole(nearest),) if nearest and enough else ()

    def _is_close(
        self, draft: DraftSentence, cited: Sequence[CitedSpan], judgement: Judgement
    ) -> bool:
        """Whether rules find nothing against it and few words of its own; across languages, where
        they compare no words, whatever it says."""
        if draft.method == "extracted":
            return True
        if self.checker.strict:
            return False
        if not self.checker.reads_language_of(cited):
            return True
        novel = self.checker.novel_share(draft.text, self._in_context(cited))
        return judgement.likely and novel <= MAX_EXTRACTED_NOVEL_SHARE

    def _may_hold_elsewhere(self, placed: _PlacedDraft) -> bool:
        """Whether what the rules refuse on the cited passages is not refused on all of the story:
        the judge may find those that carry it."""
        if placed.draft.method == "extracted" or not _is_refused(placed.judgement):
            return False
        story = [_whole(chunk) for chunk in self.evidence.chunks]
        return not _is_refused(self.checker.judge(placed.text, story))

    def check(self, text: str, cited: Sequence[CitedSpan]) -> Judgement:
        """The judgement of the rules; each passage is read with what explains it."""
        return self.checker.judge(text, self._in_context(cited))

    def _in_context(self, cited: Sequence[CitedSpan]) -> list[CitedSpan]:
        """The citations, and the passages before those that open with a pronoun or a quotation."""
        named = {item.chunk.id for item in cited}
        explaining = dict.fromkeys(
            chunk
            for item in cited
            if item.span.start == item.chunk.start and item.span.end == item.chunk.end
            for chunk in self.passages.explaining(item.chunk)
            if chunk.id not in named
        )
        return [*cited, *(_whole(chunk) for chunk in explaining)]

    def _apply(self, placed: _PlacedDraft, opinion: Opinion) -> _PlacedDraft:
        """The draft by the judge's opinion, cited to the passages that the judge names."""
        verdict = opinion.judgement()
        if not opinion.supported:
            return replace(placed, judgement=verdict)
        before = {item.chunk.id for item in placed.cited}
        named = tuple(
            next((item for item in placed.cited if item.chunk.id == chunk.id), _whole(chunk))
            for chunk in opinion.chunks
        )
        cited = (*named, *(item for item in placed.cited if item not in named))
        if _is_refused(self.check(placed.text, cited)):  # other passages may have other figures
            return replace(placed, judgement=verdict)
        recited, reasons = placed.recited, placed.reasons
        if any(item.chunk.id not in before for item in named):
            detail = f"{opinion.judge} names a passage that carries it and was not cited"
            recited, reasons = True, (*reasons, ("misattributed", detail))
        return replace(
            placed, cited=cited, judgement=verdict, recited=recited, reasons=reasons,
            carriers=named,
        )  # fmt: skip

    def finish(self, placed: _PlacedDraft, anew: _PlacedDraft | None) -> Outcome:
        """The sentence that is printed, and the findings."""
        if not placed.text.strip():
            return None, [_make_finding("artefact", "dropped", placed.text, "an empty sentence")]
        action: FindingAction = "citation_replaced" if placed.recited else "kept"
        best: _PlacedDraft | None = placed if placed.accepted else None
        if best is None and anew is not None and anew.accepted:
            best = anew
            action = "citation_replaced" if anew.text == placed.text else "rewritten"
        sentence, needless = self._replacement(placed) if best is None else None, list[Finding]()
        if best is None:
            action = "replaced" if sentence else "dropped"
        else:
            same = best.text == placed.text
            method = placed.draft.method if same else best.draft.method
            sentence, needless = self._complete(best, method)
        findings = [
            _make_finding(kind, action, placed.text, detail) for kind, detail in placed.problems()
        ]
        return sentence, [*findings, *needless]

    def _complete(
        self, placed: _PlacedDraft, method: SentenceMethod
    ) -> tuple[CheckedSentence, list[Finding]]:
        """Cites every further source that says it too, removes citations that carry nothing, and
        narrows the others to what they carry."""
        text, cited = placed.text, placed.cited
        more = self._carriers(DraftSentence(text, (), method), cited)
        if method in _NOT_REWRITTEN:
            return CheckedSentence(text, method, (*cited, *more), placed.judgement), []
        kept = needed_citations(
            cited,
            lambda some: self.checker.judge(text, some),
            lambda some: self.checker.novel_share(text, some),
            keep=placed.carriers,
        )
        findings = [
            _make_finding(
                "misattributed", "citation_replaced", text, f"does not carry it: {item.quote}"
            )
            for item in cited
            if item not in kept
        ]
        shown = self._narrowed(placed, kept)
        named = frozenset(item.chunk.id for item in placed.carriers)
        return CheckedSentence(text, method, (*shown, *more), placed.judgement, named), findings

    def _narrowed(self, placed: _PlacedDraft, cited: Sequence[CitedSpan]) -> Sequence[CitedSpan]:
        """The citations narrowed to the sentences that carry a clause; as they are where the rules
        would then refuse what they let pass on the whole passages."""
        text, whole = placed.text, self._in_context(cited)
        shown = narrow_citations(
            text,
            whole,
            len(cited),
            lambda some: self.checker.novel_share(text, some),
            self.checker.language,
        )
        before, after = self.checker.judge(text, whole), self.checker.judge(text, shown)
        if placed.judgement.checked_by != "rules":
            return whole if _is_refused(after) and not _is_refused(before) else shown
        return shown if after.verdict == before.verdict else whole

    def _replacement(self, placed: _PlacedDraft) -> CheckedSentence | None:
        """The cited sources' own sentence that says most of it."""
        wanted = stem_shares(content_stems(placed.text, self.checker.language))
        held = [
            (covered_share(wanted, item.stems), item)
            for source in dict.fromkeys(item.chunk.source for item in placed.cited)
            for item in self.checker.statements[source]
            if item.frame is None and self.can_stand_alone(item.text)
        ]
        share, best = max(held, key=lambda pair: pair[0], default=(0.0, None))
        if best is None or share < MIN_REPLACEMENT_COVERAGE:
            return None
        own = CitedSpan(best.chunk, best.span)
        judgement = self.checker.judge(best.text, [own])
        if judgement.verdict != "supported":
            return None
        more = self._carriers(DraftSentence(best.text, (), "replaced"), [own])
        return CheckedSentence(best.text, "replaced", (own, *more), judgement)

    def _carriers(self, draft: DraftSentence, cited: Sequence[CitedSpan]) -> list[CitedSpan]:
        """Further citations, one from each source. For a short sentence the score alone is too
        kind: "has resumed" is not said by a source that hopes for it."""
        most = (
            MAX_EXTRACTED_NOVEL_SHARE
            if draft.method in _NOT_REWRITTEN
            else MAX_CORROBORATION_NOVEL_SHARE
        )

        def judge(item: CitedSpan) -> Judgement:
            judgement = self.checker.judge(draft.text, [item])
            if judgement.corroborates and self.checker.novel_share(draft.text, [item]) > most:
                return replace(judgement, support=0.0)
            return judgement

        return corroborate(draft.text, cited, self.checker.statements, judge, self.checker.language)


def _whole(chunk: Chunk) -> CitedSpan:
    return CitedSpan(chunk, Span(chunk.start, chunk.end))


def is_open(judgement: Judgement) -> bool:
    """Whether the rules neither support the sentence nor found what no judge may overrule."""
    return judgement.verdict != "supported" and not _is_refused(judgement)


def _is_refused(judgement: Judgement) -> bool:
    return any(issue.severity == "hard" for issue in judgement.issues)


def _is_for_judge(placed: _PlacedDraft) -> bool:
    written = placed.draft.method != "extracted" and bool(placed.text.strip())
    return written and bool(placed.cited) and is_open(placed.judgement)
