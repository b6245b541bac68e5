"""AWS answers badly, late or twice while the portal works on a peering; others work on it at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from networking.actions.peering_work import resume_work
from networking.states import PeeringState
from onboarding.actions.versions import Stale
from portal.workflows import runner
from portal.workflows.actions import NotAllowed
from portal.workflows.models import Event, Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.peered_accounts import BYOC_RANGE, REGION, SECOND_RANGE, TARGET_RANGE
from tests.networking.peering_scenes import ALL, effects, open_scene
from tests.processes import wait_for

pytestmark = pytest.mark.django_db
CONNECTION, ACCEPTANCE, ROUTES, RETURN, RULE = ALL
FORTH = Counter(
    CreateVpcPeeringConnection=1, AcceptVpcPeeringConnection=1, CreateRoute=8, AuthorizeSecurityGroupIngress=1
)
BACK = Counter(RevokeSecurityGroupIngress=1, DeleteRoute=8, DeleteVpcPeeringConnection=1)


@pytest.fixture(autouse=True)
def looks_at_will(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test looks more often than a person may."""
    monkeypatch.setattr("networking.actions.looks.MOST_LOOKS", 50)


def until(workflow: Workflow, reached: Callable[[], Any]) -> None:
    """Works until something is so; not to the end."""

    def look() -> bool:
        if reached():
            return True
        runner.run(workflow.pk)
        return False

    wait_for(look, within=30, every=0.02, what="the work is that far")


def test_each_kind_of_bad_answer_leaves_one_effect(walk: Walk, aws_env: Emulator, journal: JournalReader) -> None:
    """F-14, F-15, F-17 and throttling, there and back; each strikes once."""
    scene = open_scene(walk)
    here, there = scene.ground.here.account_id, scene.ground.there.account_id

    def order(kind: str, account: str, operation: str) -> None:
        aws_env.control.order(kind, account=account, service="ec2", operation=operation, seconds=0)

    order("throttle", here, "CreateVpcPeeringConnection")
    order("500-after", here, "CreateVpcPeeringConnection")
    order("503", there, "AcceptVpcPeeringConnection")
    order("503-after", there, "AcceptVpcPeeringConnection")
    order("timeout-after", here, "CreateRoute")
    order("cut-before", there, "CreateRoute")
    order("500", here, "AuthorizeSecurityGroupIngress")
    scene.done()
    assert effects(journal, scene) == FORTH
    assert aws_env.control.withdraw() == 0
    order("503-after", here, "RevokeSecurityGroupIngress")
    order("500-after", there, "DeleteRoute")
    order("throttle", here, "DeleteRoute")
    order("timeout", here, "DeleteVpcPeeringConnection")
    order("timeout-after", here, "DeleteVpcPeeringConnection")
    scene.remove()
    assert scene.work().state == WorkflowState.DONE
    assert scene.ground.peering.state == PeeringState.REMOVED
    assert effects(journal, scene) == FORTH + BACK
    assert aws_env.control.withdraw() == 0
    assert set(Intent.objects.values_list("state", flat=True)) == {IntentState.DONE}


