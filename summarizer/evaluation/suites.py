"""Suites of cases, read from YAML; every error names file, line and field.

suite file (YAML)
| compose     the tree of nodes, which know their lines; a repeated key is refused
| validate    `SuiteFile`, by pydantic; unknown fields are refused
| resolve     articles and recordings must exist; the suite's defaults are filled into its cases
-> Suite, with one Case for each `CaseFile`
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError
from yaml import MappingNode, Node, SequenceNode, YAMLError

from summarizer.errors import SettingsError
from summarizer.evaluation.schema import ArticleFile, Bound, CaseFile, SuiteFile
from summarizer.sources.articles import sha256_hex


@dataclass(frozen=True)
class Case:
    """One case with its suite's defaults filled in. ``line``: where it begins in ``file``."""

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
    def location(self) -> str:
        """``file:line``, as errors name it."""
        return f"{self.file}:{self.line}"

    @property
    def story(self) -> str:
        """The name that related cases share: intervals are clustered by it."""
        return self.spec.story or self.id

    def path_beside(self, name: str) -> Path:
        """A file that the suite names, which is relative to the suite."""
        return self.file.parent / name

    @cached_property
    def content(self) -> str:
        """sha256 of the case and of every file that it reads."""
        files = [
            path
            for each in self.spec.articles
            if each.path
            for path in matching_files(self.path_beside(each.path))
        ]
        if self.spec.recording:
            files.append(self.path_beside(self.spec.recording.file))
        parts = [self.id, self.spec.model_dump_json(exclude={"about", "reference"})]
        existing = filter(Path.is_file, files)
        parts += [f"{path.name} {sha256_hex(path.read_bytes().hex())}" for path in existing]
        return sha256_hex("\n".join(parts))


@dataclass(frozen=True)
class Suite:
    """The cases of one file, and what their mean scores must reach."""

    name: str
    file: Path
    cases: tuple[Case, ...]
    thresholds: Mapping[str, Bound]


def matching_files(path: Path) -> list[Path]:
    """The files that a path names: itself, a folder's, or a glob's; in the order of their names."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    if any(sign in path.name for sign in "*?["):
        return sorted(path.parent.glob(path.name))
    return [path]


SUITE_SUFFIXES = (".yaml", ".yml")

MAX_SUITE_BYTES = 5_000_000
"""Bytes of one suite file."""

MAX_SUITE_NODES = 1_000_000
"""Values of one suite file with its aliases resolved: a few lines of aliases may amount to more
than fits into memory."""

YamlPath = tuple[str | int, ...]


def find_suite_files(paths: Iterable[Path]) -> list[Path]:
    """The suite files: files as named, folders searched. Raises SettingsError for none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix in SUITE_SUFFIXES)
            if not inside:
                raise SettingsError("holds no suite (*.yaml)", subject=str(path))
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise SettingsError("does not exist", subject=str(path))
    return list(dict.fromkeys(found))


def load_suites(files: Iterable[Path], kinds: Mapping[str, str]) -> list[Suite]:
    """The suites in the files. ``kinds``: evaluator -> ``share``, ``amount``, ``assertion`` or
    ``label``. Raises SettingsError."""
    suites: dict[str, Suite] = {}
    for file in files:
        suite = _SuiteResolver(_SuiteYaml(file), kinds).suite()
        if suite.name in suites:
            what = f"the suite {suite.name!r} is also in {suites[suite.name].file}"
            raise SettingsError(what, subject=str(file), hint="give it another name: suite: NAME")
        suites[suite.name] = suite
    if not suites:
        raise SettingsError("no suite is named", hint="as in: eval run evals/suites/*.yaml")
    return list(suites.values())


