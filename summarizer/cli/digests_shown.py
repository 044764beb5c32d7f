"""How `summarizer digest` shows what the store knows: tables, summaries, a story's life."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from summarizer.digests.health import Health
from summarizer.editions import Edition
from summarizer.rendering.visible import line
from summarizer.rendering.wording import count
from summarizer.store.issues import Issue
from summarizer.store.ledger import Entry
from summarizer.store.memory import Fact, StoryKept

__all__ = [
    "as_line",
    "health_line",
    "history_rows",
    "life",
    "shown",
    "summary",
    "table",
]

Row = tuple[str, ...]


def table(rows: Sequence[Row]) -> str:
    """The rows in columns, the last one as long as it is."""
    clean = [tuple(line(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in clean
    )


def summary(made: Issue, deliveries: Sequence[Entry]) -> str:
    """``world/12: full, 8 stories (3 updates); 2 sent, 1 failed``."""
    return f"{made.digest}/{made.number}: {_content(made.edition)}; {_delivered(deliveries)}"


def _content(edition: Edition | None) -> str:
    if edition is None:
        return "not written yet"
    if edition.briefing is None:
        return f"{edition.kind}: {edition.first_line}"
    told = len(edition.briefing.stories)
    updates = f" ({count(len(edition.updates), 'update')})" if edition.updates else ""
    stories = "1 story" if told == 1 else f"{told} stories"
    return f"{edition.kind}, {stories}{updates}"


def _delivered(deliveries: Sequence[Entry]) -> str:
    counted = Counter(each.state for each in deliveries)
    return ", ".join(f"{number} {state}" for state, number in sorted(counted.items())) or (
        "no delivery"
    )


def history_rows(found: Sequence[tuple[Issue, Sequence[Entry]]]) -> list[Row]:
    """Edition, hour and content; a delivery that has not simply arrived has a line of its own."""
    rows: list[Row] = []
    for made, deliveries in found:
        name, due = f"{made.digest}/{made.number}", f"{made.due:%Y-%m-%d %H:%M}Z"
        rows.append((name, due, f"{_content(made.edition)}; {_delivered(deliveries)}"))
        rows += [
            ("", each.state, f"{each.recipient}: {each.problem}")
            for each in deliveries
            if each.problem
        ]
    return rows or [("no editions yet", "", "")]


def as_line(made: Issue, deliveries: Sequence[Entry]) -> str:
    """One edition for a program."""
    edition = made.edition
    row = {
        "id": made.id,
        "digest": made.digest,
        "number": made.number,
        "due": made.due.isoformat(),
        "finished": made.finished.isoformat() if made.finished else None,
        "kind": edition.kind if edition else None,
        "stories": [s.id for s in edition.briefing.stories] if edition and edition.briefing else [],
        "deliveries": [
            {
                "recipient": each.recipient,
                "state": each.state,
                "attempts": each.attempts,
                "reply": each.reply,
                "problem": each.problem,
            }
            for each in deliveries
        ],
    }
    return json.dumps(row, ensure_ascii=False)


def health_line(health: Health) -> str:
    """One digest's health for a program."""
    row = {"name": health.name, "ok": not health.problems, "lines": health.lines}
    return json.dumps(row, ensure_ascii=False)


def shown(edition: Edition, texts: Mapping[str, str], form: str) -> str:
    """The edition as text, Markdown, HTML or JSON."""
    from summarizer.rendering.editions import html, markdown, structured
    from summarizer.rendering.mails import mail_text

    match form:
        case "md":
            return markdown(edition)
        case "html":
            return html(edition, texts)
        case "json":
            return structured(edition)
    return mail_text(edition)


def life(story: StoryKept, facts: Sequence[tuple[str, Fact]], editions: Sequence[Issue]) -> str:
    """What each edition did with the story, in their order, and why."""
    by_edition: dict[str, list[Fact]] = {}
    for edition, fact in facts:
        by_edition.setdefault(edition, []).append(fact)
    lines = [
        line(story.title),
        f"  {story.id}, first met {story.first}, last {story.last}, told in"
        f" {count(story.told, 'edition')}, {count(len(story.articles), 'article')}",
    ]
    for made in sorted(editions, key=lambda each: each.due):
        lines += _chapter(story.id, made, by_edition.get(made.id, []))
    if story.pending:
        waiting = count(len(story.pending), "article")
        lines.append(f"  {waiting} not told yet; told as soon as something comes in beside them")
    return "\n".join(lines)


def _chapter(story: str, made: Issue, facts: Sequence[Fact]) -> Iterator[str]:
    edition = made.edition
    if edition is None:
        return
    head = f"  {made.digest}/{made.number}, {made.due:%Y-%m-%d}: "
    left = next((each for each in edition.left_out if each.story == story), None)
    told = [fact.text for fact in facts if fact.told and not fact.article]
    if told:
        update = edition.update(story)
        known = sum(not fact.told for fact in facts)
        what = f"told as an update of {update.first}" if update else "told for the first time"
        yield f"{head}{what}, from {count(known, 'sentence')} that nobody had told"
        yield from (f"    + {line(text)}" for text in told)
    elif left:
        yield f"{head}left out ({left.why}); {count(left.articles, 'article')} read"
