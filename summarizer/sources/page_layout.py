"""What the layout of a page says about its text: elements that readers do not see in the article,
and lines that only link to other articles."""

import re

from summarizer.sources.promotions import MIN_PARAGRAPH_WORDS
from summarizer.sources.text_nodes import HtmlTree
from summarizer.text.sentences import ends_sentence

MIN_HEADLINE_WORDS = 4
"""Words of the shortest line that is taken for the headline of another article."""

_LINK_SHARE = 0.6
"""Share of the words of an element that are links, above which it is a list of links."""

_HIDDEN_DATA = './/*[@itemscope and contains(translate(@style, " ", ""), "display:none")]'
_INLINE_BOXES = ".//p//span[count(.//a) > 1]"
_WORD = re.compile(r"\w+")


def drop_insertions(tree: HtmlTree) -> None:
    """Removes from the tree what would stand inside a sentence or be no text at all: boxes of links
    that open at a word, and data for machines that is hidden by its style."""
    for scope in tree.xpath(_HIDDEN_DATA):
        for element in list(scope):
            if not element.xpath('descendant-or-self::*[@itemprop="articleBody"]'):
                element.drop_tree()
    for box in tree.xpath(_INLINE_BOXES):
        paragraph = next(box.iterancestors("p"), None)
        if paragraph is None:  # in a box that was dropped
            continue
        words = _words(box.text_content())
        linked = sum(len(_words(link.text_content())) for link in box.iter("a"))
        around = len(_words(paragraph.text_content())) - len(words)
        if around > MIN_HEADLINE_WORDS and linked > _LINK_SHARE * len(words):
            box.drop_tree()


def without_linked_headlines(tree: HtmlTree, text: str, title: str | None) -> str:
    """The text without lines that are nothing but a link to another article.

    Such lines are dropped in front of the first and behind the last paragraph, in a row of them,
    and between paragraphs where they are in capitals. A linked heading of a section stays.
    """
    links = {_key(link.text_content() if len(link) else link.text or "") for link in tree.iter("a")}
    lines = text.split("\n")
    linked = [_is_headline(line, title) and _key(line) in links for line in lines]
    if not any(linked):
        return text
    whole = [_is_paragraph(line) and not link for line, link in zip(lines, linked, strict=True)]
    first = whole.index(True) if True in whole else 0
    last = len(whole) - 1 - whole[::-1].index(True) if True in whole else len(whole)
    kept = []
    for at, line in enumerate(lines):
        outside = at < first or at > last
        row = linked[at - 1 : at] == [True] or linked[at + 1 : at + 2] == [True]
        if not (linked[at] and (outside or row or line.isupper())):
            kept.append(line)
    return "\n".join(kept)


def _is_headline(line: str, title: str | None) -> bool:
    return len(_words(line)) >= MIN_HEADLINE_WORDS and _key(line) != _key(title or "")


def _is_paragraph(line: str) -> bool:
    return len(_words(line)) >= MIN_PARAGRAPH_WORDS and ends_sentence(line)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _key(text: str) -> str:
    return " ".join(_words(text)).casefold()
