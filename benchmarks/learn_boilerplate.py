"""Learns ``summarizer/sources/boilerplate_words.tsv``: words of the frame of web pages.

    python -m benchmarks.learn_boilerplate --data FOLDER [--write]

FOLDER is ``tests`` of a copy of github.com/adbar/trafilatura, about a thousand pages of nearly as
many hosts. Of each page the lines that are in the extracted text are the article and all others its
frame. The weight of a word, or of two in a row, is the log-odds of the hosts whose frames have it
against those whose articles have it. The labelled pages of ``benchmarks.pages`` are not read.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from summarizer.errors import ExtractionError
from summarizer.sources.extract import declared_charset, decode_text, extract_page
from summarizer.sources.promotions import MAX_WORD_WEIGHT, word_pairs
from summarizer.sources.text_nodes import text_nodes

OUT = Path(__file__).parent.parent / "summarizer" / "sources" / "boilerplate_words.tsv"
MIN_HOSTS = 8
MIN_WEIGHT = 1.0
MIN_LINE_WORDS, MAX_LINE_CHARS = 3, 600


def main() -> None:
    """Counts the hosts of each word; with ``--write`` writes the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    frames, articles = Counter[str](), Counter[str]()
    for frame, article in words_by_host(args.data):
        frames.update(frame)
        articles.update(article)
    weights = learn(frames, articles)
    print(f"{len(weights)} words of {len(frames)}")
    if args.write:
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        head = f"# learnt {day} by benchmarks/learn_boilerplate.py\n# word or pair\tlog-odds\n"
        rows = (f"{word}\t{weight:.1f}\n" for word, weight in sorted(weights.items()))
        OUT.write_text(head + "".join(rows), encoding="utf-8")


def learn(frames: Mapping[str, int], articles: Mapping[str, int]) -> dict[str, float]:
    """The words of frames with their weights. 2 is added to the hosts of articles, so that a word
    of few hosts weighs little."""
    weights = {
        word: math.log((hosts + 0.5) / (articles[word] + 2))
        for word, hosts in frames.items()
        if hosts >= MIN_HOSTS
    }
    return {word: min(w, MAX_WORD_WEIGHT) for word, w in weights.items() if w > MIN_WEIGHT}


def words_by_host(data: Path) -> Iterator[tuple[set[str], set[str]]]:
    """Of each host: the words of its frames, and those of its articles."""
    rows = json.loads((data / "evaldata.json").read_text(encoding="utf-8"))
    hosts: dict[str, list[tuple[str, Path]]] = {}
    for url, about in rows.items():
        files = [data / folder / about["file"] for folder in ("cache", "eval")]
        hosts.setdefault(urlsplit(url).hostname or "", []).extend(
            (url, file) for file in files if file.exists()
        )
    for pages in hosts.values():
        words = (set[str](), set[str]())
        for url, file in pages:
            for line, is_article in labelled_lines(file.read_bytes(), url):
                words[is_article].update(word for pair in word_pairs(line) for word in pair)
        yield words


def labelled_lines(html: bytes, url: str) -> Iterator[tuple[str, bool]]:
    """The lines of a page, and whether each is in its article."""
    from trafilatura import load_html

    try:
        article = f" {_key(extract_page(html, url).text)} "
        tree = load_html(decode_text(html, declared_charset(html)))
    except ExtractionError:
        return
    if tree is None or tree.find("body") is None:
        return
    for line in "".join(text_nodes(tree.find("body"))).split("\n"):
        key = _key(line)
        if len(key.split()) >= MIN_LINE_WORDS and len(line) <= MAX_LINE_CHARS:
            yield line, f" {key} " in article


def _key(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


if __name__ == "__main__":
    main()
