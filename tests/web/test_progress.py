"""A job that takes its time, watched in a real browser."""

import threading
from pathlib import Path

from playwright.sync_api import expect

from summarizer.web.service import ServiceConfig
from tests.browser import launch
from tests.web.served import seeds, served
from tests.web.test_browser import DESK, barriers, shoot
from tests.web.test_stream import Gate


def test_progress_survives_a_reload_and_can_be_cancelled(tmp_path: Path) -> None:
    gate = Gate()
    with (
        served(tmp_path, ServiceConfig(), chain_opener=gate.chain_opener) as slow,
        launch() as browser,
    ):
        page = browser.new_context(base_url=slow.base, viewport=DESK).new_page()
        page.goto("/new")
        page.get_by_label("Text of an article").fill(seeds()[0]["text"])
        page.get_by_role("button", name="Write it").click()
        expect(page.locator("#steps li").first).to_be_visible()
        expect(page.locator("#state")).to_have_text("running")
        before = page.locator("#steps li").all_text_contents()
        page.reload()
        after = page.locator("#steps li").all_text_contents()
        assert after[: len(before)] == before
        assert len(after) == len(set(after))
        assert barriers(page) == []
        shoot(page, "job")
        page.get_by_role("button", name="Cancel").click()
        threading.Timer(1.2, gate.open.set).start()
        expect(page.locator("#state")).to_have_text("cancelled", timeout=10_000)
        expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
        page.context.close()
