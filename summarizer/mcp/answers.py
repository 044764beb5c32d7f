"""What the tools return: values of a bounded size, which say what was left out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from summarizer.audit.report import AuditedSentence, DraftAudit
from summarizer.briefing import Briefing, BriefingStory, Citation, FrozenValue, Sentence, Source
from summarizer.edition import Edition

if TYPE_CHECKING:
    from summarizer.api import StoredAnswer
    from summarizer.store.editions import EditionRecord
    from summarizer.store.story_history import StoryFact, StoryRecord


MAX_ANSWER_CHARS = 40_000
"""Of the JSON of one answer: about 10,000 tokens of the assistant's context."""

MAX_TEXT_CHARS = 1_000
"""Of one sentence or quotation."""

MAX_EVIDENCE = 3
"""Citations that are shown of one sentence, the best first."""


class Evidence(FrozenValue):
    """Words of a source, and their offsets in it: code points, half-open."""

    source: str
    quote: str
    start: int
    end: int


class CheckedClaim(FrozenValue):
    """One sentence of the text. ``issues``: what the checks found."""

    sentence: str
    verdict: str
    support: float
    issues: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class ClaimsAnswer(FrozenValue):
    """``cut``: what was left out of this answer; empty if nothing was."""

    sentences: int
    supported: int
    unverified: int
    citation_recall: float | None
    citation_precision: float | None
    claims: tuple[CheckedClaim, ...]
    notes: tuple[str, ...]
    cut: str = ""


class Summary(FrozenValue):
    """One sentence of a briefing with its evidence."""

    text: str
    verdict: str
    evidence: tuple[Evidence, ...]


class StorySummary(FrozenValue):
    """``id``: in an edition, what the tool ``story`` takes."""

    id: str
    headline: str
    sentences: tuple[Summary, ...]


class BriefingAnswer(FrozenValue):
    """``cut``: what was left out of this answer; empty if nothing was."""

    title: str
    stories: tuple[StorySummary, ...]
    sources: tuple[str, ...]
    unreadable: tuple[str, ...]
    cut: str = ""


class QuestionAnswer(FrozenValue):
    """``said``: whether the stored articles answer the question; if not, there are no stories.
    ``cut``: what was left out of this answer."""

    said: bool
    searched: int
    stories: tuple[StorySummary, ...] = ()
    sources: tuple[str, ...] = ()
    cut: str = ""


class EditionHit(FrozenValue):
    """One story of an edition that matches."""

    edition: str
    due: datetime
    story: str
    headline: str


class SearchAnswer(FrozenValue):
    """The best matches first. ``searched``: editions that were searched, the newest ones."""

    searched: int
    hits: tuple[EditionHit, ...]
    cut: str = ""


