"""A metric for deepeval, which asks no model."""

from typing import TYPE_CHECKING

from summarizer.adapters.scores import score_citations
from summarizer.extras import require_modules

if TYPE_CHECKING:
    from deepeval.metrics import BaseMetric
    from deepeval.test_case import LLMTestCase


def deepeval_metric(threshold: float = 1.0) -> "BaseMetric":
    """The share of faithful sentences of ``actual_output`` over ``retrieval_context``. An answer in
    which nothing can be judged is skipped. Raises SettingsError without deepeval."""
    require_modules(["deepeval"], "deepeval")
    from deepeval.metrics import BaseMetric
    from deepeval.test_case import SingleTurnParams

    class CitedAnswer(BaseMetric):  # type: ignore[misc]  # deepeval is not installed with us
        _required_params = (SingleTurnParams.ACTUAL_OUTPUT, SingleTurnParams.RETRIEVAL_CONTEXT)
        __name__ = "Cited Answer"

        def __init__(self, threshold: float) -> None:  # deepeval copies a metric by its arguments
            self.threshold = threshold

        def measure(self, test_case: "LLMTestCase", *_: object, **__: object) -> float | None:
            scores = score_citations(test_case.actual_output, test_case.retrieval_context or [])
            self.score, self.reason = scores.faithful, scores.reason
            self.score_breakdown = scores.named()
            self.skipped = self.score is None
            self.success = self.score is None or self.score >= self.threshold
            return self.score

        async def a_measure(self, test_case: "LLMTestCase", *_: object, **__: object) -> object:
            return self.measure(test_case)

        def is_successful(self) -> bool:
            return bool(self.success)

    return CitedAnswer(threshold)
