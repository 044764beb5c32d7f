"""The API keeps to what it says of itself: requests made from its own OpenAPI document."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.web.document import DOCUMENT
from tests.web.served import Served

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]


def operations() -> list[str]:
    """The operations of the document that is kept, by name."""
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def test_the_document_is_what_the_service_says(at: Served) -> None:
    told = at.client.get("/api/v1/openapi.json").json()
    kept = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert told == kept, "python -m tests.web.document"


# The service in the next thread may ask for random numbers of its own meanwhile.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("operation", operations())
def test_every_answer_is_one_that_is_described(at: Served, operation: str) -> None:
    schema = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    method, path = operation.split()

    @given(case=schema[path][method].as_strategy())
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    def ask(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate(base_url=at.base, checks=CHECKS)

    ask()
