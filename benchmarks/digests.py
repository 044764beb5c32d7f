"""What digests promise, measured; JSON on standard output, one object a figure.

python -m benchmarks.digests kills [COUNT]       SIGKILL at random moments, SQLite
python -m benchmarks.digests workers [COUNT]     the same on PostgreSQL, two workers
python -m benchmarks.digests feeds               1,000 feeds of 20 entries: time and memory
python -m benchmarks.digests share [SECONDS]     the same feeds in ten digests, one worker and two;
                                                 each feed answers after so many seconds (0)
python -m benchmarks.digests quiet               a day on which nothing is new
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from pathlib import Path

from tests.digests.kills import Runs, account, killed_at_random, shared_kills, town
from tests.feedserver import Item, Route, Site, rss, serve
from tests.postgres import server

FEEDS, ENTRIES = 1000, 20
SIZES = (1, 2, 8, 1, 3, 1, 1, 5, 2, 1)
"""Entries that tell one event, in turn."""

ROOT = Path(__file__).parent.parent


def kills(count: int) -> None:
    with tempfile.TemporaryDirectory() as name, town(Path(name), seed=11) as made:
        store = str(made.folder / "store.db")
        runs = Runs(made, store)
        started = time.perf_counter()
        try:
            hit, whole = killed_at_random(runs, kills=count, seed=11)
        finally:
            runs.close()
        seconds = round(time.perf_counter() - started)
        tell("kills", kills=hit, unhurt=whole, seconds=seconds, **asdict(account(made, store)))


def workers(count: int) -> None:
    with (
        server() as store,
        tempfile.TemporaryDirectory() as name,
        town(Path(name), seed=12, schedule="*/10 * * * *") as made,
    ):
        started = time.perf_counter()
        hit = shared_kills(made, store, kills=count, seed=12)
        seconds = round(time.perf_counter() - started)
        tell("workers", kills=hit, seconds=seconds, **asdict(account(made, store)))


def feeds() -> None:
    with _thousand() as site, tempfile.TemporaryDirectory() as name:
        file = _digest(Path(name), "all", _urls(site))
        command = _run(file, str(Path(name) / "store.db"))
        first = _timed(command)
        second = _timed(command)
        tell("1,000 feeds", seconds=first[0], megabytes=first[1], limits=[120, 700])
        tell("1,000 feeds, nothing new", seconds=second[0], megabytes=second[1])


def share(delay: float) -> None:
    """Ten digests of a hundred feeds each, begun together; from then until all are finished.

    Two workers gain where there is waiting to share, or a core for each of them beside those that
    the feeds' server and PostgreSQL take.
    """
    with _thousand(delay) as site, server() as address:
        urls = _urls(site)
        seconds = [_shared(address, n, urls) for n in (1, 2)]
        times = round(seconds[0] / seconds[1], 2)
        tell("two workers", delay=delay, one=seconds[0], two=seconds[1], times=times, limit=1.7)


def _shared(address: str, workers_: int, urls: Sequence[str]) -> float:
    """Seconds from the minute at which all ten are due until the last of them is delivered."""
    store = _fresh(address, f"w{workers_}")
    with tempfile.TemporaryDirectory() as name:
        parts = [
            str(_digest(Path(name), f"d{n}", urls[n * 100 : n * 100 + 100], "* * * * *"))
            for n in range(10)
        ]
        command = [sys.executable, "-m", "summarizer", "digest", "start", *parts, "--store", store]
        running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(workers_)]
        seconds = _until_done(store)
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait()
    return round(seconds, 1)


def _until_done(store: str) -> float:
    from summarizer.store.database import open_store
    from summarizer.store.issues import history

    time.sleep(5)
    database = open_store(store)
    while True:
        first = [each for each in history(database, limit=1000) if each.number == 1]
        ended = [each.finished for each in first if each.finished]
        if len(ended) == 10:
            database.close()
            return (max(ended) - min(each.due for each in first)).total_seconds()
        time.sleep(1)


def _fresh(address: str, name: str) -> str:
    """A database of its own on the server."""
    from sqlalchemy import create_engine
    from sqlalchemy import text as sql

    from summarizer.store.database import url_of

    engine = create_engine(url_of(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sql(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


def quiet() -> None:
    with serve({"/feed.xml": rss()}) as site, tempfile.TemporaryDirectory() as name:
        file = _digest(Path(name), "quiet", [site.url("/feed.xml")])
        command = _run(file, str(Path(name) / "store.db"))
        _timed(command)
        tell("a quiet day", seconds=min(_timed(command)[0] for _ in range(5)), limit=2)


@contextmanager
def _thousand(delay: float = 0) -> Iterator[Site]:
    entries = list(_entries())
    random.Random(5).shuffle(entries)  # noqa: S311
    parts = [entries[n * ENTRIES : (n + 1) * ENTRIES] for n in range(FEEDS)]
    routes = {
        f"/{n}.xml": Route(rss(*part, title=f"Feed {n}"), delay=delay)
        for n, part in enumerate(parts)
    }
    with serve(routes) as site:
        yield site


def _urls(site: Site) -> list[str]:
    return [site.url(f"/{n}.xml", host=n + 2) for n in range(FEEDS)]


def _entries() -> Iterator[Item]:
    """20,000 entries of 130 words on about 8,000 events, in words as common as news uses them."""
    table = files("summarizer.text").joinpath("english.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    ranked = sorted(rows, key=lambda row: -float(row[1]))[:1500]
    common = [stem for stem, _ in ranked if stem.isalpha() and len(stem) > 2]
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


def _digest(folder: Path, name: str, urls: Sequence[str], schedule: str = "0 6 1 1 *") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(
        f'name = "{name}"\nschedule = "{schedule}"\ntimezone = "UTC"\nallow_private = true\n'
        f"[sources]\nfeeds = {json.dumps(urls)}\n"
        f'[[deliveries]]\nkind = "file"\npath = "{name}.html"\n'
    )
    return file


def _run(file: Path, store: str) -> list[str]:
    return [sys.executable, "-m", "summarizer", "digest", "run", str(file), "--store", store]


def _timed(command: Sequence[str]) -> tuple[float, int]:
    """Seconds and peak MB of one run."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit {process.returncode}")
    return round(time.perf_counter() - started, 2), usage.ru_maxrss * 1024 // 1_000_000


def tell(figure: str, **values: object) -> None:
    print(json.dumps({"figure": figure} | values), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figure", choices=["kills", "workers", "feeds", "share", "quiet"])
    parser.add_argument("count", nargs="?", type=int)
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    match asked.figure:
        case "kills":
            kills(asked.count or 200)
        case "workers":
            workers(asked.count or 50)
        case "feeds":
            feeds()
        case "share":
            share(asked.count or 0)
        case "quiet":
            quiet()


if __name__ == "__main__":
    main()
