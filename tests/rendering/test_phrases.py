import re
from datetime import date
from html import unescape

import pytest

from summarizer.briefing import Finding, FindingAction, FindingKind
from summarizer.rendering import phrases
from summarizer.rendering.formats import FORMATS, render_document
from tests.editions import edition
from tests.rendering import samples


def finding(kind: FindingKind, action: FindingAction) -> Finding:
    return Finding(kind=kind, action=action, text="t", detail="d")


def test_findings_are_counted_by_what_was_done_and_why() -> None:
    findings = [
        finding("number", "dropped"),
        finding("boilerplate", "set_aside"),
        finding("name", "dropped"),
        finding("number", "dropped"),
    ]
    assert (
        phrases.findings_summary(findings)
        == "3 dropped (2 number, 1 name) · 1 set aside (boilerplate)"
    )


@pytest.mark.parametrize("kind", ["boilerplate", "unreadable", "duplicate", "unused"])
def test_what_concerns_a_source_is_no_dropped_sentence(kind: FindingKind) -> None:
    assert not phrases.concerns_sentence(finding(kind, "set_aside"))
    assert phrases.concerns_sentence(finding("negation", "dropped"))


def test_the_masthead_ends_with_the_newest_source() -> None:
    briefing = samples.seeds()
    assert phrases.masthead(briefing) == (
        "5 Jun 2025 – 25 Nov 2025 · 5 sources · 4 independent origins · 9 sentences"
    )


def test_one_undated_story_needs_no_date() -> None:
    briefing = samples.single("Only this.")
    told = phrases.masthead(briefing)
    assert told == "1 source · 1 independent origin · 2 sentences"


def test_a_date_says_where_it_was_found_unless_the_page_gave_it() -> None:
    source = samples.source("003")
    assert phrases.publication_note(source) == "24 Nov 2025"
    assert phrases.publication_note(source.model_copy(update={"published": None})) == "undated"
    dated = source.model_copy(update={"published": date(2026, 1, 2), "published_from": "text"})
    assert phrases.publication_note(dated) == "no earlier than 2 Jan 2026"


def test_the_report_leaves_out_what_was_not_measured() -> None:
    told = phrases.report_line(samples.single("Only this."))
    assert told == (
        "2 of 2 sentences supported · 0 of 1 fact left out · 1 of 1 source cited · 1 undated · "
        "no model"
    )


def test_the_report_says_what_a_reader_does_not_get() -> None:
    seeds = samples.seeds()
    findings = [
        Finding(kind=kind, action="set_aside", text="a.html", detail="why")
        for kind in ("unreadable", "unreadable", "unused")
    ]
    sources = tuple(each.model_copy(update={"published": None}) for each in seeds.sources)
    short = seeds.model_copy(update={"findings": tuple(findings), "sources": sources})
    line = phrases.report_line(short)
    assert f"{len(sources)} undated · 2 not read · 1 not used" in line
    read = seeds.report.sources_read
    assert phrases.unread_line(short) == f"2 of {read + 2} sources could not be read."
    assert phrases.unread_line(seeds) == ""


def test_the_report_counts_calls_and_cost() -> None:
    numbers = samples.seeds().report.model_copy(
        update={"model_calls": 3, "cached_calls": 2, "cost_usd": 0.01234}
    )
    told = samples.seeds().model_copy(update={"report": numbers})
    assert phrases.report_line(told).endswith("3 model calls and 2 cached, $0.0123")


def test_the_writer_is_named() -> None:
    assert "without a model" in phrases.authorship("extractive")
    assert phrases.authorship("anthropic/claude\x1b") == "Written by anthropic/claude"


@pytest.mark.parametrize(
    ("update", "lead", "other_lead"),
    [
        (True, "Later reports update", "Sources differ"),
        (False, "Sources differ on", "Later reports"),
    ],
)
def test_every_format_tells_an_update_from_a_difference(
    update: bool, lead: str, other_lead: str
) -> None:
    seeds = samples.seeds()
    story = seeds.stories[0]
    block = story.disagreements[0].model_copy(update={"topic": "a figure", "update": update})
    changed = story.model_copy(update={"disagreements": (block,)})
    briefing = seeds.model_copy(update={"stories": (changed, *seeds.stories[1:])})
    shown = [
        render_document(document, each.name)
        for kind, document in (("briefing", briefing), ("edition", edition(briefing=briefing)))
        for each in FORMATS.values()
        if kind in each.renders and "json" not in each.name
    ]
    assert len(shown) == 10
    for page in shown:
        said = re.sub(r"[*\s]+", " ", re.sub(r"<[^>]+>", "", unescape(page)))
        assert f"{lead} a figure" in said
        assert other_lead not in said


def test_the_report_counts_disagreements_and_updates_apart() -> None:
    seeds = samples.seeds()
    numbers = seeds.report.model_copy(update={"disagreements": 1, "updates": 2})
    counted = seeds.model_copy(update={"report": numbers})
    assert "1 disagreement · 2 updates" in phrases.report_line(counted)


def test_another_spelling_of_a_name_is_beside_its_source_in_every_format() -> None:
    seeds = samples.seeds()
    note = Finding(
        kind="spelling",
        action="kept",
        text="Rutnik",
        detail="other sources write Lutnick",
        source=seeds.sources[0].id,
    )
    briefing = seeds.model_copy(update={"findings": (note,)})
    for each in FORMATS.values():
        if "briefing" in each.renders and "json" not in each.name:
            page = unescape(render_document(briefing, each.name))
            said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
            assert "writes “Rutnik” (other sources write Lutnick)" in said, each.name
