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
    scores = score_citations(output, _texts(context["vars"][config.get("sources", "sources")]))
    if scores.faithful is None:
        reason = f"not scored: {scores.reason}"
        return {"pass": True, "score": 1.0, "reason": reason, "namedScores": scores.named()}
    return {
        "pass": scores.faithful >= config.get("threshold", 1),
        "score": scores.faithful,
        "reason": scores.reason,
        "namedScores": scores.named(),
    }


def _texts(value: Any) -> list[str]:
    """promptfoo makes a test of each item of a list, so a list of texts is written in a list, which
    some versions of it keep and others take away."""
    return [value] if isinstance(value, str) else [text for item in value for text in _texts(item)]
