"""The journey's first pages in a browser: axe, phone, keyboard, live, and without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browsers import Watch
from tests.journeys import Walk
from tests.onboarding.journey.scenes import MANAGEMENT, address, look, take_away, trust
from tests.people import People, fresh_account_id, make_deployment, make_people

pytestmark = pytest.mark.browser

PAGES = ("journey", "account", "bootstrap", "permissions")
LOOKS = [("light", "desktop"), ("dark", "phone")]


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def violations(page: Page) -> list[str]:
    answer: dict[str, Any] = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response
    assert answer["passes"], "axe looked at nothing"
    return [f"{found['id']}: {node['html'][:160]}" for found in answer["violations"] for node in found["nodes"]]


def open_everything(page: Page) -> None:
    """Opens what is folded, so that axe sees it."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")


def sound(page: Page, path: str) -> None:
    page.goto(path)
    open_everything(page)
    assert violations(page) == [], path
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{path} scrolls sideways"


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_axe_finds_nothing_while_the_roles_are_missing(
    people: People, walk: Walk, open_page: Callable[..., Page], theme: str, size: str
) -> None:
    owner, viewer = (open_page(person, theme=theme, size=size) for person in (people.owner, people.viewer))
    sound(owner, address(walk, "bootstrap"))
    walk.register()
    look(walk)
    for name in PAGES:
        sound(owner, address(walk, name))
    sound(viewer, address(walk, "account"))
    make_deployment(people.organisation, "second")
    sound(owner, "/")


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_axe_finds_nothing_in_trouble_and_after_it(
    people: People, walk: Walk, open_page: Callable[..., Page], theme: str, size: str
) -> None:
    page = open_page(people.owner, theme=theme, size=size)
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, None)
    walk.work()
    sound(page, address(walk, "bootstrap"))
    sound(page, address(walk, "journey"))
    trust(walk, MANAGEMENT, {"StringEquals": {"sts:ExternalId": walk.connection.external_id}})
    take_away(walk, "ClickHouseStoragePolicy")
    page.goto(address(walk, "bootstrap"))
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("#bootstrap")).to_have_attribute("data-stage", "probing")
    walk.work()
    sound(page, address(walk, "bootstrap"))
    page.get_by_label("Why do you go on?").fill("The buckets come from another team.")
    page.get_by_role("button", name="Record the reason and go on").click()
    expect(page.get_by_text("Overridden", exact=True)).to_be_visible()
    walk.work()
    sound(page, address(walk, "bootstrap"))
    expect(page.get_by_text("The buckets come from another team.")).to_be_visible()


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_axe_finds_nothing_beside_a_refused_value(
    people: People, walk: Walk, open_page: Callable[..., Page], watch: Watch, theme: str, size: str
) -> None:
    watch.allow("status of 422")
    page = open_page(people.owner, theme=theme, size=size)
    page.goto(address(walk, "account"))
    page.get_by_label("AWS account ID").fill("1234")
    page.get_by_role("button", name="Save and go on").click()
    field = page.get_by_label("AWS account ID")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("1234")
    told = field.get_attribute("aria-describedby") or ""
    words = " ".join(page.locator(f"#{name}").inner_text() for name in told.split())
    assert "exactly 12 digits" in words
    assert violations(page) == []


def test_the_list_ticks_itself_while_somebody_watches(
    people: People, walk: Walk, open_page: Callable[..., Page]
) -> None:
    page = open_page(people.owner)
    walk.register()
    look(walk)
    page.goto(address(walk, "bootstrap"))
    expect(page.locator("#delivery .check-done")).to_have_count(0)
    walk.deploy_roles()
    look(walk, 2)
    expect(page.locator("#bootstrap")).to_have_attribute("data-stage", "checking", timeout=8_000)
    expect(page.locator("#delivery .check-done")).to_have_count(6)
    walk.work()
    expect(page.locator("#bootstrap")).to_have_attribute("data-stage", "proven", timeout=8_000)
    expect(page.locator("#bootstrap .check-done")).to_have_count(3)
    expect(page.locator("#aside [aria-current=step] .step-title")).to_have_text("Infrastructure")
    page.get_by_role("link", name="Go on: Infrastructure").click()
    expect(page).to_have_url(re.compile("/infrastructure/"))


def test_the_journey_follows_while_somebody_watches(people: People, walk: Walk, open_page: Callable[..., Page]) -> None:
    page = open_page(people.viewer)
    walk.register()
    page.goto(address(walk, "journey"))
    expect(page.locator("#journey .turn")).to_have_text(re.compile("our turn"))
    look(walk)
    expect(page.locator("#journey .turn")).to_have_text(re.compile("your turn"), timeout=8_000)
    expect(page.locator("#aside .turn")).to_have_text(re.compile("your turn"))


def test_an_option_changes_the_link_with_one_key(people: People, walk: Walk, open_page: Callable[..., Page]) -> None:
    page = open_page(people.owner)
    walk.register()
    look(walk)
    page.goto(address(walk, "bootstrap"))
    link = page.get_by_role("link", name=re.compile("CloudFormation with everything filled in"))
    expect(link).to_have_attribute("href", re.compile("param_AllowPeeringWrites=false"))
    box = page.get_by_label("Allow VPC peering")
    box.focus()
    page.keyboard.press("Space")
    expect(link).to_have_attribute("href", re.compile("param_AllowPeeringWrites=true"))
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    page.keyboard.press("Space")
    expect(link).to_have_attribute("href", re.compile("param_AllowPeeringWrites=false"))
    assert not walk.fresh().connection.allows_peering_writes


def test_ways_change_with_the_arrow_keys(people: People, walk: Walk, open_page: Callable[..., Page]) -> None:
    page = open_page(people.owner)
    walk.register()
    page.goto(address(walk, "bootstrap"))
    page.locator("#tab-bootstrap-console").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("aws cloudformation create-stack")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("terraform apply")).to_be_visible()


def test_without_scripts_everything_can_be_done(people: People, walk: Walk, open_page: Callable[..., Page]) -> None:
    page = open_page(people.owner, javascript=False)
    account = fresh_account_id()
    page.goto("/")
    page.get_by_role("link", name="Go on: AWS account").click()
    page.get_by_label("AWS account ID").fill(account)
    page.get_by_role("button", name="Save and go on").click()
    expect(page).to_have_url(re.compile("/bootstrap/"))
    expect(page.get_by_text(f"in account {account}").first).to_be_visible()
    page.get_by_label("Withhold changes to VPCs").check()
    page.get_by_role("button", name="Save").click()
    link = page.get_by_role("link", name=re.compile("CloudFormation with everything filled in"))
    expect(link).to_have_attribute("href", re.compile("param_WithholdVpcWrites=true"))
    page.get_by_text("AWS CLI", exact=True).first.click()
    expect(page.get_by_text("aws cloudformation create-stack")).to_be_visible()
    page.get_by_role("button", name="Look now").click()
    page.get_by_role("link", name="What we may do").click()
    page.get_by_role("link", name=re.compile("Launch: storage")).click()
    expect(page.get_by_text("s3:CreateBucket", exact=True).first).to_be_visible()


def test_it_reads_in_japanese(people: People, walk: Walk, open_page: Callable[..., Page]) -> None:
    page = open_page(people.owner, language="ja")
    walk.register()
    look(walk)
    for name in PAGES:
        page.goto(address(walk, name))
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, name
