"""The pages of the service. They share the reader's template, style and script with the file that
``brief --format html`` writes: one reader, two doors."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from summarizer.briefings import Briefing
from summarizer.editions import Edition
from summarizer.rendering.arranged import arrange, headings, in_order
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


def reading(briefing: Briefing, texts: Mapping[str, str], edition: Edition | None = None) -> str:
    """The reading page of a briefing, and of the digest's edition that it stands in."""
    around: dict[str, object] = {}
    shown = briefing
    if edition:
        chapters = arrange(edition)
        shown = in_order(edition, chapters) or briefing
        around = {"edition": edition, "topics": headings(chapters)}
    held = read(shown, texts)
    return page("service-reading.html", shown.title, page=held, name=briefing.id, **around)


def glance(briefing: Briefing) -> str:
    """The briefing in one line of a list: what it begins with, and of how much it is made."""
    return f"{briefing.stories[0].headline.text} · {count(len(briefing.sources), 'source')}"


@cache
def _address(name: str) -> str:
    """Where the file is asked for; the hash lets a browser keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256(asset(name)).hexdigest()[:12]}"
