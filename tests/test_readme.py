"""The README's first screen is real output. To renew it: ``python -m tests.test_readme``."""

import re
from pathlib import Path

import pytest

from summarizer.cli.main import main

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)


def test_the_briefing_in_the_readme_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(README.parent)
    assert main(["brief", "seeds"]) == 0
    (shown,) = BLOCK.findall(README.read_text(encoding="utf-8"))
    assert shown == capsys.readouterr().out


def renew() -> None:
    """Puts the present output into the README."""
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main(["brief", "seeds"])
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: printed.getvalue(), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    renew()
