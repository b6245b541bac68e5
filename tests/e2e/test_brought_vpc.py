"""A VPC with four faults, brought in Chromium: picked, judged, mended by the commands that the page shows, approved by
support and launched without a network stack. Real HTTP, a real worker, the real AWS CLI against the emulator.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from networking.models import VpcRequest
from networking.states import VpcRequestState
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from portal.demo.seeds.networks import FAULTY_VPC, _ask_for_faulty_vpc
from portal.demo.seeds.places import Place
from tests.e2e.pages import axe_violations
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.cli import run_script
from tests.people import People
from tests.processes import Workers, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

REGION = "eu-central-1"
PATIENCE = 90_000
"""Milliseconds that a step may take on a busy machine."""


@pytest.fixture
def walk(transactional_db: None, walk: Walk) -> Walk:
    return walk.prove()


@pytest.fixture
def faulty(walk: Walk) -> str:
    """The demo's VPC with four faults, in this test's account."""
    place = Place(walk.account, REGION, walk.customer("ec2", REGION))
    routes = _ask_for_faulty_vpc(place)
    place.available([nat for _table, nat in routes])
    for table, nat in routes:
        place.default_route(table, nat=nat)
    filters = [{"Name": "tag:Name", "Values": [FAULTY_VPC]}]
    return str(place.ec2.describe_vpcs(Filters=filters)["Vpcs"][0]["VpcId"])


@pytest.fixture
def portal_url(walk: Walk, faulty: str, live_server: Any, workers: Workers, settings: Any) -> Iterator[str]:
    settings.PORTAL_BASE_URL = live_server.url
    settings.AWS_CONSOLE_URL = f"{live_server.url}/demo/console"
    worker = workers.start(PORTAL_MODE="demo", PORTAL_BASE_URL=live_server.url)
    yield live_server.url
    print(worker.output()[-4000:])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_four_faults_are_mended_by_the_shown_commands_approved_and_launched(  # noqa: PLR0917
    language: str,
    portal_url: str,
    walk: Walk,
    people: People,
    faulty: str,
    emulator: Emulator,
    journal: JournalReader,
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    page = open_page(people.owner, language=language)
    choose_existing_mode(page, walk)
    look(page, faulty)
    failed = page.locator("#findings .finding-failed")
    codes = {failed.nth(index).get_attribute("data-code") for index in range(failed.count())}
    assert codes == {"subnets.size", "subnets.tags", "subnets.private", "s3-endpoint.routes"}
    expect(page.locator("#request")).to_be_visible()
    assert axe_violations(page) == []

    mend(page, walk, emulator, tmp_path)
    expect(page.locator("#findings .finding-failed")).to_have_count(0, timeout=PATIENCE)
    save(page)
    assert axe_violations(page) == []

    page.locator("#request form button").last.click()
    wait_for(VpcRequest.objects.exists, what="the request is sent")
    approve(open_page(people.staff, language=language))
    launch(page, walk)

    assert Deployment.objects.get(pk=walk.deployment.pk).state == DeploymentState.READY
    stacks = [entry for entry in journal.effects(walk.account, "CreateStack") if "Management" in entry.principal]
    assert len(stacks) == 3
    assert not [entry for entry in journal.effects(walk.account, "CreateVpc") if "Role" in entry.principal]


def choose_existing_mode(page: Page, walk: Walk) -> None:
    """The infrastructure step: an existing VPC, in its region."""
    page.goto(reverse("onboarding:infrastructure", args=[walk.deployment.pk]))
    if page.locator("#id_region").input_value() != REGION:
        page.select_option("#id_region", REGION)
    expect(page.locator(f"#id_region[data-shown='{REGION}']")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#survey[hx-get]")).to_have_count(0, timeout=PATIENCE)
    page.check("#vpc-existing")
    page.locator("#infrastructure .actions .btn-primary:visible").last.click()
    page.wait_for_url(re.compile(r"/vpc/"))


def look(page: Page, vpc: str) -> None:
    """Picks the VPC of the list and has it looked at; the page fills by itself."""
    page.check(f"#vpc-{vpc}")
    page.locator("#which button.btn").last.click()
    expect(page.locator("#subnets table")).to_be_visible(timeout=PATIENCE)
    # The three private subnets that a person would want, whatever is proposed.
    boxes = page.locator("#subnets tr:has-text('private-') input[type=checkbox]")
    page.locator("#subnets input[type=checkbox]:checked").evaluate_all("all => all.forEach(one => one.checked = false)")
    for index in range(boxes.count()):
        boxes.nth(index).check()
    page.locator("#subnets .actions button").last.click()
    page.wait_for_url(re.compile(r"#findings"))


def mend(page: Page, walk: Walk, emulator: Emulator, folder: Path) -> None:
    """Downloads «Everything at once», runs it in the customer's own shell, and has the portal look again."""
    with page.expect_download() as download:
        page.locator("#remedies a[download]").first.click()
    script = Path(download.value.path()).read_text()
    ran = run_script(script, account=walk.account, region=REGION, endpoint=emulator.endpoint, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    page.locator("#findings form.look-again button").click()
    expect(page.locator("#subnets .badge-proposed")).to_have_count(3, timeout=PATIENCE)
    wait_for(lambda: page.locator("#look [role=status]").count() == 0, what="the look ends", within=PATIENCE / 1000)
    proposed = page.locator("#subnets tr:has(.badge-proposed) input[type=checkbox]")
    page.locator("#subnets input[type=checkbox]:checked").evaluate_all("all => all.forEach(one => one.checked = false)")
    for index in range(3):
        proposed.nth(index).check()
    page.locator("#subnets .actions button").last.click()
    page.wait_for_url(re.compile(r"#findings"))


def save(page: Page) -> None:
    """What was chosen is saved: three subnets in three zones."""
    plan = InfrastructurePlan.objects.get()
    assert len(plan.subnet_ids) == 3
    assert len({zone["id"] for zone in plan.zones}) == 3
    expect(page.locator("#request form button").last).to_be_enabled()


def approve(page: Page) -> None:
    """Staff approve in the admin, with a reason."""
    request = VpcRequest.objects.get()
    page.goto(reverse("admin:networking_vpcrequest_press", args=[request.pk, "approve"]))
    page.locator("textarea").first.fill("All five facts agree with what was seen.")
    page.locator("main form button, #content form [type=submit], #content form button").last.click()
    wait_for(lambda: VpcRequest.objects.get().state == VpcRequestState.APPROVED, what="the request is approved")


def launch(page: Page, walk: Walk) -> None:
    """The review, the typed confirmation, and three stacks."""
    page.goto(reverse("onboarding:review", args=[walk.deployment.pk]))
    assert axe_violations(page) == []
    page.fill("#confirmation", walk.deployment.name)
    page.locator("#confirm button").last.click()
    page.wait_for_url(re.compile(r"/launch/"))
    wait_for(
        lambda: Deployment.objects.get(pk=walk.deployment.pk).state == DeploymentState.READY,
        within=PATIENCE / 1000, what="the deployment is ready",
    )  # fmt: skip
