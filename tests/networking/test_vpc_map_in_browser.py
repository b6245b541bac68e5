"""The map of a VPC in Chromium: strict content policy, both languages and themes, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Page

from tests.networking.map_scenes import SCENES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """{% extends "base.html" %}{% load i18n static %}{% block title %}map{% endblock %}
{% block head %}<link rel="stylesheet" href="{% static 'css/vpc_map.css' %}">{% endblock %}
{% block content %}<h1>{{ map.network.vpc_id }}</h1><section class="card"><div class="card-body">
{% include "networking/_vpc_map.html" %}</div></section>{% endblock %}"""


def show(request: HttpRequest, name: str) -> HttpResponse:
    """A page with nothing but the map of a scene."""
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"map": SCENES[name]().map()}, request))


urlpatterns = [path("map/<str:name>/", show), path("", include("portal.urls"))]


@pytest.fixture(autouse=True)
def map_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """Tells what axe finds on a page: "rule: element" for each place."""
    axe = Axe()

    def found(page: Page) -> list[str]:
        answer = axe.run(page, options={"rules": {"target-size": {"enabled": True}}}).response
        assert answer["passes"], "axe looked at nothing"
        return [f"{each['id']}: {node['html'][:160]}" for each in answer["violations"] for node in each["nodes"]]

    return found


LOOKS = (
    ("faulty", "en", "light", "desktop"),
    ("faulty", "en", "dark", "desktop"),
    ("faulty", "ja", "light", "phone"),
    ("blind", "en", "light", "desktop"),
    ("blind", "ja", "dark", "phone"),
)


@pytest.mark.parametrize(("name", "language", "theme", "size"), LOOKS)
def test_axe_finds_nothing(
    open_page: Any, violations: Callable[[Page], list[str]], name: str, language: str, theme: str, size: str
) -> None:
    page = open_page(language=language, theme=theme, size=size)
    page.goto(f"/map/{name}/")
    page.locator(".vpc-map-words summary").click()
    assert violations(page) == []


@pytest.mark.parametrize("name", ["faulty", "tangled", "crowd"])
def test_a_phone_scrolls_the_picture_and_not_the_page(open_page: Any, name: str) -> None:
    page = open_page(size="phone")
    page.goto(f"/map/{name}/")
    page.locator(".vpc-map-words summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    region = page.get_by_role("region", name="Map of the VPC")
    region.evaluate("element => { element.scrollLeft = element.scrollWidth }")
    assert region.evaluate("element => element.scrollLeft") > 100
    assert region.evaluate("element => element.tabIndex") == 0
    assert region.locator("text").first.evaluate("text => parseFloat(getComputedStyle(text).fontSize)") >= 9


#: What is wider than its box, in the letters that the browser really drew.
OUTSIDE = """groups => groups.flatMap(group => {
  const box = group.querySelector("rect").getBBox();
  const leaves = text => text.getBBox().x + text.getBBox().width > box.x + box.width - 2;
  return [...group.querySelectorAll("text")].filter(leaves).map(text => text.textContent);
})"""


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_letter_leaves_its_box(open_page: Any, language: str) -> None:
    """The estimates of the server against the letters of a real browser."""
    page = open_page(language=language)
    for name in SCENES:
        page.goto(f"/map/{name}/")
        assert page.locator("svg.vpc-map-picture > g:has(> rect)").evaluate_all(OUTSIDE) == [], name
        assert page.locator("svg.vpc-map-picture text").count() > 3


def test_the_words_can_be_read_without_script(open_page: Any) -> None:
    page = open_page(javascript=False)
    page.goto("/map/faulty/")
    page.locator(".vpc-map-words summary").click()
    assert page.get_by_role("table").get_by_text("private-c-inherits").is_visible()
    assert page.get_by_role("img", name="Map of vpc-").is_visible()
