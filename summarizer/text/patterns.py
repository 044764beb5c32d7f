"""Patterns that are compiled when a text first needs them."""

import re
from functools import cache


# Of constant size: it holds patterns that are written in this package, never a text. `re.compile`
# also keeps what it compiled, but only the last 512 patterns, and one of these takes 50 ms.
@cache
def lazy_pattern(pattern: str) -> re.Pattern[str]:
    """The compiled pattern. For those that most runs never need, or that take long to compile."""
    return re.compile(pattern)
