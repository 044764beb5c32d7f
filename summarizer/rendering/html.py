"""The reading page: as one self-contained file, and as a page of the service.

Both use the same templates, style and script, which lie in ``templates/``: ``reader.html``
is the body of a briefing's page, ``page.html`` the file around it, ``service.html`` the
page of the service. The file makes no request and runs no script but its own.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.briefing import Briefing
from summarizer.edition import Edition
from summarizer.rendering.phrases import (
    attribution,
    authorship,
    byline,
    format_day,
    format_minute,
    pluralize,
    source_location,
    support_note,
    update_history,
    verdict_note,
)
from summarizer.rendering.sanitize import clean_line, clean_text
from summarizer.rendering.view import (
    arrange_chapters,
    briefing_in_chapter_order,
    chapter_headings,
    view_briefing,
)
from summarizer.text.languages import direction, written_in

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = [
    "ASSET_MEDIA_TYPES",
    "TEMPLATES",
    "briefing_glance",
    "briefing_html",
    "read_asset",
    "service_page",
    "service_reading_page",
    "standalone_page",
    "template_environment",
]

TEMPLATES = Path(__file__).parent / "templates"

_LINE_BREAKS = re.compile(r"\n\s*")

MAX_CLIPPED_CHARS = 240
"""Code points shown of a finding's text; the JSON holds all of it."""


def briefing_html(
    briefing: Briefing, texts: Mapping[str, str] | None = None, **around: object
) -> str:
    """The page. ``texts`` (source id -> article snapshot) give passages more of their context.

    Without a text, or with one that has changed since, the cited chunks are the context.
    ``around`` is what the templates are told of an edition that the briefing stands in.
    """
    return standalone_page(
        "reader.html", briefing.title, page=view_briefing(briefing, texts), **around
    )


def standalone_page(
    body: str, title: str, style: str = "reader.css", script: str = "reader.js", /, **held: object
) -> str:
    """One file around the template ``body``, which is given ``held``; no ``script``, no script."""
    from markupsafe import Markup

    rules, code = _asset_text(style), _asset_text(script) if script else ""
    return (
        template_environment()
        .get_template("page.html")
        .render(
            **held,
            body=body,
            title=title,
            style=Markup(rules),  # noqa: S704 - our own file
            script=Markup(code),  # noqa: S704 - our own file
            policy=_content_security_policy(rules, code),
        )
    )


@cache
def template_environment() -> "Environment":
    """The templates with everything escaped, and the filters that they use."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "attribution": attribution,
        "authorship": authorship,
        "byline": byline,
        "clip": _clip_line,
        "count": pluralize,
        "day": format_day,
        "history": update_history,
        "language_attributes": _language_attributes,
        "line": clean_line,
        "moment": format_minute,
        "place": source_location,
        "spaced": _paragraphs,
        "standing": verdict_note,
        "visible": clean_text,
        "weight": support_note,
        "written_in": written_in,
    }
    return made


@cache
def _asset_text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _content_security_policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which only these inline blocks count."""
    allowed = f"script-src {_csp_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_csp_hash(style)}; {allowed}"
        "base-uri 'none'; form-action 'none'"
    )


def _csp_hash(block: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"


def _language_attributes(language: str) -> "Markup":
    """``dir`` and ``lang`` of an element whose text is in ``language``. On a paragraph the browser
    lays all its sentences out in that direction, where ``dir="auto"`` on each of them would make
    the paragraph itself run from left to right. An unknown language is ``lang=""``."""
    from markupsafe import Markup

    known = "" if language == "und" else language
    return Markup('dir="{}" lang="{}"').format(direction(language), known)


def _paragraphs(text: str) -> str:
    """Lines of an article as paragraphs."""
    return _LINE_BREAKS.sub("\n\n", clean_text(text))


def _clip_line(text: str) -> str:
    shown = clean_line(text)
    return shown if len(shown) <= MAX_CLIPPED_CHARS else f"{shown[:MAX_CLIPPED_CHARS].rstrip()} …"


ASSET_MEDIA_TYPES: Mapping[str, str] = {
    "icon.svg": "image/svg+xml",
    "reader.css": "text/css",
    "reader.js": "text/javascript",
    "service.css": "text/css",
    "service.js": "text/javascript",
}
"""Files that a page asks for, and their types."""


def read_asset(name: str) -> bytes:
    """The file of that name. Raises KeyError for any other."""
    if name not in ASSET_MEDIA_TYPES:
        raise KeyError(name)
    return (TEMPLATES / name).read_bytes()


def service_page(template: str, title: str, **held: Any) -> str:
    """A page of the service around ``template``, which is given ``held``."""
    template_environment().globals.setdefault("address", _asset_url)
    found = template_environment().get_template(template)
    return found.render(title=title, **held)


def service_reading_page(
    briefing: Briefing, texts: Mapping[str, str], edition: Edition | None = None
) -> str:
    """The reading page of a briefing, and of the digest's edition that it stands in."""
    around: dict[str, object] = {}
    shown = briefing
    if edition:
        chapters = arrange_chapters(edition)
        shown = briefing_in_chapter_order(edition, chapters) or briefing
        around = {"edition": edition, "topics": chapter_headings(chapters)}
    held = view_briefing(shown, texts)
    return service_page("service-reading.html", shown.title, page=held, name=briefing.id, **around)


def briefing_glance(briefing: Briefing) -> str:
    """The briefing in one line of a list: what it begins with, and of how much it is made."""
    return f"{briefing.stories[0].headline.text} · {pluralize(len(briefing.sources), 'source')}"


@cache
def _asset_url(name: str) -> str:
    """Where the file is asked for; the hash lets a browser keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256(read_asset(name)).hexdigest()[:12]}"
