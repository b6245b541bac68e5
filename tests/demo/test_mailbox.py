"""The mailbox: what the portal sends, as text, with links that can be clicked."""

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client

from portal.demo.mailbox import MailboxBackend
from portal.demo.models import DemoMail, linked

pytestmark = pytest.mark.django_db


def send(subject: str = "Your turn", body: str = "Go on.", to: list[str] | None = None) -> int:
    recipients = ["maya@acme.example"] if to is None else to
    message = EmailMessage(subject, body, "vendor@vendor.example", recipients)
    return MailboxBackend().send_messages([message])


def test_a_mail_becomes_a_row_and_a_part_of_the_page(anonymous: Client) -> None:
    assert send("Your turn", "Open http://127.0.0.1:8000/people/invitation/abc/ now.") == 1
    mail = DemoMail.objects.get()
    assert (mail.recipients, mail.subject, mail.sender) == ("maya@acme.example", "Your turn", "vendor@vendor.example")
    page = anonymous.get("/demo/mailbox/").content.decode()
    link = '<a href="http://127.0.0.1:8000/people/invitation/abc/" rel="nofollow noopener">'
    assert link in page
    assert "maya@acme.example" in page


def test_html_in_a_mail_is_shown_as_text(anonymous: Client) -> None:
    send("<script>alert(1)</script>", '<img src=x onerror=alert(2)> "http://a.example/"><b>"', ["<i>@acme.example"])
    page = anonymous.get("/demo/mailbox/").content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "<i>@" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<a href="http://a.example/" rel="nofollow noopener">http://a.example/</a>&quot;&gt;&lt;b&gt;' in page


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "//a.example/x"])
def test_only_http_addresses_become_links(text: str) -> None:
    assert "<a " not in linked(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("See https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/?a=1&b=2", "https://a.example/?a=1&amp;b=2"),
        ("https://a.example/x/\nNext", "https://a.example/x/"),
    ],
)
def test_a_link_ends_where_the_address_ends(text: str, url: str) -> None:
    assert f'<a href="{url}" rel="nofollow noopener">{url}</a>' in linked(text)


def test_the_newest_mail_comes_first(anonymous: Client) -> None:
    send("An early mail")
    send("A late mail")
    page = anonymous.get("/demo/mailbox/").content.decode()
    assert page.index("A late mail") < page.index("An early mail")


def test_an_empty_mailbox_says_what_to_expect(anonymous: Client) -> None:
    page = anonymous.get("/demo/mailbox/").content.decode()
    assert "No mail yet" in page
    assert "somebody is invited" in page


def test_a_mail_of_a_transaction_that_fails_is_never_seen() -> None:
    def act() -> None:
        with transaction.atomic():
            send()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not DemoMail.objects.exists()


def test_a_mail_to_nobody_is_not_sent() -> None:
    assert send(to=[]) == 0
    assert not DemoMail.objects.exists()


def test_a_line_break_in_a_subject_is_a_blank() -> None:
    send("Your\nturn")
    assert DemoMail.objects.get().subject == "Your turn"


@pytest.mark.parametrize("count", [10, 500])
def test_the_page_asks_the_database_no_more_for_more_mails(
    anonymous: Client, count: int, django_assert_max_num_queries: object
) -> None:
    DemoMail.objects.bulk_create(DemoMail(sender="a", recipients="b", subject=f"{i}", text="t") for i in range(count))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        page = anonymous.get("/demo/mailbox/", {"page": "1"}).content.decode()
    assert page.count("<article") == min(count, 20)
    assert ("Older" in page) == (count > 20)


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1'"])
def test_a_page_number_that_does_not_exist_shows_one_that_does(anonymous: Client, page: str) -> None:
    send("only one")
    answer = anonymous.get("/demo/mailbox/", {"page": page})
    assert answer.status_code == 200
    assert "only one" in answer.content.decode()
