"""One briefing of many articles, in which every sentence cites passages that were checked.

>>> from summarizer import Article, brief
>>> fire = Article.of("A fire destroyed a depot in Bern on Monday. Nobody was hurt.", name="fire")
>>> brief([fire], words=60).report.sentences > 0
True

The names in ``__all__`` are the stable interface; everything else may change. Each is loaded when
it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.api import ask, brief, check, verify
    from summarizer.briefing import Briefing
    from summarizer.errors import SummarizerError
    from summarizer.models.config import ModelConfig
    from summarizer.sources.articles import Article

__all__ = [
    "Article",
    "Briefing",
    "ModelConfig",
    "SummarizerError",
    "__version__",
    "ask",
    "brief",
    "check",
    "verify",
]

__version__ = "0.1.0"

_MODULES = {
    "Article": "summarizer.sources.articles",
    "Briefing": "summarizer.briefing",
    "ModelConfig": "summarizer.models.config",
    "SummarizerError": "summarizer.errors",
    "ask": "summarizer.api",
    "brief": "summarizer.api",
    "check": "summarizer.api",
    "verify": "summarizer.api",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
