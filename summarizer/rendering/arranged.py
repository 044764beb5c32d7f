"""An edition in the order in which it is read: topics, their stories, what went on since when."""

from collections.abc import Mapping
from typing import NamedTuple

from summarizer.briefings import Briefing, Story
from summarizer.editions import Edition, Update
from summarizer.rendering.wording import count, day

__all__ = ["Chapter", "Entry", "arrange", "headings", "in_order", "subject"]


class Entry(NamedTuple):
    """A story, and what earlier editions told of it."""

    story: Story
    update: Update | None


class Chapter(NamedTuple):
    """The stories of one topic; the title is empty where there are no topics."""

    title: str
    entries: list[Entry]


def arrange(edition: Edition) -> list[Chapter]:
    """The chapters that hold a story; a story of no section comes last, without a title."""
    stories = {story.id: story for story in edition.briefing.stories} if edition.briefing else {}
    chapters = []
    for section in edition.sections:
        found = [stories.pop(name) for name in section.stories if name in stories]
        chapters.append(_chapter(section.title, found, edition))
    chapters.append(_chapter("", list(stories.values()), edition))
    return [chapter for chapter in chapters if chapter.entries]


def _chapter(title: str, stories: list[Story], edition: Edition) -> Chapter:
    return Chapter(title, [Entry(story, edition.update(story.id)) for story in stories])


def in_order(edition: Edition, chapters: list[Chapter]) -> Briefing | None:
    """The briefing with its stories in the order of the chapters, under the edition's title."""
    if edition.briefing is None:
        return None
    stories = tuple(entry.story for chapter in chapters for entry in chapter.entries)
    title = f"{edition.title} · {day(edition.due)}"
    return edition.briefing.model_copy(update={"stories": stories, "title": title})


def headings(chapters: list[Chapter]) -> Mapping[str, str]:
    """Story id -> the title that stands above it, empty but for the first story of a chapter."""
    return {
        entry.story.id: "" if at else chapter.title
        for chapter in chapters
        for at, entry in enumerate(chapter.entries)
    }


def subject(edition: Edition) -> str:
    """The edition in one line. It tells no story: a sentence never stands without its citation."""
    if edition.kind == "alert":
        return edition.title
    stories = sum(len(chapter.entries) for chapter in arrange(edition))
    updates = len(edition.updates)
    told = count(stories, "story") if stories else "nothing new"
    if edition.kind == "failed":
        told = "no edition"
    parts = [told, count(updates, "update") if updates else "",
             "incomplete" if edition.kind == "degraded" else ""]  # fmt: skip
    return f"{edition.title} · {day(edition.due)}: {', '.join(filter(None, parts))}"
