"""``summarizer nli``: models on this machine that tell whether a sentence follows from others."""

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["check_model", "fetch_model", "nli_app"]

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


@nli_app.command("check")
def check_model(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", show_default=False, help="A folder with model.onnx, or an .onnx file."
        ),
    ],
) -> None:
    """Open a model, and print what it tells, how much it reads at once, and how fast.

    \b
    Example:
      summarizer nli check models/nli
    """
    from time import perf_counter

    from summarizer.checking.entailment import open_entailment_model

    started = perf_counter()
    model = open_entailment_model(path)
    opened = perf_counter()
    pairs = [("The bridge was opened on Monday.", "A bridge was opened.")] * TIMED_PAIRS
    model.read_pairs(pairs)
    spent = perf_counter() - opened
    print(f"{model.name}: {', '.join(model.labels)}")
    print(f"window: {model.window_tokens} tokens")
    print(f"opened in {opened - started:.1f} s, {1e3 * spent / len(pairs):.0f} ms a short pair")


def _log(message: str) -> None:
    print(f"summarizer: {message}", file=sys.stderr)
