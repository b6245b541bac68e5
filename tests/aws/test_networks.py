"""One look at a VPC: what it brings, how many calls it makes, and that every call is on the record."""

import pytest

from portal.aws.models import CallRecord
from portal.aws.networks import LOOKING, read_network
from portal.aws.sessions import Errand, open_session, session_policy
from portal.aws.states import Outcome, RoleKind
from portal.demo.seeds.places import Place
from tests.journeys import Walk

pytestmark = pytest.mark.django_db(transaction=True)

REGION = "eu-central-1"


def look(walk: Walk, vpc_id: str, subnet_ids: tuple[str, ...] = (), *, actions: tuple[str, ...] = LOOKING):
    errand = Errand(purpose="look-at-vpc")
    session = open_session(walk.connection, RoleKind.VERIFIER, errand=errand, policy=session_policy(*actions))
    return read_network(session, REGION, vpc_id, subnet_ids)


@pytest.fixture
def place(walk: Walk) -> Place:
    walk.trust()
    return Place(walk.account, REGION, walk.customer("ec2", REGION))


def test_it_brings_everything_round_the_vpc_in_nine_calls(walk: Walk, place: Place) -> None:
    vpc = place.vpc("mine", "10.70.0.0/16")
    subnet = place.subnet(vpc, "private-a", "10.70.0.0/20", "a")
    table = place.table(vpc, "private", subnet)
    endpoint = place.s3_endpoint(vpc, "s3", table)
    place.vpc("another", "10.71.0.0/16")
    CallRecord.objects.all().delete()

    network = look(walk, vpc)

    assert network.vpc is not None
    assert (network.vpc.cidr, network.vpc.owner, network.vpc.dns_support) == ("10.70.0.0/16", walk.account, True)
    assert [one.id for one in network.vpcs or ()] == [vpc]
    assert [one.id for one in network.subnets or ()] == [subnet]
    assert table in {one.id for one in network.route_tables or ()}
    assert [one.id for one in network.endpoints or ()] == [endpoint]
    assert network.nat_gateways == ()
    assert {zone.type for zone in network.zones or ()} >= {"availability-zone"}
    assert network.refused == ()
    calls = list(CallRecord.objects.values_list("operation", flat=True))
    assert sorted(calls) == sorted(
        ["AssumeRole", *(action.removeprefix("ec2:") for action in LOOKING), "DescribeVpcAttribute"]
    )


def test_a_subnet_elsewhere_costs_one_more_call_and_is_brought_along(walk: Walk, place: Place) -> None:
    vpc, other = place.vpc("mine", "10.70.0.0/16"), place.vpc("another", "10.71.0.0/16")
    stray = place.subnet(other, "stray", "10.71.0.0/20", "a")
    CallRecord.objects.all().delete()

    network = look(walk, vpc, (stray, "subnet-0123456789abcdef0"))

    assert [(one.id, one.vpc) for one in network.subnets or ()] == [(stray, other)]
    assert CallRecord.objects.count() == 10


def test_what_aws_refuses_to_show_is_none_and_named(walk: Walk, place: Place) -> None:
    vpc = place.vpc("mine", "10.70.0.0/16")
    allowed = tuple(action for action in LOOKING if action != "ec2:DescribeRouteTables")

    network = look(walk, vpc, actions=allowed)

    assert network.route_tables is None
    assert [refused.action for refused in network.refused] == ["ec2:DescribeRouteTables"]
    assert network.subnets == ()
    refused = CallRecord.objects.get(operation="DescribeRouteTables")
    assert (refused.outcome, refused.resource) == (Outcome.REFUSED, "")
