"""The Python interface: `brief`, `check` and `verify`. Command line and service go through it too.

`write_briefing` is what all three write a briefing with. Heavy imports are inside the functions.
"""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.briefing import Briefing
    from summarizer.errors import SourceError
    from summarizer.pipeline import ProgressTracker
    from summarizer.settings import Settings
    from summarizer.sources.articles import Article
    from summarizer.writing.prompting import Chain

__all__ = ["write_briefing"]


def write_briefing(
    articles: "Sequence[Article]",
    settings: "Settings",
    chain: "Chain | None",
    *,
    now: datetime,
    unreadable: "Sequence[SourceError]" = (),
    track: "ProgressTracker | None" = None,
) -> "Briefing":
    """One briefing of the articles; from the cache of ``chain``, if it was written before.

    ``now`` only stamps it. Raises NothingToDeliver and ModelError as `create_briefing` does.
    """
    entry = None
    if chain and chain.cache:
        from summarizer.writing.briefing_cache import BriefingCacheEntry, briefing_fingerprint

        key = briefing_fingerprint(articles, unreadable, settings, chain)
        texts = {article.id: article.text for article in articles}
        entry = BriefingCacheEntry(chain.cache, key, texts)
        if known := entry.load(now):
            return known
    from summarizer.pipeline import create_briefing, no_progress

    briefing = create_briefing(
        articles, settings, now=now, unreadable=unreadable, track=track or no_progress, chain=chain
    )
    if entry:
        entry.store(briefing)
    return briefing
