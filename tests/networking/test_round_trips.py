"""A look at a VPC costs few calls that wait for one another, however large the VPC is."""

from collections.abc import Callable

import pytest

from portal.aws.models import CallRecord, Connection
from portal.aws.networks import LOOKING, read_network
from portal.aws.sessions import Errand, open_session, session_policy
from portal.aws.states import RoleKind
from portal.demo.seeds.places import Place, place
from tests.emulators import Emulator
from tests.journeys import Walk
from tests.networking.round_trips import Call, RoundTrips, chain

pytestmark = pytest.mark.django_db
REGION = "eu-central-1"
#: Longer than it takes to send eight calls, so that calls that are sent at once overlap.
SECONDS = 0.5
AT_ONCE = [
    "DescribeAvailabilityZones", "DescribeNatGateways", "DescribeRouteTables", "DescribeSubnets",
    "DescribeVpcAttribute", "DescribeVpcAttribute", "DescribeVpcEndpoints", "DescribeVpcs",
]  # fmt: skip

Look = Callable[[str, list[str]], RoundTrips]


@pytest.fixture
def connection(walk: Walk) -> Connection:
    """A connection whose roles exist and are proven."""
    return walk.trust().connection


@pytest.fixture
def ground(connection: Connection) -> Place:
    """The customer's account, as its root."""
    return place(connection.account_id, REGION)


@pytest.fixture
def look(connection: Connection, aws_env: Emulator) -> Look:
    """Looks at a VPC over a long way and tells what went over it."""

    def looked(vpc_id: str, subnet_ids: list[str]) -> RoundTrips:
        errand = Errand(purpose="look", actor="test")
        session = open_session(connection, RoleKind.VERIFIER, errand=errand, policy=session_policy(*LOOKING))
        trips = RoundTrips().watch(session.reader("ec2", REGION))
        fault = aws_env.control.order("delay", account=connection.account_id, service="ec2", seconds=SECONDS)
        network = read_network(session, REGION, vpc_id, subnet_ids)
        aws_env.control.withdraw(fault)
        assert network.refused == ()
        assert network.vpc is not None
        return trips

    return looked


def test_a_look_is_eight_calls_at_once(ground: Place, look: Look, connection: Connection) -> None:
    vpc = ground.vpc("brought", "10.40.0.0/16")
    subnets = [ground.subnet(vpc, f"private-{x}", f"10.40.{i * 16}.0/20", x) for i, x in enumerate("abc")]
    before = CallRecord.objects.filter(connection=connection).count()
    trips = look(vpc, subnets)
    assert trips.operations == AT_ONCE
    assert trips.depth == 1
    # With AssumeRole, nine calls and two round trips; the customer sees every one of them.
    assert CallRecord.objects.filter(connection=connection).count() - before == len(AT_ONCE) + 1


def test_subnets_that_lie_elsewhere_cost_one_more_call_however_many_they_are(ground: Place, look: Look) -> None:
    vpc, other = ground.vpc("brought", "10.40.0.0/16"), ground.vpc("other", "10.41.0.0/16")
    strays = [ground.subnet(other, f"stray-{i}", f"10.41.{i}.0/24", "a") for i in range(4)]
    trips = look(vpc, [*strays, "subnet-0123456789abcdef0"])
    assert trips.operations == sorted([*AT_ONCE, "DescribeSubnets"])
    assert len(trips.operations) + 1 <= 10  # with AssumeRole
    assert trips.depth + 1 <= 3


def test_a_large_vpc_costs_no_more_calls_but_pages(ground: Place, look: Look) -> None:
    vpc = ground.vpc("large", "10.40.0.0/16")
    subnets = [ground.subnet(vpc, f"private-{i}", f"10.40.{i}.0/24", "abc"[i % 3]) for i in range(40)]
    for number, subnet in enumerate(subnets):
        ground.table(vpc, f"table-{number}", subnet)
    trips = look(vpc, subnets[:3])
    assert trips.operations == AT_ONCE
    assert trips.depth == 1


def test_a_chain_is_counted_by_what_waits() -> None:
    side_by_side = [Call("a", 0.0, 1.0), Call("b", 0.1, 1.2), Call("c", 0.2, 0.9)]
    assert chain(side_by_side) == 1
    assert chain([*side_by_side, Call("d", 1.3, 2.0)]) == 2
    assert chain([Call("a", 0.0, 1.0), Call("b", 1.0, 2.0), Call("c", 0.5, 3.0)]) == 2
    assert chain([]) == 0
