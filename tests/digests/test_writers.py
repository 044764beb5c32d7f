"""Editions that a model writes, from the feed to the mailbox; the scripted model plays it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import format_datetime

import pytest

from summarizer.digests.health import check_health
from summarizer.errors import ModelUnavailable
from summarizer.models.config import ModelConfig
from summarizer.models.middleware import Budget, BudgetedModel
from summarizer.models.protocol import CompletionRequest
from summarizer.models.replay import ScriptedModel, ScriptedReply
from summarizer.writing.prompting import Chain, ChainOpener
from tests.chain.authors import answering, plain
from tests.digests import archive
from tests.digests.world import FEED, World, written
from tests.feedserver import Item, rss
from tests.writing.chains import linked

MODEL = '[model]\nname = "openai/x"\nmax_tokens = {}\ntimeout = 5\n'


def writes(
    answer: Callable[[CompletionRequest], ScriptedReply], asked: list[ModelConfig] | None = None
) -> ChainOpener:
    """What opens a chain around a model of these answers, with the budget that is wanted."""

    @contextmanager
    def opened(config: ModelConfig, _tell: object) -> Iterator[Chain]:
        if asked is not None:
            asked.append(config)
        budget = Budget(config.max_cost, config.max_tokens)
        yield linked(BudgetedModel(ScriptedModel(answer), budget, lambda *_: 0.001))

    return opened


def mailed(world: World) -> str:
    """The text part of the last mail, its lines joined."""
    mail = message_from_bytes(world.mailbox.accepted[-1].content, policy=default)
    body = mail.get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


def test_the_model_writes_the_edition(world: World) -> None:
    world.config(MODEL.format(100_000))
    world.tell("dam", "bank")
    asked: list[ModelConfig] = []
    edition = written(world.run(chain_opener=writes(answering(plain), asked)))
    told = [(each.model, each.max_tokens, each.timeout) for each in asked]
    assert told == [("openai/x", 100_000, 5.0)]
    assert (edition.kind, edition.first_line) == ("full", "")
    assert edition.briefing
    assert edition.briefing.writer == "openai/x"
    assert all(sentence.citations for sentence in edition.briefing.all_sentences())
    assert edition.briefing.report.model_calls == 3, "two stories and the synopsis"
    assert edition.notes[-1].startswith("Cost: $0.0000 (")
    assert "Hallen dam" in mailed(world)


def grown(world: World) -> None:
    """The next day the first page stands there again, with a development at its top."""
    event = archive.EVENTS["dam"]
    text = "".join(f"<p>{line}</p>" for line in (*event.more[0][1], *event.report))
    world.now += timedelta(days=1)
    world.items.append(Item("urn:more", event.title, text, "", format_datetime(world.now)))
    world.site.routes[FEED] = rss(*world.items)


def test_an_update_by_the_model_repeats_nothing(world: World) -> None:
    world.config(MODEL.format(100_000))
    world.tell("dam")
    writer = writes(answering(plain))
    first = written(world.run(chain_opener=writer))
    grown(world)
    second = written(world.run(chain_opener=writer))
    assert first.briefing
    assert second.briefing
    assert [update.story for update in second.updates] == [first.briefing.stories[0].id]
    told = {sentence.text for sentence in first.briefing.all_sentences()}
    assert not told & {each.text for story in second.briefing.stories for each in story.sentences}
    assert "second crack" in mailed(world)


def test_a_model_without_an_answer_degrades_the_edition(world: World) -> None:
    world.config(MODEL.format(100_000))
    world.tell("dam")
    silent = ModelUnavailable("does not answer", subject="openai/x")
    edition = written(world.run(chain_opener=writes(lambda _: silent)))
    assert edition.kind == "degraded"
    assert "not written by openai/x: does not answer" in edition.first_line
    assert edition.briefing
    assert edition.briefing.writer == "extractive"
    assert edition.first_line in mailed(world)


def test_a_budget_that_is_spent_degrades_the_edition(world: World) -> None:
    world.config(MODEL.format(1))
    world.tell("dam")
    edition = written(world.run(chain_opener=writes(answering(plain))))
    assert edition.kind == "degraded"
    assert "not written by openai/x" in edition.first_line
    assert edition.briefing
    assert edition.briefing.report.model_calls == 0
    assert len(world.mailbox.accepted) == 1
    assert edition.first_line in mailed(world)
    (health,) = check_health(world.database, edition.digest, world.now)[1:]
    assert edition.first_line in health.problems, "digest status exits with 1"


def reworded(step: str, prompt: str) -> str:
    """The story with the day of its first sentence moved to its beginning."""
    return plain(step, prompt).replace(
        "Engineers found a crack nine metres long in the Hallen dam above Lorvik on Monday",
        "On Monday, engineers found a crack nine metres long in the Hallen dam above Lorvik",
    )


@pytest.mark.parametrize("strict", [False, True])
def test_strict_prints_nothing_unverified(world: World, strict: bool) -> None:
    model = MODEL.format(100_000) + 'judge_model = "none"\n'
    world.config(f"strict = {str(strict).lower()}\n{model}")
    world.tell("dam")
    edition = written(world.run(chain_opener=writes(answering(reworded))))
    assert edition.briefing
    verdicts = {each.verdict for each in edition.briefing.all_sentences()}
    assert ("unverified" in verdicts) is not strict
