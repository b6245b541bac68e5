"""What a remedy may touch: the customer's own VPC, and the resources round it by id. Pure."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from networking.routing import Routing
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.shapes import Tag, tag_value
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding, Level


class Tagged(Protocol):
    """A fact with an id and tags."""

    @property
    def id(self) -> str:
        """AWS's id."""

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Its tags."""


def in_place(network: VpcNetwork) -> bool:
    """Whether this VPC can be mended: it is there, and not another account's. What was not read counts as fine."""
    if network.vpcs is None:
        return True
    return network.vpc is not None and network.vpc.owner in {"", network.account}


def failed(findings: Iterable[Finding], code: str) -> tuple[Finding, ...]:
    """The failed findings of one check."""
    return tuple(one for one in findings if one.code == code and one.level is Level.FAILED)


def own_subnets(network: VpcNetwork, subnet_ids: Sequence[str]) -> tuple[SubnetFact, ...]:
    """The chosen subnets that lie in this VPC, each once, in the order chosen."""
    found = (network.subnet(subnet_id) for subnet_id in dict.fromkeys(subnet_ids))
    return tuple(subnet for subnet in found if subnet is not None and subnet.vpc == network.vpc_id)


def followed_tables(network: VpcNetwork, subnet_ids: Sequence[str]) -> tuple[RouteTableFact, ...]:
    """The route tables that the chosen subnets follow today, each once; those that nobody can say are left out."""
    routing = Routing.of(network)
    tables = (routing.followed(subnet.id).table for subnet in own_subnets(network, subnet_ids))
    return tuple({table.id: table for table in tables if table is not None}.values())


def called(fact: Tagged) -> str:
    """The id, and the name that the customer gave: `rtb-0abc (private)`."""
    name = tag_value(fact.tags, "Name")
    return f"{fact.id} ({name})" if name else fact.id