def test_what_aws_shows_late_is_neither_repeated_nor_forgotten(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """F-20, F-21: unknown at first. F-22: still pending after it is active, and at the target's side for long."""
    scene = open_scene(walk, balancer=False)
    here, there = scene.ground.here.account_id, scene.ground.there.account_id
    aws_env.control.order(
        "delayed-visibility", account=here, service="ec2", operation="CreateVpcPeeringConnection", seconds=1.5
    )
    beside = Beside(aws_env)
    beside.when(there, "AcceptVpcPeeringConnection", lambda: [_stale(aws_env, here, 1.5), _stale(aws_env, there, 600)])
    scene.done()
    beside.end()
    made = Counter(CreateVpcPeeringConnection=1, AcceptVpcPeeringConnection=1, CreateRoute=8)
    assert effects(journal, scene) == made
    # AWS's list in the target account still has it pending: our record does not go back, and nobody accepts again.
    standing = scene.look()
    assert standing.connection.status == "active"
    assert [standing.is_done(step) for step in (CONNECTION, ACCEPTANCE, ROUTES, RETURN)] == [True] * 4
    with pytest.raises(Stale):  # there is nothing to confirm
        scene.start((ACCEPTANCE,))
    accepted = [one for one in journal.of(there, "AcceptVpcPeeringConnection") if "ClickHouse" in one.principal]
    assert len(accepted) == 1


def _stale(aws_env: Emulator, account: str, seconds: float) -> None:
    """AWS goes on showing the connections of an account as they are now."""
    aws_env.control.order(
        "stale", account=account, region=REGION, service="ec2", operation="DescribeVpcPeeringConnections",
        seconds=seconds,
    )  # fmt: skip


def test_two_objects_with_our_mark_stop_for_a_human(walk: Walk, aws_env: Emulator, journal: JournalReader) -> None:
    """F-24: the answer is lost, and somebody makes a copy with all its tags before we look."""
    scene = open_scene(walk, lent=False, balancer=False)
    ec2, peering = scene.ground.here.ec2, scene.ground.peering
    aws_env.control.order("cut-after", account=walk.account, service="ec2", operation="CreateVpcPeeringConnection")
    workflow = scene.start((CONNECTION,))
    until(workflow, lambda: Intent.objects.filter(workflow=workflow, state=IntentState.UNKNOWN).exists())
    (first,) = scene.links()
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=first["VpcPeeringConnectionId"])
    wait_for(lambda: scene.links()[0]["Status"]["Code"] == "deleted", what="the first is deleted")
    ec2.create_vpc_peering_connection(
        VpcId=peering.requester_vpc, PeerVpcId=peering.vpc_id, PeerOwnerId=peering.account_id,
        TagSpecifications=[{"ResourceType": "vpc-peering-connection", "Tags": first["Tags"]}],
    )  # fmt: skip
    stopped = scene.work()
    assert stopped.state == WorkflowState.NEEDS_HUMAN
    ids = {one["VpcPeeringConnectionId"] for one in scene.links()}
    assert len(ids) == 2
    assert all(one in stopped.message["en"] for one in ids)
    assert effects(journal, scene) == Counter(CreateVpcPeeringConnection=1)
    runner.run(stopped.pk)
    assert effects(journal, scene) == Counter(CreateVpcPeeringConnection=1)


def test_what_was_deleted_by_hand_is_shown_and_made_again_only_after_a_confirmation(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """F-39: our route, then our connection. F-42: the table is full meanwhile."""
    scene = open_scene(walk)
    scene.done()
    made = effects(journal, scene)
    ec2, table = scene.ground.here.ec2, scene.ground.tables[2]
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock=SECOND_RANGE)
    standing = scene.look()
    assert standing.peering.state == PeeringState.BROKEN
    assert [step for step in ALL if not standing.is_done(step)] == [ROUTES]
    assert table in " ".join(finding.message for finding in standing.of_step(ROUTES))
    assert effects(journal, scene) == made

    quota = {"account": walk.account, "region": REGION, "quota": "vpc/L-93826ACB"}
    aws_env.control.quotas([{**quota, "value": 1}])
    scene.start((ROUTES,))
    stopped = scene.work()
    assert stopped.state == WorkflowState.PAUSED
    assert "Routes per route table" in stopped.message["en"]
    assert "RouteLimitExceeded" in stopped.message["en"]
    aws_env.control.quotas([{**quota, "value": 500}])
    peering = scene.ground.peering
    resume_work(peering=peering, version=peering.version, by=walk.by)
    assert scene.work().state == WorkflowState.DONE
    assert scene.standing().peering.state == PeeringState.CONNECTED
    made += Counter(CreateRoute=1)
    assert effects(journal, scene) == made

    # The connection goes between confirmation and work: routes into nothing are not made.
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock=SECOND_RANGE)
    scene.look()
    scene.start((ROUTES,))
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=scene.links()[0]["VpcPeeringConnectionId"])
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED, ended.message
    assert effects(journal, scene) == made
    assert scene.standing().peering.state == PeeringState.BROKEN
    with pytest.raises(NotAllowed, match="deleted"):
        scene.start()


