"""Pages that show a wall in place of their article: paywalls, requests for consent and others."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from summarizer.sources.promotions import (
    MAX_LINE_CHARS,
    is_promotion,
    line_rules,
    wall_patterns,
)
from summarizer.text.languages import count_words, detect_language
from summarizer.text.patterns import lazy_pattern

WALLS = {
    "paywall": "is behind a paywall",
    "consent": "shows only a request for consent",
    "sign_in": "shows only a request to sign in",
    "bot_check": "shows only a check for robots",
    "script": "shows only a request to enable JavaScript",
    "missing": "says that the page does not exist",
}
"""Kind of wall -> what the page is then."""

MIN_ARTICLE_WORDS = 15
"""Words besides the walls and the title that a page must have to be read."""

MAX_EXCERPT_WORDS = 150
"""Words of an article that ends at a paywall; a longer one may be whole in spite of it."""


class WallCheck(NamedTuple):
    """``reason``: what a page without an article is, or "". ``is_excerpt``: whether only the
    beginning of an article can be read."""

    reason: str = ""
    is_excerpt: bool = False


def check_walls(text: str, title: str | None, *, free: bool | None = None) -> WallCheck:
    """What keeps the article of a page from being read. ``free``: what the page says itself."""
    if count_words(text) > 2 * MAX_EXCERPT_WORDS:  # most pages
        return WallCheck()
    counts: Counter[str] = Counter()
    words, rules = 0, line_rules(detect_language(text))
    patterns = wall_patterns("und")  # a wall may be in another language than the rest
    for line in text.split("\n"):
        kind = _wall_kind(line.strip(), patterns)
        if kind:
            counts[kind] += 1
        elif line.strip() != title and not is_promotion(line, rules):
            words += count_words(line)
        if words > MAX_EXCERPT_WORDS:
            return WallCheck()
    if counts and words < MIN_ARTICLE_WORDS:
        return WallCheck(WALLS[counts.most_common(1)[0][0]])
    return WallCheck(is_excerpt=free is False or counts["paywall"] > 0)


def _wall_kind(line: str, patterns: Mapping[str, str]) -> str:
    if not line or len(line) > MAX_LINE_CHARS:
        return ""
    return next((kind for kind, each in patterns.items() if lazy_pattern(each).search(line)), "")
