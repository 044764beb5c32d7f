"""What the README shows is real output. To renew it: ``python -m tests.test_readme``."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from summarizer.cli.main import main

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)
WRITTEN = ["--model", "openai/by-hand", "--replay", "evals/fixtures/seeds.jsonl"]
CHECKED = ["check", "evals/fixtures/answer.md", "--sources", "evals/fixtures/wires.jsonl"]
COMMANDS = (["brief", "seeds"], ["brief", "seeds", *WRITTEN], CHECKED)
"""The commands whose output the blocks show, in order."""


def shown() -> list[str]:
    return BLOCK.findall(README.read_text(encoding="utf-8"))


def test_every_block_has_its_command() -> None:
    assert len(shown()) == len(COMMANDS)


@pytest.mark.parametrize("block", range(len(COMMANDS)))
def test_output_in_the_readme_is_what_the_command_prints(
    block: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(README.parent)
    assert main(COMMANDS[block]) == (COMMANDS[block] is CHECKED)
    assert shown()[block] == capsys.readouterr().out


def renew() -> None:
    """Puts the present output into the README."""
    printed = iter([prints(command) for command in COMMANDS])
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: next(printed), text), encoding="utf-8")


def prints(command: list[str]) -> str:
    """What a command writes to standard output."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main(command)
    return printed.getvalue()


if __name__ == "__main__":
    renew()
