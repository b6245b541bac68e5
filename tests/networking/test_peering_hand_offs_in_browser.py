"""The page behind a link to a peering in Chromium: what its holder does there, and that anybody can."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from networking.actions.hand_offs import hand_off_peering
from networking.actions.screenshots import keep_screenshot
from networking.models import Peering, StepNote
from networking.pictures import picture
from networking.states import PeeringStep
from tests.networking.brought import user_of
from tests.networking.peered import TARGET_TABLES, TARGET_VPC, blind, connection, peered, record, requester, unrouted
from tests.networking.test_hand_offs_in_browser import choose_file, sound
from tests.networking.test_peering_facts import as_bytes, target_document
from tests.networking.test_screenshots import encoded
from tests.people import People, make_people

pytestmark = pytest.mark.browser


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def peering(people: People) -> Peering:
    row = peered(people, access=True)
    pending = connection(row, "pending-acceptance", expires_at=timezone.now() + timedelta(days=7))
    record(row, unrouted(requester(row, peerings=(pending,))), blind())
    return row


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_a_network_admin_is_told_says_it_is_done_and_shows_it(
    people: People, peering: Peering, open_page: Callable[..., Page], tmp_path: Path, theme: str, size: str
) -> None:  # fmt: skip
    assert people.staff.user is not None
    keep_screenshot(
        step=PeeringStep.ACCEPTANCE, language="en", caption="the list of peering connections",
        picture=picture(encoded(size=(900, 500))), by=people.staff.user,
    )  # fmt: skip
    _row, token = hand_off_peering(peering=peering, label="Network team", by=user_of(people))
    page = open_page(theme=theme, size=size)
    page.goto(reverse("networking:hand_off", args=[token]))
    expect(page.get_by_role("heading", name=f"Connect {TARGET_VPC}")).to_be_visible()
    expect(page.get_by_role("img", name="Screenshot of the list of peering connections")).to_be_visible()
    page.get_by_role("button", name="I have done this Accept the request").click()
    expect(page.locator("#step-acceptance")).to_contain_text("Stated to be done by Network team, by hand-off link")
    assert StepNote.objects.get().step == PeeringStep.ACCEPTANCE
    choose_file(page, tmp_path, as_bytes(target_document(routed=False)))
    expect(page.locator("#step-return-routes")).to_contain_text(TARGET_TABLES[0])
    expect(page.locator("#step-return-routes .finding-evidence").first).to_contain_text("stated by you")
    sound(page)
