"""`summarizer check` inside other tools: each module is named after the one that it serves.

They all score with `summarizer.adapters.scores`. The tools themselves are not installed with this
program.
"""
