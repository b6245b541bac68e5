"""The account page: what it takes, what it refuses and why, and that a refusal changes nothing."""

import html
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from onboarding.models import Deployment
from portal.accounts.formkeys import new_key
from portal.aws.models import Connection
from portal.workflows.models import Event, Letter, Workflow
from portal.workflows.states import WorkflowState
from tests.journeys import Walk
from tests.onboarding.journey.scenes import address, newest_workflow, sent
from tests.people import People, Person, fresh_account_id, make_deployment

DIGITS = "An AWS account ID is exactly 12 digits"


def rows() -> list[Any]:
    """Everything that a post to the page may change."""
    return [list(model.objects.order_by("pk").values()) for model in (Deployment, Connection, Workflow, Event, Letter)]


def post(walk: Walk, person: Person, **changed: object) -> Any:
    """A sound form, with some fields changed."""
    sound = {"name": "analytics", "account_id": fresh_account_id(), "account_kind": "dedicated"}
    return person.post(address(walk, "account"), sent(walk, **sound) | changed)


#: Row of the list of bad inputs, field, what is typed, what the message says.
BAD = [
    ("1", "account_id", "", DIGITS),
    ("1", "account_id", "   ", DIGITS),
    ("2", "account_id", "12345678901", DIGITS),
    ("2", "account_id", "1234567890123", DIGITS),
    ("6", "account_id", "１２３４５６７８９０１２", DIGITS),
    ("6", "account_id", "١٢٣٤٥٦٧٨٩٠١٢", DIGITS),
    ("11", "account_id", "123456789012' OR 1=1--", DIGITS),
    ("11", "account_id", "<script>alert(1)</script>", DIGITS),
    ("11", "account_id", "9" * 10_240, DIGITS),
    ("12", "account_id", "1234-5678-9012", DIGITS),
    ("14", "account_id", "arn:aws:iam::123456789012:user/x", DIGITS),
    ("15", "account_id", "arn:aws:sts::123456789012:assumed-role/x/y", DIGITS),
    ("nobody", "account_id", "000000000000", "000000000000 is no AWS account"),
    ("vendor", "account_id", "426924874929", "is our own account"),
    ("70", "name", "", ""),
    ("70", "name", "   ", ""),
    ("70", "name", "n" * 10_000, ""),
    ("71", "name", "pro\u202educt", ""),
    ("71", "name", "pro\u200bduct", ""),
    ("81", "version", "1e3", ""),
    ("81", "version", "-1", ""),
    ("81", "version", "", ""),
    ("85", "account_kind", "both", ""),
    ("85", "account_kind", "", ""),
]


@pytest.mark.parametrize(("row", "field", "typed", "said"), BAD, ids=[f"{row}-{n}" for n, (row, *_) in enumerate(BAD)])
def test_a_bad_value_is_refused_at_its_field_and_changes_nothing(
    people: People, walk: Walk, row: str, field: str, typed: str, said: str
) -> None:
    before = rows()
    answer = post(walk, people.admin, **{field: typed})
    assert answer.status_code == 422
    assert rows() == before
    errors = answer.context["form"].errors[field]
    assert errors
    text = answer.content.decode()
    assert html.escape(errors[0]) in text
    assert said in errors[0]
    assert "<script>alert" not in text


def test_blanks_round_an_account_are_taken_off_once(people: People, walk: Walk) -> None:
    account = fresh_account_id()
    assert post(walk, people.admin, account_id=f" {account} ").status_code == 302
    assert walk.fresh().account == account


@pytest.mark.parametrize("name", ["{{7*7}}", "${x}", "%s", "=cmd()", "<b>prod</b>", "本番 👩‍💻"])
def test_a_name_is_shown_as_text(people: People, walk: Walk, name: str) -> None:
    assert post(walk, people.admin, name=name).status_code == 302
    assert walk.fresh().deployment.name == name
    page = people.viewer.get(address(walk, "journey")).content.decode()
    assert html.escape(name) in page
    assert "<b>prod</b>" not in page


def test_two_deployments_of_one_organisation_have_two_names(people: People, walk: Walk) -> None:
    other = make_deployment(people.organisation, "analytics")
    answer = post(walk, people.admin, name=other.name)
    assert answer.status_code == 422
    assert "Another deployment of yours is called analytics." in answer.content.decode()


def test_an_account_that_another_tenant_claims_is_taken_without_a_hint(people: People, walk: Walk) -> None:
    assert people.stranger.user is not None
    theirs = Walk(make_deployment(people.elsewhere), people.stranger.user).prove()
    answer = post(walk, people.admin, account_id=theirs.account)
    assert answer.status_code == 302
    assert walk.fresh().connection.external_id != theirs.connection.external_id


def test_until_trust_is_proven_another_account_may_be_named(people: People, walk: Walk) -> None:
    walk.register()
    first, searching = walk.connection, newest_workflow(walk)
    account = fresh_account_id()
    assert post(walk, people.admin, account_id=account).status_code == 302
    searching.refresh_from_db()
    assert searching.state == WorkflowState.CANCELLED
    assert walk.fresh().account == account
    assert walk.connection.external_id != first.external_id
    # And back: the External ID of the first account is still its own.
    assert post(walk, people.admin, account_id=first.account_id).status_code == 302
    assert walk.fresh().connection.external_id == first.external_id


