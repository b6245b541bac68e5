"""allauth's pages wear the portal's frame and pass axe."""

from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tests.people import PASSWORD, People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTRANCE = ["/account/login/", "/account/signup/", "/account/password/reset/"]
OWN = [
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/sessions/",
    "/account/email/",
    "/account/password/change/",
    "/account/3rdparty/",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ENTRANCE)
def test_an_entrance_page_passes_axe(open_page: Any, violations: Any, path: str, theme: str) -> None:
    page = open_page(theme=theme, size="phone")
    page.goto(path)
    assert page.locator("header.topbar").is_visible()
    assert page.locator("h1").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", OWN)
def test_a_page_of_ones_own_passes_axe(open_page: Any, violations: Any, people: People, path: str, theme: str) -> None:
    page = open_page(people.owner, theme=theme)
    page.goto(path)
    if "/reauthenticate/" in page.url:  # these pages ask for the password again
        assert violations(page) == []
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(f"**{path}")
    assert page.get_by_role("navigation", name="Your account").is_visible()
    assert page.locator("h1").count() == 1
    assert violations(page) == []


def test_the_account_menu_leads_to_sessions_and_out(open_page: Any, people: People) -> None:
    page = open_page(people.owner)
    page.goto("/account/sessions/")
    page.locator("details.menu > summary").click()
    menu = page.locator(".menu-list")
    assert menu.get_by_role("link", name="Two-factor sign-in").is_visible()
    menu.get_by_role("button", name="Sign out").click()
    page.goto("/account/sessions/")
    assert "/account/login/" in page.url


def test_the_menu_closes_on_escape_and_gives_the_focus_back(open_page: Any, people: People) -> None:
    page = open_page(people.owner)
    page.goto("/account/sessions/")
    summary = page.locator("details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".menu-list").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".menu-list").is_hidden()
    assert summary.evaluate("element => element === document.activeElement")


def test_a_wrong_password_is_told_beside_the_form(open_page: Any, people: People, violations: Any) -> None:
    page = open_page()
    page.goto("/account/login/")
    page.get_by_label("Email").fill("nobody@acme.example")
    page.get_by_label("Password").fill("wrong-password-1")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.locator(".alert-danger").is_visible()
    assert violations(page) == []


def test_the_admin_wears_the_vendors_name_and_keeps_the_csp(open_page: Any, people: People) -> None:
    page = open_page(people.staff, theme="dark")
    page.goto("/admin/")
    assert "support desk" in page.locator("#site-name").inner_text()
    page.locator(".admin-languages button", has_text="日本語").click()
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.url.endswith("/admin/")


def test_recovery_codes_are_shown_whole_to_copy_and_to_download(
    open_page: Any, people: People, violations: Any
) -> None:
    codes = RecoveryCodes.activate(people.owner.user).get_unused_codes()
    page = open_page(people.owner)
    page.goto("/account/2fa/recovery-codes/")
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.get_by_role("region", name="Unused codes").inner_text().split() == codes
    assert page.locator("[data-copy]").get_attribute("data-copy").split() == codes
    assert page.get_by_role("link", name="Download the codes").is_visible()
    assert violations(page) == []


def test_the_second_factor_is_asked_for_in_the_same_frame(open_page: Any, people: People, violations: Any) -> None:
    page = open_page(theme="dark", size="phone")
    page.goto("/account/login/")
    page.get_by_label("Email").fill(people.staff.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/2fa/authenticate/")
    assert page.get_by_label("Code").is_visible()
    assert violations(page) == []
