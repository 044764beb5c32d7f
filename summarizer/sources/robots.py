"""A fetch function that asks robots.txt before it reads a page that no user named."""

from collections.abc import Callable
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import ExtractionError, FetchError
from summarizer.sources.fetch import FetchLimits, Page

AGENT = "summarizer"
"""The name by which a robots.txt addresses this program."""

ROBOTS_LIMITS = FetchLimits(kind="feed", size=500_000, total=20.0)
"""Google reads 500 kB of a robots.txt, too."""

FORBIDDEN = 403


class RobotsFetch:
    """A fetch function for the pages that a feed or sitemap lists.

    Raises what ``fetch`` raises, and FetchError for a page that the robots.txt of its host
    excludes. One that does not exist excludes nothing (RFC 9309); one that the server fails to
    deliver excludes all.
    """

    def __init__(self, fetch: Callable[..., Page]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Callable[[str], bool] | FetchError] = {}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def __call__(self, url: str, **options: Any) -> Page:
        """The page of ``url``, if it may be read."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            lock = self._locks.setdefault(origin, Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = self._read_rules(origin)
        rules = self._rules[origin]
        if isinstance(rules, FetchError):
            raise FetchError(f"was not requested: the robots.txt of its host {rules.message}")
        if not rules(url):
            # As final as a page that answers so.
            raise FetchError(
                f"was not requested: the robots.txt of {parts.netloc} excludes it", status=FORBIDDEN
            )
        return self._fetch(url, **options)

    def _read_rules(self, origin: str) -> Callable[[str], bool] | FetchError:
        """Whether a URL may be read, or the failure of the server."""
        from protego import Protego

        try:
            page = self._fetch(f"{origin}/robots.txt", limits=ROBOTS_LIMITS)
        except ExtractionError:
            return lambda _: True
        except FetchError as error:
            failed = error.status is not None and error.status >= 500
            return error if failed else lambda _: True
        rules = Protego.parse(page.content.decode("utf-8", "replace"))
        return lambda url: bool(rules.can_fetch(url, AGENT))
