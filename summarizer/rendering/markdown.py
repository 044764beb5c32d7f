"""The briefing as Markdown with footnotes; what articles say stays text.

Escapes hold for CommonMark and for GitHub's extensions (strikethrough, formulas, bare links).
"""

import re
from collections.abc import Iterator

from summarizer.briefings import Briefing, Disagreement, Sentence, Story
from summarizer.editions import Edition, Update
from summarizer.rendering.arranged import arrange, in_order
from summarizer.rendering.links import quoted, web
from summarizer.rendering.references import Note, Reference, References, number
from summarizer.rendering.visible import line
from summarizer.rendering.wording import (
    PARAGRAPH,
    aside,
    attribution,
    byline,
    day,
    differing,
    history,
    masthead,
    place,
    report,
    standing,
)

__all__ = ["escape", "render", "render_edition"]

_INLINE = re.compile(r"[\\`*_\[\]<>&#~$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_OPENING = re.compile(r"^(\d{1,9})(?=[.)])|^(?=[-+=])")


def escape(text: str) -> str:
    r"""``text`` on one line, so that Markdown shows it as it stands.

    >>> escape("1. [a](b) <i>")
    '1\\. \\[a\\](b) \\<i\\>'
    """
    return _OPENING.sub(r"\1\\", _INLINE.sub(r"\\\g<0>", line(text)))


def render(briefing: Briefing) -> str:
    """The briefing; footnote ``[^n]`` is the n-th quotation in order of first citation."""
    return "\n\n".join(_blocks(briefing, number(briefing))) + "\n"


def render_edition(edition: Edition) -> str:
    """The edition: its first line, the stories under their topics, and the notes at its end."""
    return "\n\n".join(_edition(edition)) + "\n"


def _edition(edition: Edition) -> Iterator[str]:
    chapters = arrange(edition)
    briefing = in_order(edition, chapters)
    yield f"# {escape(edition.title)} · {day(edition.due)}"
    if edition.first_line:
        yield f"**{escape(edition.first_line)}**"
    if briefing:
        references = number(briefing)
        yield f"*{masthead(briefing, references.sources)}*"
        for chapter in chapters:
            yield from [f"## {escape(chapter.title)}"] if chapter.title else []
            for story, update in chapter.entries:
                yield from _story(story, references, update, "###" if chapter.title else "##")
        yield from _apparatus(briefing, references)
    if edition.notes:
        yield "\n".join(f"- {escape(note)}" for note in edition.notes)


def _blocks(briefing: Briefing, references: References) -> Iterator[str]:
    yield f"# {escape(briefing.title)}"
    yield f"*{masthead(briefing, references.sources)}*"
    for story in briefing.stories:
        yield from _story(story, references)
    yield from _apparatus(briefing, references)


def _apparatus(briefing: Briefing, references: References) -> Iterator[str]:
    yield "## Sources"
    yield "\n".join(map(_source, references.sources))
    if briefing.findings:
        yield f"Checks: {aside(briefing.findings)}."
    yield f"Report: {report(briefing.report)}."
    yield "\n".join(map(_footnote, references.notes.values()))


def _story(
    story: Story, references: References, update: Update | None = None, level: str = "##"
) -> Iterator[str]:
    yield f"{level} {'Update: ' if update else ''}{_cited(story.headline, references)}"
    told = (day(story.date) if story.date else "", history(update) if update else "")
    if any(told):
        yield f"*{', '.join(filter(None, told))}*"
    for at in range(0, len(story.sentences), PARAGRAPH):
        yield " ".join(_cited(one, references) for one in story.sentences[at : at + PARAGRAPH])
    for disagreement in story.disagreements:
        yield from _disagreement(disagreement, references)


def _disagreement(disagreement: Disagreement, references: References) -> Iterator[str]:
    lead, preposition = differing(disagreement.update)
    yield f"**{lead}** {preposition}{escape(disagreement.about)}:"
    yield "\n".join(f"- {_cited(side, references)}" for side in disagreement.sides)


def _cited(sentence: Sentence, references: References) -> str:
    marks = "".join(f"[^{note.number}]" for note in references.of(sentence))
    origins = f" ×{sentence.origins}" if sentence.origins > 1 else ""
    amiss = standing(sentence)
    return f"{escape(sentence.text)}{marks}{origins}" + (f" *({amiss})*" if amiss else "")


def _source(reference: Reference) -> str:
    source = reference.source
    address = web(source.url)
    where = f"<{address}>" if address else escape(place(source))
    told = " · ".join(filter(None, [escape(source.label), escape(byline(reference)), where]))
    return f"{reference.number}. {told}"


def _footnote(note: Note) -> str:
    source = note.reference.source
    link = quoted(source.url, note.citation.quote)
    where = f"[at the quote]({link})" if link else escape(place(source))
    told = [escape(source.label), escape(attribution(note.reference)), where]
    return f"[^{note.number}]: *{escape(note.citation.quote)}* {' · '.join(filter(None, told))}"
