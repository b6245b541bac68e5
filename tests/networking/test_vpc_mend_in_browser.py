"""«Apply for me» in Chromium: confirmed, followed live to its end, with and without JavaScript, and axe."""

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from networking.actions.mend import newest_mend
from onboarding.models import Deployment
from portal.aws.models import Connection
from portal.findings.languages import spoken
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.networking import brought
from tests.networking.mended import ELB
from tests.onboarding.infrastructure.test_infrastructure_in_browser import violations
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def faulty(people: People) -> Deployment:
    """A brought VPC with a wrong and a missing tag and without an S3 endpoint."""
    deployment = brought.bring(people)
    Connection.objects.filter(pk=deployment.connection_id).update(template_version=2)
    document = deepcopy(brought.facts_document(brought.account_of(deployment)))
    document["DescribeSubnets"]["Subnets"][0]["Tags"] = [{"Key": ELB, "Value": "0"}]
    document["DescribeSubnets"]["Subnets"][1]["Tags"] = []
    document["DescribeVpcEndpoints"]["VpcEndpoints"] = []
    brought.look(deployment, document)
    return Deployment.objects.get(pk=deployment.pk)


def address(deployment: Deployment) -> str:
    return reverse("networking:vpc_mend", args=[deployment.pk])


def refused(deployment: Deployment) -> None:
    """The first change is refused by AWS and the work stands still."""
    workflow = newest_mend(deployment)
    assert workflow is not None
    Intent.objects.create(
        organisation_id=deployment.organisation_id, workflow=workflow, key=f"tag:subnet:{ELB}",
        action="ec2:CreateTags", effect_class="natural", request_hash="0", state=IntentState.REFUSED,
        error_code="UnauthorizedOperation", error_text="You are not authorized to perform this operation.",
        request_id="7f1c",
    )  # fmt: skip
    settle(deployment, WorkflowState.PAUSED, "AWS refused ec2:CreateTags: UnauthorizedOperation.")


def settle(deployment: Deployment, state: WorkflowState, words: str) -> None:
    Workflow.objects.filter(subject_id=deployment.pk).update(state=state, due_at=None, message=spoken(lambda: words))
    Deployment.objects.filter(pk=deployment.pk).update(shown=deployment.shown + 50)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(
    ("theme", "size", "language"), [("light", "desktop", "en"), ("dark", "phone", "ja"), ("dark", "wide", "en")]
)
def test_plan_and_refusal_pass_axe_and_fit_the_screen(
    open_page: Any, people: People, faulty: Deployment, theme: str, size: str, language: str
) -> None:
    page = open_page(people.owner, theme=theme, size=size, language=language)
    page.goto(address(faulty))
    assert violations(page) == []
    assert fits(page)
    page.locator("#apply button").click()
    page.wait_for_selector("#mend-work")
    refused(faulty)
    page.reload()
    expect(page.locator("#mend-work .failure")).to_have_count(1)
    assert violations(page) == []
    assert fits(page)


def test_a_confirmed_plan_is_followed_live_and_the_page_stops_asking(
    open_page: Any, people: People, faulty: Deployment
) -> None:
    page = open_page(people.owner)
    page.goto(address(faulty))
    page.get_by_role("button", name="Make these 2 changes").click()
    expect(page.locator("#mend-work")).to_contain_text("We are changing your VPC")
    settle(faulty, WorkflowState.PAUSED, "AWS refused it.")
    expect(page.locator("#mend-work")).to_contain_text("AWS refused it.")
    assert page.locator("#mend").get_attribute("hx-get") is None
    page.get_by_role("button", name="Leave the rest").click()
    expect(page.locator("#mend-work")).to_contain_text("was given up")
    expect(page.get_by_role("button", name="Make these 2 changes")).to_be_enabled()


def test_it_works_without_javascript(open_page: Any, people: People, faulty: Deployment) -> None:
    page = open_page(people.owner, javascript=False)
    page.goto(address(faulty))
    page.get_by_role("button", name="Make these 2 changes").click()
    expect(page.get_by_role("link", name="See whether it is done")).to_be_visible()
    assert Workflow.objects.filter(subject_id=faulty.pk, kind="networking.vpc_mend").count() == 1
