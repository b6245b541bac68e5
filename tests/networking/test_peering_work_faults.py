"""What can go wrong while the portal works on a peering: nothing twice, nothing of others', and the page tells it."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from networking.actions.peering_work import add_inbound_rule, leave_work, resume_work, start_steps
from networking.actions.peerings import renew_peering
from networking.peering.plan import PeeringPlan
from networking.states import PeeringState
from onboarding.actions.versions import Stale, WrongStep
from onboarding.models import Deployment
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.demo import aws
from portal.demo.seeds.places import place
from portal.workflows import runner
from portal.workflows.actions import Busy, NotAllowed
from portal.workflows.models import Event, Intent, Letter
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.peered_accounts import BYOC_RANGE, REGION, TARGET_RANGE
from tests.networking.peering_scenes import ALL, Scene, effects, open_scene
from tests.people import fresh_account_id, make_staff

pytestmark = pytest.mark.django_db
CONNECTION, ACCEPTANCE, ROUTES, RETURN, RULE = ALL


@pytest.fixture(autouse=True)
def looks_at_will(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test looks more often than a person may."""
    monkeypatch.setattr("networking.actions.looks.MOST_LOOKS", 50)


def test_lost_replies_on_every_call_change_nothing_twice(walk: Walk, aws_env: Emulator, journal: JournalReader) -> None:
    """F-15, there and back: the answer to the first of each kind of call is lost; and F-21: AWS shows it late."""
    scene = open_scene(walk)
    forth = ("CreateVpcPeeringConnection", "AuthorizeSecurityGroupIngress")
    back = ("RevokeSecurityGroupIngress", "DeleteVpcPeeringConnection")
    _cut(aws_env, scene, *forth, here=True)
    _cut(aws_env, scene, "AcceptVpcPeeringConnection", here=False)
    for here in (True, False):
        _cut(aws_env, scene, "CreateRoute", here=here)
    late = aws_env.control.order(
        "stale", account=walk.account, region=REGION, service="ec2", operation="DescribeVpcPeeringConnections",
        seconds=1.5,
    )  # fmt: skip
    scene.done()
    aws_env.control.withdraw(late)
    made = Counter(
        CreateVpcPeeringConnection=1, AcceptVpcPeeringConnection=1, CreateRoute=8, AuthorizeSecurityGroupIngress=1
    )
    assert effects(journal, scene) == made
    assert scene.standing().current is None
    _cut(aws_env, scene, *back, "DeleteRoute", here=True)
    _cut(aws_env, scene, "DeleteRoute", here=False)
    scene.remove()
    assert scene.work().state == WorkflowState.DONE
    assert scene.ground.peering.state == PeeringState.REMOVED
    gone = Counter(RevokeSecurityGroupIngress=1, DeleteRoute=8, DeleteVpcPeeringConnection=1)
    assert effects(journal, scene) == made + gone
    assert set(Intent.objects.values_list("state", flat=True)) == {IntentState.DONE}
    assert Intent.objects.filter(adopted=True).count() == 9
    assert aws_env.control.withdraw() == 0


def _cut(aws_env: Emulator, scene: Scene, *operations: str, here: bool) -> None:
    side = scene.ground.here if here else scene.ground.there
    for operation in operations:
        aws_env.control.order("cut-after", account=side.account_id, service="ec2", operation=operation)


