"""Articles as JSON: what docs/articles.md promises."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sources.articles import Article
from summarizer.sources.files import read_articles

TEXT = "The minister said on Monday that the talks would go on."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _one(folder: Path, record: object) -> Article:
    (folder / "a.json").write_text(json.dumps(record))
    (outcome,) = read_articles(["a.json"])
    assert isinstance(outcome, Article), outcome
    return outcome


def _told(name: str) -> list[str]:
    return [o.location if isinstance(o, Article) else str(o) for o in read_articles([name])]


def test_every_key_of_the_schema_is_read(folder: Path) -> None:
    article = _one(folder, {
        "id": "a17", "text": " a\r\n b ", "title": "Talks\n go on", "publisher": "Wire",
        "published": "2025-11-24T23:00:00-05:00", "language": "zh-Hant", "url": "https://x.example/",
    })  # fmt: skip
    assert article == Article(
        text=" a\r\n b ", path="a.json#a17", title="Talks go on", publisher="Wire",
        published=datetime.fromisoformat("2025-11-24T23:00:00-05:00"), published_from="page",
        language="zh", collection_key="a17",
    )  # fmt: skip


def test_the_second_names_of_the_keys_are_read(folder: Path) -> None:
    article = _one(folder, {
        "doc_id": 5, "text": " ", "content": TEXT, "source": "Wire",
        "date": "Mon, 24 Nov 2025 10:00:00 GMT",
    })  # fmt: skip
    assert (article.path, article.text, article.publisher) == ("a.json#5", TEXT, "Wire")
    assert article.published == datetime(2025, 11, 24, 10, tzinfo=UTC)


def test_values_of_the_wrong_type_count_as_absent(folder: Path) -> None:
    article = _one(folder, {
        "text": TEXT, "id": [1], "title": 5, "publisher": {}, "published": 7, "language": ["en"],
        "url": "https://www.wire.example/a",
    })  # fmt: skip
    assert article == Article(text=TEXT, path="a.json", publisher="wire.example", language="en")


def test_markup_is_taken_for_a_page_in_content_and_body_but_never_in_text(folder: Path) -> None:
    markup = f"<p>{TEXT}</p><p>A second paragraph follows it.</p>"
    assert _one(folder, {"body": markup}).text == f"{TEXT}\nA second paragraph follows it."
    assert _one(folder, {"text": markup}).text == markup
    assert _one(folder, {"content": "5 < 6 and a <b> c"}).text == "5 < 6 and a <b> c"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.json", '[{"text": "a"}, {"id": "x", "text": "b"}]', ["a.json#1", "a.json#x"]),
        ("a.json", '{"articles": [{"text": "a"}]}', ["a.json#1"]),
        ("a.json", '{"text": "a"}\n{"text": "b"}\n', ["a.json#1", "a.json#2"]),
        ("a.json", '{"text": "a"}\n', ["a.json"]),
        ("a.json", '[{"text": "a"}, 5, {"text": 5}]',
         ["a.json#1", "a.json: article 2 is no JSON object", "a.json: article 3 has no text"]),
        ("a.ndjson", '\n{"text": "a"}\r\n\n{"text": "b"}', ["a.ndjson#2", "a.ndjson#4"]),
        ("a.jsonl", '{"text": "a"}\n{"text"\n"x"\n{"text": "b"}\n',
         ["a.jsonl#1", "a.jsonl: line 2 is not JSON: Expecting ':' delimiter at line 2, column 1",
          "a.jsonl: line 3 is no JSON object", "a.jsonl#4"]),
        ("a.jsonl", '{"id": 1, "text": "a"}\n{"id": "1", "text": "b"}',
         ["a.jsonl#1", "a.jsonl: line 2 has the id '1' of an earlier one"]),
    ],
)  # fmt: skip
def test_collections_give_each_article_its_place(
    folder: Path, name: str, data: str, told: list[str]
) -> None:
    (folder / name).write_text(data)
    assert _told(name) == told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_collections_in_other_encodings(folder: Path, name: str, encoding: str) -> None:
    text = "Президент провёл телефонный разговор с коллегой. Стороны обсудили торговлю и мир."
    line = json.dumps({"text": text}, ensure_ascii=False)
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (folder / name).write_bytes((mark + f"{line}\n{line}\n").encode(encoding))
    articles = list(read_articles([name]))
    assert [a.text for a in articles if isinstance(a, Article)] == [text, text]


def test_packed_lines_are_read(folder: Path) -> None:
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(b'{"id": "x", "text": "a"}\n'))
    assert _told("a.jsonl.gz") == ["a.jsonl.gz#x"]


def test_a_line_beyond_the_limit_is_one_outcome(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.sources.json_documents.MAX_FILE_BYTES", 1_000_000)
    (folder / "a.jsonl").write_text(f'{{"text": "{"x" * 3_500_000}"}}\n{{"text": "b"}}\n')
    assert _told("a.jsonl") == ["a.jsonl: line 1 is longer than 1 MB", "a.jsonl#2"]


def test_a_lone_surrogate_is_replaced_and_moves_no_offset(folder: Path) -> None:
    (folder / "a.json").write_text(r'{"text": "a\ud800b\ud83d\ude00", "title": "\udc00x"}')
    (article,) = read_articles(["a.json"])
    assert isinstance(article, Article)
    assert (article.text, article.title) == ("a�b😀", "?x")


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_is_untouched(text: str) -> None:
    from io import BytesIO

    (article,) = read_articles(["-"], stdin=BytesIO(json.dumps({"text": text}).encode()))
    assert isinstance(article, Article)
    assert article.text == text
