"""Defaults of options from the user's configuration file.

    [brief]
    words = 200
    model = "openai/gpt-4o-mini"

A table is a command, and its keys are the command's options. What the command line gives wins.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from summarizer.errors import SettingsError


def config_path() -> Path:
    """The file that ``SUMMARIZER_CONFIG`` names, else the one in the user's folder."""
    if named := os.environ.get("SUMMARIZER_CONFIG"):
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "summarizer" / "config.toml"


def load_defaults(command: Any, name: str) -> dict[str, Any]:
    """The defaults for ``command``, the program with the command ``name`` in it; empty without a
    file. Raises SettingsError in one line for a file that cannot be read, and for a key that no
    option has.
    """
    path = config_path()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"cannot be read: {reason}", subject=str(path)) from error
    return _option_defaults(command, {name: tables.get(name, {})}, str(path))


def _option_defaults(command: Any, table: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The table with the names of parameters, checked against the command's own."""
    commands = getattr(command, "commands", {})
    options = {each.name: each for each in command.params if each.param_type_name == "option"}
    defaults: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if isinstance(value, Mapping) and key in commands:
            defaults[key] = _option_defaults(commands[key], value, path)
        elif name in options and not isinstance(value, Mapping):
            defaults[name] = value
        elif value != {}:
            known = sorted({*commands, *(each.replace("_", "-") for each in options)} - {"help"})
            hint = f"known: {', '.join(known)}"
            raise SettingsError(f"there is no option {key!r}", subject=path, hint=hint)
    return defaults
