"""What is kept comes back, on SQLite and on PostgreSQL; what cannot be kept is one clear line."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from summarizer.edition import Edition, OmittedStory
from summarizer.errors import SettingsError, StoreError
from summarizer.sources.articles import Article
from summarizer.store import deliveries, jobs
from summarizer.store.database import Database, open_store
from summarizer.store.editions import (
    RegisteredDigest,
    delete_old_editions,
    edition_history,
    edition_id,
    find_edition,
    finish_edition,
    last_due,
    load_edition,
    open_edition,
    register_digest,
    unfinished_edition,
)
from summarizer.store.ended_sessions import end_session, has_ended
from summarizer.store.schema import SCHEMA_VERSION
from summarizer.store.snapshots import (
    SourceStatus,
    SourceUpdate,
    article_texts,
    claim_inbox,
    delete_old_articles,
    load_articles,
    save_articles,
    save_source_updates,
    source_states,
    source_statuses,
)
from summarizer.store.story_history import (
    StoryFact,
    StoryRecord,
    find_story,
    load_story_history,
    save_edition,
)
from tests.articles import article, seeds

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)
WORLD = RegisteredDigest("world", "world.toml", "{}")


def edition(made_id: str, number: int = 1) -> Edition:
    return Edition(
        id=made_id, digest="world", title="World", number=number, due=NOW, created=NOW,
        kind="quiet", first_line="Nothing new today.",
        left_out=(OmittedStory(story="t-1", title="T", reason="unchanged", articles=1),),
    )  # fmt: skip


def entry(made_id: str, recipient: str = "email:a@example.org") -> deliveries.LedgerEntry:
    return deliveries.LedgerEntry(made_id, recipient, "world", "mail", b"\x00payload", "prepared")


def test_articles_come_back_as_they_were(database: Database) -> None:
    undated = Article(
        text="Ünïcode “text”, 中文.\n", url="https://e.org/1", collection_key="k", language="en"
    )
    kept = [*seeds(), undated, article("Dated.", published=date(2026, 3, 1))]
    save_articles(database, kept, NOW)
    save_articles(database, kept, NOW)
    ids = [each.id for each in kept]
    assert load_articles(database, [*ids, "s-none"]) == kept
    assert article_texts(database, ids[:1]) == {ids[0]: kept[0].text}


def test_what_a_digest_has_read_is_taken_up_once(database: Database) -> None:
    read = seeds()[:2]
    standing = SourceStatus("feed a", NOW, 2, "answers 500", stale=True)
    save_source_updates(database, "world", [SourceUpdate(standing, '{"etag":"1"}', read)])
    save_source_updates(database, "world", [])
    assert source_states(database, "world") == {"feed a": '{"etag":"1"}'}
    assert source_statuses(database, "world") == {"feed a": standing}
    assert {each.id for each in claim_inbox(database, "world", "e-1")} == {each.id for each in read}
    save_source_updates(
        database, "world", [SourceUpdate(SourceStatus("feed a", NOW), "{}", seeds()[:3])]
    )
    assert len(claim_inbox(database, "world", "e-1")) == 3, "an open edition takes what comes late"
    assert claim_inbox(database, "world", "e-2") == []
    assert claim_inbox(database, "other", "e-1") == []


def test_old_articles_are_let_go_when_nobody_needs_them(database: Database) -> None:
    save_source_updates(database, "world", [SourceUpdate(SourceStatus("feed", NOW), "{}", seeds())])
    assert delete_old_articles(database, "world", NOW + DAY) == 0, "not taken up yet"
    claim_inbox(database, "world", "e-1")
    job = jobs.Job("j-1", "brief", "queued", "{}", NOW, NOW)
    jobs.accept_job(database, job, seeds()[:2])
    assert delete_old_articles(database, "world", NOW) == 0
    assert delete_old_articles(database, "world", NOW + DAY) == 3
    assert len(jobs.job_sources(database, "j-1")) == 2


def test_a_digest_has_one_open_edition(database: Database) -> None:
    register_digest(database, WORLD, NOW)
    assert last_due(database, "world") == NOW
    assert last_due(database, "other") is None
    first = open_edition(database, "world", NOW, NOW)
    assert (first.id, first.number, first.workflow_id) == (
        edition_id("world", NOW),
        1,
        f"{first.id}.0",
    )
    late = open_edition(database, "world", NOW + DAY, NOW + DAY)
    assert late == first, "what is open is finished first"
    assert last_due(database, "world") == NOW, "and the later instant is still to be served"
    finish_edition(database, first.id, NOW)
    assert unfinished_edition(database, "world") is None
    assert open_edition(database, "world", NOW, NOW).finished == NOW
    second = open_edition(database, "world", NOW + DAY, NOW + DAY)
    assert second.number == 2
    assert last_due(database, "world") == NOW + DAY
    assert [each.number for each in edition_history(database, "world")] == [2, 1]


def test_whoever_writes_an_edition_first_has_written_it(database: Database) -> None:
    register_digest(database, WORLD, NOW)
    made = open_edition(database, "world", NOW, NOW)
    story = StoryRecord("t-1", "T", NOW.date(), NOW.date(), 1, ("s-1",), ())
    facts = [StoryFact("t-1", "Said.", "en", told=True)]
    assert save_edition(database, edition(made.id), [story], facts, NOW)
    assert not save_edition(database, edition(made.id, 9), [story], facts, NOW)
    found = load_edition(database, made.id).edition
    assert found == edition(made.id)
    assert find_edition(database, "world/1").id == find_edition(database, "world").id == made.id
    with pytest.raises(StoreError, match="no such edition"):
        find_edition(database, "world/7")
    with pytest.raises(StoreError, match="is not the number"):
        find_edition(database, "world/x")
    save_articles(database, [article("Text.")], NOW)
    assert load_story_history(database, "world", NOW.date(), NOW.date()).facts == facts
    assert load_story_history(database, "world", NOW.date() + DAY, NOW.date()).stories == {}
    assert find_story(database, "t-1")[0] == "world"
    finish_edition(database, made.id, NOW)
    assert delete_old_editions(database, "world", NOW) == 0
    assert delete_old_editions(database, "world", NOW + DAY) == 1
    assert load_story_history(database, "world", NOW.date(), NOW.date()).facts == []


def test_a_delivery_has_one_sender(database: Database) -> None:
    deliveries.enter_deliveries(database, [entry("e-1"), entry("e-1", "file:x")], NOW)
    deliveries.enter_deliveries(database, [entry("e-1")], NOW + DAY)
    first, second = deliveries.outstanding_deliveries(database)
    assert first.payload == b"\x00payload"
    assert deliveries.claim_delivery(database, first, "w1", NOW)
    assert not deliveries.claim_delivery(database, first, "w2", NOW)
    with pytest.raises(StoreError, match="not this worker's"):
        deliveries.commit_delivery(database, first, "w2", NOW)
    deliveries.commit_delivery(database, first, "w1", NOW)
    deliveries.record_outcome(database, first, "sent", NOW, reply="250 ok")
    assert deliveries.claim_delivery(database, second, "w1", NOW)
    deliveries.record_outcome(database, second, "failed", NOW, problem="500")
    assert [each.recipient for each in deliveries.outstanding_deliveries(database)] == ["file:x"]
    assert deliveries.outstanding_deliveries(database, NOW + timedelta(seconds=59)) == []
    assert (
        len(deliveries.outstanding_deliveries(database, NOW + timedelta(seconds=60), "world")) == 1
    )
    rows = deliveries.edition_deliveries(database, "e-1")
    assert [(e.state, e.reply, e.attempts) for e in rows] == [
        ("sent", "250 ok", 1), ("failed", "", 1),
    ]  # fmt: skip


def test_only_one_of_many_claims(database: Database) -> None:
    deliveries.enter_deliveries(database, [entry("e-1")], NOW)
    found = deliveries.outstanding_deliveries(database)[0]
    won: list[str] = []

    def claim(owner: str) -> None:
        if deliveries.claim_delivery(database, found, owner, NOW):
            won.append(owner)

    threads = [threading.Thread(target=claim, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


@pytest.mark.parametrize(
    ("committed", "repeatable", "state"),
    [(False, False, "prepared"), (True, True, "prepared"), (True, False, "unknown")],
)
def test_the_dead_leave_no_delivery_behind(
    database: Database, *, committed: bool, repeatable: bool, state: str
) -> None:
    deliveries.enter_deliveries(database, [entry("e-1")], NOW)
    found = deliveries.outstanding_deliveries(database)[0]
    deliveries.claim_delivery(database, found, "w1", NOW)
    if committed:
        deliveries.commit_delivery(database, found, "w1", NOW)
    assert deliveries.reclaim_deliveries(database, lambda _: False, lambda _: repeatable, NOW) == []
    doubt = deliveries.reclaim_deliveries(
        database, lambda name: name == "w1", lambda _: repeatable, NOW
    )
    assert [each.state for each in doubt] == [state] * (state == "unknown")
    assert deliveries.edition_deliveries(database, "e-1")[0].state == state
    assert len(deliveries.held_deliveries(database, "world")) == len(doubt)
    assert deliveries.reopen_deliveries(database, "e-1", "a@example.org", NOW) == 1
    assert deliveries.reopen_deliveries(database, "e-1", "b@example.org", NOW) == 0
    again = deliveries.outstanding_deliveries(database)[0]
    deliveries.withdraw_delivery(database, again, "its delivery is gone", NOW)
    assert deliveries.outstanding_deliveries(database) == []


def test_a_name_is_one_process_s(store: str, database: Database) -> None:
    assert database.locks.acquire("worker a")
    assert not database.locks.acquire("worker a")
    other = open_store(store)
    assert not other.locks.acquire("worker a")
    assert other.locks.acquire("worker b")
    with database.locks.try_lock("worker b") as free:
        assert not free
    other.close()
    assert database.locks.acquire("worker b")
    database.locks.release("worker a")
    with database.locks.try_lock("worker a") as free:
        assert free


def test_a_killed_process_holds_no_name(store: str, database: Database) -> None:
    script = (
        "import os, sys; from summarizer.store.database import open_store;"
        "print(open_store(sys.argv[1]).locks.acquire('w'), flush=True); os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, store], capture_output=True, text=True, check=False
    )
    assert (ran.stdout.strip(), ran.returncode) == ("True", -9), ran.stderr
    assert database.locks.acquire("w")


def test_a_store_from_a_newer_version_is_left_alone(store: str, database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(sql("UPDATE store_version SET version = :v"), {"v": SCHEMA_VERSION + 1})
    with pytest.raises(StoreError, match=r"newer version.*update summarizer"):
        open_store(store)


def test_a_store_of_the_first_version_learns_the_kinds_of_articles(
    store: str, database: Database
) -> None:
    with database.transaction() as connection:
        connection.execute(sql("ALTER TABLE articles DROP COLUMN kind"))
        connection.execute(sql("UPDATE store_version SET version = 1"))
    article = Article("The council met on Monday.", path="a.txt", kind="opinion")
    with closing(open_store(store)) as migrated:
        save_articles(migrated, [article], NOW)
        assert load_articles(migrated, [article.id]) == [article]


def test_two_that_begin_at_once_make_one_store(store: str) -> None:
    failed: list[BaseException] = []

    def begin() -> None:
        try:
            open_store(store).close()
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_sound_store_has_no_complaint(database: Database) -> None:
    assert database.integrity_errors() == []
    assert "tester" not in database.name or "@" in database.name


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_text("hello, this is not a database at all " * 50)
    with pytest.raises(StoreError, match="is not a store"):
        open_store(str(file))
    with pytest.raises(StoreError, match="there is no store yet"):
        open_store(str(tmp_path / "other.db"), create=False)
    with pytest.raises(SettingsError, match="no store has the scheme"):
        open_store("mysql://x")


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE places (id)")
    other.commit()
    with pytest.raises(StoreError, match=r"is the database of another program \(name another"):
        open_store(str(file))
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("places",)]
    other.close()


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    open_store(str(file)).close()
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match=r"is damaged \(restore it from your backup\)"):
        open_store(str(file)).integrity_errors()


def test_a_file_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    opened = open_store(str(file))
    register_digest(opened, WORLD, NOW)
    opened.close()
    file.chmod(0o400)
    script = (
        "import sys; from tests.store.test_store import *;"
        "d = open_store(sys.argv[1]); print(last_due(d, 'world') == NOW);"
        "d.execute(sql(\"UPDATE digests SET path = 'x'\"))"
    )
    # Permissions do not bind root: a process without its capabilities is needed to see them.
    unprivileged = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if not os.geteuid() else []
    ran = subprocess.run(
        [*unprivileged, sys.executable, "-c", script, str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout == "True\n", ran.stderr
    assert "cannot be written (check the permissions of its files" in ran.stderr


def test_a_file_made_read_only_while_it_is_open_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with closing(open_store(str(file))) as opened:
        register_digest(opened, WORLD, NOW)
        file.chmod(0o400)
        assert last_due(opened, "world") == NOW
        with pytest.raises(StoreError, match="cannot be written"):
            register_digest(opened, WORLD, NOW)


def test_an_empty_file_is_not_a_new_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch()
    with pytest.raises(StoreError, match=r"is empty \(restore it from your backup, or delete it"):
        open_store(str(file))
    assert file.stat().st_size == 0


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_not_the_one_opened_is_neither_read_nor_written(
    tmp_path: Path, *, replaced: bool
) -> None:
    file = tmp_path / "store.db"
    with closing(open_store(str(file))) as opened:
        register_digest(opened, WORLD, NOW)
        file.rename(tmp_path / "away.db")
        if replaced:
            open_store(str(file)).close()
        why = "was replaced" if replaced else "was deleted"
        with pytest.raises(StoreError, match=why):
            last_due(opened, "world")
        with pytest.raises(StoreError, match=why):
            register_digest(opened, WORLD, NOW)
        if not replaced:
            (tmp_path / "away.db").rename(file)
            assert last_due(opened, "world") == NOW


def test_an_ended_session_is_known_until_it_would_have_ended(database: Database) -> None:
    end_session(database, "one", NOW + DAY, NOW)
    end_session(database, "one", NOW + DAY, NOW)
    assert has_ended(database, "one")
    assert not has_ended(database, "two")
    end_session(database, "two", NOW + 3 * DAY, NOW + 2 * DAY)
    assert not has_ended(database, "one")


def test_an_edition_of_another_version_is_one_line(database: Database) -> None:
    register_digest(database, WORLD, NOW)
    opened = open_edition(database, "world", NOW, NOW)
    save_edition(database, edition(opened.id), [], [], NOW)
    database.execute(sql("UPDATE editions SET edition = '{}'"))
    with pytest.raises(StoreError, match=r"was stored by another version \(update summarizer\)"):
        load_edition(database, opened.id)


def test_a_folder_that_cannot_be_written() -> None:
    with pytest.raises(StoreError, match="cannot be created"):
        open_store("/proc/nowhere/store.db")


def test_the_store_is_its_owner_s_alone_and_one_file(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    opened = open_store(str(file))
    register_digest(opened, WORLD, NOW)
    opened.close()
    assert file.stat().st_mode & 0o077 == 0
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    again = open_store(str(copy))
    assert last_due(again, "world") == NOW
    again.close()


def test_a_locked_database_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.store.database.LOCK_TIMEOUT_SECONDS", 0.2)
    opened = open_store(str(tmp_path / "store.db"))
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"is locked by another program \(close that program"):
        register_digest(opened, WORLD, NOW)
    other.execute("COMMIT")
    other.close()
    register_digest(opened, WORLD, NOW)
    opened.close()


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    opened = open_store(str(tmp_path / "store.db"))
    register_digest(opened, WORLD, NOW)
    with pytest.raises(StoreError, match=r"the disk is full \(free some space"):
        _fill(opened)
    opened.close()
    again = open_store(str(tmp_path / "store.db"))
    assert last_due(again, "world") == NOW
    assert again.integrity_errors() == []
    again.close()


def _fill(opened: Database) -> None:
    """More than the pages that this connection may have."""
    with opened.transaction() as connection:
        connection.execute(sql("PRAGMA max_page_count = 10"))
        keep = "INSERT INTO digests VALUES ('big', :text, '', '', NULL)"
        connection.execute(sql(keep), {"text": "x" * 10_000_000})


def test_no_password_is_shown() -> None:
    with pytest.raises(StoreError) as failed:
        open_store("postgresql://ann:secret@127.0.0.1:1/none")
    assert "secret" not in str(failed.value)
    assert "does not answer" in str(failed.value)
    assert os.environ.get("PGPASSWORD") is None


def test_a_mark_outlives_its_process_and_tells_whether_it_sent(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    database = open_store(store)
    script = (
        "import os, sys; from summarizer.store.deliveries import *;"
        "from summarizer.store.database import open_store; from tests.store.test_store import *;"
        "d = open_store(sys.argv[1]); d.locks.acquire(worker_lock('w'));"
        "enter_deliveries(d, [entry('e-1'), entry('e-2')], NOW);"
        "a, b = outstanding_deliveries(d);"
        "claim_delivery(d, a, 'w', NOW); commit_delivery(d, a, 'w', NOW);"
        "claim_delivery(d, b, 'w', NOW); commit_delivery(d, b, 'w', NOW); os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, store], capture_output=True, text=True, check=False
    )
    assert ran.returncode == -9, ran.stderr

    def gone(worker: str) -> bool:
        with database.locks.try_lock(deliveries.worker_lock(worker)) as free:
            return free

    assert len(deliveries.reclaim_deliveries(database, gone, lambda _: False, NOW)) == 1
    states = [deliveries.edition_deliveries(database, name)[0].state for name in ("e-1", "e-2")]
    assert states == ["prepared", "unknown"], "only the last one can be on its way"
    database.close()
