import pickle
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.models.cache import CachedModel, CompletionCache
from summarizer.models.protocol import Completion
from summarizer.models.replay import ScriptedModel
from tests.models.asking import SCHEMA, ask, say

KEY = "0" * 64


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def answers(tmp_path: Path, said: list[str]) -> Iterator[CompletionCache]:
    cache = CompletionCache(tmp_path / "answers", log=said.append)
    yield cache
    cache.close()


def write(answers: CompletionCache, sql: str, *values: object) -> None:
    """What somebody else does to the database."""
    database = sqlite3.connect(answers.folder / "cache.db")
    with database:
        database.execute(sql, values)
    database.close()


def test_an_answer_is_paid_for_once(answers: CompletionCache) -> None:
    model = CachedModel(ScriptedModel([say()]), answers)
    assert model.complete(ask()) == say()
    again = model.complete(replace(ask(), step="write"))
    assert again == replace(say(), cached=True, cost_usd=0.0, seconds=0.0)


def test_it_outlives_the_run(answers: CompletionCache) -> None:
    CachedModel(ScriptedModel([say("Schön 🙂 \x00")]), answers).complete(ask())
    reopened = CompletionCache(answers.folder)
    assert CachedModel(ScriptedModel([]), reopened).complete(ask()).text == "Schön 🙂 \x00"
    reopened.close()


def test_another_endpoint_is_another_model(answers: CompletionCache) -> None:
    CachedModel(ScriptedModel([say("here")]), answers).complete(ask())
    there = CachedModel(ScriptedModel([say("there")]), answers, endpoint="http://127.0.0.1:1")
    assert there.complete(ask()).text == "there"


@pytest.mark.parametrize(
    "useless",
    [say(" "), say("{}"), say("no JSON"), replace(say('{"fact": "x"}'), finish="length")],
    ids=["empty", "empty object", "no JSON", "cut off"],
)
def test_what_is_of_no_use_is_asked_again(answers: CompletionCache, useless: Completion) -> None:
    good = say('{"fact": "x"}')
    model = CachedModel(ScriptedModel([useless, good]), answers)
    request = ask(schema=SCHEMA)
    assert model.complete(request) == useless
    assert model.complete(request) == good
    assert model.complete(request).cached


