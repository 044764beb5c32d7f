"""The edition as a message of Slack or Discord, within their lengths: whole sentences or none.

What articles say is text there too: it names nobody, links nothing and formats nothing.
Slack: https://docs.slack.dev/reference/block-kit/blocks
Discord: https://discord.com/developers/docs/resources/message
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from summarizer.briefings import Sentence
from summarizer.editions import Edition
from summarizer.rendering.arranged import Chapter, Entry, arrange, in_order, subject
from summarizer.rendering.links import quoted
from summarizer.rendering.references import References, number
from summarizer.rendering.visible import line
from summarizer.rendering.wording import byline, count, history

__all__ = ["discord", "slack"]

SLACK_SECTION, SLACK_HEADER, SLACK_STORIES = 3000, 150, 40
"""Code points of a block and of the header; stories, which leave room among 50 blocks."""

DISCORD_CONTENT, DISCORD_TEXT, DISCORD_TOTAL, DISCORD_EMBEDS = 2000, 4096, 6000, 10
"""Code points of the message itself, of one embed and of all of them; embeds."""

TITLE = 256
"""Code points shown of a topic's title."""

_SLACK_MARKS = re.compile(r"([*_~`])")
_DISCORD_MARKS = re.compile(r"([\\*_~`|>\[\]()#<@:-])")
_WORD_JOINER = "\u2060"


def slack(edition: Edition) -> dict[str, Any]:
    """The body of an incoming webhook: at most 50 blocks, a story in one of 3,000 code points."""
    stories: list[str] = []
    sources = ""
    if briefing := in_order(edition, chapters := arrange(edition)):
        references = number(briefing)
        write = _Writer(_slack_text, _slack_mark, "*", references)
        most = SLACK_SECTION - 2 * TITLE
        stories = [
            f"_{_slack_text(title)}_\n{text}" if title else text
            for title, text in _stories(chapters, write, most)
        ]
        sources = _within(_sources(write), SLACK_SECTION, "source")
    notes = _within(map(_slack_text, edition.notes), SLACK_SECTION, "note")
    told, left = stories[:SLACK_STORIES], len(stories) - SLACK_STORIES
    tail = [_left_out(left, "story")] if left > 0 else []
    first = [f"*{_slack_text(edition.first_line)}*"] if edition.first_line else []
    title = {"type": "plain_text", "text": _clip(subject(edition), SLACK_HEADER), "emoji": False}
    blocks = [
        {"type": "header", "text": title},
        *map(_slack_section, (*first, *told)),
        *map(_slack_context, filter(None, (*tail, sources, notes))),
    ]
    return {"text": _slack_text(subject(edition)), "blocks": blocks,
            "unfurl_links": False, "unfurl_media": False}  # fmt: skip


def _slack_section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _slack_context(text: str) -> dict[str, Any]:
    element = {"type": "mrkdwn", "text": text, "verbatim": True}
    return {"type": "context", "elements": [element]}


def _slack_text(text: str) -> str:
    """Slack takes three characters for its own, and has no escape for those that format: an
    invisible one between them and the word keeps them as they are."""
    shown = line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SLACK_MARKS.sub(rf"{_WORD_JOINER}\1{_WORD_JOINER}", shown)


def _slack_mark(key: str, link: str | None) -> str:
    return f"<{link.replace('&', '&amp;')}|[{key}]>" if link else f"[{key}]"


def discord(edition: Edition) -> dict[str, Any]:
    """The body of a webhook: a story an embed, all of them within 6,000 code points."""
    stories: list[tuple[str, str]] = []
    sources = ""
    if briefing := in_order(edition, chapters := arrange(edition)):
        write = _Writer(_discord_text, _discord_mark, "**", number(briefing))
        stories = list(_stories(chapters, write, DISCORD_TEXT))
        sources = _within(_sources(write), 1000, "source")
    notes = _within(map(_discord_text, edition.notes), 600, "note")
    tail = [each for each in (("Sources", sources), ("", notes)) if each[1]]
    told = list(_fitting(stories, tail))
    head = f"**{_discord_text(subject(edition))}**\n{_discord_text(edition.first_line)}"
    if left := len(stories) - len(told):
        head = f"{head}\n{_left_out(left, 'story')}"
    return {
        "content": _clip(head.strip(), DISCORD_CONTENT),
        "embeds": [_embed(title, text) for title, text in (*told, *tail)],
        "allowed_mentions": {"parse": []},
    }


def _fitting(
    stories: Sequence[tuple[str, str]], tail: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """The stories for which there is room beside the tail."""
    room = DISCORD_TOTAL - sum(len(title) + len(text) for title, text in tail)
    for title, text in stories[: DISCORD_EMBEDS - len(tail)]:
        room -= len(title) + len(text)
        if room < 0:
            return
        yield title, text


def _embed(title: str, text: str) -> dict[str, Any]:
    return {"description": text} | ({"title": title} if title else {})


def _discord_text(text: str) -> str:
    return _DISCORD_MARKS.sub(r"\\\1", line(text))


def _discord_mark(key: str, link: str | None) -> str:
    safe = (link or "").replace("(", "%28").replace(")", "%29")
    return rf"[\[{key}\]]({safe})" if safe else rf"\[{key}\]"


class _Writer(NamedTuple):
    """How one service spells text, a citation and bold, and the references of the edition."""

    text: Callable[[str], str]
    mark: Callable[[str, str | None], str]
    bold: str
    references: References

    def cited(self, sentence: Sentence, bold: str = "") -> str:
        """The sentence with a mark for each quotation; only its words can be bold."""
        marks = [
            self.mark(note.key, quoted(note.reference.source.url, note.citation.quote))
            for note in self.references.of(sentence)
        ]
        return f"{bold}{self.text(sentence.text)}{bold} {''.join(marks)}"


def _stories(chapters: Sequence[Chapter], write: _Writer, most: int) -> Iterator[tuple[str, str]]:
    """(title of the topic, story); the title only above the first of its stories."""
    for chapter in chapters:
        for at, entry in enumerate(chapter.entries):
            title = "" if at else _clip(line(chapter.title), TITLE)
            yield title, _story(entry, write, most)


def _story(entry: Entry, write: _Writer, most: int) -> str:
    """Headline and as many sentences as there is room for, each with its citations."""
    update = f"Update, {history(entry.update)}:\n" if entry.update else ""
    told = [f"{update}{write.cited(entry.story.headline, write.bold)}"]
    told += [write.cited(sentence) for sentence in entry.story.sentences]
    for each in entry.story.disagreements:
        told.append(f"Sources differ on {write.text(each.about)}:")
        told += [f"• {write.cited(side)}" for side in each.sides]
    return _within(told, most, "sentence")


def _sources(write: _Writer) -> Iterator[str]:
    for one in write.references.sources:
        told = f"{one.source.label} · {byline(one)}"
        yield f"{write.mark(str(one.number), None)} {write.text(told)}"


def _within(texts: Iterable[str], most: int, noun: str) -> str:
    """As many of the texts, a line each, as there is room for, and how many are left out."""
    held, kept = list(texts), list[str]()
    room = most - len(_left_out(len(held), noun)) - 1
    for text in held:
        room -= len(text) + 1
        if room < 0:
            return "\n".join([*kept, _left_out(len(held) - len(kept), noun)])
        kept.append(text)
    return "\n".join(kept)


def _left_out(left: int, noun: str) -> str:
    return f"… {count(left, f'more {noun}')} in the edition itself"


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
