"""Prompt files: found, checked, rendered. A file is ``NAME.md``:

    ---
    name: facts
    version: 1
    variables: language, passages
    output: Facts
    ---
    # System
    You read news in $language ...

    # User
    $passages

Placeholders are those of `string.Template`: ``$name``, ``${name}``, and ``$$`` for a dollar.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from string import Template

from summarizer.errors import PromptError
from summarizer.models.port import Message

__all__ = ["Prompt", "enclose", "load", "read", "render"]

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts")
"""An installed package carries the files; a checkout has them beside the package."""

_FIELDS = ("name", "version", "variables", "output")
_SHAPE = re.compile(
    r"---\n(?P<head>.*?)^---\n\s*"
    r"^# System\n(?P<system>.*?)^# User\n(?P<user>.*)\Z",
    re.DOTALL | re.MULTILINE,
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file. ``output`` names the form of the reply; ``hash`` is the file's sha256."""

    name: str
    version: int
    variables: frozenset[str]
    output: str
    system: str
    user: str
    hash: str


def load(name: str, folder: Path | None = None) -> Prompt:
    """The prompt ``name``: the user's own in ``folder``, else the one that comes with the package.

    Raises PromptError.
    """
    if folder is not None and not folder.is_dir():
        raise PromptError("is not a folder", subject=str(folder))
    places = _FOLDERS if folder is None else (folder, *_FOLDERS)
    found = next((path for place in places if (path := place / f"{name}.md").is_file()), None)
    if found is None:
        where = ", ".join(str(place) for place in places)
        raise PromptError("there is no such prompt file", subject=f"{name}.md", hint=f"in {where}")
    return read(found)


def read(path: Path) -> Prompt:
    """The prompt in a file. Raises PromptError with file and line."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"cannot be read: {error}", subject=str(path)) from error
    try:
        return _parse(text, path.stem, sha256(content).hexdigest())
    except _WrongError as wrong:
        raise PromptError(wrong.what, subject=f"{path}:{wrong.line}") from None


def render(prompt: Prompt, **variables: str) -> tuple[Message, Message]:
    """The system and the user message. Values are data: no ``$`` in them means anything.

    Raises PromptError unless exactly the declared variables are given.
    """
    if variables.keys() != prompt.variables:
        names = ", ".join(sorted(variables.keys() ^ prompt.variables))
        raise PromptError(f"declared and given variables differ: {names}", subject=prompt.name)
    return (
        Message("system", Template(prompt.system).substitute(variables)),
        Message("user", Template(prompt.user).substitute(variables)),
    )


_CONTROL = re.compile(r"<(?=\|\w)|\[(?=/?INST\])|<(?=</?SYS>>|/?s>|(?:start|end)_of_turn>)")
"""What local models' chat templates read as the start of a turn, wherever it stands."""


def enclose(label: str, text: str) -> str:
    """``text`` as a block of data that it cannot close: its tag is made from its own content.

    Marks that would start a turn in a chat template are broken by a space; no news text has them.
    """
    inert = _CONTROL.sub(r"\g<0> ", text)
    tag = next(tag for salt in count() if (tag := _tag(label, inert, salt)) not in inert)
    return f"<{tag}>\n{inert}\n</{tag}>"


def _tag(label: str, text: str, salt: int) -> str:
    content = f"{salt}\n{text}".encode("utf-8", "surrogatepass")
    return f"{label}-{sha256(content).hexdigest()[:8]}"


class _WrongError(Exception):
    """What is wrong on which line."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def _parse(text: str, stem: str, content_hash: str) -> Prompt:
    shape = _SHAPE.match(text)
    if shape is None:
        raise _WrongError(*_misses(text))
    head = dict(_fields(shape["head"]))
    if missing := [name for name in _FIELDS if name not in head]:
        raise _WrongError(f"the front matter lacks {', '.join(missing)}", 1)
    (name, name_line), (version, version_line) = head["name"], head["version"]
    if name != stem:
        raise _WrongError(f"the name is {name!r}, but the file's is {stem!r}", name_line)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", version):
        raise _WrongError(f"the version {version!r} is no whole number", version_line)
    return Prompt(
        name=name,
        version=int(version),
        variables=_agreed(head["variables"], text, shape),
        output=head["output"][0],
        system=shape["system"].strip(),
        user=shape["user"].strip(),
        hash=content_hash,
    )


def _misses(text: str) -> tuple[str, int]:
    """What the file lacks of its shape, and the line where that is seen."""
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        return "does not begin with front matter between two lines of ---", 1
    closing = lines.index("---", 1) + 1
    for part in ("# System", "# User"):
        if part not in lines[closing:]:
            return f"has no line {part!r} after the front matter", closing
    return "has something before '# System', or '# User' before it", closing + 1


def _fields(head: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """Name -> (value, line)."""
    seen: set[str] = set()
    for line, row in enumerate(head.split("\n"), start=2):
        if not row.strip():
            continue
        name, colon, value = (part.strip() for part in row.partition(":"))
        if not colon or name not in _FIELDS or name in seen:
            raise _WrongError(f"not one of {', '.join(_FIELDS)}, once each: {row.strip()!r}", line)
        seen.add(name)
        yield name, (value, line)


def _agreed(declared: tuple[str, int], text: str, shape: re.Match[str]) -> frozenset[str]:
    """The variables, when those declared are those used."""
    listed, line = declared
    names = frozenset(name.strip() for name in listed.split(",") if name.strip())
    if odd := sorted(name for name in names if not _NAME.fullmatch(name)):
        raise _WrongError(f"not the name of a variable: {', '.join(odd)}", line)
    used = dict(_placeholders(text, shape.start("system")))
    for name, at in used.items():
        if name not in names:
            raise _WrongError(f"${name} is used, but not declared", at)
    if unused := sorted(names - used.keys()):
        raise _WrongError(f"declared, but not used: {', '.join(unused)}", line)
    return names


def _placeholders(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Each placeholder from ``start`` on, and its line."""
    for found in Template.pattern.finditer(text, start):
        line = text.count("\n", 0, found.start()) + 1
        groups: Mapping[str, str | None] = found.groupdict()
        if groups["invalid"] is not None:
            raise _WrongError("a lone $ (a dollar sign is written $$)", line)
        if name := groups["named"] or groups["braced"]:
            yield name, line
