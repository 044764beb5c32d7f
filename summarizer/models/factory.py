"""One model that caches, bounds, retries and records, built from a `ModelConfig`.

The package's docstring gives the reasons for the order of the wrappers.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from summarizer.extras import require_extra
from summarizer.models.config import ModelConfig
from summarizer.models.live import LiveModel, litellm_price, preload_litellm
from summarizer.models.middleware import (
    Budget,
    BudgetedModel,
    LimitedModel,
    RateLimits,
    RetriedModel,
)
from summarizer.models.protocol import Completion, CompletionRequest, LanguageModel

if TYPE_CHECKING:
    from summarizer.models.cache import CompletionCache


@contextmanager
def open_model(
    config: ModelConfig, *, log: Callable[[str], None], inputs: str = ""
) -> Iterator[LanguageModel]:
    """The model of ``config``, for as long as the block lasts.

    ``log`` is called with what a user should know of the cache. ``inputs``: what the run reads, as
    far as that is known before it is read. A recording is written only if the block ends well.
    Raises SettingsError.
    """
    with open_model_and_cache(config, log=log, inputs=inputs) as (model, _):
        yield model


@contextmanager
def open_model_and_cache(
    config: ModelConfig, *, log: Callable[[str], None], inputs: str = ""
) -> "Iterator[tuple[LanguageModel, CompletionCache | None]]":
    """The model and its cache; None where replies are not cached, or all are recorded."""
    with ExitStack() as stack:
        if config.replay:
            from summarizer.models.replay import ReplayedModel

            yield ReplayedModel(config.replay), None
            return
        require_extra("model", setting="model")
        cache = None
        if config.cache:
            from summarizer.models.cache import CompletionCache

            cache = stack.enter_context(closing(CompletionCache(config.cache_dir, log=log)))
        model = _wrapped_model(config, cache, inputs, stack)
        yield model, None if config.record else cache


def _wrapped_model(
    config: ModelConfig, cache: "CompletionCache | None", inputs: str, stack: ExitStack
) -> LanguageModel:
    limits = RateLimits(config.concurrency, config.rate_limit)
    retried = RetriedModel(LimitedModel(_ProviderRouter(config), limits), config.retry)
    budget = Budget(config.max_cost, config.max_tokens)
    model: LanguageModel = BudgetedModel(retried, budget, litellm_price)
    if cache:
        from summarizer.models.cache import CachedModel

        model = CachedModel(model, cache, endpoint=config.api_base)
        stack.enter_context(_preload_unless_cached(config, cache, inputs))
    else:
        preload_litellm()
    if config.record:
        from summarizer.models.replay import RecordedModel

        model = stack.enter_context(RecordedModel(model, config.record))
    return model


@contextmanager
def _preload_unless_cached(
    config: ModelConfig, cache: "CompletionCache", inputs: str
) -> Iterator[None]:
    """Loads litellm ahead, unless the same run ended well before: then its replies may all be
    cached. A wrong guess costs time and nothing else."""
    run = sha256("\n".join([config.model, config.api_base, inputs]).encode()).hexdigest()
    mark = f"run {run}"
    if cache.get_text(mark) is None:
        preload_litellm()
    yield
    cache.put_text(mark, "")


class _ProviderRouter:
    """A judge may be another provider's model, to which ``api_base`` means nothing."""

    def __init__(self, config: ModelConfig) -> None:
        self._prefix = config.model.partition("/")[0] + "/"
        self._own = LiveModel(config.api_base or None, timeout=config.timeout)
        self._other = LiveModel(timeout=config.timeout)

    def complete(self, request: CompletionRequest) -> Completion:
        own = request.model.startswith(self._prefix)
        return (self._own if own else self._other).complete(request)
