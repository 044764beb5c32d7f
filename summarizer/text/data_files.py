"""The data files of the package, each read once."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any


# Of constant size: the package has a handful of data files, and reading one takes milliseconds.
@cache
def parsed_data(parse: Callable[..., Any], package: str, name: str, *args: str) -> Any:
    """``parse(text, *args)`` of the file's text; the result is shared: do not change it."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return parse(text, *args)
