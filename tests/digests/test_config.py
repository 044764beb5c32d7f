"""A digest's file is good, or refused in one line with file, line and key."""

import os
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digests.config import (
    DigestConfig,
    load_digest_config,
    load_digest_configs,
    secret_variables,
)
from summarizer.digests.config_errors import line_of_key
from summarizer.digests.scaffold import cron_lines, starter_config, systemd_unit
from summarizer.errors import SettingsError
from summarizer.sources.source_state import SourceKind, SubscribedSource

WHOLE = "\n".join(
    re.sub(r"^# (?=(\w+ = |\[))", "", line) for line in starter_config("world").splitlines()
)
"""The file that `digest init` writes, with all that is commented out in force."""

SMALL = """name = "a"
timezone = "UTC"
schedule = "0 6 * * *"
[sources]
feeds = ["http://a.example/f"]
[[deliveries]]
kind = "file"
path = "a.md"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "world.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    """The one line, without the folder."""
    with pytest.raises(SettingsError) as caught:
        load_digest_config(written(folder, text))
    line = str(caught.value)
    assert "\n" not in line
    return line.removeprefix(f"{folder}{os.sep}")


def test_the_smallest_file(tmp_path: Path) -> None:
    config = load_digest_config(written(tmp_path, SMALL))
    assert (config.title, config.quiet, config.model) == ("a", False, None)
    assert config.sources == (SubscribedSource("feed", "http://a.example/f"),)
    assert config.deliveries[0].name == "file"
    assert config.deliveries[0].path == str(tmp_path / "a.md")  # type: ignore[union-attr]


def test_what_init_writes_is_good_with_and_without_its_comments(tmp_path: Path) -> None:
    assert load_digest_config(written(tmp_path, starter_config("world"))).name == "world"
    config = load_digest_config(written(tmp_path, WHOLE))
    assert {place.kind for place in config.sources} == set(get_args(SourceKind))
    assert [each.name for each in config.deliveries] == [
        "file", "email", "webhook", "atom", "operator"
    ]  # fmt: skip
    assert secret_variables(config) == ("SMTP_PASSWORD", "SLACK_WEBHOOK", "NEWS_PASSWORD")
    used = set(tomllib.loads(WHOLE)) | {"title"}
    assert used == set(DigestConfig.model_fields), "every key is shown"


def test_a_config_survives_being_kept(tmp_path: Path) -> None:
    config = load_digest_config(written(tmp_path, WHOLE))
    assert DigestConfig.model_validate_json(config.model_dump_json()) == config


ATOM = WHOLE[WHOLE.index('kind = "atom"') : WHOLE.index('world.atom"\n\n') + len('world.atom"')]
MISTAKES = [
    ('name = "world"', 'name = "World News"', ":10: name: has the wrong form"),
    ('timezone = "Europe/Berlin"', 'timezone = "Europe/Berln"', "did you mean Europe/Berlin?"),
    ('"0 6 * * *"', '"0 0 30 2 *"', ":13: schedule: never fires"),
    ('"0 6 * * *"', '"daily"', "five fields"),
    ("stories = 8", "storys = 8", ":15: storys: is not known here (did you mean stories?)"),
    ("stories = 8", "stories = 0", ":15: stories: should be greater than or equal to 1"),
    ("stories = 8", 'stories = "many"', ":15: stories: should be a valid integer, and is 'many'"),
    ("words = 120", "words = 10", "greater than or equal to 45"),
    ("words = 120", "words 120", ":16: is not TOML"),
    (
        'title = "World"',
        "title = World",
        ":11: is not TOML: invalid value (a text needs quotes)",
    ),
    ('title = "World"', 'title = "a\\nb"', ":11: title: holds a line break"),
    ('language = "en"', 'language = "english"', "language: is not the code of a language"),
    ("[sources]", "[source]", "source: is not known here"),
    ("feeds = [", "feed = [", "sources.feed: is not known here"),
    ('"https://www.theguardian.com/world/rss"', '"theguardian.com"', "no http(s) address: 'theg"),
    ('folders = ["incoming"]', 'folders = [""]', "sources.folders: an empty text"),
    ("query = ", "querry = ", "topics.querry: is not known here"),
    ("max_cost = 0.50", "max_cost = -1", "model.max_cost: should be greater"),
    ('kind = "file"', 'kind = "fax"', "kind is file, email, webhook or atom"),
    ('kind = "file"', "", "deliveries: has no kind"),
    ("-{date}-{time}.html", "-{day}.html", "unknown placeholder {day}"),
    (
        "-{date}-{time}.html",
        "-{date}.pdf",
        "deliveries.path: ends with none of .txt .md .html .json",
    ),
    ('security = "starttls"', 'security = "ssl"', "deliveries.security: should be 'starttls'"),
    ('security = "starttls"', 'security = "none"', "not sent without encryption"),
    ('host = "smtp.example.org"', 'host = "smtp example"', "deliveries.host: is no host name"),
    ('"ann@example.org"', '"ann"', "deliveries.recipients: is no mail address: 'ann'"),
    ('"ann@example.org"', '"a@b.c, d@e.f"', "is no mail address"),
    ('"ann@example.org"', '"ann@example.org\\nBcc: x@y.z"', "holds a line break"),
    ('"ann@example.org"', '"BEN@example.org"', "ben@example.org would get every"),
    ('sender = "World news', 'sender = "World\\rnews', "deliveries.sender: holds a line break"),
    ('password_env = "SMTP_PASSWORD"', "", "user and password_env belong together"),
    ('url_env = "SLACK_WEBHOOK"', "", "give either url or url_env"),
    ('shape = "slack"', 'shape = "irc"', "deliveries.shape: should be 'json'"),
    ('alert = "operator"', 'alert = "admin"', "alert: no delivery is called 'admin'"),
    ('alert = "operator"', "", "alert: the delivery 'operator' is for alerts only"),
    ('name = "operator"', 'name = "email"', "two deliveries are called 'email'"),
    ('path = "editions/world.atom"', 'path = "editions/world.pdf"', "none of .atom .xml"),
    (
        ATOM,
        'kind = "file"\nname = "b"\npath = "editions/world-{date}-{time}.html"',
        "edition twice",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES, ids=[m[2] for m in MISTAKES])
def test_a_mistake_is_one_line_with_its_key(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert right in WHOLE
    line = refusal(tmp_path, WHOLE.replace(right, wrong, 1))
    assert told in line
    assert re.match(r"world\.toml:\d+: ", line)


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    wrong = WHOLE.replace('password_env = "SMTP_PASSWORD"', 'password_env = "hunter2!"')
    line = refusal(tmp_path, wrong)
    assert "the name of an environment variable" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ('name = "a"\n', ":1: name: is missing"),
        ('timezone = "UTC"\n', "timezone: is missing"),
        ('schedule = "0 6 * * *"\n', "schedule: is missing"),
        ('feeds = ["http://a.example/f"]\n', ":4: sources: is empty"),
        ('[[deliveries]]\nkind = "file"\npath = "a.md"\n', "deliveries: is missing"),
        ('path = "a.md"\n', ":6: deliveries.path: is missing"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, left_out: str, told: str) -> None:
    assert told in refusal(tmp_path, SMALL.replace(left_out, ""))


def test_nobody_to_deliver_to(tmp_path: Path) -> None:
    alone = SMALL.replace('kind = "file"', 'kind = "file"\nalerts_only = true')
    assert "none gets the editions" in refusal(tmp_path, alone)


def test_two_topics_of_one_name(tmp_path: Path) -> None:
    topic = '[[topics]]\nname = "Trade"\nquery = "tariffs"\n'
    assert "two topics are called 'Trade'" in refusal(tmp_path, SMALL + topic * 2)


def test_two_digests_of_one_name(tmp_path: Path) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text(SMALL)
    other.write_text(SMALL)
    with pytest.raises(SettingsError, match=r"other\.toml: name: a digest called 'a' is in .*one"):
        load_digest_configs([one, other])
    assert [config.name for config in load_digest_configs([one])] == ["a"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not exist .*digest init"):
        load_digest_config(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_digest_config(tmp_path)
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_digest_config(tmp_path / "a.toml")
    (tmp_path / "a.toml").write_bytes(b"#" * 5_000_001)
    with pytest.raises(SettingsError, match="larger than 5 MB"):
        load_digest_config(tmp_path / "a.toml")
    assert "nested too deeply" in refusal(tmp_path, "x=" + "[" * 5000)
    assert "is not TOML" in refusal(tmp_path, 'name = "a"\nname = "b"')


def test_addresses_of_all_the_world(tmp_path: Path) -> None:
    wide = WHOLE.replace('"ann@example.org"', '"Änn Ö <ann@bücher.example>", "bén@example.org"')
    recipients = load_digest_config(written(tmp_path, wide)).deliveries[1].recipients  # type: ignore[union-attr]
    assert recipients[:2] == ("Änn Ö <ann@xn--bcher-kva.example>", "bén@example.org")


@given(st.text(max_size=200))
def test_any_text_is_a_digest_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsError) as caught:
        load_digest_config(path)
    assert "\n" not in str(caught.value)


TOML = """# first
name = "w"

