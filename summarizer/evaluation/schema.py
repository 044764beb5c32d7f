"""The fields of a suite file, as in `docs/evals.md`, and the matching of its words with a text.

Unknown fields are refused.

SuiteFile
├─ articles      ArticleFile     a file, folder or glob beside the suite, or text in the suite
├─ each          Bound           bounds of the scores of every case
├─ thresholds    Bound           bounds of the means over the suite's cases
└─ cases         CaseFile
   ├─ replies    Replies         the mocked model's replies, by step; or a recording
   ├─ expect     Expect          of any writer: facts, stories, ...; of the replies: findings
   └─ thresholds Bound
"""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from summarizer.briefing import FindingAction, FindingKind, SentenceMethod, Verdict

_STRAIGHT_QUOTES = str.maketrans("“”„‟«»‘’‚‛`", '""""""\'\'\'\'\'')


def normalize_words(text: str) -> str:
    """Case-folded, with straight quotation marks and single spaces.

    >>> normalize_words("“Taiwan’s  return”")
    '"taiwan\\'s return"'
    """
    return " ".join(text.translate(_STRAIGHT_QUOTES).casefold().split())


def contains_words(text: str, words: str) -> bool:
    """Whether ``text`` contains ``words`` as whole words. ``|`` separates alternatives. In scripts
    without capitals, which write no spaces or attach endings, any place counts.

    >>> contains_words("Twelve people, not 312", "12|twelve"), contains_words("not 312", "12")
    (True, False)
    >>> contains_words("東京都", "京")
    True
    """
    alternatives = filter(None, map(normalize_words, words.split("|")))
    pattern = "|".join(map(_with_word_edges, alternatives)) or r"(?!)"
    return re.search(pattern, normalize_words(text)) is not None


def contains_all_words(text: str, words: Iterable[str]) -> bool:
    """Whether the text contains all of them."""
    return all(contains_words(text, each) for each in words)


def _with_word_edges(words: str) -> str:
    def has_edge(letter: str) -> bool:
        """Digits, and the letters of scripts that have capitals: Latin, Cyrillic, Greek."""
        return letter.isdigit() or letter.upper() != letter.lower()

    before = r"(?<!\w)" if has_edge(words[0]) else ""
    after = r"(?!\w)" if has_edge(words[-1]) else ""
    return f"{before}{re.escape(words)}{after}"


class _SuiteModel(BaseModel):
    """Frozen; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _text_as_list(value: object) -> object:
    """A single text where a list is meant."""
    return [value] if isinstance(value, str) else value


NonBlankText = Annotated[str, Field(min_length=1, pattern=r"\S")]
TextList = Annotated[tuple[NonBlankText, ...], BeforeValidator(_text_as_list)]
NonEmptyTextList = Annotated[TextList, Field(min_length=1)]
ArticleGroups = tuple[NonEmptyTextList, ...]


class ArticleFile(_SuiteModel):
    """One article, or the files of many. Exactly one of ``path`` and ``text``."""

    id: str | None = None
    """The name that expectations use; by default a file's stem, or its key in a collection."""
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


ArticleEntry = Annotated[
    ArticleFile, BeforeValidator(lambda value: {"path": value} if isinstance(value, str) else value)
]


class CaseSettings(_SuiteModel):
    """As on the command line of ``brief``."""

    focus: str = ""
    words: int = Field(default=300, ge=20)
    title: str = ""
    since: date | None = None
    stories: int = Field(default=8, ge=1)
    language: str = ""


class StepReply(_SuiteModel):
    """The model's reply to one question."""

    when: str = ""
    """Words that the question must contain."""
    raw: str | None = None
    """The reply, verbatim."""
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
    """The failure instead of a reply."""

    @property
    def is_plain(self) -> bool:
        """Whether it has none of the fields of its step."""
        return self.raw is not None or self.fails is not None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        own = self.model_fields_set - {"when", "raw", "fails"}
        given = [self.raw is not None, self.fails is not None, bool(own)]
        if sum(given) != 1:
            raise ValueError("a reply has either raw, or fails, or the fields of its step")
        return self


class ScriptedFact(_SuiteModel):
    """A fact as the model states it."""

    quote: NonBlankText
    fact: str = ""
    """By default the quote itself."""
    at: str = ""
    """Words of the passage whose key is given; by default the quote."""
    key: str | None = None
    """Another key."""


class FactsReply(StepReply):
    """The facts of one source."""

    facts: tuple[ScriptedFact, ...] = ()


class ScriptedLine(_SuiteModel):
    """A sentence with its citation keys."""

    text: str
    at: TextList = ()
    """Words of the cited passages, whose keys are looked up."""
    keys: TextList = ()
    """Further keys as they are, which may be fabricated."""


class ScriptedDispute(_SuiteModel):
    """Sides of a disagreement."""

    about: str
    sides: tuple[ScriptedLine, ...]


class WriteReply(StepReply):
    """One story."""

    headline: ScriptedLine | None = None
    sentences: tuple[ScriptedLine, ...] = ()
    disagreements: tuple[ScriptedDispute, ...] = ()

    @model_validator(mode="after")
    def _has_a_headline(self) -> Self:
        if not self.is_plain and self.headline is None:
            raise ValueError("a story needs a headline")
        return self


class LineReply(StepReply):
    """A rewritten sentence; an empty text gives it up."""

    text: str | None = None
    at: TextList = ()
    keys: TextList = ()

    @model_validator(mode="after")
    def _has_text(self) -> Self:
        if not self.is_plain and self.text is None:
            raise ValueError("a rewritten sentence needs a text, which may be empty")
        return self


