"""An existing VPC in Chromium: the other kind's fields fold away and keep what was typed, and axe finds nothing."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from onboarding import actions
from onboarding.brought_vpc import five_facts
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.review import plan_of
from tests.networking import brought as vpcs
from tests.onboarding.infrastructure.account import address, look, survey, vpc
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def violations(page: Page) -> list[str]:
    answer = Axe().run(page).response
    assert answer["passes"], "axe looked at nothing"
    return [f"{each['id']}: {node['html'][:160]}" for each in answer["violations"] for node in each["nodes"]]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_fields_of_the_other_kind_fold_away_and_keep_what_was_typed(
    open_page: Any, people: People, deployment: Deployment, javascript: bool
) -> None:
    page = open_page(people.owner, javascript=javascript)
    page.goto(address("infrastructure", deployment))
    field, zones, rules = (
        page.get_by_label("CIDR of the BYOC VPC"),
        page.locator("#zones"),
        page.locator("#existing-vpc"),
    )
    field.fill("10.66.0.0/16")
    expect(rules).to_be_hidden()
    page.get_by_label("An existing VPC of yours").check()
    expect(field).to_be_hidden()
    expect(zones).to_be_hidden()
    expect(page.locator("#quotas")).to_be_visible()
    expect(page.locator("#quotas")).not_to_contain_text("NAT gateways", use_inner_text=True)
    expect(rules).to_contain_text("An S3 gateway endpoint on the route table of each subnet.")
    page.get_by_label("A new VPC, made at launch").check()
    expect(field).to_have_value("10.66.0.0/16")
    expect(zones).to_be_visible()
    expect(rules).to_be_hidden()
    page.get_by_label("An existing VPC of yours").check()
    page.get_by_role("button", name="Save and choose the VPC").click()
    page.wait_for_url("**/vpc/")
    assert InfrastructurePlan.objects.get(deployment=deployment).vpc_mode == "existing"
    page.goto(address("infrastructure", deployment))
    expect(page.get_by_label("An existing VPC of yours")).to_be_checked()
    page.get_by_label("A new VPC, made at launch").check()
    expect(field).to_have_value("10.66.0.0/16")


def test_the_choice_survives_a_reload(open_page: Any, people: People, deployment: Deployment) -> None:
    page = open_page(people.owner)
    page.goto(address("infrastructure", deployment))
    page.get_by_label("An existing VPC of yours").check()
    page.reload()
    expect(page.get_by_label("An existing VPC of yours")).to_be_checked()
    expect(page.locator("#zones")).to_be_hidden()


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_choice_and_review_pass_axe_and_fit_the_screen(open_page: Any, people: People, theme: str, size: str) -> None:
    deployment = vpcs.bring(people)
    look(deployment, survey([vpc(1, "10.0.0.0/16", "mine") | {"VpcId": vpcs.VPC}]))
    vpcs.look(deployment)
    page = open_page(people.owner, theme=theme, size=size)
    assert people.staff.user is not None
    for approved in (False, True):
        if approved:
            facts = five_facts(deployment, plan_of(deployment))
            actions.approve_vpc(deployment=deployment, content_hash=facts.content_hash, by=people.staff.user)
        for name in ("infrastructure", "review"):
            page.goto(address(name, deployment))
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
