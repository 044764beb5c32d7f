"""What the texts of one corpus are read into, computed once and kept as long as the corpus.

The readers (stems, names, figures, ...) are pure functions, and many checks ask them about the same
text. A cache in their modules would grow for as long as a service or an evaluation runs, and would
keep the texts of all its users.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar, TypeVarTuple

Result = TypeVar("Result")
Args = TypeVarTuple("Args")

_MISSING = object()


class Annotations:
    """The results of readers for the texts of one corpus.

    Safe to share between threads: at worst, two of them compute the same result.
    """

    __slots__ = ("__weakref__", "_results")

    def __init__(self) -> None:
        self._results: dict[tuple[object, ...], object] = {}

    @property
    def size(self) -> int:
        """How many results are kept."""
        return len(self._results)

    def __reduce__(self) -> tuple[type["Annotations"], tuple[()]]:
        """Another process reads the texts anew: that is faster than to unpickle what they hold."""
        return Annotations, ()

    def get(self, reader: Callable[[*Args], Result], *args: *Args) -> Result:
        """``reader(*args)``, computed once. ``args`` are hashable, and hold no annotations."""
        key = (reader, *args)
        result = self._results.get(key, _MISSING)
        if result is _MISSING:
            result = self._results[key] = reader(*args)
        return result  # type: ignore[return-value]

    def once(self, key: tuple[object, ...], compute: Callable[[], Result]) -> Result:
        """``compute()``, computed once for ``key``: for readers that use annotations themselves.

        ``key`` begins with the reader, so that no two readers share one, and holds no annotations:
        a reference back to them would keep a corpus alive until the garbage collector comes by.
        """
        result = self._results.get(key, _MISSING)
        if result is _MISSING:
            result = self._results[key] = compute()
        return result  # type: ignore[return-value]


class AnnotatedText(Protocol):
    """Any value with a text, its language, and the annotations of the corpus it belongs to."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def annotations(self) -> Annotations: ...
