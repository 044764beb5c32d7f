"""Elements of a page that its readers do not see: text for machines, which is no evidence.

Read are the attributes, the ``style`` of each element, and the rules of the page's own
``<style>`` elements that select by one tag, class or id. A page whose rules hide most of its text
shows it by a script: there the rules are not used.
"""

import re
from collections.abc import Iterator

from summarizer.sources.text_nodes import HtmlTree

MAX_HIDDEN_SHARE = 0.5
"""Share of a page's text above which the page's rules do not hide it for good."""

MAX_STYLE_CHARS = 200_000
"""Code points of the page's own style sheets that are read."""

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
_HIDING = re.compile(
    r"(?:^|;)(?:"
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden"
    r"|opacity:0*\.?0*(?:%|(?=;|$|!))"
    r"|font(?:-size)?:(?:0|[01](?:\.\d+)?(?:px|pt)|0?\.0\d*r?em)(?:[a-z%]*)(?=;|$|!|/)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,6}(?:px|r?em|%|vw|vh|pt)"
    r"|clip:rect\((?:[01](?:px)?[,\s]*){4}\)"
    r"|clip-path:(?:inset\((?:[5-9]\d|100)%|circle\(0)"
    r"|transform:[^;]*(?:scale[xy]?\(0(?:,0)?\)|translate[xy]?\(-\d{4,6})"
    r"|color:(?:transparent|rgba\((?:[\d.]+,){3}0\))"
    r")"
)
_NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:height|width):[01](?:px)?(?:;|$|!)")
_COLOUR = re.compile(r"(?:^|;)(color|background(?:-color)?):([^;!]+)")
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_SIMPLE_SELECTOR = re.compile(r"([a-z][a-z0-9]{0,12})?([.#])([\w-]{1,80})")
_COMMENT = re.compile(r"/\*.{0,5000}?\*/", re.DOTALL)
_NAMED_COLOURS = {"white": "#ffffff", "black": "#000000", "rgb(255,255,255)": "#ffffff"}


def drop_hidden(tree: HtmlTree) -> None:
    """Removes from the tree the elements that are never shown."""
    hidden = list(_hidden_by_attributes(tree))
    by_rules = list(_hidden_by_rules(tree))
    covered = sum(len(each.text_content()) for each in by_rules)
    if covered <= MAX_HIDDEN_SHARE * len(tree.text_content()):
        hidden += by_rules
    for element in hidden:
        if element.getparent() is not None and element.tag not in ("html", "body"):
            element.drop_tree()


def _hidden_by_attributes(tree: HtmlTree) -> Iterator[HtmlTree]:
    for element in tree.iter("template"):
        yield element
    for element in tree.xpath(".//*[@hidden or @style]"):
        if element.get("hidden") not in (None, "until-found") or hides(element.get("style", "")):
            yield element


def hides(style: str) -> bool:
    """Whether declarations of CSS make an element invisible.

    >>> hides("position: absolute; left: -9999px"), hides("color: #333; opacity: 0.9")
    (True, False)
    """
    plain = re.sub(r"\s*([:;,(])\s*", r"\1", style.casefold()[:2000]).strip()
    if _HIDING.search(plain) or ("overflow:hidden" in plain and _NO_SIZE.search(plain)):
        return True
    colours = {name[:10]: _plain_colour(value) for name, value in _COLOUR.findall(plain)}
    return len(colours) > 1 and len(set(colours.values())) == 1


def _plain_colour(value: str) -> str:
    value = _NAMED_COLOURS.get(value.strip(), value.strip())
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    return value


def _hidden_by_rules(tree: HtmlTree) -> Iterator[HtmlTree]:
    """The elements that simple rules of the page's own style sheets hide."""
    sheets = "\n".join(style.text or "" for style in tree.iter("style"))[:MAX_STYLE_CHARS]
    classes: dict[str, str] = {}
    ids: dict[str, str] = {}
    for selectors, declarations in _RULE.findall(_COMMENT.sub("", sheets)):
        if not hides(declarations):
            continue
        for selector in selectors.split(","):
            if match := _SIMPLE_SELECTOR.fullmatch(selector.strip()):
                (classes if match[2] == "." else ids)[match[3]] = match[1] or ""
    if not (classes or ids):
        return
    for element in tree.xpath(".//*[@class or @id]"):
        tags = [classes[name] for name in element.get("class", "").split() if name in classes]
        if element.get("id") in ids:
            tags.append(ids[element.get("id")])
        if any(tag in ("", element.tag) for tag in tags):
            yield element
