"""One look at a VPC: everything that a validation needs, read side by side.

Three round trips deep at most, AssumeRole among them: eight calls at once, and one more where subnets that were asked
for do not lie in the VPC. What AWS refuses to show is None in the answer, with the refusal beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from portal.aws import ec2
from portal.aws.errors import Refused, Throttled, speaking
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import RefusedRead, VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.recorder import gathering
from portal.aws.sessions import AccountSession

#: What a look calls; a session for it may be narrowed to these.
LOOKING = (
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeNatGateways",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)
#: How many calls are on their way at once; botocore's pool of connections has room for ten.
SIDE_BY_SIDE = 8


@dataclass(frozen=True)
class Answer[T]:
    """What one read brought: a value, or AWS's refusal."""

    value: T | None
    refused: tuple[RefusedRead, ...] = ()


def read_network(
    session: AccountSession, region: str, vpc_id: str, subnet_ids: Sequence[str] = ()
) -> VpcNetwork:  # fmt: skip
    """The VPC with its surroundings, and those of `subnet_ids` that lie elsewhere. Raises Throttled or Unclear."""
    reads = _reads(session, region, vpc_id)
    session.reader(ec2.SERVICE, region)  # made once, before the threads ask for it
    with gathering():
        answers = side_by_side(reads)
        strays = _strays(session, region, answers["ec2:DescribeSubnets"].value, subnet_ids)
    found = {name: answer.value for name, answer in answers.items()}
    return VpcNetwork(
        account=session.connection.account_id,
        region=region,
        vpc_id=vpc_id,
        zones=found["ec2:DescribeAvailabilityZones"],
        vpcs=_with_dns(found["ec2:DescribeVpcs"], vpc_id, found["support"], found["hostnames"]),
        subnets=None if found["ec2:DescribeSubnets"] is None else (*found["ec2:DescribeSubnets"], *strays),
        route_tables=found["ec2:DescribeRouteTables"],
        endpoints=found["ec2:DescribeVpcEndpoints"],
        nat_gateways=found["ec2:DescribeNatGateways"],
        refused=distinct(refused for answer in answers.values() for refused in answer.refused),
    )


def side_by_side[T](reads: Mapping[str, Callable[[], T]]) -> dict[str, Answer[T]]:
    """All reads at once, each in a thread. The first problem that is no refusal is raised when all have ended."""
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        futures = {name: pool.submit(copy_context().run, _answered, read) for name, read in reads.items()}
    return {name: future.result() for name, future in futures.items()}


def listing[T](
    session: AccountSession, region: str, operation: str, key: str, make: Callable[[Any], T], request: Mapping[str, Any]
) -> Callable[[], tuple[T, ...]]:  # fmt: skip
    """A read of all pages of one Describe operation of EC2 (botocore's method name), as facts; not sent yet."""
    return lambda: tuple(make(one) for one in ec2.everything(session, region, operation, key, request))


def _answered[T](read: Callable[[], T]) -> Answer[T]:
    try:
        return Answer(read())
    except Throttled:
        raise
    except Refused as refused:
        return Answer(None, (RefusedRead(action=refused.operation, code=refused.code),))


def _reads(session: AccountSession, region: str, vpc_id: str) -> dict[str, Callable[[], Any]]:
    """The reads by the action they need; the two DNS attributes are one action and two calls."""
    here = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    nats = {"Filter": here["Filters"]}  # the one operation that spells it in the singular

    def listed(operation: str, key: str, make: Callable[[Any], Any], request: Mapping[str, Any]) -> Callable[[], Any]:
        return listing(session, region, operation, key, make, request)

    return {
        "ec2:DescribeAvailabilityZones": lambda: tuple(ec2.zones(session, region)),
        "ec2:DescribeVpcs": listed("describe_vpcs", "Vpcs", VpcFact.from_aws, here),
        "ec2:DescribeSubnets": listed("describe_subnets", "Subnets", SubnetFact.from_aws, here),
        "ec2:DescribeRouteTables": listed("describe_route_tables", "RouteTables", RouteTableFact.from_aws, here),
        "ec2:DescribeVpcEndpoints": listed("describe_vpc_endpoints", "VpcEndpoints", EndpointFact.from_aws, here),
        "ec2:DescribeNatGateways": listed("describe_nat_gateways", "NatGateways", NatGatewayFact.from_aws, nats),
        "support": lambda: _attribute(session, region, vpc_id, "enableDnsSupport"),
        "hostnames": lambda: _attribute(session, region, vpc_id, "enableDnsHostnames"),
    }


def _attribute(session: AccountSession, region: str, vpc_id: str, name: str) -> dict[str, Any]:
    client = session.reader(ec2.SERVICE, region)
    with speaking("ec2:DescribeVpcAttribute"):
        return dict(client.describe_vpc_attribute(VpcId=vpc_id, Attribute=name))


def _strays(
    session: AccountSession, region: str, found: tuple[SubnetFact, ...] | None, wanted: Sequence[str]
) -> tuple[SubnetFact, ...]:
    """Subnets asked for that are not in the VPC; by a filter, because an unknown id in `SubnetIds` is an error."""
    missing = sorted(set(wanted) - {subnet.id for subnet in found or ()})
    if found is None or not missing:
        return ()
    request = {"Filters": [{"Name": "subnet-id", "Values": missing[:200]}]}
    documents = ec2.everything(session, region, "describe_subnets", "Subnets", request)
    return tuple(SubnetFact.from_aws(document) for document in documents)


def _with_dns(
    vpcs: tuple[VpcFact, ...] | None, vpc_id: str, support: Any, hostnames: Any
) -> tuple[VpcFact, ...] | None:
    if vpcs is None:
        return None
    return tuple(vpc.with_dns(support=support, hostnames=hostnames) if vpc.id == vpc_id else vpc for vpc in vpcs)


def distinct(refused: Iterable[RefusedRead]) -> tuple[RefusedRead, ...]:
    """Each refusal once, in order."""
    return tuple(dict.fromkeys(refused))
