"""Check the natural sentences against the promises of README.md, and print their statistics.

Every number that README.md gives is computed here, and README.md must state what comes out.

``python evals/natural/validate.py`` needs no library; its exit code is 1 if a promise is broken.
"""

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
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
    """One labelled sentence.

    ``second`` is the label of the blind reading, and ``amended`` is true where the claim or the
    evidence was changed after that reading.
    """

    id: str
    dataset: str
    event: str
    claim: str
    evidence: list[str]
    label: int
    kind: str
    second: int
    amended: bool = False


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
    if row.second not in (0, 1):
        yield f"{row.id}: second is {row.second}"
    if row.second != row.label and not row.amended:
        yield f"{row.id}: the blind reading gave {row.second}, and the row is unchanged since"


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


def agreement(rows: Sequence[Row]) -> float:
    """Share of the rows to which the blind reading gave the writer's label."""
    return mean(row.second == row.label for row in rows)


def kappa(rows: Sequence[Row]) -> float:
    """Cohen's kappa of writer and blind reader: agreement beyond what chance would give."""
    writer, reader = mean(row.label for row in rows), mean(row.second for row in rows)
    chance = writer * reader + (1 - writer) * (1 - reader)
    return (agreement(rows) - chance) / (1 - chance)


def agreement_table(halves: dict[str, list[Row]]) -> str:
    """Writer and blind reader, as the table of README.md."""
    parts = [halves["a"], halves["b"], [*halves["a"], *halves["b"]]]
    columns = {
        "sentences": [str(len(rows)) for rows in parts],
        "same label": [str(sum(row.second == row.label for row in rows)) for rows in parts],
        "agreement": [f"{100 * agreement(rows):.1f} %" for rows in parts],
        "Cohen's kappa": [f"{kappa(rows):.2f}" for rows in parts],
        "amended afterwards": [str(sum(row.amended for row in rows)) for rows in parts],
    }
    lines = ["| | half A | half B | both |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {' | '.join(values)} |" for name, values in columns.items()]
    return "\n".join(lines)


def claim_only_accuracy(rows: Sequence[Row]) -> float:
    """How often naive Bayes guesses the label from the claim alone; each event is held out once.

    Features are words and pairs of neighbours, counts are smoothed by one.
    """
    words = [re.findall(r"\w+", row.claim.lower()) for row in rows]
    features = [[*each, *map(" ".join, pairwise(each))] for each in words]
    right = 0
    for event in {row.event for row in rows}:
        seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for row, held in zip(rows, features, strict=True):
            if row.event != event:
                seen[row.label].update(held)
        labels = Counter(row.label for row in rows if row.event != event)
        sizes = [count.total() + len(seen[0] | seen[1]) for count in seen]
        for row, held in zip(rows, features, strict=True):
            if row.event == event:
                scores = [
                    math.log(labels[label])
                    + sum(math.log((seen[label][feature] + 1) / sizes[label]) for feature in held)
                    for label in (0, 1)
                ]
                right += (scores[1] > scores[0]) == bool(row.label)
    return right / len(rows)


def evidence_only_accuracy(rows: Sequence[Row]) -> float:
    """How often the number of evidence sentences, best used, gives the label."""
    counts = Counter((len(row.evidence), row.label) for row in rows)
    sizes = {size for size, _ in counts}
    return sum(max(counts[size, 0], counts[size, 1]) for size in sizes) / len(rows)


def statements(halves: dict[str, list[Row]], articles: dict[str, str]) -> list[str]:
    """What README.md must say in its text, with the numbers of today."""
    rows = [row for half in halves.values() for row in half]
    differ = [row for row in rows if row.second != row.label]
    return [
        f"{len(rows)} sentences, each with the one to three source sentences",
        f"{len(articles)} invented news articles about {len({row.event for row in rows})} events",
        f"`half-a.jsonl`, {len(halves['a'])} sentences",
        f"`half-b.jsonl`, {len(halves['b'])} sentences",
        f"{sum(row.kind == 'faithful:near-verbatim' for row in rows)} of them keep almost all",
        f"held out in turn, reached {100 * claim_only_accuracy(rows):.0f} %",
        f"the number of cited sentences, {100 * evidence_only_accuracy(rows):.0f} %",
        f"the same label to {len(rows) - len(differ)} of {len(rows)} sentences",
        f"In all {sum(row.label == 1 for row in differ)} others the writer had said 1",
        f"{sum(row.amended for row in rows)} sentences were amended",
    ]


def readme_problems(
    halves: dict[str, list[Row]], articles: dict[str, str], readme: str
) -> Iterator[str]:
    """Where README.md no longer says what the rows say."""
    for table in (kinds_table(halves), agreement_table(halves)):
        if table not in readme:
            yield f"README.md lacks this table:\n{table}"
    text = " ".join(readme.split())
    for statement in statements(halves, articles):
        if statement not in text:
            yield f"README.md does not say: {statement}"


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
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    yield from readme_problems(halves, articles, readme)


def summary(half: str, rows: Sequence[Row]) -> str:
    """One line of statistics."""
    events = len({row.event for row in rows})
    share = mean(row.label for row in rows)
    words = [mean(len(row.claim.split()) for row in rows if row.label == label) for label in (1, 0)]
    same = sum(row.second == row.label for row in rows)
    return (
        f"half {half}: {len(rows)} sentences, {events} events, {share:.1%} faithful, "
        f"overlap {mean_overlap(rows, 1):.2f} faithful and {mean_overlap(rows, 0):.2f} false, "
        f"words {words[0]:.1f} and {words[1]:.1f}, "
        f"blind reader agrees on {same} ({agreement(rows):.1%}, kappa {kappa(rows):.2f})"
    )


def main() -> int:
    halves = {half: read_rows(half) for half in HALVES}
    found = list(problems(halves, read_articles()))
    lines = [summary(half, rows) for half, rows in halves.items()]
    tables = [kinds_table(halves), "", agreement_table(halves)]
    sys.stdout.write("\n".join([*lines, "", *tables, "", *found]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
