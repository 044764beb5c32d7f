"""Words that perturbations swap, from the English lexicon.

They are independent of the thesaurus of the checks: measured with words that it knows, a check
would only find itself.
"""

from summarizer.text.lexicon import lexicon


def _both_ways(pairs: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """Both ways; the first partner of a word counts."""
    partners: dict[str, str] = {}
    for one, other in pairs:
        partners.setdefault(one, other)
        partners.setdefault(other, one)
    return partners


_ENGLISH = lexicon("en")

DIRECTION_SWAPS = _both_ways(_ENGLISH.direction_swaps)
"""Pairs of directions of movement, or of places."""

ANTONYM_SWAPS = _both_ways(_ENGLISH.antonym_swaps)
"""Pairs of other opposites."""

BASE_FORM_OF_PAST = {row[0]: row[1] for row in _ENGLISH.past_tenses}
"""A past tense -> the form after "did not"."""

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
"""A unit beside a number, the longest first -> those that may replace it."""
