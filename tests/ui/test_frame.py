"""The frame of every page: theme, language, skip link, focus."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/account/login/"
#: Notes the theme at the moment the body comes to be: later would be a flash.
FIRST_THEME = """new MutationObserver((_, observer) => {
  if (!document.body) return;
  window.firstTheme = document.documentElement.dataset.bsTheme;
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_the_systems_from_the_first_moment(open_page: Any, theme: str) -> None:
    page = open_page(theme=theme)
    page.add_init_script(FIRST_THEME)
    page.goto(PAGE)
    assert page.evaluate("window.firstTheme") == theme


def test_a_chosen_theme_stays_and_choosing_the_systems_again_forgets_it(open_page: Any) -> None:
    page = open_page(theme="light")
    page.add_init_script(FIRST_THEME)
    page.goto(PAGE)
    page.get_by_role("button", name="Switch to dark").click()
    page.reload()
    assert page.evaluate("window.firstTheme") == "dark"
    page.get_by_role("button", name="Switch to light").click()
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_the_language_changes_where_one_stands(open_page: Any) -> None:
    page = open_page()
    page.goto(f"{PAGE}?next=/people/")
    page.get_by_role("button", name="日本語").click()
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.url.endswith(f"{PAGE}?next=/people/")
    assert page.get_by_role("button", name="日本語").get_attribute("aria-current") == "true"
    page.get_by_role("button", name="EN").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_first_tab_stop_skips_to_the_content(open_page: Any) -> None:
    page = open_page()
    page.goto("/demo/styleguide/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    assert link.evaluate("element => element === document.activeElement")
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_focus_is_seen_on_every_stop(open_page: Any) -> None:
    page = open_page()
    page.goto("/demo/styleguide/")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen, place = page.evaluate("""() => {
          const at = document.activeElement;
          const shown = at.matches(".tab-input") ? at.nextElementSibling : at;
          const style = getComputedStyle(shown);
          return [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, at.outerHTML.slice(0, 120)];
        }""")
        if not seen and not place.startswith("<body"):  # after the last stop the browser itself has the focus
            unseen.append(place)
    assert unseen == []


def test_tabs_are_moved_through_by_arrow_keys_and_remembered(open_page: Any) -> None:
    page = open_page()
    page.goto("/demo/styleguide/")
    page.locator("#tab-sample-console").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("region", name="AWS CLI").is_visible()
    page.reload()
    assert page.get_by_role("region", name="AWS CLI").is_visible()


def test_the_htmx_of_the_page_can_neither_evaluate_nor_leave_the_origin(open_page: Any) -> None:
    page = open_page()
    page.goto(PAGE)
    config = page.evaluate("({...htmx.config})")
    assert (config["allowEval"], config["allowScriptTags"], config["includeIndicatorStyles"]) == (False,) * 3
    assert config["selfRequestsOnly"] is True
    assert config["historyCacheSize"] == 0
