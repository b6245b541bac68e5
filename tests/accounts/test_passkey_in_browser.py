"""A passkey in a real browser: Chromium's virtual authenticator holds it."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests.people import PASSWORD, Person, make_user, sign_in

pytestmark = pytest.mark.browser

#: A platform authenticator such as Touch ID, which says yes without asking.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _with_authenticator(page: Page) -> Page:
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_staff_add_a_passkey_and_open_the_desk_with_it(transactional_db: None, open_page: Callable[..., Page]) -> None:
    staff = make_user("staff@vendor.example", is_staff=True, is_superuser=True)
    page = _with_authenticator(open_page(Person(staff, sign_in(staff))))
    page.on("response", lambda answer: None)

    page.goto("/people/protect/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Recovery Codes").first).to_be_visible()
    assert Authenticator.objects.filter(user=staff, type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto("/admin/onboarding/onboardingrequest/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url("**/admin/onboarding/onboardingrequest/")
    expect(page.locator("#content")).to_contain_text("request")
