"""A run as JSON, and as JUnit XML for the tools that show test results."""

import json
import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from summarizer.evaluation.report.text import judge_lines
from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.summary import RunSummary, SuiteSummary

__all__ = ["json_report", "junit_report"]

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def json_report(summary: RunSummary) -> str:
    """Everything as JSON, one row a case."""
    held = {
        "schema": "summarizer/evaluation-report/1",
        "verdict": summary.verdict,
        "writer": summary.writer or "mocked",
        "judging": list(judge_lines(summary)),
        "judges": [
            each._asdict() | {"balanced_accuracy": each.balanced_accuracy._asdict()}
            for each in summary.judges
        ],
        "suites": [_suite_json(suite) for suite in summary.suites],
        "rows": [row.model_dump(mode="json", exclude={"key"}) for row in summary.rows],
    }
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


def _suite_json(suite: SuiteSummary) -> dict[str, object]:
    means = [{**mean._asdict(), "interval": mean.interval._asdict()} for mean in suite.means]
    return {**suite._asdict(), "means": means}


def junit_report(summary: RunSummary) -> str:
    """One test suite a suite, one test case a case: a failure for what was demanded and did not
    come, an error for a mistake in the suite itself."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites tests={_count(summary.rows)}>"]
    for suite in summary.suites:
        rows = [row for row in summary.rows if row.suite == suite.name]
        missed = len(suite.misses)
        lines.append(
            f"<testsuite name={_quoted(suite.name)} tests={_count(rows, missed)} "
            f'failures="{suite.failed + missed}" errors="{suite.invalid}" '
            f'time="{suite.seconds:.3f}">'
        )
        for row in rows:
            lines += _case_xml(row)
        for miss in suite.misses:
            name = _quoted(f"{suite.name}: threshold")
            lines.append(f"<testcase classname={_quoted(suite.name)} name={name}>")
            lines.append(f"<failure message={_quoted(miss)}/></testcase>")
        lines.append("</testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case_xml(row: CaseResult) -> Iterator[str]:
    attempt = f" #{row.attempt + 1}" if row.attempt else ""
    name = row.case.removeprefix(f"{row.suite}/") + attempt
    file, _, line = row.place.rpartition(":")
    yield (
        f"<testcase classname={_quoted(row.suite)} name={_quoted(name)} file={_quoted(file)}"
        f' line="{line}" time="{row.seconds:.3f}">'
    )
    for kind, said in (("error", row.invalid), ("failure", row.failures)):
        if said:
            yield f"<{kind} message={_quoted(said[0])}>{escape(_safe(chr(10).join(said)))}</{kind}>"
    yield "</testcase>"


def _count(rows: Sequence[CaseResult], more: int = 0) -> str:
    return f'"{len(rows) + more}"'


def _quoted(text: str) -> str:
    return quoteattr(_safe(text))


def _safe(text: str) -> str:
    return _NOT_XML.sub("�", text)
