"""Addresses that a reader may follow, down to the quoted words.

https://wicg.github.io/scroll-to-text-fragment/
"""

from urllib.parse import quote, urlsplit

__all__ = ["quoted", "web"]

WHOLE = 80
"""Code points up to which a quotation is matched whole; beyond, by its beginning and end."""

EDGE_WORDS, EDGE_LETTERS = 5, 12
"""How much of the beginning and end: words, or letters where a script writes no spaces."""


def web(url: str | None) -> str | None:
    """``url`` when it is http(s) with a host, in ASCII without spaces or quotes; else ``None``.

    >>> web("javascript:alert(1)") is None
    True
    """
    try:
        parts = urlsplit(url or "")
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    # What is already encoded stays so ("%"); a lone surrogate has no UTF-8 form.
    safe = "!#$%&*+,-./:;=?@[]_~"
    return quote(url or "", safe=safe, errors="replace") if named else None


def quoted(url: str | None, words: str) -> str | None:
    """``url`` opened at ``words`` through a text fragment; ``None`` unless it is `web`.

    >>> quoted("https://a.example/b", "ten-year, deal")
    'https://a.example/b#:~:text=ten%2Dyear%2C%20deal'
    """
    address = web(url)
    if address is None:
        return None
    page, _, fragment = address.partition("#")
    anchor = fragment.partition(":~:")[0]
    return f"{page}#{anchor}:~:text={_directive(words)}"


def _directive(words: str) -> str:
    """``start`` or ``start,end``. Across a line break only the latter matches in a page."""
    flat = " ".join(words.split())
    if len(flat) <= WHOLE and "\n" not in words.strip():
        return _encode(flat)
    parts = flat.split()
    if len(parts) >= 2 * EDGE_WORDS:
        start, end = " ".join(parts[:EDGE_WORDS]), " ".join(parts[-EDGE_WORDS:])
    else:
        start, end = flat[:EDGE_LETTERS].strip(), flat[-EDGE_LETTERS:].strip()
    return f"{_encode(start)},{_encode(end)}"


def _encode(words: str) -> str:
    """Percent-encoded; "-" too, for it marks prefix and suffix."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
