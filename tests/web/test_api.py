"""The API over HTTP: asking, looking, reading, and every refusal as a problem."""

import base64
import gzip
import json
from typing import cast

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest

from summarizer.jobs.queue import BriefingRequest
from summarizer.rendering.formats import document_formats
from summarizer.rendering.json import json_schema
from tests.articles import SEEDS
from tests.web.served import FIRE, Served, finished, seeds

MISSING = "b-000000000000"


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, object] = answer.json()
    assert said["type"] == f"urn:summarizer:problem:{kind}"
    assert said["status"] == status
    return said


def test_a_query_parameter_that_does_not_exist_is_refused(at: Served) -> None:
    answer = at.client.get("/api/v1/briefings", params={"querry": "fire"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "there is no query parameter 'querry'; known: limit, offset, query"
    )


def test_a_briefing_is_asked_for_written_and_read(at: Served) -> None:
    asked = at.client.post("/api/v1/briefings", json={"texts": seeds(), "words": 200})
    assert asked.status_code == 202
    assert asked.headers["location"] == f"/api/v1/jobs/{asked.json()['id']}"
    job = finished(at.client, asked.json()["id"])
    assert (job["state"], job["problem"]) == ("done", "")
    read = at.client.get(f"/api/v1/briefings/{job['briefing']}")
    jsonschema.validate(read.json(), json.loads(json_schema()))
    assert read.json()["report"]["sources_read"] == 5
    assert read.json()["report"]["citation_recall"] == 1.0


def test_it_is_read_as_a_page_and_as_markdown(at: Served) -> None:
    name = at.briefing()
    page = at.client.get(f"/api/v1/briefings/{name}?format=html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<style>" in page.text
    assert 'http-equiv="Content-Security-Policy"' in page.text
    text = at.client.get(f"/api/v1/briefings/{name}?format=markdown").text
    for each in document_formats("briefing"):
        answer = at.client.get(f"/api/v1/briefings/{name}?format={each.name}")
        assert answer.headers["content-type"].partition(";")[0] == each.media_type
    assert "## A fire destroyed a railway depot" in text
    assert "[^1]: *" in text
    problem(at.client.get(f"/api/v1/briefings/{name}?format=pdf"), 422, "invalid-request")


def test_what_has_not_changed_is_not_sent_again(at: Served) -> None:
    address = f"/api/v1/briefings/{at.briefing()}"
    tag = at.client.get(address).headers["etag"]
    again = at.client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_files_are_read_by_their_content(at: Served) -> None:
    page = f"<html><body><article><p>{FIRE['text']}</p></article></body></html>"
    packed = base64.b64encode(gzip.compress(page.encode())).decode()
    name = at.briefing(texts=[], files=[{"name": "../../etc/fire.html.gz", "content": packed}])
    source = at.client.get(f"/api/v1/briefings/{name}").json()["sources"][0]
    assert source["path"] == "../../etc/fire.html.gz"


def test_a_file_without_an_article_is_refused_by_its_place(at: Served) -> None:
    content = base64.b64encode(b"%PDF-1.7\n\x00\x01").decode()
    files = [{"name": "x.pdf", "content": content}]
    said = problem(at.client.post("/api/v1/briefings", json={"files": files}), 422, "unreadable")
    (error,) = cast("list[dict[str, str]]", said["errors"])
    assert error["pointer"] == "/files/0"
    assert error["detail"].startswith("x.pdf: ")


def test_lists_are_searched_and_turned(at: Served) -> None:
    title = "A quite singular title"
    names = ["Fire in Bern", "Fire in the capital"]
    texts = [[FIRE | {"title": name}] for name in names]
    first, second = (at.briefing(title=title, texts=each) for each in texts)
    found = at.client.get(
        "/api/v1/briefings", params={"query": "SINGULAR quite", "limit": 1}
    ).json()
    held = [each["id"] for each in found["briefings"]]
    rest = at.client.get(found["next"]).json()
    held += [each["id"] for each in rest["briefings"]]
    assert sorted(held) == sorted({first, second})
    assert first != second
    assert rest["next"] is None
    none = at.client.get("/api/v1/briefings", params={"query": "no%such_words"}).json()
    assert none == {"briefings": [], "next": None}


def test_deleting(at: Served) -> None:
    name = at.briefing(title="to be deleted")
    assert at.client.delete(f"/api/v1/briefings/{name}").status_code == 204
    for again in (at.client.delete, at.client.get):
        problem(again(f"/api/v1/briefings/{name}"), 404, "not-found")
    assert at.client.get(f"/briefings/{name}").status_code == 404


def test_a_job_is_forgotten_once_it_has_ended(at: Served) -> None:
    job = at.ask()
    finished(at.client, job)
    assert at.client.delete(f"/api/v1/jobs/{job}").status_code == 204
    problem(at.client.get(f"/api/v1/jobs/{job}"), 404, "not-found")


def test_one_key_is_one_job(at: Served) -> None:
    def ask(**more: object) -> httpx.Response:
        body = {"texts": [FIRE], "words": 70} | more
        return at.client.post("/api/v1/briefings", json=body, headers={"Idempotency-Key": "k-1"})

    first, second = ask(), ask()
    assert first.json()["id"] == second.json()["id"]
    problem(ask(words=71), 422, "key-reused")
    blank = {"Idempotency-Key": "two words"}
    problem(at.client.post("/api/v1/briefings", json={}, headers=blank), 422, "invalid-request")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"words": 5}, "/words"),
        ({"texts": [{"text": ""}]}, "/texts/0/text"),
        ({"urls": ["x"] * 1000}, "/urls"),
        ({"colour": "red"}, "/colour"),
        ({"files": [{"name": "a", "content": "not base64!"}]}, "/files/0/content"),
        ({"since": "yesterday"}, "/since"),
    ],
)
def test_a_wrong_field_is_named(at: Served, body: dict[str, object], pointer: str) -> None:
    said = problem(at.client.post("/api/v1/briefings", json=body), 422, "invalid-request")
    errors = said["errors"]
    assert isinstance(errors, list)
    assert [each["pointer"] for each in errors] == [pointer]


