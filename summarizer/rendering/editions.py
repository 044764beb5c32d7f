"""The edition as a page, as Markdown and as JSON."""

from collections.abc import Mapping

from summarizer.editions import Edition
from summarizer.rendering import interchange
from summarizer.rendering.arranged import arrange, headings, in_order
from summarizer.rendering.html import render as page
from summarizer.rendering.mails import mail_html
from summarizer.rendering.markdown import render_edition as markdown

__all__ = ["html", "markdown", "structured"]


def html(edition: Edition, texts: Mapping[str, str] | None = None) -> str:
    """The reading page of the edition's briefing; without one, what there is to say instead.

    ``texts`` as in `summarizer.rendering.html.render`.
    """
    chapters = arrange(edition)
    briefing = in_order(edition, chapters)
    if briefing is None:
        return mail_html(edition)
    return page(briefing, texts, edition=edition, topics=headings(chapters))


def structured(edition: Edition) -> str:
    """The edition as JSON, as a briefing is rendered."""
    return interchange.render(edition)
