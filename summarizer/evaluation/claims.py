"""Claims that people labelled, read and scored as the product scores a sentence.

A row is ``{"dataset", "id", "claim", "evidence", "label"}``: ``evidence`` one passage or many,
``label`` 1 supported or 0 not. ``language`` (ISO 639-1) is English unless a row says otherwise;
``published`` the day from which the dates of both are read (ISO 8601), unknown where there is none;
all other keys are passed over.
"""

import gzip
import json
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from summarizer.checking.checks import Problem, judge
from summarizer.checking.claims import Claim, Passage
from summarizer.errors import SettingsError
from summarizer.evaluation.measures import Estimate, Scored, Sheet, mean, sheet
from summarizer.retrieval.overlap import Groups

__all__ = ["Labelled", "Outcome", "Table", "documents", "read", "score", "tabulate"]

TELLING = 60
"""Code points from which a passage that two rows share makes them rows of one document."""


class Labelled(NamedTuple):
    """One claim, what it is held against, and what a person said."""

    dataset: str
    id: str
    claim: str
    evidence: tuple[str, ...]
    label: int
    language: str = "en"
    published: date | None = None


class Outcome(NamedTuple):
    """What the checks say of one row, without its texts.

    ``passages`` are hashes by which rows of one document are known; ``seconds``: the time taken.
    """

    dataset: str
    id: str
    label: int
    score: float
    supported: bool
    findings: tuple[Problem, ...]
    passages: tuple[int, ...]
    seconds: float


class Table(NamedTuple):
    """Figures by set, of all rows as one, and the means over the sets that were scored."""

    sets: Mapping[str, Sheet]
    pooled: Sheet
    auc: Estimate
    balanced: Estimate
    milliseconds: Mapping[str, float]


def read(path: Path) -> Iterator[Labelled]:
    """The rows of a JSON Lines file, gzip or plain; blank lines are passed over.

    Raises SettingsError with file and line at the first row that is none.
    """
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _row(line, f"{path}:{number}")


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """The file as text. Raises SettingsError when it cannot be read to its end."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if packed
            else path.open(encoding="utf-8") as lines
        ):
            yield lines
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=str(path)) from None
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8", subject=str(path)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SettingsError("is a damaged gzip file", subject=str(path)) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(path)) from error


def _row(line: str, place: str) -> Labelled:
    """Raises SettingsError: one line that says what is wrong with which field."""
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        raise SettingsError("is not JSON", subject=place) from None
    if not isinstance(held, dict):
        raise SettingsError("is not a JSON object", subject=place)
    label = held.get("label")
    if type(label) is not int or label not in (0, 1):
        told = "is missing" if label is None else f"is {json.dumps(label)}"
        raise SettingsError(f"label {told}", subject=place, hint="1 supported, 0 not supported")
    words = {key: _words(held, key, place) for key in ("dataset", "claim")}
    name = held.get("id", place)
    return Labelled(
        words["dataset"], str(name), words["claim"], _evidence(held.get("evidence"), place),
        int(label), str(held.get("language") or "en"), _day(held.get("published"), place),
    )  # fmt: skip


def _words(held: Mapping[str, Any], key: str, place: str) -> str:
    value = held.get(key)
    if not isinstance(value, str) or not value.strip():
        told = "is empty" if isinstance(value, str) else "is no text"
        told = "is missing" if value is None else told
        raise SettingsError(f"{key} {told}", subject=place)
    return value


def _evidence(value: object, place: str) -> tuple[str, ...]:
    passages = [value] if isinstance(value, str) else value
    if not isinstance(passages, list) or not all(isinstance(one, str) for one in passages):
        told = "is missing" if value is None else "is neither a text nor a list of texts"
        raise SettingsError(f"evidence {told}", subject=place)
    return tuple(passages)


def _day(value: object, place: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise SettingsError("published is no day such as 2025-11-30", subject=place) from None


def score(row: Labelled) -> Outcome:
    """The product's own judgement: the evidence is one source, read as its sentences."""
    started = time.perf_counter()
    text = "\n".join(row.evidence)
    passages = [Passage(text, row.language, row.published)] if text.strip() else []
    judged = judge(Claim(row.claim, row.language, row.published), passages)
    spent = time.perf_counter() - started
    known = tuple(hash(part) for part in row.evidence if len(part) >= TELLING)
    return Outcome(
        row.dataset, row.id, row.label, judged.support, judged.verdict == "supported",
        judged.problems, known or (hash(text),), spent,
    )  # fmt: skip


def tabulate(rows: Sequence[Outcome], seed: int = 0) -> Table:
    """The figures, by set in the order of first appearance."""
    known = documents(rows)
    scored = [
        Scored(row.label, row.score, row.supported, document)
        for row, document in zip(rows, known, strict=True)
    ]
    by_set: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by_set.setdefault(row.dataset, []).append(at)
    sets = {name: sheet([scored[n] for n in at], seed) for name, at in by_set.items()}
    spent = {name: 1e3 * sum(rows[n].seconds for n in at) / len(at) for name, at in by_set.items()}
    return Table(
        sets, sheet(scored, seed), mean([one.auc for one in sets.values()]),
        mean([one.balanced for one in sets.values()]), spent,
    )  # fmt: skip


def documents(rows: Sequence[Outcome]) -> list[int]:
    """For each row the number of its document: rows that share a passage share it."""
    groups, first = Groups(len(rows)), dict[int, int]()
    for at, row in enumerate(rows):
        for passage in row.passages:
            groups.unite(first.setdefault(passage, at), at)
    found = [0] * len(rows)
    for number, members in enumerate(groups.sets()):
        for at in members:
            found[at] = number
    return found
