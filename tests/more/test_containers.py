"""The image, built where a Docker engine answers; elsewhere the steps of the Dockerfile, and the
service as its user.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.dockerfile import ROOT, instructions, last, variables
from tests.more.environments import Environment

pytestmark = pytest.mark.more

TOKEN = "0123456789abcdef" * 3


def docker(*arguments: str) -> str:
    command = ["docker", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip()


def reachable_python(user: int) -> Path:
    """An interpreter that the user can run; that of the tests may be in a folder of root."""
    for place in (Path(sys.base_prefix, "bin"), Path("/usr/local/bin"), Path("/usr/bin")):
        with suppress(OSError, subprocess.CalledProcessError):
            command = [str(place / "python3.11"), "-c", "import ctypes, sqlite3, ssl"]
            subprocess.run(command, user=user, check=True, capture_output=True, cwd="/")
            return place / "python3.11"
    pytest.skip("no Python 3.11 that another user can run")


@pytest.fixture
def stage(everything: Environment) -> Iterator[Path]:
    """A folder that everybody may read, in which the steps of the first stage were run.

    The packages that the image installs are links to those of another test's environment.
    """
    if os.geteuid() and not os.environ.get("CI"):
        pytest.skip("only root can start the service as another user")
    with TemporaryDirectory() as name:
        stage = Path(name)
        stage.chmod(0o755)
        (stage / "opt").mkdir()
        (stage / "src").mkdir()
        for copied in (each.split() for each in instructions("COPY") if each[0] != "-"):
            for source in copied[:-1]:
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, stage / "src" / source)
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        for step in instructions("RUN"):
            command = moved(step, stage)
            own = {"PIP_NO_DEPS": "1"} if " install " in step else {}
            subprocess.run(
                ["sh", "-ec", command],
                cwd=stage / "src", env=os.environ | {"PATH": path} | own, check=True, timeout=300,
            )  # fmt: skip
        packages = next(everything.folder.glob("lib/python*/site-packages"))
        shutil.copytree(packages, stage / "packages", copy_function=os.link)
        own_packages = next(stage.glob("opt/summarizer/lib/python*/site-packages"))
        (own_packages / "packages.pth").write_text(f"{stage / 'packages'}\n", encoding="utf-8")
        yield stage


def moved(text: str, stage: Path) -> str:
    """The text with the paths of the image inside ``stage``."""
    for path in ("/opt/summarizer", "/wheels", "/data", "/run/secrets"):
        text = text.replace(path, f"{stage}{path}")
    return text


def test_the_service_runs_as_the_images_user(stage: Path) -> None:
    user, group = map(int, last("USER").split(":"))
    venv = stage / "opt" / "summarizer"
    assert list(venv.glob("lib/python*/site-packages/summarizer/__pycache__/*.pyc"))
    python = reachable_python(user)  # the second stage brings an interpreter of its own, too
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to(python)
    (venv / "pyvenv.cfg").write_text(f"home = {python.parent}\n", encoding="utf-8")
    os.chown(stage / "data", user, group)
    (stage / "run" / "secrets").mkdir(parents=True)
    (stage / "run" / "secrets" / "SUMMARIZER_TOKEN").write_text(TOKEN, encoding="utf-8")
    environment = {name: moved(value, stage) for name, value in variables().items()}
    environment["PATH"] = f"{venv / 'bin'}:/usr/bin:/bin"
    command = [*json.loads(last("ENTRYPOINT")), *json.loads(last("CMD")), "--port", "0"]
    command[0] = str(venv / "bin" / command[0])
    rights: Any = {"user": user, "group": group, "extra_groups": [], "cwd": stage / "data"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment, **rights
    ) as serving:
        try:
            assert serving.stderr
            line = serving.stderr.readline()
            port = line.partition("http://0.0.0.0:")[2].partition("/")[0]
            assert port.isdecimal(), line + serving.stderr.read()
            check = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
            check = [str(venv / "bin" / "python"), *check[1:]]
            check[-1] = check[-1].replace("8080", port)
            subprocess.run(check, env=environment, check=True, timeout=60, **rights)
            assert (stage / "data" / "store.db").stat().st_uid == user
        finally:
            serving.terminate()


def test_the_image_is_healthy() -> None:
    probe = ["sh", "-c", "docker info && docker pull python:3.11-slim"]
    if subprocess.run(probe, capture_output=True, check=False, timeout=600).returncode:
        pytest.skip("no Docker engine answers, or it cannot get the image of Python")
    docker("build", "--tag", "citably-test", str(ROOT))
    rights = "--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges"
    options = f"run --detach {rights} --env SUMMARIZER_TOKEN={TOKEN} citably-test"
    made = docker(*options.split())
    try:
        deadline = time.monotonic() + 120
        state = ""
        while state not in ("healthy", "unhealthy") and time.monotonic() < deadline:
            time.sleep(1)
            state = docker("inspect", "--format", "{{.State.Health.Status}}", made)
        assert state == "healthy", docker("logs", made)
    finally:
        docker("rm", "--force", "--volumes", made)
