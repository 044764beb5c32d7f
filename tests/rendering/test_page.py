"""The reading page in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import launch
from tests.rendering import samples
from tests.rendering.words import fused, html_page

ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"
DESK: ViewportSize = {"width": 1360, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as running:
        yield running


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "seeds.html"
    file.write_text(html_page(samples.seeds(), samples.snapshots()), encoding="utf-8")
    return file.as_uri()


class Watched:
    """A page with everything it asked for or complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    def shown(self) -> str:
        return "".join(self.page.locator("#passage mark.shown").all_text_contents())


@pytest.fixture
def desk(browser: Browser, seeds: str) -> Iterator[Watched]:
    context = browser.new_context(viewport=DESK, color_scheme="light")
    watched = Watched(context.new_page())
    watched.page.goto(seeds)
    yield watched
    assert watched.complaints == []
    assert len(watched.requests) == 1
    context.close()


def shoot(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


@pytest.mark.parametrize("key", ["ArrowDown", "j"])
def test_a_key_leads_to_a_sentence_and_its_words_in_context(desk: Watched, key: str) -> None:
    desk.page.keyboard.press(key)
    current = desk.page.locator(".sentence[aria-current]")
    assert "Xi told Trump that Taiwan’s return" in (current.text_content() or "")
    assert desk.shown() == samples.ELEMENT[1]
    assert desk.page.locator("#passage mark.shown").first.is_visible()
    assert "the news agency reported" in desk.page.locator("#passage").inner_text()
    shoot(desk.page, "light")


def test_keys_go_through_the_quotations_of_a_sentence_and_round(desk: Watched) -> None:
    desk.page.keyboard.press("j")
    seen = []
    for _ in range(4):
        seen.append(desk.shown())
        desk.page.keyboard.press("ArrowRight")
    assert seen == [samples.ELEMENT[1], samples.COMPONENT[1], samples.RETURN[1], samples.CORE[1]]
    assert desk.shown() == seen[0]
    desk.page.keyboard.press("ArrowLeft")
    assert desk.shown() == seen[-1]


def test_chips_name_the_sources_and_switch_between_them(desk: Watched) -> None:
    desk.page.keyboard.press("j")
    chips = desk.page.locator("#chips button")
    assert [chip.split("\n")[1] for chip in chips.all_inner_texts()] == [
        "UNN",
        "Xi and Trump speak by phone",
        "Reuters",
        "Edaily",
    ]
    chips.nth(2).click()
    assert desk.shown() == samples.RETURN[1]
    assert chips.nth(2).get_attribute("aria-pressed") == "true"
    link = desk.page.locator("#passage a.out").get_attribute("href") or ""
    assert link.startswith("https://news.example/world/xi-trump-call?id=7&lang=en#:~:text=Taiwan")


def test_chips_and_the_pane_show_no_date_that_is_only_a_bound(desk: Watched) -> None:
    desk.page.keyboard.press("j")
    assert "no earlier than 25 Nov 2025" in desk.page.locator(".sources").inner_text()
    chips, pane = desk.page.locator("#chips button"), desk.page.locator("#pane")
    assert "2025" not in chips.nth(0).inner_text()
    assert "2025" in chips.nth(2).inner_text()
    assert "no earlier than" not in pane.inner_text()
    assert "UNN" in pane.inner_text()


def test_a_click_on_a_number_shows_those_words(desk: Watched) -> None:
    desk.page.locator(".marks a", has_text="4c").click()
    assert desk.shown() == "Secretary of Commerce Howard Rutnik"


def test_the_announcement_for_screen_readers_says_source_and_words(desk: Watched) -> None:
    desk.page.keyboard.press("j")
    status = desk.page.locator("[role=status]").text_content() or ""
    assert "Quotation 1 of 4, 3 independent origins" in status
    assert f"UNN: {samples.ELEMENT[1]}" in status


def test_a_permalink_opens_at_its_sentence(desk: Watched) -> None:
    for _ in range(3):
        desk.page.keyboard.press("j")
    address, words = desk.page.evaluate("location.href"), desk.shown()
    assert address.endswith("#t4")
    desk.requests.clear()
    desk.page.goto("about:blank")
    desk.requests.clear()
    desk.page.goto(address)
    assert desk.shown() == words


def test_the_tab_key_reaches_the_words_and_focus_is_seen(desk: Watched) -> None:
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    focused = desk.page.locator(":focus")
    assert focused.text_content() == "1a"
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    desk.page.keyboard.press("Enter")
    assert desk.shown().startswith("President Donald Trump touted")


def test_light_and_dark_follow_the_system_and_the_button(browser: Browser, seeds: str) -> None:
    context = browser.new_context(viewport=DESK, color_scheme="dark")
    page = context.new_page()
    page.goto(seeds)
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    shoot(page, "dark")
    page.locator("#theme").click()
    light = page.evaluate(paper)
    page.reload()
    assert dark == "rgb(23, 24, 27)"
    assert light == page.evaluate(paper) == "rgb(251, 250, 246)"
    context.close()


def test_the_theme_button_works_where_storage_is_refused(browser: Browser, seeds: str) -> None:
    context = browser.new_context(viewport=DESK, color_scheme="light")
    watched = Watched(context.new_page())
    watched.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })"
    )
    watched.page.goto(seeds)
    watched.page.locator("#theme").click()
    assert watched.page.locator("html").get_attribute("data-theme") == "dark"
    assert watched.complaints == []
    context.close()


