"""Validation of a customer-managed VPC: its cost on a large one, and beside the same checks made by hand.

The two sides look at the same VPC on the same emulator, where every call takes 50 ms more, one after the other in one
run: the portal assumes the verifier role, reads the VPC and judges it; the script (vpc_by_hand.sh) is the documented
procedure with the AWS CLI, call by call. Both must find the same faults, else the comparison stops.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from networking.checks.judge import judge_subnets, judge_vpc
from networking.looks import VpcLook
from networking.maps.vpc_map import vpc_map
from onboarding.rules.profiles import Profile, profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.models import Connection
from portal.aws.networks import LOOKING, read_network
from portal.aws.sessions import Errand, open_session, session_policy
from portal.aws.states import RoleKind
from portal.demo.emulator.control import Control
from portal.demo.seeds.places import place
from portal.findings.shapes import Finding, Level
from tests.benchmarks import servers
from tests.benchmarks.figures import Figure
from tests.benchmarks.scene import Scene
from tests.benchmarks.vpc_grounds import REGION, Ground, faulty, large
from tests.journeys import Walk
from tests.networking.cli import run_script
from tests.networking.round_trips import RoundTrips
from tests.people import make_deployment

SCRIPT = Path(__file__).with_name("vpc_by_hand.sh")
#: Seconds that each call takes more, and how often the portal's validation is timed.
LATENCY, TIMES = 0.05, 7
#: Long enough that calls which are sent side by side are seen to overlap on a busy machine.
LONG = 0.5
PROFILES = ("seed", "2026-08")


@dataclass(frozen=True)
class Validation:
    """One validation by the portal."""

    network: VpcNetwork
    findings: tuple[Finding, ...]
    trips: RoundTrips
    seconds: float

    @property
    def calls(self) -> int:
        """Every call, AssumeRole among them."""
        return len(self.trips.calls) + 1

    @property
    def failures(self) -> set[tuple[str, str]]:
        """(Code, subnet or VPC) of what failed."""
        failed = (one for one in self.findings if one.level is Level.FAILED)
        return {(one.code, name) for one in failed for name in one.resources if name.startswith(("subnet-", "vpc-"))}


@dataclass(frozen=True)
class ByHand:
    """One run of the script."""

    failures: set[tuple[str, str]]
    calls: int
    seconds: float


def measure(scene: Scene, home: Path) -> Iterator[Figure]:
    """The figures of a large VPC, then the comparison."""
    with servers.emulator(home):
        assert scene.people.owner.user is not None
        connection = Walk(make_deployment(scene.people.organisation), scene.people.owner.user).prove().connection
        account = place(connection.account_id, REGION)
        yield from _large(connection, large(account))
        yield from _beside(connection, faulty(account), home)


def validate(connection: Connection, ground: Ground, rules: Profile) -> Validation:
    """What the worker does when a person asks for a look."""
    began = time.monotonic()
    errand = Errand(purpose="look", actor="benchmark")
    session = open_session(connection, RoleKind.VERIFIER, errand=errand, policy=session_policy(*LOOKING), region=REGION)
    trips = RoundTrips().watch(session.reader("ec2", REGION))
    network = read_network(session, REGION, ground.vpc_id, ground.chosen)
    findings = judge_vpc(network, ground.chosen, profile=rules)
    return Validation(network, findings, trips, time.monotonic() - began)


def _large(connection: Connection, ground: Ground) -> Iterator[Figure]:
    rules = profile("2026-08")
    control = Control(os.environ["AWS_ENDPOINT_URL"])
    fault = control.order("delay", service="ec2", seconds=LONG)
    seen = validate(connection, ground, rules)
    control.withdraw(fault)
    counts = f"{len(seen.network.subnets or ())} subnets, {len(seen.network.route_tables or ())} route tables"
    trips = seen.trips
    yield Figure("calls besides pagination", len(trips.operations) + 1, "", 10, note=f"{counts}; AssumeRole is one")
    yield Figure("further pages", trips.pages)
    yield Figure("round trips deep", trips.depth + 1, "", 3, note="AssumeRole is one")
    every = [subnet.id for subnet in seen.network.subnets or ()]
    look = VpcLook(network=seen.network, subnet_ids=ground.chosen)
    stored = json.dumps(look.to_json())
    chosen = judge_vpc(seen.network, ground.chosen, profile=rules)
    timed: dict[str, Callable[[], object]] = {
        "judging 3 chosen subnets": lambda: judge_vpc(seen.network, ground.chosen, profile=rules),
        "judging each of 200 for the list": lambda: judge_subnets(seen.network, profile=rules),
        "judging all 200 as chosen": lambda: judge_vpc(seen.network, every, profile=rules),
    }
    for name, work in timed.items():
        yield Figure(name, _milliseconds(work), " ms", 50, note=f"median of {TIMES}, CPU time")
    reading = _milliseconds(lambda: VpcLook.from_json(json.loads(stored)))
    yield Figure("parsing the stored look", reading, " ms", note=f"{len(stored) / 1024:.0f} KiB of JSON")
    yield Figure("drawing the map", _milliseconds(lambda: vpc_map(seen.network, ground.chosen, chosen).drawing), " ms")


def _milliseconds(work: Callable[[], object]) -> float:
    """The median of this thread's CPU time: nothing waits here, and the machine may have other work."""
    work()
    taken = []
    for _ in range(TIMES):
        began = time.thread_time()
        work()
        taken.append(time.thread_time() - began)
    return median(taken) * 1000


