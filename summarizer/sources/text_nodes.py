"""The text of an HTML tree, with line ends where its blocks begin and end."""

from collections.abc import Iterator
from typing import Any

HtmlTree = Any
"""An lxml element; lxml carries no types."""

_SILENT_TAGS = frozenset("script style template noscript svg math object iframe figcaption".split())
_INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp"
    " small span strike strong sub sup time tt u var wbr".split()
)


def text_nodes(
    tree: HtmlTree, *, without: frozenset[str] = frozenset(), with_times: bool = False
) -> Iterator[str]:
    """The text nodes in document order, with line ends where blocks begin and end.

    ``without``: tags whose elements are left out. ``with_times``: the machine-readable value of
    each ``<time>`` comes before its words.
    """
    silent = _SILENT_TAGS | without
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        edge = "\n" if isinstance(node.tag, str) and node.tag not in _INLINE_TAGS else ""
        waiting.append(edge + (node.tail or "").replace("\n", " "))
        if isinstance(node.tag, str) and node.tag not in silent:
            if with_times and node.tag == "time":
                yield f" {node.get('datetime', '')} "
            yield edge + (node.text or "").replace("\n", " ")
            waiting += reversed(node)
