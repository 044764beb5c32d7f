"""Check the natural sentences against the promises of README.md, and print their statistics.

``python evals/natural/validate.py`` needs no library; its exit code is 1 if a promise is broken.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

HERE = Path(__file__).parent
HALVES = ("a", "b")
ARTICLE_WORDS = range(250, 451)
MAX_EVIDENCE = 3
LABEL_SHARE = (0.48, 0.52)
MAX_OVERLAP_GAP = 0.04
"""Above it, a reader could guess labels from how much of a claim is copied."""

FUNCTION_WORDS = frozenset(
    "a an and as at be been being but by for from had has have he her him his in is it its no not"
    " of on or she so than that the their them they this to up was were which who will with"
    " would".split()
)


class Row(NamedTuple):
    """One labelled sentence."""

    id: str
    dataset: str
    event: str
    claim: str
    evidence: list[str]
    label: int
    kind: str


def read_rows(half: str) -> list[Row]:
    """The rows of one half, in the order of the file."""
    lines = (HERE / f"half-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Row(**json.loads(line)) for line in lines]


def read_articles() -> dict[str, str]:
    """Text by file name without suffix."""
    paths = sorted((HERE / "articles").glob("*.txt"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def event_of(article: str) -> str:
    """``mine`` for mine and for mine-2: an event may have a second article."""
    return article.removesuffix("-2")


def content_words(text: str) -> list[str]:
    """Lower-case words and numbers that are not function words."""
    return [
        word for word in re.findall(r"\w[\w.,'-]*\w|\w", text.lower()) if word not in FUNCTION_WORDS
    ]


def overlap(row: Row) -> float:
    """Share of the claim's content words that its evidence holds."""
    words = content_words(row.claim)
    evidence = set(content_words(" ".join(row.evidence)))
    return sum(word in evidence for word in words) / len(words)


def row_problems(row: Row, texts: Sequence[str]) -> Iterator[str]:
    """What is wrong with one row, given the articles of its event."""
    if not 1 <= len(row.evidence) <= MAX_EVIDENCE:
        yield f"{row.id}: {len(row.evidence)} evidence sentences"
    for sentence in row.evidence:
        if not any(sentence in text for text in texts):
            yield f"{row.id}: not in an article of {row.event}: {sentence}"
    if row.label not in (0, 1) or (row.label == 1) != row.kind.startswith("faithful:"):
        yield f"{row.id}: label {row.label} does not fit the kind {row.kind}"


def half_problems(half: str, rows: Sequence[Row]) -> Iterator[str]:
    """What is wrong with the balance of one half."""
    low, high = LABEL_SHARE
    share = mean(row.label for row in rows)
    if not low <= share <= high:
        yield f"half {half}: {share:.1%} of the labels are 1"
    gap = abs(mean_overlap(rows, 1) - mean_overlap(rows, 0))
    if gap > MAX_OVERLAP_GAP:
        yield f"half {half}: the mean overlap of the labels differs by {gap:.3f}"
    if any(row.dataset != f"natural-{half}" for row in rows):
        yield f"half {half}: a row belongs to another dataset"


def mean_overlap(rows: Sequence[Row], label: int) -> float:
    return mean(overlap(row) for row in rows if row.label == label)


def article_problems(articles: dict[str, str], events: set[str]) -> Iterator[str]:
    """What is wrong with the articles themselves."""
    for name, text in articles.items():
        if len(text.split()) not in ARTICLE_WORDS:
            yield f"{name}: {len(text.split())} words"
        if event_of(name) not in events:
            yield f"{name}: no row rests on it"


def kinds_table(halves: dict[str, list[Row]]) -> str:
    """Rows by kind and half, as the table of README.md."""
    counts = {half: Counter(row.kind for row in rows) for half, rows in halves.items()}
    kinds = sorted(
        {kind for count in counts.values() for kind in count},
        key=lambda kind: (kind.startswith("faithful:"), kind),
    )
    lines = ["| kind | half A | half B |", "|---|---:|---:|"]
    lines += [f"| `{kind}` | {counts['a'][kind]} | {counts['b'][kind]} |" for kind in kinds]
    return "\n".join(lines)


def problems(halves: dict[str, list[Row]], articles: dict[str, str]) -> Iterator[str]:
    """All broken promises, one line each."""
    rows = [row for half in halves.values() for row in half]
    for name, times in Counter(row.id for row in rows).items():
        if times > 1:
            yield f"{name}: {times} rows have this id"
    for event in {row.event for row in halves["a"]} & {row.event for row in halves["b"]}:
        yield f"{event}: is in both halves"
    for row in rows:
        texts = [text for name, text in articles.items() if event_of(name) == row.event]
        yield from row_problems(row, texts)
    for half, part in halves.items():
        yield from half_problems(half, part)
    yield from article_problems(articles, {row.event for row in rows})
    if kinds_table(halves) not in (HERE / "README.md").read_text(encoding="utf-8"):
        yield "README.md: the table of kinds is out of date"


def summary(half: str, rows: Sequence[Row]) -> str:
    """One line of statistics."""
    events = len({row.event for row in rows})
    share = mean(row.label for row in rows)
    words = [mean(len(row.claim.split()) for row in rows if row.label == label) for label in (1, 0)]
    return (
        f"half {half}: {len(rows)} sentences, {events} events, {share:.1%} faithful, "
        f"overlap {mean_overlap(rows, 1):.2f} faithful and {mean_overlap(rows, 0):.2f} false, "
        f"words {words[0]:.1f} and {words[1]:.1f}"
    )


def main() -> int:
    halves = {half: read_rows(half) for half in HALVES}
    found = list(problems(halves, read_articles()))
    lines = [summary(half, rows) for half, rows in halves.items()]
    sys.stdout.write("\n".join([*lines, "", kinds_table(halves), "", *found]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
