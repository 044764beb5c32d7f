"""What stands beside the code stays true: seeds, version, documents, and the tests themselves."""

import ast
import hashlib
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import summarizer

ROOT = Path(__file__).parent.parent

SEEDS = {
    "000_21479c44e6a942cd.txt": "299b75bd822e4c09589129c6b94b9d1a41b92a85360c985c69067d83aed52634",
    "001_8cbe90a26df69869.txt": "a34e0ebb6d7f408a8cea67cf882e11c85826630e994059da3631a58a2c9ba5de",
    "002_58d25547d4a626e0.txt": "6f07592a70720ad5b1bddfc4209e390c968d8a0f1ca5ac6aa9dcf2bed37bafc4",
    "003_2ee45d0d05125653.txt": "3ab495dd13ea8aae2e43c787a0216b15e9a3a1d302424b9855246fea5b7a4429",
    "004_517201ba1aa2df3a.txt": "4cd117c8de0a6e616aa742d3635d8bf00901a4a362443f0e143a1edc80c2c479",
}

UNTRACKED = {"__pycache__", "build", "dist", "test-artefacts"}
TRACKED_DOTFILES = {".ci", ".gitignore"}
MARKS = {
    "an unfinished thought": r"\bTO[D]O\b|\bFIXM[E]\b|\bXX[X]\b",
    "a package registry": r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|--(?:extra-)?inde[x]",
    "a path of one machine": r"(?<![\w.])/(?:wor[k]|hom[e]|User[s])/",
}
MOCKS = {"AsyncMock", "MagicMock", "Mock", "create_autospec", "mocker", "patch"}
MOST_MOCKS_PER_TEST = 2 / 100


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> Iterator[Path]:
    """The files a fresh clone holds, found without git, which a test machine may lack."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = filter(is_tracked, folders)
        yield from (Path(folder, name) for name in filter(is_tracked, names))


def is_tracked(name: str) -> bool:
    return name in TRACKED_DOTFILES or not (name.startswith(".") or name in UNTRACKED)


def is_mock(node: ast.AST) -> bool:
    """A name or attribute of a mocking library, or ``monkeypatch.setattr``."""
    match node:
        case ast.Attribute(value=ast.Name(id="monkeypatch"), attr="setattr"):
            return True
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in MOCKS
    return False


def test_the_seeds_are_as_they_came() -> None:
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / "seeds").iterdir()
    }
    assert found == SEEDS


def test_the_version_is_one() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    newest = re.search(r"^## \[?(\d[^\s\]]*)", read("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["version"] == summarizer.__version__


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_command_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", read(document), re.MULTILINE))
    assert named
    assert named <= set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("mark", MARKS)
def test_no_file_carries(mark: str) -> None:
    pattern = re.compile(MARKS[mark])
    carriers = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in tracked()
        if (hit := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert carriers == []


def test_the_tests_use_the_real_thing() -> None:
    trees = [ast.parse(path.read_bytes()) for path in (ROOT / "tests").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    tests = [n for n in nodes if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    mocks = [node for node in nodes if is_mock(node)]
    assert len(mocks) <= MOST_MOCKS_PER_TEST * len(tests)
