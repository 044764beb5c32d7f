"""The Python interface: what ``from summarizer import ...`` gives, and how it fails."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import summarizer
from summarizer import Article, ModelConfig, SummarizerError, brief, check, verify
from summarizer.cli.main import main
from summarizer.rendering.json import to_json
from tests.articles import SEEDS
from tests.chain.authors import plain, responding, verdicts
from tests.feedserver import Route, serve
from tests.models.server import Server

NOW = datetime(2025, 11, 26, tzinfo=UTC)
FIRE = Article.of(
    "A fire destroyed a railway depot in Bern on Monday evening, police said. Twelve people were "
    "injured, two of them seriously. The depot was built in 1967 by the railway company.",
    name="fire.txt",
)


def test_the_promised_names_are_there() -> None:
    assert set(summarizer.__all__) <= set(dir(summarizer))
    for name in summarizer.__all__:
        assert getattr(summarizer, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'brieff'"):
        summarizer.brieff  # noqa: B018


def test_importing_the_package_loads_nothing_of_it() -> None:
    program = "import sys, summarizer; print([m for m in sys.modules if 'summarizer.' in m])"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_briefing_is_that_of_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "briefing.json"
    assert main(["brief", str(SEEDS), "--words", "200", "-o", str(file)]) == 0
    printed = json.loads(file.read_text(encoding="utf-8"))
    made = brief(SEEDS, words=200, now=datetime.fromisoformat(printed["created"]))
    assert json.loads(to_json(made)) == printed


def test_files_pages_and_texts_are_briefed_together(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIRE.text.replace("Twelve", "Some"), encoding="utf-8")
    body = f"<html><body><article><p>{FIRE.text}</p></article></body></html>".encode()
    with serve({"/story": Route(body, media="text/html")}) as site:
        sources: list[str | Path | Article] = [FIRE, tmp_path / "a.txt", site.url("/story")]
        made = brief(sources, words=120, allow_private=True, now=NOW)
    assert made.report.sentences > 0
    assert made.created == NOW


def test_a_source_that_cannot_be_read_is_a_finding_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "empty.txt").touch()
    made = brief([FIRE, tmp_path / "empty.txt"], words=60)
    assert [f.detail for f in made.findings if f.kind == "unreadable"] == ["is empty"]
    assert "empty.txt: is empty" in caplog.text


def test_settings_reach_the_briefing() -> None:
    old = Article.of(FIRE.text, name="old", published=date(2020, 1, 2))
    made = brief(
        [FIRE, old], focus="depot", words=60, title="Fire", since=date(2024, 1, 1), undated=True
    )
    assert made.title == "Fire"
    assert {source.path for source in made.sources} == {"fire.txt"}


def test_a_briefing_shows_itself() -> None:
    made = brief(FIRE, words=60, title="A fire", now=NOW)
    assert "fire.txt" in str(made)
    assert "\x1b" not in str(made)
    assert repr(made) == f"Briefing(id='{made.id}', title='A fire', stories=1)"
    page = made._repr_html_()
    assert page.startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert page.count('"') == 6, "the page is escaped whole"


def test_a_model_writes_within_the_bounds_of_its_configuration(
    server: Server, tmp_path: Path
) -> None:
    server.respond = responding(plain)
    config = ModelConfig(
        model="openai/x", api_base=f"{server.url}/v1", concurrency=2, cache_dir=tmp_path
    )
    made = brief(FIRE, words=60, model=config, now=NOW)
    asked = len(server.seen)
    again = brief(FIRE, words=60, model=config, now=NOW)
    assert made.writer == "openai/x"
    assert asked > 0
    assert (len(server.seen), again.report.model_calls) == (asked, 0), "the cache is shared"
    assert again.stories == made.stories


def test_a_draft_is_checked_as_the_command_line_checks_it(tmp_path: Path) -> None:
    draft, source, out = tmp_path / "draft.md", tmp_path / "fire.txt", tmp_path / "out.json"
    text = "Twelve people were injured [1]. Ninety people were injured [1]."
    draft.write_text(text, encoding="utf-8")
    source.write_text(FIRE.text, encoding="utf-8")
    assert main(["check", str(draft), "--sources", str(source), "-o", str(out)]) == 1
    report = check(draft, source)
    assert json.loads(to_json(report)) == json.loads(out.read_text(encoding="utf-8"))
    assert [each.verdict for each in report.sentences] == ["unverified", "contradicted"]
    assert check(text, FIRE).report == report.report


def test_a_judge_decides_what_the_checks_leave_uncertain(server: Server) -> None:
    draft = "The fire destroyed the company's depot [1]. A blaze ruined the depot in Bern [1]."
    assert {each.verdict for each in check(draft, FIRE).sentences} == {"unverified"}
    server.respond = responding(lambda _, prompt: verdicts(prompt, {"company": "the company's"}))
    judge = ModelConfig(model="openai/x", api_base=f"{server.url}/v1", cache=False)
    report = check(draft, FIRE, judge=judge)
    assert len(server.seen) == 1, "one call for the whole draft"
    assert [each.verdict for each in report.sentences] == ["unsupported", "supported"]
    (issue,) = report.sentences[0].issues
    assert issue.detail == "openai/x: the passages do not say “the company's”"


def test_a_briefing_is_verified_against_what_its_sources_say_now(tmp_path: Path) -> None:
    source, file = tmp_path / "fire.txt", tmp_path / "briefing.json"
    source.write_text(FIRE.text, encoding="utf-8")
    made = brief(source, words=60)
    file.write_text(to_json(made), encoding="utf-8")
    for given in (made, file, str(file)):
        assert verify(given).failures == verify(given).unavailable == ()
    source.write_text(FIRE.text.replace("Twelve", "Ninety"), encoding="utf-8")
    assert verify(made).failures
    assert verify(made, [Article.of(FIRE.text, name=str(source))]).failures == ()
    source.unlink()
    assert verify(made).unavailable


ASYNC_PROGRAM = """
import asyncio
from summarizer import Article, brief

