"""The briefing as a reader meets it: terminal, Markdown, HTML and JSON."""
