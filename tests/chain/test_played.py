"""Invented collections (``evals/fixtures/written``) played with replies that were written as an
excellent model would write them, with errors planted in them, and with replies that are spoilt.

Each collection has a contested act, a figure that moves or differs, and an event that looks alike.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from summarizer.briefing import Briefing
from summarizer.errors import ModelRefused
from summarizer.models.protocol import Completion, CompletionRequest
from summarizer.models.replay import ReplayedModel, ScriptedModel, ScriptedReply
from summarizer.pipeline import create_briefing
from summarizer.rendering.formats import render_document
from summarizer.rendering.phrases import unwritten_notice
from summarizer.settings import Settings
from summarizer.text.languages import count_words
from tests.articles import article
from tests.chain.recording import COLLECTIONS, NOW, RECORDING, REPLIES, play, tell, write_by_hand
from tests.checking.held import FIRE, PAPER
from tests.writing.chains import linked

MAX_CHANGED_SHARE = 0.03
WORDS_TOLERANCE = 0.10


def lines(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every line of a reply: text and the words that it rests on."""
    if isinstance(value, dict):
        if "text" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from lines(each)


@pytest.fixture(scope="module")
def played() -> Mapping[str, tuple[Briefing, Mapping[str, Any]]]:
    """Collection -> its briefing, and the replies that it was made of."""
    briefings = {
        name: (play(each, write_by_hand(each["replies"])), each["replies"])
        for name, each in COLLECTIONS.items()
    }
    seeds = tell(ReplayedModel(RECORDING)), json.loads(REPLIES.read_text(encoding="utf-8"))
    return briefings | {"seeds": seeds}


def test_faithful_drafts_are_told_as_they_are(
    played: Mapping[str, tuple[Briefing, Mapping[str, Any]]],
) -> None:
    written = [
        (name, line["text"]) for name, (_, replies) in played.items() for line in lines(replies)
    ]
    told = {
        (name, sentence.text)
        for name, (briefing, _) in played.items()
        for sentence in briefing.all_sentences()
    }
    changed = [each for each in written if each not in told]
    assert len(written) > 40
    assert len(changed) <= MAX_CHANGED_SHARE * len(written), changed


def test_every_clause_has_the_words_that_carry_it(
    played: Mapping[str, tuple[Briefing, Mapping[str, Any]]],
) -> None:
    """The words that the author rests a sentence on are in what the reader is shown for it; those
    of the synopsis are words of the stories."""
    for briefing, replies in played.values():
        quotes = {
            sentence.text: " | ".join(c.quote for c in sentence.citations)
            for sentence in briefing.all_sentences()
        }
        bare = [
            (line["text"], words)
            for line in lines(replies["write"])
            for words in line["at"]
            if line["text"] in quotes and words not in quotes[line["text"]]
        ]
        assert bare == []


@pytest.mark.parametrize("name", COLLECTIONS)
def test_no_planted_error_is_told(name: str) -> None:
    collection = {**COLLECTIONS[name], "words": 600}  # room for all, so that each is checked
    briefing = play(collection, write_by_hand(collection["replies"], collection["planted"]))
    planted = {each["text"] for each in collection["planted"]}
    told = {sentence.text for sentence in briefing.all_sentences()}
    assert not planted & told
    assert planted <= {finding.text for finding in briefing.findings}, "none goes in silence"
    faithful = {line["text"] for line in lines(collection["replies"]["write"])}
    assert faithful <= told, "an error takes nothing with it"


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_words_are_kept(name: str) -> None:
    """Disagreements and the synopsis included."""
    briefing = play(
        {**COLLECTIONS[name], "words": 200}, write_by_hand(COLLECTIONS[name]["replies"])
    )
    assert abs(_words(briefing) - 200) <= WORDS_TOLERANCE * 200


def test_the_words_of_the_seeds_are_kept(
    played: Mapping[str, tuple[Briefing, Mapping[str, Any]]],
) -> None:
    # Its replies fill the length with blocks that are no longer shown.
    assert 250 <= _words(played["seeds"][0]) <= 300 * (1 + WORDS_TOLERANCE)


def _words(briefing: Briefing) -> int:
    return sum(count_words(sentence.text) for sentence in briefing.all_sentences())


def test_what_matters_is_told(played: Mapping[str, tuple[Briefing, Mapping[str, Any]]]) -> None:
    """Accusation and denial side by side, the later toll, and what comes next."""
    ferries, school = (
        {story.headline.text: [s.text for s in story.sentences] for story in briefing.stories}
        for briefing in (played["ferries"][0], played["school"][0])
    )
    collision = next(texts for headline, texts in ferries.items() if "Aurelia" in headline)
    accused = next(at for at, text in enumerate(collision) if "accused the operator" in text)
    assert "who rejected the accusation" in collision[accused + 1]
    assert collision[0].startswith("Nine people died")
    assert any("20 March" in text for text in collision)
    assert not any("Marisol" in text for text in collision)
    vote = next(texts for headline, texts in school.items() if "Mill Lane" in headline)
    accused = next(at for at, text in enumerate(vote) if text.startswith("Parents accused"))
    assert vote[accused + 1].startswith("Lind denied it")
    (dispute,) = played["school"][0].stories[0].disagreements
    assert dispute.topic == "the result of the vote"
    assert len(played["school"][0].synopsis) == 2


