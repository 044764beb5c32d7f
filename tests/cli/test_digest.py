"""``summarizer digest`` as its users type it: every command, and every mistake in one line."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.digests.config import load_digest_config
from summarizer.digests.run import register_config
from summarizer.store.database import open_store
from tests.digests import archive
from tests.feedserver import Item, Route, Site, rss, serve

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Desk:
    folder: Path
    site: Site

    @property
    def file(self) -> str:
        return str(self.folder / "world.toml")

    def write(self, more: str = "") -> None:
        (self.folder / "world.toml").write_text(
            f'name = "world"\nschedule = "0 6 * * *"\ntimezone = "Europe/Prague"\n'
            f'allow_private = true\n{more}\n[sources]\nfeeds = ["{self.site.url("/feed.xml")}"]\n'
            f'[[deliveries]]\nkind = "file"\npath = "out/{{edition}}.md"\n'
        )

    def __call__(self, *arguments: str) -> int:
        store = ["--store", str(self.folder / "store.db")]
        stored = [] if arguments[0] in ("init", "check") else store
        return main(["digest", *arguments, *stored])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    event = archive.EVENTS["dam"]
    text = "".join(f"<p>{line}</p>" for line in event.report)
    item = Item("urn:dam", event.title, text, "", format_datetime(datetime.now(UTC)))
    with serve({"/feed.xml": rss(item)}) as site:
        made = Desk(tmp_path, site)
        (tmp_path / "out").mkdir()
        made.write()
        yield made


def test_an_edition_and_all_that_can_be_asked_of_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("run", desk.file) == 0
    assert capsys.readouterr().out == "world/1: full, 1 story; 1 sent\n"
    (file,) = (desk.folder / "out").iterdir()
    assert "Hallen dam" in file.read_text(encoding="utf-8")

    assert desk("history") == 0
    assert re.match(r"world/1  \d{4}-\d\d-\d\d \d\d:\d\dZ  full, 1 story; 1 sent",
                    capsys.readouterr().out)  # fmt: skip
    assert desk("history", "world", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["deliveries"][0]["state"]) == ("full", "sent")
    story = row["stories"][0]

    for form, beginning in (("text", "WORLD"), ("md", "#"), ("html", "<!doctype"), ("json", "{")):
        assert desk("show", "world/1", "--format", form) == 0
        assert capsys.readouterr().out.lstrip().lower().startswith(beginning.lower())
    assert desk("export", "world") == 0
    assert json.loads(capsys.readouterr().out)["number"] == 1

    assert desk("story", story) == 0
    told = capsys.readouterr().out
    assert "told for the first time" in told
    assert "+ Engineers found a crack nine metres long" in told

    file.unlink()
    assert desk("resend", "world/1") == 0
    assert file.exists()
    capsys.readouterr()
    assert desk("status") == 0
    assert "ok  world      edition 1" in capsys.readouterr().out
    assert desk("status", "--json") == 0
    assert all(json.loads(line)["ok"] for line in capsys.readouterr().out.splitlines())


def test_a_second_run_has_nothing_to_say(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk("run", desk.file)
    capsys.readouterr()
    assert desk("run", desk.file) == 0
    assert capsys.readouterr().out == "world/2: quiet: Nothing new today.; no delivery\n"
    assert desk("run", "--due", desk.file) == 0
    assert capsys.readouterr().out == "", "none is due"


def test_cron_s_first_call_makes_the_first_edition(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("run", "--due", desk.file) == 0
    assert capsys.readouterr().out.startswith("world/1: full")


def test_init_writes_a_file_that_can_be_used(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    assert desk("init", "morning") == 0
    assert 'name = "morning"' in (desk.folder / "morning.toml").read_text(encoding="utf-8")
    capsys.readouterr()
    assert desk("init", "morning") == 2
    assert capsys.readouterr().err == (
        "summarizer: morning.toml: is there already (-o names another)\n"
    )
    assert desk("init", "Bad Name") == 2


def test_check_tries_everything_and_sends_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("check", desk.file) == 0
    assert "/feed.xml" in capsys.readouterr().out
    assert list((desk.folder / "out").iterdir()) == []
    desk.site.routes.clear()
    assert desk("check", desk.file) == 1
    assert "FAILS" in capsys.readouterr().out


def test_install_prints_what_a_machine_needs(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("install", desk.file, "--systemd") == 0
    unit = capsys.readouterr().out
    assert desk("install", desk.file) == 0
    assert capsys.readouterr().out == unit
    assert "[Service]" in unit
    assert "digest start" in unit
    assert desk("install", desk.file, "--cron") == 0
    assert "digest run --due" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "world"], 1, "there is no store yet (`summarizer digest run FILE` creates one)"),
        (["history"], 1, "there is no store yet"),
        (["run", "none.toml"], 2, "does not exist"),
        (["check", "{file}", "{file}"], 2, "a digest called 'world' is in"),
    ],
)
def test_a_mistake_is_one_line(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    assert desk(*(each.format(file=desk.file) for each in arguments)) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "world/9"], "world/9: no such edition (see digest history)"),
        (["show", "world/x"], "is not the number of an edition"),
        (["story", "t-none"], "no story has this id"),
        (["status", "mars"], "no digest has this name"),
        (["resend", "world/1", "--to", "bob@example.org"], "has no delivery to bob@example.org"),
    ],
)
def test_what_is_not_there_is_said(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    desk("run", desk.file)
    capsys.readouterr()
    assert desk(*arguments) in (1, 2)
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_tried_again(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "out").rmdir()
    (desk.folder / "out").write_text("in the way")
    assert desk("run", desk.file) == 1
    shown = capsys.readouterr()
    assert shown.out == "world/1: full, 1 story; 1 failed\n"
    assert "Traceback" not in shown.err
    assert desk("status") == 1
    assert desk("resend", "world/1", "--drop") == 0
    assert desk("status") == 0
    assert desk("resend", "world/1") == 1
    capsys.readouterr()
    assert desk("run", desk.file) == 1, "an earlier edition failed again"
    assert capsys.readouterr().out == "world/2: quiet: Nothing new today.; no delivery\n"
    (desk.folder / "out").unlink()
    (desk.folder / "out").mkdir()
    assert desk("run", desk.file) == 0
    assert len(list((desk.folder / "out").iterdir())) == 1


def test_start_serves_until_it_is_stopped(desk: Desk) -> None:
    command = [sys.executable, "-m", "summarizer", "digest", "start", desk.file]
    command += ["--store", str(desk.folder / "store.db"), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert "world: next edition" in process.stderr.readline()
        process.terminate()
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


def test_ctrl_c_says_that_nothing_is_lost(desk: Desk) -> None:
    desk.site.routes["/feed.xml"] = Route(delay=20)
    command = [sys.executable, "-m", "summarizer", "digest", "run", desk.file, "--store"]
    process = subprocess.Popen(
        [*command, str(desk.folder / "store.db")],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    while not desk.site.seen:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    expected = "interrupted; what was begun is kept, and the next digest run goes on with it"
    assert (process.returncode, said) == (130, f"summarizer: {expected}\n")
    desk.site.routes["/feed.xml"] = rss()
    assert desk("run", desk.file) == 0
    assert desk("status", "world") == 0


def test_start_ends_when_it_is_told_to(desk: Desk) -> None:
    """In the middle of an edition whose batches wait in the queue."""
    urls = [desk.site.url("/feed.xml", host=n + 2) for n in range(60)]
    text = (desk.folder / "world.toml").read_text(encoding="utf-8")
    text = re.sub(r"feeds = .*", f"feeds = {json.dumps(urls)}", text)
    text = text.replace("0 6 * * *", "* * * * *")
    (desk.folder / "world.toml").write_text(text, encoding="utf-8")
    desk.site.routes["/feed.xml"] = Route(delay=1)
    store = str(desk.folder / "store.db")
    _due_at_once(store, desk.file)
    command = [sys.executable, "-m", "summarizer", "digest", "start", desk.file]
    process = subprocess.Popen(
        [*command, "--store", store],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    while not desk.site.seen:
        time.sleep(0.05)
    process.terminate()
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def _due_at_once(store: str, file: str) -> None:
    """The digest as it was first named an hour ago."""
    database = open_store(store)
    register_config(
        database, load_digest_config(Path(file)), file, datetime.now(UTC) - timedelta(hours=1)
    )
    database.close()


def test_work_that_waits_for_what_is_gone_is_ended() -> None:
    script = (
        "import time; from summarizer.cli import processes\n"
        "from summarizer.errors import StoreError\n"
        "def look(): raise StoreError('is locked', subject='s.db')\n"
        "processes.WATCH_INTERVAL_SECONDS = 0.05\n"
        "with processes.exit_on_failure(look): time.sleep(60)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (1, "summarizer: s.db: is locked\n")
