"""Which model writes and judges, and within what bounds, as one frozen value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from summarizer.errors import SettingsError
from summarizer.models.middleware import RetryPolicy

NO_JUDGE = "none"
"""The name of a judge with which no model judges."""

_HTTP_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)

_PATHS = ("prompts", "record", "replay", "cache_dir")

_OLD_NAMES = {"at_once": "concurrency", "per_minute": "rate_limit", "judge": "judge_model"}
"""Names of fields in jobs that version 0.1 queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """The models of a run. Without ``model`` none is asked, and the sources' own sentences are
    taken.

    ``model`` and ``judge_model`` are litellm names, ``PROVIDER/NAME``; ``api_base`` is the server
    of ``model`` and its provider's other models. ``judge_model`` decides what the checks cannot
    tell: by default ``model`` itself; for ``none`` no model does. ``language``: that of the
    briefing (BCP 47); empty, the articles' own. ``max_cost`` in US dollars; ``max_tokens`` in and
    out together; ``concurrency`` and ``rate_limit`` (calls a minute) for each model; ``timeout``:
    seconds without a sign of a reply. ``prompts``: folder of prompt files that replace ours.
    ``record`` and ``replay``: files of replies, at most one of them. ``cache_dir``: None for the
    user's. ``required``: a story that the model does not write is an error, and nothing is written.

    Raises SettingsError for a value out of range, and for any without ``model``.
    """

    model: str = ""
    judge_model: str = ""
    api_base: str = field(default="", repr=False)  # may carry a password
    language: str = ""
    max_cost: float | None = None
    max_tokens: int | None = None
    concurrency: int = 16
    rate_limit: int | None = None
    timeout: float = 120.0
    prompts: Path | None = None
    record: Path | None = None
    replay: Path | None = None
    required: bool = False
    cache: bool = True
    cache_dir: Path | None = None
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        if not self.model and (idle := self._changed()):
            raise SettingsError("has no effect without a model", setting=next(iter(idle)))
        check_model_name(self.model, "model")
        if self.judge_model != NO_JUDGE:
            check_model_name(self.judge_model, "judge_model")
        if self.language:
            _check_language(self.language)
        if self.api_base and not _HTTP_ADDRESS.match(self.api_base):
            raise SettingsError(
                f"is not an address: {self.api_base!r}",
                setting="api_base",
                hint="as in http://127.0.0.1:8000/v1",
            )
        if self.record and self.replay:
            raise SettingsError("cannot be combined with a recording", setting="replay")
        for name, least in (("max_cost", 0), ("max_tokens", 0), ("concurrency", 1),
                            ("rate_limit", 1), ("timeout", 0.1)):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise SettingsError(f"must be at least {least}, not {value}", setting=name)

    @property
    def judge_name(self) -> str:
        """The model that judges; empty where none does."""
        return "" if self.judge_model == NO_JUDGE else self.judge_model or self.model

    def _changed(self) -> dict[str, Any]:
        """The fields that differ from their default."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        defaults = {each.name: each.default for each in fields(self)}
        defaults["retry"] = RetryPolicy()
        return {name: value for name, value in values.items() if value != defaults[name]}

    def pack(self) -> dict[str, object]:
        """What a stored job keeps: the fields that differ from their default, without ``retry``."""
        changed = self._changed()
        changed.pop("retry", None)
        return {name: str(v) if isinstance(v, Path) else v for name, v in changed.items()}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> "ModelConfig":
        """The inverse of `pack`; also reads what version 0.1 kept."""
        if not packed.get("model"):
            return cls()
        values = {_OLD_NAMES.get(name, name): value for name, value in packed.items()}
        paths = {name: Path(values[name]) if values.get(name) else None for name in _PATHS}
        return cls(**values | paths)


def check_model_name(name: str, setting: str = "") -> None:
    """Raises SettingsError where a model's name has no provider."""
    provider, _, model = name.partition("/")
    if name and not (provider and model):
        raise SettingsError(
            f"names no provider: {name!r}",
            setting=setting,
            hint=f"write PROVIDER/NAME, as in openai/{name.strip('/') or 'gpt-4o'}",
        )


def _check_language(tag: str) -> None:
    from summarizer.text.languages import canonical_language

    try:
        canonical_language(tag)
    except ValueError as error:
        raise SettingsError(
            f"is not a language code: {tag!r}",
            setting="language",
            hint="as in BCP 47: en, pt-BR, zh-Hant",
        ) from error
