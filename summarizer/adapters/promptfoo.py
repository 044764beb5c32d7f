"""An assertion for promptfoo: ``type: python``, ``value: file://cited.py``, where the file has one
line: ``from summarizer.adapters.promptfoo import get_assert``.
"""

from collections.abc import Mapping
from typing import Any

from summarizer.adapters.scores import score_citations


def get_assert(output: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """The grade of ``output`` against the texts in the variable ``sources``.

    ``config``: ``threshold``, the lowest share of faithful sentences that passes (1), and
    ``sources``, the name of another variable. promptfoo has no grade for what cannot be judged:
    such an answer passes, and the reason begins with "not scored".
    """
    config = context.get("config") or {}
    texts = context["vars"][config.get("sources", "sources")]
    scores = score_citations(output, [texts] if isinstance(texts, str) else texts)
    if scores.faithful is None:
        reason = f"not scored: {scores.reason}"
        return {"pass": True, "score": 1.0, "reason": reason, "namedScores": scores.named()}
    return {
        "pass": scores.faithful >= config.get("threshold", 1),
        "score": scores.faithful,
        "reason": scores.reason,
        "namedScores": scores.named(),
    }
