"""Private access in Chromium: name, probe, removal without and with JavaScript; the path drawn; axe, phone and dark."""

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Page, expect

from networking.maps.peering_path import peering_path
from networking.models import Peering
from networking.peering.standing import standing_of
from tests.networking.peered import TARGET_TABLES, accepter, group, record, requester, unrouted
from tests.networking.private_access.scenes import PRIVATE, PUBLIC, address, connected, prove, result
from tests.onboarding.infrastructure.test_infrastructure_in_browser import violations
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """{% extends "base.html" %}{% load i18n static %}{% block title %}path{% endblock %}
{% block head %}<link rel="stylesheet" href="{% static 'css/peering_path.css' %}">{% endblock %}
{% block content %}<h1>The path</h1><section class="card card-body"><h2>The way of your queries</h2>
{% include "networking/_peering_path.html" %}</section>{% endblock %}"""


def show_path(request: HttpRequest, peering_id: str) -> HttpResponse:
    """A page with nothing but the path of a peering."""
    standing = standing_of(Peering.objects.get(pk=peering_id))
    return HttpResponse(engines["django"].from_string(PAGE).render({"path": peering_path(standing)}, request))


urlpatterns = [path("path/<str:peering_id>/", show_path), path("", include("portal.urls"))]


@pytest.fixture(autouse=True)
def path_page(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(
    ("language", "theme", "size", "javascript"), [("en", "light", "desktop", True), ("ja", "dark", "phone", False)]
)
def test_from_the_public_name_to_a_request_for_private_only(
    open_page: Any, people: People, language: str, theme: str, size: str, javascript: bool
) -> None:
    peering = connected(people, named=False)
    page = open_page(people.owner, language=language, theme=theme, size=size, javascript=javascript)
    page.goto(address("private_access", peering))
    page.locator("#id_public_host").fill(f"https://{PUBLIC}:8443")
    page.locator("#name button.btn").click()
    expect(page.locator("#name .copy code").first).to_have_text(PRIVATE)
    page.locator("#id_text").fill(json.dumps(result()))
    page.locator("#probe form button").click()
    expect(page.locator("#proofs .finding-passed")).to_have_count(2)
    page.locator("#id_understood").check()
    if javascript:
        assert violations(page) == []
    assert fits(page)
    page.locator("#public form button").click()
    expect(page.locator("#removal-state")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "theme", "size"), [("en", "light", "desktop"), ("en", "dark", "desktop"), ("ja", "light", "phone")]
)
def test_the_page_with_refusals_and_the_path_have_no_violations(
    open_page: Any, watch: Any, people: People, language: str, theme: str, size: str
) -> None:
    watch.allow("422")
    peering = connected(people)
    prove(people, peering, addresses=["52.10.20.30", "10.0.0.1"])
    here = requester(peering, security_groups=(group(peering, ranges=()),))
    record(peering, here=here, there=unrouted(accepter(peering, network_acls=None), TARGET_TABLES[0]))
    page = open_page(people.owner, language=language, theme=theme, size=size)
    page.goto(address("private_access", peering))
    page.locator("#id_public_host").fill("example.com")
    page.locator("#name button.btn").click()
    expect(page.locator("#host-errors")).to_be_visible()
    assert violations(page) == []
    assert fits(page)
    page.goto(f"/path/{peering.pk}/")
    lanes = page.locator(".path-hops")
    expect(lanes).to_have_count(2)
    expect(lanes.first.get_by_role("listitem")).to_have_count(8)
    assert violations(page) == []
    assert fits(page)
    first, second = (page.locator(".path-box").nth(number).bounding_box() for number in (0, 1))
    assert (first["y"] < second["y"]) is (size == "phone")
