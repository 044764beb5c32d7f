"""``summarizer eval claims``: the checks beside what people said."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.options import Output
from summarizer.cli.stories import Format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from summarizer.evaluation.claims import Outcome, Table
    from summarizer.evaluation.measures import Estimate, Sheet

__all__ = ["claims"]


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
    format: Annotated[
        Format | None,
        typer.Option(
            help="How the table is written. Default: by the suffix of --output, else text.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
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
    from summarizer.cli.output import deliver, refuse_sources
    from summarizer.cli.progress import track
    from summarizer.errors import SettingsError
    from summarizer.evaluation.claims import read, score, tabulate

    chosen = choose(format, output, Format)
    refuse_suffix(scores, "jsonl")
    for target in (scores, output):
        refuse_sources(target, map(str, files))
    rows = [score(row) for path in files for row in track(f"Scoring {path.name}", read(path))]
    if not rows:
        raise SettingsError("holds no claim", subject=", ".join(map(str, files)))
    if scores:
        deliver("".join(map(_line, rows)), scores)
    table = tabulate(rows, seed)
    as_json = chosen is Format.json
    deliver(json.dumps(_json(table), indent=2) + "\n" if as_json else _text(table), output)


def _line(row: "Outcome") -> str:
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


def _text(table: "Table") -> str:
    width = max(len(name) for name in (*table.sets, "mean of the sets"))
    head = f"{'set':<{width}}{'rows':>7}{'supported':>11}  {'BAcc':<20}{'AUC':<20}"
    rows = [f"{head}{'false accept':>13}{'false reject':>14}{'ms':>8}"]
    for name, sheet in table.sets.items():
        rows.append(f"{name:<{width}}{_figures(sheet)}{table.milliseconds[name]:>8.2f}")
    if len(table.sets) > 1:
        means = f"{_percent(table.balanced):<20}{_percent(table.auc):<20}"
        rows.append(f"{'mean of the sets':<{width}}{'':>18}  {means}".rstrip())
        rows.append(f"{'all rows as one':<{width}}{_figures(table.pooled)}")
    return "\n".join(rows) + "\n"


def _figures(sheet: "Sheet") -> str:
    counted = f"{sheet.rows:>7}{sheet.positives:>11}  "
    wrong = (_share(sheet.false_accept), _share(sheet.false_reject))
    told = f"{_percent(sheet.balanced):<20}{_percent(sheet.auc):<20}"
    return f"{counted}{told}{wrong[0]:>13}{wrong[1]:>14}"


def _percent(estimate: "Estimate") -> str:
    """``64.1 (60.2–68.0)``, or ``unscored``."""
    if estimate.value is None:
        return "unscored"
    if estimate.interval is None:
        return f"{100 * estimate.value:.1f}"
    low, high = (100 * end for end in estimate.interval)
    return f"{100 * estimate.value:.1f} ({low:.1f}–{high:.1f})"


def _share(estimate: "Estimate") -> str:
    return "–" if estimate.value is None else f"{100 * estimate.value:.1f} %"


def _json(table: "Table") -> dict[str, Any]:
    from summarizer.checking.checks import SUPPORTED

    return {
        "schema": "summarizer/claims/1",
        "threshold": SUPPORTED,
        "sets": {
            name: {**_sheet(sheet), "milliseconds": round(table.milliseconds[name], 4)}
            for name, sheet in table.sets.items()
        },
        "mean": {"balanced_accuracy": _estimate(table.balanced), "auc": _estimate(table.auc)},
        "all": _sheet(table.pooled),
    }


def _sheet(sheet: "Sheet") -> dict[str, Any]:
    return {
        "rows": sheet.rows,
        "supported": sheet.positives,
        "documents": sheet.documents,
        "balanced_accuracy": _estimate(sheet.balanced),
        "auc": _estimate(sheet.auc),
        "false_accept": _estimate(sheet.false_accept),
        "false_reject": _estimate(sheet.false_reject),
    }


def _estimate(estimate: "Estimate") -> Any:
    """``{"value", "interval"}`` with four digits, or the word ``unscored``."""
    if estimate.value is None:
        return "unscored"
    interval: Iterable[float] | None = estimate.interval
    ends = [round(end, 4) for end in interval] if interval else None
    return {"value": round(estimate.value, 4), "interval": ends}
