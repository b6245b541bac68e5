"""What the journeys of a peering share: the ground they begin on, the portal's page, and the consoles of both accounts.

A person here knows nothing of AWS: what is typed in the console is read from the guide on the page.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from networking.kinds import PEER, PEERING_LOOK
from networking.models import Peering, PrivateAccess
from onboarding.models import InfrastructurePlan, Stack
from onboarding.stacks.naming import stack_name
from onboarding.states import VpcMode
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE
from tests.e2e.pages import sound
from tests.journeys import Walk
from tests.networking.peered_accounts import BYOC_RANGE, REGION, Grounds, grounds
from tests.processes import wait_for

PATIENCE = 60_000
"""Milliseconds that a step may take on a busy machine."""
WITHIN = PATIENCE / 1000


def ready_ground(walk: Walk, *, allowed: bool = False) -> Grounds:
    """A deployment that is ready, by rows, beside the real roles and VPCs of both accounts; nothing is done yet."""
    ground = grounds(walk.register(), allowed=allowed)
    deployment, peering = walk.deployment, ground.peering
    owner: dict[str, Any] = {"organisation": deployment.organisation, "deployment": deployment, "region": REGION}
    InfrastructurePlan.objects.create(**owner, vpc_mode=VpcMode.NEW, cidr=BYOC_RANGE)
    Stack.objects.create(
        **owner, kind="network", name=stack_name(deployment.slug, "network"), status="CREATE_COMPLETE",
        outputs={
            "VpcId": peering.requester_vpc, "VpcCidr": BYOC_RANGE,
            "PrivateSubnetIds": ",".join(peering.requester_subnets), "PrivateRouteTableIds": ",".join(ground.tables),
        },
    )  # fmt: skip
    return ground


@dataclass
class Screen:
    """The portal's page of one peering, as its owner has it open."""

    page: Page
    peering: Peering

    def open(self, step: str = "") -> None:
        """The page anew, with that step open, else with the one that is to be done."""
        address = reverse("networking:peering", args=[self.peering.deployment_id, self.peering.pk])
        self.page.goto(address + (f"?step={step}" if step else ""))
        expect(self.page.locator("#peering-head")).to_be_visible()

    def look(self) -> None:
        """Presses «Look again», and opens the page anew once something was seen."""
        before = self._looks()
        button = self.page.locator("#peering-head form[action$='/look/'] button")
        if button.is_enabled():  # else a look is under way already
            button.click()
        wait_for(lambda: self._looks() > before, within=WITHIN, what="both sides are looked at")
        self.open()

    def _looks(self) -> int:
        looks = Workflow.objects.filter(kind=PEERING_LOOK, data__peering=str(self.peering.pk))
        return looks.exclude(state__in=[*LIVE]).count()

    def look_until(self, done: int) -> None:
        """Looks until so many steps are done: what AWS and the vendor make takes a moment."""

        def reached() -> bool:
            self.look()
            return self.done == done

        wait_for(reached, within=WITHIN, what=f"{done} steps are done")
        sound(self.page)

    def until_made(self, done: int) -> None:
        """Follows our work on the page to its end; so many steps are done then."""
        expect(self.page.locator("#work .message-success")).to_be_visible()
        expect(self.page.locator("#peering-steps li.step-done")).to_have_count(done)
        sound(self.page)

    @property
    def done(self) -> int:
        """How many of the six the page shows as done."""
        return self.page.locator("#peering-steps li.step-done").count()

    def at(self, number: int) -> None:
        """The page opens at that step by itself."""
        row = self.page.locator("#peering-steps li").nth(number - 1)
        expect(row).to_have_class(re.compile(r"\bstep-here\b"))

    def ask_support(self) -> None:
        """The one press of steps 1 and 6; the page goes on with what can be done meanwhile."""
        self.page.locator("#ask form button").click()
        expect(self.page.locator("main .message-success").first).to_be_visible()
        sound(self.page)


@dataclass(frozen=True)
class Item:
    """One line of a console guide: what it says, where it leads, and what there is to copy, label by label."""

    text: str
    url: str
    values: tuple[tuple[str, str], ...]


_READ = """guide => [...guide.querySelectorAll(".check")].map(item => [
  item.querySelector(".check-body > span").textContent.trim(),
  item.querySelector("a.check-link")?.href || "",
  [...item.querySelectorAll(".check-values > div")].map(pair => [
    pair.querySelector("dt").textContent.trim(), pair.querySelector("dd code").textContent.trim()]),
])"""


