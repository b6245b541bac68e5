"""Runs one workflow again and again, each time in a process of its own, with a step that kills the process.

`poisoned.py WORKFLOW_ID RUNS` prints how each process ended: minus the signal's number, or its exit status.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models.functions import Now  # noqa: E402

from portal.workflows import registry, runner  # noqa: E402
from portal.workflows.models import Workflow  # noqa: E402
from portal.workflows.shapes import Done, Outcome, Plan, Work  # noqa: E402


class Poison:
    """A step at which the process dies as by `kill -9`: no handler, no `finally`."""

    name = "first"

    def run(self, _work: Work) -> Outcome:
        os.kill(os.getpid(), signal.SIGKILL)
        return Done()


def run_apart(workflow_id: UUID) -> int:
    """One run in a forked process, after which its lease is over."""
    connection.close()  # no process inherits a connection
    child = os.fork()
    if child == 0:
        runner.run(workflow_id)
        connection.close()
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    past = Now() - timedelta(seconds=1)
    Workflow.objects.filter(pk=workflow_id).update(leased_until=past, due_at=past)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    registry.register(Plan(kind="tests.scripted", steps=(Poison(),), deadline=timedelta(hours=1)))
    for _run in range(int(sys.argv[2])):
        print(run_apart(UUID(sys.argv[1])))
