"""What a command says whose extra is not installed; `tests.more.test_core` proves it for real."""

import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.extras import EXTRA_MODULES
from tests.articles import SEEDS

HIDDEN = sorted({name for names in EXTRA_MODULES.values() for name in names})


@pytest.mark.parametrize(
    ("arguments", "failure"),
    [
        (
            ["brief", str(SEEDS), "--model", "a/b"],
            "--model: diskcache",
        ),
        (["cache", "info"], "cache: diskcache"),
        (["digest", "run", "world.toml"], "digest: cronsim"),
        (["mcp"], "mcp: mcp"),
        (["serve"], "serve: dbos"),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_a_missing_extra_is_one_line(arguments: list[str], failure: str, tmp_path: Path) -> None:
    program = (
        f"import sys; sys.modules |= dict.fromkeys({HIDDEN})\n"
        "from summarizer.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    extra = {"--model": "model", "cache": "model"}.get(part := failure.partition(":")[0], part)
    cure = f"(pip install 'citably[{extra}]')"
    assert ran.stderr == f"summarizer: {failure} is not installed {cure}\n"
    assert (ran.returncode, ran.stdout) == (2, "")
