"""What is asked when: no story waits for another one, and nothing is asked of a dead model."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest

from summarizer.briefing import Briefing
from summarizer.errors import ModelError, ModelUnavailable
from summarizer.models.middleware import MAX_FIRST_FAILURES
from summarizer.models.protocol import Completion, CompletionRequest, LanguageModel
from summarizer.models.replay import ScriptedModel, ScriptedReply
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from tests.articles import article
from tests.chain.authors import answering, plain
from tests.checking.held import FIRE, PAPER
from tests.writing.chains import linked

NOW = datetime(2025, 11, 26, tzinfo=UTC)
MATCH = (
    "The football club of Thun won its third match in a row on Sunday afternoon, the club said. "
    "Striker Luca Meier scored both goals in front of nine thousand people in the stadium of Thun."
)
ARTICLES = [article(FIRE, "fire"), article(PAPER, "paper"), article(MATCH, "match")]
"""Two stories, the fire first."""


def tell(model: LanguageModel, **options: object) -> Briefing:
    return create_briefing(ARTICLES, Settings(words=200), now=NOW, chain=linked(model, **options))


class Patient:
    """Reads the match only after the story of the fire was asked for."""

    def __init__(self) -> None:
        self.waited = True
        self._asked = Event()

    def complete(self, request: CompletionRequest) -> Completion:
        if request.step == "write":
            self._asked.set()
        elif "Thun" in request.messages[1].text:
            self.waited = self._asked.wait(timeout=10)
        return Completion(text=answering(plain)(request))


@pytest.mark.usefixtures("reads_first")
def test_a_story_is_written_while_another_one_is_still_read() -> None:
    model = Patient()
    with ThreadPoolExecutor(4) as pool:
        briefing = tell(model, map=pool.map)
    assert len(briefing.stories) == 2
    assert model.waited


def failing(request: CompletionRequest) -> ScriptedReply:
    """Cannot be reached for the articles about the fire."""
    if request.step == "facts" and "Thun" not in request.messages[1].text:
        return ModelUnavailable("busy")
    return answering(plain)(request)


@pytest.mark.usefixtures("reads_first")
def test_after_some_failures_the_model_is_asked_all_the_same() -> None:
    model = ScriptedModel(failing)
    briefing = tell(model)
    assert [request.step for request in model.requests].count("facts") == 3
    assert {story.headline.method for story in briefing.stories} == {"written"}
    assert sum(found.kind == "model" for found in briefing.findings) == 2


@pytest.mark.usefixtures("reads_first")
def test_a_model_that_never_answers_is_asked_a_few_times() -> None:
    model = ScriptedModel(lambda _: ModelUnavailable("no server"))
    briefing = tell(model)
    assert len(model.requests) == MAX_FIRST_FAILURES
    details = [found.detail for found in briefing.findings if found.kind == "unwritten"]
    assert details == ["not written by openai/x: no server"] * 2
    with pytest.raises(ModelUnavailable, match="no server"):
        tell(model, required=True)


@pytest.mark.usefixtures("reads_first")
def test_a_model_that_is_lost_after_what_was_known_has_written_nothing() -> None:
    """The facts are kept from yesterday; the server is gone today."""

    def gone(request: CompletionRequest) -> ScriptedReply:
        if request.step == "facts":
            return Completion(text=answering(plain)(request), cached=True)
        return ModelError("bad key")

    model = ScriptedModel(gone)
    with pytest.raises(ModelError, match="bad key"):
        tell(model, required=True)
    assert [request.step for request in model.requests].count("repair") == 0
