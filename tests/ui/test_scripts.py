"""The small scripts: copy, times, elapsed, drafts, submits."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_copy_puts_the_whole_id_on_the_clipboard_and_says_so(open_page: Any) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/demo/styleguide/")
    page.get_by_role("button", name="Copy External ID").click()
    expect(page.locator(".copy", has_text="byoc-").locator("[role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "byoc-V9q7Zk3mX1rT8wLbC5t4Q"


def test_times_are_shown_in_the_browsers_zone_with_utc_on_hover(made_up_page: Any) -> None:
    moment = '<time data-local datetime="2026-11-23T03:00:00Z" title="2026-11-23 03:00:00 UTC">Nov. 23, 3 a.m.</time>'
    page = made_up_page(moment, "times.js")
    page.evaluate("document.documentElement.dataset.timeZone = 'UTC'")
    assert page.locator("time").inner_text() == "Nov. 23, 3 a.m."  # the browser's zone is UTC: nothing to say better


def test_times_of_another_zone_are_rewritten(open_page: Any, live_server: Any, browser: Any) -> None:
    context = browser.new_context(base_url=live_server.url, timezone_id="Asia/Tokyo", locale="en-US")
    page = context.new_page()
    page.goto("/demo/styleguide/")
    time = page.locator("time[data-local]").first
    hour = int(time.get_attribute("datetime")[11:13])
    assert f"{(hour + 9) % 12 or 12}:" in time.inner_text()
    assert time.get_attribute("title").endswith("UTC")
    assert "Asia/Tokyo" in page.locator("[data-zone-note]").inner_text()
    context.close()


def test_elapsed_time_ticks(made_up_page: Any) -> None:
    page = made_up_page(
        '<b data-since="2026-01-01T00:00:00Z">a while</b><i data-ago="2026-01-01T00:00:00Z"></i>', "elapsed.js"
    )
    expect(page.locator("b")).to_have_text(re.compile(r"\d+ days? \d+ hr"))
    expect(page.locator("i")).to_have_text(re.compile(r"\d+ days ago"))


FORM = """<form method="post" action="/made-up/next" data-draft="plan">
  <input name="cidr"><input type="password" name="secret"><input type="hidden" name="key" value="k1">
  <input type="checkbox" name="zones[]" value="a"><input type="checkbox" name="zones[]" value="b">
  <textarea name="note"></textarea></form>"""


def test_what_was_typed_survives_a_reload_but_secrets_do_not(made_up_page: Any) -> None:
    page = made_up_page(FORM, "drafts.js")
    page.fill("[name=cidr]", "10.20.0.0/16")
    page.fill("[name=note]", "二行\nlines")
    page.fill("[name=secret]", "hush")
    page.check("[value=b]")
    assert "hush" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.reload()
    assert page.input_value("[name=cidr]") == "10.20.0.0/16"
    assert page.input_value("[name=note]") == "二行\nlines"
    assert page.input_value("[name=secret]") == ""
    assert (page.is_checked("[value=a]"), page.is_checked("[value=b]")) == (False, True)


@pytest.mark.parametrize(
    ("answer", "kept"), [("<h1>next step</h1>", ""), ('<div class="entrance">sign in</div>', "10.20.0.0/16")]
)
def test_a_draft_goes_with_the_answer_but_outlives_an_ended_session(made_up_page: Any, answer: str, kept: str) -> None:
    page = made_up_page(FORM, "drafts.js")
    page.fill("[name=cidr]", "10.20.0.0/16")
    html = f"<!doctype html><link rel='icon' href='data:,'><script src='/static/js/drafts.js' defer></script>{answer}"
    page.route("**/made-up/next", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.evaluate("document.forms[0].requestSubmit()")
    page.wait_for_url("**/made-up/next")
    page.goto("/made-up/")
    assert page.input_value("[name=cidr]") == kept


def test_a_second_click_sends_nothing(made_up_page: Any) -> None:
    page = made_up_page(
        '<form method="post" action="/made-up/slow"><button name="go" value="1">Go</button></form>', "submits.js"
    )
    sent: list[str] = []
    page.route("**/made-up/slow", lambda route: (sent.append(route.request.post_data or ""), route.fulfill(status=204)))
    page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('button').click()")
    page.wait_for_timeout(300)
    page.evaluate("document.querySelector('button').click()")
    page.wait_for_timeout(300)
    assert sent == ["go=1"]
    assert page.locator("button").get_attribute("aria-disabled") == "true"
