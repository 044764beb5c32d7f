"""``summarizer eval claims`` and ``mutate``: how often the checks are right."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.options import (
    AllowPrivateOption,
    NliOption,
    OutputOption,
    enum_format_option,
    open_nli_option,
)
from summarizer.cli.stories import TextOrJson

if TYPE_CHECKING:
    from summarizer.briefing import Briefing
    from summarizer.checking.claims import Passage
    from summarizer.evaluation.detection import (
        MisjudgedSentence,
        PerturbationReport,
        VerdictCounts,
    )
    from summarizer.evaluation.labels import (
        LabelMetrics,
        ScoredClaim,
        SourceLibrary,
        SupportedSample,
    )
    from summarizer.evaluation.statistics import ClassifierMetrics, Estimate
    from summarizer.sources.articles import Article

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
    nli: NliOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the resampled intervals.")] = 0,
) -> None:
    """Score labelled claims as sentences of a briefing are, and print how often that is right.

    All sets use the threshold of briefings. Intervals are 95 % and resample documents: rows that
    share a passage, an event or a run. A set in which only one label occurs is unscored.

    \b
    Example:
      summarizer eval claims claims/*.jsonl.gz --scores scores.jsonl
    """
    from summarizer.cli.formats import choose, refuse_suffix
    from summarizer.cli.io import refuse_input_file, track, write_output
    from summarizer.errors import SettingsError
    from summarizer.evaluation.labels import read_labelled_claims, score_claims, tabulate_metrics

    chosen = choose(format, output, TextOrJson)
    refuse_suffix(scores, "jsonl")
    for target in (scores, output):
        refuse_input_file(target, map(str, files))
    entailment = open_nli_option(nli)
    rows: list[ScoredClaim] = []
    for path in files:
        claims = track(f"Scoring {path.name}", read_labelled_claims(path))
        rows += score_claims(claims, entailment)
    if not rows:
        raise SettingsError("holds no claim", subject=", ".join(map(str, files)))
    if scores:
        write_output("".join(map(_score_line, rows)), scores)
    table = tabulate_metrics(rows, seed)
    render = _metrics_json if chosen is TextOrJson.json else _metrics_text
    write_output(render(table), output)


def _score_line(row: "ScoredClaim") -> str:
    record = {
        "dataset": row.dataset,
        "id": row.id,
        "score": round(row.score, 6),
        "supported": row.verdict == "supported",
        "verdict": row.verdict,
        "checked_by": row.checked_by,
        "findings": [
            {"kind": issue.kind, "words": issue.words, "detail": issue.detail}
            for issue in row.findings
        ],
    }
    text = json.dumps(record, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


VERDICT_COLUMNS = {
    "wrong_among_supported": "wrong/supported",
    "false_supported": "false passed",
    "true_supported": "true supported",
    "true_flagged": "true flagged",
    "false_flagged": "false flagged",
    "undecided": "cannot tell",
}
"""Fields of `evaluation.statistics.VerdictShares`, and how tables head them."""


def _metrics_text(table: "LabelMetrics") -> str:
    width = max(len(name) for name in (*table.sets, "mean of the sets"))
    heads = "".join(f"{head:<20}" for head in VERDICT_COLUMNS.values())
    lines = [f"{'set':<{width}}{'rows':>6}{'true':>6}  {heads}{'ms':>8}"]
    for name, shares in table.shares.items():
        cells = "".join(
            f"{percent_with_interval(getattr(shares, each)):<20}" for each in VERDICT_COLUMNS
        )
        metrics = table.sets[name]
        counts = f"{metrics.rows:>6}{metrics.positives:>6}"
        lines.append(f"{name:<{width}}{counts}  {cells}{table.milliseconds[name]:>8.2f}")
    lines += ["", "where everything must be decided (support 0.5)"]
    lines.append(f"{'set':<{width}}{'BAcc':>12}{'AUC':>26}{'false accept':>27}{'false reject':>14}")
    lines += [f"{name:<{width}}{_metrics_cells(each)}" for name, each in table.sets.items()]
    if len(table.sets) > 1:
        means = f"{percent_with_interval(table.balanced):<22}{percent_with_interval(table.auc):<22}"
        lines.append(f"{'mean of the sets':<{width}}{'':>8}{means}".rstrip())
        lines.append(f"{'all rows as one':<{width}}{_metrics_cells(table.pooled)}")
    return "\n".join(lines) + "\n"


def _metrics_cells(metrics: "ClassifierMetrics") -> str:
    accept, reject = (
        "–" if each.value is None else f"{100 * each.value:.1f} %"
        for each in (metrics.false_accept, metrics.false_reject)
    )
    balanced, auc = map(percent_with_interval, (metrics.balanced, metrics.auc))
    figures = f"{'':>8}{balanced:<22}{auc:<22}"
    return f"{figures}{accept:>13}{reject:>14}"


def percent_with_interval(estimate: "Estimate") -> str:
    """``64.1 (60.2–68.0)``, or ``unscored``."""
    if estimate.value is None:
        return "unscored"
    if estimate.interval is None:
        return f"{100 * estimate.value:.1f}"
    low, high = (100 * end for end in estimate.interval)
    return f"{100 * estimate.value:.1f} ({low:.1f}–{high:.1f})"


def _metrics_json(table: "LabelMetrics") -> str:
    from summarizer.checking.claims import MIN_LIKELY_SUPPORT

    document = {
        "schema": "summarizer/claims/1",
        "threshold": MIN_LIKELY_SUPPORT,
        "sets": {
            name: {
                **_set_json(metrics),
                "verdicts": {
                    column: _estimate_json(getattr(table.shares[name], column))
                    for column in VERDICT_COLUMNS
                },
                "milliseconds": round(table.milliseconds[name], 4),
            }
            for name, metrics in table.sets.items()
        },
        "mean": {
            "balanced_accuracy": _estimate_json(table.balanced),
            "auc": _estimate_json(table.auc),
        },
        "all": _set_json(table.pooled),
    }
    return json.dumps(document, indent=2) + "\n"


def _set_json(metrics: "ClassifierMetrics") -> dict[str, Any]:
    return {
        "rows": metrics.rows,
        "supported": metrics.positives,
        "documents": metrics.documents,
        "balanced_accuracy": _estimate_json(metrics.balanced),
        "auc": _estimate_json(metrics.auc),
        "false_accept": _estimate_json(metrics.false_accept),
        "false_reject": _estimate_json(metrics.false_reject),
    }


def _estimate_json(estimate: "Estimate") -> Any:
    """``{"value", "interval"}`` with four digits, or the word ``unscored``."""
    if estimate.value is None:
        return "unscored"
    ends = [round(end, 4) for end in estimate.interval] if estimate.interval else None
    return {"value": round(estimate.value, 4), "interval": ends}


MAX_SHOWN_MISSES = 3
"""Missed mistakes of each kind, and wrongly flagged sentences, that ``--misses`` prints."""


def mutate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="BRIEFING...", show_default=False, help="Briefings saved as JSON."),
    ],
    sources: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH...", help="Where the sources are now, if they have moved."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the choice of mistakes.")] = 0,
    misses: Annotated[
        bool, typer.Option("--misses", help="Print some that were judged wrongly.")
    ] = (False),
    nli: NliOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Make mistakes and faithful twins of 27 kinds from supported sentences, and judge them.

    Each is supported, cannot be told (unverified), or is flagged (unsupported or contradicted). Of
    the mistakes a good checker calls none supported; of the twins, which say the same in other
    words, and of the unchanged sentences it flags none. What it cannot tell misleads nobody.

    \b
    Examples:
      summarizer brief seeds -o briefing.json && summarizer eval mutate briefing.json
      summarizer eval mutate a.json b.json --misses
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.io import gather_articles, write_output
    from summarizer.evaluation.detection import measure_detection

    chosen = choose(format, output, TextOrJson)
    entailment = open_nli_option(nli)
    articles, _ = gather_articles(sources, allow_private=allow_private) if sources else ([], [])
    by_hash = {article.sha256: article for article in articles}
    samples = [_read_samples(file, by_hash) for file in files]
    report = measure_detection(samples, seed, entailment)
    as_json = chosen is TextOrJson.json
    write_output(
        report.model_dump_json(indent=2) + "\n" if as_json else _report_text(report, misses), output
    )


def _read_samples(
    file: Path, articles: "Mapping[str, Article]"
) -> "tuple[Sequence[SupportedSample], SourceLibrary]":
    """A briefing's supported sentences and its sources. Raises SettingsError without any."""
    from summarizer.api import load_briefing
    from summarizer.errors import SettingsError
    from summarizer.evaluation.labels import build_library, supported_samples

    briefing = load_briefing(file)
    samples = list(supported_samples(briefing))
    if not samples:
        raise SettingsError("holds no supported sentence", subject=str(file))
    return samples, build_library(dict(_source_passages(briefing, file.parent, articles)))


def _source_passages(
    briefing: "Briefing", folder: Path, articles: "Mapping[str, Article]"
) -> "Iterator[tuple[str, Passage]]":
    """Each source's text; where it cannot be read, the passages that the briefing holds."""
    from summarizer.api import reread_source
    from summarizer.checking.claims import Passage
    from summarizer.errors import SourceError

    for source in briefing.sources:
        try:
            text = (articles.get(source.sha256) or reread_source(source, folder)).text
        except SourceError as error:
            place = source.path or source.url
            print(
                f"summarizer: {place}: {error.message}; its cited passages are used instead",
                file=sys.stderr,
            )
            cited = [chunk.text for chunk in briefing.chunks if chunk.source == source.id]
            text = "\n\n".join(cited)
        yield source.id, Passage(text, briefing.language, source.exact_date)


def _report_text(report: "PerturbationReport", misses: bool) -> str:
    side = f"{'made':>6}{'supported':>11}{'cannot tell':>13}{'flagged':>9}"
    lines = [
        f"{'':<20}{'mistakes':>10}{'':>29}{'faithful twins':>17}",
        f"{'kind':<20}{side}   {side}   flagged by",
    ]
    for each in report.kinds:
        by = _by_check(each.mistakes)
        cells = f"{_count_cells(each.mistakes)}   {_count_cells(each.twins)}"
        lines.append(f"{each.kind:<20}{cells}   {by}".rstrip())
    left = f"{_count_cells(report.untouched)}{'':>45}{_by_check(report.untouched)}"
    lines.append(f"{'untouched':<20}{left}".rstrip())
    if misses:
        for kind in report.kinds:
            lines += _missed_lines(f"{kind.kind}: called supported", kind.mistakes.misjudged)
            lines += _missed_lines(f"{kind.kind}: faithful, flagged", kind.twins.misjudged)
        lines += _missed_lines("untouched, wrongly flagged", report.untouched.misjudged)
    return "\n".join(lines) + "\n"


def _count_cells(counts: "VerdictCounts") -> str:
    """The number made, and the per cent of each column."""
    columns = ((counts.supported, 11), (counts.unverified, 13), (counts.flagged, 9))
    shares = (
        f"{100 * count / counts.made:.1f} %".rjust(width) if counts.made else f"{'–':>{width}}"
        for count, width in columns
    )
    return f"{counts.made:>6}{''.join(shares)}"


def _by_check(counts: "VerdictCounts") -> str:
    return ", ".join(f"{check} {count}" for check, count in counts.by.items())


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