def test_a_phone_shows_the_passage_below_and_never_scrolls_sideways(
    browser: Browser, seeds: str
) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    watched = Watched(context.new_page())
    watched.page.goto(seeds)
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not watched.page.locator("#pane").is_visible()
    assert not watched.page.evaluate(wide)
    watched.page.locator("#t2").tap(position={"x": 30, "y": 8})
    assert watched.shown() == samples.ELEMENT[1]
    assert watched.page.locator("#passage mark.shown").first.is_visible()
    assert not watched.page.evaluate(wide)
    shoot(watched.page, "phone")
    watched.page.locator("#close").tap()
    assert not watched.page.locator("#pane").is_visible()
    context.close()


def test_a_sentence_of_many_citations_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    briefing = samples.seeds()
    every = tuple(citation for told in briefing.all_sentences() for citation in told.citations)
    story = briefing.stories[0]
    told = story.headline.model_copy(update={"citations": every * 2})
    stories = (story.model_copy(update={"headline": told}), *briefing.stories[1:])
    file = tmp_path / "many.html"
    file.write_text(html_page(briefing.model_copy(update={"stories": stories})), "utf-8")
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(file.as_uri())
    page.keyboard.press("j")
    assert page.locator("#t1 .marks a").count() == len(set(every))
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()


def test_without_script_the_footnotes_are_there(browser: Browser, seeds: str) -> None:
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(seeds)
    page.locator("#t2 .marks a").first.click()
    assert page.url.endswith("#n2a")
    assert page.locator("#n2a q").inner_text() == samples.ELEMENT[1]
    assert page.locator("#n2a").is_visible()
    assert not page.locator("#pane").is_visible()
    page.locator("#n2a a", has_text="in context").click()
    assert page.locator("mark:target").inner_text() == samples.ELEMENT[1]
    shoot(page, "no-script")
    context.close()


def test_print_carries_the_footnotes_and_not_the_pane(desk: Watched) -> None:
    desk.page.emulate_media(media="print", color_scheme="dark")
    assert desk.page.locator("#n2a q").is_visible()
    assert not desk.page.locator("#pane").is_visible()
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert desk.page.evaluate(paper) == "rgb(255, 255, 255)"
    shoot(desk.page, "print")


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "</style></title><svg onload=alert(1)>",
    "{{7*7}}{% raw %}",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<!-- --><iframe src=javascript:alert(1)>",
]


def test_hostile_articles_run_nothing(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport=DESK)
    watched = Watched(context.new_page())
    for at, text in enumerate(HOSTILE):
        file = tmp_path / f"{at}.html"
        briefing = samples.single(
            text, article=f"{text}\n{text} 2", url="javascript:alert(1)", label=text, title=text
        )
        file.write_text(html_page(briefing, {"s-1": f"{text}\n{text} 2"}), encoding="utf-8")
        watched.page.goto(file.as_uri())
        watched.page.keyboard.press("j")
        watched.page.locator("summary").click()
        assert watched.page.locator("h1").inner_text() == text
        assert watched.shown().split() == f"{text} {text} 2".split()
        assert watched.page.locator("img, svg, iframe, [href^=javascript]").count() == 0
    assert watched.complaints == []
    assert len(watched.requests) == len(HOSTILE)
    context.close()


def test_the_large_page_answers_keys_at_once(browser: Browser, tmp_path: Path) -> None:
    briefing, texts = samples.large()
    file = tmp_path / "large.html"
    file.write_text(html_page(briefing, texts), encoding="utf-8")
    context = browser.new_context(viewport=DESK)
    watched = Watched(context.new_page())
    watched.page.goto(file.as_uri())
    for _ in range(50):
        watched.page.keyboard.press("j")
    assert watched.page.locator("#t51[aria-current]").count() == 1
    top = watched.page.locator("#t51").bounding_box()
    assert top is not None
    assert 0 <= top["y"] < DESK["height"]
    assert watched.complaints == []
    context.close()


def test_no_words_run_together_for_whoever_hears_or_copies_the_page(desk: Watched) -> None:
    shown = desk.page.locator("body")
    assert "Sources differ on the wording of a quotation" in shown.inner_text()
    for key in ("j", "j", "ArrowRight"):
        desk.page.keyboard.press(key)
        page = desk.page.content()
        assert not fused(page)
        assert not fused(page, shown.inner_text())
