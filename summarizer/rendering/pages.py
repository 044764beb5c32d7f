"""The pages of the service. They share the reader's template, style and script with the file that
``brief --format html`` writes: one reader, two doors."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from summarizer.briefings import Briefing
from summarizer.rendering.html import TEMPLATES, environment
from summarizer.rendering.reading import read
from summarizer.rendering.wording import count

__all__ = ["ASSETS", "asset", "glance", "page", "reading"]

ASSETS: Mapping[str, str] = {
    "icon.svg": "image/svg+xml",
    "reader.css": "text/css",
    "reader.js": "text/javascript",
    "service.css": "text/css",
    "service.js": "text/javascript",
}
"""Files that a page asks for, and their types."""


def asset(name: str) -> bytes:
    """The file of that name. Raises KeyError for any other."""
    if name not in ASSETS:
        raise KeyError(name)
    return (TEMPLATES / name).read_bytes()


def page(template: str, title: str, **held: Any) -> str:
    """A page of the service around ``template``, which is given ``held``."""
    environment().globals.setdefault("address", _address)
    found = environment().get_template(template)
    return found.render(title=title, **held)


def reading(
    briefing: Briefing, texts: Mapping[str, str], *, first_line: str = "", notes: Sequence[str] = ()
) -> str:
    """The reading page. ``first_line`` and ``notes``: what a digest's edition says of itself."""
    return page(
        "service-reading.html",
        briefing.title,
        page=read(briefing, texts),
        name=briefing.id,
        first_line=first_line,
        notes=notes,
    )


def glance(briefing: Briefing) -> str:
    """The briefing in one line of a list: what it begins with, and of how much it is made."""
    return f"{briefing.stories[0].headline.text} · {count(len(briefing.sources), 'source')}"


@cache
def _address(name: str) -> str:
    """Where the file is asked for; the hash lets a browser keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256(asset(name)).hexdigest()[:12]}"
