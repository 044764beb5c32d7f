"""`digest check` tries everything, sends nothing, and says of each how it went."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summarizer.digests.config import DigestConfig
from summarizer.digests.health import TrialResult, try_config
from tests.feedserver import Item, Site, rss, serve
from tests.smtp import server

NOW = datetime(2025, 11, 26, 6, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({"/good": rss(Item("1", "T", "x", "/1"), Item("2", "U", "y", "/2"))}) as running:
        yield running


def rows(site: Site, folder: Path, port: int) -> dict[str, TrialResult]:
    opml = folder / "a.opml"
    opml.write_text(f'<opml><body><outline xmlUrl="{site.url("/listed")}"/></body></opml>')
    places = [
        ("feed", site.url("/good")), ("feed", site.url("/bad")), ("opml", str(opml)),
        ("opml", "/none.opml"), ("folder", str(folder / "none")),
    ]  # fmt: skip
    config = DigestConfig.model_validate({
        "name": "world", "timezone": "Europe/Berlin", "schedule": "0 6 * * *",
        "allow_private": True,
        "sources": [{"kind": kind, "location": location} for kind, location in places],
        "deliveries": [
            {"name": "page", "kind": "file", "path": str(folder / "out" / "{date}.html")},
            {"name": "mail", "kind": "email", "host": "127.0.0.1", "port": port,
             "security": "none", "sender": "a@example.org", "recipients": ["b@example.org"]},
            {"name": "chat", "kind": "webhook", "url_env": "HOOK"},
        ],
    })  # fmt: skip
    return {row.name: row for row in try_config(config, environment={}, now=NOW)}


def test_each_source_and_delivery_has_its_row(site: Site, tmp_path: Path) -> None:
    with server() as smtp:
        found = rows(site, tmp_path, smtp.port)
    assert found["0 6 * * *"].detail == "next at Thu 27 Nov 2025 06:00 CET"
    assert found[site.url("/good")] == TrialResult(
        "feed", site.url("/good"), True, "2 entries; the newest of 25 Nov 2025"
    )
    assert found[site.url("/bad")][2:] == (False, "answered 404 Not Found")
    assert found[site.url("/listed")][2:] == (False, "answered 404 Not Found")
    assert found["/none.opml"][2:] == (False, "cannot be read: No such file or directory")
    assert not found[str(tmp_path / "none")].ok
    assert found["page"].ok
    assert found["mail"][2:] == (True, "takes mail for 1 recipient")
    assert (found["chat"].ok, "HOOK is not set" in found["chat"].detail) == (False, True)
    assert smtp.accepted == []
    assert sorted(site.paths()) == ["/bad", "/good", "/listed"]
    assert [each.name for each in tmp_path.iterdir()] == ["a.opml"]
