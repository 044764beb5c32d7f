"""Fresh Python environments outside the repository, and commands run in them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["ROOT", "Environment", "build_wheel", "environment_with"]

ROOT = Path(__file__).parent.parent.parent

INSTALL_SECONDS = 900


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


class Environment(NamedTuple):
    """``folder``: where its interpreter and packages are."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def run(self, *arguments: str | Path, cwd: Path, **variables: str) -> Outcome:
        """What the installed command prints, run in ``cwd``."""
        return self._run([self.folder / "bin" / "summarizer", *arguments], cwd, variables)

    def script(self, text: str, cwd: Path, **variables: str) -> Outcome:
        """What a Python program prints, run in ``cwd``."""
        return self._run([self.python, "-c", text], cwd, variables)

    def program(self, command: list[str], cwd: Path, **variables: str) -> Outcome:
        """What another program prints, run in ``cwd``."""
        return self._run([*command], cwd, variables)

    def install(self, *requirements: str | Path) -> str:
        """Installs without constraints; what went wrong, empty if nothing did."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet"]
        ran = subprocess.run(
            [*pip, *map(str, requirements)],
            cwd=self.folder,
            env=_clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALL_SECONDS,
        )
        return ran.stderr[-2000:] if ran.returncode else ""

    def pip_check(self) -> Outcome:
        """Whether all installed packages have what they require."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "check"]
        return self._run([*pip], self.folder, {})

    def megabytes(self) -> float:
        """Size of the packages, byte code included, as the sum of the files' sizes."""
        packages = next(self.folder.glob("lib/python*/site-packages"))
        return sum(each.stat().st_size for each in packages.rglob("*") if each.is_file()) / 1e6

    def _run(self, command: list[str | Path], cwd: Path, variables: dict[str, str]) -> Outcome:
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "data")}
        ran = subprocess.run(
            command,
            cwd=cwd,
            env=_clean_environment() | home | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Outcome(ran.returncode, ran.stdout, ran.stderr)


def _clean_environment() -> dict[str, str]:
    """The variables of this process, without those that lead back to its own packages."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "PIP_CONSTRAINT", "SUMMARIZER_", "PYTEST_", "CI")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def build_wheel(folder: Path) -> Path:
    """The wheel of the repository, built into ``folder``."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", folder, ROOT], cwd=folder, check=True)
    return next(folder.glob("*.whl"))


def environment_with(folder: Path, *requirements: str | Path) -> Environment:
    """A new environment in ``folder`` with these packages; a failed installation fails the test."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    made = Environment(folder)
    failure = made.install(*requirements)
    assert failure == ""
    return made
