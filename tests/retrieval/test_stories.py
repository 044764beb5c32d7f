from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpus import compose
from summarizer.retrieval.answers import cluster_facts
from summarizer.retrieval.clustering import MAX_LANDMARKS
from summarizer.retrieval.corpus import Corpus, prepare_corpus
from summarizer.retrieval.stories import (
    Story,
    TracedStory,
    group_into_stories,
    join_stories,
    trace_stories,
)
from summarizer.sources.articles import Article, PublishedFrom
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.publication_date import infer_publication_dates
from tests.articles import article, seeds

QUAKE = (
    "A magnitude 6.1 earthquake struck Aceh on Tuesday, killing 35 people and damaging hospitals. "
    "Rescuers searched collapsed houses in Bener Meriah while aftershocks went on. "
    "Zaini Abdullah, the governor of Aceh, asked Jakarta for tents and water."
)
ACEH = (
    QUAKE,
    "Rescuers in Aceh dug through collapsed houses on Wednesday, a day after a 6.1 earthquake "
    "killed 35 people. In Bener Meriah the hospital treats its patients in tents, said the "
    "governor, Zaini Abdullah. Indonesia sent soldiers from Medan.",
    "Indonesia rushed soldiers to Aceh after a strong earthquake. At least 35 people died, most of "
    "them in Bener Meriah, where children were buried when a mosque fell in.",
)
KAIKOURA = (
    "A magnitude 7.8 earthquake hit Kaikoura in New Zealand just after midnight on Monday, killing "
    "two people. John Key, the prime minister, flew over the town and spoke of utter devastation.",
    "Helicopters brought tourists out of Kaikoura on Tuesday after a 7.8 earthquake cut all roads "
    "into the town. Two people died. The navy of New Zealand sent a ship, John Key said.",
    "New Zealand counts the damage of the Kaikoura earthquake: two people dead, the coast "
    "lifted by two metres, the railway to Christchurch torn from its bed.",
)


def parts(stories: tuple[Story, ...]) -> set[frozenset[str]]:
    return {frozenset(a.path or "" for a in story.articles) for story in stories}


def test_the_november_call_is_one_story_and_the_earlier_call_another_before_it() -> None:
    articles = infer_publication_dates(seeds(), {a.id: find_boilerplate(a.text) for a in seeds()})
    november, earlier = group_into_stories(articles)
    assert [len(november.articles), len(earlier.articles)] == [4, 1]
    assert (earlier.articles[0].path or "").startswith("seeds/004")
    assert (earlier.date, november.date) == (None, date(2025, 11, 25))


def test_look_alike_events_stay_apart_and_one_event_together() -> None:
    aceh = [article(text, f"aceh{n}") for n, text in enumerate(ACEH)]
    kaikoura = [article(text, f"kaikoura{n}") for n, text in enumerate(KAIKOURA)]
    found = parts(group_into_stories([*aceh, *kaikoura]))
    assert found == {frozenset(a.path or "" for a in event) for event in (aceh, kaikoura)}


def test_the_same_words_half_a_year_later_are_another_story() -> None:
    day = date(2025, 3, 1)
    first = article(QUAKE + " Schools stay closed.", "first", published=day)
    assert (
        len(group_into_stories([first, article(QUAKE, "soon", published=day + timedelta(days=2))]))
        == 1
    )
    assert (
        len(
            group_into_stories([first, article(QUAKE, "late", published=day + timedelta(days=180))])
        )
        == 2
    )


def test_look_alikes_stay_apart_in_a_collection_of_three() -> None:
    aceh, other = [article(text, f"aceh{n}") for n, text in enumerate(ACEH[:2])], KAIKOURA[0]
    found = parts(group_into_stories([*aceh, article(other, "kaikoura")]))
    assert found == {frozenset({"aceh0.txt", "aceh1.txt"}), frozenset({"kaikoura.txt"})}


def test_one_event_told_by_more_outlets_than_are_compared_in_full_is_one_story() -> None:
    outlets = 2 * MAX_LANDMARKS
    rows = compose(outlets, Path("no data: the seeds"), sizes=(outlets,))
    told = [article(row["text"], row["id"]) for row in rows]
    assert [len(story.articles) for story in group_into_stories(told)] == [outlets]


def test_todays_articles_continue_yesterdays_stories_which_keep_their_names() -> None:
    aceh = [article(text, f"aceh{n}") for n, text in enumerate(ACEH)]
    kaikoura = [article(text, f"kaikoura{n}") for n, text in enumerate(KAIKOURA)]
    known = group_into_stories([*aceh[:2], *kaikoura[:1]])
    today = [aceh[2], kaikoura[1], article("The orchestra played Mahler in Vienna.", "mahler")]
    found = {story.id: story for story in group_into_stories(today, known)}
    assert parts(tuple(found.values())) == {
        frozenset({"aceh0.txt", "aceh1.txt", "aceh2.txt"}),
        frozenset({"kaikoura0.txt", "kaikoura1.txt"}),
        frozenset({"mahler.txt"}),
    }
    assert {story.id for story in known} < found.keys()
    for story in known:
        assert set(story.articles) < set(found[story.id].articles)


def test_known_stories_stay_as_they_are_without_news() -> None:
    known = group_into_stories([article(text, str(n)) for n, text in enumerate((*ACEH, *KAIKOURA))])
    assert group_into_stories([], known) == known
    assert group_into_stories(known[0].articles, known) == known


