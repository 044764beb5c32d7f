"""The values of a briefing. A sentence without a citation cannot be built.

The JSON form is `Briefing.model_dump(mode="json")`, schema ``summarizer/briefing/2``; its JSON
Schema is published as ``docs/briefing.schema.json``. Offsets are code points, half-open, in the
snapshot of the source that ``sha256`` names. Briefings of schema 1 are read and upgraded.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from summarizer.sources.articles import (
    ArticleKind,
    PublishedFrom,
    calendar_day,
    sha256_hex,
    trusted_day,
)

Verdict = Literal["supported", "unverified", "unsupported", "contradicted", "unresolved", "uncited"]
SentenceMethod = Literal["extracted", "written", "rewritten", "replaced"]
FindingAction = Literal[
    "citation_replaced", "rewritten", "replaced", "dropped", "kept", "set_aside"
]
FindingKind = Literal[
    # about a sentence
    "unresolved", "uncited", "number", "date", "name", "quote", "negation", "status", "speaker",
    "support", "artefact", "misattributed",
    # about a source
    "boilerplate", "unreadable", "duplicate", "unused", "future_date", "article_kind", "excerpt",
    "spelling",
    # about a model: it failed or contradicted itself; it wrote nothing of a story
    "model", "unwritten",
]  # fmt: skip

Share = Annotated[float, Field(ge=0, le=1)]


def _day_or_time(value: object) -> object:
    """The day or time in a text; as a union, pydantic would read a day as its midnight."""
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


PublicationDate = Annotated[
    datetime | date,
    BeforeValidator(_day_or_time),
    PlainSerializer(
        lambda value: value.isoformat().replace("+00:00", "Z"), return_type=str, when_used="json"
    ),
    WithJsonSchema(
        {"anyOf": [{"format": "date", "type": "string"}, {"format": "date-time", "type": "string"}]}
    ),
]
"""A day (``2025-11-25``), or a time in the zone of its source (``2025-11-25T00:20:00+09:00``)."""


MIN_LISTED_STORIES = 3
"""Stories from which every format opens a briefing with a list of their headlines. The words of the
list count."""

VERSION_1 = "summarizer/briefing/1"

_RENAMED_KEYS = {"about": "topic"}
_RENAMED_VALUES = {
    "partly": "unverified", "recited": "citation_replaced", "set aside": "set_aside",
    "furniture": "boilerplate", "hygiene": "artefact",
}  # fmt: skip
_ENUMERATED = ("verdict", "kind", "action")


class FrozenValue(BaseModel):
    """Base of every value that is saved, sent or shown: frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(FrozenValue):
    """A checked pointer: ``source_text[start:end] == quote``. ``place``: the page, time or chapter
    of a document where it begins; absent in other sources."""

    chunk: str
    source: str
    start: int = Field(ge=0)
    end: int
    quote: str = Field(min_length=1)
    place: str = Field(default="", exclude_if=lambda place: not place)

    @model_validator(mode="after")
    def _spans_its_quote(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"the span {self.start}:{self.end} is not as long as its quote")
        return self


class Sentence(FrozenValue):
    """What the briefing says, and the words it rests on, the best first.

    ``support`` is the calibrated probability, by the method in ``checked_by``, that the citations
    carry the sentence: ``rules``, ``nli:NAME`` or ``judge:NAME``. ``origins`` counts the
    independent acts of reporting behind them.
    """

    text: str = Field(min_length=1)
    verdict: Verdict
    support: Share
    checked_by: str = Field(min_length=1)
    method: SentenceMethod
    origins: int = Field(ge=1)
    citations: tuple[Citation, ...] = Field(min_length=1)


class Disagreement(FrozenValue):
    """Sources that differ on one thing, each side in its own cited words.

    ``update``: they do not contradict each other, the last side is what is known since.
    """

    topic: str
    sides: tuple[Sentence, ...] = Field(min_length=2)
    update: bool = False


class BriefingStory(FrozenValue):
    """One event, told once."""

    id: str
    headline: Sentence
    date: date | None
    sentences: tuple[Sentence, ...]
    disagreements: tuple[Disagreement, ...] = ()

    def all_sentences(self) -> Iterator[Sentence]:
        """Every sentence a reader sees, in reading order."""
        yield self.headline
        yield from self.sentences
        for disagreement in self.disagreements:
            yield from disagreement.sides


