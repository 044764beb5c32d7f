import time
from datetime import UTC, date, datetime, timedelta
from itertools import islice, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.briefing import Briefing
from summarizer.checking.verify import verify_briefing
from summarizer.errors import NothingToDeliver
from summarizer.pipeline import create_briefing
from summarizer.retrieval.corpus import prepare_corpus
from summarizer.retrieval.search import MAX_EVIDENCE_CHUNKS
from summarizer.retrieval.stories import trace_stories
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.languages import count_words
from tests.articles import article, seed, seeds
from tests.retrieval.test_stories import ACEH, KAIKOURA

NOW = datetime(2025, 11, 26, tzinfo=UTC)


def told(*articles: Article, **options: object) -> Briefing:
    return create_briefing(articles, Settings(**options), now=NOW)  # type: ignore[arg-type]


def check_sound(briefing: Briefing, articles: list[Article]) -> None:
    """The contract: every sentence is cited, every citation stands in its source's own text."""
    texts = {a.id: a.text for a in articles}
    hashes = {a.id: a.sha256 for a in articles}
    assert list(briefing.all_sentences())
    for sentence in briefing.all_sentences():
        assert sentence.citations
        assert sentence.verdict in ("supported", "unverified")
        assert 1 <= sentence.origins <= len({c.source for c in sentence.citations})
        for citation in sentence.citations:
            assert texts[citation.source][citation.start : citation.end] == citation.quote
    for chunk in briefing.chunks:
        assert texts[chunk.source][chunk.start : chunk.end] == chunk.text
    assert {s.id: s.sha256 for s in briefing.sources} == hashes


SEEDS = told(*seeds())


def test_the_seeds_are_sound() -> None:
    check_sound(SEEDS, seeds())


def test_nothing_of_the_earlier_call_is_told_as_part_of_the_november_one() -> None:
    november, earlier = SEEDS.stories
    assert {c.source for s in earlier.all_sentences() for c in s.citations} == {seed(4).id}
    assert seed(4).id not in {c.source for s in november.all_sentences() for c in s.citations}
    assert (earlier.date, november.date) == (None, date(2025, 11, 25))
    assert SEEDS.title == "Briefing, 25 November 2025"


def test_a_bound_that_the_text_implies_dates_no_briefing() -> None:
    briefing = told(article(f"{ACEH[0]} The dead were buried on 4 March 2025."))
    assert briefing.sources[0].published_from == "text"
    assert briefing.sources[0].published == date(2025, 3, 4)
    assert (briefing.title, briefing.stories[0].date) == ("Briefing of 1 article", None)


FERRY = (
    "A ferry sank off Mirel yesterday with 40 people on board, the coast guard of Mirel said. "
    "Divers from Ostby searched the hull of the ferry for its captain today."
)
FERRY_LATER = (
    "The captain of the ferry that sank off Mirel was found dead on Tuesday, the coast guard of "
    "Mirel said. The ferry had 40 people on board."
)


def test_a_relative_day_is_told_with_its_day_if_the_storys_date_would_change_it() -> None:
    articles = [
        article(FERRY, "a", published=date(2025, 11, 22)),
        article(FERRY_LATER, "b", published=date(2025, 11, 26)),
    ]
    briefing = told(*articles)
    (story,) = briefing.stories
    assert story.date == date(2025, 11, 26)
    assert "on Tuesday, the coast" in story.headline.text
    texts = [each.text for each in story.all_sentences()]
    assert any("today (22 Nov)" in text for text in texts)
    assert not any("yesterday with" in text for text in texts)
    by_id = {each.id: each for each in articles}
    assert verify_briefing(briefing, lambda source: by_id[source.id]).failures == ()


def test_an_article_from_the_future_is_a_finding_and_dates_nothing() -> None:
    ahead = article(FERRY, "a", published=NOW + timedelta(days=3))
    briefing = told(ahead)
    assert (briefing.title, briefing.stories[0].date) == ("Briefing of 1 article", None)
    (found,) = (each for each in briefing.findings if each.kind == "future_date")
    assert (found.source, found.action) == (ahead.id, "set_aside")


def test_furniture_is_never_cited_and_always_told() -> None:
    aside = [f for f in SEEDS.findings if f.kind == "boilerplate"]
    assert {f.detail.split(":")[0] for f in aside} >= {"foreign", "teaser", "copyright", "caption"}
    texts = {a.id: a.text for a in seeds()}
    for finding in aside:
        assert finding.source is not None
        assert texts[finding.source][finding.start : finding.end] == finding.text
    spans = {f.source: (f.start, f.end) for f in aside}
    for sentence in SEEDS.all_sentences():
        for citation in sentence.citations:
            start, end = spans.get(citation.source, (0, 0))
            assert not (citation.start < (end or 0) and (start or 0) < citation.end)


