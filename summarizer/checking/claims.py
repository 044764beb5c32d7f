"""What is checked, what it rests on, and what may be wrong with it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from summarizer.briefings import FindingKind
from summarizer.text.entities import Aliases

__all__ = ["NO_ALIASES", "Claim", "Passage", "Problem"]

NO_ALIASES: Aliases = {}


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence that somebody wrote. ``published``: the day from which its dates are read."""

    text: str
    language: str = "en"
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The cited words of one source. ``published``: the day from which its dates are read."""

    text: str
    language: str = "en"
    published: date | None = None


class Problem(NamedTuple):
    """What a check saw: ``words`` as they stand in the claim, ``detail`` beside the evidence.

    ``clash``: the evidence says something else in the same place, not merely nothing.
    """

    kind: FindingKind
    words: str
    detail: str
    clash: bool = False
