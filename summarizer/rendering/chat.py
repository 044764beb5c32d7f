"""An edition as a message for Slack or Discord, within their limits: whole sentences or none.

Words of articles stay plain text: they mention nobody, link nothing and format nothing.
Slack: https://docs.slack.dev/reference/block-kit/blocks
Discord: https://discord.com/developers/docs/resources/message
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from summarizer.rendering.labels import ENGLISH, Labels
from summarizer.rendering.sanitize import clean_line
from summarizer.rendering.view import PageView, SentenceView, StoryView

SLACK_SECTION_CHARS, SLACK_HEADER_CHARS, MAX_SLACK_STORIES = 3000, 150, 40
"""Code points of a block and of the header; stories, which leave room among 50 blocks."""

DISCORD_CONTENT_CHARS, DISCORD_EMBED_CHARS, DISCORD_TOTAL_CHARS, MAX_DISCORD_EMBEDS = (
    2000,
    4096,
    6000,
    10,
)
"""Code points of the message itself, of one embed and of all of them; embeds."""

DISCORD_BRIEF_CHARS = 1500
"""Code points of the list that opens the message."""

MAX_TITLE_CHARS = 256
"""Code points shown of a topic's title."""

_SLACK_MARKS = re.compile(r"([*_~`])")
_DISCORD_MARKS = re.compile(r"([\\*_~`|>\[\]()#<@:-])")
_WORD_JOINER = "\u2060"


class _ChatMarkup(NamedTuple):
    """How one service writes plain text, a citation (key, link) and bold."""

    escape: Callable[[str], str]
    citation: Callable[[str, str | None], str]
    bold: str


def slack_json(page: PageView) -> str:
    """The body of an incoming webhook of Slack."""
    return json.dumps(slack_message(page), ensure_ascii=False)


def discord_json(page: PageView) -> str:
    """The body of a webhook of Discord."""
    return json.dumps(discord_message(page), ensure_ascii=False)