[sources]
feeds = [
  "a",
  "b = 1",
]
[[deliveries]]
path = \"\"\"
[fake]
name = 1
\"\"\"
[[deliveries]]
inline = {a = 1, b = [1,
2]}
last = 1
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["name"], 2), (["sources"], 4), (["sources", "feeds"], 5), (["sources", "feeds", 1], 5),
        (["sources", "none"], 4), (["deliveries", 0], 9), (["deliveries", 0, "path"], 10),
        (["deliveries", 1], 14), (["deliveries", 1, "inline", "b", 1], 15),
        (["deliveries", 1, "last"], 17), (["none"], 1), ([], 1),
    ],
)  # fmt: skip
def test_the_line_of_a_key(keys: list[str | int], line: int) -> None:
    assert line_of_key(TOML, keys) == line


STATEMENTS = ("a = 1", "[[t]]", "b = [\n1,\n2]", "# c", "", 'd = """\n[x]\n"""')


@given(st.lists(st.sampled_from(STATEMENTS), max_size=12))
def test_the_line_of_every_key_begins_with_it(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for key in (key for key in parsed if key != "t"):
        assert text.splitlines()[line_of_key(text, [key]) - 1].startswith(key)
    for at, table in enumerate(parsed.get("t", [])):
        for key in table:
            assert text.splitlines()[line_of_key(text, ["t", at, key]) - 1].startswith(key)


@pytest.mark.parametrize("name", ["", "a b", "../x", "UPPER", "a" * 65, "-a"])
def test_no_name_for_a_digest(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot be the name of a digest"):
        starter_config(name)


def test_units_quote_what_they_are_given(tmp_path: Path) -> None:
    config = load_digest_config(written(tmp_path, WHOLE))
    arguments = ["/opt/my tools/summarizer", "digest", "start", "/a/100% $x.toml"]
    unit = systemd_unit(config, Path("/a/100% x/w.toml"), arguments)
    assert 'ExecStart="/opt/my tools/summarizer" digest start "/a/100%% $$x.toml"' in unit
    assert "WorkingDirectory=/a/100%% x\n" in unit
    assert "SMTP_PASSWORD=..." in unit
    line = cron_lines(config, Path("/a/w.toml"), arguments).splitlines()[-1]
    assert line == (
        r"*/10 * * * * cd /a && '/opt/my tools/summarizer' digest start '/a/100\% $x.toml'"
    )


@pytest.mark.parametrize(
    ("line", "judge_name"),
    [
        ("", "openai/writer"),
        ('judge_model = "openai/other"', "openai/other"),
        ('judge = "openai/other"', "openai/other"),
        ('judge_model = "none"', ""),
    ],
)
def test_the_writer_judges_unless_another_model_or_none_is_named(
    tmp_path: Path, line: str, judge_name: str
) -> None:
    text = f'{SMALL}[model]\nname = "openai/writer"\n{line}\n'
    config = load_digest_config(written(tmp_path, text))
    assert config.model_config_for_run().judge_name == judge_name


def test_none_is_no_writer(tmp_path: Path) -> None:
    assert "names no provider" in refusal(tmp_path, f'{SMALL}[model]\nname = "none"\n')


def test_a_mailbox_is_a_source(tmp_path: Path) -> None:
    box = '[[mailboxes]]\nhost = "m.example"\nuser = "a@m.example"\npassword_env = "PW"\n'
    alone = SMALL.replace('[sources]\nfeeds = ["http://a.example/f"]\n', "")
    for text in (SMALL + box, alone + box):
        config = load_digest_config(written(tmp_path, text))
        url = "imaps://a%40m.example@m.example:993/INBOX?password_env=PW"
        assert config.sources[-1] == SubscribedSource("mailbox", url)
        assert secret_variables(config) == ("PW",)
    assert "host" in refusal(tmp_path, SMALL + box.replace('host = "m.example"\n', ""))
