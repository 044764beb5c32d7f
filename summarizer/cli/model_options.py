"""The writer that a command's options name: none, or a chain around a language model."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarizer.cli.io import ProgressLine, track
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from summarizer.models.cache import CompletionCache
    from summarizer.models.factory import ModelAccess
    from summarizer.models.middleware import ModelCall
    from summarizer.models.protocol import LanguageModel
    from summarizer.retrieval.corpus import ProgressTracker
    from summarizer.writing.prompting import Chain

__all__ = ["ModelOptions", "WriterSession", "open_writer_session"]

_HTTP_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """What a command line says about models, by the names of the options."""

    model: str = ""
    api_base: str = ""
    judge: str = ""
    max_cost: float | None = None
    max_tokens: int | None = None
    at_once: int = 16
    per_minute: int | None = None
    timeout: float = 120.0
    record: Path | None = None
    replay: Path | None = None
    prompts: Path | None = None
    language: str = ""
    verbose: bool = False
    no_cache: bool = False

    def __post_init__(self) -> None:
        """Raises SettingsError for an option that would do nothing, an unknown language, or what
        is no address."""
        for field in fields(self):
            if not self.model and getattr(self, field.name) != field.default:
                name = f"--{field.name.replace('_', '-')}"
                raise SettingsError("means nothing without --model", subject=name)
        if self.language:
            _refuse_unknown_language(self.language)
        if self.api_base and not _HTTP_ADDRESS.match(self.api_base):
            what = f"is no address: {self.api_base!r}"
            raise SettingsError(what, subject="--api-base", hint="as in http://127.0.0.1:8000/v1")


def _refuse_unknown_language(language: str) -> None:
    from summarizer.text.languages import language_names

    if language not in language_names():
        what = f"is not the code of a language: {language!r}"
        raise SettingsError(what, subject="--language", hint="as in ISO 639-1: en, de, zh")


class WriterSession(NamedTuple):
    """Who writes, what watches the steps, and where whole briefings are remembered, if anywhere:
    where each call is to be seen, every one is made."""

    chain: "Chain | None"
    track: "ProgressTracker"
    cache: "CompletionCache | None" = None


@contextmanager
def open_writer_session(options: ModelOptions, paths: Sequence[str]) -> Iterator[WriterSession]:
    """The writer, for as long as the block lasts. Raises SettingsError."""
    if not options.model:
        yield WriterSession(None, track)
        return
    from summarizer.models.factory import open_model_and_cache
    from summarizer.models.middleware import WatchedModel

    meter = ProgressLine(sys.stderr)
    way = _model_access(options, paths)
    with (
        open_model_and_cache(way, say=_log) as (model, answers),
        _call_pool(options.at_once) as pool,
    ):
        watched = WatchedModel(model, _log_call if options.verbose else meter.on_call)
        chain = _build_chain(options, watched, pool)
        if options.verbose:
            yield WriterSession(chain, track)
        else:
            yield WriterSession(chain, meter.track, answers)


def _build_chain(
    options: ModelOptions, model: "LanguageModel", pool: "ThreadPoolExecutor"
) -> "Chain":
    from summarizer.writing.prompting import Chain, load_step_prompts

    return Chain(
        model=model,
        name=options.model,
        prompts=load_step_prompts(options.prompts),
        judge=model if options.judge else None,
        judge_name=options.judge,
        language=options.language,
        map=pool.map,
    )


@contextmanager
def _call_pool(workers: int) -> "Iterator[ThreadPoolExecutor]":
    """Threads for the calls; what was not begun when the block fails is not begun any more."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(workers, thread_name_prefix="call")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _model_access(options: ModelOptions, paths: Sequence[str]) -> "ModelAccess":
    from summarizer.models.factory import ModelAccess
    from summarizer.models.middleware import Budget, RateLimits

    return ModelAccess(
        name=options.model,
        api_base=options.api_base,
        keep=not options.no_cache,
        budget=Budget(options.max_cost, options.max_tokens),
        limits=RateLimits(options.at_once, options.per_minute),
        timeout=options.timeout,
        record=options.record,
        replay=options.replay,
        inputs="\n".join(map(_input_stamp, paths)),
    )


def _input_stamp(path: str) -> str:
    """The path and, where it is a file or folder, its size and time: another, if it was changed."""
    with suppress(OSError, ValueError):
        found = Path(path).stat()
        return f"{path} {found.st_size} {found.st_mtime_ns}"
    return path


def _log_call(call: "ModelCall") -> None:
    """One line of JSON per call; nothing of what was said, and no key."""
    row = {
        "step": call.step,
        "model": call.model,
        "seconds": round(call.seconds, 3),
        "tokens_in": call.tokens_in,
        "tokens_out": call.tokens_out,
        "tokens_kept": call.tokens_kept,
        "cost_usd": call.cost_usd,
        "cached": call.cached,
    }
    print(json.dumps(row | ({"failure": call.failure} if call.failure else {})), file=sys.stderr)


def _log(what: str) -> None:
    print(f"summarizer: {what}", file=sys.stderr)
