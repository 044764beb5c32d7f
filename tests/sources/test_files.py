"""Whatever is named becomes articles in order, and each failure one line in its place."""

import gzip
import io
import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import ExtractionError, FetchError, SourceError
from summarizer.sources import formats
from summarizer.sources.articles import Article
from summarizer.sources.extract import MAX_FILE_BYTES
from summarizer.sources.fetch import Page
from summarizer.sources.files import ReadResult, article_from_page, read_articles

SEEDS = Path(__file__).parents[2] / "seeds"
TEXT = "The minister said on Monday that the talks would go on."
SUFFIXES = (
    *formats.SUFFIXES, ".jsonl.gz", ".odd", "",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _told(*locations: str, stdin: bytes | None = None) -> list[str]:
    """What came of each: the location of an article, the line of an error."""
    stream = None if stdin is None else io.BytesIO(stdin)
    return [_line(outcome) for outcome in read_articles(locations, stdin=stream)]


def _line(outcome: ReadResult) -> str:
    line = outcome.location if isinstance(outcome, Article) else str(outcome)
    assert "\n" not in line
    return line


def test_the_seeds_are_read_as_they_stand() -> None:
    articles = list(read_articles([str(SEEDS)]))
    texts = [path.read_bytes().decode() for path in sorted(SEEDS.glob("*.txt"))]
    assert [a.text for a in articles if isinstance(a, Article)] == texts
    assert len(texts) == 5


def test_only_line_ends_and_the_mark_of_a_text_file_change(folder: Path) -> None:
    (folder / "a.txt").write_bytes("\ufeff  A\r\n\tb \rc\u2028d\n".encode())
    (article,) = read_articles(["a.txt"])
    assert isinstance(article, Article)
    assert article.text == "  A\n\tb \nc\u2028d\n"
    assert (article.path, article.url, article.published_from) == ("a.txt", None, None)


def test_folders_are_walked_by_name_and_hidden_or_other_files_left(folder: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/y.html", ".git/c.txt", ".d.txt", "e.png", "f.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"<html><body><p>{TEXT} {name}</p></body></html>")
    assert _told(".") == [
        "a/y.html", "a/z.md", "b.txt", ".: 2 files of other kinds were not read: .png 1, .py 1"
    ]  # fmt: skip


def test_loops_of_links_and_pipes_in_a_folder_are_survived(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "up").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "b.txt").write_text(TEXT)
    os.mkfifo(folder / "pipe.txt")
    assert _told(str(folder)) == [str(folder / "b.txt")]
    assert _told("self.txt") == ["self.txt: is a loop of symbolic links"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("*.txt", ["a.txt", "b.txt"]), ("**/*.txt", ["a.txt", "b.txt", "sub/c.txt"]),
     ("s*", ["sub/c.txt"]), ("[ab].txt", ["a.txt", "b.txt"]), ("*.x", ["*.x: matches no file"])],
)  # fmt: skip
def test_quoted_globs_are_expanded(folder: Path, pattern: str, found: list[str]) -> None:
    (folder / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (folder / name).write_text(TEXT)
    assert _told(pattern) == found


def test_a_name_with_glob_signs_is_a_name_first(folder: Path) -> None:
    (folder / "[1] news?.txt").write_text(TEXT)
    assert _told("[1] news?.txt") == ["[1] news?.txt"]


def test_a_file_named_twice_is_said_and_wire_copies_are_both_read(folder: Path) -> None:
    (folder / "a.txt").write_text(TEXT)
    (folder / "copy.txt").write_text(TEXT)
    told = _told("a.txt", "copy.txt", "./a.txt", "a.txt", "-", "-", stdin=TEXT.encode())
    assert told == [
        "a.txt", "copy.txt", "./a.txt: is named twice (first as a.txt)", "a.txt: is named twice",
        "-", "-: is named twice",
    ]  # fmt: skip


def test_what_cannot_be_found_is_told_with_a_guess(folder: Path) -> None:
    (folder / "election.txt").write_text(TEXT)
    (folder / "empty").mkdir()
    assert _told("elecion.txt", "www.bbc.com/news", "x/y", "", "a\0b", "https://" + ")" * 4000) == [
        "elecion.txt: does not exist (did you mean election.txt?)",
        "www.bbc.com/news: does not exist (for a web page write https://www.bbc.com/news)",
        "x/y: does not exist",
        "an empty location names nothing",
        "a\\x00b: does not exist",
        "https://: names no valid host",
    ]
    assert _told("empty")[0].startswith("empty: holds no file to read (a folder is searched for ")


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder and a file that this process may not read, even where it is root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "inner").mkdir()
        (folder / "file.txt").write_text(TEXT)
        (folder / "open.txt").write_text(TEXT)
        (folder / "inner").chmod(0)
        (folder / "file.txt").chmod(0)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        yield folder
        if root:
            os.seteuid(0)
        (folder / "inner").chmod(0o700)


