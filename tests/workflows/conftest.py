"""What the tests of durable work share: a plan that a test writes, and a worker's hands without a worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db.models.functions import Now

from portal.aws.models import Connection
from portal.workflows import actions, leases, registry
from portal.workflows.models import Workflow
from portal.workflows.shapes import Done, Outcome, Plan, Work
from tests.people import make_connection, make_organisation

KIND = "tests.scripted"


@dataclass
class Script:
    """What the steps of the test's plan do; `ran` lists the steps that ran."""

    act: Callable[[Work], Outcome] = lambda _work: Done()
    ran: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    progressed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ScriptedStep:
    name: str
    script: Script

    def run(self, work: Work) -> Outcome:
        self.script.ran.append(self.name)
        return self.script.act(work)


@pytest.fixture
def script() -> Iterator[Script]:
    """A registered plan of two steps; each does what `script.act` says."""
    written = Script()
    plan = Plan(
        kind=KIND,
        steps=(ScriptedStep("first", written), ScriptedStep("second", written)),
        deadline=timedelta(hours=1),
        progressed=lambda workflow: written.progressed.append(workflow.version),
        settled=lambda workflow: written.settled.append(workflow.state),
    )
    registry.register(plan)
    yield written
    del registry._plans[KIND]


@pytest.fixture(autouse=True)
def short_windows(settings: Any) -> None:
    """Seconds that a test can wait for."""
    settings.WORKFLOW = {
        **settings.WORKFLOW, "lease": 30, "window": 1.0, "window_first": 0.05, "poll": 0.02, "trust_patience": 1.0,
    }  # fmt: skip


@pytest.fixture
def link(db: None, account_id: str) -> Connection:
    """A connection of a fresh organisation to an account that only this test uses."""
    return make_connection(make_organisation("Analytical Engines"), account_id)


@pytest.fixture
def workflow(link: Connection, script: Script) -> Workflow:
    """A workflow of the test's plan, due now."""
    return actions.start(kind=KIND, connection=link, subject_id=link.pk, by="system")


def claimed(workflow: Workflow) -> Work:
    """The lease on a workflow that is free and due."""
    work = leases.claim(workflow.pk)
    assert work is not None
    return work


def expire(workflow: Workflow) -> None:
    """Lets the lease run out and makes the workflow due, as time would."""
    Workflow.objects.filter(pk=workflow.pk).update(
        leased_until=Now() - timedelta(seconds=1), due_at=Now() - timedelta(seconds=1)
    )


def make_due(workflow: Workflow) -> None:
    Workflow.objects.filter(pk=workflow.pk).update(due_at=Now() - timedelta(seconds=1))


def fresh(workflow: Workflow) -> Workflow:
    return Workflow.objects.select_related("connection", "organisation").get(pk=workflow.pk)


def in_thread(act: Callable[[], Any]) -> Callable[[], Any]:
    """`act` as a thread does it: on a database connection of its own, which it closes."""

    def run() -> Any:
        try:
            return act()
        finally:
            database.close()

    return run
