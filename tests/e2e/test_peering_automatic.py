"""A peering that the portal makes where it may, in Chromium: a narrow role is lent in the target account, support
presses its two buttons, everything allowed is confirmed at once, and it is taken back the same way.
"""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from networking.models import Peering
from networking.states import PeeringState
from tests.e2e.pages import sound
from tests.e2e.peering_ground import Screen, confirm, press_enable, press_rule, ready_ground
from tests.emulators import JournalReader
from tests.journeys import Walk
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ROLES = ("ClickHouseManagementRole", "ClickHousePeeringRole")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_all_that_is_allowed_is_done_at_once_and_taken_back(
    language: str,
    walk: Walk,
    people: People,
    peering_portal: str,
    journal: JournalReader,
    open_page: Callable[..., Page],
) -> None:
    ground = ready_ground(walk, allowed=True)
    page, desk = open_page(people.owner, language=language), open_page(people.staff, language=language)
    screen = Screen(page, ground.peering)
    screen.open()
    lend_role(screen)
    page.locator("#peering-role .btn-primary").click()
    expect(page.locator("#peering-head a[href$='/apply/']")).to_have_count(0)  # there is no plan before a look
    screen.open("private-load-balancer")
    screen.ask_support()
    press_enable(desk)
    screen.look_until(1)

    confirm(screen, page.locator("#peering-head a[href$='/apply/']"), 5)
    press_rule(desk, ground.peering)
    screen.open("security-group")
    expect(page.locator(".peering-where .peering-connected")).to_be_visible()
    screen.until_made(6)
    here, there = made(journal, walk.account), made(journal, ground.there.account_id)
    assert here == {"CreateVpcPeeringConnection": 1, "CreateRoute": 6, "AuthorizeSecurityGroupIngress": 1}
    assert there == {"AcceptVpcPeeringConnection": 1, "CreateRoute": 2}

    remove(screen)
    here, there = made(journal, walk.account), made(journal, ground.there.account_id)
    assert here["DeleteVpcPeeringConnection"] + there["DeleteVpcPeeringConnection"] == 1
    assert (here["DeleteRoute"], there["DeleteRoute"]) == (6, 2)
    assert (here["RevokeSecurityGroupIngress"], here["CreateRoute"], there["CreateRoute"]) == (1, 6, 2)


def lend_role(screen: Screen) -> None:
    """The role of the target account: its stack by the console's quick-create page, its trust proven."""
    page, peering = screen.page, screen.peering
    page.locator("#target-side .target-ways a").first.click()
    sound(page)
    page.locator("#lend").click()
    link = page.locator("#ways a[href*='quickcreate']:visible")
    with page.context.expect_page() as opened:
        link.click()
    console = opened.value
    console.locator("form [name=account]").fill(peering.account_id)
    console.locator("form [name=named_iam]").check()
    console.locator("form:has([name=named_iam]) button[type=submit]").click()
    console.wait_for_url(re.compile(r"/stacks/\d{12}/"))
    console.close()
    expect(page.locator("#peering-role[data-stage=proven]")).to_be_visible()
    sound(page)


def remove(screen: Screen) -> None:
    """What is taken back stands there first; the name is typed; in the end nothing is left."""
    page, peering = screen.page, screen.peering
    page.locator("#afterwards a[href$='/remove/']").click()
    sound(page)
    page.locator("[name=confirmation]").fill(peering.label)
    page.locator("form.confirm button").click()
    expect(page.locator(".peering-where .peering-removed")).to_be_visible()
    sound(page)
    assert Peering.objects.get(pk=peering.pk).state == PeeringState.REMOVED
    page.goto(reverse("networking:peerings", args=[peering.deployment_id]))
    sound(page)


def made(journal: JournalReader, account: str) -> Counter[str]:
    """How often our roles did what in an account."""
    effects = (one for one in journal.effects(account) if any(role in one.principal for role in ROLES))
    return Counter(one.operation for one in effects)
