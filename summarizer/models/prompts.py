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
from summarizer.models.protocol import ChatMessage

_PACKAGE = Path(__file__).parent.parent
_PROMPT_FOLDERS = (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts")
"""An installed package carries the files; a checkout has them beside the package."""

_HEADER_FIELDS = ("name", "version", "variables", "output")
_FILE_PATTERN = re.compile(
    r"---\n(?P<head>.*?)^---\n\s*"
    r"^# System\n(?P<system>.*?)^# User\n(?P<user>.*)\Z",
    re.DOTALL | re.MULTILINE,
)
_VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")


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


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The prompt ``name``: the user's own in ``folder``, else the one that comes with the package.

    Raises PromptError.
    """
    if folder is not None and not folder.is_dir():
        raise PromptError("is not a folder", subject=str(folder))
    places = _PROMPT_FOLDERS if folder is None else (folder, *_PROMPT_FOLDERS)
    found = next((path for place in places if (path := place / f"{name}.md").is_file()), None)
    if found is None:
        where = ", ".join(str(place) for place in places)
        raise PromptError("there is no such prompt file", subject=f"{name}.md", hint=f"in {where}")
    return read_prompt(found)


def read_prompt(path: Path) -> Prompt:
    """The prompt in a file. Raises PromptError with file and line."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"cannot be read: {error}", subject=str(path)) from error
    try:
        return _parse_prompt(text, path.stem, sha256(content).hexdigest())
    except _PromptFileError as wrong:
        raise PromptError(wrong.what, subject=f"{path}:{wrong.line}") from None


def render_prompt(prompt: Prompt, **variables: str) -> tuple[ChatMessage, ChatMessage]:
    """The system and the user message. Values are data: no ``$`` in them means anything.

    Raises PromptError unless exactly the declared variables are given.
    """
    if variables.keys() != prompt.variables:
        names = ", ".join(sorted(variables.keys() ^ prompt.variables))
        raise PromptError(f"declared and given variables differ: {names}", subject=prompt.name)
    return (
        ChatMessage("system", Template(prompt.system).substitute(variables)),
        ChatMessage("user", Template(prompt.user).substitute(variables)),
    )


_CHAT_CONTROL = re.compile(r"<(?=\|\w)|\[(?=/?INST\])|<(?=</?SYS>>|/?s>|(?:start|end)_of_turn>)")
"""What local models' chat templates read as the start of a turn, wherever it stands."""


def enclose(label: str, text: str) -> str:
    """``text`` as a block of data that it cannot close: its tag is made from its own content.

    Marks that would start a turn in a chat template are broken by a space; no news text has them.
    """
    inert = _CHAT_CONTROL.sub(r"\g<0> ", text)
    salted = (f"{salt}\n{inert}".encode("utf-8", "surrogatepass") for salt in count())
    tags = (f"{label}-{sha256(content).hexdigest()[:8]}" for content in salted)
    tag = next(tag for tag in tags if tag not in inert)
    return f"<{tag}>\n{inert}\n</{tag}>"


class _PromptFileError(Exception):
    """What is wrong on which line."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def _parse_prompt(text: str, stem: str, content_hash: str) -> Prompt:
    shape = _FILE_PATTERN.match(text)
    if shape is None:
        raise _PromptFileError(*_shape_error(text))
    head = dict(_header_fields(shape["head"]))
    if missing := [name for name in _HEADER_FIELDS if name not in head]:
        raise _PromptFileError(f"the front matter lacks {', '.join(missing)}", 1)
    (name, name_line), (version, version_line) = head["name"], head["version"]
    if name != stem:
        raise _PromptFileError(f"the name is {name!r}, but the file's is {stem!r}", name_line)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", version):
        raise _PromptFileError(f"the version {version!r} is no whole number", version_line)
    return Prompt(
        name=name,
        version=int(version),
        variables=_checked_variables(head["variables"], text, shape),
        output=head["output"][0],
        system=shape["system"].strip(),
        user=shape["user"].strip(),
        hash=content_hash,
    )


def _shape_error(text: str) -> tuple[str, int]:
    """What the file lacks of its shape, and the line where that is seen."""
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        return "does not begin with front matter between two lines of ---", 1
    closing = lines.index("---", 1) + 1
    for part in ("# System", "# User"):
        if part not in lines[closing:]:
            return f"has no line {part!r} after the front matter", closing
    return "has something before '# System', or '# User' before it", closing + 1


def _header_fields(head: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """Name -> (value, line)."""
    seen: set[str] = set()
    for line, row in enumerate(head.split("\n"), start=2):
        if not row.strip():
            continue
        name, colon, value = (part.strip() for part in row.partition(":"))
        if not colon or name not in _HEADER_FIELDS or name in seen:
            raise _PromptFileError(
                f"not one of {', '.join(_HEADER_FIELDS)}, once each: {row.strip()!r}", line
            )
        seen.add(name)
        yield name, (value, line)


def _checked_variables(
    declared: tuple[str, int], text: str, shape: re.Match[str]
) -> frozenset[str]:
    """The variables, when those declared are those used."""
    listed, line = declared
    names = frozenset(name.strip() for name in listed.split(",") if name.strip())
    if odd := sorted(name for name in names if not _VARIABLE_NAME.fullmatch(name)):
        raise _PromptFileError(f"not the name of a variable: {', '.join(odd)}", line)
    used = dict(_placeholders(text, shape.start("system")))
    for name, at in used.items():
        if name not in names:
            raise _PromptFileError(f"${name} is used, but not declared", at)
    if unused := sorted(names - used.keys()):
        raise _PromptFileError(f"declared, but not used: {', '.join(unused)}", line)
    return names


def _placeholders(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Each placeholder from ``start`` on, and its line."""
    for found in Template.pattern.finditer(text, start):
        line = text.count("\n", 0, found.start()) + 1
        groups: Mapping[str, str | None] = found.groupdict()
        if groups["invalid"] is not None:
            raise _PromptFileError("a lone $ (a dollar sign is written $$)", line)
        if name := groups["named"] or groups["braced"]:
            yield name, line
