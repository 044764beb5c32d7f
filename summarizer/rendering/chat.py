"""An edition as a message for Slack or Discord, within their limits: whole sentences or none.

Words of articles stay plain text: they mention nobody, link nothing and format nothing.
Slack: https://docs.slack.dev/reference/block-kit/blocks
Discord: https://discord.com/developers/docs/resources/message
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from summarizer.briefing import Sentence
from summarizer.edition import Edition
from summarizer.rendering.phrases import byline, pluralize, update_history
from summarizer.rendering.references import Bibliography, number_references
from summarizer.rendering.sanitize import clean_line, text_fragment_url
from summarizer.rendering.view import (
    Chapter,
    EditionStory,
    arrange_chapters,
    briefing_in_chapter_order,
    subject_line,
)

__all__ = ["discord_message", "slack_message"]

SLACK_SECTION_CHARS, SLACK_HEADER_CHARS, MAX_SLACK_STORIES = 3000, 150, 40
"""Code points of a block and of the header; stories, which leave room among 50 blocks."""

DISCORD_CONTENT_CHARS, DISCORD_EMBED_CHARS, DISCORD_TOTAL_CHARS, MAX_DISCORD_EMBEDS = (
    2000,
    4096,
    6000,
    10,
)
"""Code points of the message itself, of one embed and of all of them; embeds."""

MAX_TITLE_CHARS = 256
"""Code points shown of a topic's title."""

_SLACK_MARKS = re.compile(r"([*_~`])")
_DISCORD_MARKS = re.compile(r"([\\*_~`|>\[\]()#<@:-])")
_WORD_JOINER = "\u2060"


def slack_message(edition: Edition) -> dict[str, Any]:
    """The body of an incoming webhook: at most 50 blocks, a story in one of 3,000 code points."""
    stories: list[str] = []
    sources = ""
    if briefing := briefing_in_chapter_order(edition, chapters := arrange_chapters(edition)):
        references = number_references(briefing)
        write = _ChatMarkup(_escape_slack, _slack_citation, "*", references)
        most = SLACK_SECTION_CHARS - 2 * MAX_TITLE_CHARS
        stories = [
            f"_{_escape_slack(title)}_\n{text}" if title else text
            for title, text in _titled_stories(chapters, write, most)
        ]
        sources = _fit_lines(_source_lines(write), SLACK_SECTION_CHARS, "source")
    notes = _fit_lines(map(_escape_slack, edition.notes), SLACK_SECTION_CHARS, "note")
    told, left = stories[:MAX_SLACK_STORIES], len(stories) - MAX_SLACK_STORIES
    tail = [_left_out_line(left, "story")] if left > 0 else []
    first = [f"*{_escape_slack(edition.first_line)}*"] if edition.first_line else []
    title = {
        "type": "plain_text",
        "text": _clip_text(subject_line(edition), SLACK_HEADER_CHARS),
        "emoji": False,
    }
    blocks = [
        {"type": "header", "text": title},
        *map(_slack_section_block, (*first, *told)),
        *map(_slack_context_block, filter(None, (*tail, sources, notes))),
    ]
    return {"text": _escape_slack(subject_line(edition)), "blocks": blocks,
            "unfurl_links": False, "unfurl_media": False}  # fmt: skip


