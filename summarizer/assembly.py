"""A Briefing of checked stories: citations, sources, findings and the report."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from summarizer import __version__
from summarizer.briefing import (
    Activity,
    Briefing,
    BriefingStory,
    Disagreement,
    Finding,
    FindingAction,
    FindingKind,
    Report,
    Sentence,
    Source,
)
from summarizer.checking import citations
from summarizer.checking.citations import CitedSpan
from summarizer.checking.metrics import JudgedCitations, measure_citations
from summarizer.checking.repair import CheckedSentence
from summarizer.errors import SourceError
from summarizer.rendering.labels import find_labels
from summarizer.retrieval.corpus import Corpus
from summarizer.retrieval.origins import SentenceLocation
from summarizer.retrieval.similarity import REPORTED_FACT_DICE, UnionFind, similar_pairs
from summarizer.retrieval.stories import TracedStory
from summarizer.settings import Settings
from summarizer.sources.articles import KIND_NAMES, Article
from summarizer.text.languages import base_language, language_name, languages_differ
from summarizer.writing.relative_dates import with_calendar_days
from summarizer.writing.story import EXTRACTIVE_WRITER, StoryDraft, Synopsis

UNDATED_REASON = "its date is not known"
"""Why an article was left out of a briefing since some day."""


def assemble_briefing(  # noqa: PLR0913  # all that a briefing is made of
    corpus: Corpus,
    traced: Sequence[TracedStory],
    drafts: Sequence[StoryDraft],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    synopsis: Synopsis | None = None,
    language: str = "",
) -> Briefing:
    """The briefing of ``drafts``. The articles of ``traced`` that it does not use are findings.
    ``language`` was asked for (BCP 47); a model may have failed to write in it."""
    own = drafts[0].checker.language
    language = language if base_language(language) == own else own
    sources = tuple(
        citations.build_source(
            article, corpus.boilerplate[article.id], each.origins.origin_by_source[article.id]
        )
        for each in traced
        for article in each.story.articles
    )
    lead = synopsis or Synopsis((), drafts[0].checker)
    sentences = [*lead.sentences, *(item for each in drafts for item in each.all_sentences())]
    models = (each.writer for each in drafts if each.writer != EXTRACTIVE_WRITER)
    briefing = Briefing(
        schema="summarizer/briefing/2",
        id="b-",
        created=now,
        title=settings.title or _default_title(traced, sources, language),
        language=language,
        writer=next(models, EXTRACTIVE_WRITER),
        # Under no story's date: "yesterday" is that of the story that is cited first.
        synopsis=tuple(
            _sentence(item, _with_calendar_days(item, story), drafts)
            for item in lead.sentences
            for story in drafts
            if item.cited[0].chunk.source in story.traced_story.origins.origin_by_source
        ),
        stories=tuple(_briefing_story(each) for each in drafts),
        sources=sources,
        chunks=tuple(citations.cited_chunks(c for item in sentences for c in item.cited)),
        findings=(*lead.findings, *_all_findings(corpus, traced, drafts, unreadable)),
        report=_make_report(drafts, lead, sources),
        activities=(*_all_activities(drafts), *lead.activities),
    )
    return briefing.model_copy(update={"id": briefing.identity()})


def _default_title(traced: Sequence[TracedStory], sources: Sequence[Source], language: str) -> str:
    """The day of the newest article, or the number of articles where no date is known."""
    labels = find_labels(language)
    days = [a.exact_date for each in traced for a in each.story.articles if a.exact_date]
    if days:
        return labels("title_of_day", day=labels.long_day(max(days)))
    return labels("title_of_articles", n=len(set(map(_page, sources))))


def _briefing_story(draft: StoryDraft) -> BriefingStory:
    def sentence(checked: CheckedSentence) -> Sentence:
        return _sentence(checked, _with_calendar_days(checked, draft), [draft])

    return BriefingStory(
        id=draft.traced_story.story.id,
        headline=sentence(draft.headline),
        date=draft.traced_story.story.date,
        sentences=tuple(map(sentence, draft.sentences)),
        disagreements=tuple(
            Disagreement(topic=topic, sides=tuple(map(sentence, sides)), update=update)
            for topic, sides, update in draft.disagreements
        ),
    )


def _sentence(checked: CheckedSentence, text: str, drafts: Sequence[StoryDraft]) -> Sentence:
    """The sentence as the briefing has it; its citations are in the stories ``drafts``."""
    locations = [location for c in checked.cited for location in _cited_locations(c)]
    origins = [each.traced_story.origins for each in drafts]
    return Sentence(
        text=text,
        verdict=checked.judgement.verdict,
        support=round(checked.judgement.support, 3),
        checked_by=checked.judgement.checked_by,
        method=checked.method,
        origins=sum(
            each.count(place for place in locations if place[0] in each.origin_by_source)
            for each in origins
        ),
        citations=tuple(map(citations.build_citation, checked.cited)),
    )


def _with_calendar_days(checked: CheckedSentence, draft: StoryDraft) -> str:
    """The text, in which "yesterday" means the same day under the story's date as in the source."""
    published = draft.checker.articles[checked.cited[0].chunk.source].exact_date
    story = draft.traced_story.story
    return with_calendar_days(checked.text, published, story.date, draft.checker.language)