def test_what_may_not_be_read_is_one_line_and_the_rest_goes_on(locked: Path) -> None:
    denied = "cannot be read: permission denied"
    assert _told(str(locked)) == [
        f"{locked}/file.txt: {denied}", f"{locked}/inner: {denied}", f"{locked}/open.txt",
    ]  # fmt: skip
    assert _told(f"{locked}/inner", f"{locked}/inner/x.txt") == [
        f"{locked}/inner: {denied}", f"{locked}/inner/x.txt: {denied}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n", "is empty"),
        ("a.txt", b"%PDF-1.4 ...", "is no readable PDF"),
        ("a.html", b"\x89PNG\r\n", "is a PNG image, not text"),
        ("a.md", bytes(range(256)), "looks binary"),
        ("a.html", b"<html><body></body></html>", "holds no article text"),
        ("a.json", b'{"title": "x"}', "has no text"),
        ("a.json", b"[]", "holds no article objects"),
        (
            "a.json",
            b"{",
            "is not JSON: Expecting property name enclosed in double quotes at column 2",
        ),
        ("a.json", b"[" * 100_000, "is not JSON: it is nested too deeply"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.eml", b"no mail", "has no mail headers"),
        ("a.txt.gz", gzip.compress(TEXT.encode(), mtime=0)[:-9], "is a damaged gzip file"),
        ("a.txt.gz", b"\x1f\x8b\x08 broken", "is a damaged gzip file"),
        ("a.txt.gz", gzip.compress(b"x" * (MAX_FILE_BYTES + 1), mtime=0), "holds more than 20 MB"),
    ],
)
def test_bad_files_are_one_clear_line(folder: Path, name: str, data: bytes, reason: str) -> None:
    (folder / name).write_bytes(data)
    (line,) = _told(name)
    assert line.startswith(f"{name}: {reason}")


def test_a_large_file_is_refused_without_being_read(folder: Path) -> None:
    with (folder / "large.txt").open("wb") as file:
        file.truncate(200_000_000)
    begun = time.monotonic()
    assert _told("large.txt")[0].startswith("large.txt: is 200 MB, too large for one article")
    assert time.monotonic() - begun < 0.5


def test_lines_are_streamed_beyond_the_size_of_a_file(folder: Path) -> None:
    line = json.dumps({"text": "x" * 1_000_000}).encode() + b"\n"
    (folder / "a.jsonl").write_bytes(line * 21)
    outcomes = read_articles(["a.jsonl"])
    assert isinstance(next(outcomes), Article)
    assert sum(isinstance(outcome, Article) for outcome in outcomes) == 20


@pytest.mark.parametrize(
    ("data", "located", "text"),
    [
        (TEXT.encode(), "-", TEXT),
        (f"<!DOCTYPE html><html><body><p>{TEXT}</p></body></html>".encode(), "-", TEXT),
        (json.dumps({"id": "x", "text": TEXT}).encode(), "-#x", TEXT),
        (json.dumps({"text": TEXT}).encode() + b'\n{"text": "b"}', "-#1", TEXT),
        (f"Subject: Talks\nFrom: a@b.org\n\n{TEXT}".encode(), "-", TEXT),
        (gzip.compress(TEXT.encode(), mtime=0), "-", TEXT),
        (b"[build-system]\nx = 1\n", "-", "[build-system]\nx = 1\n"),
    ],
)
def test_what_has_no_suffix_is_known_by_its_beginning(data: bytes, located: str, text: str) -> None:
    first = next(read_articles(["-"], stdin=io.BytesIO(data)))
    assert isinstance(first, Article)
    assert (first.location, first.text) == (located, text)


def test_a_name_that_cannot_be_printed_is_spelt_out(folder: Path) -> None:
    (folder / "a\nb.txt").write_text(TEXT)
    Path(os.fsdecode(b"\xff.txt")).write_text("")
    told = _told(str(folder))
    assert told[0].endswith("a\\nb.txt")
    assert told[1].endswith("\\udcff.txt: is empty")


