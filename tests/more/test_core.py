"""The core alone, as `pip install citably` makes it: every command works or names its extra."""

import json
from pathlib import Path

import pytest

from summarizer.extras import EXTRA_MODULES
from tests.more.environments import ROOT, Environment, environment_with

pytestmark = pytest.mark.more

MAX_CORE_MEGABYTES = 135

SEEDS = ROOT / "seeds"
FIXTURES = ROOT / "evals" / "fixtures"
REPLAY = ("--model", "openai/by-hand", "--replay", str(FIXTURES / "seeds.jsonl"))

WORKING = {
    "version": (("--version",), 0),
    "brief": (("brief", SEEDS), 0),
    "brief html": (("brief", SEEDS, "-f", "html"), 0),
    "brief replay": (("brief", SEEDS, *REPLAY), 0),
    "stories": (("stories", SEEDS), 0),
    "check": (("check", FIXTURES / "answer.md", "--sources", FIXTURES / "wires.jsonl"), 1),
    "eval run": (("eval", "run", ROOT / "evals" / "suites" / "incidents.yaml"), 0),
    "digest help": (("digest", "run", "--help"), 0),
    "serve help": (("serve", "--help"), 0),
    "mcp help": (("mcp", "--help"), 0),
    "token": (("token", "ann", "--tokens", "tokens.txt"), 0),
}
"""Command -> its arguments and the exit code of success."""

INCOMPLETE = {
    "model": (("brief", SEEDS, "--model", "openai/gpt-x"), "--model", "model"),
    "model of a suite": (
        ("eval", "run", ROOT / "evals" / "suites" / "incidents.yaml", "--model", "openai/gpt-x"),
        "--model",
        "model",
    ),
    "cache": (("cache", "info"), "cache", "model"),
    "digest": (("digest", "run", "world.toml"), "digest", "digest"),
    "digest init": (("digest", "init", "world"), "digest", "digest"),
    "serve": (("serve",), "serve", "serve"),
    "mcp": (("mcp",), "mcp", "mcp"),
}
"""What needs an extra -> the arguments, what the message names, and the extra."""

SCRIPTED = """
from summarizer import Article, brief, check, verify
from summarizer.models.replay import ScriptedModel
from summarizer.models.protocol import ChatMessage, CompletionRequest
fire = Article.of("A fire destroyed a depot in Bern on Monday. Nobody was hurt.", name="fire")
briefing = brief([fire], words=60)
assert verify(briefing, [fire]).failures == ()
assert check("Ten people died in the fire [1].", fire).sentences[0].verdict == "unsupported"
request = CompletionRequest(model="m", messages=(ChatMessage("user", "Say it."),), max_tokens=10)
print(ScriptedModel(["said"]).complete(request).text)
"""


@pytest.fixture(scope="module")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment_with(tmp_path_factory.mktemp("core"), wheel)


def test_the_core_is_small(core: Environment) -> None:
    assert core.megabytes() <= MAX_CORE_MEGABYTES


def test_the_core_has_no_module_of_an_extra(core: Environment, tmp_path: Path) -> None:
    names = sorted({name for names in EXTRA_MODULES.values() for name in names})
    script = f"import importlib.util as u; print([n for n in {names} if u.find_spec(n)])"
    assert core.script(script, tmp_path).out.strip() == "[]"


@pytest.mark.parametrize("name", WORKING)
def test_a_command_of_the_core_works(name: str, core: Environment, tmp_path: Path) -> None:
    arguments, code = WORKING[name]
    ran = core.run(*arguments, cwd=tmp_path)
    assert ran.code == code, ran.err
    assert ran.out.strip()
    assert "Traceback" not in ran.err


def test_a_briefing_is_verified(core: Environment, tmp_path: Path) -> None:
    ran = core.run("brief", SEEDS, "-o", "briefing.json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert json.loads((tmp_path / "briefing.json").read_text(encoding="utf-8"))["stories"]
    assert core.run("verify", "briefing.json", cwd=tmp_path).code == 0


def test_python_and_a_scripted_model_need_the_core_only(core: Environment, tmp_path: Path) -> None:
    ran = core.script(SCRIPTED, tmp_path)
    assert (ran.code, ran.out.strip()) == (0, "said"), ran.err


@pytest.mark.parametrize("name", INCOMPLETE)
def test_a_missing_extra_is_one_line(name: str, core: Environment, tmp_path: Path) -> None:
    arguments, subject, extra = INCOMPLETE[name]
    ran = core.run(*arguments, cwd=tmp_path)
    assert ran.code == 2
    assert ran.err.startswith(f"summarizer: {subject}: ")
    assert ran.err.endswith(f" is not installed (pip install 'citably[{extra}]')\n")
    assert ran.err.count("\n") == 1
