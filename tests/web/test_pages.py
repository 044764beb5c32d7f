"""The pages without a script: forms, links, refusals, and hostile articles as plain text."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from summarizer.edition import Edition
from summarizer.store.editions import (
    RegisteredDigest,
    delete_old_editions,
    finish_edition,
    open_edition,
    register_digest,
)
from summarizer.store.story_history import save_edition
from tests.rendering import samples
from tests.rendering.words import fused
from tests.web.served import FIRE, Served, finished

HOSTILE = {
    "script": "<script>document.title='owned'</script>",
    "image": "<img src=x onerror=\"document.title='owned'\">",
    "attribute": "\"><svg onload=document.title='owned'>",
    "quote": "' autofocus onfocus='document.title=1",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "link": "[click](javascript:document.title='owned')",
    "comment": "--><!--",
    "entity": "&lt;script&gt;&#60;b&#62;",
    "textarea": "</textarea></title><script>document.title='owned'</script>",
    "unicode": "\u202e\u2066\u200b\ufeff<b>",
}


OWN = re.compile(r'<script(?: src="/static/[a-z]+\.js\?v=[0-9a-f]{12}" defer)?>')
"""The service's own scripts, and the one inside the file that is handed out."""


def hostile(attack: str) -> dict[str, str]:
    text = (
        f"A fire destroyed a depot of {attack} in Bern on Monday evening, police said. "
        f"Twelve people were injured, said {attack} of the fire brigade in Bern. "
        "The depot was built in 1967 by the railway company."
    )
    return {"text": text, "title": attack, "publisher": attack, "name": attack}


def test_a_briefing_is_made_by_a_form_alone(at: Served) -> None:
    sent = at.client.post("/new", data={"text": [FIRE["text"], ""], "words": "80", "title": "Mine"})
    assert sent.status_code == 303
    job = sent.headers["location"].rpartition("/")[2]
    assert job.startswith("j-")
    briefing = finished(at.client, job)["briefing"]
    page = at.client.get(f"/jobs/{job}").text
    assert f'<a href="/briefings/{briefing}">Read the briefing</a>' in page
    assert "Tracing origins" in page
    read = at.client.get(f"/briefings/{briefing}").text
    assert "Twelve people were injured" in read
    assert "<h1" in read
    assert ">Mine</h1>" in read


def test_files_and_texts_are_handed_over_together(at: Served) -> None:
    files = [("files", ("fire.txt", FIRE["text"].encode()))]
    sent = at.client.post("/new", data={"text": "Ships sank off Malta on Sunday."}, files=files)
    job = finished(at.client, sent.headers["location"].rpartition("/")[2])
    whole = at.client.get(f"/api/v1/briefings/{job['briefing']}").json()
    assert [source["path"] for source in whole["sources"]] == ["fire.txt", "text 1"]


def test_what_cannot_be_done_comes_back_with_what_was_typed(at: Served) -> None:
    again = at.client.post("/new", data={"text": "", "focus": "what <b>burned</b>?"})
    assert again.status_code == 422
    assert "at least one source is needed" in again.text
    assert "what &lt;b&gt;burned&lt;/b&gt;?" in again.text
    wrong = at.client.post("/new", data={"text": "x", "words": "many"})
    assert wrong.status_code == 422
    assert "Words: " in wrong.text
    typed = at.client.post("/new", data={"text": "kept</textarea><i>", "words": "1"})
    assert "kept&lt;/textarea&gt;&lt;i&gt;" in typed.text


def test_a_text_may_be_as_long_as_the_service_takes_and_not_longer(at: Served) -> None:
    def pasted(text: str) -> tuple[int, str]:
        said = at.client.post("/new", data={"words": "30"}, files={"text": (None, text)})
        return said.status_code, said.text

    told = FIRE["text"] + "\n" + "日" * 400_000
    assert pasted(told)[0] == 303
    status, page = pasted("x" * 1_000_001)
    assert (status, "Text of an article, no. 1: " in page) == (422, True)
    assert "at most 1000000 characters" in page


def test_the_list_finds_and_deletes(at: Served) -> None:
    name = at.briefing(title="Quite remarkable", texts=[FIRE | {"title": "remarkable"}])
    found = at.client.get("/", params={"query": "remarkable"}).text
    assert f'href="/briefings/{name}"' in found
    assert "holds all of these words" in at.client.get("/", params={"query": "unheard-of"}).text
    assert at.client.post(f"/briefings/{name}/delete").headers["location"] == "/"
    assert name not in at.client.get("/").text
    assert at.client.get(f"/briefings/{name}").status_code == 404


def test_a_person_gets_a_page_and_a_program_a_problem(at: Served) -> None:
    for path in ("/briefings/b-000000000000", "/jobs/j-000000000000", "/nowhere"):
        page = at.client.get(path, headers={"Accept": "text/html,*/*"})
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "All briefings" in page.text
        problem = at.client.get(path)
        assert problem.headers["content-type"] == "application/problem+json"


