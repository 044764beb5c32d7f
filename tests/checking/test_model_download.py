import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from summarizer.checking.entailment import open_entailment_model
from summarizer.checking.model_download import (
    ModelRelease,
    default_model_folder,
    download_model,
    parse_digests,
    parse_release,
)
from summarizer.cli.main import main
from summarizer.errors import FetchError, SettingsError
from tests.checking.small_model import make_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"
RELEASE = ModelRelease("someone", "small-nli", COMMIT)
NAME = f"someone/small-nli@{COMMIT}"


class Hub(ThreadingHTTPServer):
    """Serves the files of one release. ``asked``: the paths; ``cut``: a file that breaks off."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Response)
        self.files = {f"/someone/small-nli/resolve/{COMMIT}/{k}": v for k, v in files.items()}
        self.asked: list[str] = []
        self.cut = ""
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Response(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.server.asked.append(self.path.rpartition("/")[2])
        if not self.path.startswith("/stored"):  # hubs redirect to where large files are
            self.send_response(302)
            self.send_header("Location", f"/stored{self.path}")
            self.end_headers()
            return
        content = self.server.files.get(self.path.removeprefix("/stored"))
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        cut = self.server.cut and self.path.endswith(self.server.cut)
        self.wfile.write((content or b"")[: 10 if cut else None])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Hub]:
    with Hub(files) as hub:
        thread = Thread(target=hub.serve_forever, daemon=True)
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    folder = make_model(tmp_path / "published", graph="onnx/model.onnx")
    names = ("onnx/model.onnx", "tokenizer.json", "config.json")
    return {name: (folder / name).read_bytes() for name in names}


@pytest.fixture
def hub(files: dict[str, bytes]) -> Iterator[Hub]:
    with serving(files) as server:
        yield server


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_downloaded_model_opens(hub: Hub, files: dict[str, bytes], tmp_path: Path) -> None:
    digests = {"onnx/model.onnx": digest(files["onnx/model.onnx"])}
    downloaded = download_model(RELEASE, digests, tmp_path / "to", hub.url)
    assert written(tmp_path / "to") == set(files)
    assert [each.verified for each in downloaded] == [True, False, False]
    assert [each.sha256 for each in downloaded] == list(map(digest, files.values()))
    opened = open_entailment_model(tmp_path / "to")
    assert opened.read("The dam broke", ["The dam broke on Monday"]).entailed > 0.8


def test_a_wrong_digest_deletes_the_file(hub: Hub, files: dict[str, bytes], tmp_path: Path) -> None:
    digests = {name: digest(content) for name, content in files.items()}
    with pytest.raises(SettingsError, match=f"not {'0' * 64}; it was deleted"):
        download_model(RELEASE, digests | {"config.json": "0" * 64}, tmp_path / "to", hub.url)
    assert written(tmp_path / "to") == {"onnx/model.onnx", "tokenizer.json"}


def test_a_file_that_breaks_off_leaves_nothing_and_the_next_run_goes_on(
    hub: Hub, files: dict[str, bytes], tmp_path: Path
) -> None:
    digests = {name: digest(content) for name, content in files.items()}
    hub.cut = "tokenizer.json"
    with pytest.raises(FetchError, match="cannot be downloaded"):
        download_model(RELEASE, digests, tmp_path / "to", hub.url)
    assert written(tmp_path / "to") == {"onnx/model.onnx"}
    hub.cut, hub.asked = "", []
    download_model(RELEASE, digests, tmp_path / "to", hub.url)
    assert written(tmp_path / "to") == set(files)
    assert set(hub.asked) == {"tokenizer.json", "config.json"}


def test_a_changed_file_is_replaced_only_by_a_complete_one(
    hub: Hub, files: dict[str, bytes], tmp_path: Path
) -> None:
    config = tmp_path / "to" / "config.json"
    config.parent.mkdir()
    config.write_text("old", encoding="utf-8")
    digests = {name: digest(content) for name, content in files.items()}
    hub.cut = "config.json"
    with pytest.raises(FetchError):
        download_model(RELEASE, digests, tmp_path / "to", hub.url)
    assert config.read_text(encoding="utf-8") == "old"
    hub.cut = ""
    download_model(RELEASE, digests, tmp_path / "to", hub.url)
    assert config.read_bytes() == files["config.json"]


def test_what_the_hub_has_not_is_said(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"other.onnx: the server answered 404"):
        download_model(RELEASE, {"other.onnx": "0" * 64}, tmp_path / "to", hub.url)
    with pytest.raises(FetchError, match="cannot be downloaded"):
        download_model(RELEASE, {"m.onnx": "0" * 64}, tmp_path / "to", "http://127.0.0.1:9")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be written"):
        download_model(RELEASE, {"m.onnx": "0" * 64}, tmp_path / "file" / "to", hub.url)


@pytest.mark.parametrize(
    "name", ["small-nli", "someone/small-nli", "someone/small-nli@main", f"../etc@{COMMIT}",
             f"a/b/c@{COMMIT}", f"someone/..@{COMMIT}"]
)  # fmt: skip
def test_a_release_is_named_by_its_commit(name: str) -> None:
    assert parse_release(NAME) == RELEASE
    with pytest.raises(SettingsError, match="a branch can change"):
        parse_release(name)


@pytest.mark.parametrize(
    ("digests", "message"),
    [
        ([], "must name one .onnx file"),
        ([f"config.json={'0' * 64}"], "must name one .onnx file"),
        ([f"a.onnx={'0' * 64}", f"b.onnx={'0' * 64}"], "must name one .onnx file"),
        (["model.onnx=abc"], "is no digest of a file"),
        ([f"../model.onnx={'0' * 64}"], "is no digest of a file"),
        ([f"/etc/model.onnx={'0' * 64}"], "is no digest of a file"),
    ],
)
def test_digests_belong_to_files_of_the_model(digests: list[str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parse_digests(digests)


def test_the_command_fetches_and_checks(
    hub: Hub,
    files: dict[str, bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    option = f"onnx/model.onnx={digest(files['onnx/model.onnx'])}"
    assert main(["nli", "fetch", NAME, "--sha256", option, "--hub", hub.url]) == 0
    printed = capsys.readouterr()
    graph = default_model_folder(RELEASE) / "onnx" / "model.onnx"
    assert printed.out == f"{graph}\n"
    assert f"sha256 {digest(files['config.json'])}, not verified" in printed.err
    assert main(["nli", "check", str(graph)]) == 0
    told = capsys.readouterr().out
    assert "entailed, neutral, contradicted" in told
    assert "window: 60 tokens" in told
    assert main(["nli", "check", str(tmp_path)]) == 2
    assert main(["nli", "fetch", "someone/small-nli@main", "--sha256", option]) == 2
