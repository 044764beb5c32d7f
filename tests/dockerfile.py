"""The instructions of the Dockerfile."""

import re
import shlex
from pathlib import Path

__all__ = ["instructions", "last", "variables"]

ROOT = Path(__file__).parent.parent


def instructions(name: str) -> list[str]:
    """The arguments of each instruction of that name, in order."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(rf"^{name} +(.+)$", text, re.MULTILINE)


def last(name: str) -> str:
    """The argument of the last such instruction, which is the one that counts."""
    return instructions(name)[-1]


def variables() -> dict[str, str]:
    """The variables that the image sets."""
    return dict(each.split("=", 1) for each in shlex.split(last("ENV")))
