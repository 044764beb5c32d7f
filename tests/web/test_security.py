"""Who may ask, from where, with what; and the armour of every answer."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from summarizer.cli.main import main
from summarizer.errors import SettingsError
from summarizer.web import security, server, tokens
from summarizer.web.server import is_local_host
from summarizer.web.service import ServiceConfig
from summarizer.web.tokens import (
    Token,
    Tokens,
    create_token,
    open_session,
    read_tokens,
    single_token,
)
from tests.web.served import FIRE, Served, served

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOKEN, LINE = create_token("ann", None, NOW)
ENDED, ENDED_LINE = create_token("bob", 1, NOW - timedelta(days=3))
EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is refused
BODY = {"texts": [FIRE], "words": 60}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "tokens").write_text(f"# who may read\n\n{LINE}\n{ENDED_LINE}\n", encoding="utf-8")
    serving = ServiceConfig(
        tokens=read_tokens(folder / "tokens"),
        hosts=frozenset({"127.0.0.1"}),
        max_body_bytes=20_000,
        max_streams=1,
    )
    with pytest.MonkeyPatch.context() as patched, served(folder, serving) as running:
        patched.setattr(tokens, "MAX_DELAY_SECONDS", 0.01)
        yield running


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


@pytest.mark.parametrize(
    "token", ["", "wrong", ENDED, LINE.split()[1]], ids=["none", "wrong", "ended", "digest"]
)
def test_without_a_token_that_counts_nothing_is_told(guarded: Served, token: str) -> None:
    for method, path in (("GET", "/api/v1/briefings"), ("POST", "/api/v1/briefings")):
        answer = guarded.client.request(method, path, headers=bearer(token) if token else {})
        assert (answer.status_code, kind(answer)) == (401, "token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_with_a_token_it_answers(guarded: Served) -> None:
    assert guarded.client.get("/api/v1/briefings", headers=bearer(TOKEN)).status_code == 200


def test_health_is_open_and_pages_lead_to_the_form(guarded: Served) -> None:
    assert guarded.client.get("/api/v1/health").status_code == 200
    sent = guarded.client.get("/briefings/b-000000000000")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/login?next=/briefings/b-000000000000"


def test_a_browser_signs_in_and_the_cookie_is_closed_to_scripts(guarded: Served) -> None:
    wrong = guarded.client.post("/login", data={"token": "no"})
    assert wrong.status_code == 401
    assert "is not valid" in wrong.text
    right = guarded.client.post("/login", data={"token": TOKEN, "next": "//evil.example"})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN.lower() not in cookie
    session = right.headers["set-cookie"].partition(";")[0]
    assert guarded.client.get("/", headers={"Cookie": session}).status_code == 200
    forged = session[:-1] + ("0" if session[-1] != "0" else "1")
    assert guarded.client.get("/", headers={"Cookie": forged}).status_code == 303


def test_signing_out_is_offered_and_ends_the_session_on_the_server(guarded: Served) -> None:
    session, other = (
        {"Cookie": guarded.client.post("/login", data={"token": TOKEN}).headers["set-cookie"]}
        for _ in range(2)
    )
    guarded.client.cookies.clear()
    assert 'action="/logout"' in guarded.client.get("/", headers=session).text
    gone = guarded.client.post("/logout", headers=session)
    assert (gone.status_code, gone.headers["location"]) == (303, "/login")
    assert 'session="";' in gone.headers["set-cookie"]
    assert "Max-Age=0" in gone.headers["set-cookie"]
    assert guarded.client.get("/", headers=session).status_code == 303
    assert guarded.client.get("/", headers=other).status_code == 200


def test_wrong_tokens_are_logged_with_their_address_and_slowed(
    guarded: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded.client.post("/login", data={"token": "no"})
    assert "summarizer: a wrong token from 127.0.0.1 (no. " in capsys.readouterr().err
    monkeypatch.setattr(tokens, "MAX_DELAY_SECONDS", 1.0)
    failures = tokens.FailedSignIns()
    addresses = ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")
    assert [failures.record(each) for each in addresses] == [0.25, 0.5, 1.0, 1.0, 0.25]


@pytest.mark.parametrize("said", ["1.\xe9", "\xe9", "9" * 5000, ".."])
def test_a_cookie_of_anything_is_no_session(guarded: Served, said: str) -> None:
    cookie = {b"Cookie": f"session={said}".encode("latin-1")}
    assert guarded.client.get("/", headers=cookie).status_code == 303
    bearing = {b"Authorization": f"Bearer {said}".encode("latin-1")}
    assert guarded.client.get("/api/v1/jobs", headers=bearing).status_code == 401


def dripped(at: Served, said: bytes) -> bytes:
    """What comes back for a request that never ends."""
    with socket.create_connection(("127.0.0.1", int(at.base.rpartition(":")[2]))) as connection:
        connection.settimeout(10)
        connection.sendall(said)
        heard = b""
        while part := connection.recv(65536):
            heard += part
    return heard


def test_half_a_request_is_not_waited_for(guarded: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_HEAD_SECONDS", 0.2)
    monkeypatch.setattr(security, "BODY_TIMEOUT_SECONDS", 0.2)
    assert dripped(guarded, b"") == b""
    assert dripped(guarded, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n") == b""
    head = (
        "POST /api/v1/briefings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\n"
    )
    late = dripped(guarded, head.encode() + b'{"te')
    assert late.startswith(b"HTTP/1.1 408 ")
    assert b"urn:summarizer:problem:body-too-late" in late
    assert guarded.client.get("/api/v1/health").status_code == 200


def test_sessions_end_with_their_time_and_with_their_token() -> None:
    tokens = Tokens((read_line(LINE),))
    session = open_session(tokens.tokens[0], NOW)
    assert tokens.find_session(session, NOW + timedelta(days=29)) is not None
    assert tokens.find_session(session, NOW + timedelta(days=31)) is None
    later = session.replace(session.partition(".")[0], "99999999999")
    assert tokens.find_session(later, NOW) is None
    assert Tokens((read_line(ENDED_LINE),)).find_session(session, NOW) is None


def read_line(line: str) -> Token:
    name, hashed, ends = line.split()
    end = None if ends == "-" else datetime.fromisoformat(ends).date()
    return Token(name, hashed.removeprefix("sha256:"), end)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
    ],
)
def test_a_page_of_another_site_changes_nothing(guarded: Served, headers: dict[str, str]) -> None:
    answer = guarded.client.post("/api/v1/briefings", json=BODY, headers=bearer(TOKEN) | headers)
    assert (answer.status_code, kind(answer)) == (403, "cross-origin")
    read = guarded.client.get("/api/v1/briefings", headers=bearer(TOKEN) | headers)
    assert read.status_code == 200
    assert "access-control-allow-origin" not in read.headers


def test_another_name_that_leads_here_is_not_answered(guarded: Served) -> None:
    answer = guarded.client.get("/api/v1/health", headers={"Host": "rebound.example"})
    assert (answer.status_code, kind(answer)) == (421, "unknown-host")


@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_large_is_not_read(guarded: Served, told: bool) -> None:
    body = b'{"texts": [{"text": "' + b"x" * 30_000 + b'"}]}'
    parts = (body[at : at + 4096] for at in range(0, len(body), 4096))
    headers = bearer(TOKEN) | {"Content-Type": "application/json"}
    answer = guarded.client.post(
        "/api/v1/briefings", content=body if told else parts, headers=headers
    )
    assert (answer.status_code, kind(answer)) == (413, "body-too-large")
    assert guarded.client.get("/api/v1/health").status_code == 200


def test_every_answer_is_armoured(guarded: Served) -> None:
    for path in ("/login", "/api/v1/health", "/static/reader.js", "/api/v1/nothing", "/"):
        headers = guarded.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_nothing_of_the_page_is_inline(guarded: Served) -> None:
    page = guarded.client.get("/login").text
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " on" not in page.replace(" one", "")


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), (EVERYWHERE, False), ("::", False)],
)
def test_which_addresses_are_of_this_machine(host: str, expected: bool) -> None:
    assert is_local_host(host) is expected


def test_an_open_address_demands_tokens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUMMARIZER_TOKEN", raising=False)
    store = str(tmp_path / "store.db")
    assert main(["serve", "--host", EVERYWHERE, "--port", "0", "--store", store]) == 2
    assert "would be open to everybody" in capsys.readouterr().err
    assert not (tmp_path / "store.db").exists()


def test_a_token_is_printed_once_and_kept_as_a_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tokens"
    assert main(["token", "ann", "--tokens", str(file), "--days", "90"]) == 0
    token = capsys.readouterr().out.strip()
    assert len(token) >= 40
    assert token not in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert main(["token", "bob", "--tokens", str(file)]) == 0
    found = read_tokens(file).find_bearer(token, datetime.now(UTC))
    assert found is not None
    assert found.name == "ann"


@pytest.mark.parametrize(
    "line",
    ["ann", "ann sha256:12 -", "ann md5:0 -", f"{LINE} more", ""],
    ids=["name", "short", "md5", "more", "empty"],
)
def test_a_line_that_is_no_token_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "tokens"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"is not a token|contains no token"):
        read_tokens(file)


def test_a_day_that_does_not_exist_is_no_end(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(LINE.replace(" -", " 2026-02-30"), encoding="utf-8")
    with pytest.raises(SettingsError, match="tokens:1: is not a token"):
        read_tokens(file)


def test_wrong_names_weak_tokens_and_missing_files() -> None:
    with pytest.raises(SettingsError, match="is not a name"):
        create_token("two words", None, NOW)
    with pytest.raises(SettingsError, match="shorter than 16"):
        single_token("secret")
    with pytest.raises(SettingsError, match="No such file"):
        read_tokens(Path("/nonexistent/tokens"))
    assert single_token("0123456789abcdef").find_bearer("0123456789abcdef", NOW) is not None
