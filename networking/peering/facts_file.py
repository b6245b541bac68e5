"""The facts file of a peering: what is registered, and AWS's answers of one side or of both. Pure.

The format is a promise to people outside, as that of networking/facts/files.py: each side is a facts file of its own,
with DescribeVpcPeeringConnections, DescribeNetworkAcls and DescribeSecurityGroups besides. `accepter` may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from networking.facts.files import (
    ACCOUNT,
    MOST_SUBNET_IDS,
    collected_at,
    entries,
    facts_object,
    network_of,
    refuse_another,
)
from networking.facts.shapes import PEERING_ANSWERS, Kind, flag, having, identifier, listed, misfit
from networking.facts.strict_json import UnreadableFacts
from networking.peering.shapes import PeeringSide, RegisteredPeering
from portal.aws.facts.network_acls import NetworkAclFact
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


@dataclass(frozen=True, kw_only=True)
class SideFacts:
    """What a file says of one side alone, and when (UTC) it was written, if it says so."""

    side: PeeringSide
    collected_at: datetime | None = None


def parse_target_facts(data: bytes, *, account: str, region: str, vpc_id: str) -> SideFacts:
    """The target side in `data`: the facts of that VPC by itself, or the accepter of a whole peering.

    Raises UnreadableFacts: it cannot be read, has no such side, or is of another account, region or VPC.
    """
    document = facts_object(data)
    where = ""
    if "peering" in document:
        parse_peering_facts(data)
        if "accepter" not in document:
            raise UnreadableFacts(
                _("The file lacks “accepter”, the facts of the target VPC. Run the script in the account %(account)s.")
                % {"account": account}
            )
        document, where = document["accepter"], "accepter."
    side = _side_of(document, where)
    if side.network is not None:
        refuse_another(side.network, account=account, region=region, vpc_id=vpc_id)
    return SideFacts(side=side, collected_at=collected_at(document, where))


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
    return _side_of(document[name], f"{name}.")


def _side_of(side: Document, where: str) -> PeeringSide:
    """The facts of one side in an object of the file; `where` it stands (`requester.`), if not at the top."""
    for operation, fits in PEERING_ANSWERS.items():
        if operation in side:
            fits(side[operation], f"{where}{operation}")
    listing = partial(entries, side, where=where)
    return PeeringSide(
        network=network_of(side, where),
        peerings=listing(
            "DescribeVpcPeeringConnections", "VpcPeeringConnections", "VpcPeeringConnectionId", PeeringFact.from_aws
        ),
        security_groups=listing("DescribeSecurityGroups", "SecurityGroups", "GroupId", SecurityGroupFact.from_aws),
        network_acls=listing("DescribeNetworkAcls", "NetworkAcls", "NetworkAclId", NetworkAclFact.from_aws),
        evidence=Evidence.DECLARED,
    )
