"""The built wheel is whole: in an environment that never saw the repository, it briefs."""

import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

import summarizer

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output; fails the test with both streams."""
    ran = subprocess.run(command, cwd=cwd, env={}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def pip(*arguments: str | Path, cwd: Path) -> None:
    """This environment's pip, offline."""
    run(sys.executable, "-m", "pip", *arguments, "--no-deps", "--no-index", "--quiet", cwd=cwd)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", ROOT, "--no-build-isolation", "--wheel-dir", folder, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts' folder of an environment with the wheel in it.

    The dependencies are borrowed by a path line, which, unlike an installation, does not follow the
    borrowed folder's own path lines: an editable installation of the repository stays out of sight.
    """
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    pip("--python", python, "install", wheel, cwd=folder)
    packages = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    Path(packages.strip(), "borrowed.pth").write_text(
        sysconfig.get_path("purelib"), encoding="utf-8"
    )
    return folder / "bin"


def test_the_wheel_carries_its_data(wheel: Path) -> None:
    data = [
        path for path in (ROOT / "summarizer").rglob("*.*") if path.suffix not in {".py", ".pyc"}
    ]
    expected = {path.relative_to(ROOT).as_posix() for path in data}
    expected |= {f"summarizer/_prompts/{path.name}" for path in (ROOT / "prompts").iterdir()}
    assert {"summarizer/text/english.tsv", "summarizer/py.typed"} <= expected
    assert expected - set(ZipFile(wheel).namelist()) == set()


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    roots = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert roots == {"summarizer", f"citably-{summarizer.__version__}.dist-info"}


def test_what_runs_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    script = "import summarizer; print(summarizer.__file__)"
    place = Path(run(installed / "python", "-c", script, cwd=tmp_path).strip())
    assert place.is_relative_to(installed.parent)


def test_the_installed_command_knows_its_version(installed: Path, tmp_path: Path) -> None:
    assert summarizer.__version__ in run(installed / "summarizer", "--version", cwd=tmp_path)


@pytest.mark.parametrize(("form", "sign"), [("text", "[1]"), ("html", "<html")])
def test_the_installed_command_briefs(
    form: str, sign: str, installed: Path, tmp_path: Path
) -> None:
    told = run(installed / "summarizer", "brief", ROOT / "seeds", "--format", form, cwd=tmp_path)
    assert sign in told
    assert "Taiwan" in told
