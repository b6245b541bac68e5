"""Verification of a peering that works, by roles in both accounts: its calls, and how many of them wait for others."""

import time
from collections.abc import Iterator
from statistics import median

from networking.actions.peering_looks import look_at_peering
from networking.tasks.peering_look import look
from portal.aws.models import CallRecord
from portal.demo.emulator.control import Control
from portal.workflows.shapes import Work
from tests.benchmarks.figures import Figure
from tests.benchmarks.scene import Scene
from tests.journeys import Walk
from tests.networking.peered_accounts import Grounds, grounds
from tests.networking.round_trips import every_session
from tests.people import make_deployment

#: Seconds that each call takes more, and how often a verification is timed.
LATENCY, TIMES = 0.05, 7
#: Long enough that calls which are sent side by side are seen to overlap on a busy machine.
LONG = 0.5


def measure(scene: Scene, control: Control) -> Iterator[Figure]:
    """The figures of the whole look, then those of the verification; the emulator runs."""
    assert scene.people.owner.user is not None
    own = grounds(Walk(make_deployment(scene.people.organisation), scene.people.owner.user))
    own.all_six()
    own.lend()
    yield from _verified(own, control)


def _verified(own: Grounds, control: Control) -> Iterator[Figure]:
    workflow = look_at_peering(peering=own.peering, by=own.walk.by)
    before = CallRecord.objects.count()
    own.walk.work()
    work = Work(workflow=workflow, fence=0)
    yield Figure("first look: calls", CallRecord.objects.count() - before, note="AssumeRole in two accounts are two")
    fault, before, opened = control.order("delay", seconds=LONG), CallRecord.objects.count(), _opened()
    with every_session() as trips:
        standing = look(work, own.peering).standing
    control.withdraw(fault)
    if standing.current is not None:
        raise AssertionError(f"{standing.current} is not verified: {standing.of_step(standing.current)}")
    roles = _opened() - opened
    yield Figure("verification: calls", CallRecord.objects.count() - before, "", 8, note=f"AssumeRole {roles} times")
    yield Figure(
        "verification: round trips deep", trips.depth + roles, "", 3, note="the AssumeRoles one after the other"
    )
    fault, taken = control.order("delay", seconds=LATENCY), []
    for _ in range(TIMES):
        began = time.monotonic()
        look(work, own.peering)
        taken.append(time.monotonic() - began)
    control.withdraw(fault)
    note = f"median of {TIMES}, each call {LATENCY * 1000:.0f} ms more; reading, judging in every language, keeping"
    yield Figure("verification", median(taken), " s", note=note)


def _opened() -> int:
    """How many sessions were opened so far."""
    return CallRecord.objects.filter(operation="AssumeRole").count()
