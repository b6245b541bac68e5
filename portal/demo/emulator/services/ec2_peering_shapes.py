"""A peering connection as an object that moto's routes and tags can hold, and as EC2 describes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.utils import random_vpc_peering_connection_id

from portal.demo.emulator.services.networks import blocks, blocks_v6


class Peering(VPCPeeringConnection):
    """moto's connection, made to live without an accepter VPC and through every state of AWS's life cycle."""

    def __init__(
        self, backend: Any, vpc: Any, accepter: tuple[str, str, str], peer_vpc: Any, expires: datetime
    ) -> None:
        self.id = random_vpc_peering_connection_id()
        self.ec2_backend = backend
        self.vpc = vpc
        self.peer_vpc = peer_vpc
        self.accepter = accepter
        self.expires = expires
        self.requester_options = {"AllowDnsResolutionFromRemoteVpc": False}
        self.accepter_options = {"AllowDnsResolutionFromRemoteVpc": False}
        self._now = {"Code": "initiating-request", "Message": f"Initiating Request to {accepter[0]}"}

    def turn(self, code: str, message: str) -> None:
        """Takes another state."""
        self._now = {"Code": code, "Message": message}

    @property
    def status(self) -> dict[str, str]:
        """`Code` and `Message`, as EC2 gives them."""
        return dict(self._now)

    @property
    def requester_vpc_info(self) -> dict[str, Any]:
        """Who asked: owner, region and VPC."""
        return {"OwnerId": self.vpc.owner_id, "Region": self.vpc.region, "VpcId": self.vpc.id}

    @property
    def accepter_vpc_info(self) -> dict[str, Any]:
        """Who was asked: owner, region and VPC as the request named them."""
        owner, region, vpc_id = self.accepter
        return {"OwnerId": owner, "Region": region, "VpcId": vpc_id}


def described(peering: Peering, ec2: Any) -> dict[str, Any]:
    """The connection as one side's EC2 describes it.

    The accepter's blocks are known only once it is active; tags belong to the account and region that set them.
    """
    active = peering.status["Code"] == "active"
    requester = peering.requester_vpc_info | {
        "CidrBlock": peering.vpc.cidr_block,
        "PeeringOptions": dict(peering.requester_options),
    }
    accepter = peering.accepter_vpc_info
    if active:
        requester |= _sets(peering.vpc)
        accepter |= {"CidrBlock": peering.peer_vpc.cidr_block, "PeeringOptions": dict(peering.accepter_options)}
        accepter |= _sets(peering.peer_vpc)
    result: dict[str, Any] = {
        "VpcPeeringConnectionId": peering.id,
        "Status": peering.status,
        "RequesterVpcInfo": requester,
        "AccepterVpcInfo": accepter,
        "Tags": [{"Key": key, "Value": value} for key, value in dict(ec2.tags.get(peering.id, {})).items()],
    }
    if peering.status["Code"] in {"initiating-request", "pending-acceptance", "expired"}:
        result["ExpirationTime"] = peering.expires
    return result


def _sets(vpc: Any) -> Mapping[str, Any]:
    sets: dict[str, Any] = {"CidrBlockSet": [{"CidrBlock": str(block)} for block in blocks(vpc)]}
    if blocks_v6(vpc):
        sets["Ipv6CidrBlockSet"] = [{"Ipv6CidrBlock": str(block)} for block in blocks_v6(vpc)]
    return sets
