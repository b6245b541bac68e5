"""The console stand-in in Chromium: what stands behind the # reaches the form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from onboarding.bootstrap.versions import template_url
from portal.demo.accounts import VENDOR
from portal.demo.seeds.vendor import publish_templates
from tests.browsers import Pages
from tests.emulators import Emulator
from tests.quick_create import quick_create_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link(aws_env: Emulator, live_server: object) -> str:
    """The portal's link, leading to the stand-in."""
    publish_templates()
    return quick_create_url(
        region="us-east-1",
        template_url=template_url(f"{aws_env.endpoint}/byoc-templates", "seed", vendor_account_id=VENDOR.id),
        external_id="byoc-from-the-link",
        vendor_account_id="111111111111",
        console=f"{live_server}/demo/console",
    )


def test_the_link_fills_the_form_and_the_page_follows_the_stack(
    open_page: Callable[..., Page], link: str, account_id: str
) -> None:
    page = open_page()
    page.goto(link)
    expect(page.get_by_label("ExternalId")).to_have_value("byoc-from-the-link")
    page.get_by_label("Account that is signed in").fill(account_id)
    page.get_by_label("I acknowledge").check()
    page.get_by_role("button", name="Create stack").click()
    expect(page.get_by_role("heading", name="clickhouse-cloud-bootstrap")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="CREATE_COMPLETE")).to_be_visible(timeout=30_000)
    expect(page.locator("#stack")).not_to_have_attribute("hx-get", "")


def test_without_scripts_the_link_is_copied_into_a_field(open_page: Pages, link: str) -> None:
    page = open_page(javascript=False)
    page.goto(link)
    page.get_by_label("Quick-create link").fill(link)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_label("ExternalId")).to_have_value("byoc-from-the-link")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/demo/", "/demo/mailbox/", "/demo/codes/", "/demo/console/"])
def test_the_pages_fit_a_phone(open_page: Pages, path: str, theme: str) -> None:
    page = open_page(size="phone", theme=theme)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_role("heading", level=1)).to_be_visible()