def _slack_section_block(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _slack_context_block(text: str) -> dict[str, Any]:
    element = {"type": "mrkdwn", "text": text, "verbatim": True}
    return {"type": "context", "elements": [element]}


def _escape_slack(text: str) -> str:
    """Slack takes three characters for its own, and has no escape for those that format: an
    invisible one between them and the word keeps them as they are."""
    shown = clean_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SLACK_MARKS.sub(rf"{_WORD_JOINER}\1{_WORD_JOINER}", shown)


def _slack_citation(key: str, link: str | None) -> str:
    return f"<{link.replace('&', '&amp;')}|[{key}]>" if link else f"[{key}]"


def discord_message(edition: Edition) -> dict[str, Any]:
    """The body of a webhook: a story an embed, all of them within 6,000 code points."""
    stories: list[tuple[str, str]] = []
    sources = ""
    if briefing := briefing_in_chapter_order(edition, chapters := arrange_chapters(edition)):
        write = _ChatMarkup(_escape_discord, _discord_citation, "**", number_references(briefing))
        stories = list(_titled_stories(chapters, write, DISCORD_EMBED_CHARS))
        sources = _fit_lines(_source_lines(write), 1000, "source")
    notes = _fit_lines(map(_escape_discord, edition.notes), 600, "note")
    tail = [each for each in (("Sources", sources), ("", notes)) if each[1]]
    told = list(_stories_that_fit(stories, tail))
    head = f"**{_escape_discord(subject_line(edition))}**\n{_escape_discord(edition.first_line)}"
    if left := len(stories) - len(told):
        head = f"{head}\n{_left_out_line(left, 'story')}"
    return {
        "content": _clip_text(head.strip(), DISCORD_CONTENT_CHARS),
        "embeds": [_discord_embed(title, text) for title, text in (*told, *tail)],
        "allowed_mentions": {"parse": []},
    }


def _stories_that_fit(
    stories: Sequence[tuple[str, str]], tail: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """The stories for which there is room beside the tail."""
    room = DISCORD_TOTAL_CHARS - sum(len(title) + len(text) for title, text in tail)
    for title, text in stories[: MAX_DISCORD_EMBEDS - len(tail)]:
        room -= len(title) + len(text)
        if room < 0:
            return
        yield title, text


def _discord_embed(title: str, text: str) -> dict[str, Any]:
    return {"description": text} | ({"title": title} if title else {})


def _escape_discord(text: str) -> str:
    return _DISCORD_MARKS.sub(r"\\\1", clean_line(text))


def _discord_citation(key: str, link: str | None) -> str:
    safe = (link or "").replace("(", "%28").replace(")", "%29")
    return rf"[\[{key}\]]({safe})" if safe else rf"\[{key}\]"


class _ChatMarkup(NamedTuple):
    """How one service spells text, a citation and bold, and the references of the edition."""

    text: Callable[[str], str]
    mark: Callable[[str, str | None], str]
    bold: str
    references: Bibliography

    def cited(self, sentence: Sentence, bold: str = "") -> str:
        """The sentence with a mark for each quotation; only its words can be bold."""
        marks = [
            self.mark(note.key, text_fragment_url(note.reference.source.url, note.citation.quote))
            for note in self.references.of(sentence)
        ]
        return f"{bold}{self.text(sentence.text)}{bold} {''.join(marks)}"


def _titled_stories(
    chapters: Sequence[Chapter], write: _ChatMarkup, most: int
) -> Iterator[tuple[str, str]]:
    """(title of the topic, story); the title only above the first of its stories."""
    for chapter in chapters:
        for at, entry in enumerate(chapter.entries):
            title = "" if at else _clip_text(clean_line(chapter.title), MAX_TITLE_CHARS)
            yield title, _story_text(entry, write, most)


def _story_text(entry: EditionStory, write: _ChatMarkup, most: int) -> str:
    """Headline and as many sentences as there is room for, each with its citations."""
    update = f"Update, {update_history(entry.update)}:\n" if entry.update else ""
    told = [f"{update}{write.cited(entry.story.headline, write.bold)}"]
    told += [write.cited(sentence) for sentence in entry.story.sentences]
    for each in entry.story.disagreements:
        told.append(f"Sources differ on {write.text(each.topic)}:")
        told += [f"• {write.cited(side)}" for side in each.sides]
    return _fit_lines(told, most, "sentence")


def _source_lines(write: _ChatMarkup) -> Iterator[str]:
    for one in write.references.sources:
        told = f"{one.source.label} · {byline(one)}"
        yield f"{write.mark(str(one.number), None)} {write.text(told)}"


def _fit_lines(texts: Iterable[str], most: int, noun: str) -> str:
    """As many of the texts, a line each, as there is room for, and how many are left out."""
    held, kept = list(texts), list[str]()
    room = most - len(_left_out_line(len(held), noun)) - 1
    for text in held:
        room -= len(text) + 1
        if room < 0:
            return "\n".join([*kept, _left_out_line(len(held) - len(kept), noun)])
        kept.append(text)
    return "\n".join(kept)


def _left_out_line(left: int, noun: str) -> str:
    return f"… {pluralize(left, f'more {noun}')} in the edition itself"


def _clip_text(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
