"""What the portal does by itself: the daily proof, and whoever waits for a shared account."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding import actions
from onboarding.kinds import REPROOF, TRUST
from onboarding.models import Deployment
from onboarding.states import AccountKind, DeploymentState
from onboarding.upkeep import reprove
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.workflows.actions import Busy
from portal.workflows.models import Letter, Workflow
from portal.workflows.states import WorkflowState
from tests.journeys import Walk
from tests.people import People, make_deployment


def grow_old(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(probed_at=timezone.now() - timedelta(hours=25))


def test_an_old_proof_is_made_anew(walk: Walk) -> None:
    walk.prove()
    assert reprove() == 0
    grow_old(walk.connection)
    assert reprove() == 1
    ended = walk.work()
    assert ended is not None
    assert (ended.kind, ended.state) == (REPROOF, WorkflowState.DONE)
    assert walk.fresh().connection.probed_at > timezone.now() - timedelta(minutes=5)


def test_a_proof_that_is_under_way_is_not_started_twice(walk: Walk) -> None:
    walk.prove()
    grow_old(walk.connection)
    assert (reprove(), reprove()) == (1, 0)
    assert Workflow.objects.filter(kind=REPROOF).count() == 1


def test_a_customer_who_takes_the_roles_away_is_seen_and_told(walk: Walk, settings: Any) -> None:
    settings.WORKFLOW = {**settings.WORKFLOW, "trust_patience": 0.2}
    walk.prove()
    for role in ("ClickHouseVerifierRole", "ClickHouseManagementRole"):
        walk.customer("iam").update_assume_role_policy(RoleName=role, PolicyDocument=CLOSED)
    grow_old(walk.connection)
    reprove()
    ended = walk.work()
    assert ended is not None
    assert ended.state == WorkflowState.PAUSED
    assert walk.fresh().connection.state == ConnectionState.LOST
    assert Letter.objects.filter(key__contains=f"turn:{ended.pk}").exists()


CLOSED = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},'
    ' "Action": "sts:AssumeRole"}]}'
)


def test_a_deployment_that_shares_the_account_is_served_when_it_is_free(walk: Walk) -> None:
    walk.register()
    second = make_deployment(walk.deployment.organisation)
    actions.register_account(
        deployment=second,
        account_id=walk.account,
        account_kind=AccountKind.SHARED,
        name="second",
        version=second.version,
        by=walk.by,
    )
    assert Workflow.objects.filter(kind=TRUST).count() == 1
    walk.deploy_roles().work()
    states = set(Deployment.objects.filter(connection=walk.connection).values_list("state", flat=True))
    assert states == {DeploymentState.INFRASTRUCTURE}
    assert Workflow.objects.filter(kind=TRUST, state=WorkflowState.DONE).count() == 2


def test_a_look_for_one_deployment_does_not_ring_for_another_one(walk: Walk) -> None:
    walk.register()
    second = make_deployment(walk.deployment.organisation)
    actions.register_account(
        deployment=second,
        account_id=walk.account,
        account_kind=AccountKind.SHARED,
        name="second",
        version=second.version,
        by=walk.by,
    )
    with pytest.raises(Busy):
        actions.look_for_roles(deployment=second, by=walk.by)


def test_the_journey_of_a_running_deployment_says_that_trust_is_broken(walk: Walk, people: People) -> None:
    walk.prove()
    Deployment.objects.filter(pk=walk.deployment.pk).update(state=DeploymentState.READY)
    Connection.objects.filter(pk=walk.connection.pk).update(state=ConnectionState.LOST)
    page = people.owner.get(reverse("onboarding:journey", args=[walk.deployment.pk])).content.decode()
    assert "the daily proof of trust failed" in page
    assert reverse("onboarding:bootstrap", args=[walk.deployment.pk]) in page
