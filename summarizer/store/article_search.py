"""Stored articles by their words, over the database's own index: FTS5, or a GIN index.

Both hold the content stems of this program, so that they find the same in every language. Articles
are indexed when they are first searched, which keeps reading sources as fast as it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select
from sqlalchemy import text as sql

from summarizer.sources.articles import Article
from summarizer.store.database import Database
from summarizer.store.schema import article_stem_table, article_table, inbox_table
from summarizer.store.snapshots import load_articles
from summarizer.text.tokens import content_stems

INDEX_BATCH = 500
"""Articles that are indexed in one transaction."""


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which stored articles are searched: of one digest, and published from ``since`` to ``until``,
    both included. ``undated``: those of unknown date too where a day is given."""

    digest: str = ""
    since: date | None = None
    until: date | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class ArticleHits:
    """The best articles first; ``searched``: how many there are, ``undated``: how many were left
    out for having no date, and ``frequencies``: in how many of those searched each stem occurs."""

    articles: Sequence[Article]
    searched: int
    undated: int
    frequencies: Mapping[str, int]


def search_articles(
    database: Database, stems: Sequence[str], wanted: ArticleFilter, limit: int
) -> ArticleHits:
    """The stored articles with any of these stems, by BM25. Raises StoreError."""
    index_articles(database)
    with database.read_transaction() as connection:
        everything = connection.execute(_matching(wanted, select(func.count()))).scalar_one()
        undated = 0
        if (wanted.since or wanted.until) and not wanted.undated:
            query = _matching(ArticleFilter(wanted.digest), select(func.count()))
            missing = article_table.c.published.is_(None)
            undated = connection.execute(query.where(missing)).scalar_one()
        search = _fts5_hits if database.is_file else _tsvector_hits
        frequencies, ids = search(connection, stems, wanted, limit, everything)
    return ArticleHits(load_articles(database, ids), everything, undated, frequencies)


def index_articles(database: Database) -> int:
    """Indexes the articles that are not indexed yet; returns how many."""
    indexed = select(article_stem_table.c.article)
    query = (
        select(article_table.c.id, article_table.c.title, article_table.c.text,
               article_table.c.language)
        .where(article_table.c.id.not_in(indexed))
        .limit(INDEX_BATCH)
    )  # fmt: skip
    total = 0
    while rows := database.fetch_all(query):
        values = [
            {
                "article": row.id,
                "stems": " ".join(content_stems(f"{row.title or ''}\n{row.text}", row.language)),
            }
            for row in rows
        ]
        statement = database.insert(article_stem_table).on_conflict_do_nothing(
            index_elements=["article"]
        )
        with database.transaction() as connection:
            connection.execute(statement, values)
        total += len(rows)
    return total


def _matching(wanted: ArticleFilter, query: Select[Any]) -> Select[Any]:
    """The query over the articles that the filter lets through, joined to their stems."""
    stems, articles = article_stem_table, article_table
    query = query.select_from(stems.join(articles, articles.c.id == stems.c.article))
    day = func.substr(articles.c.published, 1, 10)
    bounds = []
    if wanted.since:
        bounds.append(day >= wanted.since.isoformat())
    if wanted.until:
        bounds.append(day <= wanted.until.isoformat())
    for bound in bounds:
        query = query.where(or_(bound, articles.c.published.is_(None)) if wanted.undated else bound)
    if wanted.digest:
        read = select(inbox_table.c.article).where(inbox_table.c.digest == wanted.digest)
        query = query.where(articles.c.id.in_(read))
    return query


Found = tuple[Mapping[str, int], list[str]]


def _fts5_hits(
    connection: Connection, stems: Sequence[str], wanted: ArticleFilter, limit: int, _: int
) -> Found:
    def match(words: Sequence[str]) -> str:
        return " OR ".join('"' + word.replace('"', "") + '"' for word in words)

    # The index is joined by hand: FTS5's virtual table is unknown to SQLAlchemy.
    rank = sql("article_index MATCH :words").bindparams(bindparam("words"))
    index = sql("article_index")
    number = sql("article_index.rowid = article_stems.number")

    def hits(query: Select[Any], words: Sequence[str]) -> Any:
        return connection.execute(
            _matching(wanted, query).join(index, number).where(rank), {"words": match(words)}
        )

    frequencies = {stem: hits(select(func.count()), [stem]).scalar_one() for stem in stems}
    if not any(frequencies.values()):
        return frequencies, []
    best = select(article_stem_table.c.article).order_by(sql("rank"), article_stem_table.c.article)
    return frequencies, list(hits(best.limit(limit), stems).scalars())


def _tsvector_hits(
    connection: Connection,
    stems: Sequence[str],
    wanted: ArticleFilter,
    limit: int,
    everything: int,
) -> Found:
    """PostgreSQL ranks by how often a word occurs and not by how rare it is: so the rarity of each
    stem is counted first, and an article is as good as the rarities of its stems together."""

    def match(words: Sequence[str]) -> str:
        quoted = (word.replace("\\", "").replace("'", "''") for word in words)
        return " | ".join(f"'{word}'" for word in quoted)

    terms = sql("article_stems.terms @@ CAST(:words AS tsquery)")
    frequencies = {
        stem: connection.execute(
            _matching(wanted, select(func.count())).where(terms), {"words": match([stem])}
        ).scalar_one()
        for stem in stems
    }
    rarities = {stem: math.log1p(everything / n) for stem, n in frequencies.items() if n}
    if not rarities:
        return frequencies, []
    score = " + ".join(
        f"CASE WHEN article_stems.terms @@ CAST(:stem{n} AS tsquery) THEN :rarity{n} ELSE 0 END"
        for n in range(len(rarities))
    )
    values: dict[str, str | float] = {"words": match(list(rarities))}
    for n, (stem, rarity) in enumerate(rarities.items()):
        values |= {f"stem{n}": match([stem]), f"rarity{n}": rarity}
    best = select(article_stem_table.c.article).order_by(
        sql(f"({score}) DESC"), article_stem_table.c.article
    )
    found = connection.execute(_matching(wanted, best).where(terms).limit(limit), values)
    return frequencies, list(found.scalars())
