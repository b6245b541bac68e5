"""The style guide shows every component; what holds there holds on the pages that compose them."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "size"), [("en", "desktop"), ("ja", "phone"), ("en", "wide")])
def test_axe_finds_nothing(open_page: Any, violations: Any, theme: str, language: str, size: str) -> None:
    page = open_page(theme=theme, language=language, size=size)
    page.goto("/demo/styleguide/")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1920])
def test_nothing_sticks_out_sideways(open_page: Any, width: int) -> None:
    page = open_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/demo/styleguide/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("tab", ["AWS CLI", "Terraform"])
def test_every_tab_is_sound_for_axe(open_page: Any, violations: Any, tab: str) -> None:
    page = open_page(theme="dark")
    page.goto("/demo/styleguide/")
    page.locator(".tab-label", has_text=tab).click()
    assert page.get_by_role("region", name=tab).is_visible()
    assert violations(page) == []


def test_it_works_without_javascript(open_page: Any) -> None:
    page = open_page(javascript=False)
    page.goto("/demo/styleguide/")
    assert page.get_by_role("region", name="AWS CLI").is_hidden()
    page.locator(".tab-label", has_text="AWS CLI").click()
    assert page.get_by_role("region", name="AWS CLI").is_visible()
    assert page.locator(".check-mark").first.is_hidden()
    assert page.locator(".copy-button").first.is_hidden()
    assert page.locator("[data-theme-switch]").is_hidden()


def test_every_icon_is_drawn(open_page: Any) -> None:
    page = open_page()
    page.goto("/demo/styleguide/")
    page.wait_for_load_state("networkidle")
    empty = page.locator("svg.icon:visible").evaluate_all(
        "icons => icons.filter(icon => icon.getBBox().width === 0).map(icon => icon.outerHTML)"
    )
    assert empty == []
    assert page.locator("svg.icon:visible").count() > 20
