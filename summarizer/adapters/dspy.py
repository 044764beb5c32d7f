"""A metric for DSPy's evaluation and optimizers, with the feedback that GEPA reads."""

from collections.abc import Callable
from typing import Any

from summarizer.adapters.scores import score_citations
from summarizer.extras import require_modules


def dspy_metric(
    answer: str = "answer", sources: str = "context", threshold: float = 1.0
) -> Callable[..., Any]:
    """A metric of the prediction's field ``answer`` over the texts in ``sources``, a field of the
    prediction or of the example.

    An answer in which nothing can be judged scores 0, so that no optimizer learns to say nothing.
    While demonstrations are collected, the metric says whether ``threshold`` is reached. Raises
    SettingsError without DSPy.
    """
    require_modules(["dspy"], "dspy")
    import dspy

    def metric(example: Any, prediction: Any, trace: Any = None, *_: Any) -> Any:
        texts = prediction.get(sources) or example.get(sources) or []
        scores = score_citations(prediction[answer], [texts] if isinstance(texts, str) else texts)
        score = scores.faithful or 0.0
        if trace is not None:
            return score >= threshold
        return dspy.Prediction(score=score, feedback=scores.reason)

    return metric
