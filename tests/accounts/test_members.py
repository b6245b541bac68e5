"""The people page: members read it, owners decide."""

import re

import pytest
from django.urls import reverse

from portal.accounts.actions import invite
from portal.accounts.formkeys import new_key
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.states import Role
from portal.accounts.views.people import RATES
from portal.workflows.models import Event, Letter
from tests.people import People, Person, join, make_user


def _page(people: People) -> str:
    return reverse("accounts:members", args=[people.organisation.pk])


def _send(person: Person, name: str, *args: object, **fields: str):
    return person.post(reverse(f"accounts:{name}", args=args), {"form_key": new_key(), **fields})


def _role(people: People, person: Person) -> str | None:
    return (
        Membership.objects.filter(organisation=people.organisation, user=person.user)
        .values_list("role", flat=True)
        .first()
    )


def _steady(page: str) -> str:
    """The page without what differs from one rendering to the next: ids, nonces and CSRF tokens."""
    return re.sub(r"[0-9a-f-]{36}|[A-Za-z0-9]{64}|nonce=\"[^\"]*\"", "", page)


def test_it_leads_to_the_only_organisation(people: People) -> None:
    answer = people.colleague.get(reverse("accounts:people"))
    assert (answer.status_code, answer["Location"]) == (302, _page(people))


def test_it_lets_people_of_several_organisations_choose(people: People) -> None:
    join(people.colleague.user, people.elsewhere, Role.VIEWER)
    page = people.colleague.get(reverse("accounts:people")).content.decode()
    assert "Analytical Engines" in page
    assert "Difference Engines" in page


def test_a_colleague_reads_it_without_buttons(people: People) -> None:
    page = people.colleague.get(_page(people)).content.decode()
    assert people.owner.user.email in page
    assert "Owners invite people and change roles." in page
    assert "Send the invitation" not in page


def test_a_stranger_gets_the_same_404_as_for_a_missing_one(people: People) -> None:
    strange = people.stranger.get(_page(people))
    missing = people.stranger.get(reverse("accounts:members", args=[Invitation().pk]))
    assert strange.status_code == missing.status_code == 404
    assert _steady(strange.content.decode()) == _steady(missing.content.decode())


def test_an_owner_invites_and_only_the_hash_of_the_token_is_kept(people: People) -> None:
    answer = _send(people.owner, "invite", people.organisation.pk, email=" New@Customer.example ", role="admin")

    assert answer.status_code == 302
    invitation = Invitation.objects.get(organisation=people.organisation)
    assert (invitation.email, invitation.role, invitation.invited_by) == (
        "new@customer.example",
        "admin",
        people.owner.user,
    )
    letter = Letter.objects.get(to="new@customer.example")
    token = re.search(r"/people/invitation/([A-Za-z0-9_-]{43})/", letter.body).group(1)
    assert token not in str(invitation.__dict__)
    assert Event.objects.get(code="people.invited").organisation == people.organisation
    page = people.owner.get(_page(people)).content.decode()
    assert "new@customer.example" in page


def test_a_double_click_invites_once(people: People) -> None:
    fields = {"form_key": new_key(), "email": "new@customer.example", "role": "viewer"}
    address = reverse("accounts:invite", args=[people.organisation.pk])
    assert people.owner.post(address, fields).status_code == 302
    assert people.owner.post(address, fields).status_code == 302
    assert Invitation.objects.count() == 1
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("who", ["admin", "colleague"])
def test_only_owners_invite(people: People, who: str) -> None:
    answer = _send(getattr(people, who), "invite", people.organisation.pk, email="x@customer.example", role="owner")
    assert answer.status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("email", ["", "a@b", "a@b..example", "x@y.example\nBcc: z@w.example", "a@b@c.example"])
def test_a_bad_address_comes_back_with_a_message(people: People, email: str) -> None:
    answer = _send(people.owner, "invite", people.organisation.pk, email=email, role="viewer")
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not Invitation.objects.exists()
    assert not Letter.objects.exists()


def test_a_made_up_role_is_refused(people: People) -> None:
    answer = _send(people.owner, "invite", people.organisation.pk, email="x@customer.example", role="emperor")
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(people: People) -> None:
    answer = _send(
        people.owner, "invite", people.organisation.pk, email=people.colleague.user.email.upper(), role="admin"
    )
    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    assert _role(people, people.colleague) == "viewer"


