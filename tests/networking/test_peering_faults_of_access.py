"""Roles that go away, answers from the wrong account, rows that lead elsewhere, and what starts beside work."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from networking.actions.peering_work import remove_peering, resume_work, start_steps
from networking.actions.peerings import renew_peering
from networking.kinds import PEER, PEERING_LOOK, UNPEER
from networking.models import Peering, PeeringConnection
from networking.peering.access import can_act
from networking.peering.plan import PeeringPlan
from networking.peering.standing import standing_of
from networking.peering_role.delivery import RoleDelivery
from networking.states import PeeringState
from onboarding.actions.launch import tear_down
from onboarding.actions.versions import WrongStep
from onboarding.delivery import Delivery
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.refusals import ActionRefused
from portal.aws import sessions
from portal.aws.models import CallRecord, Connection
from portal.aws.sessions import Errand
from portal.aws.states import ConnectionPurpose, ConnectionState, RoleKind
from portal.demo import aws
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows import actions as workflows
from portal.workflows import runner
from portal.workflows.actions import Busy, NotAllowed
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking import peered
from tests.networking.brought import user_of
from tests.networking.peering_pages import allow_writes
from tests.networking.peering_scenes import ALL, Scene, effects, open_scene
from tests.networking.test_peering_faults import Beside, looks_at_will
from tests.people import People, make_connection, make_people

__all__ = ["looks_at_will"]
pytestmark = pytest.mark.django_db
CONNECTION, ACCEPTANCE, ROUTES, RETURN, RULE = ALL
ROLES = ("ClickHouseManagementRole", "ClickHouseVerifierRole")
NOBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def states(scene: Scene) -> tuple[str, str]:
    """Of the deployment's own link, and of that to the target account."""
    found = dict(Connection.objects.values_list("pk", "state"))
    return found[scene.walk.connection.pk], found[scene.ground.peering.target_id]


def own_state(walk: Walk) -> str:
    return str(Connection.objects.get(pk=walk.connection.pk).state)


def delete_stack(account: str, region: str, name: str) -> None:
    cloudformation = aws.client("cloudformation", account, region)
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )  # fmt: skip


def resumed(scene: Scene) -> Workflow:
    peering = scene.ground.peering
    resume_work(peering=peering, version=peering.version, by=scene.walk.by)
    return scene.work()


def test_a_stack_deleted_in_the_middle_stops_what_needs_its_roles_and_nothing_else(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """F-38, first in the target account, then in the BYOC account."""
    scene = open_scene(walk, balancer=False)
    peering = scene.ground.peering
    delivery = RoleDelivery.of(peering, peering.target)
    beside = Beside(aws_env)
    beside.when(
        walk.account, "CreateVpcPeeringConnection",
        lambda: delete_stack(peering.account_id, delivery.region, delivery.stack_name),
    )  # fmt: skip
    scene.start()
    stopped = scene.work()
    beside.end()
    assert stopped.state == WorkflowState.PAUSED
    assert f"account {peering.account_id} does not open" in stopped.message["en"]
    assert states(scene) == (ConnectionState.PROVEN, ConnectionState.LOST)
    made = effects(journal, scene)
    # Going on with the role still away: nothing new, and never «in order».
    stopped = resumed(scene)
    assert stopped.state == WorkflowState.PAUSED
    assert f"account {peering.account_id} does not open" in stopped.message["en"]
    assert effects(journal, scene) == made

    own = Delivery.of(walk.fresh().deployment)
    delete_stack(walk.account, own.region, own.stack_name)
    stopped = resumed(scene)
    assert stopped.state == WorkflowState.PAUSED
    assert f"Account {walk.account} no longer lets us in" in stopped.message["en"]
    assert states(scene) == (ConnectionState.LOST, ConnectionState.LOST)
    assert effects(journal, scene) == made
    # What was done is still listed.
    assert Intent.objects.filter(workflow=stopped, state="done").count() == made.total()


def test_only_a_role_whose_trust_is_proven_goes_on_after_it_was_away(walk: Walk, journal: JournalReader) -> None:
    """F-38: the stack that comes back trusts everybody. Whoever presses «Go on» gets no work done with it."""
    scene = open_scene(walk, lent=False, balancer=False)
    iam = walk.customer("iam")
    scene.start((CONNECTION,))
    trust = {role: iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"] for role in ROLES}
    for role in ROLES:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(NOBODY))
    stopped = scene.work()
    assert (stopped.state, own_state(walk)) == (WorkflowState.PAUSED, ConnectionState.LOST)
    for role in ROLES:
        wide = json.loads(json.dumps(trust[role]))
        wide["Statement"][0]["Condition"] = {"StringLike": {"sts:ExternalId": "*"}}
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(wide))
    stopped = resumed(scene)
    assert (stopped.state, own_state(walk)) == (WorkflowState.PAUSED, ConnectionState.INSECURE)
    assert effects(journal, scene) == Counter()
    for role in ROLES:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust[role]))
    assert resumed(scene).state == WorkflowState.DONE
    assert own_state(walk) == ConnectionState.PROVEN
    assert effects(journal, scene) == Counter(CreateVpcPeeringConnection=1)


