"""What a suite file may say, as `docs/evals.md` tells it. Nothing beyond these fields is accepted.

SuiteFile
├─ articles      ArticleFile     a file, folder or glob beside the suite, or words written here
├─ each          Bound           what every case's score must be
├─ thresholds    Bound           what the mean over the suite's cases must be
└─ cases         CaseFile
   ├─ replies    Replies         what the mocked model says, step by step; or a recording
   ├─ expect     Expect          of whoever writes: facts, stories, ...; of the replies: findings
   └─ thresholds Bound
"""

import math
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from summarizer.briefings import Action, FindingKind, Method, Verdict

__all__ = [
    "ArticleFile",
    "Bound",
    "CaseFile",
    "CaseSettings",
    "Dispute",
    "Expect",
    "ExpectedDisagreement",
    "ExpectedFact",
    "ExpectedFinding",
    "ExpectedSentence",
    "FactsReply",
    "JudgeReply",
    "Line",
    "LineReply",
    "Recording",
    "Replies",
    "Reply",
    "StatedFact",
    "SuiteFile",
    "WriteReply",
]


class _Form(BaseModel):
    """Frozen, and nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_as_list(value: object) -> object:
    """A single text where a list is meant."""
    return [value] if isinstance(value, str) else value


Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Listed = Annotated[tuple[Words, ...], BeforeValidator(_one_as_list)]
Some = Annotated[Listed, Field(min_length=1)]
Groups = tuple[Some, ...]


class ArticleFile(_Form):
    """One article, or the files of many. Exactly one of ``path`` and ``text``; ``id`` is how the
    expectations name it, and a file's stem or its key in a collection when it has none."""

    id: str | None = None
    path: str | None = None
    text: str | None = Field(None, min_length=1)
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.path is None) == (self.text is None):
            raise ValueError("an article has either a path or a text")
        if self.text is not None and not self.id:
            raise ValueError("an article that is written here needs an id")
        about = (self.title, self.publisher, self.published, self.language)
        if self.path is not None and any(value is not None for value in about):
            raise ValueError("title, publisher, date and language of a file are its own")
        return self


