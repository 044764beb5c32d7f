"""Publication dates of real pages whose day is known: right, wrong or absent, tier by tier.

    python -m benchmarks.quality dates --data FOLDER

FOLDER is ``tests`` of a copy of github.com/adbar/trafilatura: its ``evaldata.json`` names the URL,
the file and the day of each page, which is in ``cache`` or ``eval``. A day off counts as right. The
pages are halved by the hash of their host: the rules were chosen on one half, the other is unseen.
Some labels are wrong themselves (a month or year off from all that the page says): none is mended.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.quality.figures import RESAMPLING_SEED, Figure
from summarizer.errors import ExtractionError
from summarizer.evaluation.statistics import bootstrap_statistic
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.extract import extract_page
from summarizer.sources.publication_date import infer_publication_dates

MAX_WRONG = 5.0
"""Per cent of the days that are shown as dates."""


class _DatedPage(NamedTuple):
    """``found``: the tier that gave the day, ``unread``, or ``absent``."""

    host: str
    found: str
    right: bool
    shown: bool


def measure(data: Path) -> Iterator[Figure]:
    """The unseen half first, then the one that the rules were chosen on."""
    pages = [_read_page(data, url, about) for url, about in _known_days(data).items()]
    for half, seen in (("unseen half", False), ("half seen", True)):
        yield from _figures(half, [page for page in pages if _was_seen(page.host) == seen])


def _known_days(data: Path) -> Mapping[str, Mapping[str, str]]:
    """URL -> file and day of the pages whose day is one."""
    rows = json.loads((data / "evaldata.json").read_text(encoding="utf-8"))
    return {url: about for url, about in rows.items() if _parse_day(about.get("date") or "")}


def _parse_day(text: str) -> date | None:
    try:
        year, month, day = map(int, re.findall(r"\d+", text))
        return date(year, month, day)
    except ValueError:
        return None


def _was_seen(host: str) -> bool:
    return hashlib.sha256(host.encode()).digest()[0] % 2 == 0


def _read_page(data: Path, url: str, about: Mapping[str, str]) -> _DatedPage:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    files = [data / folder / about["file"] for folder in ("cache", "eval")]
    try:
        content = next(file for file in files if file.exists()).read_bytes()
        article = _with_date(extract_page(content, url).to_article(url=url))
    except ExtractionError:
        return _DatedPage(host, "unread", right=False, shown=False)
    known = _parse_day(about["date"])
    right = bool(known and article.day and abs(article.day - known) <= timedelta(days=1))
    return _DatedPage(host, article.published_from or "absent", right, bool(article.exact_date))


def _with_date(article: Article) -> Article:
    return infer_publication_dates([article], {article.id: find_boilerplate(article.text)})[0]


def _figures(half: str, pages: list[_DatedPage]) -> Iterator[Figure]:
    by_host: dict[str, list[_DatedPage]] = {}
    for page in pages:
        by_host.setdefault(page.host, []).append(page)
    shown = [[p.right for p in own if p.shown] for own in by_host.values()]
    wrong, low, high = bootstrap_statistic([s for s in shown if s], _wrong_share, RESAMPLING_SEED)
    yield Figure("dates", f"{half}: shown days wrong", wrong, low, high, most=MAX_WRONG)
    share = 100 * sum(page.shown for page in pages) / len(pages)
    yield Figure("dates", f"{half}: pages with a day shown, of {len(pages)}", share)
    counts = Counter((page.found, page.right) for page in pages)
    for tier in sorted({page.found for page in pages}):
        right, bad = counts[tier, True], counts[tier, False]
        if tier in ("absent", "unread"):
            yield Figure("dates", f"{half}: pages, {tier}", bad)
        else:
            name = f"{half}: {tier}, wrong of {right + bad}"
            yield Figure("dates", name, 100 * bad / (right + bad))


def _wrong_share(groups: list[list[bool]]) -> float:
    days = [right for group in groups for right in group]
    return 100 * (1 - sum(days) / len(days))
