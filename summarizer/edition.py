"""The values of one edition of a digest: what is new in it, what it leaves out, and why.

The JSON form is `Edition.model_dump(mode="json")`, schema ``summarizer/edition/2``.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from summarizer.briefing import Briefing, FrozenValue

EditionKind = Literal["full", "degraded", "quiet", "failed", "alert"]
"""``degraded``: written, but less than was asked for. ``quiet``: nothing new. ``failed``: nothing
could be written. ``alert``: a note to the operator. Only the first two hold a briefing."""


class StoryUpdate(FrozenValue):
    """A story that an earlier edition has told; this one tells what is new.

    ``first``: the day on which it was first told; ``editions``: how many have told it before.
    """

    story: str
    first: date
    last: date
    editions: int = Field(ge=1)


class OmittedStory(FrozenValue):
    """A story that was found and not told."""

    story: str
    title: str
    reason: Literal["unchanged", "no_room", "no_topic", "nothing_to_tell"]
    articles: int


class SourceFailure(FrozenValue):
    """A source that could not be read, in words for its reader."""

    source: str
    reason: str


class UnreadArticle(FrozenValue):
    """A new article of which nothing could be read, by the title that its feed gave.

    ``given_up``: it is not tried again.
    """

    source: str
    title: str
    url: str
    reason: str
    given_up: bool


class SourceCounts(FrozenValue):
    """The sources in numbers. ``stale``: read, but with nothing new for longer than usual.

    ``unread``: some of the ``articles_unread``, which could not be read at their first attempt or
    were given up. ``articles_waiting``: those that are tried again.
    """

    sources: int = 0
    read: int = 0
    failed: tuple[SourceFailure, ...] = ()
    stale: tuple[str, ...] = ()
    entries_refused: int = 0
    articles_new: int = 0
    articles_old: int = 0
    articles_future: int = 0
    """Entries whose date, after that of the run, is not used."""
    unread: tuple[UnreadArticle, ...] = ()
    articles_unread: int = 0
    articles_waiting: int = 0
    clock_days: float = 0.0
    """Days by which this machine's clock is ahead of its sources' servers, if more than one."""


class EditionSection(FrozenValue):
    """The stories of one topic, by their ids; the title is empty when no topics are asked for."""

    title: str
    stories: tuple[str, ...]


class Edition(FrozenValue):
    """One run of a digest as it is delivered.

    ``id`` is a pure function of digest and ``due``, the instant that it stands for. ``first_line``
    is empty when all is well; else the one thing that a reader must know first. ``notes`` are the
    lines of the footer in their order: sources, stories left out, words cut, cost.
    """

    schema_: Literal["summarizer/edition/2"] = Field(default="summarizer/edition/2", alias="schema")
    id: str
    digest: str
    title: str
    number: int = Field(ge=0)
    due: datetime
    created: datetime
    kind: EditionKind
    first_line: str = ""
    briefing: Briefing | None = None
    sections: tuple[EditionSection, ...] = ()
    updates: tuple[StoryUpdate, ...] = ()
    left_out: tuple[OmittedStory, ...] = ()
    tally: SourceCounts = SourceCounts()
    notes: tuple[str, ...] = ()

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _read_version_1(cls, document: Any) -> Any:
        """An edition of schema 1 in the words of schema 2."""
        if not isinstance(document, dict) or document.get("schema") != "summarizer/edition/1":
            return document
        tally = document.get("tally", {})
        return document | {
            "schema": "summarizer/edition/2",
            "left_out": [_with_reason(each) for each in document.get("left_out", ())],
            "tally": tally | {"failed": [_with_reason(each) for each in tally.get("failed", ())]},
        }

    def update(self, story: str) -> StoryUpdate | None:
        """What is known of the story from earlier editions; None for a new one."""
        return next((each for each in self.updates if each.story == story), None)


def _with_reason(value: dict[str, Any]) -> dict[str, Any]:
    """What schema 1 called ``why``; the reason why a story was left out was several words."""
    renamed = {key: each for key, each in value.items() if key != "why"}
    why = value.get("why", "")
    return renamed | {"reason": why.replace(" ", "_") if "story" in value else why}
