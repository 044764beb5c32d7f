"""The phrases that all formats share: dates, counts, origins, findings, the report line.

The program's own words are those of `Labels`; words of an article pass through `clean_line`.
Findings and the notes of an edition are composed where they arise, in English.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from summarizer.briefing import Briefing, Finding, FindingKind, Report, Sentence, Source
from summarizer.rendering.labels import ENGLISH, Labels, pluralize
from summarizer.rendering.sanitize import clean_line

if TYPE_CHECKING:
    from summarizer.audit.report import AuditedSentence, DraftReport, SkippedLine
    from summarizer.edition import Edition, StoryUpdate


def masthead(briefing: Briefing, labels: Labels = ENGLISH) -> str:
    """From the first story's date to that of the newest source; cited sources, independent origins,
    sentences."""
    stories = [story.date for story in briefing.stories if story.date]
    sources = [source.exact_date for source in briefing.sources if source.exact_date]
    ends = (min(stories or sources), max(stories + sources)) if stories or sources else ()
    cited = {c.source for sentence in briefing.all_sentences() for c in sentence.citations}
    origins = {source.origin for source in briefing.sources if source.id in cited}
    parts = [
        " – ".join(dict.fromkeys(map(labels.day, ends))),
        labels("sources_counted", n=len(cited)),
        labels("origins_counted", n=len(origins)),
        labels("sentences_counted", n=sum(1 + len(story.sentences) for story in briefing.stories)),
    ]
    return " · ".join(filter(None, parts))


def subject_line(edition: "Edition", labels: Labels = ENGLISH) -> str:
    """The edition in one line. It quotes no story, since a sentence needs its citation."""
    if edition.kind == "alert":
        return clean_line(edition.title)
    stories = len(edition.briefing.stories) if edition.briefing else 0
    content = labels("stories_counted", n=stories) if stories else labels("nothing_new")
    parts = [
        labels("no_edition") if edition.kind == "failed" else content,
        labels("updates_counted", n=len(edition.updates)) if edition.updates else "",
        labels("incomplete") if edition.kind == "degraded" else "",
    ]
    title = f"{clean_line(edition.title)} · {labels.day(edition.due)}"
    return f"{title}: {labels('comma').join(filter(None, parts))}"


def briefing_glance(briefing: Briefing) -> str:
    """The briefing in one line of a list: the first headline and the number of its sources."""
    headlines = [clean_line(story.headline.text) for story in briefing.stories[:1]]
    return " · ".join([*headlines, pluralize(len(briefing.sources), "source")])


def update_history(update: "StoryUpdate", labels: Labels = ENGLISH) -> str:
    """Since when a story is in editions: first reported 3 Nov 2025, in 2 editions so far."""
    key = "first_reported" if update.editions == 1 else "reported_in_editions"
    return labels(key, day=update.first, n=update.editions)


_PARTISAN = ("press_release", "opinion")
"""Kinds of articles that speak for somebody."""

_UNCERTAIN_DATES = ("dateline", "url", "estimate", "future", "text")
"""Where a date was found, if neither source nor feed gave it; the label of each says so."""


def publication_note(source: Source, labels: Labels = ENGLISH) -> str:
    """The date, and where it was found unless source or feed gave it; "undated" without one.

    Only the list of sources shows what is no date to rely on: an estimate, a bound.
    """
    if source.day is None or source.published_from is None:
        return labels("undated")
    if source.published_from in _UNCERTAIN_DATES:
        return labels(f"date_{source.published_from}", day=source.day)
    return labels.day(source.day)


def source_location(source: Source) -> str:
    """Its URL or path on one line; empty where the label is the same."""
    location = clean_line(source.url or source.path or "")
    return "" if location == clean_line(source.label) else location


def byline(source: Source, twin: int | None, labels: Labels = ENGLISH) -> str:
    """Publisher (unless the label names it), kind unless it is a report, date or bound, and origin:
    for the list of sources.

    ``twin`` is the number of an earlier source of the same origin.
    """
    publisher = clean_line(source.publisher or "")
    parts = (
        "" if publisher == clean_line(source.label) else publisher,
        labels(source.kind) if source.kind else "",
        publication_note(source, labels),
        labels("same_origin", number=twin) if twin else "",
    )
    return " · ".join(filter(None, parts))


def attribution(source: Source, twin: int | None, labels: Labels = ENGLISH) -> str:
    """As `byline`, for a citation anywhere else: with the date only where it is known."""
    if source.exact_date is None:
        source = source.model_copy(update={"published": None})
    return byline(source, twin, labels)


def with_partisan_source(
    sentence: Sentence, sources: Mapping[str, Source], labels: Labels = ENGLISH
) -> str:
    """The text; one that rests on press releases or opinions alone says so at its end."""
    cited = [sources[each.source] for each in sentence.citations]
    first, text = cited[0], clean_line(sentence.text)
    if any(each.kind != first.kind for each in cited) or first.kind not in _PARTISAN:
        return text
    publisher = clean_line(first.publisher or "")
    kind = labels("comma").join(filter(None, (labels(first.kind), publisher)))
    return f"{text} ({kind})"


def spelling_note(finding: Finding, labels: Labels = ENGLISH) -> str:
    """How a source spells a name that others spell otherwise."""
    return labels("spelling", name=clean_line(finding.text), detail=clean_line(finding.detail))


def disagreement_topic(topic: str, labels: Labels = ENGLISH) -> str:
    """The topic; what the rules found, such as "a figure", in the words of ``labels``."""
    kind, colon, values = clean_line(topic).partition(": ")
    if (shown := labels.translate(kind)) == kind:
        return f"{kind}{colon}{values}"
    return f"{shown}{colon}{values.replace(ENGLISH('then'), labels('then'))}"


def verdict_note(sentence: "Sentence | AuditedSentence", labels: Labels = ENGLISH) -> str:
    """What a reader must know of the sentence; empty when it is supported."""
    return "" if sentence.verdict == "supported" else labels(sentence.verdict)


def support_note(sentence: Sentence, labels: Labels = ENGLISH) -> str:
    """Independent origins and calibrated support of the sentence."""
    return labels("support", n=sentence.origins, support=float(sentence.support))


def authorship(writer: str, labels: Labels = ENGLISH) -> str:
    """Who chose the words."""
    if writer == "extractive":
        return labels("own_sentences")
    return labels("written_by", model=clean_line(writer))


def unwritten_notice(briefing: Briefing) -> str:
    """One line on the stories that a model was to write and did not; empty without any."""
    unwritten = [finding for finding in briefing.findings if finding.kind == "unwritten"]
    if not unwritten:
        return ""
    stories = len(briefing.stories)
    if briefing.writer == "extractive":
        which = f"All {stories:,} stories are" if stories > 1 else "The story is"
    else:
        count = len(unwritten)
        which = f"{count:,} of {pluralize(stories, 'story')} {'is' if count == 1 else 'are'}"
    return f"{which} in the sources’ own sentences, {clean_line(unwritten[0].detail)}"


def concerns_sentence(finding: Finding) -> bool:
    """Whether the finding is about a sentence, and not about a source or a model."""
    of_sources = ("boilerplate", "unreadable", "unused", "future_date", "article_kind")
    others = ("duplicate", "excerpt", "spelling", "model", "unwritten")
    return finding.kind not in (*of_sources, *others)


def findings_summary(findings: Sequence[Finding]) -> str:
    """Counts by action and kind: ``3 dropped (2 number, 1 name)``."""
    by_action: dict[str, Counter[str]] = {}
    for finding in findings:
        by_action.setdefault(finding.action, Counter())[finding.kind] += 1
    parts = []
    for action, kinds in sorted(by_action.items()):
        # One kind alone has the action's number already.
        counts = (f"{number:,} {kind}" for kind, number in kinds.most_common())
        detail = ", ".join(counts) if len(kinds) > 1 else next(iter(kinds))
        parts.append(f"{kinds.total():,} {action.replace('_', ' ')} ({detail})")
    return " · ".join(parts)


SET_APART = ("about_sources", "chat")
"""Why a sentence of a draft is not judged; all other reasons are those of lines."""


def skip_label(reason: str) -> str:
    """Why a line or a sentence of a draft was not judged, as it is shown."""
    return "about the sources" if reason == "about_sources" else reason.replace("_", " ")


def skipped_summary(skipped: "Sequence[SkippedLine]") -> str:
    """``Not judged: 3 lines (1 heading, 2 source list), 1 sentence (1 chat)``; empty without."""
    parts = []
    for noun in ("line", "sentence"):
        reasons = Counter(
            skip_label(one.reason)
            for one in skipped
            if (one.reason in SET_APART) == (noun == "sentence")
        )
        if reasons:
            counts = ", ".join(f"{number} {reason}" for reason, number in reasons.items())
            parts.append(f"{pluralize(reasons.total(), noun)} ({counts})")
    return f"Not judged: {', '.join(parts)}" if parts else ""


def unread_line(briefing: Briefing, labels: Labels = ENGLISH) -> str:
    """``2 of 14 sources could not be read.``; empty if all could."""
    unread = _count_findings(briefing, "unreadable")
    if not unread:
        return ""
    return labels("unread_notice", n=unread, total=briefing.report.sources_read + unread)


def report_line(briefing: Briefing, labels: Labels = ENGLISH) -> str:
    """The run in one line: what a reader does not get or cannot rely on, then what it cost. A count
    of 0 is left out, and so are the citation scores where the sources' own sentences make them
    1.00."""
    report = briefing.report
    counts = {
        "report_unverified": report.unverified,
        "report_unsupported": report.sentences - report.supported - report.unverified,
    }
    more_counts = {
        "sources_undated": sum(source.exact_date is None for source in briefing.sources),
        "sources_unread": _count_findings(briefing, "unreadable"),
        "sources_unused": _count_findings(briefing, "unused"),
    }
    differences = {"disagreements": report.disagreements, "updates_counted": report.updates}
    left_out = report.facts_found - report.facts_covered
    parts = [
        labels("report_supported", n=report.supported, total=report.sentences),
        *_counted(counts, labels),
        *(_citation_scores(report, labels) if briefing.writer != "extractive" else ()),
        *_counted(differences, labels),
        labels("facts_left_out", n=left_out, total=report.facts_found),
        labels("sources_cited", n=report.sources_cited, total=report.sources_read),
        *_counted(more_counts, labels),
    ]
    if report.model_calls + report.cached_calls:
        key = "model_calls_cached" if report.cached_calls else "model_calls"
        cost = "" if report.cost_usd is None else f", ${report.cost_usd:.4f}"
        calls = labels(key, n=report.model_calls, cached=str(report.cached_calls))
        parts.append(f"{calls}{cost}")
    else:
        parts.append(labels("no_model"))
    return " · ".join(parts)


def _counted(numbers: Mapping[str, int], labels: Labels) -> Iterator[str]:
    """The label of each number that is not 0."""
    for key, number in numbers.items():
        if number:
            yield labels(key, n=number)


def _count_findings(briefing: Briefing, kind: FindingKind) -> int:
    return sum(finding.kind == kind for finding in briefing.findings)


def audit_report_line(report: "DraftReport") -> str:
    """A checked draft in one line."""
    parts = [f"{report.supported:,} of {pluralize(report.sentences, 'sentence')} supported"]
    if report.unverified:
        parts.append(f"{report.unverified:,} unverified")
    if report.without_marker and report.citation_precision is not None:
        parts.append(f"{report.without_marker:,} without a mark")
    return " · ".join([*parts, *_citation_scores(report, ENGLISH)])


def _citation_scores(report: "Report | DraftReport", labels: Labels) -> Iterator[str]:
    """Recall and precision, each where it was measured."""
    if report.citation_recall is not None:
        yield labels("recall", score=float(report.citation_recall))
    if report.citation_precision is not None:
        yield labels("precision", score=float(report.citation_precision))
