from datetime import date

from summarizer.retrieval.answers import cluster_facts
from summarizer.retrieval.corpus import Corpus, prepare_corpus
from summarizer.retrieval.stories import TracedStory, join_stories, trace_stories
from summarizer.sources.articles import PublishedFrom
from tests.articles import article

SHARED = "Dodge builds three thousand cars of the new model for the United States this year."
FUEL = f"Ethanol gives the engine of the car more power than petrol does, tests show. {SHARED}"
SEATS = f"Leather seats cost buyers two thousand dollars more, a price list of June says. {SHARED}"


def stories(
    *days: date | None, published_from: PublishedFrom | None = None
) -> tuple[list[TracedStory], Corpus]:
    pages = zip((FUEL, SEATS), days, strict=True)
    corpus = prepare_corpus(
        [
            article(text, f"a{n}", published=day, published_from=published_from)
            for n, (text, day) in enumerate(pages)
        ]
    )
    apart = [t for a in corpus.articles.values() for t in trace_stories(_only(corpus, a.id))]
    return apart, corpus


def _only(corpus: Corpus, source: str) -> Corpus:
    return Corpus({source: corpus.articles[source]}, corpus.boilerplate, corpus.statements)


def joined(*days: date | None, published_from: PublishedFrom | None = None) -> list[int]:
    apart, corpus = stories(*days, published_from=published_from)
    shared = cluster_facts([item for said in corpus.statements.values() for item in said])
    return [len(each.story.articles) for each in join_stories(apart, shared, corpus)]


def test_stories_that_tell_one_fact_are_one_story() -> None:
    assert joined(None, None) == [2]
    assert joined(date(2026, 3, 1), date(2026, 3, 20)) == [2]
    assert joined(None, date(2026, 3, 20)) == [2]


def test_stories_of_different_times_stay_apart() -> None:
    assert joined(date(2026, 3, 1), date(2026, 5, 1)) == [1, 1]


def test_bounds_keep_stories_apart_but_date_none() -> None:
    assert joined(date(2026, 3, 1), date(2026, 5, 1), published_from="text") == [1, 1]
    apart, corpus = stories(date(2026, 3, 1), date(2026, 3, 20), published_from="text")
    shared = cluster_facts([item for said in corpus.statements.values() for item in said])
    assert [each.story.date for each in join_stories(apart, shared, corpus)] == [None]


def test_a_joined_story_has_the_date_of_its_newest_article() -> None:
    apart, corpus = stories(date(2026, 3, 1), date(2026, 3, 20))
    shared = cluster_facts([item for said in corpus.statements.values() for item in said])
    assert [each.story.date for each in join_stories(apart, shared, corpus)] == [date(2026, 3, 20)]


def test_stories_that_share_nothing_stay_as_they_are() -> None:
    apart, corpus = stories(None, None)
    assert join_stories(apart, (), corpus) == apart


def test_every_article_of_a_joined_story_has_an_origin() -> None:
    apart, corpus = stories(None, None)
    shared = cluster_facts([item for said in corpus.statements.values() for item in said])
    (whole,) = join_stories(apart, shared, corpus)
    assert set(whole.origins.origin_by_source) == {article.id for article in whole.story.articles}
