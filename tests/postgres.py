"""A PostgreSQL server of the tests' own, on a socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

__all__ = ["server"]

ABSENT = (
    "no PostgreSQL found: apt-get install postgresql, or name the folder of initdb in the variable"
    " POSTGRES_BIN"
)
LOWLY = ("postgres", "nobody")
"""Users that may run the server where the tests are root, which the server refuses."""


def folder() -> Path:
    """Where the programs are; without them the test is skipped, or fails where CI is set."""
    named = os.environ.get("POSTGRES_BIN")
    there = shutil.which("initdb")
    found = [Path(named)] if named else [Path(there).parent] if there else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    chosen = next((each for each in found if (each / "initdb").exists()), None)
    if chosen is None:
        if os.environ.get("CI"):
            pytest.fail(ABSENT, pytrace=False)
        pytest.skip(ABSENT)
    return chosen


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database, for as long as the block lasts."""
    programs = folder()
    with TemporaryDirectory(prefix="pg-", dir="/tmp") as home:
        data = Path(home) / "data"
        user = _lowly(Path(home))
        _run([programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-N"], user)
        options = f"-k {home} -c listen_addresses= -c fsync=off -c max_connections=200"
        _run(
            [programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{home}/log", "start"],
            user,
        )
        try:
            yield f"postgresql://tester@/postgres?host={home}"
        finally:
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], user)


def _lowly(home: Path) -> dict[str, Any]:
    """As whom the server runs."""
    if os.geteuid() != 0:
        return {}
    known = {each.pw_name for each in pwd.getpwall()}
    name = next(each for each in LOWLY if each in known)
    shutil.chown(home, name)
    home.chmod(0o711)
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def _run(command: Sequence[str | Path], user: dict[str, Any]) -> None:
    done = subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", **user
    )
    assert done.returncode == 0, done.stderr.decode()