def test_what_others_do_in_the_very_moment_of_our_call_is_not_done_again(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """F-46, F-48: the customer works by hand beside us, on the same things, call by call."""
    scene = open_scene(walk)
    here, there = scene.ground.here, scene.ground.there
    peering, group = scene.ground.peering, scene.ground.group

    def pcx() -> str:
        return str(scene.links()[0]["VpcPeeringConnectionId"])

    def leads(ec2: Any, table: str, destination: str) -> Callable[[], Any]:
        return lambda: ec2.create_route(
            RouteTableId=table, DestinationCidrBlock=destination, VpcPeeringConnectionId=pcx()
        )

    def gone(ec2: Any, table: str, destination: str) -> Callable[[], Any]:
        return lambda: ec2.delete_route(RouteTableId=table, DestinationCidrBlock=destination)

    first, back = sorted(scene.ground.tables)[0], sorted(scene.ground.back)[0]
    rule = [{"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "IpRanges": [{"CidrIp": TARGET_RANGE}]}]
    beside = Beside(aws_env)
    beside.when(here.account_id, "CreateVpcPeeringConnection", scene.ground.request)
    beside.when(
        there.account_id, "AcceptVpcPeeringConnection",
        lambda: there.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pcx()),
    )  # fmt: skip
    beside.when(here.account_id, "CreateRoute", leads(here.ec2, first, TARGET_RANGE))
    beside.when(there.account_id, "CreateRoute", leads(there.ec2, back, BYOC_RANGE))
    beside.when(
        here.account_id, "AuthorizeSecurityGroupIngress",
        lambda: here.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rule),
    )  # fmt: skip
    scene.done()
    beside.end()
    standing = scene.standing()
    assert standing.current is None, standing.findings
    assert len(scene.links()) == 1
    # AWS answered our request with the customer's connection: it is followed, and never taken for ours.
    assert standing.connection.adopted
    made = effects(journal, scene)
    assert (made["AcceptVpcPeeringConnection"], made["AuthorizeSecurityGroupIngress"]) == (0, 1)
    assert made["CreateRoute"] == 6

    last = sorted(scene.ground.tables)[-1]
    gateway = here.internet_gateway(peering.requester_vpc, "elsewhere")

    def elsewhere() -> None:
        gone(here.ec2, first, TARGET_RANGE)()
        here.ec2.replace_route(RouteTableId=last, DestinationCidrBlock=TARGET_RANGE, GatewayId=gateway)

    beside.when(here.account_id, "DeleteRoute", elsewhere)
    beside.when(there.account_id, "DeleteRoute", gone(there.ec2, back, BYOC_RANGE))
    beside.when(
        there.account_id, "DeleteVpcPeeringConnection",
        lambda: here.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=pcx()),
    )  # fmt: skip
    scene.remove(pcx())
    assert scene.work().state == WorkflowState.DONE
    beside.end()
    assert peering.state == PeeringState.REMOVED
    assert scene.links()[0]["Status"]["Code"] == "deleted"
    made = effects(journal, scene)
    assert (made["DeleteRoute"], made["DeleteVpcPeeringConnection"]) == (5, 0)
    (table,) = here.ec2.describe_route_tables(RouteTableIds=[last])["RouteTables"]
    assert gateway in [route.get("GatewayId") for route in table["Routes"]], "a route that leads elsewhere now stays"
    assert not Event.objects.filter(code="workflow.needs_human").exists()


class Beside:
    """Somebody who acts while AWS holds a call of ours; what they could not do is raised in the end."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.threads: list[threading.Thread] = []
        self.errors: list[Exception] = []

    def when(self, account: str, operation: str, act: Callable[[], Any]) -> None:
        """At the next such call of the account, before it is carried out; calls of `act` itself pass."""
        fault = self.emulator.control.order("hold-before", account=account, service="ec2", operation=operation)
        thread = threading.Thread(target=self._act, args=(fault, act), daemon=True)
        thread.start()
        self.threads.append(thread)

    def _act(self, fault: str, act: Callable[[], Any]) -> None:
        control = self.emulator.control
        try:
            wait_for(lambda: [one for one in control.waiting() if one["fault"] == fault], within=60, every=0.02)
            act()
        except Exception as error:
            self.errors.append(error)
        finally:
            control.release(fault)

    def end(self) -> None:
        """All have acted."""
        for thread in self.threads:
            thread.join(10)
        assert self.errors == []
        assert not any(thread.is_alive() for thread in self.threads)
        self.threads.clear()
