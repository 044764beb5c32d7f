"""Standard output holds the whole result or the run fails: slow readers, full disks, encodings."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

LONG = 400
UNBUFFERED = {"PYTHONUNBUFFERED": "1"}
BUFFERED = {"PYTHONUNBUFFERED": ""}
DEVICE = Path("/dev/full")


def many(folder: Path) -> Path:
    """Articles of which the list of stories is longer than a pipe holds."""
    folder.mkdir()
    for n in range(LONG):
        text = f"Der Rat von Ort{n} hat zum Umbau der Brücke {n}00 Euro bewilligt – „endlich“ 桥.\n"
        (folder / f"a{n}.txt").write_text(text, encoding="utf-8")
    return folder


def read_slowly(
    *command: str, env: Mapping[str, str], blocking: bool = True
) -> tuple[int, bytes, bytes]:
    """Exit code, output and errors of a program whose pipe is read in small pieces."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, blocking)
    process = subprocess.Popen(
        [sys.executable, "-m", "summarizer", *command],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=os.environ | env,
    )
    os.close(theirs)
    pieces = []
    while piece := os.read(ours, 4096):
        pieces.append(piece)
        time.sleep(0.001)
    os.close(ours)
    _, errors = process.communicate(timeout=60)
    return process.returncode, b"".join(pieces), errors


def in_shell(line: str, env: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
    """A command line after ``summarizer``, with its redirections."""
    return subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m summarizer {line}"],
        capture_output=True,
        check=False,
        env=os.environ | env,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many(tmp_path_factory.mktemp("many") / "news")


def test_a_short_write_loses_nothing(tmp_path: Path) -> None:
    """A raw file takes a part of a write; a limit on file size makes it do so on purpose."""
    out = tmp_path / "out.html"
    done = in_shell(f"brief seeds --format html >{out}", UNBUFFERED)
    assert done.returncode == 0
    whole = out.stat().st_size
    for env in (UNBUFFERED, BUFFERED):
        line = f"ulimit -f 8; exec {sys.executable} -m summarizer brief seeds --format html >{out}"
        short = subprocess.run(
            ["/bin/bash", "-c", line],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | env | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert out.stat().st_size < whole
        assert short.returncode == 2
        assert short.stderr.splitlines() == [
            "summarizer: standard output: cannot be written: File too large"
        ]


@pytest.mark.parametrize("env", [UNBUFFERED, BUFFERED])
def test_a_slow_reader_gets_all(folder: Path, env: Mapping[str, str]) -> None:
    code, output, errors = read_slowly("stories", str(folder), "--format", "json", env=env)
    assert code == 0, errors
    assert len(output) > 2**16
    assert sum(len(story["sources"]) for story in json.loads(output)["stories"]) == LONG


@pytest.mark.parametrize("env", [UNBUFFERED, BUFFERED])
def test_a_pipe_that_does_not_wait_gets_all_or_it_is_an_error(
    folder: Path, env: Mapping[str, str]
) -> None:
    code, output, errors = read_slowly(
        "stories", str(folder), "--format", "json", env=env, blocking=False
    )
    if code == 0:
        assert json.loads(output)["stories"]
    else:
        assert code == 2
        assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("env", [UNBUFFERED, BUFFERED])
@pytest.mark.parametrize(
    "line",
    [
        "brief seeds",
        "brief seeds --format html",
        "stories seeds",
        "check README.md --sources seeds",
        "digest --help",
        "--version",
        "cache info",
        "eval run evals/suites/injection.yaml --limit 1",
        "eval gate --help",
    ],
)
def test_a_full_disk_is_one_line(line: str, env: Mapping[str, str]) -> None:
    assert DEVICE.is_char_device()
    done = in_shell(f"{line} >{DEVICE}", env)
    assert done.returncode == 2, done.stderr
    assert done.stderr.decode().splitlines()[-1:] == [
        "summarizer: standard output: cannot be written: No space left on device"
    ]
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("buffering", [UNBUFFERED, BUFFERED])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251", "utf-16"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_an_encoding_lacks_is_escaped(
    tmp_path: Path, encoding: str, buffering: Mapping[str, str], form: str
) -> None:
    text = "Der Rat hat am Montag für den Umbau der Brücke 900 Euro bewilligt – „endlich“ 桥 😀."
    (tmp_path / "a.txt").write_text(text + "\n", encoding="utf-8")
    env = {"PYTHONIOENCODING": encoding, **buffering}
    done = in_shell(f"stories {tmp_path} --format {form}", env)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode(encoding)
    if form == "json":
        assert "Brücke" in json.dumps(json.loads(shown), ensure_ascii=False)


def test_a_reader_that_leaves_early_is_no_traceback(folder: Path) -> None:
    for env in (UNBUFFERED, BUFFERED):
        done = in_shell(f"stories {folder} --format json | head -c 10", env)
        assert (len(done.stdout), done.stderr) == (10, b"")
