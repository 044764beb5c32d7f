"""A case with its suite's defaults in it, and the files that it reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summarizer.evaluation.forms import Bound, CaseFile
from summarizer.sources.articles import digest

__all__ = ["Case", "Suite", "places_of"]


@dataclass(frozen=True)
class Case:
    """One case with its suite's defaults in it. ``line``: where it begins in ``file``."""

    suite: str
    spec: CaseFile
    file: Path
    line: int
    prompts: Path | None = None

    @property
    def id(self) -> str:
        """``suite/name``, unique in a run."""
        return f"{self.suite}/{self.spec.name}"

    @property
    def place(self) -> str:
        """``file:line``, as errors name it."""
        return f"{self.file}:{self.line}"

    @property
    def story(self) -> str:
        """What the case shares with others of its kind: intervals are clustered by it."""
        return self.spec.story or self.id

    def beside(self, name: str) -> Path:
        """A file that the suite names, which is relative to the suite."""
        return self.file.parent / name

    @cached_property
    def content(self) -> str:
        """sha256 of the case and of every file that it reads."""
        files = [path for path in self._files() if path.is_file()]
        parts = [self.id, self.spec.model_dump_json(exclude={"about", "reference"})]
        parts += [f"{path.name} {digest(path.read_bytes().hex())}" for path in files]
        return digest("\n".join(parts))

    def _files(self) -> Iterator[Path]:
        """The articles' files in order, then the recording."""
        for each in self.spec.articles:
            if each.path:
                yield from places_of(self.beside(each.path))
        if self.spec.recording:
            yield self.beside(self.spec.recording.file)


@dataclass(frozen=True)
class Suite:
    """The cases of one file, and what their mean scores must reach."""

    name: str
    file: Path
    cases: tuple[Case, ...]
    thresholds: Mapping[str, Bound]


def places_of(path: Path) -> list[Path]:
    """The files that a path names: itself, a folder's, or a glob's; in the order of their names."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    if any(sign in path.name for sign in "*?["):
        return sorted(path.parent.glob(path.name))
    return [path]
