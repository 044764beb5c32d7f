"""One model that caches, bounds, retries and records, built from plain options.

The package's docstring gives the reasons for the order of the wrappers.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import SettingsError
from summarizer.models.live import LiveModel, litellm_price, preload_litellm
from summarizer.models.middleware import (
    Budget,
    BudgetedModel,
    LimitedModel,
    RateLimits,
    RetriedModel,
    RetryPolicy,
)
from summarizer.models.protocol import Completion, CompletionRequest, LanguageModel

if TYPE_CHECKING:
    from summarizer.models.cache import CompletionCache

__all__ = ["ModelAccess", "open_model", "open_model_and_cache"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """How the models of a run are reached.

    ``name``: the model that writes; ``api_base`` is where it and its provider's other models are
    asked. ``keep``: whether answers are looked up and kept in ``folder`` (None: the user's cache).
    ``record`` and ``replay``: files, of which at most one is named; what is replayed is neither
    asked for nor kept. ``timeout``: seconds without a sign of an answer. ``inputs``: what the run
    reads, as far as that is known before it is read.
    """

    name: str
    api_base: str = ""
    keep: bool = True
    folder: Path | None = None
    budget: Budget = field(default_factory=Budget)
    limits: RateLimits = field(default_factory=RateLimits)
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    timeout: float = 120.0
    record: Path | None = None
    replay: Path | None = None
    inputs: str = ""


@contextmanager
def open_model(access: ModelAccess, *, say: Callable[[str], None]) -> Iterator[LanguageModel]:
    """The model that ``access`` describes, for as long as the block lasts.

    ``say`` hears what a user should know of the cache. A recording becomes a file only if the
    block ends well. Raises SettingsError.
    """
    with open_model_and_cache(access, say=say) as (model, _):
        yield model


@contextmanager
def open_model_and_cache(
    access: ModelAccess, *, say: Callable[[str], None]
) -> "Iterator[tuple[LanguageModel, CompletionCache | None]]":
    """The same, and the kept answers beside it; None where nothing is kept or all is recorded."""
    if access.record and access.replay:
        raise SettingsError("cannot be recorded and replayed at once", subject="--record, --replay")
    with ExitStack() as closes:
        if access.replay:
            yield _replayed_model(access.replay), None
            return
        answers = _open_cache(access, say, closes) if access.keep else None
        yield _wrapped_model(access, answers, closes), None if access.record else answers


def _open_cache(
    access: ModelAccess, say: Callable[[str], None], closes: ExitStack
) -> "CompletionCache":
    from summarizer.models.cache import CompletionCache

    return closes.enter_context(closing(CompletionCache(access.folder, say=say)))


def _replayed_model(file: Path) -> LanguageModel:
    from summarizer.models.replay import ReplayedModel

    return ReplayedModel(file)


def _wrapped_model(
    access: ModelAccess, answers: "CompletionCache | None", closes: ExitStack
) -> LanguageModel:
    tried = RetriedModel(LimitedModel(_ProviderRouter(access), access.limits), access.patience)
    model: LanguageModel = BudgetedModel(tried, access.budget, litellm_price)
    if answers:
        from summarizer.models.cache import CachedModel

        model = CachedModel(model, answers, endpoint=access.api_base)
        closes.push(_preload_unless_cached(access, answers))
    else:
        preload_litellm()
    if access.record:
        from summarizer.models.replay import RecordedModel

        model = closes.enter_context(RecordedModel(model, access.record))
    return model


def _preload_unless_cached(access: ModelAccess, answers: "CompletionCache") -> Callable[..., None]:
    """Loads litellm ahead, unless the same run ended well before: then all it asks may be kept.

    Gives what is to be called at the end. A wrong guess costs time and nothing else.
    """
    run = sha256("\n".join([access.name, access.api_base, access.inputs]).encode()).hexdigest()
    mark = f"run {run}"
    if answers.get_text(mark) is None:
        preload_litellm()

    def close(kind: object, *_: object) -> None:
        if kind is None:
            answers.put_text(mark, "")

    return close


class _ProviderRouter:
    """A judge may be another provider's model, to which ``api_base`` means nothing."""

    def __init__(self, access: ModelAccess) -> None:
        self._provider = _provider_prefix(access.name)
        self._near = LiveModel(access.api_base or None, timeout=access.timeout)
        self._far = LiveModel(timeout=access.timeout)

    def complete(self, request: CompletionRequest) -> Completion:
        near = _provider_prefix(request.model) == self._provider
        return (self._near if near else self._far).complete(request)


def _provider_prefix(name: str) -> str:
    return name.partition("/")[0]