def test_after_the_proof_the_account_stays(people: People, walk: Walk) -> None:
    walk.prove()
    before = rows()
    page = people.owner.get(address(walk, "account")).content.decode()
    assert "The account is proven and stays as it is" in page
    assert '<form method="post" novalidate' not in page
    assert post(walk, people.owner).status_code == 409
    assert rows() == before


def test_a_null_character_is_refused_before_any_form(people: People, walk: Walk) -> None:
    before = rows()
    assert post(walk, people.admin, name="pro\u0000duct").status_code in {400, 422}
    assert rows() == before


def test_a_viewer_sees_the_account_and_why_nothing_can_be_changed(people: People, walk: Walk) -> None:
    page = people.viewer.get(address(walk, "account")).content.decode()
    assert "No AWS account is named yet." in page
    assert "Only admins and owners may name the account; you are a viewer." in page
    walk.register()
    assert walk.account in people.viewer.get(address(walk, "account")).content.decode()
    before = rows()
    assert post(walk, people.viewer).status_code == 403
    assert rows() == before


def test_a_form_that_is_too_old_shows_what_differs(people: People, walk: Walk) -> None:
    old = sent(walk, name="mine", account_id=fresh_account_id(), account_kind="shared")
    walk.register()
    before = rows()
    answer = people.admin.post(address(walk, "account"), old)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "mine" in text
    assert walk.deployment.name in text
    assert str(old["account_id"]) in text
    assert walk.account in text
    assert rows() == before


def test_the_same_form_twice_does_one_thing(people: People, walk: Walk) -> None:
    form = sent(walk, name="once", account_id=fresh_account_id(), account_kind="shared")
    answers = [people.admin.post(address(walk, "account"), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"] == address(walk, "bootstrap")
    assert Workflow.objects.count() == 1
    assert Connection.objects.count() == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 44])
def test_without_a_sound_key_nothing_is_done(people: People, walk: Walk, key: str) -> None:
    before = rows()
    assert post(walk, people.admin, form_key=key).status_code == 409
    assert rows() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_other_methods_change_nothing(people: People, walk: Walk, method: str) -> None:
    before = rows()
    answer = getattr(people.admin.client, method)(address(walk, "account"))
    assert answer.status_code == 405
    assert rows() == before


def test_a_method_in_the_body_is_only_a_field(people: People, walk: Walk) -> None:
    assert post(walk, people.admin, _method="DELETE").status_code == 302
    assert Deployment.objects.filter(pk=walk.deployment.pk).exists()


def strict(person: Person) -> Client:
    """The person's browser with Django's CSRF check on, as in production."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = person.client.cookies["sessionid"].value
    return client


def test_a_post_needs_the_token_of_this_session(people: People, walk: Walk) -> None:
    before = rows()
    form = sent(walk, name="analytics", account_id=fresh_account_id(), account_kind="dedicated")
    client, other = strict(people.admin), strict(people.owner)
    client.get(address(walk, "account"))
    other.get(address(walk, "account"))
    token = other.cookies[django_settings.CSRF_COOKIE_NAME].value
    for given in ({}, {"csrfmiddlewaretoken": "x" * 64}, {"csrfmiddlewaretoken": token}):
        assert client.post(address(walk, "account"), form | given).status_code == 403
    assert rows() == before
    own = client.cookies[django_settings.CSRF_COOKIE_NAME].value
    for origin in ("https://evil.example", "null"):
        answer = client.post(address(walk, "account"), form | {"csrfmiddlewaretoken": own}, HTTP_ORIGIN=origin)
        assert answer.status_code == 403
    assert rows() == before
    sound = client.post(address(walk, "account"), form | {"csrfmiddlewaretoken": own}, HTTP_ORIGIN="http://testserver")
    assert sound.status_code == 302


def test_repeated_fields_are_refused(people: People, walk: Walk) -> None:
    before = rows()
    form = sent(walk, name="analytics", account_kind="dedicated")
    body = form | {"account_id": [fresh_account_id(), fresh_account_id()]}
    assert people.admin.post(address(walk, "account"), body).status_code in {400, 422}
    assert rows() == before


def test_other_steps_do_not_open_before_their_turn(people: People, walk: Walk) -> None:
    before = rows()
    for page in ("bootstrap_look", "bootstrap_permissions"):
        assert people.admin.post(address(walk, page), sent(walk)).status_code == 409
    override = sent(walk, code="role.path", reason="It is as we want it.")
    assert people.admin.post(address(walk, "bootstrap_override"), override).status_code == 409
    assert rows() == before


def test_the_form_offers_what_was_requested(people: People) -> None:
    deployment = make_deployment(people.organisation, requested_account_id="222222222222")
    assert people.owner.user is not None
    page = people.owner.get(address(Walk(deployment, people.owner.user), "account")).content.decode()
    assert 'value="222222222222"' in page
    assert len(new_key()) == 43
