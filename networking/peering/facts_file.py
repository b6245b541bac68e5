"""The facts file of a peering: what is registered, and AWS's answers of one side or of both. Pure.

The format is a promise to people outside, as that of networking/facts/files.py: each side is a facts file of its own,
with DescribeVpcPeeringConnections and DescribeSecurityGroups besides. `accepter` may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from networking.facts.files import ACCOUNT, MOST_SUBNET_IDS, collected_at, entries, facts_object, network_of
from networking.facts.shapes import PEERING_ANSWERS, Kind, flag, having, identifier, listed, misfit
from networking.facts.strict_json import UnreadableFacts
from networking.peering.shapes import PeeringSide, RegisteredPeering
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.facts.shapes import Document
from portal.findings.shapes import Evidence

#: A network interface has 16 security groups at most.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
MOST_GROUPS = 16
MOST_PORTS = 20


@dataclass(frozen=True, kw_only=True)
class PeeringFacts:
    """What a file says. `collected_at` (UTC) is when the older of its looks was written, if the file says so."""

    registered: RegisteredPeering
    requester: PeeringSide
    accepter: PeeringSide
    collected_at: datetime | None = None


def parse_peering_facts(data: bytes) -> PeeringFacts:
    """The facts file of a peering in `data`. Raises UnreadableFacts, whose message is for people."""
    document = facts_object(data)
    if "peering" not in document:
        raise UnreadableFacts(_("The file lacks “peering”. Give us the facts file of a peering, not that of a VPC."))
    _PEERING(document["peering"], "peering")
    if "requester" not in document:
        raise UnreadableFacts(_("The file lacks “requester”, the facts of the BYOC VPC."))
    requester, accepter = _side(document, "requester"), _side(document, "accepter")
    looked = (collected_at(document.get(name, {}), f"{name}.") for name in ("requester", "accepter"))
    moments = [at for at in looked if at is not None]
    return PeeringFacts(
        registered=_registered(document["peering"], requester, accepter),
        requester=requester,
        accepter=accepter,
        collected_at=min(moments, default=None),
    )


def _account(value: Any, where: str) -> None:
    if not isinstance(value, str) or ACCOUNT.fullmatch(value) is None:
        misfit(where, _("text such as “%(example)s”") % {"example": "123456789012"})


def _port(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        misfit(where, _("a port from 1 to 65535"))


_OBJECT: Kind = having()
_PEERING: Kind = having(
    "id", "requester_vpc", "accepter_vpc", "requester_account", "accepter_account",
    id=identifier("pcx"), requester_vpc=identifier("vpc"), accepter_vpc=identifier("vpc"),
    requester_account=_account, accepter_account=_account,
    requester_subnets=listed(identifier("subnet"), MOST_SUBNET_IDS),
    accepter_subnets=listed(identifier("subnet"), MOST_SUBNET_IDS),
    security_group_ids=listed(identifier("sg"), MOST_GROUPS), ports=listed(_port, MOST_PORTS),
    private_load_balancer=flag,
)  # fmt: skip


def _registered(said: Mapping[str, Any], requester: PeeringSide, accepter: PeeringSide) -> RegisteredPeering:
    """What is registered; each region is where its side was looked at, which the file says there."""
    return RegisteredPeering(
        id=said["id"],
        requester_vpc=said["requester_vpc"],
        accepter_vpc=said["accepter_vpc"],
        requester_account=said["requester_account"],
        accepter_account=said["accepter_account"],
        requester_region=requester.network.region if requester.network else "",
        accepter_region=accepter.network.region if accepter.network else "",
        requester_subnets=tuple(said.get("requester_subnets", ())),
        accepter_subnets=tuple(said.get("accepter_subnets", ())),
        security_group_ids=tuple(said.get("security_group_ids", ())),
        ports=tuple(said.get("ports", ())),
        private_load_balancer=said.get("private_load_balancer"),
    )


def _side(document: Document, name: str) -> PeeringSide:
    """One side's facts; nothing was looked at where the file has none."""
    if name not in document:
        return PeeringSide(evidence=Evidence.DECLARED)
    _OBJECT(document[name], name)
    side: Mapping[str, Any] = document[name]
    for operation, fits in PEERING_ANSWERS.items():
        if operation in side:
            fits(side[operation], f"{name}.{operation}")
    return PeeringSide(
        network=network_of(side, f"{name}."),
        peerings=entries(
            side, "DescribeVpcPeeringConnections", "VpcPeeringConnections", "VpcPeeringConnectionId",
            PeeringFact.from_aws, f"{name}.",
        ),
        security_groups=entries(
            side, "DescribeSecurityGroups", "SecurityGroups", "GroupId", SecurityGroupFact.from_aws, f"{name}."
        ),
        evidence=Evidence.DECLARED,
    )  # fmt: skip
