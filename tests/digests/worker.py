"""One worker of a digest whose minutes are seconds: FILE STORE EPOCH."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from summarizer.digests.config import load_digest_config
from summarizer.digests.context import RunContext
from summarizer.digests.run import digest_engine, register_config
from summarizer.digests.scheduler import serve_digests
from summarizer.store.database import open_store

__all__ = ["FAST", "main", "quickened"]

FAST = 60


def quickened(epoch: float) -> datetime:
    """What the workers' clock says now."""
    return datetime.fromtimestamp(epoch + FAST * (time.time() - epoch), UTC)


def main(file: str, store: str, epoch: str) -> None:
    def now() -> datetime:
        return quickened(float(epoch))

    def log(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    database = open_store(store)
    config = load_digest_config(Path(file))
    register_config(database, config, file, now())
    context = RunContext(database=database, clock=now, log=log, pauses=(0.2, 0.5))
    with digest_engine(context, serving=True) as engine:
        serve_digests(context, engine, [config], lambda: False)


if __name__ == "__main__":
    main(*sys.argv[1:])
