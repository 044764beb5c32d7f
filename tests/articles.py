"""Articles for tests: the five of ``seeds/``, and small ones written for one purpose."""

from datetime import date
from functools import cache
from pathlib import Path

from summarizer.sources.articles import Article, PublishedFrom

SEEDS = Path(__file__).parent.parent / "seeds"


@cache
def seed(number: int) -> Article:
    """Seed 0..4 as it is read from its file, path relative to the project."""
    path = sorted(SEEDS.glob("*.txt"))[number]
    return Article(text=path.read_text(encoding="utf-8"), path=f"seeds/{path.name}", language="en")


def seeds() -> list[Article]:
    """All five."""
    return [seed(number) for number in range(5)]


def article(
    text: str,
    name: str = "a",
    *,
    published: date | None = None,
    published_from: PublishedFrom | None = None,
    language: str = "en",
) -> Article:
    """An article of one text; a date is the page's unless said otherwise."""
    return Article(
        text=text,
        path=f"{name}.txt",
        published=published,
        published_from=published_from or ("page" if published else None),
        language=language,
    )
