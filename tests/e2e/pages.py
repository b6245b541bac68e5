"""What the end-to-end tests ask of a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def axe_violations(page: Page) -> list[str]:
    """What axe finds, as `rule: element`."""
    answer: dict[str, Any] = Axe().run(page).response
    assert answer["passes"], "axe looked at nothing"
    return [f"{found['id']}: {node['html'][:160]}" for found in answer["violations"] for node in found["nodes"]]


def sound(page: Page) -> None:
    """Raises AssertionError that names what axe finds."""
    found = axe_violations(page)
    assert not found, found
