"""Briefings, checked drafts and editions as JSON, and their JSON Schemas."""

import json
from typing import TYPE_CHECKING

from summarizer.audit.report import DraftAudit
from summarizer.briefing import Briefing
from summarizer.edition import Edition
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import ValidationError

PublishedValue = Briefing | DraftAudit | Edition


def to_json(document: PublishedValue) -> str:
    """The document as JSON: keys in field order, indented, UTF-8 unescaped.

    Only lone surrogates, which UTF-8 cannot carry, are escaped.
    """
    text = json.dumps(document.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def parse_briefing(text: str) -> Briefing:
    """The briefing that `to_json` wrote. Raises SettingsError: one line with the field's path."""
    from pydantic import ValidationError

    try:
        return Briefing.model_validate(json.loads(text))
    except ValidationError as error:
        raise SettingsError(_validation_message(error), hint="is it a saved briefing?") from None
    except ValueError as error:
        raise SettingsError(f"is not JSON: {error}") from None
    except RecursionError:
        raise SettingsError("is nested too deeply for a briefing") from None


def json_schema(of: type[PublishedValue] = Briefing) -> str:
    """The JSON Schema of what `to_json` writes, as ``docs/*.schema.json`` hold it."""
    model = of.model_json_schema(mode="serialization")
    name = model["properties"]["schema"]["const"].replace("/", ":")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{name}"}
    return json.dumps(head | model, ensure_ascii=False, indent=2) + "\n"


def _validation_message(error: "ValidationError") -> str:
    """The first complaint, where it is, and how many follow."""
    errors = error.errors(include_url=False, include_input=False)
    field = ".".join(map(str, errors[0]["loc"]))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    message = " ".join(errors[0]["msg"].removeprefix("Value error, ").split())
    return f"{field}: {message}{more}" if field else f"{message}{more}"
