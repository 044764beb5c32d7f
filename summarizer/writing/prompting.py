"""What the steps that ask a model share: passages with citation keys, prompts, rewriting.

A key is ``⟦b2⟧``: letter of the article, number of the passage. The double brackets are removed
from all other text of a prompt, so that no article can write a key; a source's own "[1]" is no key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from summarizer.briefing import Activity
from summarizer.checking.citations import CitedSpan, DraftSentence, covered_share, stem_shares
from summarizer.errors import PromptError
from summarizer.models.config import ModelConfig
from summarizer.models.middleware import OnCall, WatchedModel
from summarizer.models.prompts import Prompt, enclose, load_prompt
from summarizer.models.protocol import LanguageModel
from summarizer.models.structured_output import REPLY_FORMS, Answer, Line, ask_model, build_request
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.languages import language_name
from summarizer.text.tokens import content_stems

if TYPE_CHECKING:
    from summarizer.models.cache import CompletionCache

__all__ = [
    "Chain",
    "ChainOpener",
    "Mapper",
    "PromptPassages",
    "SentenceRewriter",
    "StepPrompts",
    "answer_activities",
    "format_key",
    "load_step_prompts",
    "open_chain",
    "show_passages",
    "without_key_brackets",
]

_KEY_BRACKETS = str.maketrans("⟦⟧", "[]")


@dataclass(frozen=True, slots=True)
class PromptPassages:
    """``keys``: key -> chunk, for the chunks that the prompt shows and no others."""

    text: str
    keys: Mapping[str, Chunk]

    @property
    def evidence(self) -> EvidenceSet:
        """What a reply to this prompt may cite."""
        return EvidenceSet(tuple(self.keys.values()))

    def chunk_ids(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Chunk ids; a key that the prompt does not show stays visibly one that names nothing."""
        known = {key: chunk.id for key, chunk in self.keys.items()}
        return tuple(known.get(key.casefold(), format_key(key)) for key in keys)


def show_passages(
    chunks: Sequence[Chunk], about: Mapping[str, str] | None = None
) -> PromptPassages:
    """The chunks, article by article. ``about``: source id -> what is known of it."""
    keys: dict[str, Chunk] = {}
    blocks = []
    for at, (source, group) in enumerate(groupby(chunks, key=lambda chunk: chunk.source)):
        own = {f"{_article_letters(at)}{n}": chunk for n, chunk in enumerate(group, start=1)}
        text = "\n".join(
            f"{format_key(key)} {without_key_brackets(chunk.text)}" for key, chunk in own.items()
        )
        told = f"Article {_article_letters(at)}{(about or {}).get(source, '')}\n" if about else ""
        blocks.append(told + enclose("article", text))
        keys |= own
    return PromptPassages("\n\n".join(blocks), keys)


def format_key(key: str) -> str:
    """A key as prompts show it."""
    return f"⟦{without_key_brackets(key)}⟧"


def without_key_brackets(text: str) -> str:
    """Text that holds no key."""
    return text.translate(_KEY_BRACKETS)


def _article_letters(number: int) -> str:
    """0 -> a, 25 -> z, 26 -> aa."""
    rest, last = divmod(number, 26)
    return (_article_letters(rest - 1) if rest else "") + chr(ord("a") + last)


T = TypeVar("T")
R = TypeVar("R")


class Mapper(Protocol):
    """``map``, or something like it that works on many items at once and keeps their order."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]: ...


class StepPrompts(NamedTuple):
    """The prompt file of each step."""

    facts: Prompt
    write: Prompt
    repair: Prompt
    judge: Prompt


_STEP_CONTRACTS = {
    "facts": ("Facts", {"language", "focus", "written", "article"}),
    "write": ("Account", {"language", "focus", "words", "articles", "facts"}),
    "repair": ("Line", {"language", "sentence", "problems", "passages"}),
    "judge": ("Verdict", {"claim", "evidence"}),
}
"""Step -> form of the reply and variables, which a user's own file must keep."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A model and all that it is asked with.

    ``name`` is its litellm name, ``endpoint`` its server, empty for its provider's. ``language``:
    code of the briefing's language, empty for the articles' own. Without ``judge`` the checks alone
    judge. ``cache``: where whole briefings are kept, if anywhere.
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
                judge=model if config.judge else None,
                judge_name=config.judge,
                language=config.language,
                map=pool.map,
                endpoint=config.api_base,
                cache=cache,
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
"""Passages that a sentence is written anew from: those it cites, and those that say most of it."""


@dataclass(frozen=True, slots=True)
class SentenceRewriter:
    """Asks the chain's model. ``activities``: what it took, filled as it goes."""

    chain: Chain
    evidence: EvidenceSet
    language: str
    activities: list[Activity] = field(default_factory=list)

    def __call__(
        self, draft: DraftSentence, problems: Sequence[str], cited: Sequence[CitedSpan]
    ) -> DraftSentence | None:
        """Another draft, or None where the model gives it up or fails."""
        shown = show_passages(self._passages(draft, cited))
        request = build_request(
            self.chain.name,
            self.chain.prompts.repair,
            Line,
            language=language_name(self.language),
            sentence=enclose("sentence", without_key_brackets(draft.text)),
            problems=enclose("problems", without_key_brackets("\n".join(problems))),
            passages=shown.text,
        )
        answer = ask_model(self.chain.model, request, Line)
        self.activities.extend(
            answer_activities(answer, (chunk.id for chunk in shown.keys.values()))
        )
        if answer.value is None or not answer.value.text:
            return None
        return DraftSentence(answer.value.text, shown.chunk_ids(answer.value.keys), "rewritten")

    def _passages(self, draft: DraftSentence, cited: Sequence[CitedSpan]) -> list[Chunk]:
        """Cited first, then by how much of the draft they hold; shown in the evidence's order."""
        wanted = stem_shares(content_stems(draft.text, self.language))
        named = {item.chunk.id for item in cited}

        def rank(chunk: Chunk) -> tuple[bool, float]:
            return chunk.id in named, covered_share(
                wanted, set(content_stems(chunk.text, self.language))
            )

        best = sorted(self.evidence.chunks, key=rank, reverse=True)[:MAX_REWRITE_PASSAGES]
        return sorted(best, key=self.evidence.chunks.index)
