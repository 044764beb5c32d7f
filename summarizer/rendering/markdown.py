"""Documents as Markdown: stories with footnotes, a checked draft as a task list.

Words of articles stay plain text. Escapes hold for CommonMark and for GitHub's extensions
(strikethrough, formulas, bare links).
"""

import re
from collections.abc import Iterator

from summarizer.rendering.references import CitationView
from summarizer.rendering.sanitize import clean_line
from summarizer.rendering.view import PageView, SentenceView, SourceView, StoryView

_INLINE_MARKUP = re.compile(r"[\\`*_\[\]<>&#~$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LINE_START_MARKUP = re.compile(r"^(\d{1,9})(?=[.)])|^(?=[-+=])")


def escape_markdown(text: str) -> str:
    r"""``text`` on one line, so that Markdown shows it unchanged.

    >>> escape_markdown("1. [a](b) <i>")
    '1\\. \\[a\\](b) \\<i\\>'
    """
    return _LINE_START_MARKUP.sub(r"\1\\", _INLINE_MARKUP.sub(r"\\\g<0>", clean_line(text)))


def page_markdown(page: PageView) -> str:
    """Stories, sources and notes; footnote ``[^n]`` is the n-th quotation that is cited."""
    return "\n\n".join(_page_blocks(page)) + "\n"


def audit_markdown(page: PageView) -> str:
    """The checked draft as a task list, in which supported sentences are ticked."""
    return "\n\n".join(_audit_blocks(page)) + "\n"


def _page_blocks(page: PageView) -> Iterator[str]:
    yield f"# {escape_markdown(page.heading)}"
    if page.first_line:
        yield f"**{escape_markdown(page.first_line)}**"
    if page.masthead:
        yield f"*{page.masthead}*"
        if page.synopsis:
            yield " ".join(map(_cited_sentence, page.synopsis))
        if page.in_brief:
            yield f"**{page.labels('in_brief')}**"
            yield "\n".join(f"- {_cited_sentence(headline)}" for headline in page.in_brief)
        for chapter in page.chapters:
            if chapter.title:
                yield f"## {escape_markdown(chapter.title)}"
            for story in chapter.stories:
                yield from _story_blocks(story, page, "###" if chapter.title else "##")
        yield f"## {page.labels('sources')}"
        yield "\n".join(map(_source_item, page.sources))
        if page.findings_summary:
            yield f"Checks: {page.findings_summary}."
        yield f"{page.labels('report')}: {page.report}."
        cited = [(one.citation, source) for source in page.sources for one in source.quotations]
        cited.sort(key=lambda pair: pair[0].footnote)
        at_quote = page.labels("at_quote")
        yield "\n".join(_footnote(citation, source, at_quote) for citation, source in cited)
    if page.kind == "edition" and page.notes:
        yield "\n".join(f"- {escape_markdown(note)}" for note in page.notes)


def _story_blocks(story: StoryView, page: PageView, level: str) -> Iterator[str]:
    update = f"{page.labels('update')}: " if story.update else ""
    yield f"{level} {update}{_cited_sentence(story.headline)}"
    if story.dateline:
        yield f"*{story.dateline}*"
    for paragraph in story.paragraphs:
        yield " ".join(map(_cited_sentence, paragraph))
    for each in story.disagreements:
        yield f"**{each.lead}** {escape_markdown(each.topic)}:"
        yield "\n".join(f"- {_cited_sentence(side)}" for side in each.sides)


def _cited_sentence(sentence: SentenceView) -> str:
    marks = "".join(f"[^{citation.footnote}]" for citation in sentence.citations)
    origins = f" ×{sentence.origins}" if sentence.origins > 1 else ""
    note = f" *({sentence.note})*" if sentence.note else ""
    return f"{escape_markdown(sentence.text)}{marks}{origins}{note}"


def _source_item(source: SourceView) -> str:
    place = f"<{source.url}>" if source.url else escape_markdown(source.location)
    parts = [escape_markdown(source.label), escape_markdown(source.byline), place]
    return f"{source.number}. {' · '.join(filter(None, parts))}"


def _footnote(citation: CitationView, source: SourceView, at_quote: str) -> str:
    place = f"[{at_quote}]({citation.link})" if citation.link else escape_markdown(source.location)
    parts = [escape_markdown(citation.label), escape_markdown(citation.attribution), place]
    quote = escape_markdown(citation.quote)
    return f"[^{citation.footnote}]: *{quote}* {' · '.join(filter(None, parts))}"


def _audit_blocks(page: PageView) -> Iterator[str]:
    yield f"# Check of {escape_markdown(page.title)}"
    for note in page.notes:
        yield f"*{escape_markdown(note)}*"
    rows = []
    for sentence in page.sentences:
        tick = " " if sentence.note else "x"
        markers = f" {escape_markdown(''.join(sentence.markers))}" if sentence.markers else ""
        note = f" **({sentence.note})**" if sentence.note else ""
        rows.append(f"- [{tick}] {escape_markdown(sentence.text)}{markers}{note}")
        rows += [f"  - {escape_markdown(reason)}" for reason in sentence.reasons]
    yield "\n".join(rows)
    apart = [finding for finding in page.findings if finding.kind == "sentence"]
    if apart:
        yield "\n".join(
            f"- {escape_markdown(each.text)} *({each.action}, not judged)*" for each in apart
        )
    if page.findings_summary:
        yield escape_markdown(page.findings_summary)
    yield f"{page.report}."
