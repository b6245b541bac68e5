"""A peering that is made in four ways, in Chromium: by the portal, by hand in the console, by the page's script with
the real AWS CLI, and by a lent role. Then a route vanishes, is told of once, and is put back by the portal.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from networking.actions.balancers import ask_for_balancer
from networking.models import PeeringFault
from networking.peering_upkeep import tell_faults
from portal.workflows.models import Letter
from tests.e2e.pages import sound
from tests.e2e.peering_ground import Screen, accept_peering, confirm, press_enable, press_rule, ready_ground
from tests.emulators import Emulator
from tests.journeys import Walk
from tests.networking.cli import run_script
from tests.networking.peered_accounts import REGION, TARGET_RANGE, Grounds
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_each_step_another_way_and_a_vanished_route_put_back(
    walk: Walk,
    people: People,
    peering_portal: str,
    emulator: Emulator,
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    ground = ready_ground(walk, allowed=True)
    ask_for_balancer(deployment=walk.deployment, by=walk.by)
    desk, screen = open_page(people.staff), Screen(open_page(people.owner), ground.peering)
    press_enable(desk)
    screen.open()
    screen.look_until(1)

    screen.at(2)
    do_it(screen, 2)
    screen.at(3)
    accept_peering(screen.page)
    screen.look_until(3)
    screen.at(4)
    run_downloaded(screen, walk.account, emulator, tmp_path)
    screen.look_until(4)
    ground.lend()
    screen.look()
    screen.at(5)
    do_it(screen, 5)
    press_rule(desk, ground.peering)
    screen.open("security-group")
    connected(screen)

    lose_a_route(screen, ground)
    do_it(screen, 6)
    connected(screen)
    assert PeeringFault.objects.get().mended_at is not None


def do_it(screen: Screen, done: int) -> None:
    """«Do it for me» of the step that is open."""
    confirm(screen, screen.page.locator("#do a[href*='/apply/']"), done)


def connected(screen: Screen) -> None:
    """The page says so by itself, because we saw all six."""
    expect(screen.page.locator(".peering-where .peering-connected")).to_be_visible()
    expect(screen.page.locator("#peering-steps li.step-done")).to_have_count(6)


def run_downloaded(screen: Screen, account: str, emulator: Emulator, folder: Path) -> None:
    """«All open steps of this account», run in the customer's own shell."""
    with screen.page.expect_download() as download:
        screen.page.locator("#remedies a[download]").click()
    script = Path(download.value.path()).read_text()
    ran = run_script(script, account=account, region=REGION, endpoint=emulator.endpoint, cwd=folder)
    assert ran.returncode == 0, ran.stderr


def lose_a_route(screen: Screen, ground: Grounds) -> None:
    """Somebody deletes a route: the step turns red and says since when, and the admins are told once."""
    ground.here.ec2.delete_route(RouteTableId=ground.tables[0], DestinationCidrBlock=TARGET_RANGE)
    screen.look()
    expect(screen.page.locator(".peering-where .peering-broken")).to_be_visible()
    expect(screen.page.locator("#faults time").first).to_be_visible()
    expect(screen.page.locator("#peering-steps li.step-failed .step-dot")).to_have_count(1)
    screen.at(4)
    fault = PeeringFault.objects.get()
    assert (fault.mended_at, ground.tables[0] in str(fault.sentence)) == (None, True)
    for _round in range(2):
        tell_faults()
    letters = Letter.objects.filter(key__contains=f"peering-fault:{fault.pk}")
    assert letters.count() == letters.values("to").distinct().count() > 0
    sound(screen.page)
