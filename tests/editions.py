"""Editions to render and deliver: the two stories of the seeds, one new and one going on."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from summarizer.edition import Edition, EditionSection, StoryUpdate
from tests.rendering.samples import seeds

__all__ = ["edition", "note"]

DUE = datetime(2025, 11, 26, 6, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def edition(**changes: Any) -> Edition:
    """A degraded edition of two topics; the second story is an update."""
    given = {
        "id": "e-0123456789ab",
        "digest": "world",
        "title": "World",
        "number": 7,
        "due": DUE,
        "created": DUE,
        "kind": "degraded",
        "first_line": "Incomplete: 2 of 12 sources could not be read.",
        "briefing": seeds(),
        "sections": (
            EditionSection(title="Xi and Trump", stories=("st-november",)),
            EditionSection(title="Trade", stories=("st-june",)),
        ),
        "updates": (
            StoryUpdate(story="st-june", first=date(2025, 6, 5), last=date(2025, 6, 6), editions=2),
        ),
        "notes": (
            "12 sources: 10 read, 2 failed (feeds.example: answered 503; b.example: empty).",
            "3 stories left out: 2 unchanged, 1 for want of room.",
            "No model was asked; cost $0.",
        ),
    }
    return Edition.model_validate(given | changes)


def note(**changes: Any) -> Edition:
    """An edition with nothing in it."""
    quiet = {
        "kind": "quiet",
        "first_line": "Nothing new since yesterday.",
        "briefing": None,
        "sections": (),
        "updates": (),
    }
    return edition(**(quiet | changes))
