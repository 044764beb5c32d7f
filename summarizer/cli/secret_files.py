"""Secrets as files: each file in the folder ``SUMMARIZER_SECRETS`` is an environment variable."""

from collections.abc import MutableMapping
from pathlib import Path

from summarizer.errors import SettingsError


def load_secrets(environment: MutableMapping[str, str]) -> None:
    """Sets a variable for each file: its name, and its text without line ends at the end.

    A variable that is set already stays, and an empty file sets nothing. Raises SettingsError.
    """
    folder = environment.get("SUMMARIZER_SECRETS", "")
    if not folder or not Path(folder).exists():
        return
    file = Path(folder)
    try:
        for file in sorted(Path(folder).iterdir()):
            if file.name.isidentifier() and file.is_file():
                text = file.read_text(encoding="utf-8").rstrip("\r\n")
                if text and "\0" not in text:
                    environment.setdefault(file.name, text)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"cannot be read: {reason}", subject=str(file)) from error
