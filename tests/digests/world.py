"""A digest with all that it touches: real feeds, a real mail server, a clock by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from textwrap import dedent

from summarizer.digests.config import DigestConfig, load_digest_config
from summarizer.digests.context import RunContext
from summarizer.digests.run import digest_engine, register_config, run_digest
from summarizer.edition import Edition
from summarizer.store.database import Database, open_store
from summarizer.store.deliveries import edition_deliveries
from summarizer.store.editions import EditionRecord
from tests import smtp
from tests.digests import archive
from tests.feedserver import Item, Site, rss, serve

__all__ = ["FEED", "START", "World", "made_in", "written"]

START = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
FEED = "/feed.xml"


@dataclass
class World:
    """A digest with its feed, its mail server, its store, and the time of day."""

    folder: Path
    site: Site
    mailbox: smtp.Mailbox
    database: Database
    now: datetime = START
    log: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)

    def context(self, **changed: object) -> RunContext:
        usual = {"database": self.database, "clock": lambda: self.now, "sleep": lambda _: None,
                 "environment": self.environment, "log": self.log.append}  # fmt: skip
        return RunContext(**usual | changed)  # type: ignore[arg-type]

    def config(self, more: str = "", deliveries: str = "") -> DigestConfig:
        file = self.folder / "world.toml"
        mail = f"""
            [[deliveries]]
            kind = "email"
            host = "127.0.0.1"
            port = {self.mailbox.port}
            security = "none"
            sender = "world@example.org"
            recipients = ["ann@example.org"]
            """
        head = """
            name = "world"
            schedule = "0 6 * * *"
            timezone = "UTC"
            allow_private = true
            max_age_days = 30
            """
        sources = f"""
            [sources]
            feeds = ["{self.site.url(FEED)}"]
            """
        parts = (head, more, sources, deliveries or mail)
        file.write_text("".join(map(dedent, parts)), encoding="utf-8")
        made = load_digest_config(file)
        register_config(self.database, made, str(file), self.now)
        return made

    def tell(self, *names: str) -> None:
        """The reports of these events come into the feed."""
        for name in names:
            event = archive.EVENTS[name]
            text = "".join(f"<p>{line}</p>" for line in event.report)
            date = format_datetime(self.now - timedelta(hours=1))
            self.items.append(Item(f"urn:{name}", event.title, text, "", date))
        self.site.routes[FEED] = rss(*self.items)

    def run(self, **changed: object) -> EditionRecord:
        context = self.context(**changed)
        with digest_engine(context) as engine:
            record = run_digest(context, engine, "world", self.now)
        assert record
        return record

    def ledger(self, made: EditionRecord) -> list[tuple[str, str]]:
        return [(each.recipient, each.state) for each in edition_deliveries(self.database, made.id)]


@contextmanager
def made_in(folder: Path) -> Iterator[World]:
    """A world for as long as the block lasts."""
    with serve({FEED: rss()}) as site, smtp.server() as mailbox:
        database = open_store(str(folder / "store.db"))
        try:
            yield World(folder, site, mailbox, database)
        finally:
            database.close()


def written(made: EditionRecord) -> Edition:
    assert made.edition
    return made.edition
