"""The parts of the program that are installed on request, and what to type where one is missing.

A library of an extra is imported only after `require_extra`, so that a missing one is one line with
its cure, wherever it is needed.
"""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec

from summarizer.errors import SettingsError

EXTRA_MODULES: Mapping[str, tuple[str, ...]] = {
    "digest": ("cronsim", "dbos", "feedparser", "protego", "sqlalchemy"),
    "docs": ("feedparser", "protego", "pypdf"),
    "mcp": ("mcp",),
    "model": ("diskcache", "litellm", "tenacity"),
    "nli": ("numpy", "onnxruntime", "tokenizers"),
    "serve": ("dbos", "fastapi", "python_multipart", "sqlalchemy", "uvicorn"),
}
"""Extra -> the modules that it brings."""


def require_extra(extra: str, *, subject: str = "", setting: str = "") -> None:
    """Nothing, if the extra is installed; its modules are looked for and not imported.

    ``subject``: what needs it, or ``setting``, the option that does. Raises SettingsError with the
    command that installs it.
    """
    install = f"'citably[{extra}]'"
    require_modules(EXTRA_MODULES[extra], install, subject=subject, setting=setting)


def require_modules(
    modules: Iterable[str], distribution: str, *, subject: str = "", setting: str = ""
) -> None:
    """Nothing, if all of the modules are installed.

    Raises SettingsError with the command that installs ``distribution``.
    """
    missing = next((name for name in modules if find_spec(name) is None), "")
    if missing:
        hint = f"pip install {distribution}"
        raise SettingsError(
            f"{missing} is not installed", subject=subject, setting=setting, hint=hint
        )
