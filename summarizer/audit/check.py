"""A draft checked against its sources: each sentence against those it cites, else against the best.

parsed draft + corpus
| resolve     references     each marker -> a source, or nothing
| retrieve    retrieval      passages of those sources (without a marker: of all) that may say it
| judge       verdict        the nearest alone, then the nearest together, as whole passages
-> DraftAudit

What is shown of a passage are the sentences that are nearest to the one that cites it.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from summarizer.audit.draft import MarkedSentence, ParsedDraft
from summarizer.audit.references import ResolvedReferences, resolve_references
from summarizer.audit.report import (
    AuditedSentence,
    AuditIssue,
    DraftAudit,
    DraftReport,
    SkippedLine,
)
from summarizer.checking import citations
from summarizer.checking.citations import (
    MIN_COVERAGE_GAIN,
    CitedSpan,
    covered_share,
    locate_in_chunk,
    stem_shares,
)
from summarizer.checking.claims import Judgement
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.judge import ModelJudge
from summarizer.checking.prompt_passages import ArticlePassages
from summarizer.checking.repair import ClaimToJudge, is_open
from summarizer.checking.verdict import CitationChecker
from summarizer.errors import SourceError
from summarizer.retrieval.corpus import Corpus, main_language
from summarizer.retrieval.search import ChunkIndex
from summarizer.sources.articles import Article, sha256_hex
from summarizer.text.aliases import find_aliases
from summarizer.text.framing import Frame, find_frames
from summarizer.text.languages import language_name, languages_differ
from summarizer.text.lexicon import lexicon
from summarizer.text.quotes import quoted_spans
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems

__all__ = ["audit_draft"]

MAX_SINGLE_PASSAGES = 4
"""Passages of a source that are asked for support; together at most `MAX_COMBINED_PASSAGES`."""

MAX_COMBINED_PASSAGES = 3

TrackSentences = Callable[[str, Sequence[MarkedSentence]], Iterable[MarkedSentence]]


def audit_draft(  # noqa: PLR0913  # what reads and judges, besides the draft and its sources
    draft: ParsedDraft,
    given: Sequence[Article | SourceError],
    corpus: Corpus,
    *,
    name: str,
    track: TrackSentences = lambda _, items: items,
    judge: ModelJudge | None = None,
    entailment: EntailmentModel | None = None,
) -> DraftAudit:
    """Every sentence of the draft, judged. ``given``: the sources in their order, with those that
    could not be read; ``corpus``: the others made ready. ``name``: the draft's path. ``judge``
    decides what the checks leave uncertain; ``entailment`` reads what their rules leave open."""
    attribution = resolve_references(draft, given)
    reader = _sentence_judge(draft, corpus, attribution, judge, entailment)
    judged = reader.read_all(draft.sentences, track)
    cited = [item for one in judged for item in one.cited]
    sources = {item.chunk.source for item in cited} | {
        one.source for one in attribution.references.values() if one.source
    }
    line_of = partial(_line_number, _line_starts(draft.text))
    return DraftAudit(
        schema="summarizer/check/2",
        draft=name,
        sha256=sha256_hex(draft.text),
        language=draft.language,
        notes=(
            attribution.note,
            *_order_note(judged, attribution, corpus),
            *_language_note(draft, corpus),
            *(f"“{each.text}” {each.detail}" for each in (judge.findings if judge else ())),
        ),
        sentences=tuple(_audited_sentence(one, line_of(one.marked.span.start)) for one in judged),
        references=tuple(attribution.references.values()),
        skipped=tuple(
            SkippedLine(reason=one.reason, text=one.text, line=line_of(one.start))
            for one in draft.skipped
        ),
        sources=tuple(
            citations.build_source(article, corpus.boilerplate[article.id], article.id)
            for article in corpus.articles.values()
            if article.id in sources
        ),
        chunks=tuple(citations.cited_chunks(cited)),
        report=_draft_report(judged, attribution),
    )


def _quoted_sentences(draft: ParsedDraft) -> dict[Span, Frame]:
    """The sentences of the draft inside quotation marks, by their spans. Its headings and lead-ins
    ("In short:") frame nothing: they are the writer's own."""
    texts = {one.span: one.text for one in draft.sentences}
    quoted = quoted_spans(draft.text)
    frames = find_frames(draft.text, list(texts), draft.language) if quoted else ()
    return {
        span: frame._replace(text=texts.get(frame.span, frame.text))  # without its marks
        for span, frame in zip(texts, frames, strict=False)
        if frame and any(start <= span.start < end for start, end in quoted)
    }


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _line_number(starts: Sequence[int], offset: int) -> int:
    """The number of the line at an offset, from 1."""
    return bisect_right(starts, offset)


