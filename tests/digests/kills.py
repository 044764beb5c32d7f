"""A digest that is killed again and again, and an account of what its readers got.

Real processes, a real mail server, a real web server, SIGKILL at random moments of a run. Each
round brings news to a few of thirty feeds; a run is begun, and killed or not, until the edition is
done. At the end every recipient must have every edition once, and every piece of news must have
been told once.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread, Timer
from typing import Any

from summarizer.digests.delivery.prepared import idempotency_key
from summarizer.store.database import Database, open_store
from summarizer.store.deliveries import edition_deliveries
from summarizer.store.editions import EditionRecord, edition_history
from tests import smtp
from tests.digests.worker import quickened
from tests.feedserver import Item, Site, rss, serve

__all__ = [
    "Account",
    "News",
    "Runs",
    "Town",
    "Worker",
    "account",
    "killed_at_random",
    "shared_kills",
    "town",
]

ROOT = Path(__file__).parent.parent.parent
FEEDS = 30
RECIPIENTS = ("ann@example.org", "ben@example.org", "eva@example.org")

_SYLLABLES = "ba be bo da de do fa ga go ka ke ko la le lo ma me mo na ne no pa po ra re ro".split()


@dataclass(slots=True)
class News:
    """Feeds to which pieces of news are added; ``tokens``: a name that only one of them has."""

    site: Site
    random: random.Random
    items: list[list[Item]] = field(default_factory=lambda: [[] for _ in range(FEEDS)])
    tokens: list[str] = field(default_factory=list)

    def happen(self, pieces: int = 3) -> None:
        """As many pieces of news more, each in a feed of its own."""
        for at in self.random.sample(range(FEEDS), pieces):
            self.items[at].append(self._item())
        for at, items in enumerate(self.items):
            self.site.routes[f"/{at}.xml"] = rss(*items, title=f"Feed {at}")

    def _item(self) -> Item:
        token, place, who = (self._word().capitalize() for _ in range(3))
        a, b, c, d, e, f, g, h = (self._word() for _ in range(8))
        figure = self.random.randint(100, 9999)
        self.tokens.append(token)
        told = (
            f"The {a} {b} of {token} in {place} lost {figure} {c} when its {d} {e} broke down.",
            f"Mayor {who} promised every {f} in {place} a share of the {g} {h}.",
            f"Inspectors of {token} saw the {e} {f} {figure % 90 + 7} days before the {b} fell.",
        )
        text = "".join(f"<p>{line}</p>" for line in told)
        return Item(token, f"The {a} of {token}", text, "", format_datetime(datetime.now(UTC)))

    def _word(self) -> str:
        return "".join(self.random.choice(_SYLLABLES) for _ in range(4))


@dataclass(slots=True)
class Town:
    """Where a digest lives: its feeds, its readers, and the folder of its file."""

    folder: Path
    news: News
    mailbox: smtp.Mailbox
    posts: list[str]
    file: Path


@contextmanager
def town(folder: Path, seed: int, schedule: str = "0 6 * * *") -> Iterator[Town]:
    """The servers, and a digest's file that names them."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    with serve({}) as site, smtp.server() as mailbox, _hooks() as (hook, posts):
        news = News(site, chance)
        news.happen()
        file = folder / "town.toml"
        urls = [site.url(f"/{at}.xml", host=at + 2) for at in range(FEEDS)]
        (folder / "out").mkdir()
        file.write_text(_FILE.format(
            schedule=schedule, urls=json.dumps(urls), hook=hook, port=mailbox.port,
            recipients=json.dumps(RECIPIENTS),
        ))  # fmt: skip
        yield Town(folder, news, mailbox, posts, file)


_FILE = """\
name = "town"
schedule = "{schedule}"
timezone = "UTC"
allow_private = true
stories = 20
words = 60

[sources]
feeds = {urls}

[[deliveries]]
kind = "email"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "town@example.org"
recipients = {recipients}

[[deliveries]]
kind = "webhook"
url = "{hook}"

[[deliveries]]
kind = "file"
path = "out/{{edition}}.json"

[[deliveries]]
kind = "atom"
path = "out/town.atom"
"""


