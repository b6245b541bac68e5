"""`check_role`: what it finds, what it answers its shell, and that it changes nothing."""

import json
import uuid
from typing import Any

import pytest

from onboarding.checks.catalogue import CATALOGUE
from portal.aws.models import CallRecord, Connection
from portal.aws.states import ConnectionState
from portal.findings.models import Observation
from tests.emulators import JournalReader
from tests.journeys import Walk
from tests.onboarding.commands.running import Ran, Shell

MANAGEMENT, VERIFIER = "ClickHouseManagementRole", "ClickHouseVerifierRole"
JUDGED = {code for code in CATALOGUE if code.split(".")[0] in {"trust", "role", "permissions"}}


@pytest.fixture
def deployed(walk: Walk) -> Walk:
    """The customer has created the roles; nobody has looked yet."""
    return walk.register().deploy_roles()


def look(shell: Shell, walk: Walk) -> tuple[Ran, dict[str, Any]]:
    ran = shell.run("check_role", "--connection", str(walk.connection.pk), "--json")
    assert ran.err == ""
    return ran, json.loads(ran.out)


def found(document: dict[str, Any], level: str) -> set[str]:
    return {finding["code"] for finding in document["findings"] if finding["level"] == level}


def test_roles_as_the_template_makes_them_pass(shell: Shell, deployed: Walk) -> None:
    ran, document = look(shell, deployed)
    assert ran.status == 0
    assert (document["subject"], document["profile"], document["verdict"]) == (deployed.account, "seed", "passed")
    codes = [finding["code"] for finding in document["findings"]]
    assert sorted(codes) == sorted(JUDGED)
    simulated = [finding for finding in document["findings"] if finding["code"] == "permissions.simulated"]
    assert simulated[0]["evidence"] == "simulated"
    (proof,) = [finding for finding in document["findings"] if finding["code"] == "trust.external-id"]
    assert {arn.rpartition("/")[2] for arn in proof["resources"]} == {MANAGEMENT, VERIFIER}


def test_it_changes_nothing_but_leaves_its_calls_in_the_ledger(
    shell: Shell, deployed: Walk, journal: JournalReader
) -> None:
    before = journal.operations(deployed.account)
    look(shell, deployed)
    assert journal.operations(deployed.account) == before
    assert not Observation.objects.filter(subject_id=deployed.deployment.pk).exists()
    assert Connection.objects.get(pk=deployed.connection.pk).state == ConnectionState.UNPROVEN
    calls = CallRecord.objects.filter(connection=deployed.connection, purpose="check-role")
    assert calls.filter(operation="AssumeRole").count() == 9
    assert not calls.filter(mutating=True).exists()


def test_roles_that_nobody_has_made_are_unknown(shell: Shell, walk: Walk) -> None:
    walk.register()
    ran, document = look(shell, walk)
    assert (ran.status, document["verdict"]) == (2, "unknown")
    assert found(document, "passed") == set()


def test_a_role_that_opens_without_the_external_id_fails_and_is_not_entered(shell: Shell, deployed: Walk) -> None:
    iam = deployed.customer("iam")
    trust = iam.get_role(RoleName=VERIFIER)["Role"]["AssumeRolePolicyDocument"]
    for statement in trust["Statement"]:
        statement.pop("Condition", None)
    iam.update_assume_role_policy(RoleName=VERIFIER, PolicyDocument=json.dumps(trust))
    ran, document = look(shell, deployed)
    assert (ran.status, document["verdict"]) == (1, "failed")
    (failure,) = [finding for finding in document["findings"] if finding["level"] == "failed"]
    assert failure["code"] == "trust.external-id"
    assert failure["resources"] == [f"arn:aws:iam::{deployed.account}:role/{VERIFIER}"]
    calls = CallRecord.objects.filter(connection=deployed.connection, purpose="check-role")
    assert set(calls.values_list("operation", flat=True)) == {"AssumeRole"}


def test_a_permission_that_is_gone_fails_by_name(shell: Shell, deployed: Walk) -> None:
    iam = deployed.customer("iam")
    attached = iam.list_attached_role_policies(RoleName=MANAGEMENT)["AttachedPolicies"]
    (eks,) = [policy for policy in attached if "eks:CreateCluster" in json.dumps(_document(iam, policy["PolicyArn"]))]
    iam.detach_role_policy(RoleName=MANAGEMENT, PolicyArn=eks["PolicyArn"])
    ran, document = look(shell, deployed)
    assert ran.status == 1
    failures = [finding for finding in document["findings"] if finding["level"] == "failed"]
    assert {finding["code"] for finding in failures} == {"permissions.simulated"}
    assert "eks:CreateCluster" in {name for finding in failures for name in finding["resources"]}


def _document(iam: Any, arn: str) -> Any:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def test_a_person_reads_lines_with_the_verdict_at_the_end(shell: Shell, deployed: Walk) -> None:
    ran = shell.run("check_role", "--connection", str(deployed.connection.pk))
    assert ran.status == 0
    assert ran.out.rstrip().endswith(f"{deployed.account}: passed (profile seed)")


def refused(ran: Ran, *words: str) -> None:
    """Exit status 3, one line on stderr, nothing on stdout."""
    assert (ran.status, ran.out) == (3, "")
    assert len(ran.err.strip().splitlines()) == 1
    for word in words:
        assert word in ran.err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--connection"),
        (("--connection", "12"), "'12' is no id"),
        (("--connection", str(uuid.UUID(int=7))), "no connection with the id"),
        (("--connection", str(uuid.UUID(int=7)), "--jsno"), "--jsno"),
    ],
)
def test_wrong_arguments_are_said_in_one_line(shell: Shell, arguments: tuple[str, ...], word: str) -> None:
    refused(shell.run("check_role", *arguments), word)


def test_a_connection_without_a_deployment_is_said_in_one_line(shell: Shell, connection: Connection) -> None:
    refused(shell.run("check_role", "--connection", str(connection.pk)), "No deployment")


def test_a_quarantined_connection_is_not_entered(shell: Shell, deployed: Walk) -> None:
    Connection.objects.filter(pk=deployed.connection.pk).update(state=ConnectionState.QUARANTINED)
    refused(shell.run("check_role", "--connection", str(deployed.connection.pk)), "quarantined", deployed.account)
    assert not CallRecord.objects.filter(connection=deployed.connection, purpose="check-role").exists()


def test_missing_credentials_of_the_portals_own_are_said_in_one_line(
    shell: Shell, deployed: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    refused(shell.run("check_role", "--connection", str(deployed.connection.pk)), "credentials")


def test_an_aws_that_does_not_answer_leaves_everything_unknown(
    shell: Shell, deployed: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    ran, document = look(shell, deployed)
    assert (ran.status, document["verdict"]) == (2, "unknown")
