"""``summarizer eval mutate``: mistakes made on purpose, and how many the checks catch."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import AllowPrivate, Output
from summarizer.cli.stories import Format

if TYPE_CHECKING:
    from summarizer.briefings import Briefing
    from summarizer.checking.claims import Passage
    from summarizer.evaluation.measures import Interval
    from summarizer.evaluation.mutations import Missed, MutationReport
    from summarizer.evaluation.samples import Library, Sample
    from summarizer.sources.articles import Article

__all__ = ["mutate"]

SHOWN = 3
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
    format: Annotated[
        Format | None,
        typer.Option(
            help="How the report is written. Default: by the suffix of --output, else text.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    allow_private: AllowPrivate = False,
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
    from summarizer.cli.output import deliver
    from summarizer.evaluation.mutations import mutate as run

    chosen = choose(format, output, Format)
    held = _articles(sources or [], allow_private=allow_private)
    groups = [_read(file, held) for file in files]
    report = run(groups, seed)
    as_json = chosen is Format.json
    deliver(report.model_dump_json(indent=2) + "\n" if as_json else _text(report, misses), output)


def _articles(paths: Sequence[str], *, allow_private: bool) -> "Mapping[str, Article]":
    """The articles of ``--sources`` by sha256."""
    from summarizer.cli.inputs import gather

    articles, _ = gather(paths, allow_private=allow_private) if paths else ([], [])
    return {article.sha256: article for article in articles}


def _read(file: Path, held: "Mapping[str, Article]") -> "tuple[Sequence[Sample], Library]":
    """A briefing's supported sentences and its sources. Raises SettingsError without any."""
    from summarizer.cli.verify import read_text
    from summarizer.errors import SettingsError
    from summarizer.evaluation.samples import samples, shelve
    from summarizer.rendering.interchange import parse

    try:
        briefing = parse(read_text(file))
    except SettingsError as error:
        error.subject = error.subject or str(file)
        raise
    found = list(samples(briefing))
    if not found:
        raise SettingsError("holds no supported sentence", subject=str(file))
    return found, shelve(dict(_texts(briefing, file.parent, held)))


def _texts(
    briefing: "Briefing", beside: Path, held: "Mapping[str, Article]"
) -> "Iterator[tuple[str, Passage]]":
    """Each source's text; where it is not at hand, the passages that the briefing holds."""
    from summarizer.checking.claims import Passage
    from summarizer.cli.verify import reread
    from summarizer.errors import SourceError

    for source in briefing.sources:
        try:
            text = (held.get(source.sha256) or reread(source, beside)).text
        except SourceError as error:
            place = source.path or source.url
            print(
                f"summarizer: {place}: {error.message}; its cited passages stand in for it",
                file=sys.stderr,
            )
            cited = [chunk.text for chunk in briefing.chunks if chunk.source == source.id]
            text = "\n\n".join(cited)
        yield source.id, Passage(text, briefing.language, source.written)


def _text(report: "MutationReport", misses: bool) -> str:
    rows = [f"{'mistake':<22}{'made':>6}{'caught':>8}{'share':>8}   {'95 %':<15}caught by"]
    for kind in report.kinds:
        share = f"{_percent(kind.share)}   {_range(kind.interval):<15}{_by(kind.by)}"
        rows.append(f"{kind.kind:<22}{kind.made:>6}{kind.caught:>8}{share}".rstrip())
    left = report.untouched
    share = f"{_percent(left.share)}   {_range(left.interval):<15}{_by(left.by)}"
    rows.append(f"{'untouched, flagged':<22}{left.sentences:>6}{left.flagged:>8}{share}".rstrip())
    if misses:
        for kind in report.kinds:
            rows += _missed(f"{kind.kind}: slipped through", kind.missed)
        rows += _missed("untouched, wrongly flagged", left.wrongly)
    return "\n".join(rows) + "\n"


def _missed(head: str, missed: "Sequence[Missed]") -> Iterator[str]:
    from summarizer.rendering.visible import line

    if missed:
        yield f"\n{head} ({len(missed)})"
    for one in missed[:SHOWN]:
        yield f"  - {line(one.text)}"
        if one.text != one.was:
            yield f"    was: {line(one.was)}"
        if one.detail:
            yield f"    {line(one.detail)}"


def _percent(share: float | None) -> str:
    return f"{'none':>8}" if share is None else f"{100 * share:>6.1f} %"


def _range(interval: "Interval | None") -> str:
    return "" if interval is None else f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f}"


def _by(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