def _beside(connection: Connection, ground: Ground, home: Path) -> Iterator[Figure]:
    """The comparison, for both profiles: what one call costs differs, what is found does not."""
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    control = Control(endpoint)
    fault = control.order("delay", seconds=LATENCY)
    for name in PROFILES:
        rules = profile(name)
        portal = sorted((validate(connection, ground, rules) for _ in range(TIMES)), key=lambda one: one.seconds)
        middle, slowest = portal[TIMES // 2], portal[-1]
        hand = by_hand(ground, name, connection.account_id, endpoint, home)
        if middle.failures != hand.failures:
            raise AssertionError(f"{name}: not the same faults: {sorted(middle.failures ^ hand.failures)}")
        found = f"{len({code for code, _ in hand.failures})} codes failed on both sides"
        yield Figure(f"{name}: by hand", hand.seconds, " s", note=f"{hand.calls} calls, one after the other; {found}")
        note = f"{middle.calls} calls, {middle.trips.depth + 1} deep; slowest of {TIMES}: {slowest.seconds:.2f} s"
        yield Figure(f"{name}: portal", middle.seconds, " s", note=note)
        yield Figure(f"{name}: times faster", hand.seconds / middle.seconds, "", 10, at_least=True)
        waiting = hand.calls * LATENCY
        note = (
            f"{hand.calls} × {LATENCY * 1000:.0f} ms alone, without the CLI's own time ({hand.seconds - waiting:.2f} s)"
        )
        yield Figure(f"{name}: times faster than the waiting", waiting / middle.seconds, note=note)
    control.withdraw(fault)


def by_hand(ground: Ground, name: str, account: str, endpoint: str, home: Path) -> ByHand:
    """Runs the script as the account's root, which needs no role: that is in its favour."""
    arguments = " ".join((ground.vpc_id, *ground.chosen))
    text = f"PROFILE={name}\nset -- {arguments}\n{SCRIPT.read_text()}"
    began = time.monotonic()
    ran = run_script(text, account=account, region=REGION, endpoint=endpoint, cwd=home, timeout=300, plain=True)
    seconds = time.monotonic() - began
    if ran.returncode not in {0, 1}:
        raise AssertionError(f"The script ended with {ran.returncode}: {ran.stderr[-2000:]}")
    failures = set(re.findall(r"^FAIL (\S+) (\S+)$", ran.stdout, re.MULTILINE))
    return ByHand(failures, len(re.findall(r"^call: ", ran.stderr, re.MULTILINE)), seconds)
