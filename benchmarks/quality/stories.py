"""Stories on ECB+: are two look-alike events apart, and is one event together.

The threshold between one event and two is chosen on four fifths of the topics and scored on the
last, five times; the baseline's as well. The baseline: cosines of plain TF-IDF vectors, average
link.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, permutations, product
from pathlib import Path
from statistics import fmean

from benchmarks.quality.events import Told, b_cubed, read
from benchmarks.quality.figures import RESAMPLING_SEED, Figure, f1
from summarizer.evaluation.statistics import auc_and_balanced_accuracy, bootstrap_statistic
from summarizer.retrieval.clustering import average_link, row_cosine, similarity_rows
from summarizer.retrieval.similarity import (
    StemVector,
    article_features,
    article_similarities,
    dot_product,
    tfidf_vectors,
    unit_vector,
)
from summarizer.retrieval.stories import find_events, find_topics, group_into_stories
from summarizer.text.tokens import build_idf, content_stems

FOLDS = 5
OURS = (0.80, 0.85, 0.90, 0.95)
PLAIN = (0.12, 0.15, 0.18, 0.21, 0.24, 0.28, 0.32)
"""Thresholds to choose from."""

FAINT = 0.02
"""A cosine that counts as none."""

BESIDE = "TF-IDF"

Scores = Mapping[str, tuple[float, float]]
"""Article -> precision and recall of the story it was put in."""


def measure(data: Path) -> Iterator[Figure]:
    """Pairs, stories of everything, and the small collections that users have."""
    told = sorted(read(data), key=lambda t: t.article.id)
    plain = _plain([t.article.title + " " + t.article.text for t in told])  # type: ignore[operator]
    yield from _pairs(told, plain)
    yield from _everything(told, plain)
    yield from _collections(told)


def _pairs(told: Sequence[Told], plain: Sequence[StemVector]) -> Iterator[Figure]:
    """The pairs of articles of one topic: does the likeness rank those of one event first."""
    alike = _likeness(told)
    ours = _ranked(told, alike)
    theirs = _ranked(told, lambda a, b: dot_product(plain[a], plain[b]))
    value, low, high = bootstrap_statistic(ours, _auc, RESAMPLING_SEED)
    yield Figure(
        "stories", "AUC of same-topic pairs", value, low, high, BESIDE, _auc(theirs), least=94.0
    )
    yield Figure(
        "stories",
        "AUC of same-topic pairs, mean of the topics",
        fmean(_auc([each]) for each in ours),
        beside=BESIDE,
        baseline=fmean(_auc([each]) for each in theirs),
    )


def _likeness(told: Sequence[Told]) -> Callable[[int, int], float]:
    """How surely two articles tell one event, grouped by `group_into_stories`."""
    articles = [t.article for t in told]
    found = [article_features(article) for article in articles]
    idf = build_idf(found)
    words = tfidf_vectors(found, idf)
    topic: dict[int, int] = {}
    rows = {}
    for n, members in enumerate(find_topics(article_similarities(articles, words))):
        mine = similarity_rows([articles[at] for at in members], [found[at] for at in members], idf)
        for at, each in zip(members, mine, strict=True):
            topic[at], rows[at] = n, each

    def alike(a: int, b: int) -> float:
        if topic[a] == topic[b]:
            return 1.0 + row_cosine(rows[a], rows[b])
        return dot_product(words[a], words[b])

    return alike


def _ranked(
    told: Sequence[Told], alike: Callable[[int, int], float]
) -> list[list[tuple[float, bool]]]:
    """Topic by topic: the likeness of each pair, and whether it is of one event."""
    of: dict[int, list[int]] = defaultdict(list)
    for at, each in enumerate(told):
        of[each.topic].append(at)
    return [
        [(alike(a, b), told[a].event == told[b].event) for a, b in combinations(members, 2)]
        for members in of.values()
    ]


def _auc(ranked: Sequence[Sequence[tuple[float, bool]]]) -> float:
    """ROC AUC, in per cent, of pairs of one event among all pairs of a topic."""
    scores, labels = zip(*(pair for topic in ranked for pair in topic), strict=True)
    figures = auc_and_balanced_accuracy(scores, labels, 0.0)
    return 100 * figures[0] if figures else 0.0


def _everything(told: Sequence[Told], plain: Sequence[StemVector]) -> Iterator[Figure]:
    """All articles at once, the threshold from other topics."""
    cosines = _cosines(plain)
    ours = {
        least: _scores(told, find_events([t.article for t in told], (), least)) for least in OURS
    }
    theirs = {least: _scores(told, average_link(cosines, least)) for least in PLAIN}
    unseen = _unseen(told, ours)
    value, low, high = bootstrap_statistic(unseen, _f1, RESAMPLING_SEED)
    baseline = _f1(_unseen(told, theirs))
    yield Figure("stories", "B³ F1, all topics together", value, low, high, BESIDE, baseline, 92.0)
    for name, part in (("precision", 0), ("recall", 1)):
        mean = fmean(each[part] for topic in unseen for each in topic)
        yield Figure("stories", f"B³ {name}, all topics together", 100 * mean)


def _cosines(plain: Sequence[StemVector]) -> list[dict[int, float]]:
    rows: list[dict[int, float]] = [{} for _ in plain]
    for a, b in combinations(range(len(plain)), 2):
        if (alike := dot_product(plain[a], plain[b])) > FAINT:
            rows[a][b] = rows[b][a] = alike
    return rows


def _scores(told: Sequence[Told], clusters: Sequence[Sequence[int]]) -> Scores:
    named = [[told[at].article.id for at in members] for members in clusters]
    return b_cubed(named, {t.article.id: t.event for t in told})


def _unseen(
    told: Sequence[Told], by_least: Mapping[float, Scores]
) -> list[list[tuple[float, float]]]:
    """Topic by topic, the scores by the threshold that is best on the topics of other folds."""
    names = sorted({t.topic for t in told})
    members = {name: [t.article.id for t in told if t.topic == name] for name in names}
    unseen = []
    for fold in range(FOLDS):
        inside = [name for n, name in enumerate(names) if n % FOLDS != fold]
        best = max(
            by_least,
            key=lambda least: _f1([[by_least[least][a] for a in members[n]] for n in inside]),
        )
        unseen += [[by_least[best][a] for a in members[n]] for n in names[fold::FOLDS]]
    return unseen


def _f1(topic_scores: Sequence[Sequence[tuple[float, float]]]) -> float:
    """B³ F1 over the articles of all topics, per cent."""
    scores = [each for topic in topic_scores for each in topic]
    return 100 * f1(fmean(p for p, _ in scores), fmean(r for _, r in scores))


def _collections(told: Sequence[Told]) -> Iterator[Figure]:
    """What a user may have: one event of many outlets; both events of a topic; a few of them."""
    by_event: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        by_event[each.event].append(each)
    pairs = [
        (by_event[one], by_event[other])
        for topic in sorted({t.topic for t in told})
        for one, other in permutations(sorted({t.event for t in told if t.topic == topic}))
    ]
    chance = random.Random(5)  # noqa: S311 - a drawing of samples, not a secret
    yield _mean("one event alone is one story", [one for one, _ in pairs])
    yield _mean("both events of one topic", [[*one, *other] for one, other in pairs[::2]])
    for many, few in ((4, 1), (5, 0), (1, 1), (2, 0)):
        drawn = [
            [*chance.sample(one, many), *chance.sample(other, few)]
            for _, (one, other) in product(range(2), pairs)
            if len(one) >= many and len(other) >= few
        ]
        yield _mean(f"{many} of one event, {few} of its look-alike", drawn)


def _mean(name: str, collections: Sequence[Sequence[Told]]) -> Figure:
    """B³ F1, the mean over the collections."""
    values = []
    for told in collections:
        clusters = [
            [a.id for a in story.articles]
            for story in group_into_stories([t.article for t in told])
        ]
        scores = b_cubed(clusters, {t.article.id: t.event for t in told})
        values.append(_f1([list(scores.values())]))
    value, low, high = bootstrap_statistic(values, fmean, RESAMPLING_SEED)
    return Figure("stories", f"B³ F1, {name}", value, low, high)


def _plain(texts: Sequence[str]) -> list[StemVector]:
    """Unit vectors of damped counts and the collection's own document frequencies."""
    counts = [Counter(content_stems(text, "en")) for text in texts]
    df = Counter(stem for each in counts for stem in each)
    return [
        unit_vector({s: (1 + math.log(n)) * math.log(len(texts) / df[s]) for s, n in each.items()})
        for each in counts
    ]
