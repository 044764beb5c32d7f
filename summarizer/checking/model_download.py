"""Downloads a model of entailment from a hub, at one commit and with one digest, when asked to.

Nothing else in this program downloads a model. A file that does not have its digest is deleted.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from summarizer.errors import FetchError, SettingsError

DEFAULT_HUB = "https://huggingface.co"
"""Where models are published under OWNER/REPO."""

READ_TIMEOUT_SECONDS = 60.0
"""Longest wait for the next bytes."""

COMPANION_FILES = ("tokenizer.json", "config.json")
"""What a model needs besides its graph."""

_RELEASE = re.compile(r"([\w-][\w.-]*)/([\w-][\w.-]*)@([0-9a-f]{40})", re.ASCII)
_FILE_DIGEST = re.compile(r"((?:[\w-][\w.-]*/)*[\w-][\w.-]*)=([0-9a-fA-F]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ModelRelease:
    """The files of a model at one commit."""

    owner: str
    repository: str
    revision: str


@dataclass(frozen=True, slots=True)
class DownloadedFile:
    """``verified``: whether a digest was given, which the file has."""

    path: Path
    sha256: str
    size: int
    verified: bool


def parse_release(name: str) -> ModelRelease:
    """The release that OWNER/REPO@COMMIT names. Raises SettingsError."""
    if parts := _RELEASE.fullmatch(name):
        return ModelRelease(*parts.groups())
    raise SettingsError(
        "names no model at one commit",
        subject=name,
        hint="write OWNER/REPO@COMMIT with the 40 digits of the commit: a branch can change",
    )


def parse_digests(texts: list[str]) -> dict[str, str]:
    """File -> sha256, of texts such as ``onnx/model.onnx=9f86d0...``; one of them is the graph.

    Raises SettingsError.
    """
    digests = {}
    for text in texts:
        parts = _FILE_DIGEST.fullmatch(text)
        if not parts:
            hint = "write FILE=DIGEST with 64 hexadecimal digits"
            raise SettingsError(
                f"is no digest of a file: {text[:80]!r}", setting="sha256", hint=hint
            )
        digests[parts[1]] = parts[2].lower()
    if sum(name.endswith(".onnx") for name in digests) != 1:
        hint = "as in --sha256 onnx/model.onnx=DIGEST; the page of that file shows its digest"
        raise SettingsError("must name one .onnx file", setting="sha256", hint=hint)
    return digests


def default_model_folder(release: ModelRelease) -> Path:
    """The folder of a release, unless another one is named."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "summarizer" / "nli" / f"{release.repository}-{release.revision[:8]}"


def download_model(
    release: ModelRelease,
    digests: Mapping[str, str],
    folder: Path,
    hub: str = DEFAULT_HUB,
    log: Callable[[str], None] = lambda _: None,
) -> list[DownloadedFile]:
    """The files named in ``digests``, the tokenizer and the configuration, in ``folder``.

    A file that is there already with its digest is kept, so that a run that broke off goes on
    behind the last complete file. ``log`` is called with each URL. Raises FetchError, and
    SettingsError where a file does not have its digest.
    """
    names = dict.fromkeys([*digests, *COMPANION_FILES])
    return [
        _download_file(_file_url(hub, release, name), folder / name, digests.get(name), log)
        for name in names
    ]


def _file_url(hub: str, release: ModelRelease, name: str) -> str:
    address = f"{release.owner}/{release.repository}/resolve/{release.revision}/{name}"
    return f"{hub.rstrip('/')}/{address}"


def _download_file(
    url: str, target: Path, digest: str | None, log: Callable[[str], None]
) -> DownloadedFile:
    if digest and target.is_file() and _file_digest(target) == digest:
        return DownloadedFile(target, digest, target.stat().st_size, verified=True)
    log(url)
    with _replaced_if_complete(target) as file:
        received = sha256()
        for block in _stream(url):
            received.update(block)
            file.write(block)
        if digest and received.hexdigest() != digest:
            what = f"has the sha256 {received.hexdigest()}, not {digest}; it was deleted"
            raise SettingsError(what, subject=url, hint="another file, or changed on its way")
    return DownloadedFile(target, received.hexdigest(), target.stat().st_size, digest is not None)


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def _replaced_if_complete(target: Path) -> Iterator[IO[bytes]]:
    """A file that replaces ``target`` if the block ends well, and is deleted otherwise."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False)  # noqa: SIM115
    except OSError as error:
        raise SettingsError(
            f"cannot be written: {error.strerror}", subject=str(target.parent)
        ) from error
    part = Path(file.name)
    try:
        with file:
            yield file
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _stream(url: str) -> Iterator[bytes]:
    """The body, block by block. Raises FetchError."""
    import httpx

    timeout = httpx.Timeout(READ_TIMEOUT_SECONDS, connect=10.0)
    try:
        with httpx.stream("GET", url, timeout=timeout, follow_redirects=True) as response:
            if response.status_code != httpx.codes.OK:
                raise FetchError(
                    f"the server answered {response.status_code}",
                    subject=url,
                    status=response.status_code,
                )
            yield from response.iter_bytes(1 << 20)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FetchError(f"cannot be downloaded: {reason}", subject=url) from error
