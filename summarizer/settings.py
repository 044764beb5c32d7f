"""The settings of one briefing, as one frozen value."""

from dataclasses import dataclass
from datetime import date

from summarizer.errors import SettingsError

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How one briefing is made. ``words`` bounds all stories together, headlines included."""

    focus: str = ""
    words: int = 300
    title: str = ""
    since: date | None = None
    stories: int = 8

    def __post_init__(self) -> None:
        if self.words < 20:
            raise SettingsError(
                f"{self.words} words hold no briefing", setting="words", hint="give at least 20"
            )
