"""``summarizer eval claims`` and ``mutate``: how often the checks are right."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.options import AllowPrivateOption, OutputOption, enum_format_option
from summarizer.cli.stories import TextOrJson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from summarizer.briefing import Briefing
    from summarizer.checking.claims import Passage
    from summarizer.evaluation.detection import MisjudgedSentence, PerturbationReport
    from summarizer.evaluation.labels import (
        LabelMetrics,
        ScoredClaim,
        SourceLibrary,
        SupportedSample,
    )
    from summarizer.evaluation.statistics import ClassifierMetrics, ConfidenceInterval, Estimate
    from summarizer.sources.articles import Article

__all__ = ["claims", "mutate"]

FormatOption = Annotated[TextOrJson | None, enum_format_option()]


def claims(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            show_default=False,
            help="JSON Lines, also gzip: dataset, id, claim, evidence, label.",
        ),
    ],
    scores: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Write each row's score here.")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Of the resampled intervals.")] = 0,
) -> None:
    """Score labelled claims as a sentence of a briefing is scored, and print how often that is
    right.

    One threshold for all sets, the one that briefings are checked with. Intervals are 95 %, over
    documents where rows share one. A set with one class only is unscored.

    \b
    Example:
      summarizer eval claims claims/*.jsonl.gz --scores scores.jsonl
    """
    from summarizer.cli.formats import choose, refuse_suffix
    from summarizer.cli.io import refuse_input_file, track, write_output
    from summarizer.errors import SettingsError
    from summarizer.evaluation.labels import read_labelled_claims, score_claim, tabulate_metrics

    chosen = choose(format, output, TextOrJson)
    refuse_suffix(scores, "jsonl")
    for target in (scores, output):
        refuse_input_file(target, map(str, files))
    rows = [
        score_claim(row)
        for path in files
        for row in track(f"Scoring {path.name}", read_labelled_claims(path))
    ]
    if not rows:
        raise SettingsError("holds no claim", subject=", ".join(map(str, files)))
    if scores:
        write_output("".join(map(_score_line, rows)), scores)
    table = tabulate_metrics(rows, seed)
    write_output(
        _metrics_json(table) if chosen is TextOrJson.json else _metrics_text(table), output
    )


def _score_line(row: "ScoredClaim") -> str:
    told = {
        "dataset": row.dataset,
        "id": row.id,
        "score": round(row.score, 6),
        "supported": row.supported,
        "findings": [
            {"kind": problem.kind, "words": problem.words, "detail": problem.detail}
            for problem in row.findings
        ],
    }
    text = json.dumps(told, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _metrics_text(table: "LabelMetrics") -> str:
    width = max(len(name) for name in (*table.sets, "mean of the sets"))
    head = f"{'set':<{width}}{'rows':>7}{'supported':>11}  {'BAcc':<20}{'AUC':<20}"
    rows = [f"{head}{'false accept':>13}{'false reject':>14}{'ms':>8}"]
    for name, sheet in table.sets.items():
        rows.append(f"{name:<{width}}{_metrics_cells(sheet)}{table.milliseconds[name]:>8.2f}")
    if len(table.sets) > 1:
        means = (
            f"{_percent_with_interval(table.balanced):<20}{_percent_with_interval(table.auc):<20}"
        )
        rows.append(f"{'mean of the sets':<{width}}{'':>18}  {means}".rstrip())
        rows.append(f"{'all rows as one':<{width}}{_metrics_cells(table.pooled)}")
    return "\n".join(rows) + "\n"


def _metrics_cells(sheet: "ClassifierMetrics") -> str:
    counted = f"{sheet.rows:>7}{sheet.positives:>11}  "
    wrong = (_percent_cell(sheet.false_accept), _percent_cell(sheet.false_reject))
    told = f"{_percent_with_interval(sheet.balanced):<20}{_percent_with_interval(sheet.auc):<20}"
    return f"{counted}{told}{wrong[0]:>13}{wrong[1]:>14}"


def _percent_with_interval(estimate: "Estimate") -> str:
    """``64.1 (60.2–68.0)``, or ``unscored``."""
    if estimate.value is None:
        return "unscored"
    if estimate.interval is None:
        return f"{100 * estimate.value:.1f}"
    low, high = (100 * end for end in estimate.interval)
    return f"{100 * estimate.value:.1f} ({low:.1f}–{high:.1f})"


def _percent_cell(estimate: "Estimate") -> str:
    return "–" if estimate.value is None else f"{100 * estimate.value:.1f} %"


def _metrics_json(table: "LabelMetrics") -> str:
    from summarizer.checking.verdict import MIN_SUPPORTED

    document = {
        "schema": "summarizer/claims/1",
        "threshold": MIN_SUPPORTED,
        "sets": {
            name: {**_set_json(sheet), "milliseconds": round(table.milliseconds[name], 4)}
            for name, sheet in table.sets.items()
        },
        "mean": {
            "balanced_accuracy": _estimate_json(table.balanced),
            "auc": _estimate_json(table.auc),
        },
        "all": _set_json(table.pooled),
    }
    return json.dumps(document, indent=2) + "\n"


def _set_json(sheet: "ClassifierMetrics") -> dict[str, Any]:
    return {
        "rows": sheet.rows,
        "supported": sheet.positives,
        "documents": sheet.documents,
        "balanced_accuracy": _estimate_json(sheet.balanced),
        "auc": _estimate_json(sheet.auc),
        "false_accept": _estimate_json(sheet.false_accept),
        "false_reject": _estimate_json(sheet.false_reject),
    }


def _estimate_json(estimate: "Estimate") -> Any:
    """``{"value", "interval"}`` with four digits, or the word ``unscored``."""
    if estimate.value is None:
        return "unscored"
    interval: Iterable[float] | None = estimate.interval
    ends = [round(end, 4) for end in interval] if interval else None
    return {"value": round(estimate.value, 4), "interval": ends}


MAX_SHOWN_MISSES = 3
"""Missed mistakes of each kind, and flagged sentences, that ``--misses`` prints."""


def mutate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="BRIEFING...", show_default=False, help="Briefings saved as JSON."),
    ],
    sources: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH...", help="Where the sources are now, if not where they were."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Draws other mistakes.")] = 0,
    misses: Annotated[bool, typer.Option("--misses", help="Print some that slipped through.")] = (
        False
    ),
    format: FormatOption = None,
    output: OutputOption = None,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Make mistakes of fifteen kinds in supported sentences, and count those that are caught.

    Caught means that the sentence no longer counts as supported. The untouched sentences are
    judged too: what is flagged there is a false alarm.

    \b
    Examples:
      summarizer brief seeds -o briefing.json && summarizer eval mutate briefing.json
      summarizer eval mutate a.json b.json --misses
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.io import write_output
    from summarizer.evaluation.detection import measure_detection as run

    chosen = choose(format, output, TextOrJson)
    held = _articles_by_hash(sources or [], allow_private=allow_private)
    groups = [_read_samples(file, held) for file in files]
    report = run(groups, seed)
    as_json = chosen is TextOrJson.json
    write_output(
        report.model_dump_json(indent=2) + "\n" if as_json else _report_text(report, misses), output
    )


def _articles_by_hash(paths: Sequence[str], *, allow_private: bool) -> "Mapping[str, Article]":
    """The articles of ``--sources`` by sha256."""
    from summarizer.cli.io import gather_articles

    articles, _ = gather_articles(paths, allow_private=allow_private) if paths else ([], [])
    return {article.sha256: article for article in articles}


def _read_samples(
    file: Path, held: "Mapping[str, Article]"
) -> "tuple[Sequence[SupportedSample], SourceLibrary]":
    """A briefing's supported sentences and its sources. Raises SettingsError without any."""
    from summarizer.api import load_briefing
    from summarizer.errors import SettingsError
    from summarizer.evaluation.labels import build_library, supported_samples

    briefing = load_briefing(file)
    found = list(supported_samples(briefing))
    if not found:
        raise SettingsError("holds no supported sentence", subject=str(file))
    return found, build_library(dict(_source_passages(briefing, file.parent, held)))


def _source_passages(
    briefing: "Briefing", beside: Path, held: "Mapping[str, Article]"
) -> "Iterator[tuple[str, Passage]]":
    """Each source's text; where it is not at hand, the passages that the briefing holds."""
    from summarizer.api import reread_source
    from summarizer.checking.claims import Passage
    from summarizer.errors import SourceError

    for source in briefing.sources:
        try:
            text = (held.get(source.sha256) or reread_source(source, beside)).text
        except SourceError as error:
            place = source.path or source.url
            print(
                f"summarizer: {place}: {error.message}; its cited passages stand in for it",
                file=sys.stderr,
            )
            cited = [chunk.text for chunk in briefing.chunks if chunk.source == source.id]
            text = "\n\n".join(cited)
        yield source.id, Passage(text, briefing.language, source.exact_date)


def _report_text(report: "PerturbationReport", misses: bool) -> str:
    rows = [f"{'mistake':<22}{'made':>6}{'caught':>8}{'share':>8}   {'95 %':<15}caught by"]
    for kind in report.kinds:
        share = f"{_share_cell(kind.share)}   {_interval(kind.interval):<15}{_counts(kind.by)}"
        rows.append(f"{kind.kind:<22}{kind.made:>6}{kind.caught:>8}{share}".rstrip())
    left = report.untouched
    share = f"{_share_cell(left.share)}   {_interval(left.interval):<15}{_counts(left.by)}"
    rows.append(f"{'untouched, flagged':<22}{left.sentences:>6}{left.flagged:>8}{share}".rstrip())
    if misses:
        for kind in report.kinds:
            rows += _missed_lines(f"{kind.kind}: slipped through", kind.missed)
        rows += _missed_lines("untouched, wrongly flagged", left.wrongly)
    return "\n".join(rows) + "\n"


def _missed_lines(head: str, missed: "Sequence[MisjudgedSentence]") -> Iterator[str]:
    from summarizer.rendering.sanitize import clean_line

    if missed:
        yield f"\n{head} ({len(missed)})"
    for one in missed[:MAX_SHOWN_MISSES]:
        yield f"  - {clean_line(one.text)}"
        if one.text != one.was:
            yield f"    was: {clean_line(one.was)}"
        if one.detail:
            yield f"    {clean_line(one.detail)}"


def _share_cell(share: float | None) -> str:
    return f"{'none':>8}" if share is None else f"{100 * share:>6.1f} %"


def _interval(interval: "ConfidenceInterval | None") -> str:
    return "" if interval is None else f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
