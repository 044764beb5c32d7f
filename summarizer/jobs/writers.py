"""The writer that a request names: none, or a chain around a language model."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.models.middleware import OnCall
    from summarizer.writing.prompting import Chain

__all__ = ["OpenWriter", "WriterConfig", "open_writer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterConfig:
    """Who is to write. Without a ``model`` the sources' own sentences are taken; the other fields
    are those of `summarizer brief`, in the same units."""

    model: str = ""
    api_base: str = ""
    judge: str = ""
    language: str = ""
    max_cost: float | None = None
    max_tokens: int | None = None
    at_once: int = 16
    per_minute: int | None = None
    timeout: float = 120.0
    replay: str = ""


OpenWriter = Callable[[WriterConfig, "OnCall"], AbstractContextManager["Chain | None"]]
"""What is wanted, and who hears of each call -> the chain, for as long as a block lasts."""


@contextmanager
def open_writer(wanted: WriterConfig, tell: "OnCall") -> "Iterator[Chain | None]":
    """The chain around litellm, its answers kept and its budget bounded; None without a model.

    Raises SettingsError.
    """
    if not wanted.model:
        yield None
        return
    from summarizer.models.factory import ModelAccess, open_model
    from summarizer.models.middleware import Budget, RateLimits, WatchedModel
    from summarizer.writing.prompting import Chain, load_step_prompts

    access = ModelAccess(
        name=wanted.model,
        api_base=wanted.api_base,
        budget=Budget(wanted.max_cost, wanted.max_tokens),
        limits=RateLimits(wanted.at_once, wanted.per_minute),
        timeout=wanted.timeout,
        replay=Path(wanted.replay) if wanted.replay else None,
    )
    pool = ThreadPoolExecutor(wanted.at_once, thread_name_prefix="call")
    try:
        with open_model(access, say=lambda _: None) as model:
            watched = WatchedModel(model, tell)
            yield Chain(
                model=watched,
                name=wanted.model,
                prompts=load_step_prompts(),
                judge=watched if wanted.judge else None,
                judge_name=wanted.judge,
                language=wanted.language,
                map=pool.map,
            )
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
