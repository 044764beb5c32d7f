"""A draft checked against its sources: what ``summarizer check`` does."""
