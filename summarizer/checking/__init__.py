"""Is each sentence supported by what it cites: resolve, check, score, repair, verify."""