def test_inviting_again_closes_the_older_offer(people: People) -> None:
    for role in ("viewer", "admin"):
        _send(people.owner, "invite", people.organisation.pk, email="x@customer.example", role=role)
    newest, older = Invitation.objects.order_by("-created_at")
    assert newest.is_open
    assert not older.is_open


def test_an_owner_takes_an_invitation_back(people: People) -> None:
    invitation = invite(
        organisation=people.organisation, email="x@customer.example", role=Role.ADMIN, by=people.owner.user
    )
    assert _send(people.stranger, "revoke", invitation.pk).status_code == 404
    assert _send(people.admin, "revoke", invitation.pk).status_code == 403
    invitation.refresh_from_db()
    assert invitation.is_open
    assert _send(people.owner, "revoke", invitation.pk).status_code == 302
    invitation.refresh_from_db()
    assert not invitation.is_open
    assert Event.objects.filter(code="people.invitation_revoked").count() == 1


def test_an_owner_changes_a_role(people: People) -> None:
    answer = _send(people.owner, "change_role", people.organisation.pk, people.colleague.user.pk, role="admin")
    assert answer.status_code == 302
    assert _role(people, people.colleague) == "admin"
    event = Event.objects.get(code="people.role_changed")
    assert people.colleague.user.email in event.sentence["en"]


def test_the_last_owner_can_neither_step_down_nor_leave(people: People) -> None:
    down = _send(people.owner, "change_role", people.organisation.pk, people.owner.user.pk, role="viewer")
    out = _send(people.owner, "remove", people.organisation.pk, people.owner.user.pk)
    assert (down.status_code, out.status_code) == (422, 422)
    assert "is the last owner of Analytical Engines" in down.content.decode()
    assert _role(people, people.owner) == "owner"


def test_one_of_two_owners_may_leave(people: People) -> None:
    _send(people.owner, "change_role", people.organisation.pk, people.admin.user.pk, role="owner")
    assert _send(people.owner, "remove", people.organisation.pk, people.owner.user.pk).status_code == 302
    assert _role(people, people.owner) is None
    assert people.owner.get(_page(people)).status_code == 404


def test_a_removed_colleague_is_out_at_once(people: People) -> None:
    assert _send(people.owner, "remove", people.organisation.pk, people.colleague.user.pk).status_code == 302
    assert people.colleague.get(_page(people)).status_code == 404
    assert Event.objects.filter(code="people.removed").count() == 1


def test_a_person_of_another_organisation_is_as_unknown_as_nobody(people: People) -> None:
    for answer in (
        _send(people.owner, "remove", people.organisation.pk, people.stranger.user.pk),
        _send(people.owner, "change_role", people.organisation.pk, people.stranger.user.pk, role="viewer"),
        _send(people.owner, "remove", people.organisation.pk, make_user("lone@customer.example").pk),
    ):
        assert answer.status_code == 404
    assert Membership.objects.filter(user=people.stranger.user, organisation=people.elsewhere).exists()


def test_the_page_costs_the_same_for_many_members(people: People, django_assert_max_num_queries) -> None:
    users = [User(email=f"m{number:04}@customer.example", password="!") for number in range(5_000)]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        Membership(organisation=people.organisation, user=user, role=Role.VIEWER) for user in users
    )
    with django_assert_max_num_queries(10):
        page = people.owner.get(_page(people)).content.decode()
    assert "m0001@customer.example" in page
    assert "Page 1 of 51" in page
    for odd in ("9999999", "abc", "-1"):
        assert people.owner.get(_page(people), data={"page": odd}).status_code == 200
    assert "m4999@customer.example" in people.owner.get(_page(people), data={"page": "51"}).content.decode()


def test_an_owner_cannot_flood_the_world_with_mail(people: People) -> None:
    limit = int(RATES["invite"].split("/")[0])
    for number in range(limit):
        _send(people.owner, "invite", people.organisation.pk, email=f"x{number}@customer.example", role="viewer")
    answer = _send(people.owner, "invite", people.organisation.pk, email="last@customer.example", role="viewer")
    assert answer.status_code == 429
    assert "Wait an hour" in answer.content.decode()
    assert Letter.objects.count() == Invitation.objects.count() == limit
