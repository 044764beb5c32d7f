"""Stored articles are found by their words, on SQLite and on PostgreSQL alike."""

from datetime import UTC, date, datetime

from summarizer.sources.articles import Article
from summarizer.store.article_search import ArticleFilter, index_articles, search_articles
from summarizer.store.database import Database
from summarizer.store.snapshots import (
    SourceStatus,
    SourceUpdate,
    delete_old_articles,
    save_articles,
    save_source_updates,
)

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
ALL = ArticleFilter()
BANK = Article.of(
    "The central bank of Norland cut its rate to 3.25 percent.", published=date(2026, 2, 1),
    language="en", name="bank",
)  # fmt: skip
RIVER = Article.of("The bank of the river collapsed.", language="en", name="river")
SNOW = Article.of("Снег выпал в Норланде.", published=date(2026, 2, 20), language="ru", name="snow")


def names(database: Database, *stems: str, wanted: ArticleFilter = ALL) -> list[str | None]:
    hits = search_articles(database, stems, wanted, 10)
    return [each.path for each in hits.articles]


def test_the_article_with_the_rarer_words_is_first(database: Database) -> None:
    save_articles(database, [RIVER, BANK, SNOW], NOW)
    assert names(database, "bank", "norland") == ["bank", "river"]
    assert names(database, "3.25") == ["bank"]
    assert names(database, "снег") == ["snow"]
    assert names(database, "volcano") == []
    assert names(database, "it's", 'a"b', "c\\d") == []


def test_the_stems_are_counted_among_what_is_searched(database: Database) -> None:
    save_articles(database, [RIVER, BANK, SNOW], NOW)
    hits = search_articles(database, ["bank", "river"], ALL, 10)
    assert (hits.searched, hits.undated) == (3, 0)
    assert hits.frequencies == {"bank": 2, "river": 1}


def test_days_leave_out_what_has_no_date_unless_it_is_kept(database: Database) -> None:
    save_articles(database, [RIVER, BANK, SNOW], NOW)
    february = ArticleFilter(since=date(2026, 2, 1), until=date(2026, 2, 10))
    hits = search_articles(database, ["bank"], february, 10)
    assert [each.path for each in hits.articles] == ["bank"]
    assert (hits.searched, hits.undated) == (1, 1)
    kept = ArticleFilter(since=date(2026, 2, 1), undated=True)
    assert sorted(filter(None, names(database, "bank", wanted=kept))) == ["bank", "river"]
    assert names(database, "bank", wanted=ArticleFilter(since=date(2026, 2, 2))) == []


def test_a_digest_answers_from_its_own_articles(database: Database) -> None:
    save_articles(database, [RIVER, BANK], NOW)
    save_source_updates(
        database, "world", [SourceUpdate(SourceStatus("feed", NOW), "", articles=[BANK])]
    )
    assert names(database, "bank", wanted=ArticleFilter("world")) == ["bank"]
    assert names(database, "bank", wanted=ArticleFilter("other")) == []


def test_what_is_deleted_is_found_no_more(database: Database) -> None:
    save_articles(database, [RIVER, BANK], NOW)
    assert index_articles(database) == 2
    assert index_articles(database) == 0
    delete_old_articles(database, "world", NOW.replace(year=2027))
    assert names(database, "bank") == []
    save_articles(database, [BANK], NOW)
    assert names(database, "bank") == ["bank"]
