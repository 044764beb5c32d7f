"""The file of a digest: TOML -> a frozen `DigestConfig`, or one line on what to correct."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from pydantic import AliasChoices, Field, ValidationError, ValidationInfo, field_validator

from summarizer.digests.config_errors import config_error, toml_error
from summarizer.digests.delivery.config import (
    NAME_PATTERN,
    ConfigTable,
    Delivery,
    EnvironmentVariable,
    PrintableLine,
    WebAddress,
    path_beside_config,
)
from summarizer.digests.schedule import time_zone, validate_schedule
from summarizer.errors import SettingsError
from summarizer.models.config import NO_JUDGE, ModelConfig, check_model_name
from summarizer.sources.source_state import SourceKind, SubscribedSource

MAX_CONFIG_BYTES = 5_000_000
"""Maximum size of a digest's file."""

_SOURCE_KINDS: Mapping[str, SourceKind] = {
    "feeds": "feed",
    "opml": "opml",
    "sitemaps": "sitemap",
    "pages": "url",
    "folders": "folder",
}


class Topic(ConfigTable):
    """A section of the edition: its title, and the words that its stories contain."""

    name: PrintableLine = Field(min_length=1)
    query: PrintableLine = Field(min_length=1)


class ModelTable(ConfigTable):
    """The language model that writes, and what it may cost; its key is in the provider's own
    environment variable. ``timeout``: seconds without any byte of an answer."""

    name: PrintableLine = Field(min_length=1)
    api_base: WebAddress | None = None
    judge_model: PrintableLine = Field(
        default="", validation_alias=AliasChoices("judge_model", "judge")
    )
    max_cost: float | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, ge=0)
    concurrency: int = Field(
        default=16, ge=1, le=256, validation_alias=AliasChoices("concurrency", "at_once")
    )
    rate_limit: int | None = Field(
        default=None, ge=1, validation_alias=AliasChoices("rate_limit", "per_minute")
    )
    timeout: float = Field(default=120.0, ge=0.1)

    @field_validator("name", "judge_model")
    @classmethod
    def _has_a_provider(cls, name: str, info: ValidationInfo) -> str:
        if name == NO_JUDGE and info.field_name == "judge_model":
            return name
        return _as_value_error(name, lambda: check_model_name(name))


