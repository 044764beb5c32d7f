"""Stories that answer a question with the same facts become one: the answer is told once."""

from collections.abc import Mapping, Sequence
from datetime import date

from summarizer.retrieval.corpus import Corpus, Traced
from summarizer.retrieval.origins import trace
from summarizer.retrieval.overlap import Groups
from summarizer.retrieval.sayings import Saying
from summarizer.retrieval.stories import Story
from summarizer.sources.articles import digest

__all__ = ["join"]

APART = 30
"""Days from which two dated stories are two events, whatever background they share."""


def join(traced: Sequence[Traced], shared: Sequence[Saying], corpus: Corpus) -> list[Traced]:
    """The stories, those with a saying of ``shared`` in common joined, in the order of the first.

    Stories of different times stay apart.
    """
    home = {a.id: at for at, each in enumerate(traced) for a in each.story.articles}
    groups = Groups(len(traced))
    days: dict[int, list[date]] = {
        at: [each.story.date] if each.story.date else [] for at, each in enumerate(traced)
    }
    for saying in shared:
        first, *others = dict.fromkeys(home[item.source] for item in saying.statements)
        for other in others:
            _unite(groups, days, first, other)
    return [_joined([traced[at] for at in members], corpus) for members in groups.sets()]


def _unite(groups: Groups, days: Mapping[int, list[date]], a: int, b: int) -> None:
    """One story from now on, unless their dates are too far apart."""
    low, high = sorted((groups.find(a), groups.find(b)))
    every = days[low] + days[high]
    if low == high or (every and (max(every) - min(every)).days >= APART):
        return
    groups.unite(low, high)
    days[low].extend(days[high])


def _joined(members: Sequence[Traced], corpus: Corpus) -> Traced:
    if len(members) == 1:
        return members[0]
    stories = [each.story for each in members]
    articles = tuple(
        sorted(
            (article for story in stories for article in story.articles),
            key=lambda a: (a.published or date.max, a.location, a.id),
        )
    )
    name = digest("\n".join(sorted(article.id for article in articles)))[:12]
    day = min((story.date for story in stories if story.date), default=None)
    story = Story(f"t-{name}", articles, day)
    return Traced(story, trace(articles, corpus.furniture, corpus.said))
