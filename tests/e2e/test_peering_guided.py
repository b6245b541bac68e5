"""A peering by hand, in Chromium: the portal's guides, the consoles of both accounts, support's two buttons, and the
facts of a target account that lends nothing. Real HTTP, a real worker, the real AWS CLI against the emulator.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from networking.models import Peering
from networking.states import PeeringState
from tests.e2e.pages import sound
from tests.e2e.peering_ground import (
    Screen,
    accept_peering,
    create_peering,
    press_enable,
    press_rule,
    ready_ground,
    write_routes,
)
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.cli import run_script
from tests.networking.peered_accounts import REGION, SECOND_RANGE, TARGET_RANGE, Grounds
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_six_steps_by_hand_without_access_to_the_target_account(
    language: str,
    walk: Walk,
    people: People,
    peering_portal: str,
    emulator: Emulator,
    journal: JournalReader,
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    ground = ready_ground(walk)
    page, desk = open_page(people.owner, language=language), open_page(people.staff, language=language)
    screen = start(page, ground)
    screen.look()
    screen.at(1)
    screen.ask_support()
    press_enable(desk)
    screen.look_until(1)

    screen.at(2)
    ground.pcx = create_peering(page)
    screen.look_until(2)
    screen.at(3)
    accept_peering(page)
    screen.look_until(3)
    screen.at(4)
    assert write_routes(page, page.locator("#remedies")) == 6
    screen.look_until(4)

    admin = open_page(language=language)
    admin.goto(hand_off(screen))
    show_facts(admin, ground, emulator, tmp_path / "before")
    expect(admin.locator("#step-return-routes .finding-failed")).to_have_count(2)
    assert write_routes(admin, admin.locator("#step-return-routes")) == 2
    show_facts(admin, ground, emulator, tmp_path / "after")
    expect(admin.locator("#all-done")).to_be_visible()

    screen.look_until(5)
    screen.open("security-group")
    screen.ask_support()
    press_rule(desk, screen.peering)
    screen.open()
    screen.until_made(6)
    stated(screen)
    assert not [one for one in journal.of(ground.there.account_id) if "Role" in one.principal]


def start(page: Page, ground: Grounds) -> Screen:
    """The owner registers the VPC of an account that no role of ours sees."""
    wanted = ground.peering
    Peering.objects.all().delete()
    page.goto(reverse("networking:peerings", args=[wanted.deployment_id]))
    sound(page)
    page.locator("a[href$='/peerings/new/']").first.click()
    page.locator("#where [name=account]").fill(wanted.account_id)
    page.locator("#where [name=region]").select_option(REGION)
    page.locator("#where form button").click()
    details = page.locator("#details")
    details.locator("[name=label]").fill("Hub")
    details.locator("[name=vpc]").fill(wanted.vpc_id)
    details.locator("[name=ranges]").fill(f"{TARGET_RANGE}\n{SECOND_RANGE}")
    details.locator("[name=typed]").fill("\n".join(wanted.subnet_ids))
    sound(page)
    details.locator(".actions button").click()
    expect(page.locator("#peering-head")).to_be_visible()
    ground.peering = Peering.objects.get()
    return Screen(page, ground.peering)


def hand_off(screen: Screen) -> str:
    """The owner makes a link for the target's network admin; its address."""
    page = screen.page
    screen.at(5)
    page.locator("#remedies a[href='#hand-offs'], #target-side a[href='#hand-offs']").first.click()
    fold = page.locator("#hand-offs-fold")
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    page.locator("#hand-offs [name=label]").fill("Network team")
    page.locator("#hand-offs form:has([name=label]) button").click()
    address = page.locator("#hand_off_made .copy code").inner_text()
    sound(page)
    page.locator("#hand_off_made .actions a").click()
    return address


def show_facts(admin: Page, ground: Grounds, emulator: Emulator, folder: Path) -> None:
    """The network admin, who has no account here, runs the read-only script and sends what it writes."""
    folder.mkdir()
    sound(admin)
    with admin.expect_download() as download:
        admin.locator("#facts a[download]").click()
    download.value.save_as(folder / download.value.suggested_filename)
    command = admin.locator("#facts .facts-steps .copy code").inner_text()
    # A terminal gets a file from it; here is none, so it prints.
    ran = run_script(command, account=ground.there.account_id, region=REGION, endpoint=emulator.endpoint, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    written = folder / "vpc-facts.json"
    written.write_text(ran.stdout)
    admin.locator("#facts input[type=file]").set_input_files(written)
    admin.locator("#facts form:has(input[type=file]) button").click()
    expect(admin.locator("#peering_hand_off")).to_be_visible()


def stated(screen: Screen) -> None:
    """All six are done as stated: nobody of ours saw the target side, so it is not called connected."""
    screen.peering.refresh_from_db()
    assert screen.peering.state == PeeringState.SETTING_UP
    expect(screen.page.locator(".peering-where .peering-setting_up")).to_be_visible()
    expect(screen.page.locator("#target-side")).to_be_visible()
