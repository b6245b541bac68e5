"""«Apply for me» at work: compared, changed once, looked at again, whatever becomes of the answers."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
import pytest

from networking.actions.mend import leave_mend, resume_mend, start_mend
from networking.looks import newest_look
from networking.mends.mending import ATTACH, CREATE, TAG
from networking.mends.words import undo
from onboarding.actions.versions import Stale, WrongStep
from onboarding.bootstrap.constants import TEMPLATE_VERSION
from onboarding.models import Deployment
from onboarding.rules.profiles import profile
from onboarding.states import DeploymentState
from portal.aws.models import CallRecord, Connection
from portal.aws.states import ConnectionState
from portal.findings.shapes import Level
from portal.workflows import runner
from portal.workflows.actions import Busy, NotAllowed
from portal.workflows.models import Event, Intent, Letter, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.cli import run_script
from tests.networking.mended import BYOC, ELB, INTENT, REGION, Faulty, changes_of, faulty
from tests.processes import wait_for

pytestmark = pytest.mark.django_db
ONCE = Counter({"CreateTags": 1, "CreateVpcEndpoint": 1})


def codes(scene: Faulty) -> dict[str, Level]:
    """What the newest look says, by code; the worst where there are several."""
    seen = newest_look(scene.walk.deployment, scene.vpc)
    assert seen is not None
    order = [Level.PASSED, Level.WARNING, Level.UNKNOWN, Level.FAILED]
    found: dict[str, Level] = {}
    for one in seen.look.choosing(scene.subnets).findings(profile(scene.walk.deployment.profile)):
        found[one.code] = max(found.get(one.code, Level.PASSED), one.level, key=order.index)
    return found


def until_mended(scene: Faulty) -> Workflow:
    """Runs the newest mending to its end or stop, as the worker and the sweeper would."""

    def look() -> Workflow | None:
        row = Workflow.objects.filter(connection=scene.walk.connection).latest("started_at")
        if row.state != WorkflowState.ACTIVE:
            return row
        runner.run(row.pk)
        return None

    return wait_for(look, within=60, every=0.02, what="the mending ends")


def test_each_change_is_made_once_by_the_management_role_and_the_page_shows_it(
    walk: Walk, journal: JournalReader
) -> None:
    scene = faulty(walk, proven=True)
    before = codes(scene)
    assert {before[code] for code in ("subnets.tags", "s3-endpoint.present", "s3-endpoint.routes")} == {Level.FAILED}
    assert [mend.kind for mend in scene.plan().mends] == [TAG, CREATE]
    scene.start()
    ended = scene.work()
    assert ended.state == WorkflowState.DONE, ended.message
    assert changes_of(journal, walk.account) == ONCE
    assert scene.is_mended()
    after = codes(scene)
    assert {after[code] for code in ("subnets.tags", "s3-endpoint.present", "s3-endpoint.routes")} == {Level.PASSED}
    assert scene.plan().mends == ()


@pytest.mark.parametrize("endpoint", [False, True])
def test_the_shown_commands_take_everything_back(walk: Walk, aws_env: Emulator, tmp_path: Path, endpoint: bool) -> None:
    """Run with the real AWS CLI: afterwards the same plan stands there again."""
    scene = faulty(walk, endpoint=endpoint)
    plan = scene.plan()
    scene.start()
    assert scene.work().state == WorkflowState.DONE
    for mend in plan.mends:
        done = run_script(undo(mend), account=walk.account, region=REGION, endpoint=aws_env.endpoint, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    walk.bring(scene.vpc, scene.subnets, region=REGION)
    assert scene.plan().mends == plan.mends
    assert scene.tags(scene.subnets[2])[ELB] == "0"


def test_only_what_was_confirmed_changes(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    scene.work()
    (made,) = scene.endpoints()
    intent = Intent.objects.get(key="s3-endpoint:create")
    tags = {tag["Key"]: tag["Value"] for tag in made["Tags"]}
    assert tags == {BYOC: "true", "clickhouse-byoc-deployment": walk.deployment.slug, INTENT: str(intent.pk)}
    assert sorted(made["RouteTableIds"]) == sorted([scene.own, scene.main])
    assert scene.tags(scene.subnets[1]) == {"Name": "private-b", ELB: "1"}
    assert scene.tags(scene.subnets[2]) == {"Name": "private-c", ELB: "1"}
    assert scene.tags(scene.spare) == {"Name": "spare"}
    assert scene.tags(scene.vpc) == {"Name": "mine"}
    (tagging,) = journal.effects(walk.account, "CreateTags")[-1:]
    assert sorted(tagging.parameters["Resources"]) == sorted(scene.subnets[1:])
    assert tagging.parameters["Tags"] == [{"Key": ELB, "Value": "1"}]


def test_the_endpoint_call_carries_the_intent_as_its_client_token(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    scene.work()
    (call,) = [e for e in journal.effects(walk.account, "CreateVpcEndpoint") if "Management" in e.principal]
    assert call.parameters["ClientToken"] == str(Intent.objects.get(key="s3-endpoint:create").pk)


def test_an_endpoint_of_theirs_gets_the_missing_table_and_nothing_else(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk, endpoint=True)
    assert [mend.kind for mend in scene.plan().mends] == [TAG, ATTACH]
    scene.start()
    assert scene.work().state == WorkflowState.DONE
    assert changes_of(journal, walk.account) == Counter({"CreateTags": 1, "ModifyVpcEndpoint": 1})
    (theirs,) = scene.endpoints()
    assert theirs["VpcEndpointId"] == scene.endpoint
    assert sorted(theirs["RouteTableIds"]) == sorted([scene.own, scene.main])
    assert {tag["Key"] for tag in theirs["Tags"]} == {"Name"}
    (call,) = journal.effects(walk.account, "ModifyVpcEndpoint")
    assert set(call.parameters) == {"VpcEndpointId", "AddRouteTableIds"}


def test_the_later_rules_mark_the_vpc_and_its_subnets(walk: Walk, journal: JournalReader) -> None:
    Deployment.objects.filter(pk=walk.deployment.pk).update(profile="2026-08")
    walk.fresh()
    scene = faulty(walk)
    scene.start()
    ended = scene.work()
    assert ended.state == WorkflowState.DONE, ended.message
    assert changes_of(journal, walk.account) == Counter({"CreateTags": 3, "CreateVpcEndpoint": 1})
    assert [scene.tags(one).get(BYOC) for one in (scene.vpc, *scene.subnets, scene.spare)] == ["true"] * 4 + [None]


FAULTS = ("cut-before", "cut-after", "500", "500-after", "503-after", "timeout-after", "throttle")


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        *(("CreateVpcEndpoint", fault) for fault in FAULTS),
        *(("ModifyVpcEndpoint", fault) for fault in ("cut-after", "500-after", "throttle")),
    ],
)
def test_a_lost_answer_makes_no_second_change(
    walk: Walk, aws_env: Emulator, journal: JournalReader, other: str, fault: str
) -> None:
    """The fault strikes each of the two calls once."""
    scene = faulty(walk, endpoint=other == "ModifyVpcEndpoint")
    scene.start()
    for operation in ("CreateTags", other):
        aws_env.control.order(fault, account=walk.account, service="ec2", operation=operation, seconds=0)
    ended = until_mended(scene)
    assert ended.state == WorkflowState.DONE, ended.message
    assert scene.is_mended()
    assert len(scene.endpoints()) == 1
    assert changes_of(journal, walk.account) == Counter({"CreateTags": 1, other: 1})
    assert set(Intent.objects.filter(workflow=ended).values_list("state", flat=True)) == {IntentState.DONE}
    assert aws_env.control.withdraw() == 0


def test_an_endpoint_that_aws_does_not_show_yet_is_not_made_twice(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """F-21 together with a lost answer: sent again with the same token, AWS answers with the same endpoint."""
    scene = faulty(walk)
    scene.start()
    aws_env.control.order("cut-after", account=walk.account, service="ec2", operation="CreateVpcEndpoint")
    aws_env.control.order(
        "stale", account=walk.account, region=REGION, service="ec2", operation="DescribeVpcEndpoints", seconds=4
    )
    ended = until_mended(scene)
    aws_env.control.withdraw()
    assert ended.state == WorkflowState.DONE, ended.message
    assert len(scene.endpoints()) == 1
    calls = [e for e in journal.of(walk.account, "CreateVpcEndpoint") if "Management" in e.principal]
    assert len({entry.parameters["ClientToken"] for entry in calls}) == 1
    assert len({entry.result["VpcEndpoint"]["VpcEndpointId"] for entry in calls if entry.outcome == "ok"}) == 1


def test_a_plan_that_no_longer_holds_ends_before_anything_is_changed(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    scene.ec2.create_tags(Resources=[scene.subnets[2]], Tags=[{"Key": ELB, "Value": "theirs"}])
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert "Nothing was changed" in ended.message["en"]
    assert changes_of(journal, walk.account) == Counter()
    assert not Intent.objects.filter(workflow=ended).exists()
    assert scene.tags(scene.subnets[2])[ELB] == "theirs"
    # The page shows the plan as it would be now.
    assert [change.before for change in scene.plan().mends[0].changes] == [None, "theirs"]


def test_what_somebody_changes_between_the_look_and_the_call_is_not_overwritten(
    walk: Walk, journal: JournalReader
) -> None:
    scene = faulty(walk)
    workflow = scene.start()
    runner.run(workflow.pk)  # compared
    scene.ec2.create_tags(Resources=[scene.subnets[2]], Tags=[{"Key": ELB, "Value": "theirs"}])
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert scene.tags(scene.subnets[2])[ELB] == "theirs"
    assert changes_of(journal, walk.account) == Counter()


def test_an_endpoint_that_somebody_makes_meanwhile_stays_the_only_one(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    workflow = scene.start()
    runner.run(workflow.pk)  # compared
    runner.run(workflow.pk)  # tagged
    scene.ec2.create_vpc_endpoint(VpcId=scene.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[scene.own])
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert "what we had made stays" in ended.message["en"]
    assert changes_of(journal, walk.account) == Counter({"CreateTags": 1})
    assert len(scene.endpoints()) == 1


def test_a_plan_of_which_others_did_a_part_goes_on_with_the_rest(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    tables = [scene.own, scene.main]
    scene.ec2.create_vpc_endpoint(VpcId=scene.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=tables)
    ended = scene.work()
    assert ended.state == WorkflowState.DONE, ended.message
    assert changes_of(journal, walk.account) == Counter({"CreateTags": 1})
    assert len(scene.endpoints()) == 1
    assert scene.is_mended()


def test_what_is_all_done_already_ends_well_without_a_call(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    scene.ec2.create_tags(Resources=[*scene.subnets], Tags=[{"Key": ELB, "Value": "1"}])
    tables = [scene.own, scene.main]
    scene.ec2.create_vpc_endpoint(VpcId=scene.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=tables)
    ended = scene.work()
    assert ended.state == WorkflowState.DONE
    assert "already" in ended.message["en"]
    assert changes_of(journal, walk.account) == Counter()


def test_a_permission_that_is_taken_away_pauses_with_aws_words_and_goes_on_after_the_fix(
    walk: Walk, journal: JournalReader
) -> None:
    """F-28, F-29."""
    scene = faulty(walk)
    scene.start()
    iam = walk.customer("iam")
    arn = f"arn:aws:iam::{walk.account}:policy/ClickHouseVpcMendingPolicy"
    iam.detach_role_policy(RoleName="ClickHouseManagementRole", PolicyArn=arn)
    stopped = scene.work()
    assert (stopped.state, stopped.step) == (WorkflowState.PAUSED, "compare")
    assert "UnauthorizedOperation" in stopped.message["en"]
    refused = Intent.objects.get(workflow=stopped)
    assert (refused.state, refused.error_code) == (IntentState.REFUSED, "UnauthorizedOperation")
    (letter,) = Letter.objects.filter(subject__contains="a change to your VPC stopped", to=walk.by.email)
    assert "AWS refused ec2:CreateTags" in letter.body
    assert changes_of(journal, walk.account) == Counter()
    iam.attach_role_policy(RoleName="ClickHouseManagementRole", PolicyArn=arn)
    resume_mend(deployment=walk.fresh().deployment, version=walk.deployment.version, by=walk.by)
    assert scene.work().state == WorkflowState.DONE
    assert changes_of(journal, walk.account) == ONCE


def test_a_full_quota_pauses_and_the_rest_can_be_left(walk: Walk, aws_env: Emulator, journal: JournalReader) -> None:
    scene = faulty(walk)
    aws_env.control.quotas([{"account": walk.account, "region": REGION, "quota": "vpc/L-1B52E74A", "value": 0}])
    scene.start()
    stopped = scene.work()
    assert stopped.state == WorkflowState.PAUSED
    assert "VpcEndpointLimitExceeded" in stopped.message["en"]
    assert changes_of(journal, walk.account) == Counter({"CreateTags": 1})
    leave_mend(deployment=walk.fresh().deployment, version=walk.deployment.version, by=walk.by)
    stopped.refresh_from_db()
    assert stopped.state == WorkflowState.CANCELLED
    assert Event.objects.filter(code="vpc.mend.left", subject_id=walk.deployment.pk).exists()
    # The connection is free again, and the plan shows what is left.
    assert [mend.kind for mend in scene.plan().mends] == [TAG, CREATE]  # by the look before
    scene.walk.bring(scene.vpc, scene.subnets, region=REGION)
    assert [mend.kind for mend in scene.plan().mends] == [CREATE]


def test_a_look_that_is_refused_changes_nothing(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    iam = walk.customer("iam")
    deny = {"Effect": "Deny", "Action": "ec2:DescribeRouteTables", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam.put_role_policy(RoleName="ClickHouseVerifierRole", PolicyName="less", PolicyDocument=document)
    stopped = scene.work()
    assert stopped.state == WorkflowState.PAUSED
    assert "ec2:DescribeRouteTables" in stopped.message["en"]
    assert changes_of(journal, walk.account) == Counter()


def test_a_role_that_comes_back_is_proven_before_anything_is_changed_with_it(
    walk: Walk, journal: JournalReader
) -> None:
    """F-38: lost, then back with a trust policy that lets everybody in, then right."""
    scene = faulty(walk)
    scene.start()
    iam, roles = walk.customer("iam"), ("ClickHouseManagementRole", "ClickHouseVerifierRole")
    trust = {role: iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"] for role in roles}

    def rewrite(**statement: Any) -> None:
        for role, right in trust.items():
            document = right | {"Statement": [right["Statement"][0] | statement]}
            iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(document))

    def resumed() -> tuple[str, str]:
        resume_mend(deployment=walk.fresh().deployment, version=walk.deployment.version, by=walk.by)
        return scene.work().state, Connection.objects.get(pk=walk.connection.pk).state

    rewrite(Effect="Deny")
    assert scene.work().state == WorkflowState.PAUSED
    rewrite(Condition={"StringLike": {"sts:ExternalId": "*"}})
    assert resumed() == (WorkflowState.PAUSED, ConnectionState.INSECURE)
    assert changes_of(journal, walk.account) == Counter()
    rewrite()
    assert resumed() == (WorkflowState.DONE, ConnectionState.PROVEN)
    assert changes_of(journal, walk.account) == ONCE


def test_the_sessions_of_the_changes_are_narrowed_to_their_call(walk: Walk, journal: JournalReader) -> None:
    scene = faulty(walk)
    scene.start()
    scene.work()
    opened = [e for e in journal.assumptions(walk.account) if "mend-" in str(e.parameters.get("RoleSessionName"))]
    policies = [json.loads(entry.parameters["Policy"])["Statement"] for entry in opened]
    assert [[one["Action"] for one in statements] for statements in policies] == [
        ["ec2:CreateTags"],
        ["ec2:CreateVpcEndpoint", "ec2:CreateTags"],
    ]
    assert all("ClickHouseManagementRole" in entry.parameters["RoleArn"] for entry in opened)
    changing = CallRecord.objects.filter(connection=walk.connection, mutating=True)
    assert sorted(changing.values_list("operation", "purpose", "role")) == [
        ("CreateTags", "mend-tags", "management"),
        ("CreateVpcEndpoint", "mend-endpoint", "management"),
    ]
    assert set(changing.values_list("intent_id", flat=True)) == set(Intent.objects.values_list("pk", flat=True))


def test_the_whole_management_role_may_set_no_other_tag_on_what_is_not_ours(walk: Walk) -> None:
    """By AWS's side, with the role's own policies and no session policy at all."""
    scene = faulty(walk)
    ec2 = _as_role(walk)
    for target, key, value in (
        (scene.subnets[0], "Owner", "us"),
        (scene.subnets[0], ELB, "0"),
        (scene.subnets[0], BYOC, "true"),
        (scene.vpc, ELB, "1"),
        (scene.vpc, BYOC, "true"),
        (scene.own, ELB, "1"),
    ):
        with pytest.raises(ec2.exceptions.ClientError) as refused:
            ec2.create_tags(Resources=[target], Tags=[{"Key": key, "Value": value}])
        assert refused.value.response["Error"]["Code"] == "UnauthorizedOperation", (target, key)
    with pytest.raises(ec2.exceptions.ClientError):
        ec2.create_tags(Resources=[scene.subnets[1]], Tags=[{"Key": ELB, "Value": "1"}, {"Key": "a", "Value": "b"}])
    ec2.create_tags(Resources=[scene.subnets[1]], Tags=[{"Key": ELB, "Value": "1"}])
    assert scene.tags(scene.subnets[1])[ELB] == "1"


def _as_role(walk: Walk) -> Any:
    """EC2 as the management role, entered by a user of the account whom the customer lets in for this test."""
    iam = walk.customer("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{walk.account}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.update_assume_role_policy(RoleName="ClickHouseManagementRole", PolicyDocument=document)
    iam.create_user(UserName="somebody")
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName="somebody", PolicyName="in", PolicyDocument=document)
    arn = f"arn:aws:iam::{walk.account}:role/ClickHouseManagementRole"
    sts = boto3.client(
        "sts", region_name=REGION, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
    )
    found = wait_for(lambda: _assumed(sts, arn), within=20, every=0.2, what="the role can be assumed")
    return boto3.client(
        "ec2", region_name=REGION, aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"], aws_session_token=found["SessionToken"],
    )  # fmt: skip


def _assumed(sts: Any, arn: str) -> Any:
    try:
        return sts.assume_role(RoleArn=arn, RoleSessionName="somebody")["Credentials"]
    except sts.exceptions.ClientError:
        return None


def test_another_plan_than_the_shown_one_is_stale(walk: Walk) -> None:
    scene = faulty(walk)
    deployment = walk.fresh().deployment
    for shown, version in (("0" * 64, deployment.version), (scene.plan().hash, deployment.version - 1)):
        with pytest.raises(Stale):
            start_mend(deployment=walk.fresh().deployment, plan_hash=shown, version=version, by=walk.by)
    assert not Workflow.objects.filter(kind="networking.vpc_mend").exists()


def test_a_second_confirmation_meets_the_first_at_work(walk: Walk) -> None:
    scene = faulty(walk)
    scene.start()
    with pytest.raises(Busy):
        scene.start()
    assert Workflow.objects.filter(kind="networking.vpc_mend").count() == 1


def test_withheld_vpc_writes_are_said_before_anything_starts(walk: Walk) -> None:
    walk.register()
    Connection.objects.filter(pk=walk.connection.pk).update(withholds_vpc_writes=True)
    scene = faulty(walk.fresh(), WithholdVpcWrites="true")
    with pytest.raises(NotAllowed, match="withheld"):
        scene.start()


def test_roles_of_an_older_template_are_said_before_anything_starts(walk: Walk) -> None:
    """The version is what the role in the account says, not what we hope."""
    scene = faulty(walk, proven=True)
    assert walk.fresh().connection.template_version == TEMPLATE_VERSION
    Connection.objects.filter(pk=walk.connection.pk).update(template_version=1)
    with pytest.raises(NotAllowed, match="version 1"):
        scene.start()


def test_it_starts_at_the_infrastructure_step_only(walk: Walk) -> None:
    scene = faulty(walk)
    Deployment.objects.filter(pk=walk.deployment.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(WrongStep):
        scene.start()
