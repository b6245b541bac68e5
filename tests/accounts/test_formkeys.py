"""One-time form keys: a form does its work once."""

import re

import pytest
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory

from portal.accounts.formkeys import FormKeyRefused, claim, new_key, once
from portal.accounts.models import FormKey, Organisation
from tests.people import People, make_organisation, make_user


def _post(user, **fields):
    request = RequestFactory().post("/somewhere/", fields)
    request.user = user
    return request


def test_the_first_post_does_the_work_and_the_second_is_sent_to_its_result(people: People) -> None:
    key = new_key()

    def act() -> str:
        make_organisation("Made once")
        return "/made/1/"

    first = once(_post(people.owner.user, form_key=key), act)
    second = once(_post(people.owner.user, form_key=key), act)

    assert (first.status_code, first["Location"]) == (302, "/made/1/")
    assert (second.status_code, second["Location"]) == (302, "/made/1/")
    assert Organisation.objects.filter(name="Made once").count() == 1
    assert FormKey.objects.get(key=key).result_url == "/made/1/"


@pytest.mark.parametrize("key", ["", "short", "x" * 42, "x" * 44, "=" * 43, "x" * 42 + "\n"])
def test_a_malformed_key_is_refused_and_nothing_is_done(people: People, key: str) -> None:
    answer = once(_post(people.owner.user, form_key=key), lambda: make_organisation("Never").name)

    assert answer.status_code == 409
    assert "This page is out of date" in answer.content.decode()
    assert not Organisation.objects.filter(name="Never").exists()


def test_a_missing_key_is_refused(people: People) -> None:
    answer = once(_post(people.owner.user), lambda: make_organisation("Never").name)

    assert answer.status_code == 409
    assert not Organisation.objects.filter(name="Never").exists()


def test_somebody_elses_key_leads_nowhere(people: People) -> None:
    key = new_key()
    once(_post(people.owner.user, form_key=key), lambda: "/secret/result/")

    answer = once(_post(people.stranger.user, form_key=key), lambda: make_organisation("Never").name)

    assert answer.status_code == 409
    assert "/secret/result/" not in answer.content.decode()
    assert not Organisation.objects.filter(name="Never").exists()


def test_a_failed_action_gives_the_key_back(people: People) -> None:
    key = new_key()

    def fail() -> str:
        make_organisation("Half made")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        once(_post(people.owner.user, form_key=key), fail)

    assert not FormKey.objects.filter(key=key).exists()
    assert not Organisation.objects.filter(name="Half made").exists()
    assert once(_post(people.owner.user, form_key=key), lambda: "/now/").status_code == 302


def test_claim_tells_the_first_from_the_second_and_keeps_people_apart(db: None) -> None:
    key, user = new_key(), make_user("a@customer.example")
    with transaction.atomic():
        assert claim(key, user, "/result/") is None
        assert claim(key, user, "/other/") == "/result/"
        with pytest.raises(FormKeyRefused):
            claim(key, None, "/result/")


def test_each_rendered_form_has_a_key_of_its_own() -> None:
    page = Template("{% load formkeys %}{% form_key %}{% form_key %}").render(Context())

    keys = re.findall(r'<input type="hidden" name="form_key" value="([A-Za-z0-9_-]{43})">', page)
    assert len(set(keys)) == 2
