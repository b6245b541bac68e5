"""All six steps of a peering: by the portal, from the click to the observation that all are verified, beside the same
made by hand.

Both sides work on grounds of their own kind, made alike on one emulator, where every call takes 50 ms more, in one run:
the portal gets the click over HTTP and works in a real worker with the roles that both accounts lend; the script
(peering_by_hand.sh) is the documented procedure with the AWS CLI. Step 1 is over for both when they begin: the switch
was pressed, and the vendor's control plane made the load balancer. Under the rules `2026-08` step 6 is the customer's,
so that the one click covers all that is left.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse

from networking.actions.peering_work import newest_work
from networking.peering.balancers import PRIVATE_PORTS
from networking.states import PeeringState
from portal.aws.models import CallRecord
from portal.demo.emulator.control import Control
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import WorkflowState
from tests.benchmarks import peering_verify, servers
from tests.benchmarks.figures import Figure
from tests.benchmarks.latency import click
from tests.benchmarks.scene import Scene
from tests.journeys import Walk
from tests.networking.cli import run_script
from tests.networking.peered_accounts import REGION, Grounds
from tests.networking.peering_scenes import Scene as Peered
from tests.networking.peering_scenes import open_scene
from tests.networking.round_trips import least_calls
from tests.people import make_deployment
from tests.processes import wait_for

SCRIPT = Path(__file__).with_name("peering_by_hand.sh")
#: Seconds that each call takes more, and how often the portal does it.
LATENCY, TIMES = 0.05, 3
LEAST = "each change once + one AssumeRole per role + one look before + one afterwards"


@dataclass(frozen=True)
class Automatic:
    """One peering that the portal made."""

    seconds: float
    calls: Counter[str]
    least: int
    changes: int


@dataclass(frozen=True)
class ByHand:
    """One run of the script."""

    seconds: float
    calls: int


def measure(scene: Scene, home: Path) -> Iterator[Figure]:
    """The comparison, the calls, then the verification of one peering."""
    with servers.emulator(home):
        control = Control(os.environ["AWS_ENDPOINT_URL"])
        with servers.web(home) as base, servers.worker(home):
            _automatic(scene, base, None)  # warms up web and worker
            made = [_automatic(scene, base, control) for _ in range(TIMES)]
        yield from _beside(made, _by_hand(control, scene, home))
        yield from _calls(made)
        yield from peering_verify.measure(scene, control)


def _ground(scene: Scene) -> Peered:
    """Both accounts, roles lent and proven; nothing of steps 2 to 6 is done."""
    assert scene.people.owner.user is not None
    return open_scene(Walk(make_deployment(scene.people.organisation), scene.people.owner.user))


def _automatic(scene: Scene, base: str, control: Control | None) -> Automatic:
    """From the click on the confirmed plan to the observation that all six are verified."""
    peered = _ground(scene)
    peering = peered.ground.peering
    path = reverse("networking:peering_apply", args=[peering.deployment_id, peering.pk])
    fault = control.order("delay", seconds=LATENCY) if control is not None else None
    status, began = click(base, path, f"sessionid={scene.people.owner.client.cookies['sessionid'].value}", {})
    if status != 302:
        raise AssertionError(f"The click was answered with {status}.")
    work = wait_for(lambda: _ended(peered), within=120, every=0.01, what="the work on the peering ends")
    seconds = time.monotonic() - began
    if control is not None:
        control.withdraw(fault)
    standing = peered.standing()
    if standing.current is not None or peered.ground.peering.state != PeeringState.CONNECTED:
        raise AssertionError(f"{standing.current} is not verified: {work.message}")
    calls = Counter(CallRecord.objects.filter(workflow_id=work.pk).values_list("operation", flat=True))
    changes = Intent.objects.filter(workflow=work).count()
    return Automatic(seconds, calls, least_calls(changes), changes)


def _ended(peered: Peered) -> Workflow | None:
    """The work once all six are verified. Raises AssertionError when it ended otherwise."""
    work = newest_work(peered.ground.peering)
    if work is None or work.state == WorkflowState.ACTIVE:
        return None
    if work.state != WorkflowState.DONE:
        raise AssertionError(f"The work ended {work.state} at {work.step}: {work.message}")
    return work


def _by_hand(control: Control, scene: Scene, home: Path) -> ByHand:
    """Runs the script as the root of both accounts, which needs no role: that is in its favour."""
    ground = _ground(scene).ground
    fault = control.order("delay", seconds=LATENCY)
    began = time.monotonic()
    ran = run_script(
        f"{_settings(ground)}\n{SCRIPT.read_text()}", account=ground.here.account_id, region=REGION,
        endpoint=os.environ["AWS_ENDPOINT_URL"], cwd=home, timeout=300, plain=True,
    )  # fmt: skip
    seconds = time.monotonic() - began
    control.withdraw(fault)
    if ran.returncode:
        raise AssertionError(f"The script ended with {ran.returncode}: {ran.stdout[-500:]} {ran.stderr[-2000:]}")
    return ByHand(seconds, len(re.findall(r"^call: ", ran.stderr, re.MULTILINE)))


def _settings(ground: Grounds) -> str:
    peering = ground.peering
    values = {
        "BYOC_VPC": peering.requester_vpc, "TARGET_VPC": peering.vpc_id, "TARGET_ACCOUNT": peering.account_id,
        "TARGET_KEY": peering.account_id, "BYOC_SUBNETS": " ".join(peering.requester_subnets),
        "TARGET_SUBNETS": " ".join(peering.subnet_ids), "PORTS": " ".join(map(str, PRIVATE_PORTS)),
    }  # fmt: skip
    return "\n".join(f"{name}='{value}'" for name, value in values.items())


def _beside(made: list[Automatic], hand: ByHand) -> Iterator[Figure]:
    ordered = sorted(made, key=lambda one: one.seconds)
    middle, slowest = ordered[len(ordered) // 2], ordered[-1]
    yield Figure("six steps by hand", hand.seconds, " s", note=f"{hand.calls} calls, one after the other; no pauses")
    note = f"click to all verified, median of {TIMES}; slowest {slowest.seconds:.2f} s; step 1's switch pressed before"
    yield Figure("six steps by the portal", middle.seconds, " s", note=note)
    yield Figure("six steps: times faster", hand.seconds / middle.seconds, "", 3, at_least=True)
    waiting = hand.calls * LATENCY
    own = hand.seconds - waiting
    note = f"{hand.calls} × {LATENCY * 1000:.0f} ms = {waiting:.2f} s, without the CLI's own {own:.2f} s"
    yield Figure("six steps: times the script's bare waiting", waiting / middle.seconds, note=note)


def _calls(made: list[Automatic]) -> Iterator[Figure]:
    most = max(made, key=lambda one: one.calls.total())
    counts = ", ".join(f"{count} {name}" for name, count in sorted(most.calls.items()))
    yield Figure("six steps: calls", most.calls.total(), note=counts)
    yield Figure("six steps: least possible calls", most.least, note=f"{LEAST} = {most.changes} + 3 + 6 + 6")
    yield Figure("six steps: calls ÷ least", most.calls.total() / most.least, "", 1.5)
