"""Learns ``summarizer/text/english.tsv``: in what share of news articles a stem occurs, and how
often it is written in lower case where no sentence opens.

    python -m benchmarks.learn_frequencies [--data ../shared/data]

Reads the articles behind the open claim sets, ECB+ and SummHay (every distinct text once) and keeps
the stems of common words. Figures are left out: they belong to those years, not to English.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from summarizer.text.tokens import content_stems, stems

OUT = Path(__file__).parent.parent / "summarizer" / "text" / "english.tsv"
LEAST = 0.004
INNER = re.compile(r"(?<=[a-z,;] )[A-Za-z]{2,}\b")
CLAIM_SETS = ("frank_*", "xsum_*", "wice_claim.*")


def main() -> None:
    """Reads, counts, writes the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    texts = sorted(set(_texts(parser.parse_args().data)))
    df = Counter(stem for text in texts for stem in set(content_stems(text)))
    lower = _lower(texts)
    rows = [
        (stem, count / len(texts), lower.get(stem, 0.0))
        for stem, count in df.most_common()
        if count >= LEAST * len(texts) and stem.isalpha()
    ]
    head = (
        f"# stem, share of {len(texts)} English news articles with it, share in lower case where no"
        f" sentence opens; {datetime.now(UTC):%Y-%m-%d}"
    )
    body = "\n".join(f"{stem}\t{share:.4f}\t{lower:.2f}" for stem, share, lower in rows)
    OUT.write_text(f"{head}\n{body}\n", encoding="utf-8")
    print(f"{len(rows)} stems -> {OUT}")


def _lower(texts: Iterable[str]) -> dict[str, float]:
    """Stem -> the share of its words inside sentences that are in lower case, not capitalised."""
    small, capital = Counter[str](), Counter[str]()
    for word in (found for text in texts for found in INNER.findall(text)):
        counted = small if word.islower() else capital
        counted.update(stems(word) if word.islower() or word.istitle() else ())
    return {stem: small[stem] / (small[stem] + capital[stem]) for stem in small | capital}


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
