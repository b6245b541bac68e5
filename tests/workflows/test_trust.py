"""Trust is proven by four calls against a real trust policy, and anything else is no proof."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from onboarding import actions
from onboarding.states import DeploymentState
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.findings.languages import heard
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows import runner
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import Turn, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.people import People, make_deployment
from tests.processes import wait_for

ROLES = ("ClickHouseVerifierRole", "ClickHouseManagementRole")


def newest(walk: Walk) -> Workflow:
    return Workflow.objects.filter(connection=walk.connection).latest("started_at")


def looks(walk: Walk, number: int) -> Workflow:
    """So many looks of a worker, each as soon as it is due."""
    for _look in range(number):
        actions.look_for_roles(deployment=walk.deployment, by=walk.by)
        runner.run(newest(walk).pk)
    return newest(walk)


def rewrite(walk: Walk, change: Any, roles: tuple[str, ...] = ROLES) -> None:
    """The customer changes the trust policies of their roles by hand."""
    iam = walk.customer("iam")
    for role in roles:
        document = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        for statement in document["Statement"]:
            change(statement)
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(document))


def without_condition(statement: dict[str, Any]) -> None:
    statement.pop("Condition", None)


def like_anything(statement: dict[str, Any]) -> None:
    statement["Condition"] = {"StringLike": {"sts:ExternalId": "*"}}


def if_exists(statement: dict[str, Any]) -> None:
    condition = statement["Condition"].pop("StringEquals")
    statement["Condition"] = {"StringEqualsIfExists": condition}


def test_a_role_that_is_not_there_yet_is_waited_for(walk: Walk) -> None:
    """F-31: it is the customer's turn, and nothing failed."""
    walk.register()
    row = looks(walk, 3)
    assert (row.state, row.step, row.turn) == (WorkflowState.ACTIVE, "roles", Turn.YOU)
    assert walk.connection.state == ConnectionState.UNPROVEN
    assert "not there yet" in heard(row.message, "")
    walk.deploy_roles().work()
    assert walk.connection.state == ConnectionState.PROVEN


@pytest.mark.parametrize("change", [without_condition, like_anything, if_exists])
def test_a_role_that_opens_without_our_id_is_insecure_and_nothing_more_is_done(
    walk: Walk, journal: JournalReader, change: Any
) -> None:
    """F-32 and F-33."""
    walk.register().deploy_roles()
    rewrite(walk, change)
    ended = walk.work()
    assert ended is not None
    assert (ended.state, ended.step, ended.turn) == (WorkflowState.PAUSED, "trust", Turn.YOU)
    assert walk.connection.state == ConnectionState.INSECURE
    assert walk.deployment.state == DeploymentState.BOOTSTRAP
    assert not Intent.objects.exists()
    probes = len(journal.assumptions(walk.account))
    runner.run(ended.pk)
    assert len(journal.assumptions(walk.account)) == probes


def test_one_insecure_role_of_two_is_enough(walk: Walk) -> None:
    walk.register().deploy_roles()
    rewrite(walk, without_condition, ("ClickHouseManagementRole",))
    walk.work()
    assert walk.connection.state == ConnectionState.INSECURE


