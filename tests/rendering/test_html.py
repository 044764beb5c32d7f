import re
from base64 import b64encode
from hashlib import sha256
from time import process_time

import pytest

from tests.rendering import samples
from tests.rendering.words import html_page


@pytest.fixture(scope="module")
def page() -> str:
    return html_page(samples.seeds(), samples.snapshots())


def test_the_policy_names_the_very_blocks_of_the_page(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    for tag in ("style", "script"):
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(sha256(blocks[0].encode()).digest()).decode()
        assert len(blocks) == 1
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;;")


def test_the_page_asks_for_nothing(page: str) -> None:
    assert not re.search(r"""<(link|img|iframe|object|embed|base)|\ssrc=|url\(|@import""", page)
    assert not re.search(r"""\s(style|on[a-z]+)=""", page)


def test_every_anchor_has_its_target(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_an_article_at_hand_gives_wider_context_than_the_chunk(page: str) -> None:
    beside = "China is locked in its biggest diplomatic crisis for years"
    assert beside in page
    assert beside not in html_page(samples.seeds())


def test_a_text_that_changed_since_is_no_context() -> None:
    changed = {key: f"CHANGED {text}" for key, text in samples.snapshots().items()}
    assert html_page(samples.seeds(), changed) == html_page(samples.seeds())


def test_sentences_of_several_origins_and_doubtful_ones_are_marked(page: str) -> None:
    assert 'title="3 independent origins">×3<' in page
    assert ">unverified<" in page


def test_what_was_dropped_comes_before_what_was_set_aside(page: str) -> None:
    findings = page[page.index("<details>") :]
    dropped = findings.index("The two leaders spoke for more than two hours.")
    assert dropped < findings.index("Photo: Reuters")


def test_a_page_of_100_sentences_and_40_sources_is_at_most_300_kb() -> None:
    briefing, texts = samples.large()
    assert len(html_page(briefing, texts).encode()) <= 300_000


def test_findings_without_end_do_not_swell_the_page() -> None:
    briefing = samples.seeds()
    many = briefing.model_copy(update={"findings": briefing.findings * 1000})
    shown = html_page(many)
    assert len(shown) < 200_000
    assert "6,900 more findings" in shown


def test_endless_white_space_is_laid_out_in_linear_time() -> None:
    started = process_time()
    html_page(samples.single("Words.", article="Words." + " " * 200_000 + "\n" * 200_000 + "x"))
    assert process_time() - started < 5


def test_a_page_is_the_same_twice(page: str) -> None:
    assert html_page(samples.seeds(), samples.snapshots()) == page
