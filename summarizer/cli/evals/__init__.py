"""``summarizer eval``: suites that measure briefings, and what keeps quality from falling."""
