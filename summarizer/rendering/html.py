"""The reading page as one self-contained file: no request, no script but its own.

The templates, style and script lie beside the code, so that a service can serve the same reader:
``reader.html`` is the body of a briefing's page, ``page.html`` the file around it.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.briefings import Briefing
from summarizer.rendering.reading import read
from summarizer.rendering.visible import line, visible
from summarizer.rendering.wording import (
    attribution,
    authorship,
    byline,
    count,
    day,
    history,
    moment,
    place,
    standing,
    weight,
)
from summarizer.text.languages import direction, written_in

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["TEMPLATES", "environment", "page", "render"]

TEMPLATES = Path(__file__).parent / "templates"

_LINES = re.compile(r"\n\s*")

CLIPPED = 240
"""Code points shown of a finding's text; the JSON holds all of it."""


def render(briefing: Briefing, texts: Mapping[str, str] | None = None, **around: object) -> str:
    """The page. ``texts`` (source id -> article snapshot) give passages more of their context.

    Without a text, or with one that has changed since, the cited chunks are the context.
    ``around`` is what the templates are told of an edition that the briefing stands in.
    """
    return page("reader.html", briefing.title, page=read(briefing, texts), **around)


def page(
    body: str, title: str, style: str = "reader.css", script: str = "reader.js", /, **held: object
) -> str:
    """One file around the template ``body``, which is given ``held``; no ``script``, no script."""
    from markupsafe import Markup

    rules, code = _asset(style), _asset(script) if script else ""
    return (
        environment()
        .get_template("page.html")
        .render(
            **held,
            body=body,
            title=title,
            style=Markup(rules),  # noqa: S704 - our own file
            script=Markup(code),  # noqa: S704 - our own file
            policy=_policy(rules, code),
        )
    )


@cache
def environment() -> "Environment":
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
        "clip": _clip,
        "count": count,
        "day": day,
        "history": history,
        "language_attributes": _language_attributes,
        "line": line,
        "moment": moment,
        "place": place,
        "spaced": _spaced,
        "standing": standing,
        "visible": visible,
        "weight": weight,
        "written_in": written_in,
    }
    return made


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which only these inline blocks count."""
    allowed = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_hash(style)}; {allowed}"
        "base-uri 'none'; form-action 'none'"
    )


def _hash(block: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"


def _language_attributes(language: str) -> "Markup":
    """``dir`` and ``lang`` of an element whose text is in ``language``. On a paragraph the browser
    lays all its sentences out in that direction, where ``dir="auto"`` on each of them would make
    the paragraph itself run from left to right. An unknown language is ``lang=""``."""
    from markupsafe import Markup

    known = "" if language == "und" else language
    return Markup('dir="{}" lang="{}"').format(direction(language), known)


def _spaced(text: str) -> str:
    """Lines of an article as paragraphs."""
    return _LINES.sub("\n\n", visible(text))


def _clip(text: str) -> str:
    shown = line(text)
    return shown if len(shown) <= CLIPPED else f"{shown[:CLIPPED].rstrip()} …"