def test_two_translations_are_no_disagreement_and_a_spelling_is_beside_its_source() -> None:
    assert not any(story.disagreements for story in SEEDS.stories)
    assert (SEEDS.report.disagreements, SEEDS.report.updates) == (0, 0)
    (spelling,) = [f for f in SEEDS.findings if f.kind == "spelling"]
    assert (spelling.text, spelling.source) == ("Howard Rutnik", seed(2).id)
    text = " ".join(str(SEEDS).split())
    assert "writes “Howard Rutnik” (other sources write Howard Lutnick)" in text


def test_a_sentence_of_two_rewrites_of_one_wire_rests_on_one_origin() -> None:
    both = {seed(0).id, seed(1).id}
    longer = told(*seeds(), words=500).stories[0].sentences
    cited_by = [(s, {c.source for c in s.citations}) for s in longer]
    rewritten, cited = next(pair for pair in cited_by if pair[1] >= both)
    assert rewritten.origins == len(cited) - 1


def test_the_report_counts_what_is_there() -> None:
    report = SEEDS.report
    assert report.sentences == report.supported == len(list(SEEDS.all_sentences()))
    assert (report.sources_read, report.origins, report.model_calls) == (5, 4, 0)
    assert report.citation_recall == 1
    assert report.citation_precision is not None
    assert report.citation_precision > 0.9
    assert 0 < report.facts_covered <= report.facts_found
    assert report.cost_usd is None


def test_the_same_articles_give_the_same_bytes_whenever_and_in_whatever_order() -> None:
    later = create_briefing(seeds(), Settings(), now=NOW + timedelta(days=9))
    assert later.model_copy(update={"created": SEEDS.created}) == SEEDS
    assert later.id == SEEDS.id
    turned = told(*reversed(seeds()))
    assert [s.text for s in turned.all_sentences()] == [s.text for s in SEEDS.all_sentences()]


@pytest.mark.parametrize("words", [45, 100, 200, 300, 600])
def test_the_length_is_about_what_was_asked_for(words: int) -> None:
    briefing = told(*seeds(), words=words)
    length = sum(
        count_words(s.text)
        for story in briefing.stories
        for s in (story.headline, *story.sentences)
    )
    assert length <= 1.15 * words + 20


def test_a_focus_steers_story_and_sentence() -> None:
    quakes = [article(text, f"q{n}") for n, text in enumerate((*ACEH, *KAIKOURA))]
    briefing = told(*quakes, focus="New Zealand earthquake", words=60)
    assert "Kaikoura" in briefing.stories[0].headline.text


def test_a_focus_that_nothing_speaks_of_is_said() -> None:
    with pytest.raises(NothingToDeliver, match="no article speaks of “zyxwv”"):
        told(*seeds(), focus="zyxwv")


def test_sources_beyond_the_evidence_are_counted_not_lost() -> None:
    copies = [article(ACEH[0], f"copy{n}") for n in range(410)]
    briefing = told(*copies)
    cited = {c.source for s in briefing.all_sentences() for c in s.citations}
    unused = {f.source for f in briefing.findings if f.kind == "unused"}
    assert len(unused) == 10
    assert not cited & unused


def test_stories_that_do_not_fit_are_counted_not_lost() -> None:
    quakes = [article(text, f"q{n}") for n, text in enumerate((*ACEH, *KAIKOURA))]
    briefing = told(*quakes, words=45)
    assert len(briefing.stories) == 1
    assert len([f for f in briefing.findings if f.kind == "unused"]) == 3
    assert len(briefing.sources) == 6


@pytest.mark.parametrize(
    "articles",
    [[], [article("")], [article("He said so.")], [article("Details\nMore")]],
)
def test_nothing_to_tell_is_said(articles: list[Article]) -> None:
    with pytest.raises(NothingToDeliver):
        told(*articles)


def test_one_article_is_a_briefing() -> None:
    check_sound(told(seed(3)), [seed(3)])


def test_copies_of_one_article_are_many_sources_and_one_origin() -> None:
    copies = [article(seed(3).text, f"copy{n}") for n in range(30)]
    briefing = told(*copies)
    check_sound(briefing, copies)
    assert briefing.report.origins == 1
    assert all(sentence.origins == 1 for sentence in briefing.all_sentences())
    assert all(len(sentence.citations) == 30 for sentence in briefing.stories[0].sentences)


def test_two_languages_are_a_sensible_briefing() -> None:
    spanish = article(
        "El presidente de China, Xi Jinping, habló por teléfono con Donald Trump sobre Taiwán. "
        "Los dos gobiernos negocian todavía las exportaciones de tierras raras de Pekín.",
        "es",
        language="es",
    )
    chinese = article(
        "国家主席习近平星期一晚同美国总统特朗普通电话,讨论台湾问题。"
        "外交部发言人毛宁说,中美元首通话是积极、友好、建设性的。",
        "zh",
        language="zh",
    )
    articles = [*seeds(), spanish, chinese]
    briefing = told(*articles, words=400)
    check_sound(briefing, articles)
    assert briefing.language == "en"


