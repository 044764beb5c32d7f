"""One value says which models are asked, and within what bounds."""

import json
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import SettingsError
from summarizer.models.config import ModelConfig
from summarizer.models.middleware import RetryPolicy

NAME = "openai/gpt-4o-mini"

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"model": "gpt-4"},
     "model: names no provider: 'gpt-4' (write PROVIDER/NAME, as in openai/gpt-4)"),
    ({"model": NAME, "judge_model": "/x"},
     "judge_model: names no provider: '/x' (write PROVIDER/NAME, as in openai/x)"),
    ({"max_cost": 1.0}, "max_cost: has no effect without a model"),
    ({"judge_model": NAME}, "judge_model: has no effect without a model"),
    ({"retry": RetryPolicy(attempts=1)}, "retry: has no effect without a model"),
    ({"model": NAME, "api_base": "localhost:1"},
     "api_base: is not an address: 'localhost:1' (as in http://127.0.0.1:8000/v1)"),
    ({"model": NAME, "language": "german"},
     "language: is not a language code: 'german' (as in BCP 47: en, pt-BR, zh-Hant)"),
    ({"model": NAME, "max_cost": -1.0}, "max_cost: must be at least 0, not -1.0"),
    ({"model": NAME, "max_cost": float("nan")}, "max_cost: must be at least 0, not nan"),
    ({"model": NAME, "concurrency": 0}, "concurrency: must be at least 1, not 0"),
    ({"model": NAME, "rate_limit": 0}, "rate_limit: must be at least 1, not 0"),
    ({"model": NAME, "timeout": 0}, "timeout: must be at least 0.1, not 0"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "line"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_value_is_one_line_that_names_the_field(fields: dict[str, Any], line: str) -> None:
    with pytest.raises(SettingsError) as error:
        ModelConfig(**fields)
    assert str(error.value) == line


def test_the_password_of_an_address_is_not_shown() -> None:
    assert "secret" not in repr(ModelConfig(model=NAME, api_base="http://me:secret@host/v1"))


@pytest.mark.parametrize(
    "config",
    [
        ModelConfig(),
        ModelConfig(model=NAME),
        ModelConfig(
            model=NAME, judge_model=NAME, api_base="http://host/v1", language="de", max_cost=1.5,
            max_tokens=9, concurrency=2, rate_limit=3, timeout=4.0, prompts=Path("p"),
            replay=Path("r"), cache=False, cache_dir=Path("c"),
        ),
    ],
    ids=["none", "a name", "every field"],
)  # fmt: skip
def test_a_stored_configuration_is_read_back(config: ModelConfig) -> None:
    assert ModelConfig.unpack(json.loads(json.dumps(config.pack()))) == config


def test_what_version_0_1_stored_is_read() -> None:
    old = {
        "model": NAME, "api_base": "", "judge": "", "language": "", "max_cost": None,
        "max_tokens": 9, "at_once": 2, "per_minute": 3, "timeout": 120.0, "replay": "",
    }  # fmt: skip
    assert ModelConfig.unpack(old) == ModelConfig(
        model=NAME, max_tokens=9, concurrency=2, rate_limit=3
    )
    assert ModelConfig.unpack(old | {"model": ""}) == ModelConfig()
    assert ModelConfig.unpack(old | {"judge": NAME}).judge_name == NAME


@pytest.mark.parametrize(
    ("judge_model", "judge_name"), [("", NAME), ("none", ""), ("openai/other", "openai/other")]
)
def test_the_writer_judges_unless_another_model_or_none_is_named(
    judge_model: str, judge_name: str
) -> None:
    assert ModelConfig(model=NAME, judge_model=judge_model).judge_name == judge_name
    assert ModelConfig().judge_name == ""