@contextmanager
def _hooks() -> Iterator[tuple[str, list[str]]]:
    posts: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.append(json.loads(body)["id"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", posts
        server.shutdown()


class Runs:
    """Runs of the digest, one at a time, each in a process of its own."""

    def __init__(self, town: Town, store: str) -> None:
        self.town = town
        self.store = store
        self.log = (town.folder / "log").open("w+b")
        self.zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.digests.zygote"], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log, text=True, bufsize=1,
        )  # fmt: skip
        self._hear()

    def run(self, after: float | None = None) -> int:
        """The exit code; negative when it was killed ``after`` seconds, before its end."""
        assert self.zygote.stdin
        arguments = ["digest", "run", str(self.town.file), "--store", self.store]
        self.zygote.stdin.write(json.dumps(arguments) + "\n")
        process = int(self._hear())
        if after is not None:
            killer = Timer(after, _kill, [process])
            killer.start()
        code = int(self._hear().split()[1])
        if after is not None:
            killer.cancel()
            killer.join()
        return code

    def seconds(self) -> float:
        """How long a run takes that nobody kills."""
        started = time.perf_counter()
        assert self.run() == 0, self.said()
        return time.perf_counter() - started

    def said(self) -> str:
        """All that the runs have said."""
        self.log.seek(0)
        return self.log.read().decode()

    def close(self) -> None:
        assert self.zygote.stdin
        assert self.zygote.stdout
        self.zygote.stdin.close()
        self.zygote.wait()
        self.zygote.stdout.close()
        self.log.close()

    def _hear(self) -> str:
        assert self.zygote.stdout
        line = self.zygote.stdout.readline()
        assert line, self.said()
        return line


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def killed_at_random(runs: Runs, *, kills: int, seed: int) -> tuple[int, int]:
    """Runs and kills until so many kills have hit, then lets it come to its end.

    Gives the kills and the runs that were left alone.
    """
    chance = random.Random(seed)  # noqa: S311
    longest = runs.seconds()
    runs.town.news.happen()
    hit = whole = 0
    while hit < kills:
        code = runs.run(after=chance.uniform(0, longest))
        if code == -signal.SIGKILL:
            hit += 1
            continue
        assert code in (0, 1), runs.said()
        whole += 1
        runs.town.news.happen()
    assert runs.run() in (0, 1), runs.said()
    assert "Traceback" not in runs.said(), runs.said()
    return hit, whole


@dataclass(frozen=True, slots=True)
class Account:
    """What became of all editions; every field but ``editions`` and ``mails`` is to be nought."""

    editions: int
    mails: int
    twice: int
    missing: int
    in_doubt: int
    untold: int
    told_twice: int
    damage: int


def account(town: Town, store: str) -> Account:
    """Compares what the readers have with what the store says."""
    database = open_store(store)
    try:
        return _account(town, database)
    finally:
        database.close()


def _account(town: Town, database: Database) -> Account:
    made = [each for each in edition_history(database, limit=10_000) if each.edition]
    full = [each for each in made if each.edition and each.edition.briefing]
    mails = Counter(_key(received.content) for received in town.mailbox.accepted)
    got = Counter(
        {
            (each.id, who): mails[idempotency_key(each.id, f"email:{who}")]
            for each in full
            for who in RECIPIENTS
        }
    )
    got.update((name, "hook") for name in town.posts)
    got.update((file.stem, "file") for file in (town.folder / "out").glob("e-*.json"))
    feed = (town.folder / "out" / "town.atom").read_text(encoding="utf-8")
    wanted = [(each.id, who) for each in full for who in (*RECIPIENTS, "hook", "file")]
    states = Counter(row.state for each in full for row in edition_deliveries(database, each.id))
    texts = [each.edition.briefing.model_dump_json(include={"stories"})
             for each in full if each.edition and each.edition.briefing]  # fmt: skip
    told = [sum(token in text for text in texts) for token in town.news.tokens]
    return Account(
        editions=len(full),
        mails=sum(mails.values()),
        twice=sum(number > 1 for number in got.values()),
        missing=sum(got[each] == 0 for each in wanted)
        + abs(feed.count("<entry>") - min(30, len(full))),
        in_doubt=states["unknown"],
        untold=sum(number == 0 for number in told),
        told_twice=sum(number > 1 for number in told),
        damage=len(database.integrity_errors()) + sum(not each.finished for each in made),
    )


def _key(mail: bytes) -> str:
    """What the Message-ID says of edition and recipient."""
    return str(message_from_bytes(mail)["Message-ID"]).strip("<>").partition("@")[0]


class Worker:
    """A process that serves the digest, by a clock that runs ``FAST`` times as fast as ours."""

    def __init__(self, town: Town, store: str, epoch: float) -> None:
        command = [sys.executable, "-m", "tests.digests.worker", str(town.file), store, str(epoch)]
        self.log = (town.folder / "workers.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=self.log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()


def _is_over(newest: Sequence[EditionRecord], last: datetime) -> bool:
    """Whether an edition that was begun after the last news has found nothing more."""
    return bool(
        newest
        and newest[0].opened > last
        and newest[0].finished
        and newest[0].edition
        and newest[0].edition.kind == "quiet"
    )


SPARED = (3.0, 18.0)
"""Seconds between two kills of workers: enough for some of them to begin, and for few to end."""


def shared_kills(town: Town, store: str, *, kills: int, seed: int) -> int:
    """Two workers on one store, one of which is killed and replaced at random moments.

    Then they are left alone until every edition that was begun is finished.
    """
    chance = random.Random(seed)  # noqa: S311
    epoch = time.time()
    running = [Worker(town, store, epoch) for _ in range(2)]
    for at in range(kills):
        time.sleep(chance.uniform(*SPARED))
        town.news.happen(1)
        running[at % 2].kill()
        running[at % 2] = Worker(town, store, epoch)
    database = open_store(store)
    last = quickened(epoch)
    patience = time.monotonic() + 240
    while time.monotonic() < patience and not _is_over(edition_history(database, limit=1), last):
        time.sleep(0.5)
    for each in running:
        each.kill()
    database.close()
    return kills
