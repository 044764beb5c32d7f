"""What the steps that ask a model share: the model, the prompts, and the account of each call."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from summarizer.briefings import Activity
from summarizer.errors import PromptError
from summarizer.models.asking import Answer
from summarizer.models.forms import FORMS
from summarizer.models.port import LanguageModel
from summarizer.models.prompts import Prompt, load

__all__ = ["Chain", "Mapper", "Prompts", "account", "read_prompts"]

T = TypeVar("T")
R = TypeVar("R")


class Mapper(Protocol):
    """``map``, or something like it that works on many items at once and keeps their order."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]: ...


class Prompts(NamedTuple):
    """The prompt file of each step."""

    facts: Prompt
    write: Prompt
    repair: Prompt
    judge: Prompt


_EXPECTED = {
    "facts": ("Facts", {"language", "focus", "written", "article"}),
    "write": ("Account", {"language", "focus", "words", "articles", "facts"}),
    "repair": ("Line", {"language", "sentence", "problems", "passages"}),
    "judge": ("Verdict", {"claim", "evidence"}),
}
"""Step -> form of the reply and variables, which a user's own file must keep."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A model and all that it is asked with. ``name`` is its litellm name, ``language`` the code of
    the briefing's language, empty for the articles' own. Without ``judge`` the checks alone judge.
    """

    model: LanguageModel
    name: str
    prompts: Prompts
    judge: LanguageModel | None = None
    judge_name: str = ""
    language: str = ""
    map: Mapper = map


def read_prompts(folder: Path | None = None) -> Prompts:
    """The prompts, the user's own in ``folder`` before those of the package. Raises PromptError."""
    return Prompts(*(_fitting(load(name, folder)) for name in Prompts._fields))


def _fitting(prompt: Prompt) -> Prompt:
    output, variables = _EXPECTED[prompt.name]
    if prompt.output != output:
        forms = ", ".join(sorted(FORMS))
        what = f"its output is {prompt.output!r}, but this step needs {output!r}"
        raise PromptError(what, subject=f"{prompt.name}.md", hint=f"forms: {forms}")
    if odd := sorted(prompt.variables ^ variables):
        what = f"its variables must be {', '.join(sorted(variables))}; see {', '.join(odd)}"
        raise PromptError(what, subject=f"{prompt.name}.md")
    return prompt


def account(
    answer: Answer[Any], used: Iterable[str], generated: Iterable[str] = ()
) -> Iterator[Activity]:
    """One activity for each reply. Only the last one made what was generated."""
    ids = tuple(dict.fromkeys(used))
    last = len(answer.completions) - 1
    for at, completion in enumerate(answer.completions):
        yield Activity(
            step=answer.request.step,
            agent=answer.request.model,
            plan=answer.request.plan,
            used=ids,
            generated=tuple(generated) if at == last else (),
            tokens_in=completion.tokens_in,
            tokens_out=completion.tokens_out,
            cost_usd=completion.cost_usd,
            seconds=completion.seconds,
            cached=completion.cached,
        )
