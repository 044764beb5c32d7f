"""What a run needs from outside, as one value, so that a test can set the clock."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """``pauses``: seconds between the attempts of one delivery within a run. ``log`` takes one
    line for the user."""

    database: Database
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    chain_opener: ChainOpener = open_chain
    pauses: tuple[float, ...] = (1.0, 5.0)
    log: Callable[[str], None] = lambda _: None


def stored_config(database: Database, name: str) -> DigestConfig:
    """The digest's configuration at its last run. Raises StoreError."""
    digest = find_digest(database, name)
    if digest is None:
        raise StoreError(
            "no digest has this name", subject=name, hint="`digest run FILE` creates it"
        )
    try:
        return DigestConfig.model_validate_json(digest.config)
    except ValueError as error:
        raise StoreError(
            "its configuration was stored by another version",
            subject=name,
            hint=f"`digest run {digest.path}` stores it anew",
        ) from error
