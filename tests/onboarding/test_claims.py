"""Who may claim an AWS account, and what nobody can bring along."""

import json

import pytest
from django.urls import reverse

from onboarding.models import Deployment
from portal.aws import sessions
from portal.aws.models import CallRecord, Connection
from portal.aws.states import ConnectionState, RoleKind
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator
from tests.journeys import Walk
from tests.people import People, make_deployment

ENTERED = ("ClickHouseManagementRole", "ClickHouseVerifierRole")


@pytest.fixture
def other(people: People, walk: Walk) -> Walk:
    """A deployment of another tenant."""
    assert people.stranger.user is not None
    return Walk(make_deployment(people.elsewhere), people.stranger.user)


def let_in(walk: Walk, external_id: str) -> None:
    """Whoever owns the account makes both roles ask for `external_id`."""
    iam = walk.customer("iam")
    for name in ENTERED:
        trust = json.dumps(iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"])
        changed = trust.replace(walk.connection.external_id, external_id)
        assert changed != trust
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=changed)


def test_an_unproven_claim_blocks_nobody(walk: Walk, other: Walk) -> None:
    other.register("210987654399")
    walk.register("210987654399").prove()
    assert walk.connection.state == ConnectionState.PROVEN


def test_a_second_tenant_that_proves_an_account_is_refused_neutrally_and_support_is_told(
    walk: Walk, other: Walk
) -> None:
    walk.prove()
    other.register(walk.account)
    let_in(walk, other.connection.external_id)
    ended = other.work()
    assert ended is not None
    assert ended.state == WorkflowState.REFUSED
    assert "could not be verified" in ended.message["en"]
    assert str(walk.deployment.organisation) not in json.dumps(ended.message)
    ticket = Ticket.objects.get(kind=TicketKind.ACCOUNT_CLAIM)
    assert ticket.organisation_id == other.deployment.organisation_id
    assert Connection.objects.get(pk=other.connection.pk).state != ConnectionState.PROVEN
    assert Connection.objects.get(pk=walk.connection.pk).state == ConnectionState.PROVEN


def test_two_connections_to_one_account_have_external_ids_of_their_own(walk: Walk, other: Walk) -> None:
    walk.register("210987654398")
    other.register("210987654398")
    assert walk.connection.external_id != other.connection.external_id


def test_a_posted_external_id_is_ignored(people: People, deployment: Deployment, aws_env: Emulator) -> None:
    page = people.owner.get(reverse("onboarding:account", args=[deployment.pk]))
    form_key = page.content.decode().split('name="form_key" value="')[1].split('"')[0]
    people.owner.post(
        reverse("onboarding:account", args=[deployment.pk]),
        {
            "form_key": form_key,
            "account_id": "210987654397",
            "account_kind": "dedicated",
            "name": deployment.name,
            "version": deployment.version,
            "external_id": "chosen-by-me",
        },
    )
    made = Connection.objects.get(account_id="210987654397")
    assert made.external_id.startswith("byoc-")
    assert len(made.external_id) == len("byoc-") + 48


def test_an_answer_for_another_account_locks_the_connection(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {"AssumedRoleUser": {"Arn": "arn:aws:sts::210987654396:assumed-role/X/y"}, "Credentials": {}}
    monkeypatch.setattr(sessions, "_assume", lambda *_args, **_more: elsewhere)
    with pytest.raises(sessions.WrongAccount):
        sessions.open_session(connection, RoleKind.VERIFIER, errand=sessions.Errand(purpose="test"))
    connection.refresh_from_db()
    assert connection.state == ConnectionState.QUARANTINED
    with pytest.raises(sessions.DoorClosed):
        sessions.open_session(connection, RoleKind.VERIFIER, errand=sessions.Errand(purpose="test"))


def test_the_customers_calls_say_for_whom_and_for_what_they_were_made(walk: Walk) -> None:
    walk.prove()
    calls = CallRecord.objects.filter(connection=walk.connection)
    assert calls.exists()
    assert not calls.filter(purpose="").exists()
    assert not calls.filter(actor__contains="@").exists()
    assert set(calls.values_list("organisation_id", flat=True)) == {walk.deployment.organisation_id}
