"""What the steps that ask a model share: the chain, its prompts, rewriting."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from summarizer.briefing import Activity
from summarizer.checking.citations import DraftSentence, covered_share, stem_shares
from summarizer.checking.prompt_passages import (
    ArticlePassages,
    PromptPassages,
    show_passages,
    without_key_brackets,
)
from summarizer.checking.repair import FailedSentence
from summarizer.errors import PromptError, PromptTooLong
from summarizer.models.config import ModelConfig
from summarizer.models.middleware import OnCall, WatchedModel
from summarizer.models.prompts import Prompt, enclose, load_prompt
from summarizer.models.protocol import LanguageModel
from summarizer.models.structured_output import (
    REPLY_FORMS,
    Answer,
    Rewrites,
    ask_model,
    build_request,
)
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.languages import canonical_language, language_name
from summarizer.text.tokens import content_stems

if TYPE_CHECKING:
    from summarizer.models.cache import CompletionCache

T = TypeVar("T")
R = TypeVar("R")


class Mapper(Protocol):
    """``map``, or something like it that works on many items at once and keeps their order."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]: ...


class StepPrompts(NamedTuple):
    """The prompt file of each step."""

    facts: Prompt
    write: Prompt
    lead: Prompt
    repair: Prompt
    judge: Prompt
    yes_no: Prompt


_STEP_CONTRACTS = {
    "facts": ("Facts", {"language", "focus", "written", "article"}),
    "write": ("Account", {"language", "focus", "words", "articles"}),
    "lead": ("Lead", {"language", "words", "stories"}),
    "repair": ("Rewrites", {"language", "articles", "sentences"}),
    "judge": ("Verdicts", {"articles", "sentences"}),
    "yes_no": ("YesNo", {"document", "claim"}),
}
"""Step -> form of the reply and variables, which a user's own file must keep."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A model and all that it is asked with.

    ``name`` is its litellm name, ``endpoint`` its server, empty for its provider's. ``language``:
    that of the briefing (BCP 47), empty for the articles' own. Without ``judge`` the checks alone
    decide. ``cache``: where whole briefings are kept, if anywhere. ``required``: a story that the
    model does not write is an error. ``read_first``: every story is read article by article before
    it is written, as one is that is too large for one call.
    """

    model: LanguageModel
    name: str
    prompts: StepPrompts
    judge: LanguageModel | None = None
    judge_name: str = ""
    language: str = ""
    map: Mapper = map
    endpoint: str = ""
    cache: "CompletionCache | None" = None
    required: bool = False
    read_first: bool = False

    def written_language(self, own: str) -> str:
        """The English name of the language to write in; ``own`` is that of the articles."""
        return language_name(self.language or own)


ChainOpener = Callable[[ModelConfig, OnCall], AbstractContextManager[Chain | None]]
"""`open_chain`, or what replaces it in a test."""


@contextmanager
def open_chain(
    config: ModelConfig,
    on_call: OnCall | None = None,
    *,
    log: Callable[[str], None] = lambda _: None,
    inputs: str = "",
) -> Iterator[Chain | None]:
    """The chain around the model of ``config``, for as long as the block lasts; None without one.

    ``on_call`` is called after each call of a model, ``log`` with what a user should know of the
    cache. ``inputs`` names what the run reads: a run that ended well before loads no litellm.
    Raises SettingsError.
    """
    if not config.model:
        yield None
        return
    from concurrent.futures import ThreadPoolExecutor

    from summarizer.models.factory import open_model_and_cache

    prompts = load_step_prompts(config.prompts)
    with open_model_and_cache(config, log=log, inputs=inputs) as (opened, cache):
        model = WatchedModel(opened, on_call) if on_call else opened
        pool = ThreadPoolExecutor(config.concurrency, thread_name_prefix="call")
        try:
            yield Chain(
                model=model,
                name=config.model,
                prompts=prompts,
                judge=model if config.judge_name else None,
                judge_name=config.judge_name,
                language=canonical_language(config.language) if config.language else "",
                map=pool.map,
                endpoint=config.api_base,
                cache=cache,
                required=config.required,
            )
        finally:  # calls that have not begun when the block fails are not made
            pool.shutdown(wait=False, cancel_futures=True)


