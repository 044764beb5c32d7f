"""The tables of deliveries in a digest's file, and the checked types of their values.

A secret is never in the file, which names the environment variable of the secret. Relative paths
start at the folder of the file, which validation gets as its context.
"""

import re
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from summarizer.rendering.formats import (
    FORMATS,
    document_formats,
    formats_by_suffix,
    payload_formats,
)

NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
_VARIABLE_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
_PLACEHOLDER_PATTERN = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = ("name", "date", "time", "edition")
_HOST_PATTERN = re.compile(r"[\w.-]{1,253}|\[[0-9a-fA-F:]+\]")


def _check_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a line break or control character")
    return text


def _normalize_mailbox(text: str) -> str:
    """One mailbox, ``ann@example.org`` or ``Ann <ann@example.org>``, its domain in ASCII."""
    name, _, spec = _check_printable(text.strip()).rpartition("<")
    spec = spec.removesuffix(">").strip() if name or "<" in text else spec
    user, at, domain = spec.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
        Address(addr_spec=f"{user}@{ascii_domain}") if user.isascii() else None
    except (MessageError, UnicodeError, ValueError, IndexError):
        raise ValueError(f"is no mail address: {text[:80]!r}") from None
    if not (at and user and domain) or any(mark in user for mark in ' ,;<>"'):
        raise ValueError(f"is no mail address: {text[:80]!r}")
    address = f"{user}@{ascii_domain}"
    return f"{name.strip()} <{address}>" if name.strip() else address


def _check_web_address(text: str) -> str:
    parts = urlsplit(_check_printable(text.strip()))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"is no http(s) address: {text[:60]!r}")
    return text.strip()


PrintableLine = Annotated[str, Field(max_length=200), AfterValidator(_check_printable)]
MailAddress = Annotated[str, AfterValidator(_normalize_mailbox)]
WebAddress = Annotated[str, AfterValidator(_check_web_address)]
EnvironmentVariable = Annotated[str, Field(pattern=_VARIABLE_PATTERN)]


class ConfigTable(BaseModel):
    """One table of the file: frozen, and no key beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _DeliveryTable(ConfigTable):
    idempotent: ClassVar[bool] = False
    """Whether sending twice leaves the same as sending once."""

    name: str = Field(pattern=NAME_PATTERN)
    alerts_only: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the editions go: two deliveries to one address would repeat each of them."""
        raise NotImplementedError


class FileDelivery(_DeliveryTable):
    """A file per edition. Its suffix chooses the format; without a placeholder it is replaced."""

    idempotent = True
    kind: Literal["file"]
    path: str = Field(min_length=1)

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.path,)

    @field_validator("path")
    @classmethod
    def _is_of_a_known_format(cls, path: str, info: ValidationInfo) -> str:
        if Path(path).suffix.lower() not in formats_by_suffix("edition"):
            usual = " ".join(each.suffixes[0] for each in document_formats("edition"))
            raise ValueError(f"ends with none of {usual}")
        unknown = set(_PLACEHOLDER_PATTERN.findall(path)) - set(_PLACEHOLDERS)
        if unknown:
            known = " ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
            raise ValueError(f"has an unknown placeholder {{{min(unknown)}}}; there are {known}")
        return path_beside_config(path, info)


class EmailDelivery(_DeliveryTable):
    """One mail to each recipient."""

    kind: Literal["email"]
    host: str
    port: int = Field(default=0, ge=0, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: PrintableLine = ""
    password_env: EnvironmentVariable | None = None
    sender: MailAddress
    recipients: tuple[MailAddress, ...] = Field(min_length=1)
    ca_file: str = ""
    timeout: float = Field(default=30.0, gt=0, le=600)

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(bare_mailbox(each).lower() for each in self.recipients)

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if not _HOST_PATTERN.fullmatch(host):
            raise ValueError(f"is no host name: {host[:80]!r}")
        return host

    @field_validator("ca_file")
    @classmethod
    def _is_relative_to_the_file(cls, path: str, info: ValidationInfo) -> str:
        return path_beside_config(path, info) if path else path

    @field_validator("recipients")
    @classmethod
    def _are_different(cls, recipients: tuple[str, ...]) -> tuple[str, ...]:
        plain = [bare_mailbox(each) for each in recipients]
        twice = next((each for each in plain if plain.count(each) > 1), None)
        if twice:
            raise ValueError(f"names {twice} twice")
        return recipients

    @model_validator(mode="after")
    def _logs_in_safely(self) -> Self:
        if bool(self.user) != bool(self.password_env):
            raise ValueError("user and password_env belong together")
        if self.user and self.security == "none" and self.host not in ("localhost", "127.0.0.1"):
            raise ValueError('a password is not sent without encryption: security = "starttls"')
        return self


class WebhookDelivery(_DeliveryTable):
    """A POST of JSON: the edition itself, or a message in the format of a chat service.

    The address is ``url``, or a secret in the variable ``url_env``. ``token_env`` names the
    variable of a bearer token.
    """

    kind: Literal["webhook"]
    url: WebAddress | None = None
    url_env: EnvironmentVariable | None = None
    shape: str = "json"
    token_env: EnvironmentVariable | None = None
    timeout: float = Field(default=30.0, gt=0, le=600)

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.url or f"${self.url_env}",)

    @field_validator("shape")
    @classmethod
    def _is_a_format_of_messages(cls, shape: str) -> str:
        names = payload_formats("application/json")
        if shape not in names:
            raise ValueError(f"should be {', '.join(map(repr, names[:-1]))} or {names[-1]!r}")
        return shape

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("give either url or url_env")
        return self


class AtomDelivery(_DeliveryTable):
    """An Atom feed of the newest editions, in one file. ``url``: where the file can be read."""

    idempotent = True
    kind: Literal["atom"]
    path: str = Field(min_length=1)
    url: WebAddress | None = None
    keep: int = Field(default=30, ge=1, le=1000)

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.path,)

    @field_validator("path")
    @classmethod
    def _is_named_as_a_feed(cls, path: str, info: ValidationInfo) -> str:
        suffixes = FORMATS["atom"].suffixes
        if Path(path).suffix.lower() not in ("", *suffixes):
            raise ValueError(f"ends with none of {' '.join(suffixes)}")
        return path_beside_config(path, info)


Delivery = Annotated[
    FileDelivery | EmailDelivery | WebhookDelivery | AtomDelivery, Field(discriminator="kind")
]


def bare_mailbox(address: str) -> str:
    """The mailbox without the name of its owner.

    >>> bare_mailbox("Ann <ann@example.org>")
    'ann@example.org'
    """
    return address.rpartition("<")[2].removesuffix(">")


def path_beside_config(path: str, info: ValidationInfo) -> str:
    """The path relative to the folder of the file that names it, once that folder is known."""
    folder = info.context.get("folder") if info.context else None
    return str(Path(folder, Path(path).expanduser())) if folder else path
