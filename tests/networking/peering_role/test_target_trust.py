"""The lent role in the emulator: proven by four probes, lost and insecure apart from the deployment's own link."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from networking.actions.targets import lend_role, look_for_role, withdraw
from networking.kinds import PEERING_LOOK, TARGET_REPROOF
from networking.models import Peering
from networking.peering.access import accepter_look_session, can_act
from networking.peering_role.delivery import RoleDelivery
from networking.tasks.target_trust import ProveTarget, reprove_targets
from onboarding.tasks.trust import hold_proven
from onboarding.tasks.trust_words import TARGET_TRUST_SEEN
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.demo import aws
from portal.findings.languages import heard
from portal.findings.models import Observation
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows import actions as workflows
from portal.workflows import leases, runner
from portal.workflows.models import Workflow
from portal.workflows.shapes import Done, Pause, Work
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator
from tests.networking.brought import user_of
from tests.networking.peered import peered
from tests.people import People, fresh_account_id
from tests.processes import wait_for

ROLE = "ClickHousePeeringRole"


@dataclass
class Lender:
    """The target account's admin, and the worker's part."""

    people: People
    peering: Peering

    @property
    def link(self) -> Connection:
        self.peering.refresh_from_db()
        assert self.peering.target is not None
        return self.peering.target

    def lend(self) -> "Lender":
        lend_role(peering=self.peering, version=self.peering.version, by=user_of(self.people))
        return self

    def create(self) -> "Lender":
        delivery = RoleDelivery.of(self.peering, self.link)
        cloudformation = aws.client("cloudformation", self.peering.account_id, delivery.region)
        cloudformation.create_stack(
            StackName=delivery.stack_name,
            TemplateBody=delivery.file("cloudformation").body,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in delivery.parameters],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        wait_for(lambda: ROLE in self.roles(), within=10)
        return self

    def roles(self) -> set[str]:
        return {role["RoleName"] for role in self.iam.list_roles()["Roles"]}

    @property
    def iam(self) -> Any:
        return aws.client("iam", self.peering.account_id, "us-east-1")

    def rewrite(self, **condition: Any) -> None:
        document = self.iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
        document["Statement"][0]["Condition"] = condition
        self.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(document))

    def work(self, looks: int = 6) -> Workflow:
        """So many looks of a worker at the link's live workflow."""
        for _look in range(looks):
            live = workflows.live_workflow(self.link)
            if live is None or live.state != WorkflowState.ACTIVE:
                break
            workflows.look_now(workflow=live)
            runner.run(live.pk)
        return Workflow.objects.filter(connection=self.link).latest("started_at")

    def within(self) -> Work:
        """A run of the peering's own work, on the deployment's link."""
        connection = self.peering.deployment.connection
        workflow = workflows.start(
            kind=PEERING_LOOK, connection=connection, subject_id=self.peering.deployment_id, by=user_of(self.people),
            data={"peering": str(self.peering.pk)},
        )  # fmt: skip
        work = leases.claim(workflow.pk)
        assert work is not None
        return work


@pytest.fixture
def lender(people: People, aws_env: Emulator) -> Lender:
    return Lender(people, peered(people, account_id=fresh_account_id()))


def test_the_role_of_the_template_is_waited_for_and_proven(lender: Lender) -> None:
    lender.lend()
    waiting = lender.work(2)
    assert (waiting.state, waiting.step) == (WorkflowState.ACTIVE, "roles")
    assert "not there yet" in heard(waiting.message, "")
    lender.create()
    assert lender.work().state == WorkflowState.DONE
    assert lender.link.state == ConnectionState.PROVEN
    assert can_act(lender.peering)
    (look,) = Observation.objects.filter(kind=TARGET_TRUST_SEEN, subject_id=lender.link.pk)
    assert ROLE in look.heard_findings()[0].message
    assert not Observation.objects.filter(subject_id=lender.peering.deployment_id, kind="trust").exists()