class Source(FrozenValue):
    """One article as the bibliography shows it. Exactly one of ``path`` and ``url`` is set."""

    id: str
    label: str
    path: str | None = None
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: PublicationDate | None = None
    published_from: PublishedFrom | None = None
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    origin: str
    length: int = Field(ge=0)
    kind: ArticleKind | None = None
    """None for a news report of the outlet's own."""

    @property
    def exact_date(self) -> date | None:
        """The publication date when it is known, as `Article.exact_date`."""
        return trusted_day(self.published, self.published_from)

    @property
    def day(self) -> date | None:
        """The day of ``published``, also if it is only an estimate or a bound."""
        return calendar_day(self.published) if self.published else None

    @model_validator(mode="after")
    def _has_one_location(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("a source has either a path or a url")
        return self


class CitedChunk(FrozenValue):
    """A cited passage with enough around it to be read in context."""

    id: str
    source: str
    start: int = Field(ge=0)
    end: int
    text: str = Field(min_length=1)

    @model_validator(mode="after")
    def _spans_its_text(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"the span {self.start}:{self.end} is not as long as its text")
        return self


class Finding(FrozenValue):
    """Something the checks found, and what was done about it. ``start`` and ``end``: the span of
    boilerplate."""

    kind: FindingKind
    action: FindingAction
    text: str
    detail: str
    source: str | None = None
    sentence: str | None = None
    start: int | None = None
    end: int | None = None


class Report(FrozenValue):
    """The run in numbers. ``None`` is "not measured", never nought."""

    sentences: int
    supported: int
    unverified: int
    citation_recall: Share | None
    citation_precision: Share | None
    sources_read: int
    sources_cited: int
    origins: int
    facts_found: int
    facts_covered: int
    disagreements: int = 0
    updates: int = 0
    model_calls: int = 0
    cached_calls: int = 0
    cost_usd: float | None = None


class Activity(FrozenValue):
    """One step of the chain (PROV): who did what to what, with which plan."""

    step: str
    agent: str
    plan: str | None = None
    used: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    cached: bool = False


class Briefing(FrozenValue):
    """One consolidated briefing, whole in itself: everything cited is inside. ``synopsis``: two or
    three sentences over all stories, where a model wrote several."""

    schema_: Literal["summarizer/briefing/2"] = Field(alias="schema")
    id: str
    created: datetime
    title: str
    language: str
    writer: str
    synopsis: tuple[Sentence, ...] = ()
    stories: tuple[BriefingStory, ...]
    sources: tuple[Source, ...]
    chunks: tuple[CitedChunk, ...]
    findings: tuple[Finding, ...]
    report: Report
    activities: tuple[Activity, ...]

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    def all_sentences(self) -> Iterator[Sentence]:
        """Every sentence a reader sees, in reading order."""
        yield from self.synopsis
        for story in self.stories:
            yield from story.all_sentences()

    def __str__(self) -> str:
        """The briefing as a terminal shows it, without colours."""
        from summarizer.rendering.formats import render_document

        return render_document(self, "text")

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """What `repr` shows."""
        yield from (("id", self.id), ("title", self.title), ("stories", len(self.stories)))

    def _repr_html_(self) -> str:
        """The reading page in a frame, for notebooks."""
        from html import escape

        from summarizer.rendering.formats import render_document

        page = escape(render_document(self, "html"), quote=True)
        style = "width: 100%; height: 40em; border: 0"
        return f'<iframe srcdoc="{page}" style="{style}" title="Briefing"></iframe>'

    def identity(self) -> str:
        """The id of what it says: everything but the id itself, the time and the activities; an
        empty synopsis says nothing."""
        silent = {"id", "created", "activities"} | (set() if self.synopsis else {"synopsis"})
        said = self.model_dump_json(exclude=silent)
        return f"b-{sha256_hex(said)[:12]}"

    @model_validator(mode="wrap")
    @classmethod
    def _read_version_1(cls, document: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        """Builds from schema 2, or from schema 1 after an upgrade. An id that was right under
        schema 1 is replaced by the id of the same content under schema 2; a wrong one stays."""
        if not isinstance(document, dict) or document.get("schema") != VERSION_1:
            return build(document)
        briefing = build(upgrade_version_1(document))
        if document.get("id") == _version_1_identity(document):
            return briefing.model_copy(update={"id": briefing.identity()})
        return briefing

    @model_validator(mode="after")
    def _resolves(self) -> Self:
        sources = _unique_ids(source.id for source in self.sources)
        chunks = {chunk.id: chunk for chunk in self.chunks}
        _unique_ids(chunk.id for chunk in self.chunks)
        for chunk in self.chunks:
            if chunk.source not in sources:
                raise ValueError(f"chunk {chunk.id} names no source of this briefing")
        for sentence in self.all_sentences():
            for citation in sentence.citations:
                _check_citation(citation, chunks.get(citation.chunk))
        return self


def _check_citation(citation: Citation, chunk: CitedChunk | None) -> None:
    """Raises ValueError unless the quotation stands in its chunk at its place."""
    if chunk is None or chunk.source != citation.source:
        raise ValueError(f"citation of {citation.chunk} resolves to no chunk of this briefing")
    at = citation.start - chunk.start
    if at < 0 or chunk.text[at : at + len(citation.quote)] != citation.quote:
        raise ValueError(f"the quote {citation.quote[:40]!r} does not stand in {chunk.id}")


def _unique_ids(ids: Iterable[str]) -> frozenset[str]:
    """The ids as a set; raises ValueError when one stands twice."""
    seen: set[str] = set()
    for key in ids:
        if key in seen:
            raise ValueError(f"the id {key} stands twice")
        seen.add(key)
    return frozenset(seen)


def upgrade_version_1(document: dict[str, Any]) -> dict[str, Any]:
    """A briefing of schema 1 in the words of schema 2; fields it does not know stay as they are.

    Schema 1 had no ``checked_by``: its sentences count as checked by rules.
    """
    upgraded: dict[str, Any] = _upgraded(document) | {"schema": "summarizer/briefing/2"}
    if isinstance(report := upgraded.get("report"), dict):
        unverified = sum(each.get("verdict") == "unverified" for each in _dicts(upgraded))
        upgraded["report"] = report | {"unverified": unverified}
    return upgraded


def _upgraded(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_upgraded(each) for each in value]
    if not isinstance(value, dict):
        return value
    upgraded = {
        _RENAMED_KEYS.get(key, key): _RENAMED_VALUES.get(each, each)
        if key in _ENUMERATED and isinstance(each, str)
        else _upgraded(each)
        for key, each in value.items()
    }
    if "verdict" in upgraded:
        upgraded.setdefault("checked_by", "rules")
    return upgraded


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """All dictionaries inside a JSON value, itself included."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _dicts(each)


def _version_1_identity(document: dict[str, Any]) -> str:
    """`Briefing.identity` of a document of schema 1, whose JSON has the order of its fields."""
    content = {k: v for k, v in document.items() if k not in ("id", "created", "activities")}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"b-{sha256_hex(text)[:12]}"
