"""The infrastructure step in Chromium: typing, proposals, another region, with and without JavaScript, and axe."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState
from tests.browsers import Watch
from tests.onboarding.infrastructure.account import address, choose, look, survey
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def violations(page: Page) -> list[str]:
    answer = Axe().run(page).response
    assert answer["passes"], "axe looked at nothing"
    return [f"{each['id']}: {node['html'][:160]}" for each in answer["violations"] for node in each["nodes"]]


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_choices_and_review_pass_axe_and_fit_the_screen(
    open_page: Any, people: People, deployment: Deployment, theme: str, size: str
) -> None:
    DeclaredRange.objects.create(
        organisation=people.organisation, deployment=deployment, kind="peer", label="analytics", cidr="10.20.0.0/16"
    )
    choose(deployment, people.owner, other_zone_map={"us-east-1a": "use1-az1"})
    page = open_page(people.owner, theme=theme, size=size)
    for name in ("infrastructure", "review"):
        page.goto(address(name, deployment))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_overlaps_and_proposals_follow_the_typing(
    open_page: Any, people: People, deployment: Deployment, watch: Watch
) -> None:
    watch.allow("422")  # Chromium reports the refused form
    page = open_page(people.owner)
    page.goto(address("infrastructure", deployment))
    field = page.get_by_label("CIDR of the BYOC VPC")
    field.fill("10.0.0.0/18")
    messages = page.locator("#cidr-messages")
    expect(messages).to_contain_text("10.0.0.0/18 lies inside 10.0.0.0/16 of vpc-00000000000000001 data-lake")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert page.locator("svg .map-chosen.map-met").count() >= 1
    assert violations(page) == []
    messages.get_by_role("button", name="Use it").click()
    expect(field).to_have_value("10.1.0.0/18")
    expect(messages).to_contain_text("10.1.0.0/18 touches nothing that we know of")
    expect(field).to_have_attribute("aria-invalid", "false")
    field.fill("10.9.0.1/16")
    expect(messages).to_contain_text("Did you mean 10.9.0.0/16?")
    field.press("Enter")  # saves, and does not press the first button of the form
    expect(page.locator("#cidr-messages .invalid-feedback")).to_contain_text("bits set behind its prefix")
    assert page.url.endswith("/infrastructure/")
    assert not Workflow.objects.exists()


def test_another_region_is_looked_at_on_choosing_it_and_appears_by_itself(
    open_page: Any, people: People, deployment: Deployment
) -> None:
    page = open_page(people.owner)
    page.goto(address("infrastructure", deployment))
    page.get_by_label("CIDR of the BYOC VPC").fill("10.66.0.0/16")
    page.get_by_label("Where the deployment runs").select_option("us-west-2")
    expect(page.locator("#survey")).to_contain_text("We are reading us-west-2 in your account")
    expect(page.get_by_label("CIDR of the BYOC VPC")).to_have_value("10.66.0.0/16")
    page.get_by_label("CIDR of the BYOC VPC").fill("10.67.0.0/16")
    page.reload()
    expect(page.get_by_label("CIDR of the BYOC VPC")).to_have_value("10.67.0.0/16")
    expect(page.get_by_label("Where the deployment runs")).to_have_value("us-west-2")

    look(deployment, survey(at="us-west-2"))
    Workflow.objects.update(state=WorkflowState.DONE)
    Deployment.objects.filter(pk=deployment.pk).update(shown=50)
    expect(page.locator("#survey")).to_contain_text("checks passed")
    expect(page.locator("#zone-use1-az1")).to_be_checked()
    expect(page.get_by_label("CIDR of the BYOC VPC")).to_have_value("10.67.0.0/16")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []


def test_it_all_works_without_javascript(open_page: Any, people: People, deployment: Deployment, watch: Watch) -> None:
    watch.allow("422")
    page = open_page(people.owner, javascript=False)
    page.goto(address("infrastructure", deployment))
    page.get_by_label("CIDR of the BYOC VPC").fill("10.0.0.0/16")
    page.get_by_role("button", name="Save and review").click()
    expect(page.locator("#cidr-messages")).to_contain_text("is already used by vpc-00000000000000001")
    page.locator("#cidr-messages").get_by_role("button", name="Use it").click()
    expect(page.get_by_label("CIDR of the BYOC VPC")).to_have_value("10.1.0.0/16")
    page.get_by_role("button", name="Save and review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review: this is decided once")
    assert InfrastructurePlan.objects.get(deployment=deployment).cidr == "10.1.0.0/16"
    page.get_by_label("To confirm, type the deployment's name:").fill(deployment.name)
    page.get_by_role("button", name="Launch").click()
    page.wait_for_url("**/launch/")
