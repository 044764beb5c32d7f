"""Documents become snapshots with places, and hostile ones one line."""

import io
import textwrap
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import brief
from summarizer.errors import SourceError
from summarizer.rendering.formats import render_document
from summarizer.retrieval.corpus import prepare_corpus
from summarizer.sources import documents, formats, pdf, zip_documents
from summarizer.sources.articles import Article, place_at
from summarizer.sources.fetch import Page
from summarizer.sources.files import article_from_page, read_articles, read_bytes
from tests.documents import docx, epub, odt, word_paragraph, zipped
from tests.documents import pdf as make_pdf

SENTENCES = (
    "The port of Marlow closed its eastern lock on Monday after an inspection found cracks.",
    "Director Ana Ruiz said the repair will cost 14 million euros and take nine weeks.",
    "Barges must use the western lock, where the waiting time rose to eleven hours.",
    "The city council will discuss a second bridge over the canal at its meeting in April.",
    "Shippers demanded compensation, but the ministry rejected the request on Thursday.",
    "An earlier repair of the same lock had cost 6 million euros in the year 2019.",
)


def _article(data: bytes, name: str) -> Article:
    (article,) = read_bytes(data, name)
    assert isinstance(article, Article), article
    return article


def _lines(data: bytes, name: str) -> list[str]:
    outcomes = list(read_bytes(data, name))
    return [each.text if isinstance(each, Article) else str(each) for each in outcomes]


def _pages(width: int = 70, per_page: int = 3) -> list[list[str]]:
    """The sentences as one text, wrapped and cut into pages with headers and footers."""
    lines = textwrap.wrap(" ".join(SENTENCES), width, break_on_hyphens=False)
    cut = [lines[at : at + per_page] for at in range(0, len(lines), per_page)]
    return [
        ["Marlow Port Authority", *page, f"Page {number} of {len(cut)}"]
        for number, page in enumerate(cut, 1)
    ]


def test_a_pdf_is_paragraphs_with_pages_and_its_headers_are_set_aside() -> None:
    article = _article(make_pdf(_pages(), title="Lock report"), "report.pdf")
    assert article.title == "Lock report"
    assert article.text.startswith(" ".join(SENTENCES) + "\n")
    aside = [article.text[slice(*each.span)] for each in article.set_aside]
    assert aside.count("Marlow Port Authority") == len(_pages())
    assert "Page 2 of" in " ".join(aside)
    corpus = prepare_corpus([article])
    told = [item.text for item in corpus.statements[article.id]]
    assert told == list(SENTENCES)


@given(
    width=st.integers(45, 90),
    per_page=st.integers(1, 6),
    words=st.lists(st.text("abcdefgh", min_size=2, max_size=9), min_size=30, max_size=90),
)
@settings(max_examples=20, deadline=None)
def test_places_follow_the_pages_and_spans_quote_the_snapshot(
    width: int, per_page: int, words: list[str]
) -> None:
    lines = textwrap.wrap(" ".join(words), width)
    pages = [lines[at : at + per_page] for at in range(0, len(lines), per_page)]
    if any(sum(map(len, page)) < pdf.MIN_PAGE_CHARS for page in pages):
        return
    article = _article(make_pdf([["Head", *page, "Foot"] for page in pages]), "a.pdf")
    starts = [place.start for place in article.places]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(article.text) for start in starts)
    for place in article.places:
        number = int(place.label.removeprefix("p. "))
        first = pages[number - 1][0]
        assert article.text[place.start :].startswith(first) or len(pages) < pdf.MIN_FRAME_PAGES
    for each in article.set_aside:
        assert article.text[slice(*each.span)] in ("Head", "Foot")


def test_hyphens_at_line_ends_are_undone_unless_the_word_is_written_with_one() -> None:
    lines = [
        "The well-known inspec-", "tor visited the harbour in a short-",
        "term mission, and the well-",
        "known bridge was closed.",
    ]  # fmt: skip
    article = _article(make_pdf([lines]), "a.pdf")
    assert article.text == (
        "The well-known inspector visited the harbour in a shortterm mission, and the well-known"
        " bridge was closed.\n"
    )


