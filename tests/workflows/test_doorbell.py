"""The queue is a doorbell: messages that are lost, repeated, early or late do no harm."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from portal.aws.models import Connection
from portal.workflows import actions, doorbell, outbox, runner, tasks
from portal.workflows.broker import DelayingBroker
from portal.workflows.models import Heartbeat, Letter, Workflow
from portal.workflows.shapes import Wait
from portal.workflows.states import LIVE, WorkflowState
from portal.workflows.sweeper import sweep
from tests.people import make_connection, make_organisation
from tests.workflows.conftest import KIND, Script, claimed, expire, fresh, make_due

pytestmark = pytest.mark.django_db


def messages() -> list[tuple[str, tuple[str, ...]]]:
    """What is queued: the task's name and its arguments."""
    return [(task["func"], task["args"]) for task in map(opened, OrmQ.objects.order_by("pk"))]


def opened(row: OrmQ) -> dict[str, object]:
    content: dict[str, object] = SignedPackage.loads(row.payload)
    return content


def test_a_message_is_a_workflows_id_and_nothing_else(workflow: Workflow) -> None:
    assert messages() == [("portal.workflows.tasks.ring", (str(workflow.pk),))]


def test_a_message_of_what_did_not_happen_is_not_queued(link: Connection, script: Script) -> None:
    with transaction.atomic():
        actions.start(kind=KIND, connection=link, subject_id=link.pk, by="system")
        transaction.set_rollback(True)
    assert messages() == []
    assert not Workflow.objects.exists()


def test_a_message_is_held_back_until_its_time(workflow: Workflow) -> None:
    OrmQ.objects.all().delete()
    doorbell.ring(workflow.pk, after=0.0)
    doorbell.ring(workflow.pk, after=30.0)
    broker = DelayingBroker("portal")
    ready = OrmQ.objects.filter(lock__lte=timezone.now()).count()
    assert ready == 1
    assert OrmQ.objects.latest("pk").lock > timezone.now() + timedelta(seconds=25)
    taken = broker.dequeue()
    assert len(taken) == 1
    assert broker.dequeue() is None


def test_the_delay_of_one_message_is_not_the_next_ones(workflow: Workflow) -> None:
    doorbell.ring(workflow.pk, after=30.0)
    doorbell.ring_post()
    assert OrmQ.objects.latest("pk").lock <= timezone.now()


def test_a_message_that_comes_again_later_finds_nothing_to_do(workflow: Workflow, script: Script) -> None:
    script.act = lambda _work: Wait(seconds=60)
    tasks.ring(str(workflow.pk))
    tasks.ring(str(workflow.pk))
    tasks.ring(str(workflow.pk))
    assert script.ran == ["first"]


def test_a_message_for_what_is_over_finds_nothing_to_do(workflow: Workflow, script: Script) -> None:
    for _look in range(4):
        tasks.ring(str(workflow.pk))
    assert script.ran == ["first", "second"]
    assert fresh(workflow).state == WorkflowState.DONE


def test_a_lost_message_is_rung_again(workflow: Workflow, script: Script) -> None:
    """F-10."""
    OrmQ.objects.all().delete()
    Workflow.objects.update(due_at=Now() - timedelta(seconds=30))
    assert sweep() == 1
    assert messages() == [("portal.workflows.tasks.ring", (str(workflow.pk),))]
    runner.run(workflow.pk)
    assert script.ran == ["first"]
    assert Heartbeat.objects.filter(name="sweeper").exists()


def test_a_workflow_whose_worker_died_is_rung_when_the_lease_is_over(workflow: Workflow) -> None:
    claimed(workflow)
    Workflow.objects.update(due_at=Now() - timedelta(seconds=30))
    assert sweep() == 0
    expire(workflow)
    Workflow.objects.update(due_at=Now() - timedelta(seconds=30))
    assert sweep() == 1


@pytest.mark.parametrize("state", [state for state in WorkflowState if state != WorkflowState.ACTIVE])
def test_what_is_not_active_is_never_rung(workflow: Workflow, state: WorkflowState) -> None:
    Workflow.objects.update(due_at=Now() - timedelta(hours=1), state=state)
    assert sweep() == 0


def test_a_letter_whose_message_was_lost_is_delivered_after_all(db: None) -> None:
    outbox.write(key="k", to="ada@customer.example", subject="s", body="b")
    OrmQ.objects.all().delete()
    Letter.objects.update(due_at=Now() - timedelta(minutes=1))
    sweep()
    assert messages() == [("portal.workflows.tasks.post", ())]


def test_a_queue_that_nobody_empties_does_not_grow_with_every_sweep(workflow: Workflow) -> None:
    Workflow.objects.update(due_at=Now() - timedelta(hours=1))
    for _sweep in range(20):
        OrmQ.objects.update(lock=timezone.now() - timedelta(minutes=1))
        sweep()
    assert OrmQ.objects.count() <= 3


def test_every_task_is_a_sign_of_life(workflow: Workflow) -> None:
    """A cluster that is busy with a long queue is not a silent one."""
    tasks.ring(str(workflow.pk))
    assert Heartbeat.objects.filter(name="cluster").exists()


def test_one_live_workflow_per_connection(workflow: Workflow, link: Connection) -> None:
    with pytest.raises(actions.Busy) as busy:
        actions.start(kind=KIND, connection=link, subject_id=link.pk, by="system")
    assert busy.value.workflow == workflow
    assert Workflow.objects.count() == 1


@pytest.mark.parametrize("state", LIVE)
def test_the_database_itself_refuses_a_second_live_workflow(
    workflow: Workflow, link: Connection, state: WorkflowState
) -> None:
    Workflow.objects.update(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Workflow.objects.create(
            organisation=link.organisation, connection=link, kind=KIND, subject_id=link.pk, deadline_at=timezone.now()
        )


def test_another_connection_is_not_busy(workflow: Workflow) -> None:
    other = make_connection(make_organisation("Difference Engines"))
    assert actions.start(kind=KIND, connection=other, subject_id=other.pk, by="system").is_live


def test_looking_now_makes_it_due(workflow: Workflow, script: Script) -> None:
    script.act = lambda _work: Wait(seconds=3600)
    runner.run(workflow.pk)
    actions.look_now(workflow=workflow)
    runner.run(workflow.pk)
    assert script.ran == ["first", "first"]


def test_looking_now_wakes_nothing_that_is_paused(workflow: Workflow) -> None:
    Workflow.objects.update(state=WorkflowState.PAUSED, due_at=None)
    OrmQ.objects.all().delete()
    actions.look_now(workflow=workflow)
    assert fresh(workflow).due_at is None
    assert messages() == []


@pytest.mark.parametrize("state", [WorkflowState.DONE, WorkflowState.REFUSED, WorkflowState.CANCELLED])
def test_what_is_over_cannot_go_on(workflow: Workflow, state: WorkflowState) -> None:
    Workflow.objects.update(state=state)
    with pytest.raises(actions.NotAllowed):
        actions.go_on(workflow=workflow, by="system")
    make_due(workflow)
    assert fresh(workflow).state == state