def test_bodies_that_are_no_json(at: Served) -> None:
    for body, kind in ((b"{", "application/json"), (b"\xff\xfe", "application/json")):
        answer = at.client.post("/api/v1/briefings", content=body, headers={"Content-Type": kind})
        assert problem(answer, 422, "invalid-request")["detail"]
    answer = at.client.post(
        "/api/v1/briefings", content=b"<x/>", headers={"Content-Type": "text/xml"}
    )
    assert problem(answer, 415, "unsupported-media-type")["detail"]


def test_nothing_to_read_is_said_at_once(at: Served) -> None:
    said = problem(at.client.post("/api/v1/briefings", json={}), 422, "no-source")
    assert "at least one source is needed" in str(said["detail"])


def test_a_job_that_fails_says_why_in_one_line(at: Served) -> None:
    job = finished(at.client, at.ask(texts=[{"text": "© 2026 The Example. All rights reserved."}]))
    assert job["state"] == "failed"
    assert "can be used" in str(job["problem"])
    assert "\n" not in str(job["problem"])


def test_a_private_address_is_not_fetched(at: Served) -> None:
    job = at.ask(urls=["http://169.254.169.254/latest/meta-data", "http://localhost/"])
    finished(at.client, job)
    listened = at.client.get(f"/api/v1/jobs/{job}/events").text
    assert listened.count("event: source") == 2
    assert listened.count("is in a private network") == 2


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "seeds", "-", "file:///etc/passwd", "*.txt", "http:/etc", " http://e.org"],
)
def test_only_addresses_of_the_web_are_urls(at: Served, path: str) -> None:
    answer = at.client.post("/api/v1/briefings", json={"urls": ["https://e.org", path]})
    said = problem(answer, 422, "invalid-request")
    assert said["errors"] == [{"pointer": "/urls/1", "detail": "is not an http or https address"}]


def test_a_job_opens_no_file_whatever_it_was_asked(at: Served) -> None:
    asked = BriefingRequest(urls=("/etc/passwd", str(SEEDS), "-", "https://" + "x/../" * 2000))
    job = finished(at.client, at.service.queue.submit(asked, ()).id)
    assert job["state"] == "failed"
    assert at.client.get(f"/api/v1/jobs/{job['id']}/events").text.count("event: source") == 4


def test_head_is_get_without_the_body(at: Served) -> None:
    for path in ("/", "/api/v1/health", f"/briefings/{at.briefing()}", "/nowhere"):
        whole, head = at.client.get(path), at.client.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["content-length"] == whole.headers["content-length"]


def test_an_unknown_name_is_not_found_and_a_wrong_one_is_refused(at: Served) -> None:
    problem(at.client.get(f"/api/v1/briefings/{MISSING}"), 404, "not-found")
    problem(at.client.get("/api/v1/briefings/..%2f..%2fetc"), 404, "not-found")
    problem(at.client.get("/api/v1/briefings/B-1"), 422, "invalid-request")
    problem(at.client.get("/api/v1/nothing"), 404, "not-found")
    refused = at.client.put("/api/v1/briefings")
    problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"]


def test_health_and_figures(at: Served) -> None:
    assert at.client.get("/api/v1/health").json()["status"] == "ok"
    figures = at.client.get("/api/v1/metrics")
    assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = figures.text.splitlines()
    assert any(line.startswith('summarizer_jobs{state="done"} ') for line in lines)
    assert any('route="/api/v1/health",status="200"' in line for line in lines)


def test_assistants_are_served_only_if_the_operator_says_so(at: Served) -> None:
    assert at.client.post("/mcp", json={}).status_code == 404
