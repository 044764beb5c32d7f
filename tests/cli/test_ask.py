"""``summarizer ask``: an answer with its citations, or one line that there is none."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.cli.options import complete_digests, complete_editions, parse_day_or_time
from summarizer.rendering.json import parse_briefing
from summarizer.sources.articles import Article
from summarizer.store.database import open_store
from summarizer.store.editions import RegisteredDigest, open_edition, register_digest
from summarizer.store.snapshots import save_articles
from tests.chain.authors import plain, responding, user_message
from tests.models.server import Server

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FIRE = "A fire destroyed a railway depot in Bern on Monday evening, police said."
STRIKE = "Bus drivers in Bern went on strike on Tuesday. The union asks for 5 percent more."


@pytest.fixture
def store(tmp_path: Path) -> str:
    articles = [
        Article.of(FIRE, name="fire.txt", published=date(2026, 2, 27), language="en"),
        Article.of(STRIKE, name="strike.txt", language="en"),
    ]
    with closing(open_store(str(tmp_path / "store.db"))) as database:
        save_articles(database, articles, NOW)
        return database.name


def test_the_answer_is_cited(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What did the fire in Bern destroy?", "--store", store]) == 0
    shown = capsys.readouterr()
    assert f"{FIRE} [1]" in " ".join(shown.out.split())
    assert shown.err == ""


def test_no_answer_is_one_line_and_exit_code_1(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "Who won the chess match?", "--store", store]) == 1
    shown = capsys.readouterr()
    assert shown.out == "Nothing in your sources says this; 2 articles were searched.\n"


def test_undated_articles_are_counted_or_kept(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ask", "What do bus drivers in Bern do?", "--store", store, "--since", "2026-02-01"]
    assert main(asked) == 1
    shown = capsys.readouterr()
    assert shown.err.strip() == (
        "summarizer: 1 article of unknown date is left out; --undated keep keeps it"
    )
    assert main([*asked, "--undated", "keep"]) == 0
    assert "went on strike" in capsys.readouterr().out


def test_the_suffix_names_the_format(store: str, tmp_path: Path) -> None:
    page = tmp_path / "answer.html"
    assert main(["ask", "What did the fire destroy?", "--store", store, "-o", str(page)]) == 0
    assert "railway depot" in page.read_text(encoding="utf-8")


def test_the_shell_completes_names_of_digests_and_editions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "store.db"))
    assert complete_digests("") == []
    with closing(open_store(str(tmp_path / "store.db"))) as database:
        register_digest(database, RegisteredDigest("world", "world.toml", "{}"), NOW)
        register_digest(database, RegisteredDigest("sport", "sport.toml", "{}"), NOW)
        open_edition(database, "world", NOW, NOW)
    assert complete_digests("") == ["sport", "world"]
    assert complete_editions("w") == ["world", "world/1"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("today", "2026-11-28"),
        ("Yesterday", "2026-11-27"),
        ("2026-11-26", "2026-11-26"),
        ("2026-11-26T08:00+02:00", "2026-11-26T08:00:00+02:00"),
        ("2d", "2026-11-26T12:30:00+00:00"),
        ("12h", "2026-11-28T00:30:00+00:00"),
        ("1w", "2026-11-21T12:30:00+00:00"),
    ],
)
def test_days_and_times_as_people_write_them(given: str, meant: str) -> None:
    now = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
    assert parse_day_or_time(given, now).isoformat() == meant


@pytest.mark.parametrize("given", ["tomorrow", "2026-13-01", "999999w", "", "2 d"])
def test_what_is_no_day_is_one_line(
    given: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "Who?", "--store", store, "--since", given]) == 2
    assert "is no date: give 2026-11-26" in capsys.readouterr().err


def test_a_model_writes_the_answer_from_the_passages_that_were_found(
    store: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("SUMMARIZER_API_KEY", "sk-local")
    server.respond = responding(plain)
    model = ["--model", "openai/gpt-4o-mini", "--api-base", f"{server.url}/v1"]
    asked = ["ask", "What did the fire in Bern destroy?", "--store", store, "--format", "json"]
    assert main([*asked, *model]) == 0
    briefing = parse_briefing(capsys.readouterr().out)
    assert briefing.writer == "openai/gpt-4o-mini"
    assert [each.label for each in briefing.sources] == ["fire.txt"]
    prompts = " ".join(user_message(each) for each in server.seen)
    assert "What did the fire in Bern destroy?" in prompts
    assert "railway depot" in prompts
    assert "Bus drivers" not in prompts
    server.seen.clear()
    asked[1] = "Who won the chess match?"
    assert main([*asked, *model]) == 1
    assert server.seen == []
