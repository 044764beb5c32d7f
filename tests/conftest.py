"""One profile for all property tests: the same examples on every run, no clock."""

from hypothesis import settings

settings.register_profile("summarizer", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("summarizer")
