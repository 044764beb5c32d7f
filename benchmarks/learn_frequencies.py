"""Learns ``summarizer/text/english.tsv``: in what share of news articles a stem occurs.

    python -m benchmarks.learn_frequencies [--data ../shared/data]

Reads the articles behind the open claim sets, ECB+ and SummHay (every distinct text once) and keeps
the stems of common words. Figures are left out: they belong to those years, not to English.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from summarizer.text.tokens import content

OUT = Path(__file__).parent.parent / "summarizer" / "text" / "english.tsv"
LEAST = 0.004
CLAIM_SETS = ("frank_*", "xsum_*", "wice_claim.*")


def main() -> None:
    """Reads, counts, writes the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    texts = sorted(set(_texts(parser.parse_args().data)))
    df = Counter(stem for text in texts for stem in set(content(text)))
    rows = [
        (stem, count / len(texts))
        for stem, count in df.most_common()
        if count >= LEAST * len(texts) and stem.isalpha()
    ]
    head = (
        f"# share of {len(texts)} English news articles with the stem; {datetime.now(UTC):%Y-%m-%d}"
    )
    body = "\n".join(f"{stem}\t{share:.4f}" for stem, share in rows)
    OUT.write_text(f"{head}\n{body}\n", encoding="utf-8")
    print(f"{len(rows)} stems -> {OUT}")


def _texts(data: Path) -> Iterator[str]:
    for pattern in CLAIM_SETS:
        for path in sorted((data / "claims").glob(f"{pattern}.jsonl.gz")):
            for row in _rows(path):
                yield " ".join(row["evidence"])
    for path in (
        data / "events/ecbplus.train_dev.jsonl.gz",
        data / "briefings/summhay_documents.jsonl.gz",
    ):
        yield from (row["text"] for row in _rows(path))


def _rows(path: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
