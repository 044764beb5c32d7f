"""Dockerfile and compose.yaml agree with the code, and the services have few rights."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from summarizer.cli.main import app
from summarizer.cli.secret_files import load_secrets
from summarizer.errors import SettingsError
from tests.dockerfile import ROOT, instructions, last, variables

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def assert_parses(words: list[str]) -> None:
    """Our command line accepts the words; nothing runs."""
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    command.make_context("summarizer", list(words))


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    copied = [each.split()[:-1] for each in instructions("COPY") if not each.startswith("--")]
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if "!" in line
    }
    names = {name for each in copied for name in each}
    assert names == allowed
    assert all((ROOT / name).exists() for name in names)


def test_the_commands_of_the_containers_are_ours() -> None:
    assert json.loads(last("ENTRYPOINT")) == ["summarizer"]
    assert_parses(json.loads(last("CMD")))
    digests = shlex.split(SERVICES["digests"]["entrypoint"][-1])
    assert digests[:2] == ["exec", "summarizer"]
    assert_parses(digests[2:])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_few_rights_and_no_secret(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108
    assert service["user"] not in ("root", "0", "0:0")
    for secret in service["secrets"]:
        assert COMPOSE["secrets"][secret] == {"file": f"./secrets/{secret}"}
        assert secret not in service["environment"]
    for value in service["environment"].values():
        assert ":" not in value.partition("://")[2], "a password in an address"


def test_containers_write_to_the_volume_only() -> None:
    assert {last("USER")} == {SERVICES[name]["user"] for name in ("serve", "digests")}
    volume = last("VOLUME")
    paths = {name: value for name, value in variables().items() if name.startswith(("HOME", "XDG"))}
    assert len(paths) == 4
    assert all(Path(each).is_relative_to(volume) for each in paths.values())


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    texts = {"SMTP_PASSWORD": "a b\n", "EMPTY": "\n", "SET": "file", ".hidden": "x", "a-b": "x"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    given = {"SUMMARIZER_SECRETS": str(tmp_path), "SET": "given"}
    environment = dict(given)
    load_secrets(environment)
    assert environment == given | {"SMTP_PASSWORD": "a b"}
    (tmp_path / "SMTP_PASSWORD").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="SMTP_PASSWORD: cannot be read: it is not UTF-8"):
        load_secrets(environment)
    load_secrets({"SUMMARIZER_SECRETS": str(tmp_path / "absent")})
