"""The service in a real browser: made, watched, read, followed, cancelled, and never owned."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from summarizer.store import jobs
from tests.articles import SEEDS
from tests.browser import launch
from tests.rendering import samples
from tests.rendering.words import fused
from tests.web.served import Served, seeds
from tests.web.test_pages import HOSTILE

ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"
DESK: ViewportSize = {"width": 1360, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser(at: Served) -> Iterator[Browser]:  # noqa: ARG001 - the service is to start first
    with launch() as running:
        yield running


@pytest.fixture
def page(browser: Browser, at: Served) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, base_url=at.base, color_scheme="light")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(f"{message.text} {message.location}"))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield opened
    assert complaints == []
    context.close()


@pytest.fixture(scope="module")
def told(at: Served) -> str:
    return at.briefing(texts=seeds(), words=250)


def shoot(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"service-{name}.png")


def barriers(page: Page) -> list[str]:
    """What axe-core finds, trifles aside."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] != "minor"]


def test_made_from_files_watched_and_read(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="New briefing").click()
    page.get_by_label("Files").set_input_files(sorted(SEEDS.glob("*.txt")))
    page.get_by_role("button", name="One more text").click()
    assert page.get_by_label("Text of an article").count() == 2
    shoot(page, "new")
    page.get_by_role("button", name="Write it").click()
    page.wait_for_url("**/briefings/b-*")
    page.keyboard.press("j")
    expect(page.locator("#passage mark.shown").first).to_be_visible()
    assert page.url.rpartition("#")[2] == "t2"
    shoot(page, "read")


def test_a_citation_is_followed_with_the_keyboard_alone(page: Page, told: str) -> None:
    page.goto(f"/briefings/{told}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".sentence[aria-current]")
    assert chosen.count() == 1
    assert "Quotation 1 of" in (page.locator("#status").text_content() or "")
    words = page.locator("#passage mark.shown").first.text_content()
    page.reload()
    expect(page.locator("#passage mark.shown").first).to_have_text(words or "-")


def test_the_markdown_is_copied_with_its_citations(browser: Browser, at: Served, told: str) -> None:
    context = browser.new_context(
        base_url=at.base, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"/briefings/{told}")
    page.get_by_role("link", name="Copy as Markdown").click()
    expect(page.locator("#copied")).to_have_text("Copied, with its citations.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == at.client.get(f"/api/v1/briefings/{told}?format=markdown").text
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/new", "/briefings/{told}", "/api", "/login", "/nowhere"])
def test_axe_finds_nothing_serious(
    browser: Browser, at: Served, told: str, path: str, scheme: Any
) -> None:
    context = browser.new_context(base_url=at.base, viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    page.goto(path.format(told=told))
    assert barriers(page) == []
    if scheme == "dark":
        shoot(page, f"dark{path.format(told='').replace('/', '-').rstrip('-')}")
    context.close()


@pytest.mark.parametrize("path", ["/", "/new", "/briefings/{told}", "/api"])
def test_it_fits_a_phone(browser: Browser, at: Served, told: str, path: str) -> None:
    context = browser.new_context(base_url=at.base, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(path.format(told=told))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    if "told" in path:
        tapped = page.locator(".sentence").nth(2)
        tapped.tap()
        expect(page.locator("#passage mark.shown").first).to_be_visible()
        above, below = tapped.bounding_box(), page.locator("#pane").bounding_box()
        assert above
        assert below
        assert above["y"] + above["height"] <= below["y"]
    shoot(page, f"phone{path.format(told='').replace('/', '-').rstrip('-')}")
    context.close()


def test_without_a_script_it_is_all_there(browser: Browser, at: Served, told: str) -> None:
    context = browser.new_context(base_url=at.base, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/briefings/{told}")
    mark = page.locator(".marks a").nth(1)
    mark.click()
    target = page.url.rpartition("#")[2]
    expect(page.locator(f"#{target} q")).to_be_visible()
    page.goto("/new")
    page.get_by_label("Text of an article").fill(seeds()[0]["text"])
    page.get_by_role("button", name="Write it").click()
    link = page.get_by_role("link", name="Read the briefing")
    link.wait_for(timeout=15_000)
    link.click()
    assert page.locator(".sentence").count() > 1
    context.close()


def test_no_hostile_article_runs_anything(page: Page, at: Served) -> None:
    for number, attack in enumerate(HOSTILE.values()):
        article = f"{attack}\n{attack} 2"
        sample = samples.single(
            attack, article=article, url="javascript:document.title='owned'", label=attack
        )
        briefing = sample.model_copy(update={"id": f"b-{number:012x}", "title": attack})
        jobs.save_briefing(at.service.database, briefing, briefing.created)
        page.goto(f"/briefings/{briefing.id}")
        page.eval_on_selector_all(".sentence", "all => all.forEach((one) => one.click())")
        page.keyboard.press("j")
        assert ran(page) == []
    job = at.ask(urls=["http://127.0.0.1/<script>document.title='owned'</script>"])
    # A job's page leaves for the briefing by itself, so no other page is opened before it has.
    page.goto(f"/jobs/{job}")
    page.wait_for_url("**/briefings/*")
    assert ran(page) == []
    for path in ("/", f"/jobs/{job}", "/?query=<script>document.title='owned'</script>"):
        page.goto(path)
        assert ran(page) == []


def ran(page: Page) -> list[str]:
    """What of an attack took effect: the title as it is not ours, elements that we never make."""
    title = page.title()
    made = page.locator("main :is(script, img, svg, iframe, [href^=javascript])").all()
    foreign = [] if title.endswith("· summarizer") else [title]
    return [*foreign, *(one.evaluate("each => each.outerHTML") for one in made)]


@pytest.mark.parametrize("path", ["/", "/?query=nothing", "/new", "/api", "/briefings/{told}"])
def test_no_words_run_together(page: Page, told: str, path: str) -> None:
    page.goto(path.format(told=told))
    assert not fused(page.content())
    assert not fused(page.content(), page.locator("body").inner_text())


def test_no_words_run_together_while_a_briefing_is_written(page: Page, at: Served) -> None:
    page.goto(f"/jobs/{at.ask(texts=seeds())}")
    page.wait_for_url("**/briefings/*")
    assert not fused(page.content())
