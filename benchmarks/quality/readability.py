"""The model-free briefing beside sumy's LexRank, TextRank and LSA, at equal length.

    python -m benchmarks.quality.readability [--data ../shared/data]     renews docs/quality.md

Stories: the events of ECB+ with the most articles, and the call of ``seeds/``. Half of a story's
articles are summarised in 150 words, the others are kept back: what two of them tell is a fact of
the story, whoever sums it up. Neither the facts nor what is counted as dangling is asked of the
summarizer's own code. What each wrote stands side by side, the names of the writers left out, in
``test-artefacts/quality/`` (git-ignored: the texts are their publishers').
"""

import argparse
import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

from benchmarks.quality.events import read
from benchmarks.quality.figures import RESAMPLING_SEED, Figure
from benchmarks.speed import PEERS, ROOT, environment
from summarizer.evaluation.statistics import bootstrap_statistic
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.sentences import split_sentences
from summarizer.text.tokens import build_idf, content_stems

WORDS = 150
STORIES, FEWEST = 12, 8
"""Open stories, and articles that each has at least."""

READ = 6
"""Articles of a story that are summed up: sumy takes the square of their sentences."""

OURS = "summarizer"
OUT = ROOT / "test-artefacts" / "quality"
PAGE = ROOT / "docs" / "quality.md"
BLOCK = re.compile(r"(?<=<!-- briefings -->\n).*?(?=<!-- /briefings -->)", re.DOTALL)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_LEANS = re.compile(
    r"(?:he|she|it|they|his|her|its|their|this(?!\s(?:week|month|year|season|morning)\b)|that|these"
    r"|those|but|and|or|so|however|also"
    r"|meanwhile|moreover|furthermore|additionally|instead|then|there|such|we|i|our|my|you)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|him|his|her|they|them|their)\b")
_NAMED = re.compile(r"[^\s“\"(]+\s.*?[A-Z]|(?:[A-Z][\w.’'-]+\s){2}")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")


class Story(NamedTuple):
    """``read`` is summed up, ``held`` tells what its facts are."""

    name: str
    read: Sequence[Article]
    held: Sequence[Article]


class Scored(NamedTuple):
    """Of one summary: share of the facts told; likeness of its sentences to the nearest other; for
    each sentence, whether it cannot stand alone."""

    facts: float
    redundancy: float
    leaning: Sequence[bool]


def measure(data: Path) -> Iterator[Figure]:
    """Three figures of ours, each beside the best of the three others."""
    told = stories(data)
    written = summaries(told)
    side_by_side(told, written)
    scored = {
        method: [score(text, story) for text, story in zip(texts, told, strict=True)]
        for method, texts in written.items()
    }
    rows: tuple[tuple[str, Callable[[Sequence[Scored]], float], bool], ...] = (
        ("facts of held-back reports told", lambda s: 100 * fmean(x.facts for x in s), True),
        (
            "likeness of a sentence to another",
            lambda s: 100 * fmean(x.redundancy for x in s),
            False,
        ),
        ("sentences that cannot stand alone", _leaning, False),
    )
    for name, value, more in rows:
        mine, low, high = bootstrap_statistic(scored[OURS], value, RESAMPLING_SEED)
        others = {method: value(each) for method, each in scored.items() if method != OURS}
        best = (max if more else min)(others, key=lambda method: others[method])
        bound = {"least" if more else "most": others[best]}
        yield Figure("readability", name, mine, low, high, best, others[best], **bound)
        for method, other in others.items():
            yield Figure("readability", f"{name}, {method}", other)


def _leaning(scored: Sequence[Scored]) -> float:
    every = [leans for each in scored for leans in each.leaning]
    return 100 * sum(every) / len(every)


def stories(data: Path) -> list[Story]:
    """The call of the seeds, and the open events with the most articles, each article once."""
    events: dict[str, list[Article]] = defaultdict(list)
    for told in read(data):
        events[told.event].append(told.article)
    largest = sorted(events, key=lambda name: (-len(events[name]), name))[:STORIES]
    seeds = [
        Article(path.read_text(encoding="utf-8"), f"seeds/{path.name}", language="en")
        for path in sorted((ROOT / "seeds").glob("*.txt"))[:4]
    ]
    return [Story("seeds", seeds, seeds), *(_halved(name, events[name]) for name in largest)]


