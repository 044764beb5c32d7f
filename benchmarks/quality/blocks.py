"""Differences and updates between real articles on one event, beside labels given by reading.

    python -m benchmarks.quality.blocks [--data ../shared/data] [--unseen]

``blocks.jsonl`` names pairs of sentences of ECB+ and of real pages by document and offsets (code
points), never by their words:

- ``label``: ``differ`` (same subject, place and time, and both cannot be true as said), ``update``
  (the same thing at a later time), ``same`` (in other words, rounded, in another unit, or one says
  less), ``other`` (different things that look alike). ``first`` and ``second`` are the labels of
  the two readings, from which it was settled.
- ``chosen``: ``read`` (picked while reading the event: most of them are hard), ``drawn`` (at
  random from similar sentences with different figures), ``shown`` (by the product).
- ``half``: by event. The code is developed on the ``open`` half; the ``unseen`` half is run once.

Any function is measured by `predict_sentences`, which gives it two sentences, or by
`predict_articles`, which gives it two articles and expects all blocks that it shows::

    pairs = read_pairs(data)
    for figure in measure_result("mine", predict_articles(my_function, pairs), pairs):
        print(row(figure))

Precision counts what is shown on labelled pairs. More of them differ than of those that a reader
meets by chance, so the number of blocks on pairs without a label is printed beside it.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Literal, NamedTuple

from benchmarks.quality.events import read
from benchmarks.quality.figures import Figure, row
from summarizer.briefing import Disagreement
from summarizer.errors import NothingToDeliver
from summarizer.evaluation.statistics import bootstrap_mean, wilson_share
from summarizer.pipeline import create_briefing
from summarizer.retrieval.corpus import prepare_corpus
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.spans import Span
from summarizer.writing.contradictions import find_contradictions

PART = "blocks"
LABELS_FILE = Path(__file__).parent / "blocks.jsonl"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

MIN_SENTENCE_WORDS = 4
"""Words below which a span is taken for a wrong one."""

Label = Literal["differ", "update", "same", "other"]
Shown = Literal["differ", "update"]
SHOWN: tuple[Shown, ...] = ("differ", "update")


class LabelledPair(NamedTuple):
    """Two sentences of two articles on one event, each with its span, and how they relate."""

    id: str
    event: str
    articles: tuple[Article, Article]
    spans: tuple[Span, Span]
    label: Label
    about: str
    chosen: str

    @property
    def sentences(self) -> tuple[str, str]:
        """The words of both, line breaks replaced by blanks."""
        one, other = (
            " ".join(article.text[span.start : span.end].split())
            for article, span in zip(self.articles, self.spans, strict=True)
        )
        return one, other


class Block(NamedTuple):
    """What is shown of two articles: a span of each, and the label."""

    spans: tuple[Span, Span]
    label: Shown


SentencePredictor = Callable[[str, str], Shown | None]
ArticlePredictor = Callable[[Article, Article], Iterable[Block]]


class Result(NamedTuple):
    """What a predictor shows for each pair, by id, and the number of its blocks on other pairs."""

    by_pair: Mapping[str, Shown | None]
    others: int = 0


def read_pairs(
    data: Path, *, unseen: bool = False, labels: Path = LABELS_FILE
) -> list[LabelledPair]:
    """The pairs of the open half, or those of the unseen half.

    Raises ValueError where a span does not hold a sentence of its document.
    """
    articles = {**_read_events(data), **_read_pages(data)}
    half = "unseen" if unseen else "open"
    pairs = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        if fields["half"] != half:
            continue
        one, other = (articles[document] for document in fields["documents"])
        first, second = (Span(*span) for span in fields["spans"])
        for article, span in ((one, first), (other, second)):
            _check_sentence(fields["id"], article, span)
        pairs.append(
            LabelledPair(
                fields["id"],
                fields["id"].rpartition("-")[0],
                (one, other),
                (first, second),
                fields["label"],
                fields["about"],
                fields["chosen"],
            )
        )
    return pairs


def _read_events(data: Path) -> dict[str, Article]:
    """The articles of ECB+, by document."""
    articles = (each.article for each in read(data))
    return {str(article.path).removeprefix("ecb#"): article for article in articles}


def _read_pages(data: Path) -> dict[str, Article]:
    """The texts of the saved pages, by document; none where there are no pages."""
    path = data / "pages" / "scrapinghub" / "ground-truth.json"
    pages = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        f"page:{key}": Article(text=page["articleBody"], url=page["url"], language="en")
        for key, page in pages.items()
    }


def _check_sentence(pair: str, article: Article, span: Span) -> None:
    """Raises ValueError unless the span begins and ends with a word or mark of one line."""
    sentence = article.text[span.start : span.end]
    whole = sentence == sentence.strip() and len(sentence) == span.end - span.start
    if not whole or "\n" in sentence or len(sentence.split()) < MIN_SENTENCE_WORDS:
        raise ValueError(
            f"{pair}: no sentence at {span.start}:{span.end} of {article.path or article.url}"
        )


def predict_sentences(predict: SentencePredictor, pairs: Sequence[LabelledPair]) -> Result:
    """What a predictor says of each pair, given the two sentences alone."""
    return Result({pair.id: predict(*pair.sentences) for pair in pairs})


def predict_articles(predict: ArticlePredictor, pairs: Sequence[LabelledPair]) -> Result:
    """What a predictor shows of the two articles of each pair, each two asked about once.

    A block belongs to a pair if both its spans overlap those of the pair.
    """
    shown: dict[tuple[str, str], list[Block]] = {}
    by_pair: dict[str, Shown | None] = {}
    labelled: set[tuple[tuple[str, str], Block]] = set()
    for pair in pairs:
        one, other = pair.articles
        key = (one.id, other.id)
        if key not in shown:
            shown[key] = list(predict(one, other))
        hits = [block for block in shown[key] if _overlap_all(block.spans, pair.spans)]
        by_pair[pair.id] = hits[0].label if hits else None
        labelled.update((key, block) for block in hits)
    return Result(by_pair, sum(map(len, shown.values())) - len(labelled))


def _overlap_all(ours: Iterable[Span], theirs: Iterable[Span]) -> bool:
    return all(
        one.start < other.end and other.start < one.end
        for one, other in zip(ours, theirs, strict=True)
    )


def measure_result(name: str, result: Result, pairs: Sequence[LabelledPair]) -> Iterator[Figure]:
    """Precision and recall in per cent, of what is shown at all and of both labels; the intervals
    resample events."""

    def shows(pair: str, labels: Sequence[Label]) -> bool:
        return result.by_pair[pair] in labels

    for kind, labels in (("shown", SHOWN), *((label, (label,)) for label in SHOWN)):
        shown = [pair for pair in pairs if result.by_pair[pair.id] in labels]
        # A pair found because the product shows it says nothing about what the product misses.
        wanted = [pair for pair in pairs if pair.label in labels and pair.chosen != "shown"]
        for measure, counted, asked in (("precision", shown, 80.0), ("recall", wanted, 60.0)):
            if counted:
                hits = [pair.label in labels and shows(pair.id, labels) for pair in counted]
                yield Figure(
                    PART,
                    f"{name}, {kind}: {measure} ({len(counted)})",
                    *_share([pair.event for pair in counted], hits),
                    least=asked if kind == "shown" else None,
                )
    yield Figure(PART, f"{name}: blocks on other pairs (number)", result.others)


def _share(events: Sequence[str], hits: Sequence[bool]) -> tuple[float, float, float]:
    """The per cent of hits with its interval: over the events, or Wilson's where no resample of
    them can move the share."""
    mean, low, high = bootstrap_mean(zip(events, (100.0 * hit for hit in hits), strict=True))
    if low is None or high is None or low == high:
        ends = wilson_share(sum(hits), len(hits)).interval or (0.0, 1.0)
        low, high = 100.0 * ends[0], 100.0 * ends[1]
    return mean, low, high


def briefing_blocks(one: Article, other: Article) -> Iterator[Block]:
    """What the model-free briefing of both shows as differences and updates."""
    try:
        stories = create_briefing([one, other], Settings(), now=NOW).stories
    except NothingToDeliver:
        return
    for story in stories:
        for disagreement in story.disagreements:
            yield from _blocks_of(disagreement, one, other)


def _blocks_of(disagreement: Disagreement, one: Article, other: Article) -> Iterator[Block]:
    """A block for each two sides that cite one article each."""
    cited = [
        {citation.source: Span(citation.start, citation.end) for citation in side.citations}
        for side in disagreement.sides
    ]
    label: Shown = "update" if disagreement.update else "differ"
    for here, there in combinations(cited, 2):
        for first, second in ((here, there), (there, here)):
            if one.id in first and other.id in second:
                yield Block((first[one.id], second[other.id]), label)
                break


def compared_blocks(one: Article, other: Article) -> Iterator[Block]:
    """What `find_contradictions` finds between all sentences of both."""
    statements = prepare_corpus([one, other]).statements
    said = [item for each in statements.values() for item in each]
    for found in find_contradictions(said, {}):
        spans = {v.statement.source: v.statement.span for v in (found.first, found.second)}
        yield Block(
            (spans[one.id], spans[other.id]),
            "update" if found.update else "differ",
        )


def measure(data: Path) -> Iterator[Figure]:
    """The product's figures on both halves."""
    for name, unseen in (("unseen half", True), ("open half", False)):
        for figure in measure_product(read_pairs(data, unseen=unseen)):
            yield figure._replace(name=f"{name}: {figure.name}")


def measure_product(pairs: Sequence[LabelledPair]) -> Iterator[Figure]:
    """The figures of the briefing of two articles, and of the comparison inside it."""
    for name, result in (
        ("briefing of both articles", predict_articles(briefing_blocks, pairs)),
        ("all sentences compared", predict_articles(compared_blocks, pairs)),
    ):
        yield from measure_result(name, result, pairs)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the product's figures on one half."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.blocks")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--unseen", action="store_true", help="the half kept for the end")
    asked = parser.parse_args(arguments)
    pairs = read_pairs(asked.data, unseen=asked.unseen)
    for figure in measure_product(pairs):
        print(row(figure), flush=True)


if __name__ == "__main__":
    main()
