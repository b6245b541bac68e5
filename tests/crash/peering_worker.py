"""A worker with a bomb in every call that makes a peering or takes it back, and whoever starts it again at once.

Run as a script by tests/crash/test_peering.py. `CRASH_MOMENT` names moments as cluster.py has them, `,` between them:
each call in each account dies once at each of them, in that order. There is no queue: the worker does whatever is due,
so that dozens of deaths take seconds. A dead worker's lease ends with it; test_launch.py waits leases out.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.crash.cluster import MOMENT, die, die_when_held, first_time, held_calls  # sets Django up: it comes first

from django.db.models.functions import Now  # isort: skip
from portal.aws import peering_writes as writes  # isort: skip
from portal.demo.emulator.control import Control  # isort: skip
from portal.workflows import runner  # isort: skip
from portal.workflows.models import Workflow  # isort: skip
from portal.workflows.states import WorkflowState  # isort: skip

MOMENTS = MOMENT.split(",")
CALLS = {
    "create_peering": "CreateVpcPeeringConnection",
    "accept_peering": "AcceptVpcPeeringConnection",
    "create_route": "CreateRoute",
    "authorize_ingress": "AuthorizeSecurityGroupIngress",
    "revoke_ingress": "RevokeSecurityGroupIngress",
    "delete_route": "DeleteRoute",
    "delete_peering": "DeleteVpcPeeringConnection",
}


def mined(call: Callable[..., Any], operation: str) -> Callable[..., Any]:
    """`call` with the bomb."""

    def replaced(session: Any, *args: Any, **kwargs: Any) -> Any:
        account = session.connection.account_id
        moment = next((one for one in MOMENTS if first_time(f"{operation}-{account}-{one}")), None)
        if moment == "before":
            die()
        if moment == "effect":
            threading.Thread(target=die_when_held, args=(held_calls(),), daemon=True).start()
            Control(os.environ["AWS_ENDPOINT_URL"]).order(
                "hold-after", account=account, service="ec2", operation=operation
            )
        answer = call(session, *args, **kwargs)
        if moment is not None:
            die()
        return answer

    return replaced


for name, operation in CALLS.items():
    setattr(writes, name, mined(getattr(writes, name), operation))


def work() -> None:
    """Does what is due, for ever. The one before is dead, so nobody holds a lease."""
    active = Workflow.objects.filter(state=WorkflowState.ACTIVE)
    active.update(leased_until=Now())
    while True:
        for workflow_id in active.values_list("pk", flat=True):
            runner.run(workflow_id)
        time.sleep(0.05)


if __name__ == "__main__":
    while True:
        if (child := os.fork()) == 0:
            work()
        os.waitpid(child, 0)