def test_a_role_that_opens_to_others_is_insecure_and_a_corrected_one_is_proven(lender: Lender) -> None:
    lender.lend().create()
    right = lender.link.external_id
    lender.rewrite(StringLike={"sts:ExternalId": "*"})
    assert lender.work().state == WorkflowState.PAUSED
    assert lender.link.state == ConnectionState.INSECURE
    assert not can_act(lender.peering)
    lender.rewrite(StringEquals={"sts:ExternalId": right})
    look_for_role(peering=lender.peering, by=user_of(lender.people))
    lender.work()
    assert lender.link.state == ConnectionState.PROVEN


def test_an_account_that_another_tenant_has_proven_is_refused_neutrally_for_whatever_purpose(lender: Lender) -> None:
    """The other one deploys there; this one would only peer with it."""
    Connection.objects.create(
        organisation=lender.people.elsewhere, account_id=lender.peering.account_id, state=ConnectionState.PROVEN,
        proven_at=timezone.now(), probed_at=timezone.now(),
    )  # fmt: skip
    lender.lend().create()
    ended = lender.work()
    assert ended.state == WorkflowState.REFUSED
    assert lender.people.elsewhere.name not in json.dumps(ended.message)
    assert lender.link.state == ConnectionState.UNPROVEN
    ticket = Ticket.objects.get(kind=TicketKind.ACCOUNT_CLAIM)
    assert ticket.organisation_id == lender.people.organisation.pk


def test_a_role_that_is_taken_away_loses_its_own_link_and_not_the_deployments(lender: Lender) -> None:
    lender.lend().create().work()
    work = lender.within()
    assert accepter_look_session(work, lender.peering, "ec2:DescribeVpcs") is not None
    lender.iam.delete_role_policy(RoleName=ROLE, PolicyName="ClickHousePeeringRolePolicy")
    lender.iam.delete_role(RoleName=ROLE)
    assert accepter_look_session(work, lender.peering, "ec2:DescribeVpcs") is None
    assert lender.link.state == ConnectionState.LOST
    assert not can_act(lender.peering)
    own = Connection.objects.get(pk=lender.peering.deployment.connection_id)
    assert own.state == ConnectionState.PROVEN


def test_trust_is_proven_before_work_in_the_target_account_and_stops_it(lender: Lender) -> None:
    work = lender.within()
    assert isinstance(ProveTarget().run(work), Done)  # nobody lends a role: nothing will be written there
    lender.lend().create().work()
    Connection.objects.filter(pk=lender.link.pk).update(probed_at=timezone.now() - timedelta(days=2))
    before = lender.link.probed_at
    assert isinstance(ProveTarget().run(work), Done)
    assert lender.link.probed_at > before
    lender.rewrite(StringLike={"sts:ExternalId": "*"})
    assert isinstance(ProveTarget().run(work), Pause)
    assert lender.link.state == ConnectionState.INSECURE


def test_a_link_that_is_withdrawn_meanwhile_is_not_revived_by_a_proof(lender: Lender) -> None:
    lender.lend().create().work()
    link, work = lender.link, lender.within()
    held = Connection.objects.get(pk=link.pk)
    withdraw(peering=lender.peering, version=lender.peering.version, by=user_of(lender.people))
    assert not hold_proven(work, held)
    assert Connection.objects.get(pk=link.pk).state == ConnectionState.CLOSED


def test_the_daily_proof_finds_a_role_that_no_longer_opens(lender: Lender, settings: Any) -> None:
    lender.lend().create().work()
    Connection.objects.filter(pk=lender.link.pk).update(probed_at=timezone.now() - timedelta(days=2))
    assert reprove_targets() == 1
    assert lender.work().kind == TARGET_REPROOF
    assert lender.link.state == ConnectionState.PROVEN
    assert reprove_targets() == 0
    lender.rewrite(StringEquals={"sts:ExternalId": "somebody-elses"})
    Connection.objects.filter(pk=lender.link.pk).update(probed_at=timezone.now() - timedelta(days=2))
    settings.WORKFLOW = settings.WORKFLOW | {"trust_patience": 0.0}
    assert reprove_targets() == 1
    assert lender.work().state == WorkflowState.PAUSED
    assert lender.link.state == ConnectionState.LOST
