"""Selection on SummHay: does a briefing of a hundred documents answer, and cite all who say so.

Each of the 18 queries is a ``--focus`` of 600 words over the documents of its topic; the first
twenty sentences, headline included, are judged. An insight's sentence is the one with most of its
telling stems: from FULL of them on it is covered, from PARTIAL on by half. Citation: F1 of that
sentence's cited documents against the insight's; joint: the mean of coverage times F1 over all
insights. Word recall correlates .66 with the human labels, as ``../shared/data`` says. The
baseline: the best sentences by BM25, each once, citing whatever holds half of its stems.
"""

import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from benchmarks.quality.figures import RESAMPLING_SEED, Figure
from summarizer.evaluation.statistics import bootstrap_statistic
from summarizer.pipeline import brief_stories
from summarizer.retrieval.corpus import prepare_corpus
from summarizer.retrieval.similarity import dice
from summarizer.retrieval.stories import trace_stories
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.languages import count_words
from summarizer.text.sentences import split_sentences
from summarizer.text.tokens import content_stems

WORDS, SENTENCES = 600, 20
FULL, PARTIAL = 0.6, 0.4
NOW = datetime(2026, 1, 1, tzinfo=UTC)

BESIDE = "BM25"
K1, B = 1.2, 0.75


class Insight(NamedTuple):
    """A planted fact, and the keys of the documents that hold it."""

    topic: str
    query: str
    claim: str
    holders: frozenset[str]


class Line(NamedTuple):
    """A sentence of a briefing and the keys of the documents it cites."""

    text: str
    cited: frozenset[str]


class Judged(NamedTuple):
    """What became of one insight, each 0 to 1; ``citation`` only means something if covered."""

    recall: float
    coverage: float
    citation: float

    @property
    def joint(self) -> float:
        """Covered and rightly cited."""
        return self.coverage * self.citation


Query = tuple[str, str]
"""Topic and question."""


def measure(data: Path) -> Iterator[Figure]:
    """Both topics together, then each: its constants were not chosen for it alone."""
    topics, insights = read(data)
    asked = by_query(insights)
    ours = answered(topics, asked)
    sketches = {topic: Sketch(articles) for topic, articles in topics.items()}
    theirs = {query: judge(sketches[query[0]].told(query[1]), asked[query]) for query in asked}
    yield from _figures(ours, theirs, "", joint=35.0, coverage=50.0)
    for topic in topics:
        here = [query for query in asked if query[0] == topic]
        yield from _figures({q: ours[q] for q in here}, {q: theirs[q] for q in here}, topic)


def _figures(
    ours: Mapping[Query, Sequence[Judged]],
    theirs: Mapping[Query, Sequence[Judged]],
    topic: str,
    joint: float | None = None,
    coverage: float | None = None,
) -> Iterator[Figure]:
    where = f", {topic}" if topic else ""
    rows: tuple[tuple[str, Callable[[Judged], float | None], float | None], ...] = (
        ("joint", lambda each: each.joint, joint),
        ("coverage", lambda each: each.coverage, coverage),
        ("citation F1", lambda each: each.citation if each.coverage else None, None),
        ("word recall", lambda each: each.recall, None),
    )
    for name, value, least in rows:
        mine, low, high = bootstrap_statistic(
            list(ours.values()),
            lambda units, v=value: _mean(units, v),  # type: ignore[misc]
            RESAMPLING_SEED,
        )
        other = _mean(list(theirs.values()), value)
        yield Figure("selection", name + where, mine, low, high, BESIDE, other, least)


def _mean(queries: Sequence[Sequence[Judged]], value: Callable[[Judged], float | None]) -> float:
    """Over all insights of the queries, in per cent."""
    known = [v for query in queries for each in query if (v := value(each)) is not None]
    return 100 * fmean(known) if known else 0.0


