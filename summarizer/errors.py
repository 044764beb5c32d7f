"""What can fail, and who can mend it.

    SummarizerError                 one line: subject, message, hint
    ├─ SettingsError                the user can mend it: exit 2
    ├─ SourceError                  one source of many: collected, the run goes on
    │  ├─ FetchError                the network or the server
    │  └─ ExtractionError           the bytes hold no article
    └─ NothingToDeliver             the run ended with nothing left to show: exit 1

Findings about sentences are values (`summarizer.briefings.Finding`), never exceptions.
"""

from typing import ClassVar

__all__ = [
    "ExtractionError",
    "FetchError",
    "NothingToDeliver",
    "SettingsError",
    "SourceError",
    "SummarizerError",
]


class SummarizerError(Exception):
    """A failure told in one line: ``subject: message (hint)``.

    ``subject`` is the path, URL or id that failed; ``hint`` says what would mend it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, subject: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{line} ({self.hint})" if self.hint else line


class SettingsError(SummarizerError):
    """An option, argument or input that the user can mend."""

    exit_code = 2


class SourceError(SummarizerError):
    """One source that could not be read; the others go on."""


class FetchError(SourceError):
    """The network, the server, or an address that must not be asked."""


class ExtractionError(SourceError):
    """The bytes arrived, but hold no article text."""


class NothingToDeliver(SummarizerError):
    """No readable source or no supported sentence is left."""