def _cited_locations(cited: CitedSpan) -> Iterator[SentenceLocation]:
    """The sentences that a citation overlaps."""
    for span in cited.chunk.sentences:
        if span.start < cited.span.end and cited.span.start < span.end:
            yield cited.chunk.source, span


def _all_findings(
    corpus: Corpus,
    traced: Sequence[TracedStory],
    drafts: Sequence[StoryDraft],
    unreadable: Sequence[SourceError],
) -> Iterator[Finding]:
    """The findings about sentences, then those about sources in reading order."""
    for draft in drafts:
        yield from draft.findings
    for error in unreadable:
        yield Finding(
            kind="unreadable", action="set_aside", text=error.subject, detail=error.message
        )
    for article in corpus.set_aside:
        yield Finding(
            kind="article_kind",
            action="set_aside",
            text=citations.source_label(article),
            detail=f"{KIND_NAMES[article.kind]}, no news report" if article.kind else "",
        )
    for article in corpus.undated:
        yield Finding(
            kind="unused",
            action="set_aside",
            text=citations.source_label(article),
            detail=UNDATED_REASON,
        )
    draft_by_story = {each.traced_story.story.id: each for each in drafts}
    for each in traced:
        for article in each.story.articles:
            for item in corpus.boilerplate[article.id]:
                yield Finding(
                    kind="boilerplate",
                    action="set_aside",
                    text=article.text[slice(*item.span)],
                    detail=f"{item.kind}: {item.detail}",
                    source=article.id,
                    start=item.span.start,
                    end=item.span.end,
                )
            for kind, action, detail in _notes_on(
                article, draft_by_story.get(each.story.id), corpus
            ):
                yield Finding(
                    kind=kind,
                    action=action,
                    text=citations.source_label(article),
                    detail=detail,
                    source=article.id,
                )


def _notes_on(
    article: Article, draft: StoryDraft | None, corpus: Corpus
) -> Iterator[tuple[FindingKind, FindingAction, str]]:
    """What a reader should know of the article as a whole."""
    if article.is_excerpt:
        yield "excerpt", "kept", "only its beginning could be read"
    if article.published_from == "future":
        yield "future_date", "set_aside", f"its date, {article.day}, is after this run"
    if reason := _unused_reason(article, draft, corpus):
        yield "unused", "set_aside", reason


def _unused_reason(article: Article, draft: StoryDraft | None, corpus: Corpus) -> str:
    """Why nothing of the article could be used; empty if something could."""
    if draft is None:
        return "its story did not fit into the words asked for"
    if corpus.statements[article.id] and not draft.checker.statements[article.id]:
        return "its story has more passages than one briefing may cite"
    language = draft.checker.language
    if draft.writer == EXTRACTIVE_WRITER and languages_differ(article.language, language):
        own, others = language_name(article.language), language_name(language)
        return f"is in {own}, and its story is written in {others}"
    return ""


