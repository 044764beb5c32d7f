"""The main constants, chosen on one part of the labelled data and scored on the other.

    python -m benchmarks.quality crossed        some ten minutes; not among the parts run by default

Selection: each constant of `SELECTION` is set anew to what gives the best *joint* on one topic of
SummHay, the others as they are, and scored on the other topic; both ways, every other question.
Readability: of all settings of `CHOICE` the one that is best on the other stories (facts told less
half of the likeness) is scored on the story left out. Beside each what the shipped constants give.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import product
from pathlib import Path
from statistics import fmean

from benchmarks.quality import readability, selection
from benchmarks.quality.figures import Figure

PART = "crossed"
BESIDE = "as shipped"

SELECTION: Mapping[str, Sequence[float]] = {
    "writing.candidates.REPEATED_SENTENCE_DICE": (0.33, 0.4, 0.5),
    "retrieval.answers.FEEDBACK_SHARE": (0.3, 0.5, 0.7),
    "retrieval.answers.SAME_FACT_DICE": (0.33, 0.4, 0.47),
}
CHOICE: Mapping[str, Sequence[float]] = {
    "writing.candidates.REPEATED_SENTENCE_DICE": (0.33, 0.4, 0.5),
    "writing.extractive.NOVELTY_EXPONENT": (0.0, 2.0, 4.0),
    "writing.extractive.LONE_ORIGIN_DISCOUNT": (0.5, 0.75),
}


def measure(data: Path) -> Iterator[Figure]:
    """Both parts, in per cent."""
    yield from _selection(data)
    yield from _readability(data)


@contextmanager
def setting(values: Mapping[str, float]) -> Iterator[None]:
    """The constants of the package, by module and name, with other values for a while."""
    places = [(import_module(f"summarizer.{name.rpartition('.')[0]}"), name) for name in values]
    before = {name: getattr(module, name.rpartition(".")[2]) for module, name in places}
    try:
        for module, name in places:
            setattr(module, name.rpartition(".")[2], values[name])
        yield
    finally:
        for module, name in places:
            setattr(module, name.rpartition(".")[2], before[name])


def _selection(data: Path) -> Iterator[Figure]:
    topics, insights = selection.read(data)
    asked = selection.by_query(insights)
    documents = {topic: selection.Documents(articles) for topic, articles in topics.items()}

    def joint(topic: str) -> float:
        judged = [
            selection.judge(documents[topic].told(question), asked[topic, question])
            for question in sorted(question for where, question in asked if where == topic)[::2]
        ]
        return 100 * fmean(each.joint for query in judged for each in query)

    shipped = {topic: joint(topic) for topic in topics}
    for name, values in SELECTION.items():
        scores = {topic: _scores(name, values, lambda at=topic: joint(at)) for topic in topics}  # type: ignore[misc]
        for tuned, tested in ((a, b) for a in topics for b in topics if a != b):
            best = max(values, key=lambda value, at=tuned: scores[at][value])  # type: ignore[misc]
            title = f"joint on {tested}, {name} chosen on {tuned}: {best:g}"
            yield Figure(PART, title, scores[tested][best], beside=BESIDE, baseline=shipped[tested])


def _scores(name: str, values: Sequence[float], score: Callable[[], float]) -> dict[float, float]:
    found = {}
    for value in values:
        with setting({name: value}):
            found[value] = score()
    return found


def _readability(data: Path) -> Iterator[Figure]:
    told = readability.stories(data)
    shipped = [readability.score(readability.ours(story), story) for story in told]
    settings = [dict(zip(CHOICE, values, strict=True)) for values in product(*CHOICE.values())]
    scored = []
    for values in settings:
        with setting(values):
            scored.append([readability.score(readability.ours(story), story) for story in told])
    held = [_best_elsewhere(scored, at)[at] for at in range(len(told))]
    for name, value in (
        ("facts told", lambda each: each.facts),
        ("likeness of a sentence to another", lambda each: each.redundancy),
    ):
        title = f"{name}, constants chosen on the other stories"
        here, beside = (100 * fmean(map(value, each)) for each in (held, shipped))
        yield Figure(PART, title, here, beside=BESIDE, baseline=beside)


def _best_elsewhere(
    scored: Sequence[Sequence[readability.Scored]], left_out: int
) -> Sequence[readability.Scored]:
    def worth(stories: Sequence[readability.Scored]) -> float:
        others = (each for at, each in enumerate(stories) if at != left_out)
        return fmean(each.facts - each.redundancy / 2 for each in others)

    return max(scored, key=worth)