def guide_in(place: Locator) -> tuple[Item, ...]:
    """The console guides that stand open in a part of a page, as a person reads them."""
    place.locator("details.remedy:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    guides = place.locator(".guide")
    expect(guides.first).to_be_visible()
    read = [line for guide in guides.all() for line in guide.evaluate(_READ)]
    return tuple(Item(text, url, tuple((label, value) for label, value in values)) for text, url, values in read)


@contextmanager
def console(page: Page, item: Item, *, judged: bool = True) -> Iterator[Page]:
    """The page of the console that a guide's link opens, signed in to the account that the guide names. Not `judged`:
    axe saw its like already.
    """
    with page.context.expect_page() as opened:
        page.locator(f".check-link[href='{item.url}']:visible").first.click()
    shown = opened.value
    shown.wait_for_url(re.compile(r"/demo/console/vpc/\d{12}/"))
    (account,) = re.findall(r"\b\d{12}\b", item.text)
    field = shown.locator(".standin-place [name=account]")
    if field.input_value() != account:
        field.fill(account)
        shown.locator(".standin-place button").click()
        shown.wait_for_url(re.compile(f"/vpc/{account}/"))
    expect(shown.get_by_role("heading", level=1)).to_be_visible()
    if judged:
        sound(shown)
    yield shown
    shown.close()


def create_peering(page: Page) -> str:
    """Step 2 by hand: each value of the guide goes into the field of the same name. Returns the connection's id."""
    items = guide_in(page.locator("#remedies"))
    with console(page, items[0]) as shown:
        for label, value in (pair for item in items for pair in item.values):
            fill(shown, label, value)
        shown.locator("form:has([name=accepter]) button[type=submit]").click()
        shown.wait_for_url(re.compile(r"/peerings/pcx-"))
        return shown.get_by_role("heading", level=1).inner_text().strip()


def fill(shown: Page, label: str, value: str) -> None:
    """One field of «Create peering connection», found by the label that the guide gives."""
    field = shown.get_by_label(label).first
    if field.get_attribute("name") == "account_id":
        shown.locator("[name=owner][value=other]").check()
    if field.evaluate("node => node.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def accept_peering(page: Page) -> None:
    """Step 3 by hand: what the guide says to compare stands on the console's page, then one press."""
    items = guide_in(page.locator("#remedies"))
    with console(page, items[0]) as shown:
        text = shown.locator("main").inner_text()
        assert all(value in text for item in items for _label, value in item.values)
        shown.locator("form[action$='/accept/'] button").click()
        expect(shown.locator(".message-success, .alert-success").first).to_be_visible()


def write_routes(page: Page, place: Locator) -> int:
    """Steps 4 and 5 by hand, table by table as the guide goes; returns how many routes were written."""
    tables: list[tuple[Item, list[Item]]] = []
    for item in guide_in(place):
        if item.url:
            tables.append((item, []))
        elif item.values:
            tables[-1][1].append(item)
    for number, (opened, lines) in enumerate(tables):
        with console(page, opened, judged=number == 0) as shown:
            for line in lines:
                _add_route(shown, dict(line.values))
    return sum(len(lines) for _opened, lines in tables)


def _add_route(shown: Page, values: dict[str, str]) -> None:
    destination, target = values.values()
    shown.locator("a[href$='/edit/']").click()
    shown.locator("[name=destination]:visible").fill(destination)
    shown.locator("form:has([name=destination]:visible) select").last.select_option(target)
    shown.locator("form:has([name=destination]:visible) button").last.click()
    expect(shown.get_by_role("row").filter(has_text=destination).filter(has_text=target)).to_be_visible()


def confirm(screen: Screen, link: Locator, done: int) -> None:
    """«Do it for me»: the plan, its confirmation, and the work to its end."""
    link.click()
    sound(screen.page)
    screen.page.locator("#apply button").click()
    screen.until_made(done)


def press_enable(desk: Page) -> None:
    """Staff: the private load balancer is enabled."""
    row = PrivateAccess.objects.get()
    press(desk, reverse("admin:networking_privateaccess_press", args=[row.pk, "enable"]))
    wait_for(lambda: PrivateAccess.objects.get().enabled_at, what="the private load balancer is enabled")


def press_rule(desk: Page, peering: Peering) -> None:
    """Staff: the inbound rule is added, by a worker."""
    press(desk, reverse("admin:networking_peering_press", args=[peering.pk, "add-rule"]))
    live = Workflow.objects.filter(kind=PEER, state__in=[*LIVE])
    wait_for(lambda: not live.exists(), within=WITHIN, what="the inbound rule is added")


def press(desk: Page, address: str) -> None:
    """A button of the support desk, with its reason."""
    desk.goto(address)
    desk.locator("textarea").first.fill("The customer asked for it.")
    desk.locator("#content form [type=submit], #content form button").last.click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
