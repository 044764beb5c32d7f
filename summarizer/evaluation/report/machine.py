"""A run as JSON, and as JUnit XML for the tools that show test results."""

import json
import re
from xml.sax.saxutils import escape, quoteattr

from summarizer.evaluation.report.text import judge_lines
from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.summary import RunSummary

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow."""


def json_report(summary: RunSummary) -> str:
    """Everything as JSON, with one row for each case."""
    document = {
        "schema": "summarizer/evaluation-report/1",
        "verdict": summary.verdict,
        "writer": summary.writer or "mocked",
        "judging": list(judge_lines(summary)),
        "judges": [
            each._asdict() | {"balanced_accuracy": each.balanced_accuracy._asdict()}
            for each in summary.judges
        ],
        "suites": [
            suite._asdict()
            | {"means": [m._asdict() | {"interval": m.interval._asdict()} for m in suite.means]}
            for suite in summary.suites
        ],
        "rows": [row.model_dump(mode="json", exclude={"key"}) for row in summary.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def junit_report(summary: RunSummary) -> str:
    """A test suite for each suite and a test case for each case: a failure for an unmet
    expectation or threshold, an error for a mistake in the suite itself."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites tests="{len(summary.rows)}">',
    ]
    for suite in summary.suites:
        rows, name = [row for row in summary.rows if row.suite == suite.name], _quoted(suite.name)
        missed = len(suite.misses)
        lines.append(
            f'<testsuite name={name} tests="{len(rows) + missed}" '
            f'failures="{suite.failed + missed}" errors="{suite.invalid}" '
            f'time="{suite.seconds:.3f}">'
        )
        for row in rows:
            lines += _case_lines(row)
        for miss in suite.misses:
            threshold = _quoted(f"{suite.name}: threshold")
            lines.append(f"<testcase classname={name} name={threshold}>")
            lines.append(f"<failure message={_quoted(miss)}/></testcase>")
        lines.append("</testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case_lines(row: CaseResult) -> list[str]:
    attempt = f" #{row.attempt + 1}" if row.attempt else ""
    name = row.case.removeprefix(f"{row.suite}/") + attempt
    file, _, line = row.place.rpartition(":")
    lines = [
        f"<testcase classname={_quoted(row.suite)} name={_quoted(name)} file={_quoted(file)}"
        f' line="{line}" time="{row.seconds:.3f}">'
    ]
    for kind, reasons in (("error", row.invalid), ("failure", row.failures)):
        if reasons:
            text = escape(_NOT_XML.sub("�", "\n".join(reasons)))
            lines.append(f"<{kind} message={_quoted(reasons[0])}>{text}</{kind}>")
    return [*lines, "</testcase>"]


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("�", text))
