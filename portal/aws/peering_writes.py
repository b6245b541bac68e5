"""EC2: the calls that make a VPC peering and take it back. Each is sent once; whether it is sent again is the ledger's
decision.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.aws.errors import speaking
from portal.aws.facts.peerings import PeeringFact
from portal.aws.sessions import AccountSession

SERVICE = "ec2"


@dataclass(frozen=True, kw_only=True)
class PeeringRequest:
    """What CreateVpcPeeringConnection is asked for; `region` is the requester's."""

    region: str
    vpc_id: str
    peer_account: str
    peer_region: str
    peer_vpc: str
    tags: Mapping[str, str]


def create_peering(session: AccountSession, request: PeeringRequest, *, intent_id: UUID) -> PeeringFact:
    """The new connection, or the live one that the same ordered pair has already. It has no client token.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcPeeringConnection.html
    """
    client = session.writer(SERVICE, request.region, intent_id)
    listed = [{"Key": key, "Value": value} for key, value in request.tags.items()]
    with speaking("ec2:CreateVpcPeeringConnection"):
        answer = client.create_vpc_peering_connection(
            VpcId=request.vpc_id,
            PeerOwnerId=request.peer_account,
            PeerRegion=request.peer_region,
            PeerVpcId=request.peer_vpc,
            TagSpecifications=[{"ResourceType": "vpc-peering-connection", "Tags": listed}],
        )
    return PeeringFact.from_aws(answer["VpcPeeringConnection"])


def accept_peering(session: AccountSession, region: str, pcx_id: str, *, intent_id: UUID) -> dict[str, str]:
    """In the accepter's account and region; from `pending-acceptance` only, else `InvalidStateTransition`.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcPeeringConnection.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:AcceptVpcPeeringConnection"):
        answer = client.accept_vpc_peering_connection(VpcPeeringConnectionId=pcx_id)
    return _kept(pcx_id, answer)


def delete_peering(session: AccountSession, region: str, pcx_id: str, *, intent_id: UUID) -> dict[str, str]:
    """By either side of an active connection, by the requester of a pending one.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcPeeringConnection.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:DeleteVpcPeeringConnection"):
        answer = client.delete_vpc_peering_connection(VpcPeeringConnectionId=pcx_id)
    return _kept(pcx_id, answer)


def create_route(
    session: AccountSession, region: str, table: str, destination: str, pcx_id: str, *, intent_id: UUID
) -> dict[str, str]:
    """CreateRoute to a peering connection; a table has one route for a range (`RouteAlreadyExists`).

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:CreateRoute"):
        answer = client.create_route(
            RouteTableId=table, VpcPeeringConnectionId=pcx_id, **{destination_key(destination): destination}
        )
    return _kept(table, answer)


def delete_route(
    session: AccountSession, region: str, table: str, destination: str, *, intent_id: UUID
) -> dict[str, str]:
    """DeleteRoute by its destination, whatever it leads to: look before. `InvalidRoute.NotFound` without one.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRoute.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:DeleteRoute"):
        answer = client.delete_route(RouteTableId=table, **{destination_key(destination): destination})
    return _kept(table, answer)


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Ranges that a security group's rule admits on one TCP port. `note` describes each range, 255 characters at most
    of AWS's set: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
    """

    port: int
    ranges: tuple[str, ...]
    note: str = ""

    def to_aws(self) -> dict[str, Any]:
        """One entry of `IpPermissions`. AWS compares rules without their descriptions."""
        described = {"Description": self.note} if self.note else {}
        v4 = [{"CidrIp": one, **described} for one in self.ranges if ":" not in one]
        v6 = [{"CidrIpv6": one, **described} for one in self.ranges if ":" in one]
        said = {"IpProtocol": "tcp", "FromPort": self.port, "ToPort": self.port}
        return said | ({"IpRanges": v4} if v4 else {}) | ({"Ipv6Ranges": v6} if v6 else {})


def authorize_ingress(
    session: AccountSession, region: str, group: str, admissions: Sequence[Admission], *, intent_id: UUID
) -> dict[str, str]:
    """All rules or none: one that is there already refuses the call (`InvalidPermission.Duplicate`).

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:AuthorizeSecurityGroupIngress"):
        answer = client.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[one.to_aws() for one in admissions]
        )
    return _kept(group, answer)


def revoke_ingress(
    session: AccountSession, region: str, group: str, admissions: Sequence[Admission], *, intent_id: UUID
) -> dict[str, str]:
    """`InvalidPermission.NotFound` where one of the rules is not there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:RevokeSecurityGroupIngress"):
        answer = client.revoke_security_group_ingress(GroupId=group, IpPermissions=[one.to_aws() for one in admissions])
    return _kept(group, answer)


def destination_key(destination: str) -> str:
    """AWS's parameter for a route's destination: an IPv4 range, an IPv6 range or a prefix list."""
    if destination.startswith("pl-"):
        return "DestinationPrefixListId"
    return "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"


def _kept(own: str, answer: Mapping[str, Any]) -> dict[str, str]:
    return {"id": own, "request_id": str(answer["ResponseMetadata"]["RequestId"])}