def _halved(name: str, articles: Sequence[Article]) -> Story:
    if len(articles) < FEWEST:
        raise ValueError(f"{name}: only {len(articles)} articles")
    ordered = sorted(articles, key=lambda article: article.sha256)
    return Story(name, ordered[: 2 * READ : 2], ordered[1::2])


def summaries(told: Sequence[Story]) -> Mapping[str, list[list[str]]]:
    """Method -> for each story the sentences of its summary."""
    said = [[line for article in story.read for line in _sentences(article)] for story in told]
    asked = json.dumps({"words": WORDS, "stories": said})
    command = [environment("lexrank"), PEERS / "summarizers.py"]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    return {
        OURS: [ours(story) for story in told],
        **{method: [each[method] for each in theirs] for method in theirs[0]},
    }


def _sentences(article: Article) -> list[str]:
    return [
        " ".join(article.text[a:b].split())
        for a, b in split_sentences(article.text, article.language)
    ]


def ours(story: Story) -> list[str]:
    """The sentences of our briefing, headline first."""
    briefing = create_briefing(story.read, Settings(words=WORDS, stories=1), now=NOW)
    told = briefing.stories[0]
    return [" ".join(each.text.split()) for each in (told.headline, *told.sentences)]


def score(text: Sequence[str], story: Story) -> Scored:
    """One summary by what the held-back articles tell, and by itself. The first line of ours is a
    headline: it may do without a full stop."""
    said = [frozenset(content_stems(sentence)) for sentence in text]
    facts = _facts(story)
    known = frozenset().union(*said)
    return Scored(
        sum(weight for stem, weight in facts.items() if stem in known) / sum(facts.values()),
        fmean(_nearest(at, said) for at in range(len(said))),
        [_cannot_stand(sentence) for sentence in text],
    )


def _facts(story: Story) -> Mapping[str, float]:
    """The stems that at least two of the held-back articles tell, by how telling they are."""
    df = Counter(stem for article in story.held for stem in set(content_stems(article.text)))
    idf = build_idf(())
    return {stem: idf(stem) for stem, n in sorted(df.items()) if n > 1}


def _nearest(at: int, said: Sequence[frozenset[str]]) -> float:
    """Dice of a sentence and the one most like it."""
    ours = said[at]
    others = [other for n, other in enumerate(said) if n != at and (other or ours)]
    return max((2 * len(ours & o) / (len(ours) + len(o)) for o in others), default=0.0)


def _cannot_stand(sentence: str) -> bool:
    """A pronoun or connective to begin with, a person before anybody is named, a torn quotation,
    or half a sentence."""
    start = sentence.lstrip("“\"‘'(")
    pronoun = _PERSON.search(sentence)
    unnamed = pronoun is not None and not _NAMED.match(sentence[: pronoun.start()])
    torn = sentence.count('"') % 2 == 1 or sentence.count("“") != sentence.count("”")
    half = not _ENDS.search(sentence) and len(sentence) > 150
    return bool(_LEANS.match(start)) or unnamed or torn or half or start[:1].islower()


def side_by_side(told: Sequence[Story], written: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """One page a story, the writers in an order that only ``key.json`` tells."""
    OUT.mkdir(parents=True, exist_ok=True)
    chance = Random(11)  # noqa: S311 - an order, not a secret
    key = {}
    for at, story in enumerate(told):
        order = chance.sample(sorted(written), len(written))
        key[story.name] = dict(zip("ABCD", order, strict=True))
        parts = [_part(letter, written[m][at]) for letter, m in key[story.name].items()]
        (OUT / f"{story.name}.md").write_text("\n".join(parts), encoding="utf-8")
    (OUT / "key.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


def _part(title: str, text: Sequence[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {sentence}" for sentence in text), ""])


def main() -> None:
    """Writes the briefings of the seeds into the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.readability")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    told = stories(parser.parse_args().data)[:1]
    shown = "\n".join(_part(method, texts[0]) for method, texts in summaries(told).items())
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda _: shown, page), encoding="utf-8")


if __name__ == "__main__":
    main()