def test_what_departs_from_the_plan_is_never_done(walk: Walk, journal: JournalReader) -> None:
    """Stale plans, double starts, routes and connections that others make meanwhile; on one ground."""
    scene = open_scene(walk, balancer=False)
    steps = (CONNECTION, ACCEPTANCE, ROUTES)
    peering = scene.ground.peering
    with pytest.raises(Stale):
        start_steps(peering=peering, steps=steps, plan_hash="0" * 64, version=peering.version, by=walk.by)
    shown = PeeringPlan.of(scene.standing(), steps).shown
    with pytest.raises(Stale):
        start_steps(peering=peering, steps=steps, plan_hash=shown, version=peering.version - 1, by=walk.by)
    workflow = scene.start(steps)
    with pytest.raises(Busy):
        scene.start(steps)
    # F-46, the other way round: somebody asks from the target's side at the same moment.
    runner.run(workflow.pk)  # compared
    theirs = scene.ground.there.ec2.create_vpc_peering_connection(
        VpcId=peering.vpc_id, PeerVpcId=peering.requester_vpc, PeerOwnerId=walk.account, PeerRegion=REGION
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert theirs in ended.message["en"]
    assert "from the other side" in ended.message["en"]
    scene.look()
    with pytest.raises(NotAllowed, match=theirs):
        scene.start((CONNECTION,))
    scene.ground.there.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=theirs)
    # F-48: a route for the same range appears after the comparison.
    scene.look()
    workflow = scene.start(steps)
    runner.run(workflow.pk)
    table = scene.ground.tables[1]
    gateway = scene.ground.here.internet_gateway(peering.requester_vpc, "theirs")
    scene.ground.here.ec2.create_route(RouteTableId=table, DestinationCidrBlock=TARGET_RANGE, GatewayId=gateway)
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert f"{TARGET_RANGE} → {gateway}" in ended.message["en"]
    assert f"{TARGET_RANGE} → pcx-" in ended.message["en"]
    listed = scene.ground.here.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert {one["DestinationCidrBlock"]: one.get("GatewayId") for one in listed}[TARGET_RANGE] == gateway
    # Another peering's confirmation is not this one's: nothing more than the rest is done now.
    scene.look()
    ended = scene.done((ROUTES,))
    assert gateway in ended.message["en"]
    made = effects(journal, scene)
    assert made == Counter(CreateVpcPeeringConnection=1, AcceptVpcPeeringConnection=1, CreateRoute=5)


@contextmanager
def refusing(iam: Any, role: str, action: str) -> Iterator[None]:
    """The customer takes one permission away for a while."""
    denied = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}
    iam.put_role_policy(RoleName=role, PolicyName="less", PolicyDocument=json.dumps(denied))
    yield
    iam.delete_role_policy(RoleName=role, PolicyName="less")


@contextmanager
def shut(iam: Any, role: str) -> Iterator[None]:
    """The role trusts nobody for a while."""
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    nobody = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [nobody]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(document))
    yield
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))


