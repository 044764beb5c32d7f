"""The house keeps its order: who may import whom, what loads when, how large things grow.

The rules are tables; the tests read the source, or run the program and look at what it loaded.
`RULES` has the rules about single pieces of code, each with the number of exceptions left: 0 where
it holds, else a ceiling, which may only be lowered.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

from summarizer.extras import EXTRA_MODULES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "summarizer"
SEED = ROOT / "seeds" / "000_21479c44e6a942cd.txt"

FLOORS = (
    {"errors"},
    {"extras", "text"},
    {"settings", "sources", "models"},
    {"retrieval"},
    {"briefing"},
    {"edition"},
    {"checking", "store"},
    {"audit"},
    {"rendering"},
    {"writing"},
    {"assembly"},
    {"pipeline"},
    {"api"},
    {"jobs", "mcp"},
    {"adapters", "digests", "evaluation", "web"},
    {"cli"},
    {"__main__"},
)

UPWARD = {
    ("briefing", "rendering.formats"): "print(briefing) and notebooks show it by its own methods",
}
"""Imports that do not point down, and why. They are inside functions."""

FRAMEWORKS = {"deepeval", "dspy", "inspect_ai", "pytest"}
"""Tools that the adapters serve; this program does not install them."""

HOMES = {
    "Stemmer": ("text.tokens",),
    "babel": ("text.languages",),
    "charset_normalizer": ("sources.extract",),
    "cronsim": ("digests.schedule",),
    "dbos": ("jobs",),
    "deepeval": ("adapters.deepeval",),
    "diskcache": ("models.cache",),
    "dspy": ("adapters.dspy",),
    "fastapi": ("web",),
    "feedparser": ("sources.feeds",),
    "httpx": ("sources.fetch", "digests.delivery", "checking.model_download"),
    "inspect_ai": ("adapters.inspect_ai",),
    "jinja2": ("rendering",),
    "litellm": ("models.live",),
    "markupsafe": ("rendering",),
    "pydantic": (
        "briefing",
        "checking.calibration",
        "digests.config_errors",
        "digests.config",
        "digests.delivery.config",
        "audit.report",
        "edition",
        "evaluation",
        "mcp",
        "models.structured_output",
        "rendering.json",
        "web",
    ),
    "markdown_it": ("sources.markdown",),
    "mcp": ("mcp", "web.assistants"),
    "numpy": ("checking.cross_encoder",),
    "pydantic_core": ("models.structured_output",),
    "onnxruntime": ("checking.cross_encoder",),
    "protego": ("sources.robots",),
    "pypdf": ("sources.pdf",),
    "pytest": ("adapters.pytest_plugin",),
    "rich": ("cli", "rendering.terminal"),
    "sentencex": ("text.sentences",),
    "sqlalchemy": ("store", "jobs.engine"),
    "tantivy": ("retrieval.search",),
    "tenacity": ("models.middleware",),
    "tokenizers": ("checking.cross_encoder",),
    "trafilatura": ("sources.extract",),
    "starlette": ("web",),
    "typer": ("cli",),
    "uvicorn": ("web",),
    "yaml": ("adapters.pytest_plugin", "evaluation.suites"),
}

ALWAYS_LAZY = (
    "babel",
    "dbos",
    "fastapi",
    "feedparser",
    "httpx",
    "litellm",
    "mcp",
    "numpy",
    "onnxruntime",
    "protego",
    "pypdf",
    "sqlalchemy",
    "tokenizers",
    "trafilatura",
)
LOADS_NONE_OF = {
    ("--help",): (*ALWAYS_LAZY, "jinja2", "pydantic", "tantivy"),
    ("--version",): (*ALWAYS_LAZY, "jinja2", "pydantic", "tantivy"),
    ("eval", "run", "--help"): (*ALWAYS_LAZY, "jinja2", "pydantic", "tantivy", "yaml"),
    ("brief", "{seed}"): (*ALWAYS_LAZY, "jinja2"),
    ("brief", "{seed}", "--format", "html"): ALWAYS_LAZY,
}

VAGUE_NAMES = {"base", "common", "core", "helpers", "manager", "misc", "types", "utils"}
VAGUE_DEFINITION = re.compile(r"(Manager|Helper|Handler)$|^_?(process|handle)_")
NAMES_OF_LIBRARIES = {"process_bind_param", "process_result_value"}
MODULE_CACHES = {
    "evaluation.outcomes._read_once",
    "checking.alignment._negations",
    "checking.calibration._digest_of",
    "checking.entailment._opened",
    "models.live._import_litellm",
    "models.structured_output.form_schema",
    "rendering.html.template_environment",
    "rendering.labels._read_labels",
    "sources.fetch._ssl_context",
    "sources.prompt_injection._compiled_orders",
    "text.data_files.parsed_data",
    "text.framing._phrases",
    "text.lexicon._read_files",
    "text.numbers._approximation_before",
    "text.numbers._range_patterns",
    "text.numerals.spoken_numbers",
    "text.patterns.lazy_pattern",
    "text.thesaurus.antonyms_of",
    "text.tokens._word_stemmer",
    "text.tokens.function_words",
    "text.units._currency",
    "text.units._magnitude_behind",
    "text.units._patterns",
    "text.units._unit_behind",
}
"""Caches that live as long as their process. A comment before each says why it does not grow."""

MOST_LINES = {"module": 600, "function": 50}
MOST_HELPER_LINES, MOST_PARAMETERS = 3, 8
MOST_LISTED_WORDS = 5
MOST_DOUBLES = 10
MANY_MEANINGS = {"prepare", "send", "try_out"}
"""Public names that several modules define, as a table says: the channels of deliveries."""

DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
MUTATORS = {"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}


def module_name(path: Path) -> str:
    """``text.tokens`` for summarizer/text/tokens.py; ``text`` for summarizer/text/__init__.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    module_name(path): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {module: ast.parse(source) for module, source in SOURCES.items()}


def imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names of all that is imported at any depth, ``TYPE_CHECKING`` blocks included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(tree: ast.AST) -> Iterator[str]:
    """The package's modules that are imported, as keys of TREES."""
    for name in imports(tree):
        target = name.removeprefix("summarizer.")
        if target != name:
            yield target if target in TREES else target.rpartition(".")[0]


def foreign(tree: ast.AST) -> set[str]:
    """Top-level names of the outside libraries that are imported."""
    names = {name.partition(".")[0] for name in imports(tree)}
    return names - sys.stdlib_module_names - {"summarizer"}


def room(module: str) -> str:
    return module.partition(".")[0]


def floor(module: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if room(module) in rooms)


def may_import(importer: str, imported: str) -> bool:
    """Own room, or a lower floor. The package itself loads its interface lazily."""
    same = room(importer) == room(imported)
    if same or "" in (importer, imported) or (importer, imported) in UPWARD:
        return True
    return floor(imported) < floor(importer)


def definitions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.walk(tree):
        if isinstance(node, DEFINITION):
            yield node


def test_every_room_has_a_floor() -> None:
    assert {room(module) for module in TREES} - {""} <= set().union(*FLOORS)


def test_no_imports_run_in_a_circle() -> None:
    graph = {
        module: {each for each in own(tree) if each != module and (module, each) not in UPWARD}
        for module, tree in TREES.items()
        if module
    }
    circle: list[str] = []
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == []


def test_every_dependency_is_declared_and_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(each for name in EXTRA_MODULES for each in extras[name])]
    declared = {normal(re.split(r"[^\w.-]", each)[0]) for each in wanted}
    imported = set().union(*map(foreign, TREES.values())) - FRAMEWORKS
    provided = packages_distributions()
    used = {normal(dist) for name in imported for dist in provided[name]}
    assert declared - used == {"lxml-html-clean", "python-multipart"}, (
        "trafilatura's, named for older pips; fastapi's, for forms"
    )
    assert used - declared <= {"markupsafe", "pydantic-core", "starlette"}, (
        "come with jinja2, whose escaping it is, with pydantic, and with fastapi, its ground"
    )


def test_every_extra_is_looked_for_by_what_it_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert set(EXTRA_MODULES) == set(extras) - {"all", "dev"}
    assert extras["all"] == [f"citably[{','.join(sorted(EXTRA_MODULES))}]"]
    provided = packages_distributions()
    for name, modules in EXTRA_MODULES.items():
        declared = {normal(re.split(r"[^\w.-]", each)[0]) for each in extras[name]}
        assert {normal(dist) for module in modules for dist in provided[module]} == declared


def normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