HEAD = {"text": "A fire destroyed a depot in Bern on Monday evening", "keys": ["a1"]}
TOLD = "Twelve people were injured."
GOOD: dict[str, Any] = {
    "headline": HEAD,
    "sentences": [{"text": TOLD, "keys": ["a1"], "importance": 1}],
    "disagreements": [],
}
REPLY = json.dumps(GOOD)


def with_sentences(*sentences: Any) -> str:
    return json.dumps({**GOOD, "sentences": sentences})


HEALED: Mapping[str, ScriptedReply | list[ScriptedReply]] = {
    "prose around": f"Certainly! Here it is:\n{REPLY}\nShall I go on?",
    "fences": f"```json\n{REPLY}\n```",
    "thoughts": f"<think>First {{the}} depot.</think>{REPLY}",
    "cut off, then whole": [Completion(text=REPLY[:90], finish="length"), REPLY],
    "cut off twice": Completion(
        text=with_sentences(GOOD["sentences"][0], {"text": "The mayor", "keys": ["a1"]})[:-70],
        finish="length",
    ),
    "empty, then whole": ["", REPLY],
    "all spent on thoughts, then whole": [Completion(text="", finish="length"), REPLY],
    "unknown keys": with_sentences({"text": TOLD, "keys": ["z9", "[4]"]}),
    "no keys": with_sentences({"text": TOLD}),
    "keys inside": with_sentences({"text": "Twelve people were injured [a1]. ⟦a1⟧"}),
    "bold": with_sentences({"text": "**Twelve people** were injured.", "keys": "a1"}),
    "twice": with_sentences(*GOOD["sentences"] * 2),
    "endless": with_sentences(*GOOD["sentences"], *[{"text": f"And {n}."} for n in range(3000)]),
    "more fields": json.dumps({**GOOD, "notes": "I was careful.", "confidence": 0.9}),
}
"""What a reply may look like and still be told: what is good in it is."""

LOST: Mapping[str, ScriptedReply] = {
    "truncated": Completion(text='{"headline": {"te', finish="length"),
    "empty": "",
    "all spent on thoughts": Completion(text="", finish="length"),
    "refusal": "I'm sorry, but I can't help with that.",
    "refusal by the provider": ModelRefused("the model refuses to answer"),
    "tool call": '{"tool_calls": [{"name": "search", "arguments": {"q": "fire"}}]}',
    "another schema": '{"summary": "A fire destroyed a depot."}',
    "other language": json.dumps(
        {
            "headline": {"text": "Brand zerstört ein Depot in Bern am Montagabend", "keys": ["a1"]},
            "sentences": [
                {
                    "text": "Bei dem Brand eines Depots in Bern wurden zwölf Menschen verletzt.",
                    "keys": ["a1"],
                }
            ],
            "disagreements": [],
        }
    ),
}
"""Replies with nothing to tell: the briefing is written without the model, and says so."""

ARTICLES = [article(FIRE, "fire"), article(PAPER, "paper")]


def told(replies: ScriptedReply | list[ScriptedReply]) -> tuple[Briefing, ScriptedModel]:
    queue = list(replies) if isinstance(replies, list) else []

    def reply(request: CompletionRequest) -> ScriptedReply:
        if request.step != "write":
            return json.dumps({"sentences": []})
        if isinstance(replies, list):
            return queue.pop(0)
        return replies

    model = ScriptedModel(reply)
    settings = Settings(words=60)
    return create_briefing(ARTICLES, settings, now=NOW, chain=linked(model)), model


@pytest.mark.parametrize("fault", HEALED)
def test_what_is_good_in_a_spoilt_reply_is_told(fault: str) -> None:
    briefing, model = told(HEALED[fault])
    assert briefing.writer == "openai/x"
    assert [s.text for s in briefing.stories[0].sentences] == [TOLD]
    assert unwritten_notice(briefing) == ""
    assert len(briefing.findings) < 40, "one for all that is cut"
    keys = [request.key for request in model.requests if request.step == "write"]
    assert len(set(keys)) == len(keys), "nothing is asked twice in the same way"


@pytest.mark.parametrize("fault", LOST)
def test_a_model_that_wrote_nothing_is_shown_in_every_format(fault: str) -> None:
    briefing, model = told(LOST[fault])
    assert briefing.writer == "extractive"
    notice = unwritten_notice(briefing)
    assert notice.startswith("The story is in the sources’ own sentences, not written by openai/x")
    for name in ("text", "md", "html"):
        shown = render_document(briefing, name).replace("&#39;", "'")
        assert "own sentences, not written by openai/x" in " ".join(shown.split()), name
    assert json.loads(render_document(briefing, "json"))["findings"][-1]["kind"] == "unwritten"
    keys = [request.key for request in model.requests if request.step == "write"]
    assert len(set(keys)) == len(keys), "nothing is asked twice in the same way"


def test_after_a_cut_there_is_more_room() -> None:
    _, model = told(LOST["all spent on thoughts"])
    first, second = (request.max_tokens for request in model.requests)
    assert second > first


@pytest.mark.parametrize("name", COLLECTIONS)
def test_of_two_stories_one_that_is_not_written_is_shown(name: str) -> None:
    collection = COLLECTIONS[name]
    good = write_by_hand(collection["replies"])

    def one_fails(step: str, prompt: str) -> str:
        first = collection["articles"][0]["text"].splitlines()[0]
        return "" if step == "write" and first in prompt else good(step, prompt)

    briefing = play(collection, one_fails)
    assert unwritten_notice(briefing).startswith("1 of 2 stories is in the sources’ own sentences")
    assert briefing.writer != "extractive"
    assert briefing.synopsis == ()