def test_it_stops_with_the_reason_and_goes_on_where_it_stood(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    scene = open_scene(walk)
    peering, target = scene.ground.peering, aws.client("iam", scene.ground.there.account_id, REGION)

    def resumed() -> Any:
        resume_work(peering=peering, version=peering.version, by=walk.by)
        return scene.work()

    # F-42: a full quota is named.
    quota = {"account": walk.account, "region": REGION, "quota": "vpc/L-DC9F7029"}
    aws_env.control.quotas([{**quota, "value": 0}])
    scene.start()
    stopped = scene.work()
    assert (stopped.state, stopped.step) == (WorkflowState.PAUSED, "compare")
    assert "Outstanding VPC peering connection requests" in stopped.message["en"]
    assert Letter.objects.filter(to=walk.by.email, body__contains="Outstanding VPC peering").exists()
    aws_env.control.quotas([{**quota, "value": 25}])
    # The lent role no longer opens: the deployment's own link stays proven.
    with shut(target, "ClickHousePeeringRole"):
        stopped = resumed()
        assert stopped.state == WorkflowState.PAUSED
        assert f"account {scene.ground.there.account_id} does not open" in stopped.message["en"]
        assert Connection.objects.get(pk=walk.connection.pk).state == ConnectionState.PROVEN
        assert Connection.objects.get(pk=peering.target_id).state == ConnectionState.LOST
    Connection.objects.filter(pk=peering.target_id).update(state=ConnectionState.PROVEN)  # the proof found it again
    # F-28, F-29: the action and the template's version are named; on either side.
    with refusing(walk.customer("iam"), "ClickHouseManagementRole", "ec2:CreateRoute"):
        stopped = resumed()
        assert stopped.state == WorkflowState.PAUSED
        assert "may not call ec2:CreateRoute" in stopped.message["en"]
        assert "version 3" in stopped.message["en"]
    with refusing(target, "ClickHousePeeringRole", "ec2:CreateRoute"):
        assert "ClickHousePeeringRole" in resumed().message["en"]
    assert resumed().state == WorkflowState.DONE
    assert scene.standing().current is None
    assert effects(journal, scene)["CreateVpcPeeringConnection"] == 1
    # A removal that stops is left: the peering stands again, what was taken back stays so.
    with refusing(walk.customer("iam"), "ClickHouseManagementRole", "ec2:DeleteVpcPeeringConnection"):
        scene.remove()
        assert scene.work().state == WorkflowState.PAUSED
        assert peering.state == PeeringState.REMOVING
    leave_work(peering=peering, version=peering.version, by=walk.by)
    assert peering.state == PeeringState.SETTING_UP
    assert Event.objects.filter(code="peering.left").exists()
    _support_adds_the_rule(scene)
    # Without the lent role the rest is taken back, and what is left is said.
    scene.look()
    type(peering).objects.filter(pk=peering.pk).update(target=None)
    scene.remove()
    assert scene.work().state == WorkflowState.DONE
    assert scene.ground.peering.state == PeeringState.REMOVED


def _support_adds_the_rule(scene: Scene) -> None:
    """Under the seed rules the customer cannot add it; support can, with a reason."""
    Deployment.objects.filter(pk=scene.walk.deployment.pk).update(profile="seed")
    scene.look()
    with pytest.raises(NotAllowed, match="Support adds"):
        scene.start((RULE,))
    staff = make_staff("rules@vendor.example")
    with pytest.raises(NotAllowed):
        add_inbound_rule(peering=scene.ground.peering, by=staff, reason=" ")
    add_inbound_rule(peering=scene.ground.peering, by=staff, reason="Ticket 4711.")
    assert scene.work().state == WorkflowState.DONE
    assert scene.standing().is_done(RULE)
    assert "Ticket 4711." in Event.objects.filter(code="peering.work").latest("at").sentence["en"]


def test_connections_that_ended_are_not_revived_and_strangers_are_not_accepted(
    walk: Walk, journal: JournalReader
) -> None:
    scene = open_scene(walk, balancer=False)
    peering, there = scene.ground.peering, scene.ground.there.ec2
    # F-50: somebody unknown asks for the target VPC as well.
    stranger = place(fresh_account_id(), REGION)
    unknown = stranger.ec2.create_vpc_peering_connection(
        VpcId=stranger.vpc("theirs", "10.99.0.0/16"), PeerVpcId=peering.vpc_id, PeerOwnerId=peering.account_id
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    scene.done((CONNECTION,))
    # F-44: rejected after the acceptance was confirmed.
    scene.start((ACCEPTANCE,))
    first = scene.standing().registered.id
    there.reject_vpc_peering_connection(VpcPeeringConnectionId=first)
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert f"{first} is rejected" in ended.message["en"]
    scene.look()
    with pytest.raises(NotAllowed, match="rejected"):
        scene.start((CONNECTION, ACCEPTANCE))
    # Mixed: the customer makes the next one by hand; it is followed, accepted, and never made again.
    renew_peering(peering=peering, version=peering.version, by=walk.by)
    second = scene.ground.request()
    scene.look()
    scene.done((ACCEPTANCE, ROUTES, RETURN))
    assert scene.standing().registered.id == second
    # F-39: deleted by hand; shown, and made again only after a person began anew. Blackholes of ours give way.
    scene.ground.here.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=second)
    scene.look()
    with pytest.raises(NotAllowed, match="deleted"):
        scene.start((CONNECTION,))
    renew_peering(peering=peering, version=peering.version, by=walk.by)
    scene.look()
    scene.done((CONNECTION, ACCEPTANCE, ROUTES, RETURN))
    standing = scene.standing()
    assert [standing.is_done(step) for step in (CONNECTION, ACCEPTANCE, ROUTES, RETURN)] == [True] * 4
    assert effects(journal, scene) == Counter(
        CreateVpcPeeringConnection=2, AcceptVpcPeeringConnection=2, CreateRoute=16, DeleteRoute=8
    )
    waiting = there.describe_vpc_peering_connections(VpcPeeringConnectionIds=[unknown])["VpcPeeringConnections"]
    assert waiting[0]["Status"]["Code"] == "pending-acceptance"
    # What AWS fails at once, because nobody could see the overlap before, is named.
    scene.remove()
    assert scene.work().state == WorkflowState.DONE
    with pytest.raises(WrongStep):
        scene.start((CONNECTION,))


def test_a_request_that_fails_at_once_names_what_overlaps(walk: Walk) -> None:
    """Nobody looks at the target side: what the customer stated hides the overlap."""
    scene = open_scene(walk, lent=False, balancer=False)
    scene.ground.there.ec2.associate_vpc_cidr_block(VpcId=scene.ground.peering.vpc_id, CidrBlock="10.70.128.0/17")
    scene.start((CONNECTION,))
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert "is failed" in ended.message["en"]
    assert BYOC_RANGE in ended.message["en"]
    assert scene.standing().connection.status == "failed"