def test_a_story_is_told_in_the_language_of_most_and_the_others_are_named() -> None:
    english = (
        "Four people died when an earthquake of magnitude 6.1 hit Kellbrück on Monday. "
        "Mayor Anna Feld said that 230 people had lost their homes."
    )
    german = (
        "Ein Erdbeben der Stärke 6,1 hat am Montag die Stadt Kellbrück erschüttert. "
        "Bürgermeisterin Anna Feld rief die Bewohner auf, im Freien zu bleiben."
    )
    articles = [article(german, "a", language="de"), article(english, "b", language="en")]
    elsewhere = {
        "de": "Der Stadtrat von Lindau hat am Freitag den Bau eines Museums für Uhren beschlossen.",
        "en": "The council of Lindau agreed on Friday to build a museum of clocks by the harbour.",
    }
    for language, text in elsewhere.items():
        third = article(text, "c", language=language)
        briefing = told(*articles, third)
        check_sound(briefing, [*articles, third])
        texts = " ".join(sentence.text for sentence in briefing.all_sentences())
        assert ("Montag" in texts, "Monday" in texts) == (language == "de", language == "en")
        (left,) = [each for each in articles if each.language != language]
        unused = {each.source: each.detail for each in briefing.findings if each.kind == "unused"}
        assert list(unused) == [left.id]
        assert "and its story is written in" in unused[left.id]


def test_a_further_source_that_says_something_else_of_the_same_person_is_not_cited() -> None:
    one = article(
        "A strong earthquake shook the town of Kellbrück on Monday morning. "
        "Mayor Anna Feld asked residents to stay outdoors.",
        "a",
    )
    other = article(
        "An earthquake of magnitude 6.1 hit the town of Kellbrück on Monday. "
        "Mayor Anna Feld said that 230 people had lost their homes.",
        "b",
    )
    briefing = told(one, other)
    cited = {
        sentence.text: {citation.source for citation in sentence.citations}
        for sentence in briefing.all_sentences()
    }
    assert cited["Mayor Anna Feld asked residents to stay outdoors."] == {one.id}


def test_a_thousand_copies_are_told_once() -> None:
    copies = [article(ACEH[0], f"copy{n}") for n in range(1000)]
    briefing = told(*copies)
    check_sound(briefing, copies)
    texts = [sentence.text for sentence in briefing.all_sentences()]
    assert len(briefing.stories) == briefing.report.origins == 1
    assert len(texts) == len(set(texts)) <= 3


def test_many_copies_of_an_article_tell_as_much_as_it_does_alone() -> None:
    copies = [article(seed(3).text, f"copy{n}") for n in range(MAX_EVIDENCE_CHUNKS)]
    alone = [sentence.text for sentence in told(copies[0]).all_sentences()]
    assert [sentence.text for sentence in told(*copies).all_sentences()] == alone


def test_articles_without_dates_are_stories_without_dates() -> None:
    quakes = [article(text, f"q{n}") for n, text in enumerate((*ACEH, *KAIKOURA))]
    briefing = told(*quakes)
    check_sound(briefing, quakes)
    assert [story.date for story in briefing.stories] == [None, None]


def test_articles_of_one_sentence_are_told_without_repeating_it() -> None:
    lines = [article(text.partition(". ")[0] + ".", f"s{n}") for n, text in enumerate(ACEH)]
    briefing = told(*lines)
    check_sound(briefing, lines)
    texts = [sentence.text.rstrip(".") for sentence in briefing.all_sentences()]
    assert len(texts) == len(set(texts))


def test_a_story_of_five_hundred_is_told_once_and_soon() -> None:
    lines = [line.strip(" .") + "." for text in ACEH for line in text.split(". ")]
    orders = islice(permutations(lines), 0, 500 * 700, 700)
    many = [article(" ".join(order), f"a{n}") for n, order in enumerate(orders)]
    start = time.process_time()
    briefing = told(*many)
    assert time.process_time() - start < 15
    check_sound(briefing, many)
    assert len(briefing.stories) == 1
    texts = [sentence.text for sentence in briefing.stories[0].sentences]
    assert len(texts) == len(set(texts)) >= 3


@settings(max_examples=25)
@given(st.lists(st.text(max_size=120), min_size=1, max_size=4))
def test_any_texts_are_a_sound_briefing_or_said_to_be_none(texts: list[str]) -> None:
    articles = [article(text.replace("\r", ""), f"a{n}") for n, text in enumerate(texts)]
    try:
        briefing = told(*articles)
    except NothingToDeliver:
        return
    check_sound(briefing, articles)


def test_every_story_of_every_article_is_traced() -> None:
    traced = trace_stories(prepare_corpus(seeds()))
    assert sorted(a.id for t in traced for a in t.story.articles) == sorted(a.id for a in seeds())
    assert [t.origin_count for t in traced] == [3, 1]
