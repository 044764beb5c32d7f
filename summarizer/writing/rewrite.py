"""A sentence that failed its check, written anew once: by the passages that say most of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.briefings import Activity
from summarizer.checking.resolve import Cited, Draft, covered, weights
from summarizer.models.asking import ask, question
from summarizer.models.forms import Line
from summarizer.models.prompts import enclose
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.language_names import called
from summarizer.text.tokens import content
from summarizer.writing.chain import Chain, account
from summarizer.writing.shown import neutral, show

__all__ = ["Rewriter"]

PASSAGES = 4
"""Passages that a sentence is written anew from: those it cites, and those that say most of it."""


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Asks the chain's model. ``activities``: what it took, filled as it goes."""

    chain: Chain
    evidence: EvidenceSet
    language: str
    activities: list[Activity] = field(default_factory=list)

    def __call__(
        self, draft: Draft, problems: Sequence[str], cited: Sequence[Cited]
    ) -> Draft | None:
        """Another draft, or None where the model gives it up or fails."""
        shown = show(self._passages(draft, cited))
        request = question(
            self.chain.name,
            self.chain.prompts.repair,
            Line,
            language=called(self.language),
            sentence=enclose("sentence", neutral(draft.text)),
            problems=enclose("problems", neutral("\n".join(problems))),
            passages=shown.text,
        )
        answer = ask(self.chain.model, request, Line)
        self.activities.extend(account(answer, (chunk.id for chunk in shown.keys.values())))
        if answer.value is None or not answer.value.text:
            return None
        return Draft(answer.value.text, shown.resolve(answer.value.keys), "rewritten")

    def _passages(self, draft: Draft, cited: Sequence[Cited]) -> list[Chunk]:
        """Cited first, then by how much of the draft they hold; shown in the evidence's order."""
        wanted = weights(content(draft.text, self.language))
        named = {item.chunk.id for item in cited}

        def rank(chunk: Chunk) -> tuple[bool, float]:
            return chunk.id in named, covered(wanted, set(content(chunk.text, self.language)))

        best = sorted(self.evidence.chunks, key=rank, reverse=True)[:PASSAGES]
        return sorted(best, key=self.evidence.chunks.index)
