"""``summarizer eval``: how often the product errs, measured, and what keeps that from rising."""
