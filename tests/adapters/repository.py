"""The example repository of docs/integrations.md, and its Python examples."""

import re
from pathlib import Path

__all__ = ["DOCUMENT", "ROOT", "make_repository", "python_examples"]

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")

_FILE = re.compile(r"^`([\w./-]+)`[^\n]*:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def make_repository(folder: Path) -> dict[str, str]:
    """Writes the files of the example; path -> text."""
    files = dict(_FILE.findall(DOCUMENT))
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return files


def python_examples() -> list[str]:
    """The Python programs of the document, in their order."""
    return _PYTHON.findall(DOCUMENT)
