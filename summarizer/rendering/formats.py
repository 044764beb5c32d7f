"""An edition in the formats of a file: HTML, Markdown and JSON."""

from collections.abc import Mapping

from summarizer.edition import Edition
from summarizer.rendering import json
from summarizer.rendering.email import mail_html
from summarizer.rendering.html import briefing_html as page
from summarizer.rendering.markdown import edition_markdown
from summarizer.rendering.view import arrange_chapters, briefing_in_chapter_order, chapter_headings

__all__ = ["edition_html", "edition_json", "edition_markdown"]


def edition_html(edition: Edition, texts: Mapping[str, str] | None = None) -> str:
    """The reading page of the edition's briefing; without one, what there is to say instead.

    ``texts`` as in `summarizer.rendering.html.briefing_html`.
    """
    chapters = arrange_chapters(edition)
    briefing = briefing_in_chapter_order(edition, chapters)
    if briefing is None:
        return mail_html(edition)
    return page(briefing, texts, edition=edition, topics=chapter_headings(chapters))


def edition_json(edition: Edition) -> str:
    """The edition as JSON, as a briefing is rendered."""
    return json.to_json(edition)
