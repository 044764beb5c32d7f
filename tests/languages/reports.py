"""Two invented events in each language, two reports of each, and a draft about them.

A file of ``texts/`` holds the articles ``a1`` to ``b2``, one line a paragraph, then two faithful
sentences, two wrong ones and a denial, with the number of the article that they cite.
"""

from functools import cache
from pathlib import Path

from summarizer.sources.articles import Article

TEXTS = Path(__file__).with_name("texts")
LANGUAGES = tuple(sorted(path.stem for path in TEXTS.glob("*.txt")))
EVENTS = ("a1", "a2", "b1", "b2")


@cache
def sections(language: str) -> dict[str, list[str]]:
    """The lines of each section."""
    found: dict[str, list[str]] = {}
    for line in (TEXTS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            lines = found.setdefault(line[2:], [])
        else:
            lines.append(line)
    return found


def articles(language: str) -> list[Article]:
    """The four reports, read as texts whose language nobody names."""
    return [Article.of("\n\n".join(sections(language)[name]), name=name) for name in EVENTS]
