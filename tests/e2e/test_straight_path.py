"""The whole straight path in Chromium, in both languages: request → approval → invitation → account → roles → proof →
infrastructure → launch → ready → tear-down. Real HTTP, a real worker, real boto3 against the emulator.

Any console error, page error or refusal of the content policy fails the test (tests/browsers.py).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from onboarding.models import Deployment, OnboardingRequest
from onboarding.states import DeploymentState
from portal.aws.models import CallRecord
from portal.demo.seeds.vendor import publish_templates
from portal.workflows.models import Letter
from tests.e2e.pages import axe_violations
from tests.emulators import Emulator, JournalReader
from tests.people import People, make_people
from tests.processes import Workers, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PASSWORD = "a calm hour at last"
APPLICANT = "newcomer@applicant.example"
PATIENCE = 90_000
"""Milliseconds that a step of the journey may take on a busy machine."""


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def portal_url(aws_env: Emulator, live_server: Any, workers: Workers, settings: Any) -> Iterator[str]:
    """Web, worker and emulator; mail lands in the demo's mailbox, the AWS console is its stand-in."""
    settings.PORTAL_BASE_URL = live_server.url
    settings.AWS_CONSOLE_URL = f"{live_server.url}/demo/console"
    publish_templates()
    worker = workers.start(PORTAL_MODE="demo", PORTAL_BASE_URL=live_server.url)
    yield live_server.url
    print(worker.output()[-4000:])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_customer_goes_from_request_to_ready_and_back(
    language: str,
    portal_url: str,
    people: People,
    account_id: str,
    open_page: Callable[..., Page],
    journal: JournalReader,
) -> None:
    page = open_page(language=language)
    ask(page, account_id)
    approve(open_page(people.staff, language=language))
    accept(page)
    name_the_account(page)
    create_the_roles(page, account_id)
    choose_infrastructure(page)
    launch(page)
    assert Deployment.objects.get().state == DeploymentState.READY
    look_around(page)
    take_down(page)

    assert Deployment.objects.get().state == DeploymentState.REMOVED
    made = [entry for entry in journal.effects(account_id, "CreateStack") if "Management" in entry.principal]
    gone = [entry for entry in journal.effects(account_id, "DeleteStack") if "Management" in entry.principal]
    assert (len(made), len(gone)) == (4, 4)
    assert CallRecord.objects.filter(mutating=True, outcome="ok").count() == 8
    assert Letter.objects.filter(to=APPLICANT, sent_at__isnull=False).count() >= 3
    assert page.locator("html").get_attribute("lang") == language


def ask(page: Page, account_id: str) -> None:
    """A visitor sends the public request."""
    page.goto("/request/")
    page.fill("[name=company]", "Applicant Works")
    page.fill("[name=email]", APPLICANT)
    page.fill("[name=account_id]", account_id)
    page.select_option("[name=region]", "eu-central-1")
    page.click("#request form button[type=submit]")
    expect(page.locator("#request_thanks")).to_be_visible()


def approve(page: Page) -> None:
    """Staff approve it in the admin."""
    request = OnboardingRequest.objects.get()
    page.goto(reverse("admin:onboarding_onboardingrequest_press", args=[request.pk, "approve"]))
    page.locator("main form button, #content form [type=submit], #content form button").last.click()
    wait_for(lambda: OnboardingRequest.objects.get().state == "approved", what="the request is approved")


def accept(page: Page) -> None:
    """The admin follows the link of the mail, chooses a password and is in."""
    wait_for(lambda: Letter.objects.filter(sent_at__isnull=False).exists(), what="the invitation is mailed")
    page.goto("/demo/mailbox/")
    link = page.locator("a[href*='/people/invitation/']").first.get_attribute("href")
    assert link is not None
    page.goto(link)
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.locator("main form:has(input[type=password]) button").last.click()
    page.wait_for_url(re.compile(r"/people/protect/|/deployments/|/$"))
    page.goto("/")
    page.wait_for_url(re.compile(r"/deployments/"))
    expect(page.locator("#journey")).to_be_visible()
    assert axe_violations(page) == []


