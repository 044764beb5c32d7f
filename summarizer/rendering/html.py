"""The reading page: as one self-contained file, and as a page of the service.

Both use the same templates, style and script, which lie in ``templates/``: ``reader.html``
is the body of a briefing's page, ``page.html`` the file around it, ``service.html`` the
page of the service. The file makes no request and runs no script but its own.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.rendering.formats import document_formats
from summarizer.rendering.labels import format_day, format_minute, pluralize
from summarizer.rendering.sanitize import clean_line, clean_text, clip_line
from summarizer.rendering.view import PageView
from summarizer.text.languages import direction, written_in

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"

_LINE_BREAKS = re.compile(r"\n\s*")

MAX_CLIPPED_CHARS = 240
"""Code points shown of a finding's text; the JSON holds all of it."""

ASSET_MEDIA_TYPES: Mapping[str, str] = {
    "icon.svg": "image/svg+xml",
    "reader.css": "text/css",
    "reader.js": "text/javascript",
    "service.css": "text/css",
    "service.js": "text/javascript",
    "theme.js": "text/javascript",
}
"""Files that a page of the service asks for, and their types."""


def page_html(page: PageView) -> str:
    """The page as one file."""
    body = "check.html" if page.kind == "audit" else "reader.html"
    return standalone_page(body, page.heading, page=page, language=page.labels.language)


def standalone_page(
    body: str, title: str, style: str = "reader.css", script: str = "reader.js", /, **values: object
) -> str:
    """One file around the template ``body``, which is given ``values``; an empty ``script`` is no
    script."""
    from markupsafe import Markup

    rules = _asset_text(style)
    code = _asset_text(script) + _asset_text("theme.js") if script else ""
    return (
        template_environment()
        .get_template("page.html")
        .render(
            **values,
            body=body,
            title=title,
            style=Markup(rules),  # noqa: S704 - our own file
            script=Markup(code),  # noqa: S704 - our own file
            policy=_content_security_policy(rules, code),
        )
    )


def service_page(template: str, title: str, **values: Any) -> str:
    """A page of the service around ``template``, which is given ``values``."""
    return template_environment().get_template(template).render(title=title, **values)


def service_reading_page(page: PageView, briefing_id: str) -> str:
    """The reading page in the service, with links to the briefing in each format."""
    return service_page(
        "service-reading.html",
        page.heading,
        page=page,
        name=briefing_id,
        formats=document_formats("briefing"),
    )


# Of constant size: the templates of the package, each compiled once.
@cache
def template_environment() -> "Environment":
    """The templates with everything escaped, and the filters that they use."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clip": lambda text: clip_line(text, MAX_CLIPPED_CHARS),
        "count": pluralize,
        "day": format_day,
        "inner_language": _inner_language,
        "language_attributes": _language_attributes,
        "line": clean_line,
        "moment": format_minute,
        "most_frequent": lambda values: Counter(values).most_common(1)[0][0],
        "spaced": lambda text: _LINE_BREAKS.sub("\n\n", clean_text(text)),
        "visible": clean_text,
        "writing_direction": direction,
        "written_in": written_in,
    }
    environment.globals["address"] = _asset_url
    return environment


def read_asset(name: str) -> bytes:
    """The file of that name. Raises KeyError for any other."""
    if name not in ASSET_MEDIA_TYPES:
        raise KeyError(name)
    return (TEMPLATES / name).read_bytes()


def _asset_url(name: str) -> str:
    """The address of the file; with the hash in it, a browser may keep the file for ever."""
    return f"/static/{name}?v={hashlib.sha256(read_asset(name)).hexdigest()[:12]}"


def _asset_text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _content_security_policy(style: str, script: str) -> str:
    """A Content-Security-Policy that allows only these inline blocks."""
    allowed = f"script-src {_csp_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_csp_hash(style)}; {allowed}"
        "base-uri 'none'; form-action 'none'"
    )


def _csp_hash(block: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"


def _language_attributes(language: str, around: str = "") -> "Markup":
    """``dir`` and ``lang``, each after a blank, of an element whose text is in ``language``; none
    where the text ``around`` it is in the same language. An unknown language is ``lang=""``.

    On a paragraph the browser lays all its sentences out in that direction, where ``dir="auto"`` on
    each of them would make the paragraph itself run from left to right.
    """
    from markupsafe import Markup

    if language == around:
        return Markup()
    known = "" if language == "und" else language
    return Markup(' dir="{}" lang="{}"').format(direction(language), known)


def _inner_language(language: str, around: str) -> "Markup":
    """``lang``, after a blank, of words inside a paragraph in the language ``around``; none in the
    same language. ``dir`` isolates words that run in the other direction, and only those: it would
    take other words out of the order of their paragraph."""
    from markupsafe import Markup

    if {direction(language), direction(around)} == {"ltr", "rtl"}:
        return _language_attributes(language)
    return Markup() if language == around else Markup(' lang="{}"').format(language)
