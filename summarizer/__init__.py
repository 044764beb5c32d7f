"""One briefing of many articles, in which every sentence cites passages that were checked."""

__all__ = ["__version__"]

__version__ = "0.1.0"
