"""How often each step of an edition was started: a step that ends the program counts up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from summarizer.store.database import Database
from summarizer.store.schema import step_start_table


@dataclass(frozen=True, slots=True)
class StepStarts:
    """Starts of one step that have not ended in an orderly way, and the instant of the first."""

    number: int
    first: datetime


def count_start(database: Database, edition: str, step: str, now: datetime) -> StepStarts:
    """Counts one more start of the step; returns all of them."""
    mine = (step_start_table.c.edition == edition, step_start_table.c.step == step)
    row = {"edition": edition, "step": step, "number": 0, "first": now}
    with database.transaction() as connection:
        database.insert_rows(connection, step_start_table, [row])
        number = step_start_table.c.number + 1
        connection.execute(update(step_start_table).where(*mine).values(number=number))
        stored = connection.execute(select(step_start_table).where(*mine)).one()
    return StepStarts(stored.number, stored.first)


def uncount_start(database: Database, edition: str, step: str) -> None:
    """Takes back one start of the step, which has ended in an orderly way."""
    number = step_start_table.c.number - 1
    database.execute(
        update(step_start_table)
        .where(step_start_table.c.edition == edition, step_start_table.c.step == step)
        .values(number=number)
    )


def delete_starts(database: Database, edition: str) -> None:
    """Deletes the counts of an edition that is finished."""
    database.execute(delete(step_start_table).where(step_start_table.c.edition == edition))