def slack_message(page: PageView) -> dict[str, Any]:
    """At most 50 blocks, a story in one of at most 3,000 code points."""
    stories = [
        f"_{_escape_slack(title)}_\n{text}" if title else text
        for title, text in _titled_stories(page, _SLACK, SLACK_SECTION_CHARS - 2 * MAX_TITLE_CHARS)
    ]
    shown, left_out = stories[:MAX_SLACK_STORIES], len(stories[MAX_SLACK_STORIES:])
    first_line = [f"*{_escape_slack(page.first_line)}*"] if page.first_line else []
    first_line += filter(None, [_in_brief(page, _SLACK, SLACK_SECTION_CHARS)])
    tail = [
        _left_out_line(left_out, "story", page.labels) if left_out else "",
        _fit_lines(_source_lines(page, _SLACK), SLACK_SECTION_CHARS, "source", page.labels),
        _fit_lines(map(_escape_slack, page.notes), SLACK_SECTION_CHARS, "note", ENGLISH),
    ]
    header = {
        "type": "plain_text",
        "text": _clip_text(page.subject, SLACK_HEADER_CHARS),
        "emoji": False,
    }
    return {
        "text": _escape_slack(page.subject),
        "blocks": [
            {"type": "header", "text": header},
            *({"type": "section", "text": _slack_text(text)} for text in (*first_line, *shown)),
            *({"type": "context", "elements": [_slack_text(text)]} for text in tail if text),
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _slack_text(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escape_slack(text: str) -> str:
    """Slack reserves three characters, and has no escape for those that format: an invisible one
    between them and the word keeps them as they are."""
    escaped = clean_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SLACK_MARKS.sub(rf"{_WORD_JOINER}\1{_WORD_JOINER}", escaped)


def _slack_citation(key: str, link: str | None) -> str:
    return f"<{link.replace('&', '&amp;')}|[{key}]>" if link else f"[{key}]"


def discord_message(page: PageView) -> dict[str, Any]:
    """A story an embed, all of them together within 6,000 code points."""
    sources = _fit_lines(_source_lines(page, _DISCORD), 1000, "source", page.labels)
    notes = _fit_lines(map(_escape_discord, page.notes), 600, "note", ENGLISH)
    tail = [
        (title, text) for title, text in ((page.labels("sources"), sources), ("", notes)) if text
    ]
    stories = list(_titled_stories(page, _DISCORD, DISCORD_EMBED_CHARS))
    embeds: list[tuple[str, str]] = []
    brief = _in_brief(page, _DISCORD, DISCORD_BRIEF_CHARS)
    fixed = [*([("", brief)] if brief else []), *tail]
    room = DISCORD_TOTAL_CHARS - sum(len(title) + len(text) for title, text in fixed)
    for title, text in stories[: MAX_DISCORD_EMBEDS - len(fixed)]:
        room -= len(title) + len(text)
        if room < 0:
            break
        embeds.append((title, text))
    content = f"**{_escape_discord(page.subject)}**\n{_escape_discord(page.first_line)}"
    if left_out := len(stories) - len(embeds):
        content = f"{content}\n{_left_out_line(left_out, 'story', page.labels)}"
    return {
        "content": _clip_text(content.strip(), DISCORD_CONTENT_CHARS),
        "embeds": [
            {"description": text} | ({"title": title} if title else {})
            for title, text in (*fixed[: len(fixed) - len(tail)], *embeds, *tail)
        ],
        "allowed_mentions": {"parse": []},
    }


def _escape_discord(text: str) -> str:
    return _DISCORD_MARKS.sub(r"\\\1", clean_line(text))


def _discord_citation(key: str, link: str | None) -> str:
    safe = (link or "").replace("(", "%28").replace(")", "%29")
    return rf"[\[{key}\]]({safe})" if safe else rf"\[{key}\]"


_SLACK = _ChatMarkup(_escape_slack, _slack_citation, "*")
_DISCORD = _ChatMarkup(_escape_discord, _discord_citation, "**")


def _titled_stories(page: PageView, markup: _ChatMarkup, most: int) -> Iterator[tuple[str, str]]:
    """(title of the chapter, story), the synopsis first; the title only for the first of its
    stories."""
    if page.synopsis:
        lines = (_cited_sentence(sentence, markup) for sentence in page.synopsis)
        yield "", _fit_lines(lines, most, "sentence", page.labels)
    for chapter in page.chapters:
        for index, story in enumerate(chapter.stories):
            title = "" if index else _clip_text(chapter.title, MAX_TITLE_CHARS)
            told = _story_lines(story, markup, page.labels)
            yield title, _fit_lines(told, most, "sentence", page.labels)


def _in_brief(page: PageView, markup: _ChatMarkup, most: int) -> str:
    """The list that opens the page; empty if it has none."""
    if not page.in_brief:
        return ""
    lines = (f"• {_cited_sentence(headline, markup)}" for headline in page.in_brief)
    title = f"{markup.bold}{page.labels('in_brief')}{markup.bold}"
    return _fit_lines([title, *lines], most, "story", page.labels)


def _story_lines(story: StoryView, markup: _ChatMarkup, labels: Labels) -> Iterator[str]:
    update = f"{labels('update')}, {story.update}:\n" if story.update else ""
    yield f"{update}{_cited_sentence(story.headline, markup, markup.bold)}"
    for paragraph in story.paragraphs:
        for sentence in paragraph:
            yield _cited_sentence(sentence, markup)
    for each in story.disagreements:
        yield f"{each.lead} {markup.escape(each.topic)}:"
        for side in each.sides:
            yield f"• {_cited_sentence(side, markup)}"


def _cited_sentence(sentence: SentenceView, markup: _ChatMarkup, bold: str = "") -> str:
    """The sentence with its citations; only its words can be bold."""
    citations = "".join(markup.citation(one.key, one.link) for one in sentence.citations)
    return f"{bold}{markup.escape(sentence.text)}{bold} {citations}"


def _source_lines(page: PageView, markup: _ChatMarkup) -> Iterator[str]:
    for source in page.sources:
        about = markup.escape(f"{source.label} · {source.byline}")
        yield f"{markup.citation(str(source.number), None)} {about}"


def _fit_lines(texts: Iterable[str], most: int, noun: str, labels: Labels) -> str:
    """As many of the texts, a line each, as there is room for, and how many are left out."""
    lines, kept = list(texts), list[str]()
    room = most - len(_left_out_line(len(lines), noun, labels)) - 1
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*kept, _left_out_line(len(lines) - len(kept), noun, labels)])
        kept.append(line)
    return "\n".join(kept)


def _left_out_line(number: int, noun: str, labels: Labels) -> str:
    return labels("left_out", n=number, noun=noun)


def _clip_text(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