def test_a_page_that_is_known_is_not_sent_again(at: Served) -> None:
    address = f"/briefings/{at.briefing()}"
    tag = at.client.get(address).headers["etag"]
    assert at.client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_style_and_script_are_kept_for_ever_under_their_hash(at: Served) -> None:
    page = at.client.get("/").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) == 5
    for address in addresses:
        answer = at.client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert at.client.get("/static/../pages.py").status_code == 404
    assert at.client.get("/static/page.html").status_code == 404


def test_the_api_page_names_every_operation(at: Served) -> None:
    page = at.client.get("/api").text
    described = at.client.get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page


@pytest.mark.parametrize("attack", HOSTILE.values(), ids=HOSTILE)
def test_hostile_articles_are_text(at: Served, attack: str) -> None:
    name = at.briefing(texts=[hostile(attack)], title=attack, words=200)
    assert "built in 1967" in at.client.get(f"/briefings/{name}").text
    for page in (f"/briefings/{name}", "/", f"/api/v1/briefings/{name}?format=html"):
        said = at.client.get(page).text
        assert "<svg onload" not in said
        assert "<img" not in said
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', said))
        body = said.partition("<body>")[2]
        assert all(OWN.fullmatch(tag) for tag in re.findall(r"<script[^>]*>", body))
        inside = re.findall(r"<script[^>]*>(.*?)</script>", said, re.DOTALL)
        assert not any("owned" in script for script in inside)
        assert "\u202e" not in said


def test_an_edition_of_a_digest_is_in_the_list_and_says_how_it_was_made(at: Served) -> None:
    database, now = at.service.database, datetime(2026, 11, 20, 6, tzinfo=UTC)
    register_digest(database, RegisteredDigest("<world>", "world.yaml", ""), now)
    issue = open_edition(database, "<world>", now, now)
    sample = samples.seeds()
    edition = Edition(
        id=issue.id,
        digest="<world>",
        title="The world on Friday",
        number=issue.number,
        due=now,
        created=now,
        kind="degraded",
        first_line="One feed of <b>two</b> could not be read.",
        briefing=sample.model_copy(update={"id": sample.identity()}),
        notes=("2 stories were left out.",),
    )
    assert save_edition(database, edition, (), (), now)
    finish_edition(database, issue.id, now)
    listed = at.client.get("/", params={"query": "beijing"}).text
    assert "The world on Friday" in listed
    assert "digest &lt;world&gt;" in listed
    address = f"/briefings/{sample.identity()}"
    read = at.client.get(address).text
    assert "One feed of &lt;b&gt;two&lt;/b&gt; could not be read." in read
    assert "2 stories were left out." in read
    assert "Set aside and repaired" in read
    delete_old_editions(database, "<world>", datetime(2027, 1, 1, tzinfo=UTC))
    assert at.client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/login", "/nowhere"])
def test_no_words_run_together(at: Served, path: str) -> None:
    assert not fused(at.client.get(path, headers={"accept": "text/html"}).text)


def test_a_question_is_answered_from_what_is_stored(at: Served) -> None:
    at.briefing()
    assert 'action="/ask"' in at.client.get("/").text
    sent = at.client.post("/ask", data={"question": "What did the fire in Bern destroy?"})
    assert sent.status_code == 303
    read = at.client.get(sent.headers["location"]).text
    assert "A fire destroyed a" in read
    nothing = at.client.post("/ask", data={"question": "Who won the chess match?"})
    assert nothing.status_code == 200
    assert "Nothing in your sources says this" in nothing.text
    assert 'value="Who won the chess match?"' in nothing.text


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"question": " "}, "The question is empty."),
        ({"question": "why " * 500}, "The question has 1,999 characters"),
        ({"question": "Who?", "since": "soon"}, "A date has the form 2026-11-28."),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    at: Served, form: dict[str, str], reason: str
) -> None:
    sent = at.client.post("/ask", data=form)
    assert sent.status_code == 422
    assert reason in sent.text


def test_a_job_that_failed_stays_in_the_list_until_it_is_removed(at: Served) -> None:
    job = at.ask(texts=[], urls=["http://127.0.0.1:9/nothing"])
    assert finished(at.client, job)["state"] == "failed"
    assert f'<a href="/jobs/{job}">' in at.client.get("/").text
    removed = at.client.post(f"/jobs/{job}/delete")
    assert (removed.status_code, removed.headers["location"]) == (303, "/")
    assert job not in at.client.get("/").text
    assert at.client.post(f"/jobs/{job}/delete").status_code == 404


def test_the_form_names_the_line_of_a_wrong_address_and_keeps_what_was_chosen(at: Served) -> None:
    data = {
        "urls": "https://a.example/one\n\n  ftp://a.example/two\nhttps://a.example/three\n",
        "words": "90", "focus": "locks",
    }  # fmt: skip
    again = at.client.post("/new", data=data, files={"files": ("a.txt", b"Ships sank.")})
    assert again.status_code == 422
    shown = unescape(again.text)
    assert "Web addresses, line 3 (ftp://a.example/two): is not an http or https address" in shown
    assert "line 1" not in shown
    assert "choose the files again" in shown
    assert 'value="90"' in shown
    assert 'value="locks"' in shown
    assert "https://a.example/three" in shown
