"""The options of the commands that ask a model, and the chain that those options open."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from summarizer.models.config import ModelConfig
    from summarizer.models.middleware import ModelCall
    from summarizer.retrieval.corpus import ProgressTracker
    from summarizer.writing.prompting import Chain

ModelOption = Annotated[
    str, typer.Option("--model", "-m", metavar="NAME", help="Model that writes: PROVIDER/NAME.")
]
ApiBaseOption = Annotated[
    str, typer.Option(metavar="URL", help="Server of a local or compatible model.")
]
JudgeOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Model that judges what the checks cannot tell; default: --model; none: no model.",
    ),
]
LanguageOption = Annotated[
    str, typer.Option(metavar="CODE", help="Language to write in; default: the sources'.")
]
MaxCostOption = Annotated[
    float | None, typer.Option(min=0, metavar="USD", help="Most that the models may cost.")
]
MaxTokensOption = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="Most tokens in and out.")
]
ConcurrencyOption = Annotated[
    int, typer.Option(min=1, metavar="N", help="Most concurrent calls of a model.")
]
RateLimitOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Calls a minute; default: no limit.")
]
TimeoutOption = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="Longest wait for a sign of a reply.")
]
RecordOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Record all model replies to FILE.")
]
ReplayOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Reply from a recording, without a key.")
]
PromptsOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of prompt files that replace ours.")
]
RequireModelOption = Annotated[
    bool,
    typer.Option("--require-model", help="Write nothing unless the model writes every story."),
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Neither read nor write cached replies.")
]


def build_model_config(
    model: ModelOption = "",
    api_base: ApiBaseOption = "",
    judge_model: JudgeOption = "",
    language: LanguageOption = "",
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    concurrency: ConcurrencyOption = 16,
    rate_limit: RateLimitOption = None,
    timeout: TimeoutOption = 120.0,
    record: RecordOption = None,
    replay: ReplayOption = None,
    prompts: PromptsOption = None,
    require_model: RequireModelOption = False,
    no_cache: NoCacheOption = False,
) -> "ModelConfig":
    """The models that a command line names. Its parameters are the options of every command that
    `with_model_options` decorates. Raises SettingsError."""
    from summarizer.models.config import ModelConfig

    return ModelConfig(
        model=model, api_base=api_base, judge_model=judge_model, language=language,
        max_cost=max_cost, max_tokens=max_tokens, concurrency=concurrency,
        rate_limit=rate_limit, timeout=timeout, record=record, replay=replay,
        prompts=prompts, required=require_model, cache=not no_cache,
    )  # fmt: skip


Command = Callable[..., None]


def with_model_options(*names: str, model: Any = ModelOption) -> Callable[[Command], Command]:
    """A decorator: in place of its parameter ``models``, a `ModelConfig`, the command gets the
    options of these names; without names, all of them. ``model``: the option that names the
    model."""
    table = dict(inspect.signature(build_model_config).parameters)
    table["model"] = table["model"].replace(annotation=model)
    options = [each for name, each in table.items() if not names or name in names]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_models(**values: Any) -> None:
            given = {option.name: values.pop(option.name) for option in options}
            command(**values, models=build_model_config(**given))

        signature = inspect.signature(command)
        parameters: list[inspect.Parameter] = []
        for each in signature.parameters.values():
            parameters += options if each.name == "models" else [each]
        with_models.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        with_models.__annotations__ = {each.name: each.annotation for each in parameters}
        return with_models

    return decorate


@contextmanager
def open_terminal_chain(
    models: "ModelConfig", paths: Sequence[str], *, verbose: bool = False
) -> "Iterator[tuple[Chain | None, ProgressTracker]]":
    """The chain, and what shows progress on standard error, for as long as the block lasts.

    ``verbose`` logs one line for each call, and so makes every call: no whole briefing comes from
    the cache.
    """
    from summarizer.cli.io import ProgressLine, track

    if not models.model:
        yield None, track
        return
    from summarizer.writing.prompting import open_chain

    line = ProgressLine(sys.stderr)
    on_call = _log_call if verbose else line.on_call
    inputs = "\n".join(map(_input_stamp, paths))
    with open_chain(models, on_call, log=_log, inputs=inputs) as chain:
        if chain and verbose:
            yield replace(chain, cache=None), track
        else:
            yield chain, line.track


def _input_stamp(path: str) -> str:
    """The path; of a file or folder with its size and time, so that a changed one differs."""
    with suppress(OSError, ValueError):
        status = Path(path).stat()
        return f"{path} {status.st_size} {status.st_mtime_ns}"
    return path


def _log_call(call: "ModelCall") -> None:
    """One line of JSON for each call; no texts, and no key."""
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


def _log(message: str) -> None:
    print(f"summarizer: {message}", file=sys.stderr)
