"""Stories that answer a question with the same facts become one: the answer is told once."""

from collections.abc import Mapping, Sequence
from datetime import date

from summarizer.retrieval.corpus import Corpus, Traced
from summarizer.retrieval.origins import trace
from summarizer.retrieval.overlap import Groups
from summarizer.retrieval.sayings import Saying
from summarizer.retrieval.stories import Story, in_order, newest_date
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
    days = {at: _days(each.story) for at, each in enumerate(traced)}
    for saying in shared:
        first, *others = dict.fromkeys(home[item.source] for item in saying.statements)
        for other in others:
            _unite(groups, days, first, other)
    return [_joined([traced[at] for at in members], corpus) for members in groups.sets()]


def _days(story: Story) -> list[date]:
    """The day by which the story is kept apart from others. Where its date is not known, the latest
    bound serves: it shows nothing to a reader, and stories of different times rarely share one."""
    bound = max((a.published for a in story.articles if a.published), default=None)
    day = story.date or bound
    return [day] if day else []


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
    articles = tuple(in_order(article for story in stories for article in story.articles))
    name = digest("\n".join(sorted(article.id for article in articles)))[:12]
    story = Story(f"t-{name}", articles, newest_date(articles))
    return Traced(story, trace(articles, corpus.furniture, corpus.said))