def test_known_stories_are_never_joined_even_when_they_are_one_event() -> None:
    apart = [group_into_stories([article(text, f"aceh{n}")])[0] for n, text in enumerate(ACEH[:2])]
    found = group_into_stories([article(ACEH[2], "aceh2")], apart)
    assert {story.id for story in found} == {story.id for story in apart}
    assert sorted(len(story.articles) for story in found) == [1, 2]


def test_unrelated_articles_are_stories_of_their_own() -> None:
    stories = group_into_stories(
        [article("The orchestra played Mahler in Vienna."), article("Wheat prices fell.", "b")]
    )
    assert [len(story.articles) for story in stories] == [1, 1]


def test_a_thousand_copies_of_one_article_are_one_story() -> None:
    copies = [article(QUAKE, f"copy{n}") for n in range(1000)]
    (story,) = group_into_stories(copies)
    assert len(story.articles) == 1000


@given(st.permutations(seeds()))
def test_the_order_of_reading_changes_nothing(articles: list[Article]) -> None:
    assert parts(group_into_stories(articles)) == parts(group_into_stories(seeds()))
    assert [s.id for s in group_into_stories(articles)] == [
        s.id for s in group_into_stories(seeds())
    ]


@given(st.lists(st.text(max_size=40), max_size=6))
def test_every_article_is_in_exactly_one_story(texts: list[str]) -> None:
    articles = [article(text, str(n)) for n, text in enumerate(texts)]
    found = [a.id for story in group_into_stories(articles) for a in story.articles]
    assert sorted(found) == sorted(a.id for a in articles)


def test_the_date_of_a_story_is_that_of_its_newest_article_whose_date_is_known() -> None:
    assert group_into_stories([article(QUAKE)])[0].date is None
    first = article(QUAKE, "x", published=date(2025, 3, 2))
    newest = article(QUAKE + " Schools stay closed.", "y", published=date(2025, 3, 3))
    bound = article(QUAKE + " Shops open.", "b", published=date(2025, 3, 5), published_from="text")
    assert group_into_stories([first, newest, bound])[0].date == date(2025, 3, 3)
    assert group_into_stories([bound])[0].date is None


def test_an_article_whose_date_is_only_bounded_comes_after_the_dated_ones() -> None:
    bound = article(QUAKE, "b", published=date(2025, 3, 1), published_from="text")
    dated = article(QUAKE + " Shops open.", "z", published=date(2025, 3, 3))
    assert group_into_stories([bound, dated])[0].articles == (dated, bound)


SHARED = "Dodge builds three thousand cars of the new model for the United States this year."
FUEL = f"Ethanol gives the engine of the car more power than petrol does, tests show. {SHARED}"
SEATS = f"Leather seats cost buyers two thousand dollars more, a price list of June says. {SHARED}"


def separate_stories(
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
    apart, corpus = separate_stories(*days, published_from=published_from)
    shared = cluster_facts([item for own in corpus.statements.values() for item in own])
    return [len(each.story.articles) for each in join_stories(apart, shared, corpus)]


def test_stories_that_report_one_fact_are_joined() -> None:
    assert joined(None, None) == [2]
    assert joined(date(2026, 3, 1), date(2026, 3, 20)) == [2]
    assert joined(None, date(2026, 3, 20)) == [2]


def test_stories_of_different_times_stay_apart() -> None:
    assert joined(date(2026, 3, 1), date(2026, 5, 1)) == [1, 1]


def test_bounds_keep_stories_apart_but_date_none() -> None:
    assert joined(date(2026, 3, 1), date(2026, 5, 1), published_from="text") == [1, 1]
    apart, corpus = separate_stories(date(2026, 3, 1), date(2026, 3, 20), published_from="text")
    shared = cluster_facts([item for own in corpus.statements.values() for item in own])
    assert [each.story.date for each in join_stories(apart, shared, corpus)] == [None]


def test_the_newest_article_is_that_of_the_latest_time_in_any_zone() -> None:
    tokyo = datetime.fromisoformat("2025-11-25T00:20:00+09:00")
    paris = datetime.fromisoformat("2025-11-24T18:00:00+01:00")
    first = article(QUAKE, "x", published=tokyo)
    newest = article(QUAKE + " Schools stay closed.", "y", published=paris)
    (story,) = group_into_stories([newest, first])
    assert [each.id for each in story.articles] == [first.id, newest.id]
    assert story.date == date(2025, 11, 24)


def test_a_joined_story_has_the_date_of_its_newest_article() -> None:
    apart, corpus = separate_stories(date(2026, 3, 1), date(2026, 3, 20))
    shared = cluster_facts([item for own in corpus.statements.values() for item in own])
    assert [each.story.date for each in join_stories(apart, shared, corpus)] == [date(2026, 3, 20)]


def test_stories_that_share_nothing_stay_as_they_are() -> None:
    apart, corpus = separate_stories(None, None)
    assert join_stories(apart, (), corpus) == apart


def test_every_article_of_a_joined_story_has_an_origin() -> None:
    apart, corpus = separate_stories(None, None)
    shared = cluster_facts([item for own in corpus.statements.values() for item in own])
    (whole,) = join_stories(apart, shared, corpus)
    assert set(whole.origins.origin_by_source) == {article.id for article in whole.story.articles}
