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
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.feed_farm import Farm, farm
from tests.digests.kills import Runs, account, killed_at_random, shared_kills, town
from tests.feedserver import rss, serve
from tests.postgres import server

START = 15
"""Seconds that workers have to begin before the first digest is due."""

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
    with farm() as served, tempfile.TemporaryDirectory() as name:
        file = _digest(Path(name), "all", served.urls)
        command = _run(file, str(Path(name) / "store.db"))
        tell("1,000 feeds", limits={"seconds": 120, "megabytes": 700}, **_timed(command))
        tell("1,000 feeds, nothing new", **_timed(command))


def share(delay: float) -> None:
    """Ten digests of a hundred feeds each, due in one minute; from then until all are finished.

    The feeds' server and PostgreSQL run on the same cores, and their CPU is told beside the
    workers'. What two workers can reach at most follows from it, whatever else the machine does:
    ``own_cores`` if each process has a core of its own, ``these_cores`` on this machine's.
    """
    with farm(delay) as served, server() as address:
        one, two = (_shared(address, n, served) for n in (1, 2))
        cores = os.cpu_count() or 1
        alone = max(one.workers[0], one.cpu / cores)
        tell(
            "two workers",
            delay=delay,
            one=one.seconds,
            two=two.seconds,
            times=round(one.seconds / two.seconds, 2),
            limit=1.7,
            cpu_one=one._asdict(),
            cpu_two=two._asdict(),
            own_cores=round(one.workers[0] / max(two.workers), 2),
            these_cores=round(alone / max(*two.workers, two.cpu / cores), 2),
            cores=cores,
        )


class Shared(NamedTuple):
    """Seconds from the instant at which all were due to the end of the last; CPU seconds of each
    worker without its start, of PostgreSQL, and of the feeds' server."""

    seconds: float
    workers: tuple[float, ...]
    database: float
    feeds: float

    @property
    def cpu(self) -> float:
        return sum(self.workers) + self.database + self.feeds


def _shared(address: str, workers_: int, served: Farm) -> Shared:
    store = _fresh(address, f"w{workers_}")
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    due += timedelta(minutes=(due - datetime.now(UTC)).total_seconds() < START)
    schedule = f"{due.minute} {due.hour} {due.day} {due.month} *"
    with tempfile.TemporaryDirectory() as name:
        parts = [
            str(_digest(Path(name), f"d{n}", served.urls[n * 100 : n * 100 + 100], schedule))
            for n in range(10)
        ]
        command = [sys.executable, "-m", "summarizer", "digest", "start", *parts, "--store", store]
        running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(workers_)]
        pids = [worker.pid for worker in running]
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 1))
        postgres = int((_home(address) / "data" / "postmaster.pid").read_text().split()[0])
        before = [*map(_cpu, pids), _cpu(postgres, deep=True), _cpu(served.pid)]
        seconds = _until_done(store, due)
        after = [*map(_cpu, pids), _cpu(postgres, deep=True), _cpu(served.pid)]
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait()
    *spent, database, feeds_ = (round(b - a, 1) for a, b in zip(before, after, strict=True))
    return Shared(round(seconds, 1), tuple(spent), database, feeds_)


def _home(address: str) -> Path:
    return Path(address.partition("host=")[2])


def _cpu(process: int, *, deep: bool = False) -> float:
    """CPU seconds of a process; ``deep``: with those of its children, living and gone."""
    own = _times(process)
    if not deep:
        return sum(own[:2])
    children = [
        int(c) for c in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]
    return sum(own) + sum(sum(_times(child)) for child in children)


def _times(process: int) -> list[float]:
    """User and system time, and that of the children which have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15]]


def _until_done(store: str, due: datetime) -> float:
    from summarizer.store.database import open_store
    from summarizer.store.editions import edition_history

    database = open_store(store)
    while True:
        time.sleep(2)
        ended = [each.finished for each in edition_history(database, limit=1000) if each.finished]
        if len(ended) == 10:
            database.close()
            return (max(ended) - due).total_seconds()


def _fresh(address: str, name: str) -> str:
    """A database of its own on the server."""
    from sqlalchemy import create_engine
    from sqlalchemy import text as sql

    from summarizer.store.database import store_url

    engine = create_engine(store_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sql(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


def quiet() -> None:
    with serve({"/feed.xml": rss()}) as site, tempfile.TemporaryDirectory() as name:
        file = _digest(Path(name), "quiet", [site.url("/feed.xml")])
        command = _run(file, str(Path(name) / "store.db"))
        _timed(command)
        quickest = min((_timed(command) for _ in range(5)), key=lambda each: each["seconds"])
        tell("a quiet day", limit=2, **quickest)


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


def _timed(command: Sequence[str]) -> dict[str, float]:
    """Seconds, CPU seconds and peak megabytes of one run."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit {process.returncode}")
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "cpu": round(usage.ru_utime + usage.ru_stime, 2),
        "megabytes": usage.ru_maxrss * 1024 // 1_000_000,
    }


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
