"""The models of the API: requests and responses."""

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

from summarizer.briefing import PublicationDate
from summarizer.store.jobs import JobState

MAX_SOURCES = 200
"""Sources of one request."""

MAX_TEXT_CHARS = 1_000_000
"""Length of one article."""

ShortText = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]


def _check_web_address(url: str) -> str:
    """Raises ValueError for all other addresses, such as a path on the server's disk."""
    if not re.fullmatch(r"https?://[^\x00-\x20]+", url, re.IGNORECASE):
        raise ValueError("is not an http or https address")
    return url


SubmittedUrl = Annotated[
    str,
    StringConstraints(max_length=4096),
    AfterValidator(_check_web_address),
    Field(examples=["https://example.org/news"]),
]


_EXAMPLE_ARTICLE = (
    "A fire destroyed a depot in Bern on Monday evening, police said. Twelve people were injured."
)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Form):
    """One article as plain text."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_CHARS)]
    name: ShortText = Field("", description="Its name in the bibliography, if it has no title.")
    title: ShortText = ""
    publisher: ShortText = ""
    published: PublicationDate | None = None


class File(_Form):
    """One file of any kind that the command line reads, recognized by name and content."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content: Base64Bytes


class Ask(_Form):
    """A briefing to be written, from 1 to 200 sources in all."""

    texts: list[Text] = Field(default_factory=list, max_length=MAX_SOURCES)
    files: list[File] = Field(default_factory=list, max_length=MAX_SOURCES)
    urls: list[SubmittedUrl] = Field(default_factory=list, max_length=MAX_SOURCES)
    title: ShortText = ""
    focus: ShortText = Field("", description="A question, or words, that the briefing is about.")
    words: int = Field(300, ge=20, le=5000)
    stories: int = Field(8, ge=1, le=50)
    most: int = Field(
        20, ge=1, le=200, description="Articles read of a feed, OPML file or sitemap in `urls`."
    )
    since: date | None = Field(None, description="Older articles are left out.")
    undated: bool = Field(False, description="Keep articles of unknown date, with `since`.")
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = (
        Field("", description="The briefing's language, if a model writes it.")
    )
    writer: Literal["service", "extractive"] = Field(
        "service",
        description="`service`: the model of this service, if any; `extractive`: no model.",
    )
    strict: bool = Field(
        False, description="Replace or leave out what a model wrote and nothing verified."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "texts": [
                        {
                            "text": _EXAMPLE_ARTICLE,
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
    """A text with citations, and its sources in the order of its numbers: texts, then files."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
    name: ShortText = Field("draft", description="Its name in the response.")
    texts: list[Text] = Field(default_factory=list, max_length=MAX_SOURCES)
    files: list[File] = Field(default_factory=list, max_length=MAX_SOURCES)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Twelve people were injured [1]. The fire broke out on Sunday [1].",
                    "texts": [{"text": _EXAMPLE_ARTICLE}],
                }
            ]
        }
    )


class JobItem(_Form):
    """A job, with links to it and to its briefing."""

    id: str = Field(examples=["j-0123456789ab"])
    state: JobState
    created: datetime
    changed: datetime
    cancelling: bool = Field(
        description="A cancellation was requested, and it has not stopped yet."
    )
    problem: str = Field("", description="Why it failed, in one line.")
    briefing: str | None = Field(None, examples=["b-0123456789ab"])
    links: dict[str, str] = Field(
        examples=[{"self": "/api/v1/jobs/j-0123456789ab", "page": "/jobs/j-0123456789ab"}]
    )


class JobList(_Form):
    jobs: list[JobItem]


class BriefingItem(_Form):
    """A briefing in a list; the briefing of an edition names its digest and edition."""

    id: str
    title: str
    created: datetime
    digest: str = ""
    edition: str = ""
    links: dict[str, str]


class BriefingList(_Form):
    """``next``: the address of the next page, if there is one."""

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