def _language_note(draft: ParsedDraft, corpus: Corpus) -> Iterator[str]:
    """One line if the draft can be compared with no source word by word."""
    languages = {article.language for article in corpus.articles.values()}
    if all(languages_differ(draft.language, each) for each in languages):
        theirs = ", ".join(sorted(map(language_name, languages)))
        yield (
            f"the draft is in {language_name(draft.language)}, the sources in {theirs}:"
            " only numbers, dates and markup can be compared"
        )


MIN_MISPLACED = 3
"""Sentences that another source says, from which an exchanged order is suspected."""

MIN_CLOSER_SUPPORT = 0.3
"""By how much another source must support a sentence more than the cited one does."""


def _order_note(
    judged: Sequence["_JudgedSentence"], attribution: ResolvedReferences, corpus: Corpus
) -> Iterator[str]:
    """One line if most sentences that cite by number are nearer to another source."""
    numbered = [one for one in judged if attribution.counted(one.marked.marks)]
    misplaced = [one for one in numbered if one.nearer]
    if len(misplaced) < MIN_MISPLACED or 2 * len(misplaced) <= len(numbered):
        return
    votes = Counter(
        (mark.text, one.nearer) for one in misplaced for mark in one.marked.marks[:1]
    ).most_common()
    best = dict(reversed([(mark, (source, count)) for (mark, source), count in votes]))
    meant = ", ".join(
        f"{mark} seems to be {citations.source_label(corpus.articles[source])} ({count} of them)"
        for mark, (source, count) in sorted(best.items())[:5]
    )
    yield (
        f"the numbers seem to follow another order: of {len(numbered)} sentences that cite by"
        f" number, {len(misplaced)} are said by another source than the cited one; {meant}"
    )


class _JudgedSentence(NamedTuple):
    """A sentence, what it was judged on, how many of its marks lead to what carries it, and the id
    of a source that is nearer to it than those it cites."""

    marked: MarkedSentence
    cited: tuple[CitedSpan, ...]
    judgement: Judgement
    doubts: tuple[AuditIssue, ...]
    carrying: int
    nearer: str = ""

    @property
    def verdict(self) -> str:
        """Marks that lead nowhere leave no sentence standing."""
        dead = any(doubt.kind == "unresolved" for doubt in self.doubts)
        return "unresolved" if dead else self.judgement.verdict


def _audited_sentence(one: _JudgedSentence, line: int) -> AuditedSentence:
    return AuditedSentence.model_validate(
        {
            "text": one.marked.text,
            "line": line,
            "start": one.marked.span.start,
            "end": one.marked.span.end,
            "markers": tuple(mark.text for mark in one.marked.marks),
            "verdict": one.verdict,
            "support": round(one.judgement.support, 3),
            "checked_by": one.judgement.checked_by,
            "issues": one.doubts,
            "citations": tuple(map(citations.build_citation, one.cited)),
        }
    )


def _draft_report(
    judged: Sequence[_JudgedSentence], attribution: ResolvedReferences
) -> DraftReport:
    supported = sum(one.verdict == "supported" for one in judged)
    marks = sum(
        len(attribution.sources(one.marked.marks)) + len(attribution.unresolved(one.marked.marks))
        for one in judged
    )
    return DraftReport(
        sentences=len(judged),
        supported=supported,
        unverified=sum(one.verdict == "unverified" for one in judged),
        without_marker=sum(not one.marked.marks for one in judged),
        citation_recall=round(supported / len(judged), 4) if judged else None,
        citation_precision=round(sum(one.carrying for one in judged) / marks, 4) if marks else None,
    )


_NearestPassages = tuple[list[CitedSpan], Judgement]
"""The passages that a sentence is judged on, and the judgement."""


def _sentence_judge(
    draft: ParsedDraft,
    corpus: Corpus,
    attribution: ResolvedReferences,
    judge: ModelJudge | None,
    entailment: EntailmentModel | None,
) -> "_SentenceJudge":
    known = find_aliases(article.text for article in corpus.articles.values())
    # A draft of few words is in the language of its sources, as far as can be told.
    language = draft.language
    if language == "und" and corpus.articles:
        language = main_language(corpus.articles.values())
    checker = CitationChecker(
        corpus.articles, corpus.statements, known, language, corpus.annotations, entailment
    )
    passages = ArticlePassages(corpus.statements)
    return _SentenceJudge(corpus, checker, attribution, _quoted_sentences(draft), passages, judge)


