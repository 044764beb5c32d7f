"""A scorer for inspect_ai, which finds it by its entry point: ``summarizer/cited_answer``."""

import asyncio

from summarizer.adapters.scores import CitationScores, score_citations
from summarizer.extras import require_modules

require_modules(["inspect_ai"], "inspect-ai")
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr  # noqa: E402
from inspect_ai.solver import TaskState  # noqa: E402

_NAMES = [*CitationScores(0, 0, 0, 0, 0).named()]


@scorer(metrics={name: [mean(), stderr()] for name in _NAMES})  # type: ignore[untyped-decorator]
def cited_answer(sources: str = "sources") -> Scorer:
    """Scores the completion against the texts in the sample's metadata under ``sources``.

    A score that does not exist is NaN, which inspect_ai leaves out of its metrics.
    """

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - theirs
        texts, answer = state.metadata[sources], state.output.completion
        scores = await asyncio.to_thread(score_citations, answer, texts)
        value = dict.fromkeys(_NAMES, float("nan")) | scores.named()
        return Score(value=value, answer=answer, explanation=scores.reason)

    return score