def _make_report(
    drafts: Sequence[StoryDraft], synopsis: Synopsis, sources: Sequence[Source]
) -> Report:
    parts = [(synopsis.sentences, synopsis.checker, synopsis.findings)]
    parts += [(list(each.all_sentences()), each.checker, each.findings) for each in drafts]
    by_story = [story for story, _, _ in parts]
    sentences = [item for story in by_story for item in story]
    quality = [
        measure_citations(
            [JudgedCitations(item.text, item.cited, item.judgement, item.named) for item in story],
            checker.judge,
            sum(finding.kind == "unresolved" for finding in findings),
        )
        for story, checker, findings in parts
    ]
    found, covered = zip(*(_fact_counts(each) for each in drafts), strict=True)
    calls = [*synopsis.activities, *(a for each in drafts for a in each.activities)]
    costs = [call.cost_usd for call in calls if call.cost_usd is not None]
    page_of = {source.id: _page(source) for source in sources}
    return Report(
        sentences=len(sentences),
        supported=sum(item.judgement.verdict == "supported" for item in sentences),
        unverified=sum(item.judgement.verdict == "unverified" for item in sentences),
        citation_recall=_weighted_mean(
            [each.recall for each in quality], [len(story) for story in by_story]
        ),
        citation_precision=_weighted_mean(
            [each.precision for each in quality],
            [sum(len(item.cited) for item in story) for story in by_story],
        ),
        sources_read=len(set(page_of.values())),
        sources_cited=len({page_of[c.chunk.source] for item in sentences for c in item.cited}),
        origins=len({source.origin for source in sources}),
        facts_found=sum(found),
        facts_covered=sum(covered),
        disagreements=sum(not block.update for each in drafts for block in each.disagreements),
        updates=sum(block.update for each in drafts for block in each.disagreements),
        model_calls=sum(not call.cached for call in calls),
        cached_calls=sum(call.cached for call in calls),
        # A sum without the calls of unknown price would look like the whole cost.
        cost_usd=round(math.fsum(costs), 6) if costs and len(costs) == len(calls) else None,
    )


def _page(source: Source) -> tuple[str | None, str]:
    """What a source was read from: the items of a round-up have one page."""
    return source.path or source.url, source.sha256


def _weighted_mean(values: Sequence[float | None], weights: Sequence[int]) -> float | None:
    known = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and w]
    total = sum(w for _, w in known)
    return round(sum(v * w for v, w in known) / total, 4) if total else None


def _fact_counts(draft: StoryDraft) -> tuple[int, int]:
    """The number of facts in the statements that could be used, and of those that are cited."""
    stem_sets = [item.stems for item in draft.statements]
    groups = UnionFind(len(stem_sets))
    first: dict[frozenset[str], int] = {}
    for index, stems in enumerate(stem_sets):
        groups.union(first.setdefault(stems, index), index)
    for left, right, _ in similar_pairs(stem_sets, REPORTED_FACT_DICE):
        groups.union(left, right)
    cited = {
        location
        for item in draft.all_sentences()
        for c in item.cited
        for location in _cited_locations(c)
    }
    locations = [(item.source, item.span) for item in draft.statements]
    facts = groups.groups()
    covered = sum(any(locations[index] in cited for index in fact) for fact in facts)
    return len(facts), covered


def _all_activities(drafts: Sequence[StoryDraft]) -> Iterator[Activity]:
    """The model calls for each story, and the extractive writer of a story without a model."""
    for each in drafts:
        yield from each.activities
        if each.writer == EXTRACTIVE_WRITER:
            yield Activity(
                step="write",
                agent=f"summarizer {__version__} extractive",
                used=tuple(dict.fromkeys(item.chunk.id for item in each.statements)),
                generated=(each.traced_story.story.id,),
            )
