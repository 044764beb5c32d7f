"""Editions from feed to reader: real feeds, a real mail server, durable runs, a clock by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Thread

import pytest

from summarizer.digests.config import load_digest_config
from summarizer.digests.health import check_health
from summarizer.digests.run import digest_engine, enqueue_edition, register_config
from summarizer.digests.scheduler import missed_instant
from summarizer.digests.scheduler import serve_digests as serving
from summarizer.edition import Edition
from summarizer.errors import ModelUnavailable, SettingsError
from summarizer.models.config import ModelConfig
from summarizer.store.deliveries import LedgerEntry, edition_deliveries
from summarizer.store.editions import edition_history, last_due, open_edition
from tests.digests import archive
from tests.digests.world import FEED, START, World, written
from tests.feedserver import Item, Route, rss


def only(found: list[LedgerEntry] | tuple[LedgerEntry, ...]) -> LedgerEntry:
    (entry,) = found
    return entry


def test_news_arrives_once(world: World) -> None:
    world.config()
    world.tell("dam", "bank")
    first = world.run()
    assert written(first).kind == "full"
    assert written(first).first_line == ""
    assert world.ledger(first) == [("email:ann@example.org", "sent")]
    world.now += timedelta(days=1)
    second = world.run()
    assert (second.number, written(second).kind) == (2, "quiet")
    assert written(second).first_line == "Nothing new today."
    assert world.ledger(second) == []
    assert len(world.mailbox.accepted) == 1


def test_a_quiet_day_may_have_its_note(world: World) -> None:
    world.config("quiet = true")
    made = world.run()
    assert world.ledger(made) == [("email:ann@example.org", "sent")]
    assert "Nothing new today." in world.mailbox.accepted[0].content.decode()


def test_the_footer_is_honest(world: World) -> None:
    bad = world.site.url("/gone.xml", host=3)
    world.config()
    text = (world.folder / "world.toml").read_text(encoding="utf-8")
    (world.folder / "world.toml").write_text(text.replace("feeds = [", f'feeds = ["{bad}", '))
    register_config(
        world.database,
        load_digest_config(world.folder / "world.toml"),
        str(world.folder / "world.toml"),
        START,
    )
    world.tell("dam")
    edition = written(world.run())
    assert edition.kind == "degraded"
    assert edition.first_line == "Less than usual today: 1 of 2 sources could not be read."
    assert any(bad in note for note in edition.notes)
    assert edition.notes[-1] == "Cost: none; no model was asked."
    assert edition.tally.articles_new == 1


def test_a_day_on_which_nothing_can_be_read_is_told(world: World) -> None:
    world.config()
    world.site.routes[FEED] = Route(status=500)
    made = world.run()
    assert written(made).kind == "failed"
    assert world.ledger(made) == [("email:ann@example.org", "sent")]
    assert "Nothing could be read today" in world.mailbox.accepted[0].content.decode()
    world.site.routes[FEED] = rss()
    world.tell("dam")
    world.now += timedelta(days=1)
    assert written(world.run()).kind == "full"


def test_a_model_that_fails_degrades_the_edition(world: World) -> None:
    world.config('[model]\nname = "openai/none"\n')
    world.tell("dam")

    @contextmanager
    def writer(_config: ModelConfig, _tell: object) -> Iterator[None]:
        if world.items:
            raise ModelUnavailable("does not answer", subject="openai/none")
        yield

    edition = written(world.run(chain_opener=writer))
    assert edition.kind == "degraded"
    assert "the model could not be used (openai/none: does not answer)" in edition.first_line
    assert edition.briefing


def test_a_refused_recipient_is_not_asked_again(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.refuse_recipient = "550 5.1.1 nobody of this name"
    made = world.run()
    entry = only(list(edition_deliveries(world.database, made.id)))
    assert (entry.state, entry.attempts) == ("refused", 1)
    assert "550" in entry.problem
    assert any("550" in line for line in world.log)


def test_a_busy_mail_server_is_tried_again_by_later_runs(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.refuse_recipient = "451 4.3.2 later"
    made = world.run()
    entry = only(list(edition_deliveries(world.database, made.id)))
    assert (entry.state, entry.attempts) == ("failed", 3)
    problems = [each for each in check_health(world.database, "", world.now) if each.problems]
    assert [each.name for each in problems] == ["world"]
    world.mailbox.refuse_recipient = ""
    world.now += timedelta(days=1)
    world.run()
    assert world.ledger(made) == [("email:ann@example.org", "sent")]
    assert len(world.mailbox.accepted) == 1
    assert not any(each.problems for each in check_health(world.database, "", world.now))


def test_a_connection_lost_before_the_message_is_no_doubt(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.hang_up = "data"
    made = world.run()
    assert world.ledger(made) == [("email:ann@example.org", "failed")]
    world.mailbox.hang_up = ""
    world.run()
    assert world.ledger(made) == [("email:ann@example.org", "sent")]
    assert len(world.mailbox.accepted) == 1


def test_a_message_taken_and_not_confirmed_is_never_repeated(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.hang_up = "reply"
    made = world.run()
    assert world.ledger(made) == [("email:ann@example.org", "unknown")]
    assert len(world.mailbox.accepted) == 1
    world.mailbox.hang_up = ""
    world.now += timedelta(days=1)
    world.run()
    assert len(world.mailbox.accepted) == 1
    store, digest = check_health(world.database, "world", world.now)
    assert store.problems == ()
    file = world.database.name
    again = f"summarizer digest resend {made.id} --to email:ann@example.org --store {file}"
    assert digest.problems[0].endswith(f"and is sent again only by: {again}")
    assert [line for line in world.log if again in line] == world.log[:1]


def test_a_failure_of_an_earlier_edition_is_reported_once_a_run(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.refuse_recipient = "451 4.3.2 later"
    first = world.run()
    assert len(world.log) == 1
    world.now += timedelta(days=1)
    second = world.run()
    assert world.ledger(first) == [("email:ann@example.org", "failed")]
    assert world.ledger(second) == []
    assert len(world.log) == 2


def test_a_delivery_that_left_the_file_is_withdrawn(world: World) -> None:
    world.config()
    world.tell("dam")
    world.mailbox.refuse_recipient = "451 4.3.2 later"
    made = world.run()
    file = f'[[deliveries]]\nkind = "file"\npath = "{world.folder}/last.md"\n'
    world.config(deliveries=file)
    world.now += timedelta(days=1)
    world.run()
    assert world.ledger(made) == [("email:ann@example.org", "withdrawn")]


def test_a_missing_secret_is_one_line_and_mended_later(world: World) -> None:
    hook = '[[deliveries]]\nkind = "webhook"\nurl_env = "HOOK"\n'
    world.config(deliveries=hook)
    world.tell("dam")
    made = world.run()
    entry = only(list(edition_deliveries(world.database, made.id)))
    assert entry.state == "failed"
    assert "HOOK is not set" in entry.problem
    assert world.log[-1].count("\n") == 0


def test_an_alert_goes_to_the_operator_after_so_many(world: World) -> None:
    mail = f"""
        kind = "email"
        host = "127.0.0.1"
        port = {world.mailbox.port}
        security = "none"
        sender = "world@example.org"
        """
    world.config(
        'alert = "operator"\nalert_after = 2\n',
        f'[[deliveries]]\n{mail}recipients = ["ann@example.org"]\n'
        f'[[deliveries]]\nname = "operator"\nalerts_only = true\n{mail}'
        'recipients = ["boss@example.org"]\n',
    )
    for _ in range(3):
        world.run()
        world.now += timedelta(days=1)
    received = [each.recipient for each in world.mailbox.accepted]
    assert received == ["boss@example.org"]
    assert "no news 2 times in a row" in world.mailbox.accepted[0].content.decode()


def test_an_interrupted_edition_is_finished_first(world: World) -> None:
    world.config()
    world.tell("dam")
    left = open_edition(world.database, "world", world.now, world.now)
    world.now += timedelta(days=1)
    made = world.run()
    assert made.id == left.id
    assert made.finished
    assert last_due(world.database, "world") == START


def test_an_edition_whose_run_gave_up_is_tried_anew(world: World) -> None:
    world.config()
    world.tell("dam")
    kept, tables = world.context(), world.database
    with tables.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE stories RENAME TO gone")
    with pytest.raises(Exception, match="no such table"):
        world.run()
    with tables.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO stories")
    made = world.run()
    assert (made.number, made.attempt, bool(made.finished)) == (1, 1, True)
    assert kept.database is tables


def test_a_failure_of_which_only_the_step_was_kept_is_not_told_again(world: World) -> None:
    world.config()
    world.tell("dam")
    with world.database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE stories RENAME TO gone")
    with pytest.raises(Exception, match="no such table"):
        world.run()
    with world.database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO stories")
        connection.exec_driver_sql(  # as a full disk leaves it: there was no room for the end
            "UPDATE workflow_status SET status = 'PENDING', error = NULL, executor_id = 'dead'"
            " WHERE status = 'ERROR'"
        )
    made = world.run()
    assert (made.number, bool(made.finished)) == (1, True)
    assert len(world.mailbox.accepted) == 1


def test_missed_hours_make_one_edition(world: World) -> None:
    config = world.config()
    world.tell("dam")
    context = world.context()
    assert missed_instant(context, config, world.now) is None, (
        "known since half an hour after its hour"
    )
    world.now += timedelta(days=10)
    stop: list[bool] = []
    with digest_engine(context, serving=True) as engine:
        server = Thread(
            target=serving, args=(context, engine, [config], lambda: bool(stop)), daemon=True
        )
        server.start()
        made = enqueue_edition(context, engine, config, datetime(2026, 3, 12, 6, tzinfo=UTC))
        engine.wait(made.workflow_id)
        stop.append(True)
        server.join()
    found = edition_history(world.database, "world")
    assert [(each.number, each.due.isoformat()) for each in found] == [
        (1, "2026-03-12T06:00:00+00:00")
    ]
    assert missed_instant(context, config, world.now) is None


def test_what_was_opened_and_never_queued_is_picked_up(world: World) -> None:
    config = world.config()
    world.tell("dam")
    left = open_edition(world.database, "world", world.now, world.now)
    context = world.context()
    with digest_engine(context, serving=True) as engine:
        looks = iter([False, True])
        serving(context, engine, [config], lambda: next(looks))
        engine.wait(left.workflow_id)
    assert [(e.id, bool(e.finished)) for e in edition_history(world.database)] == [(left.id, True)]


def test_two_digests_of_one_name(world: World) -> None:
    config = world.config()
    with pytest.raises(SettingsError, match=r"a digest called 'world' is in .*world\.toml already"):
        register_config(world.database, config, "/elsewhere/world.toml", world.now)
    (world.folder / "world.toml").rename(world.folder / "moved.toml")
    register_config(world.database, config, str(world.folder / "moved.toml"), world.now)


def test_topics_are_sections_and_leave_the_rest_out(world: World) -> None:
    topics = (
        '[[topics]]\nname = "Animals"\nquery = "wolf wolves sheep"\n'
        '[[topics]]\nname = "Water"\nquery = "dam reservoir"\n'
    )
    world.config(topics)
    world.tell("dam", "wolf", "bank")
    edition = written(world.run())
    assert [section.title for section in edition.sections] == ["Animals", "Water"]
    assert [(each.title, each.reason) for each in edition.left_out] == [
        ("Norda Bank to cut 1,400 jobs", "no_topic")
    ]


def test_what_has_no_room_is_counted_and_told_when_it_goes_on(world: World) -> None:
    world.config("stories = 1")
    world.tell("dam", "bank")
    edition = written(world.run())
    assert [each.reason for each in edition.left_out] == ["no_room"]
    left = edition.left_out[0]
    world.now += timedelta(days=1)
    event = next(e for e in archive.EVENTS.values() if e.title == left.title)
    title, new = event.more[0]
    text = "".join(f"<p>{line}</p>" for line in (*new, *event.report[:2]))
    world.items.append(Item("urn:more", title, text, "", format_datetime(world.now)))
    world.site.routes[FEED] = rss(*world.items)
    second = written(world.run())
    assert second.briefing
    assert second.updates == (), "nobody has been told of it yet"
    assert second.briefing.stories[0].id == left.story


def test_an_edition_says_the_same_however_often_it_is_written(world: World) -> None:
    world.config()
    world.tell("dam", "bank")
    made = written(world.run())
    kept = json.loads(made.model_dump_json())
    assert Edition.model_validate(kept) == made
    assert made.briefing
    assert made.briefing.created == made.created == START
