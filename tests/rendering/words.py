"""Words that run together where a page's tags are stripped, or where a browser shows it."""

import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser

__all__ = ["fused", "stripped"]

_WORD = re.compile(r"\w+")
_BLOCK = re.compile(r"<(script|style|title)\b.*?</\1>", re.DOTALL)


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
    return {word.casefold() for text in texts for word in _WORD.findall(text)}
