"""Everything that can fail, and who can correct it.

    SummarizerError                 one line: subject, message, hint
    ├─ SettingsError                the user can correct it: exit 2
    │  └─ PromptError               a prompt file; the message names the line
    ├─ SourceError                  one source of many: collected, the run continues
    │  ├─ FetchError                the network or the server
    │  ├─ FeedError                 the bytes hold no feed
    │  └─ ExtractionError           the bytes hold no article
    ├─ ModelError                   a language model, or the connection to it: exit 3
    │  ├─ ModelUnavailable          temporary: a retry may help
    │  ├─ ModelRefused              it does not answer this request
    │  ├─ PromptTooLong             a shorter prompt may fit
    │  ├─ MalformedCompletion       it answered, but not in the requested form
    │  └─ BudgetExceeded            the user's own limit of money or tokens
    ├─ DeliveryError                an edition that one recipient did not get: exit 1
    ├─ StoreError                   stored data cannot be read or written: exit 1
    └─ NothingToDeliver             the run ended with nothing to show: exit 1

Findings about sentences are values (`summarizer.briefing.Finding`), never exceptions.
"""

from typing import ClassVar


def _printable(text: str) -> str:
    """The text with a space in place of each control character, which a terminal would obey."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


class SummarizerError(Exception):
    """A failure in one line: ``subject: message (hint)``, without control characters, whatever a
    server or a file put into it.

    ``subject`` is the path, URL or id that failed; ``hint`` says how to correct it. ``setting`` is
    the parameter or field to change, in place of a subject: the command line shows ``max_cost`` as
    ``--max-cost``.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, subject: str = "", hint: str = "", setting: str = ""
    ) -> None:
        self.message = _printable(message)
        super().__init__(self.message)
        self.subject = subject or setting
        self.hint = _printable(hint)
        self.setting = setting

    def __str__(self) -> str:
        line = f"{_printable(self.subject)}: {self.message}" if self.subject else self.message
        return f"{line} ({self.hint})" if self.hint else line


class SettingsError(SummarizerError):
    """An option, argument or input that the user can correct."""

    exit_code = 2


class PromptError(SettingsError):
    """A prompt file that cannot be used without a correction."""


class SourceError(SummarizerError):
    """One source that could not be read; the others can."""


class FetchError(SourceError):
    """The network, the server, or an address that must not be requested.

    ``status``: HTTP status of the response, None without one. ``retry_after``: seconds that the
    server asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        subject: str = "",
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.status = status
        self.retry_after = retry_after


class FeedError(SourceError):
    """The downloaded bytes are not a feed, OPML file or sitemap."""


class ExtractionError(SourceError):
    """The bytes hold no article text."""


class ModelError(SummarizerError):
    """A language model that gave no usable reply. The message has no keys and no article text."""

    exit_code = 3


class ModelUnavailable(ModelError):
    """The model is busy, down or cannot be reached.

    ``retry_after``: seconds that the provider asks to wait. ``attempts``: limit of all attempts, if
    it is lower than usual.
    """

    def __init__(
        self,
        message: str,
        *,
        subject: str = "",
        hint: str = "",
        retry_after: float | None = None,
        attempts: int | None = None,
    ) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.retry_after = retry_after
        self.attempts = attempts


class ModelRefused(ModelError):
    """The model, or its provider's policy, refuses this request."""


class PromptTooLong(ModelError):
    """The prompt is longer than the model's context window."""


class MalformedCompletion(ModelError):
    """A reply that is empty, truncated, or not the requested JSON."""


class BudgetExceeded(ModelError):
    """The call was not made, because it might exceed the bound on cost or tokens."""


class DeliveryError(SummarizerError):
    """One recipient did not get the edition, or perhaps did not.

    ``retryable``: a retry may help, after ``retry_after`` seconds. ``in_doubt``: the recipient may
    have got it in spite of the error, so it is sent again only on request.
    """

    def __init__(
        self,
        message: str,
        *,
        subject: str = "",
        hint: str = "",
        retryable: bool = True,
        in_doubt: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.retryable = retryable
        self.in_doubt = in_doubt
        self.retry_after = retry_after


class StoreError(SummarizerError):
    """The stored data cannot be opened, read or written."""


class NothingToDeliver(SummarizerError):
    """No readable source or no supported sentence is left."""