def test_an_answer_for_another_account_locks_the_targets_link_alone(
    walk: Walk, journal: JournalReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role's ARN is built from the row, so only an answer that AWS never gives can differ."""
    scene = open_scene(walk, balancer=False)
    really = sessions._assume

    def elsewhere(link: Connection, role: RoleKind, errand: Errand, **kwargs: Any) -> dict[str, Any]:
        answer = really(link, role, errand, **kwargs)
        if link.purpose == ConnectionPurpose.TARGET and errand.purpose == "peering-accept":
            answer["AssumedRoleUser"]["Arn"] = "arn:aws:sts::999999999999:assumed-role/ClickHousePeeringRole/x"
        return answer

    scene.start()
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "_assume", elsewhere)
        stopped = scene.work()
    assert stopped.state == WorkflowState.NEEDS_HUMAN
    assert "another account" in stopped.message["en"]
    assert states(scene) == (ConnectionState.PROVEN, ConnectionState.QUARANTINED)
    assert Ticket.objects.filter(kind=TicketKind.WRONG_ACCOUNT, workflow=stopped).count() == 1
    # Nothing more was done, and what AWS does answer rightly afterwards opens nothing either.
    workflows.ring_again(workflow=stopped, by=scene.walk.by, reason="Seen.")
    stopped = scene.work()
    assert stopped.state == WorkflowState.PAUSED
    assert f"account {scene.ground.peering.account_id} does not open" in stopped.message["en"]
    assert not can_act(scene.ground.peering)
    assert effects(journal, scene) == Counter(CreateVpcPeeringConnection=1)


@pytest.fixture
def peering(people: People) -> Peering:
    """The request waits to be accepted, no route leads to it, and the roles may peer. Rows alone."""
    row = peered.peered(people)
    peered.record_requested(row)
    allow_writes(row)
    return Peering.objects.get(pk=row.pk)


def confirmed(people: People, peering: Peering) -> Workflow:
    """The routes of step 4."""
    shown = PeeringPlan.of(standing_of(peering), (ROUTES,)).shown
    return start_steps(
        peering=peering, steps=(ROUTES,), plan_hash=shown, version=peering.version, by=user_of(people)
    )  # fmt: skip


def removed(people: People, peering: Peering) -> Workflow:
    """What the page of the removal shows, confirmed."""
    shown = PeeringPlan.of_removal(standing_of(peering), frozenset()).shown
    return remove_peering(
        peering=peering, named=frozenset(), plan_hash=shown, version=peering.version, by=user_of(people)
    )


def test_while_work_runs_nothing_else_begins(people: People, peering: Peering) -> None:
    """Removal, tear-down and a new generation during the work; steps and tear-down during the removal."""
    by = user_of(people)
    work = confirmed(people, peering)
    version = peering.version
    with pytest.raises(Busy):
        removed(people, Peering.objects.get(pk=peering.pk))
    with pytest.raises(WrongStep):
        renew_peering(peering=peering, version=version, by=by)
    deployment = Deployment.objects.get(pk=peering.deployment_id)
    with pytest.raises(ActionRefused, match="Peering hub"):
        tear_down(deployment=deployment, version=deployment.version, by=by)
    peering.refresh_from_db()
    assert (peering.state, peering.version, peering.generation) == (PeeringState.SETTING_UP, version, 1)
    workflows.cancel(workflow=work, by=by)
    removed(people, peering)
    with pytest.raises((WrongStep, Busy)):
        confirmed(people, Peering.objects.get(pk=peering.pk))
    with pytest.raises(ActionRefused, match="Peering hub"):
        tear_down(deployment=deployment, version=deployment.version, by=by)
    assert Deployment.objects.get().state == DeploymentState.READY
    assert list(Workflow.objects.order_by("started_at").values_list("kind", "state")) == [
        (PEER, WorkflowState.CANCELLED), (UNPEER, WorkflowState.ACTIVE)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [PEERING_LOOK, PEER, UNPEER])
