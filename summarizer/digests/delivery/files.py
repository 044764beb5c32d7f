"""Editions as files, each replaced whole or not at all, so that a delivery can be repeated."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from summarizer.digests.delivery.config import AtomDelivery, FileDelivery
from summarizer.digests.delivery.prepared import DeliveryAttempt, PreparedDelivery
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.rendering.formats import formats_by_suffix, render_document
from summarizer.rendering.view import RenderOptions


def prepare(
    edition: Edition, delivery: FileDelivery, texts: Mapping[str, str]
) -> tuple[PreparedDelivery, ...]:
    """The edition in the format that the suffix names."""
    path = _fill_path(edition, delivery.path)
    name = formats_by_suffix("edition")[path.suffix.lower()].name
    text = render_document(edition, name, RenderOptions(texts))
    return (PreparedDelivery(f"file:{path}", delivery.name, text.encode("utf-8", "replace")),)


def _fill_path(edition: Edition, template: str) -> Path:
    """The path with its placeholders filled; a note never replaces an edition."""
    path = Path(
        template.format(
            name=edition.digest,
            date=f"{edition.due:%Y-%m-%d}",
            time=f"{edition.due:%H%M}",
            edition=edition.id.replace(os.sep, "-"),
        )
    )
    return path if edition.briefing else path.with_stem(f"{path.stem}-{edition.kind}")


def send(attempt: DeliveryAttempt, _delivery: FileDelivery) -> str:
    """Raises DeliveryError; the old file is then still there."""
    with delivery_errors(attempt.target):
        replace_file(attempt.prepared.payload, Path(attempt.target), attempt.commit)
    return f"written, {len(attempt.prepared.payload):,} bytes"


def try_out(delivery: FileDelivery | AtomDelivery, _environment: Mapping[str, str]) -> str:
    """Writes a file to the folder and removes it again. Raises DeliveryError."""
    folder = Path(delivery.path).parent
    with delivery_errors(str(folder)):
        existing = next(each for each in (folder, *folder.parents) if each.exists())
        handle, name = tempfile.mkstemp(dir=existing)
        os.close(handle)
        Path(name).unlink()
    return "can be written" if existing == folder else f"can be written; {folder} will be made"


@contextmanager
def delivery_errors(path: str) -> Iterator[None]:
    """Raises errors of the file system during the block as DeliveryError."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise DeliveryError(f"cannot be written: {why}", subject=path) from error


def replace_file(payload: bytes, path: Path, commit: Callable[[], None]) -> None:
    """Writes a file in the same folder, forces it to the disk, and moves it to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        commit()
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
