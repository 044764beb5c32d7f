"""The formats of briefings, editions and checked drafts: one row of `FORMATS` for each.

A row is all that the command line, the service and the deliveries of digests know of a format. A
new format is a function from `PageView` to text and a row. The functions are named by strings and
imported when they are used, so that this module is as cheap to import as it is small.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from summarizer.audit.report import DraftAudit
    from summarizer.briefing import Briefing
    from summarizer.edition import Edition
    from summarizer.rendering.view import DocumentKind, RenderOptions


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    ``renders`` maps each kind of document that can be written to ``module:function`` in
    `summarizer.rendering`, a function from `PageView` to text. ``suffixes`` name the
    format of a file, the usual one first. A ``message`` is the payload of a delivery and no
    document of its own. The function of a ``raw`` format takes the document instead of its view.
    """

    name: str
    label: str
    media_type: str
    suffixes: tuple[str, ...]
    renders: "Mapping[DocumentKind, str]"
    aliases: tuple[str, ...] = ()
    message: bool = False
    raw: bool = False


def _message(
    name: str, label: str, media_type: str, suffixes: tuple[str, ...], function: str
) -> Format:
    return Format(name, label, media_type, suffixes, {"edition": function}, message=True)


_TEXT: "dict[DocumentKind, str]" = {
    "briefing": "terminal:briefing_text",
    "edition": "email:mail_text",
    "audit": "terminal:audit_text",
}
_MARKDOWN: "dict[DocumentKind, str]" = {
    "briefing": "markdown:page_markdown",
    "edition": "markdown:page_markdown",
    "audit": "markdown:audit_markdown",
}
_HTML: "dict[DocumentKind, str]" = dict.fromkeys(("briefing", "edition", "audit"), "html:page_html")
_JSON: "dict[DocumentKind, str]" = dict.fromkeys(("briefing", "edition", "audit"), "json:to_json")

FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("text", "Text", "text/plain", (".txt", ".text"), _TEXT),
        Format("md", "Markdown", "text/markdown", (".md", ".markdown"), _MARKDOWN, ("markdown",)),
        Format("html", "HTML", "text/html", (".html", ".htm"), _HTML),
        Format("json", "JSON", "application/json", (".json",), _JSON, raw=True),
        Format(
            "jsonld",
            "JSON-LD",
            "application/ld+json",
            (".jsonld",),
            {"briefing": "jsonld:briefing_jsonld"},
            raw=True,
        ),
        Format(
            "github",
            "GitHub annotations",
            "text/plain",
            (".log",),
            {"audit": "github:workflow_commands"},
        ),
        _message("email", "Mail", "text/html", (), "email:mail_html"),
        _message("slack", "Slack", "application/json", (), "chat:slack_json"),
        _message("discord", "Discord", "application/json", (), "chat:discord_json"),
        _message("atom", "Atom", "application/atom+xml", (".atom", ".xml"), "atom:atom_entry"),
    )
}
"""Name -> format, in the order in which they are offered."""


def document_formats(kind: "DocumentKind") -> tuple[Format, ...]:
    """The formats that a document of this kind is written in as a file or a page."""
    return tuple(each for each in FORMATS.values() if kind in each.renders and not each.message)


def find_format(name: str, kind: "DocumentKind") -> Format | None:
    """The document format of that name or alias."""
    formats = document_formats(kind)
    return next((each for each in formats if name in (each.name, *each.aliases)), None)


def formats_by_suffix(kind: "DocumentKind") -> dict[str, Format]:
    """The document formats by the suffixes that name them."""
    return {suffix: each for each in document_formats(kind) for suffix in each.suffixes}


def payload_formats(media_type: str) -> tuple[str, ...]:
    """The names of formats of an edition that are of this media type, messages among them."""
    return tuple(
        each.name
        for each in FORMATS.values()
        if each.media_type == media_type and "edition" in each.renders
    )


def render_document(
    document: "Briefing | Edition | DraftAudit", name: str, options: "RenderOptions | None" = None
) -> str:
    """The document in the format of that name. Raises SettingsError where it cannot be."""
    from summarizer.rendering.view import PLAIN, document_kind, view_page

    chosen, kind = FORMATS[name], document_kind(document)
    if kind not in chosen.renders:
        raise SettingsError(f"{kind} cannot be written as {name}")
    module, _, function = chosen.renders[kind].partition(":")
    render = getattr(import_module(f"summarizer.rendering.{module}"), function)
    rendered: str = render(document if chosen.raw else view_page(document, options or PLAIN))
    return rendered