class _SuiteYaml:
    """One file, and the line of each value in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[YamlPath, int] = {}

    def read(self) -> SuiteFile:
        """Its content. Raises SettingsError."""
        return self._validated(self._parsed(self._text()))

    def _text(self) -> str:
        try:
            content = self.path.read_bytes()
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise SettingsError(reason, subject=str(self.path)) from error
        if len(content) > MAX_SUITE_BYTES:
            raise SettingsError("is larger than 5 MB", subject=str(self.path))
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SettingsError("is not UTF-8", subject=str(self.path)) from error

    def _parsed(self, text: str) -> object:
        """The plain values, when the file is YAML."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        try:
            node = loader.get_single_node()
            self._lines = dict(self._walk(node)) if node else {}
            return loader.construct_document(node) if node else None
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
            where = f"{self.path}:{mark.line + 1}" if mark else str(self.path)
            raise SettingsError(f"is not YAML: {problem}", subject=where) from None
        except (ValueError, RecursionError) as error:  # 2026-13-45; brackets without end
            raise SettingsError(f"is not YAML: {error}", subject=str(self.path)) from error
        finally:
            loader.dispose()

    def _walk(self, root: Node) -> Iterator[tuple[YamlPath, int]]:
        """The line of each value. Raises SettingsError for a repeated key."""
        waiting: list[tuple[YamlPath, Node]] = [((), root)]
        for seen in range(MAX_SUITE_NODES):
            if not waiting:
                return
            loc, node = waiting.pop()
            yield loc, node.start_mark.line + 1
            if isinstance(node, MappingNode):
                self._refuse_repeats(node)
                for key, value in node.value:
                    yield (*loc, str(key.value)), key.start_mark.line + 1
                    waiting.append(((*loc, str(key.value)), value))
            elif isinstance(node, SequenceNode):
                waiting += [((*loc, at), each) for at, each in enumerate(node.value)]
            if len(waiting) + seen > MAX_SUITE_NODES:
                break
        raise SettingsError("holds more values than any suite needs", subject=str(self.path))

    def _refuse_repeats(self, node: MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen and key.value != "<<":
                where = f"{self.path}:{key.start_mark.line + 1}"
                raise SettingsError(f"the key {key.value!r} is repeated", subject=where)
            seen.add(str(key.value))

    def _validated(self, data: object) -> SuiteFile:
        if not isinstance(data, dict):
            raise SettingsError("holds no suite", subject=str(self.path), hint="see docs/evals.md")
        if not data.get("cases"):
            loc: YamlPath = ("cases",) if "cases" in data else ()
            raise self.error("the suite has no cases", loc)
        try:
            return SuiteFile.model_validate(data)
        except ValidationError as error:
            raise self._invalid(error) from None

    def _invalid(self, error: ValidationError) -> SettingsError:
        """The fault that is deepest in the file: in a union, that of the branch that was meant."""
        faults = error.errors(include_url=False, include_input=False)
        places = [self._known_part(fault["loc"]) for fault in faults]
        deepest = max(range(len(faults)), key=lambda n: (len(places[n]), -n))
        fault, place = faults[deepest], places[deepest]
        message = _PLAIN_MESSAGES.get(fault["type"]) or fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "missing" and place[-1:] != fault["loc"][-1:]:
            message = f"{fault['loc'][-1]} {message}"
        return self.error(message, place)

    def _known_part(self, loc: Sequence[str | int]) -> YamlPath:
        """The part of a location that is in the file: pydantic also names branches of unions."""
        known: YamlPath = ()
        for part in loc:
            if (*known, part) in self._lines:
                known = (*known, part)
        return known

    def line(self, loc: YamlPath) -> int:
        """The line of a value, else of what contains it."""
        while loc not in self._lines and loc:
            loc = loc[:-1]
        return self._lines.get(loc, 1)

    def error(self, message: str, loc: YamlPath, hint: str = "") -> SettingsError:
        """A mistake with its place."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
        if field := "".join(parts).lstrip("."):  # cases[2].expect.facts[0]
            message = f"{field}: {message}"
        return SettingsError(message, subject=f"{self.path}:{self.line(loc)}", hint=hint)


class _SuiteResolver:
    """A file with its defaults filled in; references to what does not exist are refused."""

    def __init__(self, file: _SuiteYaml, kinds: Mapping[str, str]) -> None:
        self._file = file
        self._folder = file.path.parent
        self._kinds = kinds

    def suite(self) -> Suite:
        """The suite."""
        written = self._file.read()
        name = written.suite or self._file.path.stem
        library = {each.id: each for each in written.articles if each.id}
        cases = tuple(
            Case(
                name,
                self._with_defaults(written, case, library, ("cases", at)),
                self._file.path,
                self._file.line(("cases", at)),
                self._folder / written.prompts if written.prompts else None,
            )
            for at, case in enumerate(written.cases)
        )
        self._refuse_unknown(written.thresholds, ("thresholds",))
        self._refuse_unknown(written.each, ("each",))
        self._refuse_twins([case.name for case in written.cases])
        if written.prompts and not (self._folder / written.prompts).is_dir():
            raise self._file.error(f"there is no folder {written.prompts}", ("prompts",))
        return Suite(name, self._file.path, cases, written.thresholds)

    def _with_defaults(
        self, suite: SuiteFile, case: CaseFile, library: Mapping[str, ArticleFile], loc: YamlPath
    ) -> CaseFile:
        articles = tuple(
            self._article(each, library, (*loc, "articles", n))
            for n, each in enumerate(case.articles)
        )
        self._refuse_twin_articles(articles, loc)
        self._refuse_unknown(case.thresholds, (*loc, "thresholds"))
        self._refuse_strangers(case, articles, loc)
        if case.recording and not (self._folder / case.recording.file).is_file():
            what = f"there is no recording {case.recording.file}"
            raise self._file.error(what, (*loc, "recording", "file"))
        each = suite.each if case.expect.delivered else {}  # no briefing has no score
        settings = suite.settings.model_copy(update=case.settings.model_dump(exclude_unset=True))
        full = case.model_copy(
            update={
                "articles": articles,
                "settings": settings,
                "thresholds": {**each, **case.thresholds},
            }
        )
        if not full.has_expectations():
            hint = "write what is expected, or a threshold: without one it passes whatever happens"
            raise self._file.error("nothing is demanded of this case", loc, hint)
        return full

    def _article(
        self, article: ArticleFile, library: Mapping[str, ArticleFile], loc: YamlPath
    ) -> ArticleFile:
        """The article itself where a case names one of the suite's. Raises for a missing file."""
        named = article.path if article.path in library and not article.id else None
        chosen = library[named] if named else article
        if chosen.path and not any(p.is_file() for p in matching_files(self._folder / chosen.path)):
            near = get_close_matches(chosen.path, list(library), 1)
            hint = f"is {near[0]!r} meant?" if near else "paths are relative to the suite"
            raise self._file.error(f"there is no article {chosen.path}", loc, hint)
        return chosen

    def _refuse_twin_articles(self, articles: Sequence[ArticleFile], loc: YamlPath) -> None:
        ids = [each.id for each in articles if each.id]
        twin = next((name for at, name in enumerate(ids) if name in ids[:at]), None)
        if twin:
            raise self._file.error(f"two articles are called {twin!r}", (*loc, "articles"))

    def _refuse_strangers(
        self, case: CaseFile, articles: Sequence[ArticleFile], loc: YamlPath
    ) -> None:
        """An expected source must be an article of the case, as far as their names are known."""
        if any(each.path and not each.id for each in articles):
            return
        names = {each.id for each in articles}
        for source in case.expect.sources():
            if source not in names:
                known = ", ".join(sorted(name for name in names if name))
                raise self._file.error(
                    f"{source!r} is no article of this case", (*loc, "expect"), f"it has {known}"
                )

    def _refuse_unknown(self, thresholds: Mapping[str, Bound], loc: YamlPath) -> None:
        for name, bound in thresholds.items():
            if name not in self._kinds:
                near = get_close_matches(name, self._kinds, 1)
                hint = f"is {near[0]!r} meant?" if near else ", ".join(sorted(self._kinds))
                raise self._file.error("there is no such evaluator", (*loc, name), hint)
            if wrong := _bound_error(bound, self._kinds[name]):
                raise self._file.error(wrong, (*loc, name))

    def _refuse_twins(self, names: Sequence[str]) -> None:
        first: dict[str, int] = {}
        for at, name in enumerate(names):
            if name in first:
                line = self._file.line(("cases", first[name]))
                what = f"the case {name!r} is also in line {line}"
                raise self._file.error(what, ("cases", at, "name"))
            first[name] = at


def _bound_error(bound: Bound, kind: str) -> str:
    """Why a threshold does not fit a score of that kind; empty if it does."""
    numeric = bound.equals is None
    if kind in ("share", "amount") and not numeric:
        return "is a number: write {min: ...} or {max: ...}"
    if kind == "assertion" and not isinstance(bound.equals, bool):
        return "is an assertion: write true or false"
    if kind == "label" and not isinstance(bound.equals, str):
        return "is a label: write the label"
    if kind == "share" and bound.min is None and bound.max is not None and bound.max >= 1:
        return "is a share: max 1 lets everything pass"
    if kind == "share" and bound.min is not None and bound.min > 1:
        return "is a share: no score is above 1"
    return ""


_PLAIN_MESSAGES = {
    "extra_forbidden": "there is no such field (text with a comma needs quotation marks)",
    "missing": "is missing",
    "string_type": "must be text; put it in quotation marks",
    "tuple_type": "must be text or a list; in { } a text with a comma needs quotation marks",
}
