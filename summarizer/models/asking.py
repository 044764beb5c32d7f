"""One question in a demanded form, and what came of it. A wrong form is sent back once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import ValidationError

from summarizer.errors import MalformedCompletion, ModelError
from summarizer.models.forms import Form, schema
from summarizer.models.port import Completion, LanguageModel, Message, Request
from summarizer.models.prompts import Prompt, render
from summarizer.models.replies import read_object

__all__ = ["Answer", "ask", "question"]

F = TypeVar("F", bound=Form)

TRIES = 2
ROOM = 4
"""Times the tokens that a reply gets which was cut off: models that think first need them."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[F]):
    """What was read from the last reply, or why nothing was; every completion on the way."""

    request: Request
    value: F | None
    error: ModelError | None
    completions: tuple[Completion, ...]


def question(model: str, prompt: Prompt, form: type[Form], **variables: str) -> Request:
    """The request that a prompt file makes of these variables."""
    return Request(
        model=model,
        messages=render(prompt, **variables),
        schema=schema(form),
        step=prompt.name,
        plan=prompt.hash,
    )


def ask(model: LanguageModel, request: Request, form: type[F]) -> Answer[F]:
    """The reply as ``form``. Failures of the model are part of the answer, and are not raised."""
    completions: list[Completion] = []
    asked, error = request, None
    for _ in range(TRIES):
        try:
            completion = model.complete(asked)
            completions.append(completion)
            return Answer(request, _read(completion, form), None, tuple(completions))
        except MalformedCompletion as malformed:
            error = malformed
            asked = _again(request, completions, malformed)
        except ModelError as failure:
            return Answer(request, None, failure, tuple(completions))
    return Answer(request, None, error, tuple(completions))


def _read(completion: Completion, form: type[F]) -> F:
    try:
        return form.model_validate(read_object(completion))
    except ValidationError as wrong:
        raise MalformedCompletion(f"the reply is not of the form: {_first(wrong)}") from None


def _first(wrong: ValidationError) -> str:
    """Where the first fault is, in the form's own words: no word of the reply is repeated."""
    fault = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'it'} {fault['type'].replace('_', ' ')}"


def _again(request: Request, completions: list[Completion], wrong: MalformedCompletion) -> Request:
    """The same question with what was wrong; more room where the reply was cut off."""
    if not completions or not completions[-1].text.strip():
        return request
    if completions[-1].finish == "length":
        return replace(request, max_tokens=ROOM * request.max_tokens)
    return replace(request, messages=(*request.messages, *_correction(completions[-1], wrong)))


def _correction(completion: Completion, wrong: MalformedCompletion) -> Iterator[Message]:
    yield Message("assistant", completion.text)
    yield Message("user", f"{wrong.message}. Answer again with the demanded JSON object alone.")
