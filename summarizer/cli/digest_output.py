"""What ``summarizer digest`` prints: tables, an edition's summary, a story's life."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from summarizer.digests.health import DigestHealth
from summarizer.edition import Edition
from summarizer.rendering.labels import pluralize
from summarizer.rendering.sanitize import clean_line
from summarizer.store.deliveries import LedgerEntry
from summarizer.store.editions import EditionRecord
from summarizer.store.story_history import StoryFact, StoryRecord

TableRow = tuple[str, ...]


def format_table(rows: Sequence[TableRow]) -> str:
    """The rows in columns, the last one as long as it is."""
    clean = [tuple(clean_line(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in clean
    )


def edition_summary(made: EditionRecord, deliveries: Sequence[LedgerEntry]) -> str:
    """``world/12: full, 8 stories (3 updates); 2 sent, 1 failed``."""
    return f"{made.digest}/{made.number}: {_content(made.edition)}; {_state_counts(deliveries)}"


def _content(edition: Edition | None) -> str:
    if edition is None:
        return "not written yet"
    if edition.briefing is None:
        return f"{edition.kind}: {edition.first_line}"
    told = len(edition.briefing.stories)
    updates = f" ({pluralize(len(edition.updates), 'update')})" if edition.updates else ""
    stories = "1 story" if told == 1 else f"{told} stories"
    return f"{edition.kind}, {stories}{updates}"


def _state_counts(deliveries: Sequence[LedgerEntry]) -> str:
    counted = Counter(each.state for each in deliveries)
    return ", ".join(f"{number} {state}" for state, number in sorted(counted.items())) or (
        "no delivery"
    )


def history_rows(found: Sequence[tuple[EditionRecord, Sequence[LedgerEntry]]]) -> list[TableRow]:
    """Edition, hour and content; a delivery that has not simply arrived has a line of its own."""
    rows: list[TableRow] = []
    for made, deliveries in found:
        name, due = f"{made.digest}/{made.number}", f"{made.due:%Y-%m-%d %H:%M}Z"
        rows.append((name, due, f"{_content(made.edition)}; {_state_counts(deliveries)}"))
        rows += [
            ("", each.state, f"{each.recipient}: {each.problem}")
            for each in deliveries
            if each.problem
        ]
    return rows or [("no editions yet", "", "")]


def edition_line(made: EditionRecord, deliveries: Sequence[LedgerEntry]) -> str:
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


def health_line(health: DigestHealth) -> str:
    """One digest's health for a program."""
    row = {"name": health.name, "ok": not health.problems, "lines": health.lines}
    return json.dumps(row, ensure_ascii=False)


def story_life(
    story: StoryRecord, facts: Sequence[tuple[str, StoryFact]], editions: Sequence[EditionRecord]
) -> str:
    """What each edition did with the story, in their order, and why."""
    by_edition: dict[str, list[StoryFact]] = {}
    for edition, fact in facts:
        by_edition.setdefault(edition, []).append(fact)
    lines = [
        clean_line(story.title),
        f"  {story.id}, first met {story.first}, last {story.last}, told in"
        f" {pluralize(story.told, 'edition')}, {pluralize(len(story.articles), 'article')}",
    ]
    for made in sorted(editions, key=lambda each: each.due):
        lines += _edition_in_life(story.id, made, by_edition.get(made.id, []))
    if story.pending:
        waiting = pluralize(len(story.pending), "article")
        lines.append(f"  {waiting} not told yet; told as soon as something comes in beside them")
    return "\n".join(lines)


def _edition_in_life(story: str, made: EditionRecord, facts: Sequence[StoryFact]) -> Iterator[str]:
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
        yield f"{head}{what}, from {pluralize(known, 'sentence')} that nobody had told"
        yield from (f"    + {clean_line(text)}" for text in told)
    elif left:
        yield f"{head}left out ({left.reason}); {pluralize(left.articles, 'article')} read"
