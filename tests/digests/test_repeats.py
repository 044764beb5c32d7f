"""What a model tells although readers know it is dropped, and told among the findings."""

from datetime import UTC, datetime

from summarizer.briefing import Briefing
from summarizer.digests.novelty import KnownSentences, without_repeats
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.store.story_history import StoryFact
from tests.articles import seeds


def made() -> Briefing:
    return create_briefing(seeds(), Settings(words=150), now=datetime(2025, 11, 25, tzinfo=UTC))


def test_a_known_sentence_leaves_an_update() -> None:
    briefing = made()
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
    briefing = made()
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
