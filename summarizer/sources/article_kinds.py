"""The kind of an article that is no plain news report: opinion, satire, press release and others.

data of the page       schema.org types, section, genre
| address              a section in the path, an outlet of satire
| title                a label in front of it: "Opinion: ..."
| wording              a label as first line, a wire of press releases, a note of the outlet
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from summarizer.sources.articles import Article, ArticleKind
from summarizer.text.lexicon import any_of, lexicons, pattern_of_all, shared_lexicon
from summarizer.text.patterns import lazy_pattern

_NO_NEWS = ("satire", "sponsored")
"""Kinds that are never told as news."""

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
_PRESS_WIRE = (
    r"(?im)[/(] ?(?:PR ?Newswire|CNW|Business Wire|Globe ?Newswire|Accesswire)(?: ?[/)]|-)"
    r"|\bots\)\s?-|^\s*FOR IMMEDIATE RELEASE\b"
)

_KINDS_BY_LABEL: tuple[ArticleKind, ...] = (
    "satire", "sponsored", "press_release", "opinion", "live_blog", "correction",
)  # fmt: skip
_LABELS: tuple[tuple[ArticleKind, str], ...] = tuple(
    (kind, any_of(*(each.article_labels.get(kind, "") for each in lexicons())))
    for kind in _KINDS_BY_LABEL
)
_NOTES: tuple[tuple[ArticleKind, str], ...] = (
    ("satire", f"(?i){pattern_of_all('satire_notes')}"),
    ("sponsored", f"(?i){pattern_of_all('sponsor_notes')}"),
    ("opinion", f"(?i){pattern_of_all('opinion_notes')}"),
)


def kind_of_page(
    types: frozenset[str], labels: tuple[str, ...], url: str | None
) -> ArticleKind | None:
    """The kind that the data and the address of a page name; None for news."""
    for name in sorted(types & _SCHEMA_TYPES.keys()):
        return _SCHEMA_TYPES[name]
    return next((kind for label in labels if (kind := _labelled(label))), None) or _kind_of_url(url)


def with_kinds(articles: Iterable[Article]) -> list[Article]:
    """The articles, with the kinds that their pages, titles and words name."""
    return [replace(each, kind=_article_kind(each)) for each in articles]


def select_news(articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    """The articles that a briefing may tell as news, and those to set aside: satire and sponsored
    texts, and opinions unless there is nothing else."""
    kinded = with_kinds(articles)
    rest = [each for each in kinded if each.kind not in _NO_NEWS]
    news = [each for each in rest if each.kind != "opinion"] or rest
    kept = {each.id for each in news}
    return news, [each for each in kinded if each.id not in kept]


def _article_kind(article: Article) -> ArticleKind | None:
    if article.kind:
        return article.kind
    text = article.text
    first_line = text.lstrip()[:NOTE_CHARS].partition("\n")[0]
    for line in (article.title or "", first_line):
        label = _LABEL_MARK.split(line, maxsplit=1)[0]
        if (label != line or line == first_line) and (kind := _labelled(label)):
            return kind
    edges = f"{text[:NOTE_CHARS]}\n{text[-NOTE_CHARS:]}"
    if lazy_pattern(_PRESS_WIRE).search(text[:NOTE_CHARS]):
        return "press_release"
    for kind, pattern in _NOTES:
        if lazy_pattern(pattern).search(edges):
            return kind
    return _kind_of_url(article.url)


def _labelled(label: str) -> ArticleKind | None:
    """The kind that a whole label names."""
    words = label.strip().casefold()
    if len(words) > LABEL_CHARS:
        return None
    return next((kind for kind, label in _LABELS if lazy_pattern(label).fullmatch(words)), None)


def _kind_of_url(url: str | None) -> ArticleKind | None:
    try:
        host, path = (urlsplit(url or "").hostname or "", urlsplit(url or "").path)
    except ValueError:
        return None
    if host.removeprefix("www.") in shared_lexicon().satire_hosts:
        return "satire"
    parts = (re.sub(r"[-_]", " ", unquote(part)) for part in path.split("/")[1:-1])
    return next((kind for part in parts if (kind := _labelled(part))), None)