async def both():
    fire = Article.of("A fire destroyed a depot in Bern on Monday. Nobody was hurt.", name="fire")
    calls = [asyncio.to_thread(brief, fire, words=60, title="Fire") for _ in range(2)]
    return {briefing.id for briefing in await asyncio.gather(*calls)}

print(len(asyncio.run(both())))
"""


def test_async_code_calls_it_in_threads() -> None:
    command = [sys.executable, "-W", "error", "-c", ASYNC_PROGRAM]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("1\n", "")


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a path that does not exist": (lambda: brief("nowhere.txt"), "nowhere.txt: does not exist"),
    "one path of many": (lambda: brief([FIRE, "nowhere.txt"]), "nowhere.txt: does not exist"),
    "a text": (
        lambda: brief(FIRE.text),
        "“A fire destroyed a railway depot in Bern…”: is a text, not a path or URL "
        "(Article.of(text) makes an article of it)",
    ),
    "no sources": (lambda: brief([]), "sources: no sources are given"),
    "nothing that can be read": (
        lambda: brief("none-*.txt"),
        "no source can be read: none-*.txt: matches no file",
    ),
    "a model without a provider": (
        lambda: brief(FIRE, model="gpt-4"),
        "model: names no provider: 'gpt-4' (write PROVIDER/NAME, as in openai/gpt-4)",
    ),
    "a judge without a provider": (
        lambda: check("It burned [1].", FIRE, judge="gpt-4"),
        "model: names no provider: 'gpt-4' (write PROVIDER/NAME, as in openai/gpt-4)",
    ),
    "too few words": (
        lambda: brief(FIRE, words=3),
        "words: 3 words hold no briefing (give at least 20)",
    ),
    "a focus of nothing": (
        lambda: brief(FIRE, focus="xyzzy"),
        "focus: no article speaks of “xyzzy”",
    ),
    "a draft without a sentence": (lambda: check("", FIRE), "draft: holds no sentence to check"),
    "no draft": (lambda: check(Path("nowhere.md"), FIRE), "nowhere.md: does not exist"),
    "no briefing": (lambda: verify("nowhere.json"), "nowhere.json: does not exist"),
    "an empty text": (lambda: Article.of(" \n", name="a"), "a: is empty"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line(case: str) -> None:
    call, line = WRONG[case]
    with pytest.raises(SummarizerError) as error:
        call()
    assert str(error.value) == line
