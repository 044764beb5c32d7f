"""Articles of labelled pages: ours beside trafilatura and readability, and what is boilerplate.

    python -m benchmarks.pages --data FOLDER [--half chosen|unseen|all] [--titles FOLDER]

FOLDER holds ``ground-truth.json`` and ``html/ID.html.gz`` of
github.com/scrapinghub/article-extraction-benchmark. Rules were chosen on the ids with an
even place in their order; ``unseen`` are the others. ``--titles``: ``tests`` of a copy of
github.com/adbar/trafilatura, halved by the hash of the host.

F1 is that of the benchmark: over shingles of four words, as a mean of pages. The labels are bodies
without titles, so that a first line that is the title counts for no extractor. Readability is
measured where ``readability-lxml`` is installed.
"""

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.errors import ExtractionError
from summarizer.sources.article_kinds import with_kinds
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.extract import decode_text, extract_page, html_to_text
from summarizer.sources.promotions import repeated_lines

SHINGLE_WORDS = 4
OPENING_LINES = 3
_WORD = re.compile(r"\w+")


class _Extract(NamedTuple):
    """``text``: without its title and, of ours, without boilerplate."""

    text: str
    seconds: float


class _Page(NamedTuple):
    """``truth``: the labelled body; ``whole``: our text before boilerplate is set aside."""

    truth: str
    extracts: Mapping[str, _Extract]
    whole: str
    kind: str | None
    url: str


