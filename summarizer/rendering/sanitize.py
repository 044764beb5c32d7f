"""Text and addresses that are safe to show: no control characters, no links but http(s).

Offsets are never taken from cleaned text, so removing characters moves no citation.
Text fragments: https://wicg.github.io/scroll-to-text-fragment/
"""

import re
from urllib.parse import quote, urlsplit

_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\x0b\x0c\x1c-\x1f]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f"  # C0 and C1: escape sequences begin here
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: they reorder what follows
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # BOM, interlinear marks, invisible tags
    "\ud800-\udfff]"  # lone surrogates cannot be written as UTF-8
)


def clean_text(text: str) -> str:
    r"""``text`` without what a terminal or page would obey instead of show; ``\n`` stays.

    >>> clean_text("red\x1b[31m\r\nnext")
    'red[31m\nnext'
    """
    return _HIDDEN.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text)))


def clean_line(text: str) -> str:
    """`clean_text`, on one line."""
    return " ".join(clean_text(text).split())


def clip_line(text: str, most: int) -> str:
    """`clean_line`, with an ellipsis in place of what is beyond ``most`` code points."""
    line = clean_line(text)
    return line if len(line) <= most else f"{line[:most].rstrip()} …"


MAX_WHOLE_QUOTE_CHARS = 80
"""Code points up to which a quotation is matched whole; beyond, by its beginning and end."""

EDGE_WORDS, EDGE_CHARS = 5, 12
"""How much of the beginning and end: words, or letters where a script writes no spaces."""


def web_url(url: str | None) -> str | None:
    """``url`` when it is http(s) with a host, in ASCII without spaces or quotes; else ``None``.

    >>> web_url("javascript:alert(1)") is None
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


def text_fragment_url(url: str | None, words: str) -> str | None:
    """``url`` opened at ``words`` through a text fragment; ``None`` where `web_url` is.

    >>> text_fragment_url("https://a.example/b", "ten-year, deal")
    'https://a.example/b#:~:text=ten%2Dyear%2C%20deal'
    """
    address = web_url(url)
    if address is None:
        return None
    page, _, fragment = address.partition("#")
    anchor = fragment.partition(":~:")[0]
    return f"{page}#{anchor}:~:text={_fragment_directive(words)}"


def _fragment_directive(words: str) -> str:
    """``start`` or ``start,end``. Across a line break only the latter matches in a page."""
    flat = " ".join(words.split())
    if len(flat) <= MAX_WHOLE_QUOTE_CHARS and "\n" not in words.strip():
        return _percent_encode(flat)
    parts = flat.split()
    if len(parts) >= 2 * EDGE_WORDS:
        start, end = " ".join(parts[:EDGE_WORDS]), " ".join(parts[-EDGE_WORDS:])
    else:
        start, end = flat[:EDGE_CHARS].strip(), flat[-EDGE_CHARS:].strip()
    return f"{_percent_encode(start)},{_percent_encode(end)}"


def _percent_encode(words: str) -> str:
    """Percent-encoded; "-" too, for it marks prefix and suffix."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