def test_a_citation_names_the_page_in_every_format(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(make_pdf(_pages()))
    briefing = brief(file, words=120, now=datetime(2026, 3, 4, tzinfo=UTC))
    article = next(iter(read_articles([str(file)])))
    assert isinstance(article, Article)
    cited = [each for sentence in briefing.all_sentences() for each in sentence.citations]
    assert cited
    for each in cited:
        assert each.place == place_at(article.places, each.start) != ""
        assert article.text[each.start : each.end] == each.quote
    page = cited[0].place
    assert f'"place": "{page}"' in render_document(briefing, "json")
    for name in ("text", "md", "html"):
        assert page in render_document(briefing, name)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (make_pdf(_pages(), password=SENTENCES[0]), "a.pdf: is encrypted: it needs a password"),
        (make_pdf([[], []]), "a.pdf: holds no text: its pages are pictures, as a scanner makes"),
        (b"%PDF-1.4\n1 0 obj\n<<", "a.pdf: is no readable PDF"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_one_line(data: bytes, line: str) -> None:
    (found,) = _lines(data, "a.pdf")
    assert found.startswith(line)
    assert "\n" not in found


def test_a_protected_pdf_without_a_password_is_read_and_pictures_among_its_pages_are_named() -> (
    None
):
    assert _article(make_pdf(_pages(), password=""), "a.pdf").text.startswith(SENTENCES[0])
    text, problem = _lines(make_pdf([*_pages(), []]), "a.pdf")
    assert text.startswith(SENTENCES[0])
    assert problem.endswith(f"1 of {len(_pages()) + 1} pages hold no text: they may be pictures")


def test_a_pdf_of_200_mb_and_a_slow_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "big.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(200_000_000)
    (error,) = read_articles([str(tmp_path / "big.pdf")])
    assert "is 200 MB, too large for one article" in str(error)
    monkeypatch.setattr(pdf, "MAX_PDF_SECONDS", -1.0)
    (line,) = _lines(make_pdf(_pages()), "a.pdf")
    assert "takes longer than" in line


def test_a_word_file_without_what_is_no_text() -> None:
    body = (
        word_paragraph("The port closed its ", "eastern lock.")
        + "<w:p><w:del><w:r><w:delText>Nobody said so.</w:delText></w:r></w:del>"
        "<w:r><w:t>It opens</w:t><w:tab/><w:t>in May.</w:t></w:r></w:p>"
    )
    article = _article(docx(body, title="Lock", modified="2026-03-04T10:00:00Z"), "a.docx")
    assert article.text == "The port closed its eastern lock.\nIt opens in May.\n"
    assert (article.title, article.day, article.exact_date) == ("Lock", date(2026, 3, 4), None)


def test_an_opendocument_text() -> None:
    body = (
        "<text:h>Lock</text:h><text:p>The port<text:s/>closed it."
        "<text:note><text:p>a note</text:p></text:note></text:p>"
    )
    article = _article(odt(body, "<dc:title>Lock report</dc:title>"), "a.odt")
    assert (article.title, article.text) == ("Lock report", "Lock\nThe port closed it.\n")


def test_chapters_of_a_book_are_places() -> None:
    book = epub(
        [("Spring", "<p>The lock closed.</p>"), ("Autumn", "<p>It opened &amp; leaked.</p>")]
    )
    article = _article(book, "a.epub")
    assert article.text == "Spring\nThe lock closed.\nAutumn\nIt opened & leaked.\n"
    assert [article.text[start:].split("\n")[0] for start, _ in article.places] == [
        "Spring",
        "Autumn",
    ]
    assert (article.title, article.exact_date) == ("The Harbour Year", date(2026, 3, 4))


_BOMB = "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><w:p xmlns:w='w'>&b;</w:p>"


def _declared_too_small() -> bytes:
    """A zip file whose directory says that a part is small."""
    data = bytearray(zipped({"word/document.xml": b"<a>" + b" " * 1_000_000 + b"</a>"}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", zipped({"word/document.xml": b"<a>" + b" " * 60_000_000}), "unpacks to more"),
        ("a.docx", zipped({"word/document.xml": _BOMB}), "declares entities of its own"),
        ("a.docx", _declared_too_small(), "is damaged"),
        ("a.docx", zipped({"x": "y"}), "is a zip archive that holds no text document"),
        ("a.docx", zipped({"word/document.xml": "<w:p>no end"}), "is broken XML"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is encrypted, or an old office document"),
        ("a.odt", b"PK\x03\x04 cut", "is a damaged zip file"),
        ("a.epub", epub([(str(n), "<p>x</p>") for n in range(5000)]), "has 5,003 parts"),
        ("a.epub", zipped({"META-INF/container.xml": "<a/>"}), "is damaged: its list of chapters"),
        (
            "a.epub",
            epub(
                [("A", "<p>b</p>")], extra={"META-INF/encryption.xml": "<a URI='OPS/c 0.xhtml'/>"}
            ),
            "is encrypted",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_and_damaged_zip_documents_are_one_line(
    name: str, data: bytes, reason: str
) -> None:
    (line,) = _lines(data, name)
    assert line.startswith(f"{name}: ")
    assert reason in line
    assert "\n" not in line


def test_many_zip_parts_that_unpack_to_much_in_all_are_refused() -> None:
    part = b" " * documents.MAX_PART_BYTES
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", "<a/>")
        for number in range(3):
            archive.writestr(str(number), part)
    assert zip_documents.MAX_ZIP_PARTS > 3
    data = bytearray(out.getvalue())
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 24 : at + 28] = (400_000_000).to_bytes(4, "little")
    (line,) = _lines(bytes(data), "a.docx")
    assert "unpacks to too much, as zip bombs do" in line


SRT = """1
00:00:01,000 --> 00:00:04,000
The port of Marlow closed its lock

2
00:00:04,000 --> 00:00:07,500
on Monday. <i>Nobody</i> was hurt.

3
01:12:31,000 --> 01:12:33,000
- The repair takes nine weeks.
"""


def test_subtitles_have_the_time_of_each_cue() -> None:
    article = _article(SRT.encode(), "a.srt")
    assert article.text == (
        "The port of Marlow closed its lock on Monday. Nobody was hurt.\n"
        "The repair takes nine weeks.\n"
    )
    assert place_at(article.places, article.text.index("on Monday")) == "00:00:04"
    assert place_at(article.places, article.text.index("The repair")) == "01:12:31"


def test_rolling_captions_are_told_once_and_tags_of_voices_left_out() -> None:
    vtt = (
        "WEBVTT\n\nNOTE by hand\n\n00:01.000 --> 00:02.000\n<v Ana>The lock\n\n"
        "00:02.000 --> 00:03.000\nThe lock\nis closed.\n"
    )
    assert _article(vtt.encode(), "a.vtt").text == "The lock is closed.\n"
    assert _article(vtt.encode(), "unknown").text == "The lock is closed.\n"
    assert _lines(b"WEBVTT\n\nnothing", "a.vtt") == ["a.vtt: holds no subtitles"]


MARKDOWN = """---
title: "The lock: a report"
date: 2026-03-04
tags: [a, b]
lang: en
---
# Lock closed

The **port** of [Marlow](https://m.example/x) closed its
eastern lock on `Monday`.[^1]

> It will take *nine* weeks.

- The ferry stops.
![A lock](lock.png)

```python
print("no")
```

| Gauge | cm |
|---|---|
| Mill | 212 |
"""


def test_markdown_is_the_text_its_reader_sees() -> None:
    article = _article(MARKDOWN.encode(), "a.md")
    assert article.text == (
        "Lock closed\nThe port of Marlow closed its eastern lock on Monday.\n"
        "It will take nine weeks.\nThe ferry stops.\nGauge | cm\nMill | 212\n"
    )
    assert (article.title, article.exact_date) == ("The lock: a report", date(2026, 3, 4))
    page = Page("https://m.example/a.md", MARKDOWN.encode(), "text/markdown")
    assert article_from_page(page, page.url).text == article.text


def test_the_heading_that_opens_a_markdown_file_is_its_title() -> None:
    assert _article(b"# Lock closed\n\nIt was closed.\n", "a.md").title == "Lock closed"
    assert _article(b"It was closed.\n\n# Later\n", "a.md").title is None
    toml = b"+++\ntitle = 'Lock'\ndate = 2026-03-04\n+++\nIt was closed.\n"
    article = _article(toml, "a.md")
    assert (article.title, article.text) == ("Lock", "It was closed.\n")


def _rows(data: bytes, name: str) -> Sequence[tuple[str, str] | str]:
    return [
        (each.location, each.text) if isinstance(each, Article) else str(each)
        for each in read_bytes(data, name)
    ]


def test_rows_of_a_table_are_articles() -> None:
    table = b'id,Title,Text\r\na,Lock,"Closed, it said.\r\nFor good."\r\n,,\r\nb,None,\r\n'
    assert _rows(table, "a.csv") == [
        ("a.csv#a", "Closed, it said.\nFor good."), "a.csv: row 2 has no text",
    ]  # fmt: skip
    assert _rows(b"text\tdate\nIt closed.\t2026-03-04\n", "a.tsv") == [("a.tsv#1", "It closed.")]
    assert _rows(b"text;date\nIt closed, then.;2026-03-04\n", "a.csv") == [
        ("a.csv#1", "It closed, then.")
    ]
    (line,) = _rows(b"Lock,It closed.\nBridge,It opened.\n", "a.csv")
    assert line == (
        "a.csv: has no column text, content, body (its first line is 'Lock,It closed.')"
    )


MBOX = b"""From ana@m.example Mon Mar  2 10:00:00 2026
Message-ID: <one@m.example>
Subject: Lock
Date: Mon, 2 Mar 2026 10:00:00 +0000

The lock closed.
>From now on barges wait.

From ben@m.example Tue Mar  3 10:00:00 2026
Subject: Bridge

It opened.

From ana@m.example Mon Mar  2 10:00:00 2026
Message-ID: <one@m.example>
Subject: Lock

The lock closed.
"""


def test_mails_of_a_mailbox_are_articles() -> None:
    expected = [
        ("{}#one@m.example", "The lock closed.\nFrom now on barges wait.\n\n"),
        ("{}#2", "It opened.\n\n"), "{}: mail 3 is in it twice",
    ]  # fmt: skip
    for name in ("a.mbox", "Inbox"):
        named = [
            row.format(name) if isinstance(row, str) else (row[0].format(name), row[1])
            for row in expected
        ]
        assert _rows(MBOX, name) == named
        assert _rows(MBOX.replace(b"\n", b"\r\n"), name) == named
    assert _rows(b"\n", "a.mbox") == ["a.mbox: holds no mail"]


def test_a_page_saved_as_mhtml_is_the_page() -> None:
    page = "".join(f"<p>{each}</p>" for each in SENTENCES)
    mhtml = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.post.example/lock\r\n"
        "Subject: Lock closed\r\nDate: Wed, 4 Mar 2026 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; boundary="b"; type="text/html"\r\n\r\n'
        "--b\r\nContent-Type: text/html\r\nContent-Location: https://www.post.example/lock\r\n\r\n"
        "<html><head><title>Lock closed</title></head>"
        f"<body><article>{page}</article></body></html>\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\n--b--"
    )
    article = _article(mhtml.encode(), "a.mhtml")
    assert article.title == "Lock closed"
    assert article.publisher == "post.example"
    assert article.published_from is None
    assert all(each in article.text for each in SENTENCES)


def test_a_document_behind_an_address_is_read() -> None:
    page = Page("https://m.example/r.pdf", make_pdf(_pages()), "application/pdf")
    article = article_from_page(page, page.url)
    assert (article.url, article.publisher) == (page.url, "m.example")
    assert [label for _, label in article.places][:2] == ["p. 1", "p. 2"]


def test_a_folder_of_documents_is_read_and_what_is_left_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(_pages()))
    (tmp_path / "b.docx").write_bytes(docx(word_paragraph("The lock closed.")))
    for name in ("c.zip", "d.zip", "e.xls"):
        (tmp_path / name).write_bytes(b"PK\x03\x04")
    *articles, error = read_articles([str(tmp_path)])
    assert [Path(a.location).name for a in articles if isinstance(a, Article)] == [
        "a.pdf",
        "b.docx",
    ]
    assert isinstance(error, SourceError)
    assert error.message == "3 files of other kinds were not read: .zip 2, .xls 1"


def test_each_suffix_has_one_format() -> None:
    suffixes = [suffix for each in formats.FORMATS for suffix in each.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all((each.extract is None) != (each.read is None) for each in formats.FORMATS)
