"""The articles of one run with their dates, boilerplate and sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from summarizer.errors import NothingToDeliver
from summarizer.retrieval.chunks import Chunk, Statement, chunk_article, split_statements
from summarizer.settings import Settings
from summarizer.sources.article_kinds import with_kinds
from summarizer.sources.articles import Article, Boilerplate
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.extract import outlet_host
from summarizer.sources.promotions import repeated_lines
from summarizer.sources.publication_date import certainly_before, infer_publication_dates
from summarizer.text.annotations import Annotations

T = TypeVar("T")


class ProgressTracker(Protocol):
    """Called with the name of a step and its items; returns the items and may report each."""

    def __call__(self, step: str, items: Sequence[T], /) -> Iterable[T]: ...


def no_progress(step: str, items: Sequence[T]) -> Iterable[T]:  # noqa: ARG001
    """The items, without a report: the default `ProgressTracker`."""
    return items


@dataclass(frozen=True, slots=True)
class Corpus:
    """By source id: the dated articles, the boilerplate in each, and the statements of each.

    ``annotations``: what its texts are read into; they are dropped with it. ``set_aside``: articles
    that are no news, whose statements are not used; ``undated``: left out for having no date.
    """

    articles: Mapping[str, Article]
    boilerplate: Mapping[str, Sequence[Boilerplate]]
    statements: Mapping[str, Sequence[Statement]]
    annotations: Annotations = field(default_factory=Annotations, compare=False, repr=False)
    set_aside: Sequence[Article] = ()
    undated: Sequence[Article] = ()


def prepare_corpus(
    articles: Sequence[Article], track: ProgressTracker = no_progress, now: datetime | None = None
) -> Corpus:
    """The corpus of the articles: boilerplate found, dates inferred, sentences split.

    Dates after ``now`` are not used.
    """
    by_outlet: dict[str, list[str]] = {}
    for article in articles:
        by_outlet.setdefault(_outlet(article), []).append(article.text)
    repeated = {outlet: repeated_lines(texts) for outlet, texts in by_outlet.items() if outlet}
    boilerplate = {
        a.id: find_boilerplate(
            a.text, a.publisher, repeated.get(_outlet(a), frozenset()), a.set_aside
        )
        for a in track("Setting boilerplate aside", articles)
    }
    dated = infer_publication_dates(with_kinds(articles), boilerplate, now)
    annotations = Annotations()
    statements = {
        a.id: split_statements(chunk_article(a, boilerplate[a.id]), a.language, annotations)
        for a in track("Finding sentences", dated)
    }
    return Corpus({a.id: a for a in dated}, boilerplate, statements, annotations)


def _outlet(article: Article) -> str:
    return outlet_host(article.url) or article.publisher or ""


def articles_since(corpus: Corpus, settings: Settings) -> Corpus:
    """The corpus without the articles that are older than `Settings.since`. Those of unknown date
    are set aside, unless the settings keep them.

    Raises NothingToDeliver if no article is left.
    """
    since = settings.since
    if since is None:
        return corpus
    undated = [
        article
        for article in corpus.articles.values()
        if article.exact_date is None and not settings.undated
    ]
    left_out = {article.id for article in undated}
    articles = {
        source: article
        for source, article in corpus.articles.items()
        if source not in left_out and not certainly_before(article, since)
    }
    if not articles:
        raise NothingToDeliver(
            "no article is left to read", hint="see the lines above, --since and --undated"
        )
    return replace(corpus, articles=articles, undated=undated)


def unique_chunks(statements: Iterable[Statement]) -> list[Chunk]:
    """The chunks of the statements, each once."""
    return list(dict.fromkeys(item.chunk for item in statements))


def main_language(articles: Iterable[Article], all_articles: Iterable[Article] = ()) -> str:
    """The language of most of the articles; if it is a tie, the one of most of ``all_articles``."""
    languages = [item.language for item in articles]
    all_languages = [item.language for item in all_articles]
    return max(
        dict.fromkeys(languages),
        key=lambda language: (languages.count(language), all_languages.count(language)),
    )
