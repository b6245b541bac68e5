"""The viewer's profile."""

import pytest
from django.urls import reverse

from portal.accounts.formkeys import new_key
from tests.people import People

ADDRESS = "/people/profile/"


def _save(people: People, **fields: str):
    sound = {"form_key": new_key(), "name": "Grace", "language": "ja", "time_zone": "Asia/Tokyo"}
    return people.colleague.post(ADDRESS, {**sound, **fields})


def test_it_shows_the_person_and_suggests_a_second_factor(people: People) -> None:
    page = people.colleague.get(reverse("accounts:profile")).content.decode()
    assert people.colleague.user.email in page
    assert "Your account is protected by a password alone." in page
    assert '<option value="Asia/Tokyo">' in page


def test_it_keeps_name_language_and_zone(people: People) -> None:
    assert _save(people).status_code == 302
    user = people.colleague.user
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("Grace", "ja", "Asia/Tokyo")
    page = people.colleague.get(ADDRESS).content.decode()
    assert '<html lang="ja"' in page
    assert 'data-time-zone="Asia/Tokyo"' in page


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "../../etc/passwd",
        "/etc/localtime",
        "localtime",
        "posix/UTC",
        "EST",
        "Etc/GMT+5",
        "asia/tokyo",
        "Mars/Olympus",
    ],
)
def test_it_takes_canonical_time_zones_only(people: People, zone: str) -> None:
    answer = _save(people, time_zone=zone)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    people.colleague.user.refresh_from_db()
    assert people.colleague.user.time_zone == "UTC"


@pytest.mark.parametrize("name", ["a\u202eb", "a\x07b", "a\u200bb", "x" * 10_000])
def test_it_refuses_names_that_cannot_be_seen_or_are_endless(people: People, name: str) -> None:
    assert _save(people, name=name).status_code == 422


def test_it_refuses_a_language_that_is_not_offered(people: People) -> None:
    assert _save(people, language="tlh").status_code == 422


def test_a_name_is_shown_as_text(people: People) -> None:
    _save(people, name="<script>alert(1)</script>{{7*7}}", language="en")
    page = people.colleague.get(ADDRESS).content.decode()
    assert "<script>alert(1)" not in page
    assert "{{7*7}}" in page


def test_without_a_form_key_nothing_is_saved(people: People) -> None:
    assert _save(people, form_key="").status_code == 409
    people.colleague.user.refresh_from_db()
    assert people.colleague.user.time_zone == "UTC"


def test_it_asks_visitors_to_sign_in(people: People) -> None:
    answer = people.anonymous.get(ADDRESS)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
