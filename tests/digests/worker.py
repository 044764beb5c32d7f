"""One worker of a digest whose minutes are seconds: FILE STORE EPOCH."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from summarizer.digests.config import load
from summarizer.digests.run import enter, open_engine
from summarizer.digests.serving import serve
from summarizer.digests.tools import Tools
from summarizer.store.database import open_store

__all__ = ["FAST", "main", "quickened"]

FAST = 60


def quickened(epoch: float) -> datetime:
    """What the workers' clock says now."""
    return datetime.fromtimestamp(epoch + FAST * (time.time() - epoch), UTC)


def main(file: str, store: str, epoch: str) -> None:
    def now() -> datetime:
        return quickened(float(epoch))

    def say(what: str) -> None:
        sys.stderr.write(f"{what}\n")

    database = open_store(store)
    config = load(Path(file))
    enter(database, config, file, now())
    tools = Tools(database=database, clock=now, say=say, pauses=(0.2, 0.5))
    with open_engine(tools, serving=True) as engine:
        serve(tools, engine, [config], lambda: False)


if __name__ == "__main__":
    main(*sys.argv[1:])
