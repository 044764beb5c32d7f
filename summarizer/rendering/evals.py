"""The page of an evaluation: one self-contained file, no request and no script."""

import base64
import hashlib
from typing import Protocol

from summarizer.rendering.html import TEMPLATES, environment

__all__ = ["Page", "render"]


class Page(Protocol):
    """What the template shows; see `summarizer.evaluation.report.html`."""

    @property
    def title(self) -> str:
        """The page's title."""
        ...


def render(page: Page) -> str:
    """The page. Its policy lets nothing count but its own style."""
    from markupsafe import Markup

    style = (TEMPLATES / "evals.css").read_text(encoding="utf-8")
    seal = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{seal}'; base-uri 'none'; form-action 'none'"
    made = environment().get_template("evals.html")
    return made.render(page=page, policy=policy, style=Markup(style))  # noqa: S704 - our own file
