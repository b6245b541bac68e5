"""Two fresh accounts of the emulator with a VPC each, whose peering is mended by what remedies say.

`grounds` (a fixture, import it) makes them; a test carries a remedy out in its account and judges again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from networking.peering.checks.judge import judge_peering
from networking.peering.checks.scene import PeeringScene
from networking.peering.remedies.context import Context
from networking.peering.remedies.remedies import remedies_of
from networking.peering.shapes import PeeringSide, RegisteredPeering
from networking.peering.steps import STEPS, step_of
from networking.remedies.shapes import Remedy
from networking.states import PeeringStep
from onboarding.rules.profiles import profile
from portal.aws.facts.peerings import PeeringFact
from portal.demo.seeds.places import place
from portal.findings.shapes import Level
from tests.emulators import Emulator
from tests.networking.remedies.harness import Ground
from tests.people import fresh_account_id

BYOC_REGION, TARGET_REGION = "us-east-1", "eu-central-1"
SEED = profile("seed")
OPEN = frozenset({Level.FAILED, Level.UNKNOWN})
#: Steps that are done in AWS by whoever owns the accounts.
BY_HAND = (PeeringStep.CONNECTION, PeeringStep.ACCEPTANCE, PeeringStep.ROUTES, PeeringStep.RETURN_ROUTES)
LIVE = ("initiating-request", "pending-acceptance", "provisioning", "active")


@dataclass(frozen=True)
class Grounds:
    """The BYOC side and the target side; `former` are connections that our own record knows as ended."""

    byoc: Ground
    target: Ground
    former: frozenset[str] = frozenset()

    @cached_property
    def byoc_vpc(self) -> str:
        """Two private subnets on tables of their own, a third on the main table."""
        own = self.byoc.place
        vpc = own.vpc("byoc", "10.0.0.0/16")
        subnets = [own.subnet(vpc, f"private-{x}", f"10.0.{16 * n}.0/20", x) for n, x in enumerate("abc")]
        for letter, subnet in zip("ab", subnets, strict=False):
            own.table(vpc, f"private-{letter}", subnet)
        return vpc

    @cached_property
    def target_vpc(self) -> str:
        """Two ranges; one subnet on a table of its own, one on the main table."""
        own = self.target.place
        vpc = own.vpc("hub", "10.20.0.0/16")
        own.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.21.0.0/16")
        own.table(vpc, "app", own.subnet(vpc, "app-a", "10.20.0.0/20", "a"))
        own.subnet(vpc, "app-b", "10.20.16.0/20", "b")
        return vpc

    def connections(self, *states: str) -> list[str]:
        """The connections of the two VPCs in these states, as the BYOC side sees them."""
        found = self.byoc.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
        ends = {self.byoc_vpc, self.target_vpc}
        return [
            one["VpcPeeringConnectionId"] for one in found
            if {one["RequesterVpcInfo"]["VpcId"], one["AccepterVpcInfo"]["VpcId"]} == ends
            and one["Status"]["Code"] in (states or LIVE)
        ]  # fmt: skip

    def context(self, **changes: object) -> Context:
        """What a fresh look at both sides shows; `changes` are fields of what is registered."""
        here, there = self._side(self.byoc, self.byoc_vpc), self._side(self.target, self.target_vpc)
        assert here.network is not None
        assert there.network is not None
        registered = RegisteredPeering(
            id=next(iter(self.connections()), ""),
            requester_vpc=self.byoc_vpc,
            accepter_vpc=self.target_vpc,
            requester_account=self.byoc.place.account_id,
            accepter_account=self.target.place.account_id,
            requester_region=self.byoc.place.region,
            accepter_region=self.target.place.region,
            requester_subnets=tuple(one.id for one in here.network.subnets or ()),
            accepter_subnets=tuple(one.id for one in there.network.subnets or ()),
        )
        registered = replace(registered, **changes)  # type: ignore[arg-type]
        return Context(PeeringScene(registered, here, there, SEED), self.former)

    def blind(self) -> Context:
        """What is known when nobody looked at the target side."""
        context = self.context()
        return Context(replace(context.scene, accepter_side=PeeringSide()), self.former)

    @staticmethod
    def _side(ground: Ground, vpc: str) -> PeeringSide:
        found = ground.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
        return PeeringSide(network=ground.network(vpc), peerings=tuple(map(PeeringFact.from_aws, found)))

    def level(self, step: PeeringStep) -> Level:
        """The worst level of a step in a fresh look."""
        scene = self.context().scene
        found = judge_peering(scene.registered, scene.requester_side, scene.accepter_side, profile=SEED)
        levels = {one.level for one in found if one.code == step_of(step).code}
        return next(one for one in (Level.FAILED, Level.UNKNOWN, Level.WARNING, Level.PASSED) if one in levels)

    def remedies(self) -> Mapping[PeeringStep, tuple[Remedy, ...]]:
        """The remedies of a fresh look, for the steps that are not done."""
        found = remedies_of(self.context(), (step.key for step in STEPS if self.level(step.key) in OPEN))
        keys = [one.key for made in found.values() for one in made]
        assert len(keys) == len(set(keys))
        return found

    def remedy(self, step: PeeringStep) -> Remedy:
        """The only remedy of a step."""
        (found,) = self.remedies()[step]
        return found

    def ground_of(self, remedy: Remedy) -> Ground:
        """Where a remedy is carried out."""
        return self.byoc if remedy.account == self.byoc.place.account_id else self.target

    def run(self, *remedies: Remedy) -> None:
        """Carries CLI forms out, each in its account."""
        for remedy in remedies:
            self.ground_of(remedy).run(remedy.cli.text)

    def connect(self) -> None:
        """Steps 2 and 3, as somebody else would have done them."""
        made = self.byoc.ec2.create_vpc_peering_connection(
            VpcId=self.byoc_vpc,
            PeerVpcId=self.target_vpc,
            PeerOwnerId=self.target.place.account_id,
            PeerRegion=self.target.place.region,
        )
        own = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        self.target.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=own)
        assert self.connections("active") == [own]

    def lead_elsewhere(self, destination: str) -> tuple[str]:
        """The BYOC VPC's first table sends the range to an internet gateway; returns its id."""
        gateway = self.byoc.place.internet_gateway(self.byoc_vpc, "out")
        table = self._own_tables()[0]
        self.byoc.ec2.create_route(RouteTableId=table, DestinationCidrBlock=destination, GatewayId=gateway)
        return (gateway,)

    def lead_through(self, connection: str) -> None:
        """Every table of the BYOC VPC leads both ranges of the target to the connection."""
        for table in self._own_tables():
            for text in ("10.20.0.0/16", "10.21.0.0/16"):
                self.byoc.ec2.create_route(
                    RouteTableId=table, DestinationCidrBlock=text, VpcPeeringConnectionId=connection
                )

    def _own_tables(self) -> list[str]:
        return [table.id for table in self.byoc.network(self.byoc_vpc).route_tables or ()]

    def routes(self) -> frozenset[tuple[str, str, str]]:
        """Every route of both VPCs that is not local: (table, destination, target)."""
        return frozenset(_routes(self.byoc, self.byoc_vpc)) | frozenset(_routes(self.target, self.target_vpc))


def _routes(ground: Ground, vpc: str) -> Iterable[tuple[str, str, str]]:
    for table in ground.network(vpc).route_tables or ():
        for route in table.routes:
            if route.target != "local":
                yield table.id, route.destination, route.target


@pytest.fixture
def grounds(aws_env: Emulator, tmp_path: Path) -> Grounds:
    """Two accounts and two regions that no other test uses, nothing done yet."""
    accounts = (fresh_account_id(), fresh_account_id())
    return Grounds(*(
        Ground(place(account, region), aws_env, tmp_path)
        for account, region in zip(accounts, (BYOC_REGION, TARGET_REGION), strict=True)
    ))  # fmt: skip
