"""«Do it for me» of a peering at work: everything once, in order, and back again."""

import json
from collections import Counter

import pytest

from networking.states import PeeringState
from portal.aws.models import CallRecord
from portal.workflows.models import Intent
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import JournalReader
from tests.journeys import Walk
from tests.networking.peering_scenes import ALL, effects, open_scene
from tests.networking.round_trips import least_calls
from tests.processes import wait_for

pytestmark = pytest.mark.django_db

FORTH = Counter(
    CreateVpcPeeringConnection=1, AcceptVpcPeeringConnection=1, CreateRoute=8, AuthorizeSecurityGroupIngress=1
)
BACK = Counter(RevokeSecurityGroupIngress=1, DeleteRoute=8, DeleteVpcPeeringConnection=1)


def test_all_steps_are_done_once_and_taken_back_in_reverse(walk: Walk, journal: JournalReader) -> None:
    scene = open_scene(walk)
    work = scene.done()
    assert effects(journal, scene) == FORTH
    calls = Counter(CallRecord.objects.filter(workflow_id=work.pk).values_list("operation", flat=True))
    assert calls.total() <= 1.5 * least_calls(FORTH.total()), calls
    standing = scene.standing()
    assert standing.current is None, standing.findings
    assert scene.ground.peering.state == PeeringState.CONNECTED
    (link,) = scene.links()
    create = Intent.objects.get(action="ec2:CreateVpcPeeringConnection")
    assert {tag["Key"]: tag["Value"] for tag in link["Tags"]} == {
        "clickhouse-byoc": "true",
        "clickhouse-byoc-deployment": walk.deployment.slug,
        "clickhouse-byoc-intent": str(create.pk),
    }
    scene.remove()
    ended = scene.work()
    assert ended.state == WorkflowState.DONE, ended.message
    assert scene.ground.peering.state == PeeringState.REMOVED, ended.message
    assert effects(journal, scene) == FORTH + BACK
    assert [link["Status"]["Code"] for link in scene.links()] == ["deleted"]
    assert set(Intent.objects.values_list("state", flat=True)) == {IntentState.DONE}
    order = [one.operation for one in journal.effects(walk.account) if one.operation in BACK]
    assert order == ["RevokeSecurityGroupIngress", *["DeleteRoute"] * 6, "DeleteVpcPeeringConnection"]
    _the_sessions_were_narrow(journal, scene.ground.here.account_id, scene.ground.there.account_id)


def test_a_connection_that_the_target_asked_for_is_followed_and_goes_only_when_named(
    walk: Walk, journal: JournalReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-46, in one account: the pair is matched the other way round, and nothing is made twice. Meanwhile no run has
    time for more than one change.
    """
    monkeypatch.setattr("networking.tasks.peering_outlook.LONGEST", 0)
    scene = open_scene(walk, balancer=False, same_account=True)
    peering, ec2 = scene.ground.peering, scene.ground.here.ec2
    made = ec2.create_vpc_peering_connection(VpcId=peering.vpc_id, PeerVpcId=peering.requester_vpc)
    theirs = str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])
    wait_for(lambda: scene.links()[0]["Status"]["Code"] == "pending-acceptance", what="the request is there")
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=theirs)
    wait_for(lambda: scene.links()[0]["Status"]["Code"] == "active", what="the connection is active")
    assert scene.look().registered.id == theirs
    work = scene.done(ALL[:4])
    assert effects(journal, scene) == Counter(CreateRoute=8)
    assert work.fence >= 8
    scene.remove(theirs)
    ended = scene.work()
    assert ended.state == WorkflowState.DONE, ended.message
    assert peering.state == PeeringState.REMOVED, ended.message
    assert effects(journal, scene) == Counter(CreateRoute=8, DeleteRoute=8, DeleteVpcPeeringConnection=1)
    (deletion,) = journal.effects(walk.account, "DeleteVpcPeeringConnection")
    assert "ClickHousePeeringRole" in deletion.principal


def _the_sessions_were_narrow(journal: JournalReader, *accounts: str) -> None:
    opened = [entry for account in accounts for entry in journal.assumptions(account)]
    policies = {
        str(entry.parameters["RoleSessionName"]).rsplit("-", 1)[0]: json.loads(entry.parameters["Policy"])["Statement"]
        for entry in opened
        if "byoc-peering-" in str(entry.parameters.get("RoleSessionName"))
    }
    assert set(policies) == {f"byoc-peering-{kind}" for kind in (
        "create", "accept", "route", "rule", "revoke", "delete-route", "delete"
    )}  # fmt: skip
    for name, statements in policies.items():
        for statement in statements:
            wide = statement["Resource"] == "*" or any(one.endswith("/*") for one in statement["Resource"])
            looks = str(statement["Action"]).startswith("ec2:Describe")
            made = name == "byoc-peering-create" and statement["Resource"][0].endswith("/*")
            assert not wide or looks or made, (name, statement)
