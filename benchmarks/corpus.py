"""A corpus of any size with known statistics: many stories, each told by several articles.

    python -m benchmarks.corpus COUNT OUT.jsonl [--data ../shared/data]

Each story borrows one labelled event of ECB+ (without the data: the five seeds). Its articles mix
the event's own articles, paragraph by paragraph, to about 700 words. So that one event lends itself
to many stories, its telling words (names, and words that few articles use) are exchanged, story by
story, for others that are as frequent, and its months and years become the story's. The texts make
no sense, but repeat, name and date like news. The same arguments give the same bytes.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from summarizer.text.sentences import split_sentences

__all__ = ["LENGTH", "compose"]

LENGTH = 700
"""Words of an article, about."""

SIZES = (1, 2, 8, 1, 3, 20, 1, 5, 2, 1)
"""Articles of one story, in turn: most events are told once, some by everybody."""

FIRST_DAY = date(2025, 10, 1)
DAYS = 30
RUN = 3
"""Sentences of a paragraph; they are taken from one article, the next ones from another."""

TELLING = 0.08
"""Share of the articles above which a word tells nothing about the event."""

LEAST_WORDS = 4000
"""Words of an event that can fill several articles without each being a copy."""

SEEDS = Path(__file__).parent.parent / "seeds"
EVENTS = Path("events/ecbplus.train_dev.jsonl.gz")

_WORD = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")

Event = list[list[str]]
"""The sentences of each article about it."""


class Story(NamedTuple):
    """One event in disguise."""

    event: Event
    words: Mapping[str, str]
    day: date

    def disguise(self, sentence: str) -> str:
        """``sentence`` as this story tells it."""
        changed = _WORD.sub(lambda word: self.words.get(word[0], word[0]), sentence)
        dated = _MONTH.sub(_MONTHS[self.day.month - 1], changed)
        return _YEAR.sub(str(self.day.year), dated)


def compose(count: int, data: Path, sizes: Sequence[int] = SIZES) -> list[dict[str, str]]:
    """``count`` articles, shuffled: ``id``, ``title``, ``text``, ``published``.

    ``sizes``: articles of one story, in turn.
    """
    chance = random.Random(7)  # noqa: S311 - a corpus, not a secret
    events = _read_events(data)
    ranked = _telling(events, chance)
    articles: list[dict[str, str]] = []
    for number in range(count):
        story = _story(events, ranked, number)
        size = sizes[number % len(sizes)]
        articles += [_article(story, f"{number}-{n}", chance) for n in range(size)]
        if len(articles) >= count:
            break
    chance.shuffle(articles := articles[:count])
    return articles


def _read_events(data: Path) -> list[Event]:
    grouped: dict[str, Event] = defaultdict(list)
    for name, text in _read_texts(data):
        grouped[name].append([text[span.start : span.end] for span in split_sentences(text, "en")])
    events = list(grouped.values())
    least = min(LEAST_WORDS, max(map(_words, events)))
    return [event for event in events if _words(event) >= least]


def _read_texts(data: Path) -> Iterator[tuple[str, str]]:
    """Name of the event, text."""
    if (data / EVENTS).exists():
        with gzip.open(data / EVENTS, "rt", encoding="utf-8") as lines:
            yield from ((row["event"], row["text"]) for row in map(json.loads, lines))
    else:
        yield from (("seeds", path.read_text(encoding="utf-8")) for path in sorted(SEEDS.iterdir()))


def _words(event: Event) -> int:
    return sum(len(sentence.split()) for article in event for sentence in article)


def _telling(events: Sequence[Event], chance: random.Random) -> list[str]:
    """Words that few articles use, by how many; capitalised ones apart, the equal ones shuffled."""
    articles = [" ".join(article) for event in events for article in event]
    used = Counter(word for text in articles for word in set(_WORD.findall(text)))
    most = max(2.0, TELLING * len(articles))
    telling = sorted(word for word, times in used.items() if times <= most and word not in _MONTHS)
    chance.shuffle(telling)
    return sorted(telling, key=lambda word: (word[0].isupper(), used[word]))


def _story(events: Sequence[Event], ranked: Sequence[str], number: int) -> Story:
    """The event's turn, its words moved a little further along the ranking at every turn."""
    turn, which = divmod(number, len(events))
    moved = [*ranked[turn:], *ranked[:turn]]
    day = FIRST_DAY + timedelta(days=number % DAYS)
    return Story(events[which], dict(zip(ranked, moved, strict=True)), day)


def _article(story: Story, key: str, chance: random.Random) -> dict[str, str]:
    paragraphs = [story.disguise(paragraph) for paragraph in _mix(story.event, chance)]
    return {
        "id": key,
        "title": paragraphs[0].partition(". ")[0],
        "text": "\n".join(paragraphs),
        "published": story.day.isoformat(),
    }


def _mix(event: Event, chance: random.Random) -> list[str]:
    """Paragraphs from the event's articles in a random order, none twice, to LENGTH words."""
    runs = {
        " ".join(article[at : at + RUN]) for article in event for at in range(0, len(article), RUN)
    }
    left = chance.sample(sorted(runs), len(runs))
    mixed: list[str] = []
    words = 0
    while left and words < LENGTH:
        mixed.append(left.pop())
        words += len(mixed[-1].split())
    return mixed


def main() -> None:
    """Writes the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    lines = (
        json.dumps(article, ensure_ascii=False) for article in compose(asked.count, asked.data)
    )
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
