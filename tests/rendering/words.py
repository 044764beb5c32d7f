"""Documents in a format, and words that run together where a page's tags are stripped."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from html.parser import HTMLParser

from summarizer.audit.report import DraftAudit
from summarizer.briefing import Briefing
from summarizer.edition import Edition
from summarizer.rendering.formats import render_document
from summarizer.rendering.view import RenderOptions

__all__ = ["fused", "html_page", "markdown", "stripped", "text"]

_WORD = re.compile(r"\w+")
_BLOCK = re.compile(r"<(script|style|title)\b.*?</\1>", re.DOTALL)


def html_page(
    document: Briefing | Edition | DraftAudit, texts: Mapping[str, str] | None = None
) -> str:
    """The page as one file."""
    return render_document(document, "html", RenderOptions(texts or {}))


def markdown(document: Briefing | Edition | DraftAudit) -> str:
    """The document as Markdown."""
    return render_document(document, "md")


def text(document: Briefing | Edition | DraftAudit, *, width: int = 80, color: bool = False) -> str:
    """The document as text."""
    return render_document(document, "text", RenderOptions(width=width, color=color))


class _Texts(HTMLParser):
    """The texts between two tags, each by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def stripped(page: str) -> str:
    """The page without its tags, as a search engine or a clipboard may have it."""
    return unescape(re.sub(r"<[^>]+>", "", _BLOCK.sub("", page)))


def fused(page: str, shown: str | None = None) -> set[str]:
    """Words of ``shown``, else of the page without its tags, that no text of the page has."""
    texts = _Texts(_BLOCK.sub("", page)).texts
    shown = stripped(page) if shown is None else shown
    return _words([shown]) - _words(texts)


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for each in texts for word in _WORD.findall(each)}
