"""What a source takes back of what was reported: "withdrew a statement that a man was arrested"."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from summarizer.retrieval.chunks import Statement
from summarizer.sources.articles import publication_instant
from summarizer.text.numbers import find_quantities, quantity_matches
from summarizer.text.tokens import content_stems
from summarizer.writing.stated_values import retracted_span

MIN_RETRACTED_SHARE = 0.7
"""Share of the content stems of what is taken back that a sentence has if it says that."""

MIN_RETRACTED_STEMS = 3
"""Content stems of what is taken back; fewer could be of anything."""


class Retraction(NamedTuple):
    """``old`` says what ``new`` takes back."""

    old: Statement
    new: Statement


def find_retractions(
    said: Sequence[Statement], published: Mapping[str, date | datetime]
) -> Iterator[Retraction]:
    """Those between the sources of one story. ``published``: by source, where it is known."""
    for new in said:
        span = retracted_span(new.text) if new.language == "en" else None
        if not span:
            continue
        words = new.text[span.start : span.end]
        stems = frozenset(content_stems(words))
        figures = find_quantities(words)
        wanted = stems - {stem for figure in figures for stem in content_stems(figure.text)}
        if len(wanted) < MIN_RETRACTED_STEMS:
            continue
        for old in said:
            if (
                old.source != new.source
                and len(wanted & old.stems) >= MIN_RETRACTED_SHARE * len(wanted)
                and retracted_span(old.text) is None
                and not _is_newer(old, new, published)
                and all(
                    any(quantity_matches(figure, each) for each in find_quantities(old.text))
                    for figure in figures
                )
            ):
                yield Retraction(old, new)


def _is_newer(old: Statement, new: Statement, published: Mapping[str, date | datetime]) -> bool:
    here, there = published.get(old.source), published.get(new.source)
    return bool(here and there and publication_instant(here) > publication_instant(there))
