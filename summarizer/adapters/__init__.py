"""`summarizer check` inside other tools: each module is named after the one that it serves.

They all score with `score_citations`. The tools themselves are not installed with this program.
"""

from summarizer.adapters.scores import CitationScores, score_citations

__all__ = ["CitationScores", "score_citations"]
