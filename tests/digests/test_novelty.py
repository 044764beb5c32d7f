"""Fourteen labelled days: nothing twice, nothing lost, every update called one."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from summarizer.briefing import Briefing
from summarizer.digests.config import DigestConfig
from summarizer.digests.delivery.config import FileDelivery
from summarizer.digests.edition import EditionInput, write_edition
from summarizer.digests.novelty import (
    KnownSentences,
    representative_articles,
    without_repeats,
)
from summarizer.edition import Edition, SourceCounts
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.source_state import SubscribedSource
from summarizer.store.database import Database, open_store
from summarizer.store.editions import (
    RegisteredDigest,
    finish_edition,
    open_edition,
    register_digest,
)
from summarizer.store.snapshots import (
    SourceStatus,
    SourceUpdate,
    claim_inbox,
    load_articles,
    save_source_updates,
)
from summarizer.store.story_history import (
    STORY_LIFETIME_DAYS,
    StoryFact,
    find_story,
    load_story_history,
    save_edition,
    story_facts,
)
from tests.articles import seeds
from tests.digests import archive

CONFIG = DigestConfig(
    name="world",
    schedule="0 6 * * *",
    timezone="UTC",
    sources=(SubscribedSource("feed", "http://127.0.0.1/feed"),),
    deliveries=(FileDelivery(kind="file", name="file", path="/tmp/{edition}.json"),),  # noqa: S108
    stories=10,
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_store(str(tmp_path_factory.mktemp("store") / "store.db"))
    register_digest(
        opened, RegisteredDigest("world", "world.toml", CONFIG.model_dump_json()), archive.FIRST_DAY
    )
    yield opened
    opened.close()


def article(page: archive.Page) -> Article:
    return Article(
        text=page.text,
        url=f"https://{page.link[1:]}",
        title=page.title,
        publisher=page.link.split("/")[1],
        published=page.published.date(),
        published_from="page",
        language="en",
    )


def edition_of(database: Database, number: int) -> Edition:
    now = archive.FIRST_DAY + timedelta(days=number)
    record = open_edition(database, "world", now, now)
    read = [article(page) for page in archive.DAYS[number].pages]
    save_source_updates(database, "world", [SourceUpdate(SourceStatus("feed", now), "{}", read)])
    history = load_story_history(
        database,
        "world",
        now.date() - timedelta(days=STORY_LIFETIME_DAYS),
        now.date() - timedelta(days=3),
    )
    given = EditionInput(
        config=CONFIG,
        record=record,
        today=claim_inbox(database, "world", record.id),
        earlier=load_articles(database, representative_articles(history)),
        history=history,
        counts=SourceCounts(sources=1, read=1, articles_new=len(read)),
    )
    result = write_edition(given, nullcontext())
    assert save_edition(database, result.edition, result.stories, result.facts, now)
    finish_edition(database, record.id, now)
    return result.edition


@pytest.fixture(scope="module")
def editions(database: Database) -> list[Edition]:
    return [edition_of(database, number) for number in range(len(archive.DAYS))]


def events_of(edition: Edition) -> dict[str, str]:
    """Event -> id of the story that tells it, by the addresses that are cited."""
    assert edition.briefing
    names = {s.id: s.url.rsplit("/", 1)[1].split("-")[0] for s in edition.briefing.sources if s.url}
    return {
        names[sentence.citations[0].source]: story.id
        for story in edition.briefing.stories
        for sentence in story.all_sentences()
    }


@pytest.mark.parametrize("number", range(len(archive.DAYS)))
def test_every_story_is_what_its_label_says(editions: list[Edition], number: int) -> None:
    edition, expected = editions[number], archive.DAYS[number].expected
    told = events_of(edition) if edition.briefing else {}
    found = {event: "update" if edition.update(story) else "new" for event, story in told.items()}
    assert found == {event: kind for event, kind in expected.items() if kind != "unchanged"}
    unchanged = [each.title for each in edition.left_out if each.reason == "unchanged"]
    assert len(unchanged) == sum(kind == "unchanged" for kind in expected.values())
    assert edition.kind == ("full" if found else "quiet")


def test_no_sentence_is_told_twice(editions: list[Edition]) -> None:
    told = [s.text for e in editions if e.briefing for story in e.briefing.stories
            for s in (story.headline, *story.sentences)]  # fmt: skip
    headlines = [
        story.headline.text for e in editions if e.briefing for story in e.briefing.stories
    ]
    assert len(headlines) == len(set(headlines))
    sentences = [text for text in told if text not in headlines]
    assert len(sentences) == len(set(sentences))


def test_an_update_tells_what_is_new_and_nothing_else(editions: list[Edition]) -> None:
    known = {line for event in archive.EVENTS.values() for line in (*event.report, *event.rewrite)}
    for edition in editions:
        for update in edition.updates:
            assert edition.briefing
            story = next(s for s in edition.briefing.stories if s.id == update.story)
            quotes = {c.quote for s in story.all_sentences() for c in s.citations}
            assert not [quote for quote in quotes if any(quote in line for line in known)]


def test_a_story_keeps_its_id_and_can_be_explained(
    database: Database, editions: list[Edition]
) -> None:
    first, later = events_of(editions[0])["dam"], events_of(editions[5])["dam"]
    assert first == later
    digest, story = find_story(database, first)
    assert (digest, story.told) == ("world", 3)
    assert [str(each) for each in (story.first, story.last)] == ["2026-03-02", "2026-03-07"]
    told_in = dict.fromkeys(name for name, fact in story_facts(database, first) if fact.told)
    assert list(told_in) == [editions[0].id, editions[2].id, editions[5].id]


def briefing_of_seeds() -> Briefing:
    return create_briefing(seeds(), Settings(words=150), now=datetime(2025, 11, 25, tzinfo=UTC))


def test_a_known_sentence_leaves_an_update() -> None:
    briefing = briefing_of_seeds()
    story = briefing.stories[0]
    known = KnownSentences([StoryFact(story.id, story.sentences[0].text, "en", told=True)])
    left = without_repeats(briefing, known, {story.id})
    assert left.stories[0].sentences == story.sentences[1:]
    assert left.stories[0].headline == story.headline
    (finding,) = [each for each in left.findings if each not in briefing.findings]
    assert (finding.kind, finding.action) == ("duplicate", "dropped")
    assert finding.text == story.sentences[0].text
    assert left.report.sentences == briefing.report.sentences - 1
    assert left.id == left.identity() != briefing.id
    assert Briefing.model_validate_json(left.model_dump_json()) == left


def test_a_new_story_keeps_all_of_its_sentences() -> None:
    briefing = briefing_of_seeds()
    known = KnownSentences(
        [StoryFact("t-1", s.text, "en", told=True) for s in briefing.all_sentences()]
    )
    assert without_repeats(briefing, known, set()) is briefing


def test_other_figures_and_other_names_are_other_sentences() -> None:
    known = KnownSentences(
        [StoryFact("t", "A quake of 5.1 shook Lorvik and 12 people died.", "en", told=True)]
    )
    assert known.has_sentence("A quake of 5.1 shook Lorvik and twelve people died.", "en")
    assert not known.has_sentence("A quake of 5.1 shook Lorvik and 14 people died.", "en")
    assert not known.has_sentence("A quake of 5.1 shook Brenna and 12 people died.", "en")
