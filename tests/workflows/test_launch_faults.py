"""A whole launch and its tear-down with a fault at every changing call: each stack is made once and deleted once."""

from collections import Counter
from collections.abc import Mapping

import pytest

from onboarding import actions
from onboarding.models import Stack
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.aws import sessions
from portal.workflows import actions as workflows
from portal.workflows import runner
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.processes import wait_for

pytestmark = pytest.mark.django_db
STACKS = ("network", "storage", "roles", "cluster")


def newest(walk: Walk) -> Workflow:
    return Workflow.objects.filter(connection=walk.connection).latest("started_at")


def faults(*kinds: str) -> Mapping[str, str]:
    """One fault for the call of each stack."""
    return dict(zip(STACKS, kinds, strict=True))


def drive(walk: Walk, aws_env: Emulator, operation: str, ordered: Mapping[str, str]) -> Workflow:
    """Runs the newest workflow to its end; the first `operation` of each step meets the step's fault."""
    met: set[str] = set()

    def look() -> Workflow | None:
        row = newest(walk)
        if row.state != WorkflowState.ACTIVE:
            return row
        if row.step in ordered and row.step not in met:
            met.add(row.step)
            aws_env.control.order(
                ordered[row.step], account=walk.account, service="cloudformation", operation=operation, seconds=0
            )
        runner.run(row.pk)
        return None

    ended = wait_for(look, within=100, every=0.02, what=f"{operation} is survived at every stack")
    assert met == set(ordered)
    return ended


def test_each_stack_is_made_and_deleted_once_whatever_becomes_of_the_answers(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    walk.trust().choose().confirm()
    ended = drive(walk, aws_env, "CreateStack", faults("cut-after", "500-after", "cut-before", "throttle"))
    assert ended.state == WorkflowState.DONE, ended.message
    assert walk.fresh().deployment.state == DeploymentState.READY
    actions.tear_down(deployment=walk.deployment, version=walk.deployment.version, by=walk.by)
    ended = drive(walk, aws_env, "DeleteStack", faults("timeout-after", "503-after", "500", "cut-before"))
    assert ended.state == WorkflowState.DONE, ended.message

    ours = [entry for entry in journal.effects(walk.account) if "ClickHouseManagementRole" in entry.principal]
    done = Counter((entry.operation, entry.parameters["StackName"].split("/")[-2:][0]) for entry in ours)
    names = [f"clickhouse-cloud-{walk.deployment.slug}-{stack}" for stack in STACKS]
    assert done == Counter([(operation, name) for operation in ("CreateStack", "DeleteStack") for name in names])
    assert set(Intent.objects.values_list("state", flat=True)) == {IntentState.DONE}
    assert set(Stack.objects.values_list("status", flat=True)) == {"DELETE_COMPLETE"}


def test_a_role_that_closes_before_the_call_leaves_it_planned(
    walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """AssumeRole is refused inside the effect: nothing was sent, and access is lost, not the launch."""
    walk.trust().choose().confirm()
    for _step in range(2):
        runner.run(newest(walk).pk)
    walk.customer("iam").update_assume_role_policy(
        RoleName="ClickHouseManagementRole",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}',
    )
    runner.run(newest(walk).pk)
    row, intent = newest(walk), Intent.objects.get()
    assert (row.state, row.connection.state) == (WorkflowState.PAUSED, "lost_access")
    assert (intent.state, intent.sends) == (IntentState.PLANNED, 0)
    assert not [entry for entry in journal.of(walk.account, "CreateStack") if walk.deployment.slug in str(entry)]


@pytest.mark.parametrize("stop", ["cancel", "hand_to_human"])
def test_who_stops_the_work_while_its_session_opens_stops_the_call(
    walk: Walk, people: object, journal: JournalReader, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    staff: User = people.staff.user  # type: ignore[attr-defined]
    walk.trust().choose().confirm()
    for _step in range(2):
        runner.run(newest(walk).pk)
    really = sessions._assume

    def meanwhile(connection: object, role: str, *args: object, **kwargs: object) -> object:
        answer = really(connection, role, *args, **kwargs)  # type: ignore[arg-type]
        if role == "management":
            getattr(workflows, stop)(workflow=newest(walk), by=staff, reason="stop")
        return answer

    monkeypatch.setattr(sessions, "_assume", meanwhile)
    runner.run(newest(walk).pk)
    monkeypatch.undo()
    assert newest(walk).state == (WorkflowState.CANCELLED if stop == "cancel" else WorkflowState.NEEDS_HUMAN)
    assert not [entry for entry in journal.of(walk.account, "CreateStack") if walk.deployment.slug in str(entry)]
    assert Intent.objects.get().state != IntentState.DONE


def test_a_clock_that_is_off_is_one_alarm_a_minute(walk: Walk, aws_env: Emulator, journal: JournalReader) -> None:
    """F-27 at the call itself."""
    walk.trust().choose().confirm()
    for _step in range(2):
        runner.run(newest(walk).pk)
    aws_env.control.order(
        "throttle", account=walk.account, service="cloudformation", operation="CreateStack", code="RequestTimeTooSkewed"
    )
    for _look in range(5):
        runner.run(newest(walk).pk)
    assert (newest(walk).state, newest(walk).turn) == (WorkflowState.ACTIVE, "us")
    intent = Intent.objects.get()
    assert (intent.state, intent.sends) == (IntentState.PLANNED, 0)
    tried = [entry for entry in journal.of(walk.account, "CreateStack") if walk.deployment.slug in str(entry)]
    assert len(tried) <= 1
