"""Renews ``docs/openapi.json`` from the service: ``python -m tests.web.document``."""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from summarizer.web.app import create_app
from summarizer.web.server import open_service
from summarizer.web.service import ServiceConfig

__all__ = ["DOCUMENT", "describe"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


def describe() -> str:
    """The document as the service tells it."""
    with (
        TemporaryDirectory() as folder,
        open_service(
            f"{folder}/store.db", ServiceConfig(), clock=lambda: datetime.now(UTC)
        ) as service,
    ):
        return json.dumps(create_app(service).openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(describe(), encoding="utf-8")
