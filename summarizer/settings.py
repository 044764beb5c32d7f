"""The settings of one briefing."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from summarizer.errors import SettingsError

MIN_STORY_WORDS = 75
"""Words of a briefing for each of its stories, at least."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one briefing. ``words`` is the limit for all stories together, headlines
    included; ``stories`` is the limit of their number, and so is ``words`` in parts of
    ``story_words``, below which a story is omitted. ``nli``: a model on this machine that reads
    what the rules of the checks leave open (`summarizer.checking.entailment`). ``strict``: what a
    model wrote and nothing verified is replaced by the source's own sentence, or left out.
    ``since``: older articles are left out, and with them those of unknown date, unless ``undated``
    keeps these.

    Raises SettingsError if ``words`` is too low.
    """

    focus: str = ""
    words: int = 300
    title: str = ""
    since: date | datetime | None = None
    stories: int = 8
    nli: Path | None = None
    strict: bool = False
    story_words: int = MIN_STORY_WORDS
    undated: bool = False

    def __post_init__(self) -> None:
        if self.words < 20:
            raise SettingsError(
                f"{self.words} words hold no briefing", setting="words", hint="give at least 20"
            )