def name_the_account(page: Page) -> None:
    """The account step: what the request said stands there already."""
    visit(page, "account")
    assert axe_violations(page) == []
    page.locator("#account form button[type=submit], #account form .btn-primary").last.click()
    page.wait_for_url(re.compile(r"/bootstrap/$"))


def create_the_roles(page: Page, account_id: str) -> None:
    """Quick-create link → console stand-in → «Create stack»; the portal notices by itself."""
    assert axe_violations(page) == []
    link = page.locator("a[href*='quickcreate']").first.get_attribute("href")
    assert link is not None
    console = page.context.new_page()
    console.goto(link)
    console.locator("form [name=account]").first.wait_for()
    fill_account(console, account_id)
    console.locator("main form:has([name=account]) input[type=checkbox]").last.check()
    console.locator("main form:has([name=account]) button").last.click()
    console.wait_for_url(re.compile(r"/stacks/\d{12}/"))
    console.close()
    expect(page.locator("a[href$='/infrastructure/']").first).to_be_visible(timeout=PATIENCE)
    wait_for(
        lambda: Deployment.objects.get().state == DeploymentState.INFRASTRUCTURE, within=PATIENCE / 1000, what="proof"
    )


def fill_account(console: Page, account_id: str) -> None:
    """The account stands in a list or a text field."""
    field = console.locator("form [name=account]").first
    if field.evaluate("node => node.tagName") == "SELECT":
        field.select_option(account_id)
    else:
        field.fill(account_id)


def choose_infrastructure(page: Page) -> None:
    """Types a range, sees the plan, keeps the proposed zones, reviews."""
    visit(page, "infrastructure")
    page.locator("#id_cidr").fill("10.20.0.0/16")
    expect(page.locator("#address-plan")).to_contain_text("10.20.0.0/18")
    assert page.locator("input[name='zones[]']:checked").count() == 3
    assert axe_violations(page) == []
    page.locator("#infrastructure button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/review/$"))
    assert axe_violations(page) == []


def launch(page: Page) -> None:
    """Types the name, launches, closes nothing, waits."""
    page.locator("[name=confirmation]").fill(Deployment.objects.get().name)
    page.locator("form:has([name=confirmation]) button").last.click()
    page.wait_for_url(re.compile(r"/launch/$"))
    assert axe_violations(page) == []
    wait_for(lambda: Deployment.objects.get().state == DeploymentState.READY, within=PATIENCE / 1000, what="ready")
    expect(page.locator("#launch[hx-get]")).to_have_count(0, timeout=15_000)
    assert axe_violations(page) == []


def look_around(page: Page) -> None:
    """What a security reviewer opens; and nothing sticks out on a phone."""
    for name in ("permissions", "calls", ""):
        visit(page, name)
        assert axe_violations(page) == [], name
        page.set_viewport_size({"width": 390, "height": 844})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name or 'journey'} scrolls sideways on a phone"
        page.set_viewport_size({"width": 1280, "height": 900})


def take_down(page: Page) -> None:
    """Types the name once more; the buckets stay and are named."""
    visit(page, "teardown")
    assert axe_violations(page) == []
    page.locator("[name=confirmation]").fill(Deployment.objects.get().name)
    page.locator("form:has([name=confirmation]) button").last.click()
    page.wait_for_url(re.compile(r"/launch/$"))
    wait_for(lambda: Deployment.objects.get().state == DeploymentState.REMOVED, within=PATIENCE / 1000, what="removed")
    expect(page.locator("#launch[hx-get]")).to_have_count(0, timeout=15_000)
    page.reload()
    expect(page.locator("main")).to_contain_text(f"{Deployment.objects.get().slug}-")
    assert axe_violations(page) == []


def visit(page: Page, step: str) -> None:
    """Opens a page of the one deployment."""
    page.goto(reverse("onboarding:journey", args=[Deployment.objects.get().pk]) + (f"{step}/" if step else ""))