@dataclass(frozen=True, slots=True)
class _SentenceJudge:
    """Judges sentence after sentence; indexes are made when they are first asked."""

    corpus: Corpus
    examiner: CitationChecker
    attribution: ResolvedReferences
    frames: Mapping[Span, Frame]
    passages: ArticlePassages
    model_judge: ModelJudge | None = None
    _indexes: dict[str, ChunkIndex] = field(default_factory=dict)

    def read_all(
        self, sentences: Sequence[MarkedSentence], track: TrackSentences
    ) -> list[_JudgedSentence]:
        """All sentences, each with the passages of its sources, or without a marker of all."""
        nearest = [
            self._carried(one, self.attribution.sources(one.marks) or None)
            for one in track("Checking", sentences)
        ]
        return list(map(self.read, sentences, self._with_opinions(sentences, nearest)))

    def _with_opinions(
        self, sentences: Sequence[MarkedSentence], nearest: Sequence[_NearestPassages]
    ) -> Sequence[_NearestPassages]:
        """The judgements with those of the model, if one judges: it is asked once for all that the
        rules neither support nor refuse by a hard issue."""
        asked = [
            at
            for at, (cited, judgement) in enumerate(nearest)
            if self.model_judge and cited and is_open(judgement)
        ]
        if not (self.model_judge and asked):
            return nearest
        claims = [
            ClaimToJudge(sentences[at].text, tuple(item.chunk for item in nearest[at][0]))
            for at in asked
        ]
        decided = list(nearest)
        for at, opinion in zip(asked, self.model_judge(claims), strict=True):
            if opinion:
                cited, _ = nearest[at]
                decided[at] = cited, opinion.judgement()
        return decided

    def read(self, marked: MarkedSentence, nearest: _NearestPassages) -> _JudgedSentence:
        """One sentence."""
        own = self.attribution.sources(marked.marks)
        dead = self.attribution.unresolved(marked.marks)
        cited, judgement = nearest
        doubts = [
            AuditIssue(kind="unresolved", words=one.marker, detail=one.detail) for one in dead
        ]
        doubts += [
            AuditIssue(kind=p.kind, words=p.words, detail=p.detail) for p in judgement.issues
        ]
        if judgement.verdict != "supported":
            nearer, other = self._elsewhere(marked, own, judgement)
            doubts += self._told(marked, own, cited, judgement)
            if other == "supported":
                label = citations.source_label(self.corpus.articles[nearer])
                where = f"not where it is cited; {label} says it"
                doubts.append(AuditIssue(kind="misattributed", words=marked.text, detail=where))
            return _JudgedSentence(marked, tuple(cited), judgement, tuple(doubts), 0, nearer)
        cited = [*cited, *self._also(marked, own, cited)]
        carrying = {item.chunk.source for item in cited} & set(own)
        doubts += self._needless(marked, carrying)
        return _JudgedSentence(marked, tuple(cited), judgement, tuple(doubts), len(carrying))

    def _carried(self, marked: MarkedSentence, sources: Sequence[str] | None) -> _NearestPassages:
        """The passages that carry it, else the nearest, and the judgement on them."""
        near = self._near(marked.text, sources)
        if not near:
            measured = lexicon(self.examiner.language).soft_checks_measured
            return [], Judgement("unsupported" if measured else "unverified", 0.0, ())
        tries = [[item] for item in near[:MAX_SINGLE_PASSAGES]]
        tries += self._together(marked.text, near)
        judged: list[tuple[list[CitedSpan], Judgement]] = []
        for cited in tries:
            judged.append((cited, self._judge(marked, cited)))
            if judged[-1][1].verdict == "supported":
                return judged[-1]
        partly = [one for one in judged if one[1].verdict == "unverified"]
        return max(partly, key=lambda one: one[1].support) if partly else judged[0]

    def _judge(self, marked: MarkedSentence, cited: Sequence[CitedSpan]) -> Judgement:
        """On the whole passages, and those that explain them."""
        chunks = dict.fromkeys(item.chunk for item in cited)
        chunks |= dict.fromkeys(e for chunk in chunks for e in self.passages.explaining(chunk))
        whole = [CitedSpan(chunk, Span(chunk.start, chunk.end)) for chunk in chunks]
        return self.examiner.judge(marked.text, whole, self.frames.get(marked.span))

    def _together(self, text: str, near: Sequence[CitedSpan]) -> Iterator[list[CitedSpan]]:
        """The nearest passage with those that add to it."""
        wanted = self._weights(text)
        held = [near[0]]
        stems = self._stems(near[0])
        for item in near[1:]:
            more = stems | self._stems(item)
            if (
                covered_share(wanted, more) - covered_share(wanted, stems) >= MIN_COVERAGE_GAIN
                and len(held) < MAX_COMBINED_PASSAGES
            ):
                held, stems = [*held, item], more
                yield held

    def _near(self, text: str, sources: Sequence[str] | None) -> list[CitedSpan]:
        """Passages that share most with the sentence, the nearest first."""
        indexes = [self._index(None)] if sources is None else map(self._index, sources)
        language = self.examiner.language
        chunks = [
            chunk
            for index in indexes
            for _, chunk in index.search(text, limit=2 * MAX_SINGLE_PASSAGES, language=language)
        ]
        wanted = self._weights(text)
        found = [CitedSpan(chunk, locate_in_chunk(text, chunk, language)) for chunk in chunks]
        return sorted(found, key=lambda item: -covered_share(wanted, self._stems(item)))

    def _weights(self, text: str) -> dict[str, float]:
        return stem_shares(content_stems(text, self.examiner.language))

    def _stems(self, item: CitedSpan) -> set[str]:
        return set(content_stems(item.quote, self.examiner.language))

    def _index(self, source: str | None) -> ChunkIndex:
        """Of one source, or of all."""
        name = source or ""
        if name not in self._indexes:
            held = (
                self.corpus.statements.values()
                if source is None
                else [self.corpus.statements[source]]
            )
            chunks = dict.fromkeys(item.chunk for said in held for item in said)
            languages = {a.id: a.language for a in self.corpus.articles.values()}
            self._indexes[name] = ChunkIndex(list(chunks), languages)
        return self._indexes[name]

    def _also(
        self, marked: MarkedSentence, own: Collection[str], cited: Sequence[CitedSpan]
    ) -> Iterator[CitedSpan]:
        """A passage of each further cited source that carries the sentence alone."""
        have = {item.chunk.source for item in cited}
        for source in own:
            for item in self._near(marked.text, [source])[:2] if source not in have else ():
                if self._judge(marked, [item]).verdict == "supported":
                    yield item
                    break

    def _needless(self, marked: MarkedSentence, carrying: Collection[str]) -> Iterator[AuditIssue]:
        """Marks whose source does not say it, though another one's does."""
        for mark in marked.marks:
            (source,) = self.attribution.sources([mark]) or ("",)
            if source and source not in carrying:
                told = f"{mark.text} does not say it; the other citations do"
                yield AuditIssue(kind="misattributed", words=mark.text, detail=told)

    def _told(
        self,
        marked: MarkedSentence,
        own: Sequence[str],
        cited: Sequence[CitedSpan],
        judgement: Judgement,
    ) -> Iterator[AuditIssue]:
        """Why a sentence without any issue is not supported, and what can decide an open one."""
        if not own and marked.marks:
            return
        details = [] if judgement.issues else [self._why(cited, judgement)]
        methods = [] if self.model_judge else ["a judge (--judge-model NAME)"]
        methods += [] if self.examiner.entailment else ["a model on this machine (--nli PATH)"]
        if judgement.verdict == "unverified" and methods:
            details.append(f"{' or '.join(methods)} can decide it")
        if details:
            kind = "support" if marked.marks else "uncited"
            values = {"kind": kind, "words": marked.text, "detail": "; ".join(details)}
            yield AuditIssue.model_validate(values)

    def _why(self, cited: Sequence[CitedSpan], judgement: Judgement) -> str:
        if not cited:
            return "no passage shares a word with it"
        if self._differ(cited):
            return "the passage is in another language: only numbers and dates were compared"
        told = "only partly said" if judgement.verdict == "unverified" else "not said"
        return f"{told} by the nearest passage: support {judgement.support:.2f}"

    def _differ(self, cited: Sequence[CitedSpan]) -> bool:
        languages = {self.corpus.articles[item.chunk.source].language for item in cited}
        return all(languages_differ(self.examiner.language, each) for each in languages)

    def _elsewhere(
        self, marked: MarkedSentence, own: Collection[str], judgement: Judgement
    ) -> tuple[str, str]:
        """The source that is nearer to a sentence than those it cites, and its verdict; or ""."""
        near = [item for item in self._near(marked.text, None) if item.chunk.source not in own]
        for item in near[:2] if own else ():
            other = self._judge(marked, [item])
            closer = other.support - judgement.support >= MIN_CLOSER_SUPPORT
            if other.verdict == "supported" or (other.verdict == "unverified" and closer):
                return item.chunk.source, other.verdict
        return "", ""
