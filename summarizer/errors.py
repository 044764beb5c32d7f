"""What can fail, and who can mend it.

    SummarizerError                 one line: subject, message, hint
    ├─ SettingsError                the user can mend it: exit 2
    │  └─ PromptError               a prompt file: its line says what is wrong
    ├─ SourceError                  one source of many: collected, the run goes on
    │  ├─ FetchError                the network or the server
    │  ├─ FeedError                 the bytes hold no feed
    │  └─ ExtractionError           the bytes hold no article
    ├─ ModelError                   a language model, or the way to it: exit 3
    │  ├─ ModelUnavailable          for now: asking again may help
    │  ├─ ModelRefused              it will not answer this
    │  ├─ PromptTooLong             less at once may fit
    │  ├─ MalformedCompletion       it answered, but not in the form that was asked for
    │  └─ BudgetExceeded            the user's own bound on money or tokens
    ├─ DeliveryError                an edition that one recipient did not get: exit 1
    ├─ StoreError                   what is kept between runs cannot be read or written: exit 1
    └─ NothingToDeliver             the run ended with nothing left to show: exit 1

Findings about sentences are values (`summarizer.briefing.Finding`), never exceptions.
"""

from typing import ClassVar

__all__ = [
    "BudgetExceeded",
    "DeliveryError",
    "ExtractionError",
    "FeedError",
    "FetchError",
    "MalformedCompletion",
    "ModelError",
    "ModelRefused",
    "ModelUnavailable",
    "NothingToDeliver",
    "PromptError",
    "PromptTooLong",
    "SettingsError",
    "SourceError",
    "StoreError",
    "SummarizerError",
]


class SummarizerError(Exception):
    """A failure in one line: ``subject: message (hint)``.

    ``subject`` is the path, URL or id that failed; ``hint`` says how to correct it. ``setting`` is
    the parameter or field to change, in place of a subject: the command line shows ``max_cost`` as
    ``--max-cost``.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, subject: str = "", hint: str = "", setting: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject or setting
        self.hint = hint
        self.setting = setting

    def __str__(self) -> str:
        line = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{line} ({self.hint})" if self.hint else line


class SettingsError(SummarizerError):
    """An option, argument or input that the user can mend."""

    exit_code = 2


class PromptError(SettingsError):
    """A prompt file that cannot be used as it stands."""


class SourceError(SummarizerError):
    """One source that could not be read; the others go on."""


class FetchError(SourceError):
    """The network, the server, or an address that must not be asked.

    ``status``: what the server answered, None if it did not. ``retry_after``: seconds for which
    it asks to be left alone.
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
    """The bytes arrived, but are no feed, outline or sitemap."""


class ExtractionError(SourceError):
    """The bytes arrived, but hold no article text."""


class ModelError(SummarizerError):
    """A language model that gave nothing to work with, told without keys or article text."""

    exit_code = 3


class ModelUnavailable(ModelError):
    """Busy, down or out of reach.

    ``retry_after``: seconds the provider asks to wait. ``attempts``: the most that make sense in
    all, where fewer do than usual.
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
    """The model, or its provider's policy, will not answer this request."""


class PromptTooLong(ModelError):
    """More than the model's context window holds."""


class MalformedCompletion(ModelError):
    """A reply that is empty, cut off, or not the JSON that was asked for."""


class BudgetExceeded(ModelError):
    """This call might exceed the bound on cost or tokens, so it was not made."""


class DeliveryError(SummarizerError):
    """One recipient did not get the edition, or may not have got it.

    ``retryable``: asking again may help, in ``retry_after`` seconds at the earliest.
    ``in_doubt``: the other side may have it all the same, so it is not sent again unasked.
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
    """What is kept between runs cannot be opened, read or written."""


class NothingToDeliver(SummarizerError):
    """No readable source or no supported sentence is left."""
