"""Arguments and options that commands share; `model_options` has those that name a model."""

import os
import re
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.errors import SettingsError, SummarizerError

if TYPE_CHECKING:
    from summarizer.checking.entailment import EntailmentModel

PathsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        show_default=False,
        help="Files, folders, globs, http(s) URLs, or - for standard input.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, atomically.")
]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Also fetch private and loopback addresses.")
]
NliOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH", help="Model on this machine that reads what the rules leave open."
    ),
]

StoreOption = Annotated[
    str,
    typer.Option(
        envvar="SUMMARIZER_STORE",
        metavar="PATH|URL",
        help="A file, or postgresql://...; default: in the user's data folder.",
        show_default=False,
    ),
]


def complete_digests(incomplete: str) -> list[str]:
    """The names of stored digests that begin so, for the shell; none where there is no store."""
    return [name for name in _stored_names(0) if name.startswith(incomplete)]


def complete_editions(incomplete: str) -> list[str]:
    """As `complete_digests`, and ``NAME/NUMBER`` for the newest editions."""
    return [name for name in _stored_names(MAX_COMPLETED_EDITIONS) if name.startswith(incomplete)]


MAX_COMPLETED_EDITIONS = 50


def _stored_names(editions: int) -> list[str]:
    try:
        from summarizer.store.database import default_store, open_store
        from summarizer.store.editions import digest_names, edition_history

        named = os.environ.get("SUMMARIZER_STORE", "")
        with closing(open_store(named or default_store(), create=False)) as database:
            numbered = edition_history(database, limit=editions) if editions else ()
            return [*digest_names(database), *(f"{e.digest}/{e.number}" for e in numbered)]
    except (ImportError, SummarizerError):
        return []


_UNIT_HOURS = {"h": 1, "d": 24, "w": 7 * 24}


def parse_day_or_time(value: str, now: datetime | None = None) -> date | datetime:
    """A day (``2026-11-26``, ``today``, ``yesterday``) or a time in the local zone
    (``2026-11-26T08:00``; ``12h``, ``2d`` and ``1w`` are that long ago). Raises BadParameter.

    >>> noon = datetime(2026, 11, 28, 12).astimezone()
    >>> parse_day_or_time("yesterday", noon), parse_day_or_time("2d", noon).isoformat()[:16]
    (datetime.date(2026, 11, 27), '2026-11-26T12:00')
    """
    now = now or current_time()
    word = value.strip().lower()
    days = {"today": 0, "yesterday": 1}
    if word in days:
        return (now - timedelta(days=days[word])).date()
    try:
        if ago := re.fullmatch(r"(\d{1,5})([hdw])", word):
            return now - timedelta(hours=int(ago[1]) * _UNIT_HOURS[ago[2]])
        if "t" in word or " " in word:
            given = datetime.fromisoformat(value.strip())
            return given if given.tzinfo else given.astimezone()
        return date.fromisoformat(word)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{value!r} is no date: give 2026-11-26, 2026-11-26T08:00, today, yesterday, 12h or 2d"
        ) from None


def current_time() -> datetime:
    """The time that a briefing is stamped with: now, or what SOURCE_DATE_EPOCH names, so that two
    runs write the same bytes (https://reproducible-builds.org). Raises SettingsError."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return datetime.now().astimezone()
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise SettingsError(
            f"{seconds!r} is no number of seconds since 1970", subject="SOURCE_DATE_EPOCH"
        ) from None


def _parse_undated(value: str) -> str:
    if value not in ("", "keep"):
        raise typer.BadParameter(f"{value!r} is not 'keep'.")
    return value


SinceOption = Annotated[
    Any,
    typer.Option(
        parser=parse_day_or_time,
        metavar="WHEN",
        show_default=False,
        help="Leave older articles out: a date or time, yesterday, or 2d.",
    ),
]
UntilOption = Annotated[
    Any,
    typer.Option(
        parser=parse_day_or_time,
        metavar="WHEN",
        show_default=False,
        help="Leave newer articles out.",
    ),
]
UndatedOption = Annotated[
    str,
    typer.Option(
        parser=_parse_undated,
        metavar="keep",
        show_default=False,
        help="Keep articles of unknown date too; --since leaves them out.",
    ),
]


def undated_notice(articles: int) -> str:
    """One line on the articles of unknown date that were left out."""
    left_out = "1 article of unknown date is" if articles == 1 else f"{articles:,} articles are"
    rest = "left out" if articles == 1 else "of unknown date and left out"
    return f"{left_out} {rest}; --undated keep keeps {'it' if articles == 1 else 'them'}"


def enum_format_option() -> Any:
    """``--format``; its values are those of the command's own enumeration."""
    return typer.Option(
        "--format",
        "-f",
        show_default=False,
        help="Output format; default: by the suffix of --output, else text.",
    )


def open_nli_option(path: Path | None) -> "EntailmentModel | None":
    """The model that ``--nli`` names; None where it names none. One that may decide nothing is one
    line on standard error. Raises SettingsError."""
    from summarizer.checking.entailment import open_named_model

    model = open_named_model(path)
    if path and model and (reason := why_undecided(model, path)):
        print(f"summarizer: {reason}", file=sys.stderr)
    return model


def why_undecided(model: "EntailmentModel", path: Path) -> str:
    """Why a model decides nothing, in one line; "" where it decides."""
    if not model.calibration:
        command = f"summarizer nli calibrate {path} ROWS.jsonl"
        return f"{model.name} is not calibrated, so it decides nothing; to measure it: {command}"
    if not model.calibration.decides:
        return f"{model.name} decides nothing: no threshold keeps its errors at 5 % or less"
    return ""
