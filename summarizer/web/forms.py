"""The models of the API: requests and answers."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from summarizer.store.jobs import JobState

__all__ = [
    "MAX_TEXT_CHARS",
    "Ask",
    "BriefingItem",
    "BriefingList",
    "Draft",
    "EventItem",
    "EventKind",
    "File",
    "Health",
    "JobItem",
    "JobList",
    "Text",
]

MOST_SOURCES = 200

MAX_TEXT_CHARS = 1_000_000
"""Characters of one article."""

ShortText = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]


def _check_web_address(url: str) -> str:
    """Raises ValueError for anything else, a path of the server's disk above all."""
    if not re.fullmatch(r"https?://[^\x00-\x20]+", url, re.IGNORECASE):
        raise ValueError("is no http or https address")
    return url


SubmittedUrl = Annotated[
    str,
    StringConstraints(max_length=4096),
    AfterValidator(_check_web_address),
    Field(examples=["https://example.org/news"]),
]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Form):
    """One article as plain text."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_CHARS)]
    name: ShortText = Field("", description="What the bibliography calls it, if it has no title.")
    title: ShortText = ""
    publisher: ShortText = ""
    published: date | None = None


class File(_Form):
    """One file that the command line would read too; its kind is told by name and content."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content: Base64Bytes


class Ask(_Form):
    """A briefing to be written. At least one source in all; at most 200."""

    texts: list[Text] = Field(default_factory=list, max_length=MOST_SOURCES)
    files: list[File] = Field(default_factory=list, max_length=MOST_SOURCES)
    urls: list[SubmittedUrl] = Field(default_factory=list, max_length=MOST_SOURCES)
    title: ShortText = ""
    focus: ShortText = Field(
        "", description="A question or words that the briefing is to be about."
    )
    words: int = Field(300, ge=20, le=5000)
    stories: int = Field(8, ge=1, le=50)
    since: date | None = Field(None, description="Articles certainly older than this are left out.")
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = (
        Field("", description="The briefing's language, where a model writes.")
    )
    writer: Literal["service", "extractive"] = Field(
        "service",
        description="`service`: whoever this service was started with; `extractive`: no model.",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "texts": [
                        {
                            "text": "A fire destroyed a depot in Bern on Monday evening, police "
                            "said. Twelve people were injured.",
                            "title": "Fire in Bern",
                            "publisher": "Example Post",
                            "published": "2026-11-17",
                        }
                    ],
                    "words": 120,
                }
            ]
        }
    )


class Draft(_Form):
    """A text with its citations, and its sources in the order of its numbers: texts, then files."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
    name: ShortText = Field("draft", description="What the answer calls it.")
    texts: list[Text] = Field(default_factory=list, max_length=MOST_SOURCES)
    files: list[File] = Field(default_factory=list, max_length=MOST_SOURCES)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Twelve people were injured [1]. The fire broke out on Sunday [1].",
                    "texts": [
                        {
                            "text": "A fire destroyed a depot in Bern on Monday evening, police "
                            "said. Twelve people were injured."
                        }
                    ],
                }
            ]
        }
    )


class JobItem(_Form):
    """A piece of work, and where it and its briefing are."""

    id: str = Field(examples=["j-0123456789ab"])
    state: JobState
    created: datetime
    changed: datetime
    cancelling: bool = Field(description="Somebody asked to stop it, and it has not heard yet.")
    problem: str = Field("", description="Why it failed, in one line.")
    briefing: str | None = Field(None, examples=["b-0123456789ab"])
    links: dict[str, str] = Field(
        examples=[{"self": "/api/v1/jobs/j-0123456789ab", "page": "/jobs/j-0123456789ab"}]
    )


class JobList(_Form):
    jobs: list[JobItem]


class BriefingItem(_Form):
    """A briefing as a list shows it; one of a digest names its edition."""

    id: str
    title: str
    created: datetime
    digest: str = ""
    edition: str = ""
    links: dict[str, str]


class BriefingList(_Form):
    """``next`` leads to the rest."""

    briefings: list[BriefingItem]
    next: str | None = None


EventKind = Literal["state", "step", "source", "call"]


class EventItem(_Form):
    """The data of one server-sent event; its `id` is `number`, its `event` is `kind`."""

    number: int
    at: datetime
    kind: EventKind
    data: dict[str, Any]


class Health(_Form):
    status: Literal["ok"]
    version: str
