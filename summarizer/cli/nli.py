"""``summarizer nli``: models on this machine that tell whether a sentence follows from others."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from summarizer.checking.calibration import Calibration, MeasuredShare
    from summarizer.evaluation.entailment_calibration import CalibrationResult

nli_app = typer.Typer(
    help="Models on this machine that read what the rules of the checks leave open (--nli).",
    rich_markup_mode=None,
)

TIMED_PAIRS = 5
"""Pairs that measure the speed of a model."""


@nli_app.command("fetch")
def fetch_model(
    name: Annotated[
        str, typer.Argument(metavar="OWNER/REPO@COMMIT", show_default=False, help="The model.")
    ],
    sha256: Annotated[
        list[str],
        typer.Option(
            metavar="FILE=DIGEST",
            show_default=False,
            help="Digest of the .onnx file, and of any other file; may be repeated.",
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", show_default=False, help="Folder; default: the user's data."),
    ] = None,
    hub: Annotated[
        str | None, typer.Option(metavar="URL", show_default=False, help="Server to ask.")
    ] = None,
) -> None:
    """Download a model, and print the path for --nli. Nothing else downloads one.

    Its tokenizer.json and config.json come from the same commit. A file that does not have its
    digest is deleted; the digest of each file that was not verified is printed.

    \b
    Example:
      summarizer nli fetch OWNER/REPO@COMMIT --sha256 onnx/model.onnx=DIGEST
    """
    from summarizer.checking.model_download import (
        DEFAULT_HUB,
        default_model_folder,
        download_model,
        parse_digests,
        parse_release,
    )

    release, digests = parse_release(name), parse_digests(sha256)
    folder = to or default_model_folder(release)
    for file in download_model(release, digests, folder, hub or DEFAULT_HUB, _log):
        how = "verified" if file.verified else "not verified"
        _log(f"{file.path}: {file.size:,} bytes, sha256 {file.sha256}, {how}")
    print(next(folder / each for each in digests if each.endswith(".onnx")))


ModelArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PATH", show_default=False, help="A folder with model.onnx, or an .onnx file."
    ),
]


@nli_app.command("check")
def check_model(path: ModelArgument) -> None:
    """Open a model, and print what it reads, how fast, and what it may decide.

    \b
    Example:
      summarizer nli check models/nli
    """
    from time import perf_counter

    from summarizer.checking.entailment import open_entailment_model
    from summarizer.cli.options import why_undecided

    started = perf_counter()
    model = open_entailment_model(path)
    opened = perf_counter()
    pairs = [("The bridge was opened on Monday.", "A bridge was opened.")] * TIMED_PAIRS
    model.read_pairs(pairs)
    spent = perf_counter() - opened
    print(f"{model.name}: {', '.join(model.labels)}")
    print(f"window: {model.window_tokens} tokens")
    print(f"opened in {opened - started:.1f} s, {1e3 * spent / len(pairs):.0f} ms a short pair")
    if model.calibration:
        print("\n".join(_threshold_lines(model.calibration)))
    else:
        print(why_undecided(model, path))


@nli_app.command("calibrate")
def calibrate_model(
    path: ModelArgument,
    rows: Annotated[
        list[Path],
        typer.Argument(
            metavar="ROWS...",
            show_default=False,
            help="Labelled claims, as `eval claims` reads them.",
        ),
    ],
) -> None:
    """Measure what a model may decide, and write calibration.json beside it.

    The thresholds keep two errors at 5 % or less: false claims among those that the model calls
    supported, as if half of all claims were false, and faithful claims that it calls unsupported.
    What is printed is measured by cross-validation: each event is judged by the thresholds that the
    other events choose. Use rows like the sentences that the model will read.

    \b
    Example:
      summarizer nli calibrate models/nli evals/natural/half-a.jsonl
    """
    from hashlib import sha256

    from summarizer.checking.calibration import calibration_file, model_digest
    from summarizer.checking.cross_encoder import find_model_files
    from summarizer.checking.entailment import open_entailment_model
    from summarizer.cli.io import track, write_output
    from summarizer.evaluation.entailment_calibration import calibrate_entailment
    from summarizer.evaluation.labels import read_labelled_claims

    files = find_model_files(path.expanduser().resolve())
    model = open_entailment_model(path)
    claims = [claim for each in rows for claim in read_labelled_claims(each)]
    digest = sha256()
    for each in rows:
        digest.update(each.read_bytes())
    result = calibrate_entailment(
        claims, model, model_digest(files), digest.hexdigest(), track=track
    )
    target = calibration_file(files)
    write_output(result.calibration.model_dump_json(indent=2, by_alias=True) + "\n", target)
    print(
        "\n".join([*_threshold_lines(result.calibration), "", *_verdict_lines(result, model.name)])
    )
    _log(f"{target} is written")


def _verdict_lines(result: "CalibrationResult", name: str) -> list[str]:
    """What the verdicts on all rows are worth, by rules alone and with the model."""
    from summarizer.cli.eval_checks import VERDICT_COLUMNS, percent_with_interval

    table = {"rules": result.rules, f"rules + nli:{name}": result.with_model}
    width = max(map(len, table)) + 2
    return [
        " " * width + "".join(f"{head:<20}" for head in VERDICT_COLUMNS.values()).rstrip(),
        *(
            f"{row:<{width}}"
            + "".join(
                f"{percent_with_interval(getattr(shares, each)):<20}" for each in VERDICT_COLUMNS
            ).rstrip()
            for row, shares in table.items()
        ),
    ]


def _threshold_lines(calibration: "Calibration") -> list[str]:
    """The thresholds, with the errors of the cross-validation."""
    upper, lower = calibration.min_supported, calibration.max_unsupported
    false = calibration.rows - calibration.faithful_rows
    lines = [
        f"calibrated on {calibration.faithful_rows} faithful and {false} false rows of"
        f" {calibration.events} events ({', '.join(calibration.languages)})"
    ]
    if upper is None:
        lines.append("says supported: never; no threshold keeps 95 % of them right")
    else:
        lines.append(
            f"says supported from {upper:.4f}: of faithful rows"
            f" {_counted(calibration.faithful_supported)}, of false ones"
            f" {_counted(calibration.false_supported)}; wrong among supported"
            f" {_counted(calibration.wrong_among_supported)}"
        )
    if lower is None:
        lines.append("says unsupported: never; no threshold spares 95 % of the faithful rows")
    else:
        lines.append(
            f"says unsupported up to {lower:.4f}: of faithful rows"
            f" {_counted(calibration.faithful_unsupported)}, of false ones"
            f" {_counted(calibration.false_unsupported)}"
        )
    return lines


def _counted(measured: "MeasuredShare") -> str:
    """``8 of 181, 4.4 % (1.7–7.7)``."""
    counts = f"{measured.count} of {measured.total}"
    if measured.share is None or measured.low is None or measured.high is None:
        return counts
    interval = f"{100 * measured.low:.1f}–{100 * measured.high:.1f}"
    return f"{counts}, {100 * measured.share:.1f} % ({interval})"


def _log(message: str) -> None:
    print(f"summarizer: {message}", file=sys.stderr)
