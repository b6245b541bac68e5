"""The pages of people and requests, and the desk, in a real browser: axe, phone, no script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from onboarding.models import OnboardingRequest
from portal.accounts.actions import invite
from portal.accounts.models import Membership
from portal.accounts.states import Role
from portal.findings.models import Observation
from portal.workflows.models import Letter
from tests.browsers import Watch
from tests.people import People, make_people
from tests.staff.rows import make_everything

pytestmark = pytest.mark.browser


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def link(people: People) -> str:
    """Where the invitation of new@customer.example leads."""
    invite(organisation=people.organisation, email="new@customer.example", role=Role.ADMIN, by=people.owner.user)
    return re.search(r"/people/invitation/[^/]+/", Letter.objects.get().body).group()


def _violations(page: Page) -> list[str]:
    answer: dict[str, Any] = Axe().run(page).response
    assert answer["passes"], "axe looked at nothing"
    return [f"{found['id']}: {node['html'][:120]}" for found in answer["violations"] for node in found["nodes"]]


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_axe_finds_nothing_on_the_pages_of_people(
    people: People, link: str, open_page: Callable[..., Page], theme: str, size: str
) -> None:
    visitor, owner = open_page(theme=theme, size=size), open_page(people.owner, theme=theme, size=size)
    visits = [(visitor, "/request/"), (visitor, "/request/thanks/"), (visitor, link)]
    visits += [(owner, reverse("accounts:members", args=[people.organisation.pk]))]
    visits += [(owner, path) for path in ("/people/profile/", "/people/protect/")]
    for page, path in visits:
        page.goto(path)
        assert _violations(page) == [], path
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} scrolls sideways"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_the_desk_adds(people: People, open_page: Callable[..., Page], theme: str) -> None:
    workflow = make_everything(people)
    page = open_page(people.staff, theme=theme)
    for path, part in [
        ("/admin/", "#queues"),
        (f"/admin/workflows/workflow/{workflow.pk}/press/hand-to-human/", "#press"),
        (f"/admin/findings/observation/{Observation.objects.get().pk}/change/", ".findings"),
    ]:
        page.goto(path)
        answer = Axe().run(page, context=part).response
        assert answer["passes"]
        assert [found["id"] for found in answer["violations"]] == [], path


def test_a_request_is_corrected_and_sent_without_any_script(
    transactional_db: None, open_page: Callable[..., Page], watch: Watch
) -> None:
    watch.allow("422")
    page = open_page(javascript=False)
    page.goto("/request/")
    page.get_by_label("Company").fill("Analytical Engines")
    page.get_by_label("Admin's e-mail address").fill("ada@customer.example")
    page.get_by_label("AWS account ID").fill("1234")
    page.get_by_label("Region").select_option("eu-central-1")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("exactly 12 digits")).to_be_visible()
    expect(page.get_by_label("Company")).to_have_value("Analytical Engines")
    assert not OnboardingRequest.objects.exists()

    page.get_by_label("AWS account ID").fill("222222222222")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request has arrived")).to_be_visible()
    assert OnboardingRequest.objects.get().account_id == "222222222222"
    page.go_back()
    page.get_by_label("AWS account ID").fill("333333333333")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request has arrived")).to_be_visible()
    assert OnboardingRequest.objects.get().account_id == "222222222222"


def test_the_invited_person_joins_and_is_asked_to_protect_the_account(
    people: People, link: str, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(link)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Password").fill("a long sentence about engines")
    page.get_by_role("button", name="Join Analytical Engines").click()
    expect(page.get_by_role("heading", name="Protect your account")).to_be_visible()
    assert Membership.objects.get(user__email="new@customer.example").role == "admin"
    page.get_by_role("link", name="Use an authenticator app").click()
    expect(page.get_by_role("img")).to_be_visible()