class JudgeReply(StepReply):
    """A verdict."""

    reason: str = ""
    missing: TextList = ()
    verdict: Literal["supported", "unsupported"] | None = None

    @model_validator(mode="after")
    def _has_a_verdict(self) -> Self:
        if not self.is_plain and self.verdict is None:
            raise ValueError("a judge needs a verdict")
        return self


class Replies(_SuiteModel):
    """Replies by step. ``verbatim`` repeats the passages, ``nothing`` gives every sentence up, or
    writes no synopsis; a step without replies must not be asked."""

    facts: Literal["verbatim"] | tuple[FactsReply, ...] = ()
    write: Literal["verbatim"] | tuple[WriteReply, ...] = ()
    lead: Literal["nothing"] = "nothing"
    repair: Literal["nothing"] | tuple[LineReply, ...] = ()
    judge: Literal["supported", "unsupported"] | tuple[JudgeReply, ...] = ()


class Recording(_SuiteModel):
    """A recorded run (``brief --record``), and the models it names."""

    file: str
    model: str
    judge: str = ""


class ExpectedFact(_SuiteModel):
    """A fact that a good briefing covers."""

    fact: NonBlankText
    says: TextList = ()
    """Words that one sentence must contain, with ``|`` between alternatives; without them the
    checks decide whether a sentence states ``fact``."""
    sources: TextList = ()
    """The articles that state it; without them it counts for coverage alone."""


class ExpectedSentence(_SuiteModel):
    """A sentence that must be written: the first that contains all of ``says``."""

    says: NonEmptyTextList
    part: Literal["headline", "sentence", "side"] | None = None
    verdict: Verdict | None = None
    method: SentenceMethod | None = None
    cites: TextList = ()
    cites_not: TextList = ()
    origins: int | None = Field(None, ge=1)


class ExpectedFinding(_SuiteModel):
    """A finding that must exist; ``text`` and ``detail`` are words in it."""

    kind: FindingKind
    action: FindingAction | None = None
    text: str = ""
    detail: str = ""
    times: int | None = Field(None, ge=0)
    """Exactly how often; by default at least once."""


class ExpectedDisagreement(_SuiteModel):
    """Sides that one disagreement must have: words of each."""

    sides: Annotated[tuple[NonBlankText, ...], Field(min_length=2)]
    about: str = ""


class Expect(_SuiteModel):
    """What the briefing must contain. ``sentences``, ``findings`` and ``no_findings`` depend on the
    mocked replies, and are not asked of a live model; the rest holds for every writer."""

    delivered: bool = True
    stories: ArticleGroups = ()
    origins: ArticleGroups = ()
    facts: tuple[ExpectedFact, ...] = ()
    disagreements: tuple[ExpectedDisagreement, ...] = ()
    absent: TextList = ()
    injected: TextList = ()
    boilerplate: TextList = ()
    sentences: tuple[ExpectedSentence, ...] = ()
    findings: tuple[ExpectedFinding, ...] = ()
    no_findings: Annotated[tuple[FindingKind, ...], BeforeValidator(_text_as_list)] = ()

    def sources(self) -> Iterator[str]:
        """Every article that an expectation names."""
        for group in (*self.stories, *self.origins):
            yield from group
        for fact in self.facts:
            yield from fact.sources
        for sentence in self.sentences:
            yield from (*sentence.cites, *sentence.cites_not)


REPLY_EXPECTATIONS = frozenset({"sentences", "findings", "no_findings"})
"""Expectations that only the mocked replies can meet."""


class Bound(_SuiteModel):
    """The bounds of a score: ``{min: 0.9}``, ``{max: 0}`` or both; for an assertion ``true`` or
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

    def contains(self, value: bool | float | str) -> bool:
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


class CaseFile(_SuiteModel):
    """One case. Without ``replies`` and ``recording`` the model-free writer writes."""

    name: NonBlankText
    about: str = ""
    reference: str = ""
    story: str = ""
    """A name that it shares with related cases."""
    articles: Annotated[tuple[ArticleEntry, ...], Field(min_length=1)]
    settings: CaseSettings = CaseSettings()
    replies: Replies | None = None
    recording: Recording | None = None
    expect: Expect = Expect()
    thresholds: Thresholds = {}
    live: bool = True
    """False: never asked of a live model."""

    @model_validator(mode="after")
    def _has_one_writer(self) -> Self:
        if self.replies is not None and self.recording is not None:
            raise ValueError("a case has either replies or a recording")
        return self

    def has_expectations(self, *, live: bool = False) -> bool:
        """Whether anything is demanded, of a live model too."""
        named = self.expect.model_fields_set - (REPLY_EXPECTATIONS if live else frozenset())
        asked = any(getattr(self.expect, name) or name == "delivered" for name in named)
        return asked or bool(self.thresholds)


class SuiteFile(_SuiteModel):
    """One suite."""

    suite: Annotated[str, Field(pattern=r"^[\w.-]*$")] = ""
    """Its name; by default the file's."""
    about: str = ""
    prompts: str = ""
    """A folder of prompt files."""
    articles: tuple[ArticleFile, ...] = ()
    settings: CaseSettings = CaseSettings()
    each: Thresholds = {}
    thresholds: Thresholds = {}
    cases: Annotated[tuple[CaseFile, ...], Field(min_length=1)]
