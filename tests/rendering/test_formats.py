"""An edition says the same in every form: what it is, what is new, what is left out and why."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from summarizer.audit.report import DraftAudit
from summarizer.briefing import Briefing, Finding
from summarizer.edition import Edition, EditionSection, StoryUpdate
from summarizer.errors import SettingsError
from summarizer.rendering.atom import ForeignFeed, merge_feed
from summarizer.rendering.chat import (
    DISCORD_CONTENT_CHARS,
    DISCORD_EMBED_CHARS,
    DISCORD_TOTAL_CHARS,
    MAX_DISCORD_EMBEDS,
    SLACK_SECTION_CHARS,
    discord_message,
    slack_message,
)
from summarizer.rendering.email import MAX_HTML_BYTES, TEXT_COLUMNS
from summarizer.rendering.formats import (
    FORMATS,
    find_format,
    formats_by_suffix,
    render_document,
)
from summarizer.rendering.html import service_reading_page
from summarizer.rendering.phrases import subject_line
from summarizer.rendering.view import DocumentKind, RenderOptions, view_page
from tests.editions import edition, note
from tests.rendering.samples import large, seeds, single, snapshots
from tests.rendering.test_audit import draft
from tests.rendering.words import fused, html_page, markdown, stripped


def mail_html(of: Edition) -> str:
    return render_document(of, "email")


def mail_text(of: Edition) -> str:
    return render_document(of, "text")


def atom_entry(of: Edition) -> str:
    return render_document(of, "atom")


FORMS = [each.name for each in FORMATS.values() if "edition" in each.renders]


def shown(of: Edition, form: str) -> str:
    """The edition in a format; words that a format wraps, or escapes in JSON, as they read."""
    text = render_document(of, form, RenderOptions(snapshots()))
    if form in ("slack", "discord"):
        return str(json.loads(text))
    return re.sub(r"\s+", " ", text) if form == "text" else text


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_what_must_be_said(form: str) -> None:
    text = shown(edition(), form).replace("\\", "")
    assert "Incomplete: 2 of 12 sources could not be read." in text
    assert "3 stories left out: 2 unchanged, 1 for want of room." in text
    assert "Xi tells Trump to back down from trade measures" in text
    if form != "json":
        assert re.search("update", text, re.IGNORECASE)
        assert "first reported 5 Jun 2025, in 2 editions so far" in text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["quiet", "failed", "alert"])
def test_every_form_of_an_edition_without_stories(form: str, kind: str) -> None:
    text = shown(note(kind=kind), form).replace("\\", "")
    assert "Nothing new since yesterday." in text
    assert "12 sources: 10 read, 2 failed" in text


def test_stories_stand_under_their_topics_in_order() -> None:
    turned = edition(
        sections=(
            EditionSection(title="Trade", stories=("st-june", "st-none")),
            EditionSection(title="Empty", stories=()),
        )
    )
    chapters = view_page(turned).chapters
    assert [(c.title, [each.headline.text[:9] for each in c.stories]) for c in chapters] == [
        ("Trade", ["Xi tells "]),
        ("", ["Trump tou"]),
    ]
    for form in (mail_text(turned), markdown(turned), html_page(turned)):
        assert form.index("Xi tells Trump to back") < form.index("Trump touts")
        assert "Empty" not in form


@pytest.mark.parametrize(
    ("of", "line"),
    [
        (edition(), "World · 26 Nov 2025: 2 stories, 1 update, incomplete"),
        (edition(kind="full", updates=()), "World · 26 Nov 2025: 2 stories"),
        (note(), "World · 26 Nov 2025: nothing new"),
        (note(kind="failed"), "World · 26 Nov 2025: no edition"),
        (note(kind="alert", title="Alert: World"), "Alert: World"),
    ],
)
def test_a_subject_counts_and_tells_no_story(of: Edition, line: str) -> None:
    assert subject_line(of) == line


def test_no_sentence_of_a_mail_is_without_its_citation() -> None:
    text = re.sub(r"\s+", " ", mail_text(edition()))
    page = mail_html(edition())
    for sentence in seeds().all_sentences():
        assert re.search(re.escape(sentence.text) + r" \[\d+[a-z]?\]", text)
        assert sentence.text.replace("'", "&#39;") in page
    marks = set(re.findall(r"\[(\d+[a-z]?)\]", text))
    shelved = set(re.findall(r"(\d+[a-z]?): “", text))
    assert {mark for mark in marks if not mark.isdigit()} == shelved


def test_a_mail_in_plain_text_has_short_lines() -> None:
    long = [line for line in mail_text(edition()).splitlines() if len(line) > TEXT_COLUMNS]
    assert all(line.strip().startswith("http") for line in long)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_mail_brings_its_style_with_each_element_and_nothing_else() -> None:
    found = _Tags()
    found.feed(mail_html(edition()))
    names = {tag for tag, _ in found.tags}
    assert names.isdisjoint({"style", "script", "img", "link", "iframe", "form", "svg"})
    styled = {"body", "h1", "h2", "h3", "p", "sup", "a"}
    assert all(attributes.get("style") for tag, attributes in found.tags if tag in styled)
    links = [attributes["href"] or "" for tag, attributes in found.tags if tag == "a"]
    assert links
    assert all(link.startswith("https://news.example/") for link in links)


def test_a_large_mail_stays_below_what_clients_cut_off() -> None:
    briefing, _ = large(sentences=70, sources=40)
    whole = mail_html(edition(briefing=briefing, sections=(), updates=()))
    assert len(whole.encode()) <= MAX_HTML_BYTES
    assert "The quoted words are in the plain text" in whole


HOSTILE = (
    "<script>alert(1)</script> <!channel> @everyone <@U1> *bold* [x](http://evil.example)"
    " & `code` \u202e\x1b[31m \ufffe\uffff </entry>"
)


@pytest.mark.parametrize("form", FORMS)
def test_what_an_article_says_stays_text(form: str) -> None:
    briefing = single(HOSTILE, article=HOSTILE, url="https://a.example/", label=HOSTILE)
    of = edition(
        briefing=briefing, title=HOSTILE, first_line=HOSTILE, notes=(HOSTILE,),
        sections=(EditionSection(title=HOSTILE, stories=("st-1",)),),
        updates=(
            StoryUpdate(story="st-1", first=date(2026, 1, 1), last=date(2026, 1, 1), editions=1),
        ),
    )  # fmt: skip
    text = shown(of, form)
    if form in ("html", "email", "atom"):
        assert "<script>alert" not in text
    if form == "atom":
        assert text.count("</entry>") == 1
        assert ET.fromstring(text).tag == "entry"  # noqa: S314 - our own
    if form != "json":
        assert "\u202e" not in text
        assert "\x1b" not in text
    if form == "slack":
        formatted = str(
            [slack_message(view_page(of))["text"], *slack_message(view_page(of))["blocks"][1:]]
        )  # the header is plain
        assert "<!channel>" not in formatted
        assert "<@U1>" not in formatted
    if form == "discord":
        assert discord_message(view_page(of))["allowed_mentions"] == {"parse": []}
        assert "[x](http" not in str(discord_message(view_page(of))["embeds"][0]["description"])


def test_messages_keep_within_the_lengths_of_the_services() -> None:
    for briefing in (seeds(), large()[0], large(sentences=300, sources=60)[0]):
        of = edition(briefing=briefing, sections=(), updates=(), notes=("note " * 200,) * 20)
        message = slack_message(view_page(of))
        assert len(message["blocks"]) <= 50
        assert len(message["blocks"][0]["text"]["text"]) <= 150
        for block in message["blocks"][1:]:
            texts = [block["text"]] if block["type"] == "section" else block["elements"]
            assert all(0 < len(each["text"]) <= SLACK_SECTION_CHARS for each in texts)
        chat = discord_message(view_page(of))
        assert len(chat["content"]) <= DISCORD_CONTENT_CHARS
        assert len(chat["embeds"]) <= MAX_DISCORD_EMBEDS
        sizes = [len(e["description"]) + len(e.get("title", "")) for e in chat["embeds"]]
        assert max(sizes) <= DISCORD_EMBED_CHARS
        assert sum(sizes) <= DISCORD_TOTAL_CHARS
    assert "more stories in the edition itself" in str(chat)


def test_a_feed_is_well_formed_and_whole() -> None:
    held = merge_feed("", atom_entry(edition()), digest="world", title="W & <b>", url=None, keep=5)
    held = merge_feed(
        held, atom_entry(note(id="e-2")), digest="world", title="W & <b>", url=None, keep=5
    )
    root = ET.fromstring(held.encode())  # noqa: S314 - our own
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert root.findtext("a:title", namespaces=space) == "W & <b>"
    for each in (root, *root.findall("a:entry", space)):
        names = {child.tag.partition("}")[2] for child in each}
        assert names >= {"id", "title", "updated"}
        assert (each.findtext("a:id", namespaces=space) or "").startswith("urn:uuid:")
    assert len(root.findall("a:entry", space)) == 2
    assert "display:none" not in held


def test_a_feed_of_somebody_else_is_left_alone() -> None:
    with pytest.raises(ForeignFeed):
        merge_feed("<feed/>", atom_entry(edition()), digest="w", title="w", url=None, keep=5)


BOUND = date(2024, 2, 1)


def bounded() -> Edition:
    """The edition with four of its five sources dated by a bound only, three of them told twice."""
    briefing = seeds()
    sources = [
        each
        if each.id == "s-003"
        else each.model_copy(update={"published": BOUND, "published_from": "text"})
        for each in briefing.sources
    ]
    return edition(briefing=briefing.model_copy(update={"sources": tuple(sources)}))


BRIEFINGS = {
    "brief text": lambda of: render_document(of.briefing, "text"),
    "brief markdown": lambda of: markdown(of.briefing),
    "brief html": lambda of: html_page(of.briefing, snapshots()),
    "service": lambda of: service_reading_page(
        view_page(of, RenderOptions(snapshots())), of.briefing.id
    ),
}


def in_any_form(of: Edition, form: str) -> str:
    return BRIEFINGS[form](of) if form in BRIEFINGS else shown(of, form)


@pytest.mark.parametrize("form", [*FORMS, *BRIEFINGS])
def test_a_bound_is_no_date_and_stands_in_the_list_of_sources_only(form: str) -> None:
    text = re.sub(r"[\s\\]+", " ", in_any_form(bounded(), form))
    if form == "json":
        assert text.count('"published": "2024-02-01", "published_from": "text"') == 4
        assert text.count("2024-02-01") == 4
    else:
        assert text.count("no earlier than 1 Feb 2024") == 4
        assert text.count("1 Feb 2024") == 4
        assert "2024-02" not in text


@pytest.mark.parametrize("form", ["html", "email", "brief html", "service"])
def test_no_words_run_together_where_tags_are_stripped(form: str) -> None:
    page = in_any_form(edition(), form)
    assert not fused(page)
    assert "Sources differ on the wording of a quotation" in re.sub(r"\s+", " ", stripped(page))


KINDS: dict[DocumentKind, Briefing | Edition | DraftAudit] = {
    "briefing": seeds(), "edition": edition(), "audit": draft(),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_written_in_the_formats_of_its_row_and_in_no_other(
    kind: DocumentKind, name: str
) -> None:
    if kind in FORMATS[name].renders:
        assert render_document(KINDS[kind], name).strip()
    else:
        with pytest.raises(SettingsError, match=f"cannot be written as {name}"):
            render_document(KINDS[kind], name)


def test_a_suffix_names_one_format() -> None:
    suffixes = [suffix for each in FORMATS.values() for suffix in each.suffixes]
    assert len(suffixes) == len(set(suffixes))
    for each in FORMATS.values():
        assert each.message or each.suffixes, "a file of this format could not be named"


ROOT = Path(__file__).parents[2]
GUIDES = [
    ROOT / "README.md",
    *(ROOT / "docs").glob("*.md"),
    ROOT / "summarizer/digests/starter.toml",
]
COMMAND = re.compile(r"summarizer (brief|check|digest show)\b[^\n`#|]*")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_formats_that_a_guide_names_are_there(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    names = re.findall(r"\?format=(\w+)", text)
    suffixes = []
    for command in COMMAND.finditer(text):
        names += re.findall(r"--format (\w+)", command[0])
        suffixes += re.findall(r"-o \S+(\.\w+)", command[0])
    assert [name for name in names if find_format(name, "briefing") is None] == []
    assert set(suffixes) <= formats_by_suffix("briefing").keys()


def _three_stories() -> Briefing:
    briefing = seeds()
    third = briefing.stories[1].model_copy(update={"id": "t-third"})
    return briefing.model_copy(update={"stories": (*briefing.stories, third)})


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_three_stories_open_with_a_cited_line_for_each(form: str) -> None:
    briefing = _three_stories()
    text = re.sub(r"\s+", " ", render_document(briefing, form)).replace("\\", "")
    brief, _, rest = text.partition("In brief")[2].partition(briefing.stories[0].sentences[0].text)
    for story in briefing.stories:
        assert story.headline.text[:12] in brief
    assert rest
    assert "In brief" not in render_document(seeds(), form)


@pytest.mark.parametrize("form", [each for each in FORMS if each != "json"])
def test_the_list_of_stories_is_in_every_form_of_an_edition(form: str) -> None:
    listed = edition(briefing=_three_stories(), sections=(), updates=())
    assert "In brief" in shown(listed, form)


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_sources_that_could_not_be_read_are_said_at_the_top(form: str) -> None:
    lost = Finding(kind="unreadable", action="set_aside", text="a.html", detail="HTTP 404")
    short = seeds().model_copy(update={"findings": (lost,)})
    text = re.sub(r"\s+", " ", render_document(short, form))
    banner = f"1 of {short.report.sources_read + 1} sources could not be read."
    assert text.index(banner) < text.index(short.stories[0].sentences[0].text[:20])
