"""The facts file of a peering: what is registered, and AWS's answers of one side or of both. Pure.

The format is a promise to people outside, as that of networking/facts/files.py: each side is a facts file of its own,
with DescribeVpcPeeringConnections and DescribeSecurityGroups besides. `accepter` may be missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from networking.facts.files import ACCOUNT, FORMAT, UnreadableFacts, network_of
from networking.facts.shapes import PEERING_ANSWERS, Kind, flag, having, identifier, listed, misfit
from networking.facts.strict_json import read_object
from networking.peering.shapes import PeeringSide, RegisteredPeering
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.facts.shapes import Document
from portal.findings.shapes import Evidence

MOST_SUBNET_IDS = 1_000
#: A network interface has 16 security groups at most.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
MOST_GROUPS = 16
MOST_PORTS = 20
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True, kw_only=True)
class PeeringFacts:
    """What a file says. `collected_at` (UTC) is when the older of its looks was written, if the file says so."""

    registered: RegisteredPeering
    requester: PeeringSide
    accepter: PeeringSide
    collected_at: datetime | None = None


def parse_peering_facts(data: bytes) -> PeeringFacts:
    """The facts file of a peering in `data`. Raises UnreadableFacts, whose message is for people."""
    document = read_object(data)
    if type(document.get("format")) is not int or document["format"] != FORMAT:
        raise UnreadableFacts(_("The file is no facts file: its “format” must be %(number)s.") % {"number": FORMAT})
    if "peering" not in document:
        raise UnreadableFacts(_("The file lacks “peering”. Give us the facts file of a peering, not that of a VPC."))
    _PEERING(document["peering"], "peering")
    if "requester" not in document:
        raise UnreadableFacts(_("The file lacks “requester”, the facts of the BYOC VPC."))
    moments = [at for name in ("requester", "accepter") if (at := _moment(document.get(name), name)) is not None]
    requester, accepter = _side(document, "requester"), _side(document, "accepter")
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
        peerings=_facts(
            side, name, "DescribeVpcPeeringConnections", "VpcPeeringConnections", "VpcPeeringConnectionId",
            PeeringFact.from_aws,
        ),
        security_groups=_facts(
            side, name, "DescribeSecurityGroups", "SecurityGroups", "GroupId", SecurityGroupFact.from_aws
        ),
        evidence=Evidence.DECLARED,
    )  # fmt: skip


def _facts[F](
    side: Document, where: str, operation: str, key: str, name: str, make: Callable[[Document], F]
) -> tuple[F, ...] | None:
    """The entries of an operation, each once; None when it is absent. Their shape was looked at before."""
    if operation not in side:
        return None
    found: dict[str, Any] = {}
    for entry in side[operation][key]:
        if found.setdefault(entry[name], entry) != entry:
            raise UnreadableFacts(
                _("%(operation)s in the file lists %(id)s twice, each time in another way.")
                % {"operation": f"{where}.{operation}", "id": entry[name]}
            )
    return tuple(make(entry) for entry in found.values())


def _moment(side: Any, where: str) -> datetime | None:
    """When a side was looked at, in UTC; None when the file does not say it."""
    if not isinstance(side, Mapping) or "collected_at" not in side:
        return None
    written, example = side["collected_at"], "2026-11-23T03:00:00Z"
    if not isinstance(written, str) or _TIME.fullmatch(written) is None:
        misfit(f"{where}.collected_at", _("text such as “%(example)s”") % {"example": example})
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or a day before the first one
        misfit(f"{where}.collected_at", _("text such as “%(example)s”") % {"example": example})