def _path_as_article(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


Article = Annotated[ArticleFile, BeforeValidator(_path_as_article)]


class CaseSettings(_Form):
    """As on the command line of ``brief``."""

    focus: str = ""
    words: int = Field(default=300, ge=20)
    title: str = ""
    since: date | None = None
    stories: int = Field(default=8, ge=1)
    language: str = ""


class Reply(_Form):
    """What the model says to one question. ``when``: words that the question must hold; ``raw``:
    the reply letter by letter; ``fails``: the failure instead of a reply."""

    when: str = ""
    raw: str | None = None
    fails: (
        Literal[
            "ModelError",
            "ModelUnavailable",
            "ModelRefused",
            "PromptTooLong",
            "MalformedCompletion",
            "BudgetExceeded",
        ]
        | None
    ) = None

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing in the form of its step."""
        return self.raw is not None or self.fails is not None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        own = self.model_fields_set - {"when", "raw", "fails"}
        said = [self.raw is not None, self.fails is not None, bool(own)]
        if sum(said) != 1:
            raise ValueError("a reply has either raw, or fails, or what its step says")
        return self


class StatedFact(_Form):
    """A fact as the model states it. Its key is that of the passage with ``at``, else with
    ``quote``, unless ``key`` says another. ``fact``: the quote itself when it is not given."""

    quote: Words
    fact: str = ""
    at: str = ""
    key: str | None = None


class FactsReply(Reply):
    """The facts of one source."""

    facts: tuple[StatedFact, ...] = ()


class Line(_Form):
    """A sentence. Its keys are those of the passages that hold the words in ``at``, then ``keys``
    as they stand: that is how a key is fabricated."""

    text: str
    at: Listed = ()
    keys: Listed = ()


class Dispute(_Form):
    """Sides of a disagreement."""

    about: str
    sides: tuple[Line, ...]


class WriteReply(Reply):
    """One story."""

    headline: Line | None = None
    sentences: tuple[Line, ...] = ()
    disagreements: tuple[Dispute, ...] = ()

    @model_validator(mode="after")
    def _has_a_headline(self) -> Self:
        if not self.is_plain and self.headline is None:
            raise ValueError("a story needs a headline")
        return self


class LineReply(Reply):
    """A sentence written anew; an empty text gives it up."""

    text: str | None = None
    at: Listed = ()
    keys: Listed = ()

    @model_validator(mode="after")
    def _has_text(self) -> Self:
        if not self.is_plain and self.text is None:
            raise ValueError("a sentence written anew needs a text, if only an empty one")
        return self


class JudgeReply(Reply):
    """A verdict."""

    reason: str = ""
    missing: Listed = ()
    verdict: Literal["supported", "unsupported"] | None = None

    @model_validator(mode="after")
    def _has_a_verdict(self) -> Self:
        if not self.is_plain and self.verdict is None:
            raise ValueError("a judge needs a verdict")
        return self


class Replies(_Form):
    """By step. ``verbatim`` says what the passages say, ``nothing`` gives every sentence up; a step
    that is not named must not be asked."""

    facts: Literal["verbatim"] | tuple[FactsReply, ...] = ()
    write: Literal["verbatim"] | tuple[WriteReply, ...] = ()
    repair: Literal["nothing"] | tuple[LineReply, ...] = ()
    judge: Literal["supported", "unsupported"] | tuple[JudgeReply, ...] = ()


class Recording(_Form):
    """A recorded run (``brief --record``), and the models it names."""

    file: str
    model: str
    judge: str = ""


class ExpectedFact(_Form):
    """A fact that a good briefing covers. ``says``: words that one sentence must hold, with ``|``
    between alternatives; without them the checks decide whether a sentence says ``fact``.
    ``sources``: the articles that hold it; without them it counts for coverage alone."""

    fact: Words
    says: Listed = ()
    sources: Listed = ()


class ExpectedSentence(_Form):
    """A sentence that must be told: the first that holds all of ``says``."""

    says: Some
    part: Literal["headline", "sentence", "side"] | None = None
    verdict: Verdict | None = None
    method: Method | None = None
    cites: Listed = ()
    cites_not: Listed = ()
    origins: int | None = Field(None, ge=1)


class ExpectedFinding(_Form):
    """A finding that must be there; ``text`` and ``detail`` are words in it. ``times``: exactly how
    often, else at least once."""

    kind: FindingKind
    action: Action | None = None
    text: str = ""
    detail: str = ""
    times: int | None = Field(None, ge=0)


class ExpectedDisagreement(_Form):
    """Sides that must stand in one disagreement: words of each."""

    sides: Annotated[tuple[Words, ...], Field(min_length=2)]
    about: str = ""


class Expect(_Form):
    """What must come out. ``sentences``, ``findings`` and ``no_findings`` are about the mocked
    replies, and not asked of a live model; all else holds for whoever writes."""

    delivered: bool = True
    stories: Groups = ()
    origins: Groups = ()
    facts: tuple[ExpectedFact, ...] = ()
    disagreements: tuple[ExpectedDisagreement, ...] = ()
    absent: Listed = ()
    injected: Listed = ()
    furniture: Listed = ()
    sentences: tuple[ExpectedSentence, ...] = ()
    findings: tuple[ExpectedFinding, ...] = ()
    no_findings: Annotated[tuple[FindingKind, ...], BeforeValidator(_one_as_list)] = ()

    def sources(self) -> Iterator[str]:
        """Every article that is named."""
        for group in (*self.stories, *self.origins):
            yield from group
        for fact in self.facts:
            yield from fact.sources
        for sentence in self.sentences:
            yield from (*sentence.cites, *sentence.cites_not)


OF_REPLIES = frozenset({"sentences", "findings", "no_findings"})
"""Expectations that only the mocked replies can meet."""


class Bound(_Form):
    """What a score must be: ``{min: 0.9}``, ``{max: 0}`` or both; for an assertion ``true`` or
    ``false``, for a label the label itself. There is no default."""

    min: float | None = None
    max: float | None = None
    equals: bool | str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, (bool, str)):
            return {"equals": value}
        if isinstance(value, (int, float)):
            raise ValueError("say whether it is the least or the most: {min: ...} or {max: ...}")  # noqa: TRY004
        return value

    @field_validator("min", "max")
    @classmethod
    def _is_a_number(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise ValueError("must be a number")
        return value

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        numeric = self.min is not None or self.max is not None
        if numeric == (self.equals is not None):
            raise ValueError("a threshold is {min: ...}, {max: ...}, both, true, false or a label")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max: no score passes")
        if self.min is not None and self.min <= 0 and self.max is None:
            raise ValueError("min 0 lets everything pass")
        return self

    def admits(self, value: bool | float | str) -> bool:
        """Whether a value is within the bound."""
        if self.equals is not None or isinstance(value, (bool, str)):
            return type(value) is type(self.equals) and value == self.equals
        above = self.min is None or value >= self.min
        return above and (self.max is None or value <= self.max)

    def __str__(self) -> str:
        if self.equals is not None:
            return str(self.equals).lower() if isinstance(self.equals, bool) else self.equals
        least = f"≥ {self.min:g}" if self.min is not None else ""
        most = f"≤ {self.max:g}" if self.max is not None else ""
        return " and ".join(filter(None, (least, most)))


Thresholds = dict[str, Bound]


class CaseFile(_Form):
    """One case. Without ``replies`` and ``recording`` the model-free writer writes. ``story``: what
    it shares with other cases; ``live: false``: never asked of a live model."""

    name: Words
    about: str = ""
    reference: str = ""
    story: str = ""
    articles: Annotated[tuple[Article, ...], Field(min_length=1)]
    settings: CaseSettings = CaseSettings()
    replies: Replies | None = None
    recording: Recording | None = None
    expect: Expect = Expect()
    thresholds: Thresholds = {}
    live: bool = True

    @model_validator(mode="after")
    def _has_one_writer(self) -> Self:
        if self.replies is not None and self.recording is not None:
            raise ValueError("a case has either replies or a recording")
        return self

    def demands(self, *, live: bool = False) -> bool:
        """Whether anything is demanded, of a live model too."""
        named = self.expect.model_fields_set - (OF_REPLIES if live else frozenset())
        asked = any(getattr(self.expect, name) or name == "delivered" for name in named)
        return asked or bool(self.thresholds)


class SuiteFile(_Form):
    """One suite. ``suite``: its name, else the file's; ``prompts``: a folder of prompt files."""

    suite: Annotated[str, Field(pattern=r"^[\w.-]*$")] = ""
    about: str = ""
    prompts: str = ""
    articles: tuple[ArticleFile, ...] = ()
    settings: CaseSettings = CaseSettings()
    each: Thresholds = {}
    thresholds: Thresholds = {}
    cases: Annotated[tuple[CaseFile, ...], Field(min_length=1)]