class EditionAnswer(FrozenValue):
    """``first_line``: what a reader must know first. ``cut``: what was left out of this answer."""

    edition: str
    due: datetime
    kind: str
    title: str
    first_line: str
    stories: tuple[StorySummary, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    cut: str = ""


class StoryLine(FrozenValue):
    """One sentence of the story, in the edition that had it."""

    edition: str
    text: str


class StoryAnswer(FrozenValue):
    """A story across days. ``cut``: what was left out of this answer."""

    story: str
    digest: str
    title: str
    first: date
    last: date
    editions: int
    articles: int
    sentences: tuple[StoryLine, ...]
    cut: str = ""


A = TypeVar(
    "A", BriefingAnswer, ClaimsAnswer, EditionAnswer, QuestionAnswer, SearchAnswer, StoryAnswer
)


def within_limit(answer: A, field: str) -> A:
    """The answer with as many items of ``field`` as its limit allows; ``cut`` counts the others."""
    items: Sequence[FrozenValue] = getattr(answer, field)
    room = MAX_ANSWER_CHARS - len(answer.model_copy(update={field: ()}).model_dump_json())
    kept = 0
    for item in items:
        room -= len(item.model_dump_json()) + 1
        if room < 0:
            break
        kept += 1
    if kept == len(items):
        return answer
    cut = f"{kept} of {len(items)} {field} are in this answer, the limit is {MAX_ANSWER_CHARS:,}"
    return answer.model_copy(update={field: items[:kept], "cut": f"{cut} characters"})


def shorten(text: str) -> str:
    """The text, or its beginning and how long it is."""
    if len(text) <= MAX_TEXT_CHARS:
        return text
    return f"{text[:MAX_TEXT_CHARS]}… [{len(text):,} characters]"


def claims_answer(audit: DraftAudit) -> ClaimsAnswer:
    """The verdicts on the sentences of a text."""
    names = _source_names(audit.sources)
    report = audit.report
    answer = ClaimsAnswer(
        sentences=report.sentences,
        supported=report.supported,
        unverified=report.unverified,
        citation_recall=report.citation_recall,
        citation_precision=report.citation_precision,
        claims=tuple(_claim(each, names) for each in audit.sentences),
        notes=audit.notes,
    )
    return within_limit(answer, "claims")


def _claim(sentence: AuditedSentence, names: Mapping[str, str]) -> CheckedClaim:
    return CheckedClaim(
        sentence=shorten(sentence.text),
        verdict=sentence.verdict,
        support=round(sentence.support, 2),
        issues=tuple(shorten(f"{each.kind}: {each.detail}") for each in sentence.issues),
        evidence=_evidence(sentence.citations, names),
    )


def briefing_answer(briefing: Briefing, unreadable: Iterable[object]) -> BriefingAnswer:
    """The stories of a briefing."""
    answer = BriefingAnswer(
        title=briefing.title,
        stories=_stories(briefing),
        sources=_bibliography(briefing.sources),
        unreadable=tuple(map(str, unreadable)),
    )
    return within_limit(answer, "stories")


def question_answer(answer: "StoredAnswer") -> QuestionAnswer:
    """The sentences that answer a question."""
    briefing = answer.briefing
    if briefing is None:
        return QuestionAnswer(said=False, searched=answer.searched)
    shown = QuestionAnswer(
        said=True,
        searched=answer.searched,
        stories=_stories(briefing),
        sources=_bibliography(briefing.sources),
    )
    return within_limit(shown, "stories")


def edition_answer(record: "EditionRecord", edition: Edition) -> EditionAnswer:
    """The stories of an edition."""
    briefing = edition.briefing
    answer = EditionAnswer(
        edition=f"{record.digest}/{record.number}",
        due=record.due,
        kind=edition.kind,
        title=edition.title,
        first_line=edition.first_line,
        stories=_stories(briefing) if briefing else (),
        sources=_bibliography(briefing.sources) if briefing else (),
        notes=edition.notes,
    )
    return within_limit(answer, "stories")


def story_answer(
    digest: str, story: "StoryRecord", facts: "Iterable[tuple[str, StoryFact]]"
) -> StoryAnswer:
    """What each edition had of the story, in their order."""
    answer = StoryAnswer(
        story=story.id,
        digest=digest,
        title=story.title,
        first=story.first,
        last=story.last,
        editions=story.told,
        articles=len(story.articles),
        sentences=tuple(
            StoryLine(edition=edition, text=shorten(fact.text))
            for edition, fact in facts
            if fact.told and not fact.article
        ),
    )
    return within_limit(answer, "sentences")


def _stories(briefing: Briefing) -> tuple[StorySummary, ...]:
    names = _source_names(briefing.sources)
    return tuple(_story(each, names) for each in briefing.stories)


def _story(story: BriefingStory, names: Mapping[str, str]) -> StorySummary:
    def summary(sentence: Sentence) -> Summary:
        evidence = _evidence(sentence.citations, names)
        return Summary(text=shorten(sentence.text), verdict=sentence.verdict, evidence=evidence)

    disagreements = [side for each in story.disagreements for side in each.sides]
    sentences = tuple(map(summary, [*story.sentences, *disagreements]))
    return StorySummary(id=story.id, headline=story.headline.text, sentences=sentences)


def _evidence(citations: Sequence[Citation], names: Mapping[str, str]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            source=names[each.source], quote=shorten(each.quote), start=each.start, end=each.end
        )
        for each in citations[:MAX_EVIDENCE]
    )


def _source_names(sources: Iterable[Source]) -> dict[str, str]:
    return {each.id: each.title or each.url or each.path or each.label for each in sources}


def _bibliography(sources: Iterable[Source]) -> tuple[str, ...]:
    """Title and location of each source."""
    return tuple(
        shorten(" · ".join(filter(None, [each.title, each.publisher, each.url or each.path])))
        for each in sources
    )
