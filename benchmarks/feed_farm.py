"""A thousand feeds of twenty entries, served from memory by a process of its own, so that what is
measured beside it is not the server.

python -m benchmarks.feed_farm [SECONDS]     answers after so many seconds (0); prints its port, and
                                         serves until its standard input ends
"""

import asyncio
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from pathlib import Path
from typing import IO, cast

from tests.feedserver import Item, rss

__all__ = ["FEEDS", "Farm", "farm"]

FEEDS, ENTRIES = 1000, 20
SIZES = (1, 2, 8, 1, 3, 1, 1, 5, 2, 1)
"""Entries that tell one event, in turn."""


class Farm:
    """The running server."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.urls = [f"http://127.0.{n // 250}.{n % 250 + 2}:{port}/{n}.xml" for n in range(FEEDS)]
        """One host for each feed."""


@contextmanager
def farm(delay: float = 0) -> Iterator[Farm]:
    """The server for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.feed_farm", str(delay)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parent.parent,
    ) as process:  # fmt: skip
        told, held = cast("IO[str]", process.stdout), cast("IO[str]", process.stdin)
        yield Farm(process.pid, int(told.readline()))
        held.close()


class _Answer(asyncio.Protocol):
    """One request, answered with prepared bytes; 304 to a feed that the client has."""

    def __init__(self, feeds: Sequence[bytes], delay: float) -> None:
        self._feeds, self._delay, self._asked = feeds, delay, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._asked += data
        if self._asked.endswith(b"\r\n\r\n"):
            asyncio.get_running_loop().call_later(self._delay, self._tell)

    def _tell(self) -> None:
        number = int(self._asked.split(b" ", 2)[1][1:-4])
        known = f'if-none-match: "{number}"'.encode() in self._asked.lower()
        body = b"" if known else self._feeds[number]
        head = (
            f"HTTP/1.1 {'304 Not Modified' if known else '200 OK'}\r\n"
            f'Content-Type: application/rss+xml\r\nETag: "{number}"\r\n'
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        self._transport.close()


async def _serve(delay: float) -> None:
    entries = list(_entries())
    random.Random(5).shuffle(entries)  # noqa: S311
    feeds = [
        rss(*entries[n * ENTRIES : (n + 1) * ENTRIES], title=f"Feed {n}") for n in range(FEEDS)
    ]
    loop = asyncio.get_running_loop()
    everywhere = "0.0.0.0"  # noqa: S104 - all of 127.0.0.0/8
    server = await loop.create_server(lambda: _Answer(feeds, delay), everywhere, 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def _entries() -> Iterator[Item]:
    """20,000 entries of 130 words on about 8,000 events, in words as common as news uses them."""
    table = files("summarizer.text").joinpath("english.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    ranked = sorted(rows, key=lambda row: -float(row[1]))[:1500]
    common = [stem for stem, *_ in ranked if stem.isalpha() and len(stem) > 2]
    chance = random.Random(3)  # noqa: S311
    event = number = 0
    date = format_datetime(datetime.now(UTC) - timedelta(hours=2))
    while number < FEEDS * ENTRIES:
        own = [_word(chance) for _ in range(25)] + chance.sample(common, 15)
        for _ in range(min(SIZES[event % len(SIZES)], FEEDS * ENTRIES - number)):
            lines = [_line(chance, own, common) for _ in range(8)]
            text = "".join(f"<p>{line}</p>" for line in lines)
            yield Item(f"urn:{number}", lines[0][:60], text, "", date)
            number += 1
        event += 1


def _line(chance: random.Random, own: Sequence[str], common: Sequence[str]) -> str:
    words = [chance.choice(own if chance.random() < 0.35 else common) for _ in range(16)]
    return " ".join(words).capitalize() + "."


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(4))


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1] if len(sys.argv) > 1 else 0)))