def test_a_workflow_that_names_anothers_peering_makes_no_call(people: People, peering: Peering, kind: str) -> None:
    """Another tenant's, and one of another deployment of the same tenant."""
    theirs = peered.peered(make_people())
    peered.record_requested(theirs)
    beside = Peering.objects.get(pk=peered.peered(people, vpc_id="vpc-0f0f0f0f0f0f0f0f0").pk)
    plan = PeeringPlan.of_removal(standing_of(theirs), frozenset()).to_data()
    for number, foreign in enumerate((theirs, beside)):
        link = make_connection(people.organisation, state=ConnectionState.PROVEN, proven_at=timezone.now())
        work = workflows.start(
            kind=kind, connection=link, subject_id=peering.deployment_id, by=user_of(people),
            data={"peering": str(foreign.pk), **plan},
        )  # fmt: skip
        # The proofs of a removal are of the workflow's own link.
        Workflow.objects.filter(pk=work.pk).update(step="look" if kind == PEERING_LOOK else "compare")
        for _run in range(6):
            Workflow.objects.filter(pk=work.pk).update(due_at=timezone.now(), leased_until=None)
            with pytest.raises(Peering.DoesNotExist):
                runner.run(work.pk)
            if Workflow.objects.get(pk=work.pk).attempts > 4:
                break
        Workflow.objects.filter(pk=work.pk).update(due_at=timezone.now(), leased_until=None)
        runner.run(work.pk)
        assert Workflow.objects.get(pk=work.pk).state == WorkflowState.NEEDS_HUMAN
        assert Ticket.objects.filter(workflow=work).count() == 1, number
    assert not CallRecord.objects.exists()
    assert not Intent.objects.exists()


@pytest.mark.parametrize(
    "alter",
    [
        lambda data: data | {"plan_hash": "0" * 64},
        lambda data: data | {"changes": data["changes"][:1]},
        lambda data: data | {"changes": [*data["changes"], data["changes"][0] | {"resource": "rtb-0f0f0f0f0f0f0f0f0"}]},
        lambda data: data | {"changes": [one | {"connection": "pcx-0f0f0f0f0f0f0f0f0"} for one in data["changes"]]},
    ],
)
def test_a_plan_that_is_not_the_confirmed_one_is_not_carried_out(
    people: People, peering: Peering, alter: Callable[[Any], Any]
) -> None:
    work = confirmed(people, peering)
    Workflow.objects.filter(pk=work.pk).update(data=alter(work.data))
    runner.run(work.pk)
    work.refresh_from_db()
    assert work.state == WorkflowState.REFUSED
    assert "Nothing was changed" in work.message["en"]
    assert not CallRecord.objects.exists()


def refused_by_the_database(change: Callable[[], Any]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        change()


def test_the_database_refuses_what_would_lead_a_peering_to_another_tenant(people: People, peering: Peering) -> None:
    """The target's link, the deployment, a connection's peering: none may be another organisation's."""
    theirs = peered.peered(make_people(), vpc_id="vpc-0f0f0f0f0f0f0f0f0")
    link = make_connection(
        theirs.organisation, peering.account_id, purpose=ConnectionPurpose.TARGET, state=ConnectionState.PROVEN
    )
    rows = Peering.objects.filter(pk=peering.pk)
    refused_by_the_database(lambda: rows.update(target=link))
    refused_by_the_database(lambda: rows.update(deployment=theirs.deployment))
    refused_by_the_database(lambda: PeeringConnection.objects.filter(peering=peering).update(peering=theirs))
    refused_by_the_database(lambda: Workflow.objects.filter(pk=confirmed(people, peering).pk).update(connection=link))


@pytest.mark.parametrize("state", [ConnectionState.LOST, ConnectionState.INSECURE, ConnectionState.QUARANTINED])
def test_without_proven_trust_no_work_begins(people: People, peering: Peering, state: ConnectionState) -> None:
    Connection.objects.filter(pk=peering.deployment.connection_id).update(state=state)
    with pytest.raises(NotAllowed, match="does not let us in"):
        confirmed(people, Peering.objects.get(pk=peering.pk))
    assert not Workflow.objects.exists()
