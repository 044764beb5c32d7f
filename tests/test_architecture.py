"""``docs/architecture.md`` is true: its rooms, paths and names are those of the code."""

import ast
import re
from collections.abc import Iterator

import pytest

from summarizer.checking.verdict import CHECKS
from tests.test_house import FLOORS, MOST_LINES, PACKAGE, ROOT, TREES

DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = re.compile(r"```text\n(.*?)```", re.DOTALL)
ROOM_LINE = re.compile(r" *(\d+)  (\w+) +\S.*")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+/[\w./<>-]*|[\w-]+\.(?:py|md|toml|json)")
DOTTED_NAME = re.compile(r"[a-z_]+(?:\.\w+)+")
COMMAND_MODULE = re.compile(r"python -m ([\w.]+)")
NUMBERED = re.compile(r"^\d+\. ", re.MULTILINE)
MOST_VALUES = 8
MOST_PLACES = {"check": 4, "output format": 2, "source format": 2, "language": 1,
               "delivery channel": 3, "model option": 3, "command": 2, "prompt": 4}  # fmt: skip


def sections() -> dict[str, str]:
    """Heading -> the text below it, up to the next heading."""
    parts = re.split(r"^#+ (.+)\n", DOCUMENT, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def code_spans() -> list[str]:
    return CODE.findall(PICTURE.sub("", DOCUMENT))


def paths() -> list[str]:
    return sorted({each for each in code_spans() if PATH.fullmatch(each)})


def names() -> list[str]:
    """The dotted names that begin with a room."""
    return sorted(
        {
            each
            for each in code_spans()
            if DOTTED_NAME.fullmatch(each) and each.partition(".")[0] in set().union(*FLOORS)
        }
        - set(paths())
    )


def defined(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a module or class binds, and where."""
    for node in body:
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield name, node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node


def exists(name: str) -> bool:
    """Whether the name is a module, or is defined in one, at any depth of classes."""
    if name in TREES:
        return True
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if tree := TREES.get(".".join(parts[:length])):
            body = tree.body
            for part in parts[length:]:
                node = dict(defined(body)).get(part)
                if node is None:
                    return False
                body = node.body if isinstance(node, ast.ClassDef) else []
            return True
    return False


def test_the_picture_shows_every_room_on_its_floor() -> None:
    picture = PICTURE.search(DOCUMENT)
    assert picture is not None
    lines = [ROOM_LINE.fullmatch(line) for line in picture[1].splitlines()]
    shown = [(int(line[1]), line[2]) for line in lines if line]
    assert len(shown) == len(lines), "one line a room"
    assert shown == sorted(shown, key=lambda each: -each[0]), "the highest floor is the first line"
    rooms = [(level, room) for level, rooms in enumerate(FLOORS) for room in rooms]
    assert sorted(shown) == sorted(rooms)


def test_every_room_is_a_folder_or_module() -> None:
    for room in set().union(*FLOORS):
        assert (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file(), room


@pytest.mark.parametrize("path", paths())
def test_every_path_exists(path: str) -> None:
    fixed = path.partition("<")[0]
    assert (ROOT / fixed.rpartition("/")[0] if "<" in path else ROOT / path).exists()


@pytest.mark.parametrize("name", names())
def test_every_name_exists(name: str) -> None:
    assert exists(name)


def test_a_name_that_does_not_exist_is_noticed() -> None:
    assert exists("pipeline.create_briefing")
    assert exists("checking.verdict.CitationChecker.judge")
    assert not exists("pipeline.create_summary")
    assert not exists("checking.verdict.CitationChecker.guess")


@pytest.mark.parametrize("module", COMMAND_MODULE.findall(DOCUMENT))
def test_every_command_exists(module: str) -> None:
    place = ROOT / module.replace(".", "/")
    assert place.with_suffix(".py").is_file() or place.is_dir()


@pytest.mark.parametrize(
    "heading", ["From an article to the page", "From a model's reply to a sentence"]
)
def test_a_way_has_few_values(heading: str) -> None:
    assert 1 <= len(NUMBERED.findall(sections()[heading])) <= MOST_VALUES


@pytest.mark.parametrize("thing", MOST_PLACES)
def test_a_recipe_has_few_places(thing: str) -> None:
    heading = next(
        each for each in sections() if each.removeprefix("A ").removeprefix("An ") == thing
    )
    assert 1 <= len(NUMBERED.findall(sections()[heading])) <= MOST_PLACES[thing]


def test_contributing_names_the_limits_and_targets_that_hold() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"Modules have at most {MOST_LINES['module']} lines" in text
    assert f"functions at most {MOST_LINES['function']}**" in text
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^    make (\w+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile
    for path in filter(PATH.fullmatch, CODE.findall(text)):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_described(check: str) -> None:
    assert f"\n| {check} | " in (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
