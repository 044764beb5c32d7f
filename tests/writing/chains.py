"""A chain around a scripted model, and a story for it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from summarizer.models.protocol import CompletionRequest, LanguageModel
from summarizer.models.replay import ScriptedModel, ScriptedReply
from summarizer.writing.prompting import Chain, load_step_prompts

__all__ = ["PROMPTS", "account", "facts", "line", "linked", "scripted"]

PROMPTS = load_step_prompts()


def linked(model: LanguageModel, **options: Any) -> Chain:
    """The chain of the shipped prompts around a model."""
    return Chain(model=model, name="openai/x", prompts=PROMPTS, **options)


def scripted(
    replies: Iterable[ScriptedReply] | Callable[[CompletionRequest], ScriptedReply], **options: Any
) -> tuple[Chain, ScriptedModel]:
    """The chain, and the model to look at what it was asked."""
    model = ScriptedModel(replies)
    return linked(model, **options), model


def line(text: str, *keys: str) -> dict[str, Any]:
    """A sentence as a model writes it."""
    return {"text": text, "keys": list(keys)}


def account(
    headline: dict[str, Any], *sentences: dict[str, Any], differ: Iterable[Any] = ()
) -> str:
    """A story as a model writes it."""
    said = {"headline": headline, "sentences": sentences, "disagreements": list(differ)}
    return json.dumps(said)


def facts(*stated: tuple[str, str, str]) -> str:
    """Facts as a model writes them: (key, quote, fact)."""
    return json.dumps({"facts": [{"key": k, "quote": q, "fact": f} for k, q, f in stated]})