def test_the_folder_is_private(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir(mode=0o755)
    CompletionCache(tmp_path / "answers").close()
    assert (tmp_path / "answers").stat().st_mode & 0o777 == 0o700


def test_it_tells_its_size_and_forgets(answers: CompletionCache) -> None:
    for number in range(5):
        answers.put(str(number), say("x" * 1000))
    info = answers.stats()
    assert (info.folder, info.entries) == (answers.folder, 5)
    assert 5000 < info.size < info.limit
    assert answers.clear() == 5
    assert answers.stats().entries == 0


def test_it_stays_below_its_limit(tmp_path: Path) -> None:
    cache = CompletionCache(tmp_path / "answers", limit=1_000_000)
    for number in range(200):
        cache.put(str(number), say("x" * 20_000))
    assert cache.stats().size < 1_100_000
    assert cache.get("199") == say("x" * 20_000)
    assert cache.get("0") is None
    cache.close()


class Bomb:
    """Unpickling it leaves a file behind."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.file,)


HOSTILE_ROWS = {
    "a pickled value": "UPDATE Cache SET mode = 4, value = ?",
    "a pickle in a file": "UPDATE Cache SET mode = 4, value = NULL, filename = 'bomb'",
    "a file elsewhere": "UPDATE Cache SET mode = 3, value = NULL, filename = '../secret'",
    "a binary": "UPDATE Cache SET mode = 2, filename = '../secret'",
    "bytes": "UPDATE Cache SET value = ?",
}


@pytest.mark.parametrize("row", HOSTILE_ROWS)
def test_a_hostile_row_is_no_answer(answers: CompletionCache, tmp_path: Path, row: str) -> None:
    bomb = pickle.dumps(Bomb(tmp_path / "exploded"))
    (answers.folder / "bomb").write_bytes(bomb)
    (tmp_path / "secret").write_text("secret")
    answers.put(KEY, say())
    sql = HOSTILE_ROWS[row]
    write(answers, sql, *([bomb] if "?" in sql else []))
    assert answers.get(KEY) is None
    answers.put(KEY, say("anew"))
    assert answers.get(KEY) == say("anew")
    assert answers.clear() == 1
    assert not (tmp_path / "exploded").exists()
    assert (tmp_path / "secret").exists()


def test_a_pickled_key_is_never_opened(answers: CompletionCache, tmp_path: Path) -> None:
    answers.put(KEY, say())
    bomb = pickle.dumps(Bomb(tmp_path / "exploded"))
    write(answers, "UPDATE Cache SET raw = 0, key = ?", bomb)
    assert answers.get(KEY) is None
    answers.clear()
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("row", ["no JSON", "{}", "[" * 100_000, '{"text": 5}'])
def test_a_row_without_an_answer_is_thrown_away(answers: CompletionCache, row: str) -> None:
    answers.put(KEY, say())
    write(answers, "UPDATE Cache SET value = ?", row)
    assert answers.get(KEY) is None
    assert answers.stats().entries == 0


def test_a_damaged_database_is_set_aside_and_said_so(tmp_path: Path, said: list[str]) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"no database" * 1000)
    cache = CompletionCache(folder, log=said.append)
    cache.put(KEY, say())
    assert cache.get(KEY) == say()
    assert (tmp_path / "answers.broken" / "cache.db").read_bytes().startswith(b"no database")
    assert len(said) == 1
    assert "answers.broken" in said[0]
    cache.close()


def test_damage_during_a_run_does_not_stop_it(answers: CompletionCache, said: list[str]) -> None:
    for number in range(50):
        answers.put(str(number), say("x" * 1000))
    answers.close()  # else what it has read already would still serve
    file = answers.folder / "cache.db"
    file.write_bytes(b"\xff" * file.stat().st_size)
    model = CachedModel(ScriptedModel(lambda _: say()), answers)
    assert model.complete(ask()) == say()
    model.complete(ask())
    assert model.complete(ask()).cached
    assert len(said) == 1


def test_a_folder_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file")
    with pytest.raises(SettingsError, match="cannot hold the cache"):
        CompletionCache(tmp_path / "answers")


def test_threads_share_it(answers: CompletionCache) -> None:
    model = CachedModel(ScriptedModel(lambda request: request.messages[-1].text), answers)
    requests = [ask(str(number % 20)) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        texts = [completion.text for completion in pool.map(model.complete, requests)]
    assert texts == [request.messages[-1].text for request in requests]
    assert answers.stats().entries == 20


WRITER = """
import sys
from pathlib import Path
from summarizer.models.cache import CompletionCache
from summarizer.models.protocol import Completion
answers = CompletionCache(Path(sys.argv[1]))
for number in range(100):
    answers.put(f"{sys.argv[2]} {number}", Completion(text=f"{number}"))
print(sum(answers.get(f"{sys.argv[2]} {number}") is not None for number in range(100)))
"""


def test_processes_share_it(tmp_path: Path) -> None:
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for name in ("one", "other")
    ]  # fmt: skip
    assert [process.communicate(timeout=60) for process in begun] == [("100\n", "")] * 2
    with closing(CompletionCache(tmp_path, log=pytest.fail)) as answers:
        assert answers.stats().entries == 200


def test_a_full_disk_keeps_nothing_and_stops_nobody(tmp_path: Path) -> None:
    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    script = WRITER.replace('f"{number}")', '"x" * 20_000)')
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), "one"],
        preexec_fn=fill, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(ran.stdout) < 100
    (line,) = ran.stderr.splitlines()
    assert "the cache does not work and is not used" in line
