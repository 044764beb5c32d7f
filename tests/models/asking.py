"""Requests and doubles that the tests of the models share."""

from dataclasses import dataclass, field

from summarizer.models.protocol import ChatMessage, Completion, CompletionRequest
from summarizer.models.structured_output import strict_schema

SCHEMA = strict_schema(
    {"title": "Facts", "type": "object", "properties": {"fact": {"type": "string"}}}
)


def ask(
    text: str = "What happened?",
    *,
    model: str = "openai/gpt-4o-mini",
    schema: str | None = None,
    max_tokens: int = 100,
    step: str = "facts",
) -> CompletionRequest:
    messages = (ChatMessage("system", "You read news."), ChatMessage("user", text))
    return CompletionRequest(
        model=model, messages=messages, schema=schema, max_tokens=max_tokens, step=step
    )


def say(text: str = "Fine.", cost: float | None = 0.5) -> Completion:
    return Completion(text=text, tokens_in=11, tokens_out=7, cost_usd=cost, seconds=1.5)


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    time: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
