"""Briefings and editions as Markdown with footnotes; words of articles stay plain text.

Escapes hold for CommonMark and for GitHub's extensions (strikethrough, formulas, bare
links).
"""

import re
from collections.abc import Iterator

from summarizer.briefing import Briefing, BriefingStory, Disagreement, Sentence
from summarizer.edition import Edition, StoryUpdate
from summarizer.rendering.phrases import (
    PARAGRAPH_SENTENCES,
    attribution,
    byline,
    disagreement_lead,
    findings_summary,
    format_day,
    masthead,
    report_line,
    source_location,
    update_history,
    verdict_note,
)
from summarizer.rendering.references import (
    Bibliography,
    Footnote,
    NumberedSource,
    number_references,
)
from summarizer.rendering.sanitize import clean_line, text_fragment_url, web_url
from summarizer.rendering.view import arrange_chapters, briefing_in_chapter_order

__all__ = ["briefing_markdown", "edition_markdown", "escape_markdown"]

_INLINE_MARKUP = re.compile(r"[\\`*_\[\]<>&#~$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LINE_START_MARKUP = re.compile(r"^(\d{1,9})(?=[.)])|^(?=[-+=])")


def escape_markdown(text: str) -> str:
    r"""``text`` on one line, so that Markdown shows it as it stands.

    >>> escape_markdown("1. [a](b) <i>")
    '1\\. \\[a\\](b) \\<i\\>'
    """
    return _LINE_START_MARKUP.sub(r"\1\\", _INLINE_MARKUP.sub(r"\\\g<0>", clean_line(text)))


def briefing_markdown(briefing: Briefing) -> str:
    """The briefing; footnote ``[^n]`` is the n-th quotation in order of first citation."""
    return "\n\n".join(_briefing_blocks(briefing, number_references(briefing))) + "\n"


def edition_markdown(edition: Edition) -> str:
    """The edition: its first line, the stories under their topics, and the notes at its end."""
    return "\n\n".join(_edition_blocks(edition)) + "\n"


def _edition_blocks(edition: Edition) -> Iterator[str]:
    chapters = arrange_chapters(edition)
    briefing = briefing_in_chapter_order(edition, chapters)
    yield f"# {escape_markdown(edition.title)} · {format_day(edition.due)}"
    if edition.first_line:
        yield f"**{escape_markdown(edition.first_line)}**"
    if briefing:
        references = number_references(briefing)
        yield f"*{masthead(briefing, references.sources)}*"
        for chapter in chapters:
            yield from [f"## {escape_markdown(chapter.title)}"] if chapter.title else []
            for story, update in chapter.entries:
                yield from _story_blocks(
                    story, references, update, "###" if chapter.title else "##"
                )
        yield from _reference_blocks(briefing, references)
    if edition.notes:
        yield "\n".join(f"- {escape_markdown(note)}" for note in edition.notes)


def _briefing_blocks(briefing: Briefing, references: Bibliography) -> Iterator[str]:
    yield f"# {escape_markdown(briefing.title)}"
    yield f"*{masthead(briefing, references.sources)}*"
    for story in briefing.stories:
        yield from _story_blocks(story, references)
    yield from _reference_blocks(briefing, references)


def _reference_blocks(briefing: Briefing, references: Bibliography) -> Iterator[str]:
    yield "## Sources"
    yield "\n".join(map(_source_item, references.sources))
    if briefing.findings:
        yield f"Checks: {findings_summary(briefing.findings)}."
    yield f"Report: {report_line(briefing.report)}."
    yield "\n".join(map(_footnote, references.notes.values()))


def _story_blocks(
    story: BriefingStory,
    references: Bibliography,
    update: StoryUpdate | None = None,
    level: str = "##",
) -> Iterator[str]:
    yield f"{level} {'Update: ' if update else ''}{_cited_sentence(story.headline, references)}"
    told = (format_day(story.date) if story.date else "", update_history(update) if update else "")
    if any(told):
        yield f"*{', '.join(filter(None, told))}*"
    for at in range(0, len(story.sentences), PARAGRAPH_SENTENCES):
        yield " ".join(
            _cited_sentence(one, references)
            for one in story.sentences[at : at + PARAGRAPH_SENTENCES]
        )
    for disagreement in story.disagreements:
        yield from _disagreement_blocks(disagreement, references)


def _disagreement_blocks(disagreement: Disagreement, references: Bibliography) -> Iterator[str]:
    lead, preposition = disagreement_lead(disagreement.update)
    yield f"**{lead}** {preposition}{escape_markdown(disagreement.topic)}:"
    yield "\n".join(f"- {_cited_sentence(side, references)}" for side in disagreement.sides)


def _cited_sentence(sentence: Sentence, references: Bibliography) -> str:
    marks = "".join(f"[^{note.number}]" for note in references.of(sentence))
    origins = f" ×{sentence.origins}" if sentence.origins > 1 else ""
    amiss = verdict_note(sentence)
    return f"{escape_markdown(sentence.text)}{marks}{origins}" + (f" *({amiss})*" if amiss else "")


def _source_item(reference: NumberedSource) -> str:
    source = reference.source
    address = web_url(source.url)
    where = f"<{address}>" if address else escape_markdown(source_location(source))
    told = " · ".join(
        filter(None, [escape_markdown(source.label), escape_markdown(byline(reference)), where])
    )
    return f"{reference.number}. {told}"


def _footnote(note: Footnote) -> str:
    source = note.reference.source
    link = text_fragment_url(source.url, note.citation.quote)
    where = f"[at the quote]({link})" if link else escape_markdown(source_location(source))
    told = [escape_markdown(source.label), escape_markdown(attribution(note.reference)), where]
    quote = escape_markdown(note.citation.quote)
    return f"[^{note.number}]: *{quote}* {' · '.join(filter(None, told))}"
