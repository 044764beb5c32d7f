"""Checked stories become a Briefing: citations, sources, findings and the report."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from summarizer import __version__, briefing
from summarizer.briefing import Activity, Briefing, Disagreement, Finding, Report, Source
from summarizer.checking import citations
from summarizer.checking.citations import CitedSpan
from summarizer.checking.metrics import measure_citations
from summarizer.checking.repair import CheckedSentence
from summarizer.errors import SourceError
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import SentenceLocation
from summarizer.retrieval.similarity import UnionFind, similar_pairs
from summarizer.retrieval.stories import Corpus, TracedStory
from summarizer.settings import Settings
from summarizer.sources.articles import Article, Boilerplate
from summarizer.text.languages import language_name, languages_differ
from summarizer.writing.story import EXTRACTIVE_WRITER, StoryDraft

__all__ = ["assemble_briefing"]

REPORTED_FACT_DICE = 0.5
"""Dice of the stems from which two statements count as one fact in the report."""


def assemble_briefing(
    corpus: Corpus,
    traced: Sequence[TracedStory],
    told: Sequence[StoryDraft],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
) -> Briefing:
    """The briefing of ``told``, with the rest of ``traced`` accounted for in its findings."""
    stories = tuple(_briefing_story(each) for each in told)
    sources = tuple(_source_list(corpus, traced))
    cited = (c for each in told for item in each.all_sentences() for c in item.cited)
    chunks = tuple(citations.cited_chunks(cited))
    briefing = Briefing(
        schema="summarizer/briefing/2",
        id="b-",
        created=now,
        title=settings.title or _default_title(told, sources),
        language=told[0].checker.language,
        writer=next(
            (each.writer for each in told if each.writer != EXTRACTIVE_WRITER), EXTRACTIVE_WRITER
        ),
        stories=stories,
        sources=sources,
        chunks=chunks,
        findings=tuple(_all_findings(corpus, traced, told, unreadable)),
        report=_make_report(told, sources),
        activities=tuple(_all_activities(told, stories)),
    )
    return briefing.model_copy(update={"id": briefing.identity()})


def _default_title(told: Sequence[StoryDraft], sources: Sequence[Source]) -> str:
    days = [each.traced_story.story.date for each in told if each.traced_story.story.date]
    if days:
        latest = max(days)
        return f"Briefing, {latest.day} {latest:%B %Y}"
    return f"Briefing of {len(sources)} article{'s' * (len(sources) != 1)}"


def _briefing_story(told: StoryDraft) -> briefing.BriefingStory:
    return briefing.BriefingStory(
        id=told.traced_story.story.id,
        headline=_briefing_sentence(told.headline, told),
        date=told.traced_story.story.date,
        sentences=tuple(_briefing_sentence(item, told) for item in told.sentences),
        disagreements=tuple(
            Disagreement(
                topic=about,
                sides=tuple(_briefing_sentence(side, told) for side in sides),
                update=update,
            )
            for about, sides, update in told.disagreements
        ),
    )


def _briefing_sentence(mended: CheckedSentence, told: StoryDraft) -> briefing.Sentence:
    places = [place for cited in mended.cited for place in _cited_locations(cited)]
    return briefing.Sentence(
        text=mended.text,
        verdict=mended.judgement.verdict,
        support=round(mended.judgement.support, 3),
        checked_by=mended.judgement.checked_by,
        method=mended.method,
        origins=told.traced_story.origins.count(places),
        citations=tuple(map(citations.build_citation, mended.cited)),
    )


def _cited_locations(cited: CitedSpan) -> Iterator[SentenceLocation]:
    """The sentences that a citation touches."""
    for span in cited.chunk.sentences:
        if span.start < cited.span.end and cited.span.start < span.end:
            yield cited.chunk.source, span


def _source_list(corpus: Corpus, traced: Sequence[TracedStory]) -> Iterator[Source]:
    """Every article that was read, story by story."""
    for each in traced:
        for article in each.story.articles:
            origin = each.origins.origin_by_source[article.id]
            yield citations.build_source(article, corpus.boilerplate[article.id], origin)


def _all_findings(
    corpus: Corpus,
    traced: Sequence[TracedStory],
    told: Sequence[StoryDraft],
    unreadable: Sequence[SourceError],
) -> Iterator[Finding]:
    """What was found and done, the sentences first, then the sources in the order of reading."""
    for story in told:
        yield from story.findings
    for error in unreadable:
        yield Finding(
            kind="unreadable", action="set_aside", text=error.subject, detail=error.message
        )
    stories = {each.traced_story.story.id: each for each in told}
    for each in traced:
        for article in each.story.articles:
            for item in corpus.boilerplate[article.id]:
                yield _boilerplate_finding(item, article.id, article.text[slice(*item.span)])
            why = _unused_reason(article, stories.get(each.story.id), corpus)
            if why:
                yield _unused_finding(article, why)


def _unused_reason(article: Article, story: StoryDraft | None, corpus: Corpus) -> str:
    """Why nothing of it could be told; nothing where something could."""
    if story is None:
        return "its story did not fit into the words asked for"
    if corpus.statements[article.id] and not story.checker.statements[article.id]:
        return "its story has more passages than one briefing may cite"
    language = story.checker.language
    if story.writer == EXTRACTIVE_WRITER and languages_differ(article.language, language):
        return (
            f"is in {language_name(article.language)}, and its story is told in"
            f" {language_name(language)}"
        )
    return ""


def _unused_finding(article: Article, why: str) -> Finding:
    return Finding(
        kind="unused",
        action="set_aside",
        text=citations.source_label(article),
        detail=why,
        source=article.id,
    )


def _boilerplate_finding(item: Boilerplate, source: str, text: str) -> Finding:
    start, end = item.span
    return Finding(
        kind="boilerplate",
        action="set_aside",
        text=text,
        detail=f"{item.kind}: {item.detail}",
        source=source,
        start=start,
        end=end,
    )


def _make_report(told: Sequence[StoryDraft], sources: Sequence[Source]) -> Report:
    shown = [(each, item) for each in told for item in each.all_sentences()]
    quality = [
        measure_citations(
            [(item.text, item.cited) for item in each.all_sentences()],
            each.checker.judge,
            sum(finding.kind == "unresolved" for finding in each.findings),
        )
        for each in told
    ]
    found, covered = zip(*(_fact_counts(each) for each in told), strict=True)
    asked = [activity for each in told for activity in each.activities]
    return Report(
        sentences=len(shown),
        supported=sum(item.judgement.verdict == "supported" for _, item in shown),
        unverified=sum(item.judgement.verdict == "unverified" for _, item in shown),
        citation_recall=_weighted_mean(
            [q.recall for q in quality], [len([*t.all_sentences()]) for t in told]
        ),
        citation_precision=_weighted_mean(
            [q.precision for q in quality],
            [sum(len(item.cited) for item in t.all_sentences()) for t in told],
        ),
        sources_read=len(sources),
        sources_cited=len({c.chunk.source for _, item in shown for c in item.cited}),
        origins=len({source.origin for source in sources}),
        facts_found=sum(found),
        facts_covered=sum(covered),
        model_calls=sum(not activity.cached for activity in asked),
        cached_calls=sum(activity.cached for activity in asked),
        cost_usd=_total_cost(asked),
    )


def _weighted_mean(values: Sequence[float | None], weights: Sequence[int]) -> float | None:
    known = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and w]
    total = sum(w for _, w in known)
    return round(sum(v * w for v, w in known) / total, 4) if total else None


def _fact_counts(told: StoryDraft) -> tuple[int, int]:
    """Groups of near-saying statements that could be told, and how many of them are."""
    stems = [item.stems for item in told.statements]
    groups = UnionFind(len(stems))
    first: dict[frozenset[str], int] = {}
    for at, each in enumerate(stems):
        groups.union(first.setdefault(each, at), at)
    for left, right, _ in similar_pairs(stems, REPORTED_FACT_DICE):
        groups.union(left, right)
    cited = {
        place for item in told.all_sentences() for c in item.cited for place in _cited_locations(c)
    }
    members = groups.groups()
    return len(members), sum(_is_cited(told.statements, group, cited) for group in members)


def _is_cited(
    able: Sequence[Statement], group: Sequence[int], cited: set[SentenceLocation]
) -> bool:
    return any((able[at].source, able[at].span) in cited for at in group)


def _all_activities(
    told: Sequence[StoryDraft], stories: Sequence[briefing.BriefingStory]
) -> Iterator[Activity]:
    """What was asked of models, and who wrote each story that they did not."""
    for each, story in zip(told, stories, strict=True):
        yield from each.activities
        if each.writer == EXTRACTIVE_WRITER:
            yield Activity(
                step="write",
                agent=f"summarizer {__version__} extractive",
                used=tuple(dict.fromkeys(item.chunk.id for item in each.statements)),
                generated=(story.id,),
            )


def _total_cost(asked: Sequence[Activity]) -> float | None:
    """US dollars of all calls; None without any, and where one has no known price."""
    costs = [each.cost_usd for each in asked]
    known = [cost for cost in costs if cost is not None]
    return round(math.fsum(known), 6) if known and len(known) == len(costs) else None
