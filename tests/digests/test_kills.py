"""Killed at random moments: nobody gets anything twice, and nothing is lost.

A few kills here; two hundred, and PostgreSQL with two workers, in benchmarks/digests.py.
"""

from pathlib import Path

from tests.digests.kills import RECIPIENTS, Account, Runs, account, killed_at_random, town


def test_a_digest_survives_being_killed(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    with town(tmp_path, seed=3) as made:
        runs = Runs(made, store)
        try:
            hit, whole = killed_at_random(runs, kills=6, seed=3)
        finally:
            runs.close()
        found = account(made, store)
    assert hit == 6
    assert found.editions >= whole + 1
    assert found.missing <= found.in_doubt, "what is missing is held in doubt, and told"
    assert found.mails >= found.editions * len(RECIPIENTS) - found.in_doubt
    sound = Account(found.editions, found.mails, 0, found.missing, found.in_doubt, 0, 0, 0)
    assert found == sound
