"""The published error rates are those of the last run of ``python -m benchmarks.checks``."""

import json

from benchmarks.checks import BEGIN, DOCS, END, OUT, block


def test_the_document_shows_the_last_run() -> None:
    found = json.loads(OUT.read_text(encoding="utf-8"))
    text = DOCS.read_text(encoding="utf-8")
    assert text[text.index(BEGIN) : text.index(END) + len(END)] == block(found)


def test_every_set_stands_beside_plain_overlap() -> None:
    found = json.loads(OUT.read_text(encoding="utf-8"))
    rows = found["sets"]["rows"]
    assert len(rows) >= 15
    for row in rows.values():
        assert row["balanced"] is not None
        assert row["plain"]["balanced"] is not None
