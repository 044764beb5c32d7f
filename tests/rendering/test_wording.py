import re
from datetime import date

import pytest

from summarizer.briefings import Action, Finding, FindingKind
from summarizer.rendering import html, markdown, terminal, wording
from summarizer.rendering.references import number
from tests.rendering import samples


def finding(kind: FindingKind, action: Action) -> Finding:
    return Finding(kind=kind, action=action, text="t", detail="d")


def test_findings_are_counted_by_what_was_done_and_why() -> None:
    findings = [
        finding("number", "dropped"),
        finding("furniture", "set aside"),
        finding("name", "dropped"),
        finding("number", "dropped"),
    ]
    assert wording.aside(findings) == "3 dropped (2 number, 1 name) · 1 set aside (furniture)"


@pytest.mark.parametrize("kind", ["furniture", "unreadable", "duplicate", "unused"])
def test_what_concerns_a_source_is_no_dropped_sentence(kind: FindingKind) -> None:
    assert not wording.dropped(finding(kind, "set aside"))
    assert wording.dropped(finding("negation", "dropped"))


def test_the_masthead_spans_the_stories_dates() -> None:
    briefing = samples.seeds()
    assert wording.masthead(briefing, number(briefing).sources) == (
        "5 Jun 2025 – 24 Nov 2025 · 5 sources · 4 independent origins · 9 sentences"
    )


def test_one_undated_story_needs_no_date() -> None:
    briefing = samples.single("Only this.")
    told = wording.masthead(briefing, number(briefing).sources)
    assert told == "1 source · 1 independent origin · 2 sentences"


def test_a_date_says_where_it_was_found_unless_the_page_gave_it() -> None:
    source = samples.source("003")
    assert wording.published(source) == "24 Nov 2025"
    assert wording.published(source.model_copy(update={"published": None})) == "undated"
    dated = source.model_copy(update={"published": date(2026, 1, 2), "published_from": "text"})
    assert wording.published(dated) == "no earlier than 2 Jan 2026"


def test_the_report_leaves_out_what_was_not_measured() -> None:
    told = wording.report(samples.single("Only this.").report)
    assert told == "2 of 2 sentences supported · 1 of 1 fact told · 1 of 1 source cited · no model"


def test_the_report_counts_calls_and_cost() -> None:
    numbers = samples.seeds().report.model_copy(
        update={"model_calls": 3, "cached_calls": 2, "cost_usd": 0.01234}
    )
    assert wording.report(numbers).endswith("3 model calls and 2 cached, $0.0123")


def test_the_writer_is_named() -> None:
    assert "without a model" in wording.authorship("extractive")
    assert wording.authorship("anthropic/claude\x1b") == "Written by anthropic/claude"


def test_an_update_is_told_as_one_and_not_as_a_difference() -> None:
    seeds = samples.seeds()
    story = seeds.stories[0]
    later = story.disagreements[0].model_copy(update={"about": "a figure", "update": True})
    updated = story.model_copy(update={"disagreements": (later,)})
    briefing = seeds.model_copy(update={"stories": (updated, *seeds.stories[1:])})
    shown = [
        terminal.render(briefing, color=False),
        markdown.render(briefing),
        html.render(briefing),
    ]
    for page in shown:
        said = re.sub(r"[*\s]+", " ", re.sub(r"<[^>]+>", "", page))
        assert "Later reports update a figure" in said
        assert "Sources differ" not in said
