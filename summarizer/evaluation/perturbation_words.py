"""Words that perturbations put in place of each other, from the English lexicon.

They are independent of the checks' own thesaurus: measured with words it knows, a check would only
find itself.
"""

from summarizer.text.lexicon import lexicon

__all__ = [
    "ANTONYM_SWAPS",
    "AUXILIARY_VERBS",
    "BASE_FORM_OF_PAST",
    "DATE_SWAPS",
    "DIRECTION_SWAPS",
    "MAGNITUDE_SWAPS",
    "MONTH_NAMES",
    "NUMBER_WORDS",
    "UNIT_SWAPS",
    "WEEKDAY_NAMES",
]


def _both_ways(pairs: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """Both ways; the first partner of a word counts."""
    partners: dict[str, str] = {}
    for one, other in pairs:
        partners.setdefault(one, other)
        partners.setdefault(other, one)
    return partners


_ENGLISH = lexicon("en")

DIRECTION_SWAPS = _both_ways(_ENGLISH.direction_swaps)
"""Which way something moves, or lies."""

ANTONYM_SWAPS = _both_ways(_ENGLISH.antonym_swaps)
"""Opposites that are no directions."""

BASE_FORM_OF_PAST = {row[0]: row[1] for row in _ENGLISH.past_tenses}
"""A past tense -> the form behind "did not"."""

AUXILIARY_VERBS = _ENGLISH.auxiliaries_for_swaps
NUMBER_WORDS = _ENGLISH.number_swaps
MAGNITUDE_SWAPS = _ENGLISH.magnitude_swaps
DATE_SWAPS = _ENGLISH.date_swaps
MONTH_NAMES = tuple(forms[0].title() for forms in _ENGLISH.months)
WEEKDAY_NAMES = tuple(forms[0].title() for forms in _ENGLISH.weekdays)

UNIT_SWAPS = tuple(
    (unit, tuple(f" {other}" if unit == "%" else other for other in others))
    for unit, others in _ENGLISH.unit_swaps.items()
)
"""What stands at a number, longest first -> what may stand there instead."""
