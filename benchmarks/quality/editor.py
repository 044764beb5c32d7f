"""What an editor strikes from the model-free briefings of 15 real collections.

    python -m benchmarks.quality.editor FOLDER      writes the collections, one folder each
    python -m benchmarks.quality editor             the figures of the readings in ``editor.tsv``

A reading is made by a person (or a model) who did not write the code and reads each printed unit
(headline, sentence, "In brief" line, disagreement) against its sources. A unit is struck for the
first reason that fits. ``editor.tsv`` keeps collection, story, unit, kind and reason, no text. The
collections of ``UNSEEN`` are read for counts only: no developer sees what was struck in them.
"""

import argparse
import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.quality.figures import RESAMPLING_SEED, Figure
from summarizer.evaluation.statistics import bootstrap_statistic

READINGS = Path(__file__).with_suffix(".tsv")

TOPICS = (2, 6, 9, 13, 18, 22, 26, 30, 34)
"""Of ECB+, with both look-alike events of each."""

PAGES = 48
"""English pages, the first by id; they are dealt out to four folders."""

ARTICLES_OF_TOPIC = 12
"""Of each of the two topics of SummHay, the first in the file."""

UNSEEN = frozenset(
    ("ecb-06", "ecb-13", "ecb-22", "ecb-30", "ecb-34", "pages-c", "pages-d", "summhay-news2")
)
REASONS = ("dangling", "furniture", "wrong", "repeated", "trivial", "broken")
MAX_STRUCK = 15.0
"""Units of 100."""

MIN_SENDABLE = 8
"""Briefings of 15 that are sendable after ``MAX_STRIKES``."""

MAX_STRIKES = 2


class _Unit(NamedTuple):
    """``verdict``: ``keep`` or one of the reasons."""

    run: str
    collection: str
    story: str
    unit: str
    kind: str
    verdict: str


def measure(_: Path) -> Iterator[Figure]:
    """The figures of each reading, the unseen collections first."""
    with READINGS.open(encoding="utf-8", newline="") as rows:
        units = [_Unit(*row) for row in csv.reader(rows, delimiter="\t")]
    for run in dict.fromkeys(unit.run for unit in units):
        read = [unit for unit in units if unit.run == run]
        yield from _figures(f"{run}, unseen", [u for u in read if u.collection in UNSEEN])
        yield from _figures(f"{run}, open", [u for u in read if u.collection not in UNSEEN])
        sendable = sum(n <= MAX_STRIKES for n in _strikes(read).values())
        yield Figure("editor", f"{run}: sendable of 15", sendable, least=MIN_SENDABLE)


def _figures(name: str, units: Sequence[_Unit]) -> Iterator[Figure]:
    strikes = _strikes(units)
    sizes = Counter(unit.collection for unit in units)

    def struck_of_100(collections: Sequence[str]) -> float:
        return 100 * sum(strikes[c] for c in collections) / sum(sizes[c] for c in collections)

    struck = bootstrap_statistic(sorted(sizes), struck_of_100, seed=RESAMPLING_SEED)
    yield Figure("editor", f"{name}: struck of 100", *struck, most=MAX_STRUCK)
    reasons = Counter(unit.verdict for unit in units)
    for reason in REASONS:
        yield Figure("editor", f"{name}: {reason}", 100 * reasons[reason] / len(units))


def _strikes(units: Sequence[_Unit]) -> Mapping[str, int]:
    """Collection -> units struck."""
    struck: dict[str, int] = {unit.collection: 0 for unit in units}
    for unit in units:
        struck[unit.collection] += unit.verdict != "keep"
    return struck


def write_collections(data: Path, folder: Path) -> None:
    """Writes each collection under ``folder``: texts as .txt, pages as .html."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(data / "events" / "ecbplus.train_dev.jsonl.gz"):
        if (topic := int(row["topic"])) in TOPICS:
            texts[f"ecb-{topic:02}"][row["doc_id"]] = row["text"]
    for row in _rows(data / "briefings" / "summhay_documents.jsonl.gz"):
        chosen = texts[f"summhay-{row['topic']}"]
        if len(chosen) < ARTICLES_OF_TOPIC:
            chosen[row["doc_id"]] = row["text"]
    for collection, articles in texts.items():
        for name, text in articles.items():
            _write(folder / collection / f"{name}.txt", text.encode())
    pages = data / "pages" / "scrapinghub"
    truth = json.loads((pages / "ground-truth.json").read_text(encoding="utf-8"))
    english = [each for each in sorted(truth) if _is_english(truth[each]["articleBody"])]
    for n, page in enumerate(english[:PAGES]):
        content = gzip.decompress((pages / "html" / f"{page}.html.gz").read_bytes())
        _write(folder / f"pages-{'abcd'[n % 4]}" / f"{page}.html", content)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _is_english(text: str) -> bool:
    words = text.lower().split()
    frequent = sum(word in {"the", "and", "of", "to", "in"} for word in words)
    return len(words) > 100 and frequent > len(words) / 10


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.editor")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments = parser.parse_args()
    write_collections(arguments.data, arguments.folder)


if __name__ == "__main__":
    main()
