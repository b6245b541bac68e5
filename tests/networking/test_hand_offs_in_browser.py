"""From the owner's page by the link to the network admin's file and back, in Chromium: with and without scripts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from networking.actions.hand_offs import hand_off
from networking.actions.vpc_requests import ask_back, submit_vpc
from networking.kinds import STATED
from networking.models import HandOffUse
from onboarding.models import Deployment
from portal.accounts.gate import LINK_HEADERS
from portal.findings.models import Observation
from tests.browsers import Watch
from tests.networking.brought import VPC, account_of, bring, facts_bytes, facts_document, look, untagged, user_of
from tests.people import People, make_people

pytestmark = pytest.mark.browser

#: The parts of the VPC page that this is about.
PARTS = ("#request", "#facts", "#hand-offs")


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def brought(people: People) -> Deployment:
    deployment = bring(people)
    look(deployment, untagged(facts_document(account_of(deployment))))
    return deployment


def sound(page: Page, *parts: str) -> None:
    """Nothing for axe in these parts of the page, or in all of it, with all folds open; nothing scrolls sideways."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
    answer: dict[str, Any] = (
        Axe()
        .run(
            page,
            context={"include": [[part] for part in parts]} if parts else None,
            options={"rules": {"target-size": {"enabled": True}}},
        )
        .response
    )
    assert answer["passes"], "axe looked at nothing"
    assert [f"{each['id']}: {one['html'][:160]}" for each in answer["violations"] for one in each["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def choose_file(page: Page, folder: Path, data: bytes) -> None:
    folder.joinpath("facts.json").write_bytes(data)
    page.get_by_label("Facts file").set_input_files(folder / "facts.json")
    page.get_by_role("button", name="Send the facts file").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_goes_from_the_owner_to_the_network_admin_and_the_file_comes_back(
    people: People, brought: Deployment, open_page: Callable[..., Page], tmp_path: Path, settings: Any,
    live_server: Any, watch: Watch, javascript: bool,
) -> None:  # fmt: skip
    settings.PORTAL_BASE_URL = live_server.url
    watch.allow("status of (422|404)")  # the file that is none, and the link that is revoked
    vpc_page = reverse("networking:vpc", args=[brought.pk])
    owner = open_page(people.owner, javascript=javascript)
    owner.goto(vpc_page)
    owner.get_by_label("Who is it for?").fill("Network team")
    owner.get_by_role("button", name="Make a link").click()
    expect(owner.get_by_role("heading", name="The link for Network team")).to_be_visible()
    link = owner.locator(".copy code").first.inner_text()

    visitor = open_page(javascript=javascript)
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name=f"Prepare {VPC}")).to_be_visible()
    choose_file(visitor, tmp_path, b"{")
    expect(visitor.locator("#facts-errors")).to_be_visible()
    choose_file(visitor, tmp_path, facts_bytes(facts_document(account_of(brought))))
    expect(visitor.locator("#stated")).to_contain_text("What the newest file says")
    assert Observation.objects.filter(kind=STATED).count() == 1
    assert list(HandOffUse.objects.order_by("at").values_list("act", flat=True)) == [
        "opened", "refused", "facts", "opened",
    ]  # fmt: skip

    owner.get_by_role("link", name=re.compile("I have copied it")).click()
    owner.get_by_text("Used 4 times").click()
    expect(owner.locator(".use-refused")).to_be_visible()
    expect(owner.locator("#stated")).to_contain_text("Stated by you, not seen by us")
    owner.get_by_role("button", name="Revoke Network team").click()
    expect(owner.locator("#hand-offs")).to_contain_text("Revoked")
    visitor.reload()
    expect(visitor.get_by_role("heading", name="This link does not work")).to_be_visible()


def test_the_secret_leaves_the_page_in_no_referrer_and_the_language_can_be_changed(
    people: People, brought: Deployment, open_page: Callable[..., Page]
) -> None:
    _row, token = hand_off(deployment=brought, vpc_id=VPC, label="Network team", by=user_of(people))
    visitor = open_page()
    sent: list[str] = []
    visitor.on("request", lambda request: sent.append(request.headers.get("referer", "")))
    visitor.goto(reverse("networking:hand_off", args=[token]))
    visitor.get_by_role("button", name="日本語").click()
    expect(visitor.locator("html")).to_have_attribute("lang", "ja")
    assert len(sent) > 5
    assert [referrer for referrer in sent if token in referrer] == []


def test_a_page_without_any_referrer_could_not_post(
    people: People, brought: Deployment, open_page: Callable[..., Page], watch: Watch, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Why it is `strict-origin`: with `no-referrer` Chromium posts `Origin: null`, which the CSRF check refuses."""
    monkeypatch.setitem(LINK_HEADERS, "Referrer-Policy", "no-referrer")
    watch.allow("status of 403")
    _row, token = hand_off(deployment=brought, vpc_id=VPC, label="Network team", by=user_of(people))
    visitor = open_page()
    visitor.goto(reverse("networking:hand_off", args=[token]))
    with visitor.expect_response("**/facts/") as answer:
        choose_file(visitor, tmp_path, facts_bytes(facts_document(account_of(brought))))
    assert answer.value.status == 403
    assert answer.value.request.all_headers()["origin"] == "null"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_axe_finds_nothing_on_the_page_of_a_link(
    people: People, brought: Deployment, open_page: Callable[..., Page], theme: str, size: str, language: str
) -> None:
    _row, token = hand_off(deployment=brought, vpc_id=VPC, label="Network team", by=user_of(people))
    look(brought, facts_document(account_of(brought), DescribeVpcEndpoints=None), stated=True)
    visitor = open_page(theme=theme, size=size, language=language)
    visitor.goto(reverse("networking:hand_off", args=[token]))
    sound(visitor)


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_axe_finds_nothing_where_links_requests_and_files_stand(
    people: People, brought: Deployment, open_page: Callable[..., Page], watch: Watch, theme: str, size: str
) -> None:
    row, token = hand_off(deployment=brought, vpc_id=VPC, label="Network team", by=user_of(people))
    people.anonymous.get(reverse("networking:hand_off", args=[token]))
    look(brought)
    look(brought, untagged(facts_document(account_of(brought))), stated=True)
    assert people.staff.user is not None
    request = submit_vpc(deployment=brought, version=brought.version, by=user_of(people))
    for person in (people.owner, people.viewer):
        page = open_page(person, theme=theme, size=size)
        page.goto(reverse("networking:vpc", args=[brought.pk]))
        sound(page, *PARTS)
    ask_back(request=request, by=people.staff.user, reason="Which gateway do they use?")
    page = open_page(people.owner, theme=theme, size=size)
    page.goto(reverse("networking:vpc", args=[brought.pk]))
    sound(page, *PARTS)
    watch.allow("422")
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator("#vpc_part")).to_be_visible()
    sound(page)
    page.get_by_label("Who is it for?").fill("A second team")
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator("#hand_off_made")).to_be_visible()
    sound(page)
    assert row.is_open
