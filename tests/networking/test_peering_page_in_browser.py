"""The page of a peering in Chromium: axe, live from look to look, and without JavaScript."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from networking.models import Peering
from networking.states import PeeringState
from portal.findings.languages import spoken
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState
from tests.networking import peered
from tests.networking.peering_pages import address, allow_writes
from tests.onboarding.infrastructure.test_infrastructure_in_browser import violations
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def peering(people: People) -> Peering:
    """The request waits to be accepted, and our roles may peer."""
    row = peered.peered(people)
    peered.record_requested(row)
    allow_writes(row)
    return row


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("theme", "size", "language"), [("light", "desktop", "en"), ("dark", "phone", "ja")])
def test_steps_plan_and_removal_pass_axe_and_fit_the_screen(
    open_page: Any, people: People, peering: Peering, theme: str, size: str, language: str
) -> None:
    page = open_page(people.owner, theme=theme, size=size, language=language)
    for path in (
        address("peering", peering) + "?step=acceptance",
        address("peering", peering) + "?step=routes",
        address("peering_apply", peering),
        address("peering_remove", peering),
    ):
        page.goto(path)
        assert violations(page) == [], path
        assert fits(page), path


def test_confirmed_work_is_followed_live_to_the_connected_end(open_page: Any, people: People, peering: Peering) -> None:
    page = open_page(people.owner)
    page.goto(address("peering", peering) + "?step=routes")
    page.locator("#do").get_by_role("link", name="Do it for me").click()
    page.get_by_role("button", name="Make these 6 changes").click()
    expect(page.locator("#work")).to_contain_text("Doing what you confirmed")
    words = spoken(lambda: "All changes are made.")
    Workflow.objects.update(state=WorkflowState.DONE, due_at=None, ended_at=timezone.now(), message=words)
    peered.record(peering)
    expect(page.locator("#peering-head")).to_contain_text("Connected: we saw routes, link and entrance")
    assert page.locator("#peering-live").get_attribute("hx-get") is None
    peering.refresh_from_db()
    assert peering.state == PeeringState.CONNECTED


def test_it_works_without_javascript(open_page: Any, people: People, peering: Peering) -> None:
    page = open_page(people.owner, javascript=False)
    page.goto(address("peering", peering))
    page.locator("#peering-steps").get_by_role("link", name="Add the routes to the BYOC VPC").click()
    expect(page.locator("#step")).to_contain_text("Step 5 of 6")
    page.get_by_role("button", name="It is done").click()
    expect(page.locator(".message-success")).to_contain_text("stays unknown")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("link", name="See whether it is done")).to_be_visible()