def _fetch(url: str) -> Page:
    if "dead" in url:
        raise FetchError("answered 404 Not Found")
    if "plain" in url:
        return Page(url, TEXT.encode("utf-16"), "text/plain", None)
    html = f"<html><body><p>Ёлка. {TEXT}</p></body></html>"
    return Page("https://end.example/s?session=1", html.encode("cp1251"), "text/html", "cp1251")


URLS = ["https://www.a.example/x).", "https://a.example/dead", "SEEDS", "https://b.example/plain"]


def test_pages_come_in_order_among_files_and_at_the_url_that_was_named(folder: Path) -> None:
    (folder / "SEEDS").write_text(TEXT)
    outcomes = list(read_articles([*URLS, "https://www.a.example/x#again"], fetch=_fetch))
    assert [_line(outcome) for outcome in outcomes] == [
        "https://www.a.example/x",
        "https://a.example/dead: answered 404 Not Found",
        "SEEDS",
        "https://b.example/plain",
        "https://www.a.example/x: is named twice",
    ]
    page = outcomes[0]
    assert isinstance(page, Article)
    assert (page.text, page.publisher) == (f"Ёлка. {TEXT}", "a.example")


def test_a_pool_fetches_at_once_and_gives_the_same(folder: Path) -> None:
    (folder / "SEEDS").write_text(TEXT)
    together = Barrier(8, timeout=30)

    def slow(url: str) -> Page:
        if ".example/" in url and url[8].isdecimal():
            together.wait()
        return _fetch(url)

    many = [f"https://{n}.example/" for n in range(8)] + URLS
    with ThreadPoolExecutor(8) as pool:
        wide = [_line(outcome) for outcome in read_articles(many, fetch=slow, map=pool.map)]
    assert wide == [_line(outcome) for outcome in read_articles(many, fetch=_fetch)]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("https://x.example/a)", "https://x.example/a"),
        ("https://x.example/M_(planet)", "https://x.example/M_(planet)"),
        ("<https://x.example/M_(planet)>),", "https://x.example/M_(planet)"),
        ("https://x.example/a?q=[1]", "https://x.example/a?q=[1]"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        (
            "file:///etc/passwd",
            "file:///etc/passwd: has the scheme 'file'; only http and https are read",
        ),
    ],
)
def test_a_url_is_freed_of_the_sentence_around_it(written: str, asked: str) -> None:
    (outcome,) = read_articles([written], fetch=_fetch)
    assert _line(outcome) == asked


def test_a_kept_page_gives_the_same_article_again() -> None:
    page = _fetch("https://a.example/")
    assert article_from_page(page, "https://a.example/") == article_from_page(
        page, "https://a.example/"
    )
    with pytest.raises(ExtractionError, match="is no readable PDF"):
        article_from_page(Page("https://a.example/", b"%PDF-1.7"), "https://a.example/")


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=40)
@given(
    data=st.binary(max_size=200) | st.text(max_size=200).map(lambda s: s.encode("utf-8", "replace"))
)
def test_no_bytes_raise_anything(suffix: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"a{suffix}"
        for content in (data, gzip.compress(data), b"From: a\nContent-Type: text/html\n\n" + data):
            path.write_bytes(content)
            outcomes = list(read_articles([str(path)]))
            assert outcomes
            for outcome in outcomes:
                assert _line(outcome).startswith(str(path))
                assert isinstance(outcome, SourceError) or outcome.text


def test_ten_thousand_articles_of_one_file_are_read(folder: Path) -> None:
    text = "The minister said on Monday that talks would go on. " * 85
    day = {"title": "Talks", "published": "2025-11-24", "publisher": "Wire"}
    lines = (json.dumps({"id": n, "text": f"{n} {text}", **day}) for n in range(10_000))
    (folder / "a.jsonl").write_text("\n".join(lines))
    articles = [outcome for outcome in read_articles(["a.jsonl"]) if isinstance(outcome, Article)]
    assert len(articles) == 10_000
    assert (articles[7].path, articles[7].published) == ("a.jsonl#7", date(2025, 11, 24))


def test_a_language_that_no_source_names_is_told_by_its_words(tmp_path: Path) -> None:
    (tmp_path / "uk.txt").write_text(
        "Президент України підписав закон про бюджет, який ухвалила Верховна Рада.",
        encoding="utf-8",
    )
    (tmp_path / "en.txt").write_text("The council adopted the budget on Monday.", encoding="utf-8")
    found = [item.language for item in read_articles([str(tmp_path)]) if isinstance(item, Article)]
    assert found == ["en", "uk"]
