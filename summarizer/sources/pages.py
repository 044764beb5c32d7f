"""A fetched page, and the last page of each URL, kept for a conditional request next time."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol

__all__ = ["Page", "PageCache", "Pages"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered. ``url`` is where the redirects ended, ``content`` is unpacked."""

    url: str
    content: bytes
    content_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched: Literal["network", "cache"] = "network"


class Pages(Protocol):
    """What remembers pages between two fetches."""

    def load(self, url: str) -> Page | None:
        """The page kept for the asked ``url``, or None."""

    def keep(self, url: str, page: Page) -> None:
        """Remembers what the asked ``url`` answered."""


class PageCache:
    """The last page of each URL, one private file each: a line of JSON, then the body.

    A damaged file counts as absent; in a folder that cannot be written nothing is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.folder = folder or Path(home) / "summarizer" / "pages"

    def load(self, url: str) -> Page | None:
        """The page kept for the asked ``url``, or None."""
        try:
            head, _, body = self._file(url).read_bytes().partition(b"\n")
            kept = json.loads(head)
            if kept.pop("asked") != url or kept.pop("sha256") != sha256(body).hexdigest():
                return None
            if not all(value is None or isinstance(value, str) for value in kept.values()):
                return None
            return Page(content=body, fetched="cache", **kept)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def body(self, url: str) -> bytes | None:
        """The bytes kept for the asked ``url``, or None."""
        page = self.load(url)
        return page.content if page else None

    def keep(self, url: str, page: Page) -> None:
        """Writes the page whole or not at all."""
        head = {"asked": url, "url": page.url, "content_type": page.content_type,
                "charset": page.charset, "etag": page.etag, "last_modified": page.last_modified,
                "sha256": sha256(page.content).hexdigest()}  # fmt: skip
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            with TemporaryDirectory(dir=self.folder) as private:
                file = Path(private) / "page"
                file.write_bytes(json.dumps(head).encode() + b"\n" + page.content)
                file.replace(self._file(url))

    def _file(self, url: str) -> Path:
        return self.folder / sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
