"""A facts file: what AWS answered in the customer's own shell, as one JSON object, read into the facts of a look. Pure.

The format is a promise to people outside: keys are EC2's operations, values the merged pages of their answers, exactly
as AWS spells them. An operation that is absent was not looked at. networking/facts/script.py makes the script
that writes such files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from networking.facts.shapes import ANSWERS, identifier, listed, misfit
from networking.facts.strict_json import UnreadableFacts, read_object
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.shapes import Document, IncompleteAnswerError
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact

__all__ = [
    "ACCOUNT",
    "MOST_SUBNET_IDS",
    "REGION",
    "FactsFile",
    "UnreadableFacts",
    "collected_at",
    "entries",
    "facts_object",
    "network_of",
    "parse_facts",
    "refuse_another",
]

FORMAT = 1
#: Of one VPC, or of one side of a peering.
MOST_SUBNET_IDS = 1_000
ACCOUNT = re.compile(r"[0-9]{12}")
#: Of any partition: `eu-central-1`, `us-gov-west-1`, `eusc-de-east-1`.
REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]{2,12}){1,3}-[1-9][0-9]?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True, kw_only=True)
class FactsFile:
    """What a file says: the facts, which subnets were chosen then, and when (UTC) it was written, if it says so."""

    network: VpcNetwork
    subnet_ids: tuple[str, ...] = ()
    collected_at: datetime | None = None


def parse_facts(data: bytes, *, region: str = "", account: str = "", vpc_id: str = "") -> FactsFile:
    """The facts file in `data`, of that region, account and VPC where they are given. Raises UnreadableFacts, whose
    message is for people: one sentence that says what is wrong and where.
    """
    document = facts_object(data)
    if "peering" in document:
        raise UnreadableFacts(_("These are the facts of a peering. Give us the facts file of one VPC."))
    network = network_of(document)
    refuse_another(network, region=region, account=account, vpc_id=vpc_id)
    return FactsFile(network=network, subnet_ids=_subnet_ids(document), collected_at=collected_at(document))


def facts_object(data: bytes) -> Document:
    """The object in a facts file of whatever kind. Raises UnreadableFacts."""
    document = read_object(data)
    if type(document.get("format")) is not int or document["format"] != FORMAT:
        raise UnreadableFacts(_("The file is no facts file: its “format” must be %(number)s.") % {"number": FORMAT})
    return document


def network_of(document: Document, where: str = "") -> VpcNetwork:
    """The facts of one VPC in an object of the file; `where` it stands (`requester.`), if not at the top.

    Raises UnreadableFacts.
    """
    for operation, fits in ANSWERS.items():
        if operation in document:
            fits(document[operation], f"{where}{operation}")
    identifier("vpc")(document.get("vpc_id"), f"{where}vpc_id")
    vpc_id: str = document["vpc_id"]
    listing = partial(entries, document, where=where)
    try:
        return VpcNetwork(
            account=_matching(document, "account_id", ACCOUNT, "123456789012", where),
            region=_matching(document, "region", REGION, "eu-central-1", where),
            vpc_id=vpc_id,
            zones=listing("DescribeAvailabilityZones", "AvailabilityZones", "ZoneName", ZoneFact.from_aws),
            vpcs=_with_dns(document, vpc_id, where),
            subnets=listing("DescribeSubnets", "Subnets", "SubnetId", SubnetFact.from_aws),
            route_tables=listing("DescribeRouteTables", "RouteTables", "RouteTableId", RouteTableFact.from_aws),
            endpoints=listing("DescribeVpcEndpoints", "VpcEndpoints", "VpcEndpointId", EndpointFact.from_aws),
            nat_gateways=listing("DescribeNatGateways", "NatGateways", "NatGatewayId", NatGatewayFact.from_aws),
        )
    except IncompleteAnswerError as lacking:
        raise UnreadableFacts(_("An entry in the file lacks %(key)s.") % {"key": lacking}) from None


def entries[F](
    document: Document, operation: str, key: str, name: str, make: Callable[[Document], F], where: str = ""
) -> tuple[F, ...] | None:
    """The entries of an operation, each once; None when it is absent. Their shape was looked at before.

    `name` is the key that names an entry. Raises UnreadableFacts.
    """
    if operation not in document:
        return None
    found: dict[str, Any] = {}
    for entry in document[operation][key]:
        if found.setdefault(entry[name], entry) != entry:
            raise UnreadableFacts(
                _("%(operation)s in the file lists %(id)s twice, each time in another way.")
                % {"operation": f"{where}{operation}", "id": entry[name]}
            )
    return tuple(make(entry) for entry in found.values())


def _with_dns(document: Document, vpc_id: str, where: str) -> tuple[VpcFact, ...] | None:
    """The VPCs; the one in question with its DNS attributes, where the file has them."""
    vpcs = entries(document, "DescribeVpcs", "Vpcs", "VpcId", VpcFact.from_aws, where)
    said: Mapping[str, Any] = document.get("DescribeVpcAttribute", {})
    if said.get("VpcId", vpc_id) != vpc_id:
        misfit(f"{where}DescribeVpcAttribute.VpcId", vpc_id)
    if vpcs is None:
        return None
    return tuple(vpc.with_dns(support=said, hostnames=said) if vpc.id == vpc_id else vpc for vpc in vpcs)


def _matching(document: Document, key: str, pattern: re.Pattern[str], example: str, where: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        misfit(f"{where}{key}", _("text such as “%(example)s”") % {"example": example})
    return value


def _subnet_ids(document: Document) -> tuple[str, ...]:
    chosen: Sequence[str] = document.get("subnet_ids", [])
    listed(identifier("subnet"), MOST_SUBNET_IDS)(chosen, "subnet_ids")
    return tuple(chosen)


def collected_at(document: Document, where: str = "") -> datetime | None:
    """When the facts were read, in UTC; None when the file does not say it. Raises UnreadableFacts."""
    if "collected_at" not in document:
        return None
    example = "2026-11-23T03:00:00Z"
    written = _matching(document, "collected_at", _TIME, example, where)
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or a day before the first one
        misfit(f"{where}collected_at", _("text such as “%(example)s”") % {"example": example})


def refuse_another(network: VpcNetwork, *, region: str, account: str, vpc_id: str) -> None:
    """Raises UnreadableFacts for facts of another place than those that are given; an empty one is not compared."""
    if account and network.account != account:
        raise UnreadableFacts(
            _("The file is of the account %(found)s, but the registered account is %(wanted)s. Run the script there.")
            % {"found": network.account, "wanted": account}
        )
    if region and network.region != region:
        raise UnreadableFacts(
            _("The file is of the region %(found)s, but the chosen region is %(wanted)s. Run the script there.")
            % {"found": network.region, "wanted": region}
        )
    if vpc_id and network.vpc_id != vpc_id:
        raise UnreadableFacts(
            _("The file is of %(found)s, but this is about %(wanted)s. Run the script for %(wanted)s.")
            % {"found": network.vpc_id, "wanted": vpc_id}
        )
