"""Approving and declining a request."""

import re

import pytest
from django.test import Client

from onboarding.models import Deployment, OnboardingRequest
from onboarding.requests.actions import approve, decline, deployment_name, submit
from portal.accounts.models import Invitation, Membership, Organisation
from portal.accounts.refusals import ActionRefused
from portal.workflows.models import Event, Letter
from tests.people import PASSWORD, People, sign_in


def _asked(**fields: str) -> OnboardingRequest:
    sound = {
        "company": "Babbage & Co",
        "email": "ada@customer.example",
        "account_id": "222222222222",
        "region": "eu-central-1",
        "language": "en",
    }
    return submit(**{**sound, **fields})


def test_approval_makes_organisation_deployment_and_invitation(people: People) -> None:
    request = _asked()
    deployment = approve(request=request, by=people.staff.user)

    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("approved", people.staff.user)
    assert request.organisation.name == "Babbage & Co"
    assert (deployment.organisation, deployment.name) == (request.organisation, "Babbage & Co eu-central-1")
    assert (deployment.requested_account_id, deployment.requested_region) == ("222222222222", "eu-central-1")
    assert (deployment.state, deployment.connection) == ("account", None)
    invitation = Invitation.objects.get(organisation=request.organisation)
    assert (invitation.email, invitation.role) == ("ada@customer.example", "owner")
    assert "Babbage & Co" in Letter.objects.get(to="ada@customer.example").body
    assert Event.objects.filter(organisation=request.organisation, code="request.approved").count() == 1


def test_a_second_approval_does_nothing(people: People) -> None:
    request = _asked()
    approve(request=request, by=people.staff.user)
    with pytest.raises(ActionRefused, match="decided before"):
        approve(request=OnboardingRequest.objects.get(), by=people.staff.user)
    with pytest.raises(ActionRefused, match="decided before"):
        decline(request=OnboardingRequest.objects.get(), by=people.staff.user, reason="too late")
    assert Deployment.objects.filter(organisation=request.organisation).count() == 1
    assert Organisation.objects.filter(name="Babbage & Co").count() == 1
    assert Letter.objects.count() == 1
    assert OnboardingRequest.objects.get().state == "approved"


def test_a_decline_writes_the_reason(people: People) -> None:
    request = _asked()
    decline(request=request, by=people.staff.user, reason="The account <b>belongs</b> to a reseller.")
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "The account <b>belongs</b> to a reseller.")
    letter = Letter.objects.get()
    assert letter.to == "ada@customer.example"
    assert "The account <b>belongs</b> to a reseller." in letter.body
    assert "Babbage & Co" in letter.body
    assert not Organisation.objects.filter(name="Babbage & Co").exists()


def test_the_first_owner_comes_in_by_the_link(people: People, anonymous: Client) -> None:
    deployment = approve(request=_asked(), by=people.staff.user)
    link = re.search(r"/people/invitation/[A-Za-z0-9_-]{43}/", Letter.objects.get().body).group()
    assert anonymous.post(link, {"name": "Ada", "password": PASSWORD}).status_code == 302
    membership = Membership.objects.get(organisation=deployment.organisation)
    assert (membership.user.email, membership.role) == ("ada@customer.example", "owner")
    assert sign_in(membership.user).get(f"/people/{deployment.organisation.pk}/").status_code == 200


def test_a_long_company_still_makes_a_name(people: People) -> None:
    name = deployment_name("Ω" * 120, "ap-northeast-1")
    assert len(name) == 60
    assert name.endswith(" ap-northeast-1")
    assert approve(request=_asked(company="Ω" * 120), by=people.staff.user).name.startswith("ΩΩΩ")
