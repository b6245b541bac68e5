"""Error pages: what happened, whether something changed, what to do next."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from portal.accounts.views.errors import bad_request, csrf_failure, forbidden, server_error

pytestmark = pytest.mark.django_db


def anonymous_request(requests: RequestFactory) -> HttpRequest:
    """A request in which nobody is signed in."""
    request = requests.get("/anything/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("view", "status", "title"),
    [
        (bad_request, 400, "This request can&#x27;t be read"),
        (forbidden, 403, "Your role doesn&#x27;t cover this"),
        (csrf_failure, 403, "This form has expired"),
        (server_error, 500, "Something broke on our side"),
    ],
)
def test_an_error_page_names_itself_and_leads_on(view: Any, status: int, title: str) -> None:
    answer = view(anonymous_request(RequestFactory()))
    text = answer.content.decode().replace("'", "&#x27;").replace("&#39;", "&#x27;")
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in text
    assert 'href="/"' in text


def test_a_missing_page_is_a_404_in_our_frame(anonymous: Any) -> None:
    answer = anonymous.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert 'class="topbar"' in answer.content.decode()


def test_the_500_page_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), translation.override("ja"):
        text = render_to_string("500.html", {"vendor_name": "Vendor"})
    assert '<html lang="ja"' in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_404(open_page: Any, violations: Any, watch: Any, theme: str) -> None:
    watch.allow("404")
    page = open_page(theme=theme, size="phone")
    page.goto("/no/such/page/")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_gives_the_request_id_to_quote(rf: Any, name: str) -> None:
    text = render_to_string(f"{name}.html", {"request_id": "7f6c-id"}, request=anonymous_request(rf))
    assert 'data-copy="7f6c-id"' in text