def main() -> None:
    """Prints one table for the pages of the half, and one line for the titles."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("chosen", "unseen", "all"), default="all")
    parser.add_argument("--titles", type=Path)
    args = parser.parse_args()
    report(list(read_pages(args.data, args.half)))
    if args.titles:
        for half in ("chosen", "unseen"):
            print(f"titles, {half}: {title_line(args.titles, half)}")


def read_pages(data: Path, half: str) -> Iterator[_Page]:
    """The pages of the half, each extracted by every extractor."""
    truth = json.loads((data / "ground-truth.json").read_text(encoding="utf-8"))
    ids = sorted(truth)
    chosen = {"chosen": ids[::2], "unseen": ids[1::2], "all": ids}[half]
    pages = [
        (gzip.decompress((data / "html" / f"{name}.html.gz").read_bytes()), truth[name])
        for name in chosen
    ]
    repeated = _repeated(pages)
    tools = {"trafilatura": _trafilatura, **_readability()}
    for tool in (_trafilatura, *tools.values()):  # what they load first is no page's
        tool(pages[0][0], pages[0][1]["url"])
    for html, about in pages:
        url = about["url"]
        extracts = {name: _timed(tool, html, url) for name, tool in tools.items()}
        article, ours = _ours(html, url, repeated.get(urlsplit(url).hostname or "", frozenset()))
        yield _Page(
            about["articleBody"],
            {"ours": ours, **extracts},
            _without_title(article.text, article.title) if article else "",
            article.kind if article else None,
            url,
        )


def _repeated(pages: Sequence[tuple[bytes, Mapping[str, str]]]) -> Mapping[str, frozenset[str]]:
    texts: dict[str, list[str]] = {}
    for html, about in pages:
        try:
            text = extract_page(html, about["url"]).text
        except ExtractionError:
            continue
        texts.setdefault(urlsplit(about["url"]).hostname or "", []).append(text)
    return {host: repeated_lines(own) for host, own in texts.items()}


def _ours(html: bytes, url: str, repeated: frozenset[str]) -> tuple[Article | None, _Extract]:
    """The article, and its text without boilerplate with the CPU time of both."""
    start = time.process_time()
    try:
        (article,) = with_kinds([extract_page(html, url).to_article(url=url)])
    except ExtractionError:
        return None, _Extract("", time.process_time() - start)
    text = article.text
    for item in reversed(find_boilerplate(text, article.publisher, repeated)):
        text = text[: item.span.start] + text[item.span.end :]
    return article, _Extract(_without_title(text, article.title), time.process_time() - start)


def _timed(tool: Callable[[bytes, str], tuple[str, str]], html: bytes, url: str) -> _Extract:
    start = time.process_time()
    text, title = tool(html, url)
    return _Extract(_without_title(text, title), time.process_time() - start)


def _trafilatura(html: bytes, url: str) -> tuple[str, str]:
    from trafilatura import bare_extraction

    page = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    return (page.text or "", page.title or "") if page and not isinstance(page, dict) else ("", "")


def _readability() -> Mapping[str, Callable[[bytes, str], tuple[str, str]]]:
    """Readability, if it is installed."""
    try:
        from readability import Document  # type: ignore[import-not-found]
    except ImportError:
        return {}

    def extract(html: bytes, url: str) -> tuple[str, str]:
        try:
            page = Document(decode_text(html), url=url)
            return html_to_text(page.summary()), page.short_title()
        except Exception:  # noqa: BLE001  # a page that it cannot read counts as empty
            return "", ""

    return {"readability": extract}


def _without_title(text: str, title: str | None) -> str:
    lines = text.split("\n")
    same = [at for at, line in enumerate(lines[:OPENING_LINES]) if _words(line) == _words(title)]
    return "\n".join(lines[:at] + lines[at + 1 :]) if (at := next(iter(same), -1)) >= 0 else text


def _words(text: str | None) -> list[str]:
    return _WORD.findall((text or "").casefold())


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text)
    if not words:
        return []
    return [
        tuple(words[at : at + SHINGLE_WORDS])
        for at in range(max(1, len(words) - SHINGLE_WORDS + 1))
    ]


def _f1(text: str, truth: str) -> float:
    """F1 over the shingles, counted as often as they occur."""
    found, known = Counter(_shingles(text)), Counter(_shingles(truth))
    return 2 * (found & known).total() / max(1, found.total() + known.total())


def _true_words(text: str, truth: str) -> tuple[int, int]:
    """Words of ``text`` that are in the labelled body, and those that are not."""
    words, known = _WORD.findall(text), set(_shingles(truth))
    body = f" {' '.join(_WORD.findall(truth))} "
    inside = [False] * len(words)
    for at, shingle in enumerate(_shingles(text)):
        if shingle in known:
            inside[at : at + SHINGLE_WORDS] = [True] * SHINGLE_WORDS
    start = 0
    for line in text.split("\n"):  # a line that is shorter than a shingle
        count = len(_WORD.findall(line))
        if count and f" {' '.join(words[start : start + count])} " in body:
            inside[start : start + count] = [True] * count
        start += count
    return sum(inside), len(inside) - sum(inside)


def report(pages: Sequence[_Page]) -> None:
    """F1, boilerplate left and true words lost against trafilatura's text, and CPU time."""
    base = [_true_words(page.extracts["trafilatura"].text, page.truth) for page in pages]
    base_true, base_false = (sum(column) for column in zip(*base, strict=True))
    seconds = {
        name: fmean(page.extracts[name].seconds for page in pages) for name in pages[0].extracts
    }
    print(
        f"{len(pages)} pages{'':<12}{'F1':>8}{'not story':>11}{'story':>9}{'CPU ms':>8}{'times':>7}"
    )
    for name in pages[0].extracts:
        f1 = fmean(_f1(page.extracts[name].text, page.truth) for page in pages)
        counts = [_true_words(page.extracts[name].text, page.truth) for page in pages]
        true, false = (sum(column) for column in zip(*counts, strict=True))
        times = seconds[name] / seconds["trafilatura"]
        print(f"{name:<20}{f1:8.4f}{false:11,}{true:9,}{1000 * seconds[name]:8.1f}{times:7.2f}")
    for name in ("ours", "ours, marked only"):
        before = [_true_words(page.whole, page.truth) for page in pages]
        true, false = (sum(column) for column in zip(*before, strict=True))
        after = [_true_words(page.extracts["ours"].text, page.truth) for page in pages]
        kept_true, kept_false = (sum(column) for column in zip(*after, strict=True))
        if name == "ours":
            true, false = base_true, base_false
        lost = 100 * (true - kept_true) / true
        print(f"{name}: {100 * (1 - kept_false / false):.1f} % of boilerplate words found, "
              f"{lost:.2f} % of true words lost")  # fmt: skip
    kinds = Counter(page.kind or "news" for page in pages)
    print("kinds: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    for page in pages:
        if page.kind:
            print(f"  {page.kind}: {page.url}")


def title_line(data: Path, half: str) -> str:
    """The share of right titles among the labelled ones of the half, exactly and in words."""
    rows = json.loads((data / "evaldata.json").read_text(encoding="utf-8"))
    exact, alike = [], []
    for url, about in rows.items():
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        is_chosen = hashlib.sha256(host.encode()).digest()[0] % 2 == 0
        files = [data / folder / about["file"] for folder in ("cache", "eval")]
        file = next((each for each in files if each.exists()), None)
        if not about.get("title") or file is None or is_chosen != (half == "chosen"):
            continue
        try:
            title = extract_page(file.read_bytes(), url).title or ""
        except ExtractionError:
            title = ""
        exact.append(title == " ".join(about["title"].split()))
        alike.append(_words(title) == _words(about["title"]))
    return f"{100 * fmean(exact):.1f} % exact, {100 * fmean(alike):.1f} % in words, of {len(exact)}"


if __name__ == "__main__":
    main()
