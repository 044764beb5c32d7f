"""A draft checked over HTTP."""

import base64
import json

import httpx
import jsonschema  # type: ignore[import-untyped]

from summarizer.audit.report import DraftAudit
from summarizer.rendering.json import json_schema
from tests.web.served import FIRE, Served
from tests.web.test_api import problem

DRAFT = "Twelve people were injured in the fire [1]. Forty people were injured in Bern [2]."


def test_a_draft_is_judged_sentence_by_sentence(at: Served) -> None:
    file = {"name": "fire.txt", "content": base64.b64encode(FIRE["text"].encode()).decode()}
    answer = at.client.post(
        "/api/v1/checks", json={"text": DRAFT, "texts": [FIRE], "files": [file]}
    )
    assert answer.status_code == 200, answer.text
    said = answer.json()
    jsonschema.validate(said, json.loads(json_schema(DraftAudit)))
    first, second = said["sentences"]
    assert (first["verdict"], first["markers"]) == ("unverified", ["[1]"])
    assert second["verdict"] != "supported"
    assert "Forty" in str(second["issues"]) or "40" in str(second["issues"])


def test_what_cannot_be_checked_is_said(at: Served) -> None:
    def ask(**draft: object) -> httpx.Response:
        return at.client.post("/api/v1/checks", json=draft)

    problem(ask(text=DRAFT), 422, "no-source")
    problem(ask(text="# Only a heading", texts=[FIRE]), 422, "no-sentence")
    problem(ask(text="x" * 100_001, texts=[FIRE]), 422, "invalid-request")


def test_checks_at_a_time_are_bounded(at: Served) -> None:
    with at.service.check_limit.slot(), at.service.check_limit.slot():
        refused = at.client.post("/api/v1/checks", json={"text": DRAFT, "texts": [FIRE]})
    problem(refused, 429, "too-many-checks")
    assert refused.headers["retry-after"]