def load_step_prompts(folder: Path | None = None) -> StepPrompts:
    """The prompts, the user's own in ``folder`` before those of the package. Raises PromptError."""
    return StepPrompts(
        *(_check_contract(load_prompt(name, folder)) for name in StepPrompts._fields)
    )


def _check_contract(prompt: Prompt) -> Prompt:
    output, variables = _STEP_CONTRACTS[prompt.name]
    if prompt.output != output:
        forms = ", ".join(sorted(REPLY_FORMS))
        what = f"its output is {prompt.output!r}, but this step needs {output!r}"
        raise PromptError(what, subject=f"{prompt.name}.md", hint=f"forms: {forms}")
    if odd := sorted(prompt.variables ^ variables):
        what = f"its variables must be {', '.join(sorted(variables))}; see {', '.join(odd)}"
        raise PromptError(what, subject=f"{prompt.name}.md")
    return prompt


def answer_activities(
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


MAX_REWRITE_PASSAGES = 4
"""Passages from which each sentence is written anew: those it cites, and those that hold most of
its content words."""


@dataclass(frozen=True, slots=True)
class StoryRewriter:
    """Asks the chain's model to write the failed sentences of a story anew, in one call.
    ``activities``: what it took, filled as it goes."""

    chain: Chain
    evidence: EvidenceSet
    passages: ArticlePassages
    language: str
    activities: list[Activity] = field(default_factory=list)

    def __call__(self, failed: Sequence[FailedSentence]) -> list[DraftSentence | None]:
        """Another draft of each, or None where the model gives it up, forgets it or fails."""
        chosen = [self._chosen_chunks(each) for each in failed]
        shown = show_passages(
            self.passages.in_reading_order(chunk for chunks in chosen for chunk in chunks)
        )
        request = build_request(
            self.chain.name,
            self.chain.prompts.repair,
            Rewrites,
            language=self.chain.written_language(self.language),
            articles=shown.text,
            sentences=enclose("sentences", _numbered_problems(failed, shown)),
        )
        answer = ask_model(self.chain.model, request, Rewrites)
        self.activities.extend(
            answer_activities(answer, (chunk.id for chunk in shown.keys.values()))
        )
        if isinstance(answer.error, PromptTooLong) and len(failed) > 1:
            half = len(failed) // 2
            return [*self(failed[:half]), *self(failed[half:])]
        replies = answer.value.sentences if answer.value else ()
        by_number = {reply.sentence: reply for reply in reversed(replies)}
        return [
            DraftSentence(reply.text, shown.chunk_ids(reply.keys), "rewritten")
            if (reply := by_number.get(number)) and reply.text
            else None
            for number in range(1, len(failed) + 1)
        ]

    def _chosen_chunks(self, failed: FailedSentence) -> list[Chunk]:
        """The chunks it cites with those that explain them, then those that hold most of it."""
        wanted = stem_shares(content_stems(failed.draft.text, self.language))
        cited = list(dict.fromkeys(item.chunk for item in failed.cited))
        others = sorted(
            (chunk for chunk in self.evidence.chunks if chunk not in cited),
            key=lambda chunk: covered_share(wanted, set(content_stems(chunk.text, self.language))),
            reverse=True,
        )
        chosen = [*cited, *others[: max(0, MAX_REWRITE_PASSAGES - len(cited))]]
        return [*chosen, *(each for chunk in cited for each in self.passages.explaining(chunk))]


def _numbered_problems(failed: Sequence[FailedSentence], shown: PromptPassages) -> str:
    """The sentences, one a line, each with its keys and one line for each problem."""
    lines = []
    for number, each in enumerate(failed, start=1):
        keys = shown.key_list(item.chunk for item in each.cited)
        lines.append(f"{number}. {keys} {without_key_brackets(each.draft.text)}")
        lines += [f"   - {without_key_brackets(problem)}" for problem in each.problems]
    return "\n".join(lines)