class _SourcesTable(ConfigTable):
    """The table ``[sources]``: a list for each kind of source."""

    feeds: tuple[WebAddress, ...] = ()
    opml: tuple[str, ...] = ()
    sitemaps: tuple[WebAddress, ...] = ()
    pages: tuple[WebAddress, ...] = ()
    folders: tuple[str, ...] = ()

    @field_validator("opml", "folders")
    @classmethod
    def _are_beside(cls, paths: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "" in paths:
            raise ValueError("an empty text names no source")
        return tuple(path if "://" in path else path_beside_config(path, info) for path in paths)

    def subscribed(self) -> tuple[SubscribedSource, ...]:
        """Every source once."""
        sources = (
            SubscribedSource(kind, location)
            for key, kind in _SOURCE_KINDS.items()
            for location in getattr(self, key)
        )
        return tuple(dict.fromkeys(sources))


class MailboxTable(ConfigTable):
    """A mailbox whose mails are articles: one folder, read by IMAP without marking anything. The
    password is in an environment variable. ``tls`` false: without encryption, for a server on this
    machine."""

    host: PrintableLine = Field(min_length=1)
    user: PrintableLine = Field(min_length=1)
    password_env: EnvironmentVariable
    folder: PrintableLine = "INBOX"
    port: int = Field(default=993, ge=1, le=65535)
    tls: bool = True

    def subscribed(self) -> SubscribedSource:
        """The mailbox as a source."""
        from summarizer.sources.mailbox import mailbox_url

        url = mailbox_url(
            self.host,
            self.user,
            self.password_env,
            folder=self.folder,
            port=self.port,
            tls=self.tls,
        )
        return SubscribedSource("mailbox", url)


class DigestConfig(ConfigTable):
    """One digest: what it reads and writes, when, and to whom it goes.

    ``words``: of one story. Entries that are older than ``max_age_days`` when they are first read
    are not news. ``nli``: path of a model on this machine that reads what the rules of the checks
    leave open; ``strict``: what a model wrote and stays unverified is replaced or left out.
    Editions older than ``keep_days`` are deleted. ``quiet``: whether an edition is sent on a day
    with nothing new. ``alert``: the delivery that gets a note after each ``alert_after`` quiet or
    failed editions in a row.
    """

    name: str = Field(pattern=NAME_PATTERN)
    title: PrintableLine = ""
    timezone: str
    schedule: str
    sources: tuple[SubscribedSource, ...] = Field(min_length=1)
    mailboxes: tuple[MailboxTable, ...] = ()
    topics: tuple[Topic, ...] = ()
    stories: int = Field(default=8, ge=1, le=100)
    words: int = Field(default=120, ge=45, le=2000)
    language: str = ""
    nli: str = ""
    strict: bool = False
    max_age_days: int = Field(default=3, ge=1, le=365)
    keep_days: int = Field(default=365, ge=1)
    model: ModelTable | None = None
    deliveries: tuple[Delivery, ...] = Field(min_length=1)
    quiet: bool = False
    alert: str = Field(default="", validate_default=True)
    alert_after: int = Field(default=3, ge=1)
    allow_private: bool = False

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        return _as_value_error(name, lambda: time_zone(name))

    @field_validator("schedule")
    @classmethod
    def _fires(cls, schedule: str, info: ValidationInfo) -> str:
        timezone = info.data.get("timezone", "UTC")
        return _as_value_error(schedule, lambda: validate_schedule(schedule, timezone))

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, code: str) -> str:
        from summarizer.text.languages import canonical_language

        try:
            return canonical_language(code) if code else ""
        except ValueError as error:
            message = f"is not the code of a language: {code[:20]!r} (as in BCP 47: en, pt-BR)"
            raise ValueError(message) from error

    @field_validator("nli")
    @classmethod
    def _is_beside(cls, path: str, info: ValidationInfo) -> str:
        return path and path_beside_config(path, info)

    @field_validator("topics")
    @classmethod
    def _have_different_names(cls, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
        if twice := _first_duplicate(topic.name for topic in topics):
            raise ValueError(f"two topics are called {twice!r}")
        return topics

    @field_validator("deliveries")
    @classmethod
    def _reach_each_recipient_once(cls, deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
        if twice := _first_duplicate(each.name for each in deliveries):
            raise ValueError(f"two deliveries are called {twice!r}")
        regular = [each for each in deliveries if not each.alerts_only]
        if not regular:
            raise ValueError("every delivery is for alerts only; none gets the editions")
        if twice := _first_duplicate(who for each in regular for who in each.addresses):
            raise ValueError(f"{twice} would get every edition twice")
        return deliveries

    @field_validator("alert")
    @classmethod
    def _is_a_delivery(cls, alert: str, info: ValidationInfo) -> str:
        deliveries: tuple[Delivery, ...] = info.data.get("deliveries", ())
        names = [each.name for each in deliveries]
        if alert and names and alert not in names:
            raise ValueError(f"no delivery is called {alert!r}; there are {', '.join(names)}")
        unused = next((each.name for each in deliveries if each.alerts_only), alert)
        if unused != alert:
            raise ValueError(f"the delivery {unused!r} is for alerts only: alert = {unused!r}")
        return alert

    def model_config_for_run(self) -> ModelConfig:
        """The models of its editions; none without a table ``[model]``."""
        if self.model is None:
            return ModelConfig()
        limits = self.model.model_dump(exclude={"name", "api_base"})
        return ModelConfig(
            model=self.model.name,
            api_base=self.model.api_base or "",
            language=self.language,
            **limits,
        )


def _as_value_error(value: str, check: Callable[[], object]) -> str:
    """The value, if the check passes. Raises ValueError, to which pydantic adds the key."""
    try:
        check()
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return value


def _first_duplicate(names: Iterable[str]) -> str:
    """The first name that occurs twice, else an empty text."""
    return next((name for name, number in Counter(names).items() if number > 1), "")


def secret_variables(config: DigestConfig) -> tuple[str, ...]:
    """The environment variables that its deliveries and mailboxes need."""
    names = [
        getattr(each, field, None)
        for each in (*config.deliveries, *config.mailboxes)
        for field in ("password_env", "url_env", "token_env")
    ]
    return tuple(dict.fromkeys(filter(None, names)))


def load_digest_configs(paths: Sequence[Path]) -> tuple[DigestConfig, ...]:
    """The digests of these files. Raises SettingsError, also for two of one name."""
    configs: dict[str, DigestConfig] = {}
    for path in paths:
        config = load_digest_config(path)
        if config.name in configs:
            first = paths[list(configs).index(config.name)]
            raise SettingsError(
                f"name: a digest called {config.name!r} is in {first} already",
                subject=str(path),
                hint="give one of them another name: the story history is stored by name",
            )
        configs[config.name] = config
    return tuple(configs.values())


def load_digest_config(path: Path) -> DigestConfig:
    """The digest of this file. Raises SettingsError with file, line and key."""
    text = _read_text(path)
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise toml_error(path, text, error) from None
    context = {"folder": path.absolute().parent}
    within = "sources"
    try:
        filled = {"title": raw.get("name", ""), **raw}
        if isinstance(raw.get("sources"), dict):
            tables = _SourcesTable.model_validate(raw["sources"], context=context)
            filled["sources"] = tables.subscribed()
        if isinstance(raw.get("mailboxes"), list):
            with suppress(ValidationError):  # which the digest's own validation reports
                boxes = [MailboxTable.model_validate(each) for each in raw["mailboxes"]]
                named = tuple(each.subscribed() for each in boxes)
                filled["sources"] = (*filled.get("sources", ()), *named)
        if isinstance(raw.get("deliveries"), list):
            filled["deliveries"] = list(_named_deliveries(raw["deliveries"]))
        within = ""
        return DigestConfig.model_validate(filled, context=context)
    except ValidationError as error:
        raise config_error(path, text, error, _KNOWN_KEYS, within=within) from None


def _named_deliveries(deliveries: Sequence[Any]) -> Iterable[Any]:
    """The deliveries; one without a name is called by its kind, numbered from the second on."""
    counted: Counter[str] = Counter()
    for each in deliveries:
        if isinstance(each, dict) and "name" not in each and isinstance(each.get("kind"), str):
            kind = each["kind"]
            counted[kind] += 1
            yield {**each, "name": kind if counted[kind] == 1 else f"{kind}-{counted[kind]}"}
        else:
            yield each


_TABLES = (
    DigestConfig,
    _SourcesTable,
    MailboxTable,
    Topic,
    ModelTable,
    *get_args(get_args(Delivery)[0]),
)
_KNOWN_KEYS = sorted({key for table in _TABLES for key in table.model_fields})
"""Every key that a file may have."""


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_CONFIG_BYTES + 1)
        if len(data) <= MAX_CONFIG_BYTES:
            return data.decode("utf-8-sig")
        problem = f"is larger than {MAX_CONFIG_BYTES // 1_000_000} MB"
        hint = "an OPML file may list its feeds"
    except FileNotFoundError:
        problem, hint = "does not exist", "`summarizer digest init` writes one"
    except OSError as error:
        problem, hint = f"cannot be read: {error.strerror}", ""
    except ValueError:
        problem, hint = "cannot be read: it is not UTF-8", ""
    raise SettingsError(problem, subject=str(path), hint=hint)
