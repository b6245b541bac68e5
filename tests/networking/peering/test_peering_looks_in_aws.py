"""Looks at both sides of a peering in two emulated accounts: what they bring, what they cost, what they are refused."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from networking.actions.peering_looks import look_at_peering
from networking.peering.looks import newest_look
from networking.peering.standing import Standing, standing_of
from networking.states import PeeringState, PeeringStatus, PeeringStep
from onboarding.stacks.naming import PEERING_ROLE
from portal.aws.models import CallRecord
from portal.aws.states import ConnectionState, RoleKind
from portal.demo import aws
from portal.findings.shapes import Level
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator
from tests.journeys import Walk
from tests.networking.peered_accounts import Grounds, grounds
from tests.networking.round_trips import every_session

pytestmark = pytest.mark.django_db(transaction=True)

#: Longer than it takes to send the calls of a look, so that calls that are sent at once overlap.
SECONDS = 0.5


def look(scene: Grounds) -> Standing:
    Workflow.objects.update(started_at=timezone.now() - timedelta(hours=1))  # no look is bounded by those before
    CallRecord.objects.all().delete()
    workflow = look_at_peering(peering=scene.peering, by=scene.walk.by)
    scene.walk.work()
    workflow.refresh_from_db()
    assert workflow.state == WorkflowState.DONE, workflow.message
    scene.peering.refresh_from_db()
    return standing_of(scene.peering)


def operations() -> list[str]:
    return sorted(CallRecord.objects.values_list("operation", flat=True))


def test_both_sides_are_seen_step_by_step_and_verified_in_eight_calls(walk: Walk, aws_env: Emulator) -> None:
    scene = grounds(walk)
    scene.lend()
    assert look(scene).current is PeeringStep.BALANCER
    assert len(operations()) == 14  # two AssumeRoles, seven reads here and five there
    assert set(CallRecord.objects.values_list("role", flat=True)) == {RoleKind.VERIFIER, RoleKind.PEERING}

    scene.enable()
    scene.request()
    standing = look(scene)
    assert standing.current is PeeringStep.ACCEPTANCE
    assert standing.connection is not None
    assert (standing.connection.pcx_id, standing.connection.status) == (scene.pcx, PeeringStatus.PENDING)
    assert standing.connection.expires_at is not None

    scene.accept()
    scene.route()
    scene.admit()
    fault = aws_env.control.order("delay", seconds=SECONDS)
    with every_session() as trips:
        standing = look(scene)
    aws_env.control.withdraw(fault)
    assert [one.message for one in standing.findings if one.level != "passed"] == []
    assert standing.is_observed
    assert scene.peering.state == PeeringState.CONNECTED
    assert operations() == [
        "AssumeRole", "AssumeRole", "DescribeLoadBalancers", "DescribeNetworkAcls", "DescribeRouteTables",
        "DescribeRouteTables", "DescribeSecurityGroups", "DescribeVpcPeeringConnections",
    ]  # fmt: skip
    assert len(trips.operations) + 2 == 8
    assert trips.depth + 2 <= 3
    assert not CallRecord.objects.filter(mutating=True).exists()


def test_the_verification_sees_what_went_away_and_the_whole_look_agrees(walk: Walk) -> None:
    scene = grounds(walk, same_account=True)
    scene.all_six()
    assert look(scene).is_observed
    whole = newest_look(scene.peering)
    assert look(scene).is_observed
    assert len(operations()) == 8  # one session serves both sides: the network ACLs of both are read
    again = newest_look(scene.peering)
    assert whole is not None
    assert again is not None
    assert again.observation.pk == whole.observation.pk
    assert again.look.shows(whole.look)

    gone, other = scene.peering.subnet_ids
    scene.there.ec2.delete_subnet(SubnetId=other)
    scene.here.ec2.delete_route(RouteTableId=scene.tables[1], DestinationCidrBlock="10.21.0.0/16")
    standing = look(scene)
    assert scene.peering.state == PeeringState.BROKEN
    (lacking,) = standing.of_step(PeeringStep.ROUTES)
    assert f"{scene.tables[1]} lacks 10.21.0.0/16 → {scene.pcx}" in lacking.message
    assert any(other in one.message for one in standing.of_step(PeeringStep.RETURN_ROUTES))
    assert gone in {subnet.id for subnet in standing.accepter.network.subnets}
    assert other not in {subnet.id for subnet in standing.accepter.network.subnets}


def test_a_lent_role_that_no_longer_opens_leaves_the_target_side_unread_and_nothing_else(walk: Walk) -> None:
    scene = grounds(walk)
    scene.all_six()
    link = scene.lend()
    assert look(scene).is_observed
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}]}
    iam = aws.client("iam", scene.peering.account_id, "us-east-1")
    iam.update_assume_role_policy(RoleName=PEERING_ROLE, PolicyDocument=json.dumps(trust))
    standing = look(scene)
    link.refresh_from_db()
    scene.walk.connection.refresh_from_db()
    assert (link.state, scene.walk.connection.state) == (ConnectionState.LOST, ConnectionState.PROVEN)
    assert standing.is_done(PeeringStep.ROUTES)
    assert standing.of_step(PeeringStep.RETURN_ROUTES)[0].level is Level.UNKNOWN
    assert scene.peering.state == PeeringState.CONNECTED  # what nobody sees is not broken


def test_without_a_role_there_the_target_side_is_unread(walk: Walk) -> None:
    scene = grounds(walk)
    standing = look(scene)
    assert standing.accepter.network is None
    assert "Nobody looked at the accepter side" in standing.of_step(PeeringStep.RETURN_ROUTES)[0].message
    assert len(operations()) == 8
    look(scene)
    assert len(operations()) == 6
