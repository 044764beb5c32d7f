"""The kind of an article that is no plain news report: opinion, satire, press release and others.

data of the page       schema.org types, section, genre
| address              a section in the path, an outlet of satire
| title                a label in front of it: "Opinion: ..."
| wording              a label as first line, a wire of press releases, a note of the outlet
"""

import re
from functools import cache
from urllib.parse import unquote, urlsplit

from summarizer.sources.articles import Article, ArticleKind
from summarizer.text.lexicon import lexicons, pattern_of_all, shared_lexicon

__all__ = ["article_kind", "kind_of_page"]

_SCHEMA_TYPES: dict[str, ArticleKind] = {
    "OpinionNewsArticle": "opinion",
    "SatiricalArticle": "satire",
    "AdvertiserContentArticle": "sponsored",
    "LiveBlogPosting": "live_blog",
}

LABEL_CHARS = 40
"""Code points of the longest label."""

NOTE_CHARS = 400
"""Code points at the start and at the end of a text in which a note says what it is."""

_LABEL_MARK = re.compile(r"\s*[:|–—]\s|\s-\s")
_PRESS_WIRE = re.compile(
    r"/ ?(?:PR ?Newswire|CNW|Business Wire)(?: ?/|-)|\((?:BUSINESS WIRE|GLOBE ?NEWSWIRE|ACCESSWIRE)\)"
    r"|\bots\)\s?-|^\s*FOR IMMEDIATE RELEASE\b",
    re.IGNORECASE | re.MULTILINE,
)


def kind_of_page(
    types: frozenset[str], labels: tuple[str, ...], url: str | None
) -> ArticleKind | None:
    """The kind that the data and the address of a page name; None for news."""
    for name in sorted(types & _SCHEMA_TYPES.keys()):
        return _SCHEMA_TYPES[name]
    return next((kind for label in labels if (kind := _labelled(label))), None) or _kind_of_url(url)


def article_kind(article: Article) -> ArticleKind | None:
    """The kind of the article, by its page, its title or its words; None for news."""
    if article.kind:
        return article.kind
    text = article.text
    first_line = text.lstrip()[: NOTE_CHARS].partition("\n")[0]
    for line in (article.title or "", first_line):
        label = _LABEL_MARK.split(line, maxsplit=1)[0]
        if (label != line or line == first_line) and (kind := _labelled(label)):
            return kind
    edges = f"{text[:NOTE_CHARS]}\n{text[-NOTE_CHARS:]}"
    if _PRESS_WIRE.search(text[:NOTE_CHARS]):
        return "press_release"
    for kind, pattern in _notes():
        if pattern.search(edges):
            return kind
    return _kind_of_url(article.url)


def _labelled(label: str) -> ArticleKind | None:
    """The kind that a whole label names."""
    words = label.strip().casefold()
    if len(words) > LABEL_CHARS:
        return None
    return next((kind for kind, pattern in _labels() if pattern.fullmatch(words)), None)


def _kind_of_url(url: str | None) -> ArticleKind | None:
    try:
        host, path = (urlsplit(url or "").hostname or "", urlsplit(url or "").path)
    except ValueError:
        return None
    if host.removeprefix("www.") in shared_lexicon().satire_hosts:
        return "satire"
    parts = (re.sub(r"[-_]", " ", unquote(part)) for part in path.split("/")[1:-1])
    return next((kind for part in parts if (kind := _labelled(part))), None)


# Of constant size: the patterns of the package.
@cache
def _labels() -> tuple[tuple[ArticleKind, re.Pattern[str]], ...]:
    kinds: tuple[ArticleKind, ...] = (
        "satire", "sponsored", "press_release", "opinion", "live_blog", "correction",
    )  # fmt: skip
    patterns = (
        "|".join(filter(None, (each.article_labels.get(kind, "") for each in lexicons())))
        for kind in kinds
    )
    return tuple(
        (kind, re.compile(pattern)) for kind, pattern in zip(kinds, patterns, strict=True)
    )


@cache
def _notes() -> tuple[tuple[ArticleKind, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(pattern_of_all(field), re.IGNORECASE))
        for kind, field in (("satire", "satire_notes"), ("sponsored", "sponsor_notes"),
                            ("opinion", "opinion_notes"))
    )  # fmt: skip