@pytest.mark.parametrize("arguments", LOADS_NONE_OF, ids=" ".join)
def test_heavy_libraries_stay_unloaded(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "summarizer"]
    command += [argument.format(seed=SEED) for argument in arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "summarizer" in loaded
    assert loaded.isdisjoint(LOADS_NONE_OF[arguments])


def test_caches_of_modules_are_few_and_say_why() -> None:
    """What texts are read into belongs to `Annotations`: a cache of a module never shrinks."""
    lines = {module: SOURCES[module].splitlines() for module in TREES}
    found = [
        (f"{module}.{node.name}", lines[module][node.decorator_list[0].lineno - 2])
        for module, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(re.match(r"(?:lru_)?cache\b", ast.unparse(each)) for each in node.decorator_list)
    ]
    assert {name for name, _ in found} == MODULE_CACHES
    assert [name for name, before in found if not before.startswith("# ")] == []


def bound(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Names assigned at the top of a module."""
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def changes(tree: ast.AST) -> Iterator[str]:
    """Names that are declared global, stored into by key, or asked to change in place."""
    for function in definitions(tree):
        local = {name for node in ast.walk(function) if (name := local_name(node))}
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield from node.names
            elif (name := changed_name(node)) and name not in local:
                yield name


def local_name(node: ast.AST) -> str:
    """A parameter, or a name that is assigned."""
    match node:
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            return name
    return ""


def changed_name(node: ast.AST) -> str:
    """``NAME`` of ``NAME[key] = ...``, ``del NAME[key]`` and ``NAME.append(...)``."""
    match node:
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if attr in MUTATORS:
            return name
    return ""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in definitions(tree):
        if not isinstance(node, ast.ClassDef):
            yield node


def upward_imports(module: str, tree: ast.Module) -> Iterator[str]:
    return (each for each in own(tree) if not may_import(module, each))


def strange_libraries(module: str, tree: ast.Module) -> Iterator[str]:
    for library in foreign(tree):
        if not any(f"{module}.".startswith(f"{home}.") for home in HOMES.get(library, ())):
            yield library


def private_imports(_module: str, tree: ast.Module) -> Iterator[str]:
    for name in imports(tree):
        if name.startswith("summarizer.") and re.search(r"\._(?!_)", name):
            yield name


def vague_names(module: str, tree: ast.Module) -> Iterator[str]:
    yield from VAGUE_NAMES & set(module.split("."))
    names = {node.name for node in definitions(tree)} - NAMES_OF_LIBRARIES
    yield from (name for name in names if VAGUE_DEFINITION.search(name))


def changed_globals(_module: str, tree: ast.Module) -> Iterator[str]:
    yield from set(changes(tree)) & set(bound(tree.body))


def long_modules(module: str, _tree: ast.Module) -> Iterator[str]:
    if len(SOURCES[module].splitlines()) > MOST_LINES["module"]:
        yield "the module"


def long_functions(_module: str, tree: ast.Module) -> Iterator[str]:
    for node in functions(tree):
        if (node.end_lineno or 0) - node.lineno >= MOST_LINES["function"]:
            yield node.name


def many_parameters(_module: str, tree: ast.Module) -> Iterator[str]:
    for node in functions(tree):
        given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if len([each for each in given if each.arg not in {"self", "cls"}]) > MOST_PARAMETERS:
            yield node.name


def short_helpers(_module: str, tree: ast.Module) -> Iterator[str]:
    """Private functions and methods of a few lines that are called once, and used nowhere else."""
    uses = Counter(map(used_name, ast.walk(tree)))
    calls = Counter(used_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
    for node in functions(tree):
        body = node.body[1:] if ast.get_docstring(node, clean=False) else node.body
        lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        private = re.match(r"_[^_]", node.name) and not node.decorator_list
        if private and uses[node.name] == calls[node.name] == 1 and 0 < lines <= MOST_HELPER_LINES:
            yield node.name


def used_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
            return name
    return ""


def word_lists(_module: str, tree: ast.Module) -> Iterator[str]:
    """Literal collections, and alternations in patterns, of many words in lower case."""
    types = {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        words: list[str] = []
        if isinstance(node, ast.List | ast.Set | ast.Tuple) and id(node) not in types:
            values = [each.value for each in node.elts if isinstance(each, ast.Constant)]
            words = [each for each in values if isinstance(each, str)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = re.search(r"(?:[^\W\d_]{3,}\|)+[^\W\d_]{3,}", node.value)
            words = found[0].split("|") if found else []
        plain = [each for each in words if each.isalpha() and each.islower()]
        if len(plain) > MOST_LISTED_WORDS:
            yield f"line {getattr(node, 'lineno', 0)}: {', '.join(plain[:3])}, ..."


def listed_names(_module: str, tree: ast.Module) -> Iterator[str]:
    yield from (name for name in bound(tree.body) if name == "__all__")


class Rule(NamedTuple):
    """``offenders``: what breaks it, in a module; ``most``: how many are left."""

    offenders: Callable[[str, ast.Module], Iterable[str]]
    most: int = 0


RULES = {
    "an import points down, or stays in its room": Rule(upward_imports),
    "a library is imported in its home": Rule(strange_libraries),
    "a private name stays in its module": Rule(private_imports),
    "a name says something": Rule(vague_names),
    "a module does not change its globals": Rule(changed_globals),
    "a module is short": Rule(long_modules),
    "a function is short": Rule(long_functions),
    "a function has few parameters": Rule(many_parameters, 8),
    "a helper of three lines has several callers": Rule(short_helpers, 67),
    "words of a language are in its lexicon": Rule(word_lists, 11),
    "public is what has no underscore, and needs no list": Rule(listed_names, 126),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds(rule: str) -> None:
    offenders, most = RULES[rule]
    found = [
        f"{module}: {each}" for module, tree in TREES.items() for each in offenders(module, tree)
    ]
    assert len(found) <= most, "\n".join(found)


def test_a_public_name_means_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module, tree in TREES.items():
        for name in {node.name for node in tree.body if isinstance(node, DEFINITION)}:
            if not name.startswith("_") and name not in MANY_MEANINGS:
                places[name].append(module)
    doubles = {name: modules for name, modules in places.items() if len(modules) > 1}
    assert len(doubles) <= MOST_DOUBLES, doubles
