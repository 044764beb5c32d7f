"""What a run needs from outside, in one value, so that a test can set the clock."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from summarizer.digests.config import DigestConfig
from summarizer.errors import StoreError
from summarizer.store.database import Database
from summarizer.store.editions import find_digest
from summarizer.writing.prompting import ChainOpener, open_chain

__all__ = ["RunContext", "stored_config"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """``pauses``: seconds between the tries of one delivery within a run."""

    database: Database
    clock: Callable[[], datetime] = _utc_now
    sleep: Callable[[float], None] = time.sleep
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    chain_opener: ChainOpener = open_chain
    pauses: tuple[float, ...] = (1.0, 5.0)
    log: Callable[[str], None] = lambda _: None


def stored_config(database: Database, name: str) -> DigestConfig:
    """The digest as it stood in its file when it was last named. Raises StoreError."""
    known = find_digest(database, name)
    if known is None:
        raise StoreError("no digest has this name", subject=name, hint="digest run FILE makes it")
    try:
        return DigestConfig.model_validate_json(known.config)
    except ValueError as error:
        raise StoreError(
            "was kept by another version", subject=name, hint=f"digest run {known.path}"
        ) from error