def read(data: Path) -> tuple[Mapping[str, Sequence[Article]], list[Insight]]:
    """The documents of each topic, and what is planted in them."""
    topics: dict[str, list[Article]] = defaultdict(list)
    for row in _rows(data / "briefings" / "summhay_documents.jsonl.gz"):
        name = row["doc_id"]
        place = f"{row['topic']}.jsonl#{name}"
        topics[row["topic"]].append(Article(row["text"], place, language="en", collection_key=name))
    insights = [
        Insight(row["topic"], row["query"], row["claim"], frozenset(row["gold_docs"]))
        for row in _rows(data / "briefings" / "summhay_insights.jsonl.gz")
    ]
    return topics, insights


def by_query(insights: Sequence[Insight]) -> dict[Query, list[Insight]]:
    """What each question asks for."""
    asked: dict[Query, list[Insight]] = defaultdict(list)
    for insight in insights:
        asked[insight.topic, insight.query].append(insight)
    return asked


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def judge(lines: Sequence[Line], insights: Sequence[Insight]) -> list[Judged]:
    """Each insight against the sentence that says most of it."""
    said = [(set(content_stems(line.text)), line) for line in lines[:SENTENCES]]
    return [_judged(said, insight) for insight in insights]


def _judged(said: Sequence[tuple[set[str], Line]], insight: Insight) -> Judged:
    wanted = set(content_stems(insight.claim))
    recall, line = max(
        ((len(wanted & stems) / len(wanted), line) for stems, line in said),
        key=lambda pair: pair[0],
        default=(0.0, Line("", frozenset())),
    )
    coverage = 1.0 if recall >= FULL else 0.5 if recall >= PARTIAL else 0.0
    return Judged(recall, coverage, dice(line.cited, insight.holders))


def answered(
    topics: Mapping[str, Sequence[Article]], asked: Mapping[Query, Sequence[Insight]]
) -> dict[Query, list[Judged]]:
    """What the briefing that each question gets makes of its insights."""
    read = {topic: Documents(articles) for topic, articles in topics.items()}
    return {query: judge(read[query[0]].told(query[1]), asked[query]) for query in asked}


class Documents:
    """One topic, read once for all questions."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._keys = {article.id: article.collection_key or "" for article in articles}
        self._corpus = prepare_corpus(articles)
        self._traced = trace_stories(self._corpus)

    def told(self, question: str) -> list[Line]:
        """The briefing that the question gets."""
        settings = Settings(focus=question, words=WORDS)
        briefing = brief_stories(self._corpus, self._traced, settings, now=NOW)
        return [
            Line(each.text, frozenset(self._keys[citation.source] for citation in each.citations))
            for story in briefing.stories
            for each in (story.headline, *story.sentences)
        ]


class Sketch:
    """The baseline over one topic."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._said = [
            (
                article.collection_key or "",
                article.text[start:end],
                content_stems(article.text[start:end]),
            )
            for article in articles
            for start, end in split_sentences(article.text, "en")
        ]
        self._df = Counter(stem for _, _, stems in self._said for stem in set(stems))
        self._length = fmean(len(stems) for _, _, stems in self._said)

    def told(self, question: str) -> list[Line]:
        """The best sentences, as many as fit."""
        asked = set(content_stems(question))
        ranked = sorted(self._said, key=lambda each: -self._bm25(asked, each[2]))
        lines: list[Line] = []
        chosen: list[set[str]] = []
        left = WORDS
        for _, text, stems in ranked:
            said, length = set(stems), count_words(text)
            if length <= left and all(dice(said, other) < FULL for other in chosen):
                lines.append(Line(text, self._cited(said)))
                chosen.append(said)
                left -= length
            if len(lines) == SENTENCES:
                break
        return lines

    def _bm25(self, asked: set[str], stems: Sequence[str]) -> float:
        long = 1 - B + B * len(stems) / self._length
        total = len(self._said)
        counts = Counter(stem for stem in stems if stem in asked)
        return math.fsum(
            math.log1p((total - self._df[stem] + 0.5) / (self._df[stem] + 0.5))
            * n * (K1 + 1) / (n + K1 * long)
            for stem, n in counts.items()
        )  # fmt: skip

    def _cited(self, said: set[str]) -> frozenset[str]:
        return frozenset(
            key for key, _, stems in self._said if 2 * len(said.intersection(stems)) >= len(said)
        )
