"""What of a text may be shown: no control characters, whatever an article says.

Offsets are never taken from shown text, so that removing characters moves no citation.
"""

import re

__all__ = ["line", "visible"]

_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\x0b\x0c\x1c-\x1f]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f"  # C0 and C1: escape sequences begin here
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: they reorder what follows
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # BOM, interlinear marks, invisible tags
    "\ud800-\udfff]"  # lone surrogates cannot be written as UTF-8
)


def visible(text: str) -> str:
    r"""``text`` without what a terminal or page would obey instead of show; ``\n`` stays.

    >>> visible("red\x1b[31m\r\nnext")
    'red[31m\nnext'
    """
    return _HIDDEN.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text)))


def line(text: str) -> str:
    """`visible`, on one line."""
    return " ".join(visible(text).split())