def test_a_corrected_trust_policy_is_proven_after_all(walk: Walk) -> None:
    walk.register().deploy_roles()
    kept = walk.customer("iam").get_role(RoleName=ROLES[0])["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    rewrite(walk, without_condition)
    walk.work()
    rewrite(walk, lambda statement: statement.update(kept))
    actions.look_for_roles(deployment=walk.deployment, by=walk.by)
    walk.work()
    assert walk.connection.state == ConnectionState.PROVEN


@pytest.mark.parametrize("fault", ["throttle", "cut-before"])
def test_a_refusal_that_is_none_proves_nothing_and_is_repeated(
    walk: Walk, aws_env: Emulator, journal: JournalReader, fault: str
) -> None:
    """F-34: the probe without an ID is throttled, or not answered; STS is asked three times each."""
    walk.register().deploy_roles()
    assert looks(walk, 1).step == "trust"
    aws_env.control.order(fault, service="sts", operation="AssumeRole", skip=1, times=3)
    row = looks(walk, 1)
    assert (row.state, row.step) == (WorkflowState.ACTIVE, "trust")
    assert walk.fresh().connection.state == ConnectionState.UNPROVEN
    aws_env.control.withdraw()
    walk.work()
    assert walk.connection.state == ConnectionState.PROVEN


def test_a_role_that_flaps_proves_nothing(walk: Walk, aws_env: Emulator) -> None:
    """F-35: right, refused, refused, and then the right one is refused, too."""
    walk.register().deploy_roles()
    looks(walk, 1)
    aws_env.control.order("throttle", service="sts", operation="AssumeRole", skip=3, times=1, code="AccessDenied")
    row = looks(walk, 1)
    assert (row.state, row.step) == (WorkflowState.ACTIVE, "trust")
    assert walk.fresh().connection.state == ConnectionState.UNPROVEN
    aws_env.control.withdraw()


def test_the_second_tenant_that_proves_an_account_is_refused_neutrally(walk: Walk, people: People) -> None:
    walk.prove()
    assert people.stranger.user is not None
    other = Walk(make_deployment(people.elsewhere), people.stranger.user).register(walk.account)
    rewrite(walk, lambda statement: statement["Condition"]["StringEquals"].update(
        {"sts:ExternalId": other.connection.external_id}
    ))  # fmt: skip
    ended = other.work()
    assert ended is not None
    assert ended.state == WorkflowState.REFUSED
    assert other.connection.state == ConnectionState.UNPROVEN
    assert people.organisation.name not in heard(ended.message, "")
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.organisation_id) == (TicketKind.ACCOUNT_CLAIM, people.elsewhere.pk)
    assert walk.fresh().connection.state == ConnectionState.PROVEN


def test_a_claim_that_is_not_proven_blocks_nobody(walk: Walk, people: People, account_id: str) -> None:
    assert people.stranger.user is not None
    Walk(make_deployment(people.elsewhere), people.stranger.user).register(account_id)
    walk.register(account_id).prove()
    assert walk.connection.state == ConnectionState.PROVEN
    assert Connection.objects.filter(account_id=account_id).count() == 2


def gone(cloudformation: Any) -> bool:
    """Whether no bootstrap stack is there; its name is free then."""
    try:
        cloudformation.describe_stacks(StackName="clickhouse-cloud-bootstrap")
    except ClientError as refusal:
        return refusal.response["Error"]["Code"] == "ValidationError"
    return False


def test_a_stack_that_the_customer_deletes_pauses_the_launch_until_trust_is_proven_anew(walk: Walk) -> None:
    """F-38. What comes back trusts everybody, and the launch notices before it makes anything more."""
    walk.prove().choose().confirm()
    runner.run(newest(walk).pk)
    runner.run(newest(walk).pk)
    cloudformation = walk.customer("cloudformation")
    cloudformation.delete_stack(StackName="clickhouse-cloud-bootstrap")
    wait_for(lambda: gone(cloudformation), what="the customer's stack is deleted")
    row = walk.work()
    assert row is not None
    assert (row.state, row.turn, row.step) == (WorkflowState.PAUSED, Turn.YOU, "proof")
    assert walk.connection.state == ConnectionState.LOST
    assert walk.deployment.state == DeploymentState.LAUNCH
    walk.deploy_roles()
    rewrite(walk, without_condition)
    actions.resume_launch(deployment=walk.deployment, version=walk.deployment.version, by=walk.by)
    ended = walk.work()
    assert ended is not None
    assert ended.state == WorkflowState.PAUSED
    assert walk.connection.state == ConnectionState.INSECURE
    assert not Intent.objects.exists()
