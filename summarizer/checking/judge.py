"""A model that judges the sentences of a story: one call for all of them.

Every cited passage is in the request once, whole, with its neighbours; every sentence is numbered
and names its passages. What the judge forgets, answers twice or contradicts itself on stays as the
rules left it, with a finding. A model that only answers yes or no (MiniCheck) is asked once for
each sentence, with a prompt of its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from summarizer.briefing import Finding
from summarizer.checking.prompt_passages import (
    ArticlePassages,
    PromptPassages,
    show_passages,
    without_key_brackets,
)
from summarizer.checking.repair import ClaimToJudge, Opinion
from summarizer.errors import PromptTooLong
from summarizer.models.prompts import Prompt, enclose
from summarizer.models.protocol import CompletionRequest, LanguageModel, estimate_tokens
from summarizer.models.structured_output import (
    Answer,
    Verdict,
    Verdicts,
    YesNo,
    ask_model,
    build_request,
)
from summarizer.retrieval.chunks import Chunk

MAX_JUDGED_SENTENCES = 40
"""Sentences of one call."""

MAX_JUDGE_TOKENS = 30_000
"""Tokens of one call by `estimate_tokens`, a bound: about 12,000 of English news. A model whose
context is smaller says that the request is too long, and gets half of it."""

YES_NO_MODELS = ("minicheck",)
"""Parts of the names of models that answer yes or no, whatever the prompt demands."""


def answers_yes_or_no(model: str) -> bool:
    """Whether a model of this name judges one sentence at a time, by yes or no."""
    return any(part in model.casefold() for part in YES_NO_MODELS)


def contradicts_itself(verdict: Verdict) -> bool:
    """Whether the verdict is at odds with the pieces that it finds missing."""
    return (verdict.verdict == "supported") == bool(verdict.missing)


def usable_verdicts(reply: Verdicts, count: int) -> tuple[dict[int, Verdict], dict[int, str]]:
    """The verdicts on sentences 1 to ``count`` that count, and why the others do not, by number.

    A number that was not asked about spoils the whole reply: the judge may have counted otherwise.
    """
    numbers = Counter(verdict.sentence for verdict in reply.verdicts)
    if odd := sorted(number for number in numbers if not 1 <= number <= count):
        why = f"it answers sentence {odd[0]}, and was asked about {count}"
        return {}, dict.fromkeys(range(1, count + 1), why)
    usable: dict[int, Verdict] = {}
    reasons = {n: "it gives no verdict" for n in range(1, count + 1) if n not in numbers}
    for verdict in reply.verdicts:
        if numbers[verdict.sentence] > 1:
            reasons[verdict.sentence] = "it gives more than one verdict"
        elif contradicts_itself(verdict):
            what = f"“{verdict.missing[0]}”" if verdict.missing else "nothing"
            reasons[verdict.sentence] = f"it says {verdict.verdict!r}, and misses {what}"
        else:
            usable[verdict.sentence] = verdict
    return usable, reasons


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """Asks a judge about the sentences of one story. ``notes``: source id -> what a prompt says of
    the article. ``answers``, with the ids of the chunks that each call showed, and ``findings`` are
    filled as it goes."""

    model: LanguageModel
    name: str
    prompt: Prompt
    yes_no_prompt: Prompt
    passages: ArticlePassages
    notes: Mapping[str, str] = field(default_factory=dict)
    answers: list[tuple[Answer[Any], tuple[str, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __call__(self, claims: Sequence[ClaimToJudge]) -> list[Opinion | None]:
        """An opinion on each claim; None, with a finding, where there is none that counts."""
        if answers_yes_or_no(self.name):
            return [self._ask_yes_or_no(claim) for claim in claims]
        return [each for batch in self._batches(claims) for each in self._ask(batch)]

    def request(self, claims: Sequence[ClaimToJudge]) -> tuple[CompletionRequest, PromptPassages]:
        """The request that one call sends, and the passages that it shows."""
        shown = show_passages(self._chunks(claims), self.notes)
        lines = (
            f"{number}. {shown.key_list(claim.chunks)} "
            f"{' '.join(without_key_brackets(claim.text).split())}"
            for number, claim in enumerate(claims, start=1)
        )
        sentences = enclose("sentences", "\n".join(lines))
        request = build_request(
            self.name, self.prompt, Verdicts, articles=shown.text, sentences=sentences
        )
        return request, shown

    def _chunks(self, claims: Sequence[ClaimToJudge]) -> list[Chunk]:
        """The cited passages and their neighbours, in reading order."""
        cited = [chunk for claim in claims for chunk in claim.chunks]
        around = [each for chunk in cited for each in self.passages.neighbours(chunk)]
        return self.passages.in_reading_order([*cited, *around])

    def _batches(self, claims: Sequence[ClaimToJudge]) -> Iterator[Sequence[ClaimToJudge]]:
        """The claims in as few calls as their number and the tokens of their passages allow."""
        batch: list[ClaimToJudge] = []
        for claim in claims:
            texts = [chunk.text for chunk in self._chunks([*batch, claim])]
            tokens = sum(map(estimate_tokens, [*texts, *(each.text for each in (*batch, claim))]))
            if batch and (len(batch) == MAX_JUDGED_SENTENCES or tokens > MAX_JUDGE_TOKENS):
                yield batch
                batch = []
            batch.append(claim)
        if batch:
            yield batch

    def _ask(self, claims: Sequence[ClaimToJudge]) -> list[Opinion | None]:
        request, shown = self.request(claims)
        answer = ask_model(self.model, request, Verdicts)
        self.answers.append((answer, tuple(chunk.id for chunk in shown.keys.values())))
        if isinstance(answer.error, PromptTooLong) and len(claims) > 1:
            half = len(claims) // 2
            return [*self._ask(claims[:half]), *self._ask(claims[half:])]
        if answer.value is None:
            why = answer.error.message if answer.error else "no verdict"
            return [self._unscored(claim, why) for claim in claims]
        verdicts, reasons = usable_verdicts(answer.value, len(claims))
        return [
            self._opinion(claim, verdicts[number], shown)
            if number in verdicts
            else self._unscored(claim, reasons[number])
            for number, claim in enumerate(claims, start=1)
        ]

    def _opinion(
        self, claim: ClaimToJudge, verdict: Verdict, shown: PromptPassages
    ) -> Opinion | None:
        if verdict.verdict == "unsupported":
            return Opinion(self.name, False, verdict.missing)
        known = tuple(
            shown.keys[key.casefold()] for key in verdict.keys if key.casefold() in shown.keys
        )
        if verdict.keys and not known:
            return self._unscored(claim, f"it names no passage that was shown: {verdict.keys[0]}")
        return Opinion(self.name, True, (), known)

    def _ask_yes_or_no(self, claim: ClaimToJudge) -> Opinion | None:
        chunks = [*claim.chunks, *(e for c in claim.chunks for e in self.passages.explaining(c))]
        ordered = self.passages.in_reading_order(chunks)
        request = build_request(
            self.name,
            self.yes_no_prompt,
            YesNo,
            document="\n".join(chunk.text for chunk in ordered),
            claim=claim.text,
        )
        answer = ask_model(self.model, request, YesNo)
        self.answers.append((answer, tuple(chunk.id for chunk in ordered)))
        if answer.value is None:
            return self._unscored(claim, answer.error.message if answer.error else "no verdict")
        missing = () if answer.value.answer else (claim.text,)
        return Opinion(self.name, answer.value.answer, missing)

    def _unscored(self, claim: ClaimToJudge, why: str) -> Opinion | None:
        """None, with a finding."""
        detail = f"unscored by {self.name}: {why}"
        self.findings.append(Finding(kind="model", action="kept", text=claim.text, detail=detail))
        return None
