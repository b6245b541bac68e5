"""The stand-in for the VPC console in Chromium: a peering from the request to the routes on both sides."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.demo.seeds.places import place
from tests.browsers import Pages
from tests.emulators import Emulator
from tests.people import fresh_account_id

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REGION = "us-east-1"


def home(server: object, fragment: str) -> str:
    return f"{server}/demo/console/vpcconsole/home?region={REGION}#{fragment}"


def switch(page: Page, account_id: str) -> None:
    page.get_by_label("Account", exact=False).first.fill(account_id)
    page.get_by_role("button", name="Switch", exact=True).click()


def add_route(page: Page, destination: str, own: str) -> None:
    page.get_by_role("link", name="Edit routes").click()
    page.get_by_label("Destination").fill(destination)
    page.get_by_label("Target").select_option(own)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status").filter(has_text="Updated routes")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=destination)
    expect(row).to_contain_text(own)
    expect(row).to_contain_text("active")


def test_a_peering_is_made_accepted_and_led_to_by_routes(
    open_page: Pages,
    violations: Callable[[Page], list[str]],
    watch: Any,
    aws_env: Emulator,
    live_server: object,
    account_id: str,
) -> None:
    watch.allow("404")  # the table of the other account, before the switch
    mine, theirs = place(account_id, REGION), place(fresh_account_id(), REGION)
    vpc, peer = mine.vpc("byoc", "10.0.0.0/16"), theirs.vpc("hub", "10.20.0.0/16")
    page: Any = open_page()
    page.goto(home(live_server, "CreatePeeringConnection:"))
    switch(page, mine.account_id)
    expect(page.get_by_role("heading", level=1)).to_have_text("Create peering connection")
    assert violations(page) == []
    page.get_by_label("Name - optional").fill("to the hub")
    page.get_by_label("VPC ID (Requester)").select_option(vpc)
    page.get_by_label("Another account").check()
    page.get_by_label("Account ID").fill(theirs.account_id)
    page.get_by_label("VPC ID (Accepter)").fill(peer)
    page.get_by_role("button", name="Create peering connection").click()
    expect(page.get_by_role("status").filter(has_text="has been requested")).to_be_visible()
    own = page.get_by_role("heading", level=1).inner_text()

    page.get_by_role("link", name="Switch to that account").click()
    expect(page.get_by_role("heading", name="Accept or reject the request")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Accept request").click()
    expect(page.get_by_text("has been established")).to_be_visible()
    page.goto(home(live_server, f"RouteTableDetails:RouteTableId={theirs.main_table(peer)}"))
    add_route(page, "10.0.0.0/16", own)
    assert violations(page) == []

    page.goto(home(live_server, f"RouteTableDetails:RouteTableId={mine.main_table(vpc)}"))
    expect(page.get_by_text("InvalidRouteTableID.NotFound")).to_be_visible()
    switch(page, mine.account_id)
    add_route(page, "10.20.0.0/16", own)


def test_the_pages_fit_a_phone_in_the_dark(
    open_page: Pages,
    violations: Callable[[Page], list[str]],
    watch: Any,
    aws_env: Emulator,
    live_server: object,
    account_id: str,
) -> None:
    watch.allow("404")
    site = place(account_id, REGION)
    vpc = site.vpc("byoc", "10.0.0.0/16")
    site.subnet(vpc, "private-a", "10.0.1.0/24", "a")
    page: Any = open_page(size="phone", theme="dark")
    table = site.main_table(vpc)
    for path in ("peerings/", "peerings/create/", f"vpcs/{vpc}/", f"route-tables/{table}/edit/", "vpcs/vpc-0/"):
        page.goto(f"{live_server}/demo/console/vpc/{account_id}/{REGION}/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert violations(page) == [], path
