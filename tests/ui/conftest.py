"""What tests of the look share: axe, and pages made up on the spot that load the portal's own scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """Tells what axe finds on a page, every rule included: "rule: element" for each place."""
    axe = Axe()
    options = {"rules": {"target-size": {"enabled": True}}}  # of WCAG 2.2, off by default

    def found(page: Page) -> list[str]:
        page.wait_for_load_state("load")
        answer = axe.run(page, options=options).response
        assert answer["passes"], "axe looked at nothing"
        return [f"{each['id']}: {node['html'][:160]}" for each in answer["violations"] for node in each["nodes"]]

    return found


@pytest.fixture
def made_up_page(open_page: Any) -> Callable[[str, str], Page]:
    """Opens /made-up/ with the given markup and one script of static/js, on the portal's origin."""

    def opened(markup: str, script: str) -> Page:
        page = open_page()
        html = (
            "<!doctype html><html lang='en'><head><title>made up</title><link rel='icon' href='data:,'>"
            f"<script src='/static/js/{script}' defer></script></head><body>{markup}</body></html>"
        )
        page.route("**/made-up/**", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/made-up/")
        return page

    return opened
