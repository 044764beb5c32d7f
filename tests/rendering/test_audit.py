import re
from pathlib import Path

import pytest

from summarizer.audit.report import (
    AuditedSentence,
    AuditIssue,
    DraftAudit,
    DraftReport,
    MarkerReference,
    SkippedLine,
)
from summarizer.briefing import Citation, CitedChunk, Source
from summarizer.rendering.formats import render_document
from summarizer.rendering.json import json_schema
from tests.rendering.words import fused, html_page, markdown
from tests.rendering.words import text as audit_text

SCHEMA = Path(__file__).parents[2] / "docs" / "check.schema.json"
TEXT = "Twelve people were injured. Nobody died."


def draft(text: str = "Twelve people were injured.", detail: str = "12 not there") -> DraftAudit:
    """Two sentences, one of them wrong."""
    cited = Citation(chunk="c-1", source="s-1", start=0, end=27, quote=TEXT[:27])
    right = AuditedSentence(
        text=text, line=1, start=0, end=27, markers=("[1]",), verdict="supported",
        support=0.99, issues=(), citations=(cited,),
    )  # fmt: skip
    wrong = AuditedSentence(
        text="Aliens came.", line=3, start=28, end=40, markers=(), verdict="unsupported",
        support=0.1, issues=(AuditIssue(kind="name", words="Aliens", detail=detail),), citations=(),
    )  # fmt: skip
    return DraftAudit(
        schema="summarizer/check/2", draft="d.md", sha256="0" * 64, language="en",
        notes=("numbers follow the order of --sources: [1] a.txt",), sentences=(right, wrong),
        references=(
            MarkerReference(
                marker="[1]", source="s-1", resolved_by="source_order", detail="a.txt"
            ),
        ),
        skipped=(SkippedLine(reason="heading", text="# Title", line=2),),
        sources=(
            Source(id="s-1", label="a.txt", path="a.txt", sha256="1" * 64, origin="s-1", length=40),
        ),
        chunks=(CitedChunk(id="c-1", source="s-1", start=0, end=40, text=TEXT),),
        report=DraftReport(
            sentences=2,
            supported=1,
            unverified=0,
            without_marker=1,
            citation_recall=0.5,
            citation_precision=1.0,
        ),
    )  # fmt: skip


def test_the_terminal_shows_verdicts_and_reasons() -> None:
    assert audit_text(draft(), color=False).splitlines() == [
        "numbers follow the order of --sources: [1] a.txt",
        "",
        "✓ Twelve people were injured. [1]",
        "✗ Aliens came. (not supported)",
        "    name: 12 not there",
        "",
        "Not judged: 1 line (1 heading)",
        "1 of 2 sentences supported · 1 without a mark · citation recall 0.50 · citation",
        "precision 1.00",
    ]


def test_colours_only_where_asked() -> None:
    assert "\x1b[" in audit_text(draft(), color=True)
    assert "\x1b" not in audit_text(draft(text="a\x1b[31mb"), color=False)


def test_markdown_is_a_task_list() -> None:
    told = markdown(draft(text="1 <b> & *more*"))
    assert "- [x] 1 \\<b\\> \\& \\*more\\* \\[1\\]" in told
    assert "- [ ] Aliens came. **(not supported)**\n  - name: 12 not there" in told


def test_the_page_is_one_file_and_escapes_what_it_shows() -> None:
    page = html_page(draft(text="<script>alert(1)</script>", detail="<img src=x>"))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "<mark" in page
    assert page.count('class="sentence"') == 1, "without a passage there is none to choose"


def test_a_source_s_text_widens_the_context_if_it_is_the_snapshot() -> None:
    assert html_page(draft(), {"s-1": "Another text."}) == html_page(draft())


@pytest.mark.parametrize("color", [True, False])
def test_a_draft_without_a_sentence_that_fails(color: bool) -> None:
    whole = draft()
    fine = whole.model_copy(update={"sentences": whole.sentences[:1], "skipped": ()})
    assert "✗" not in audit_text(fine, color=color)
    assert "Not judged" not in markdown(fine)


def test_commands_for_github_cannot_be_ended_by_what_they_show() -> None:
    hostile = draft(detail="100% of\n::error::it\r").model_copy(update={"draft": "a,b:c%.md"})
    first, last = render_document(hostile, "github").splitlines()
    place = "::warning file=a%2Cb%3Ac%25.md,line=3,title=not supported::"
    assert first == f"{place}Aliens came.%0Aname: 100%25 of ::error::it"
    assert last.startswith("::notice title=Check of a%2Cb%3Ac%25.md::1 of 2 sentences supported")


def test_commands_for_github_name_no_file_for_standard_input_and_note_what_is_unverified() -> None:
    whole = draft().model_copy(update={"draft": "-"})
    open_one = whole.sentences[1].model_copy(update={"verdict": "unverified"})
    text = render_document(whole.model_copy(update={"sentences": (open_one,)}), "github")
    assert text.startswith("::notice title=unverified::Aliens came.%0A")


def test_the_terminal_marks_what_is_unverified() -> None:
    whole = draft()
    open_one = whole.sentences[1].model_copy(update={"verdict": "unverified"})
    text = audit_text(whole.model_copy(update={"sentences": (open_one,)}), color=False)
    assert "? Aliens came. (unverified)" in text


def test_the_published_schema_is_the_present_one() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == json_schema(DraftAudit), (
        "write json_schema(DraftAudit) to docs/check.schema.json"
    )


def test_no_words_run_together_on_the_page() -> None:
    skipped = (
        SkippedLine(reason="heading", text="Title", line=1),
        SkippedLine(reason="table", text="1 2", line=2),
    )
    assert not fused(html_page(draft().model_copy(update={"skipped": skipped})))


def test_a_sentence_is_laid_out_in_the_direction_of_its_language() -> None:
    page = html_page(draft(text="قال الوزير إن الميناء مغلق."))
    assert '<p dir="rtl" lang="ar"><span class="sentence"' in page
    assert '<p dir="ltr" lang="en"><span class="unmarked"' in page
