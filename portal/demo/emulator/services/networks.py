"""CIDR blocks as EC2 reads them."""

import ipaddress
from collections.abc import Iterator
from typing import Any

from portal.demo.emulator.calls import ServiceError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def canonical(text: str, parameter: str) -> ipaddress.IPv4Network:
    """The block with its host bits cleared, as EC2 stores it. Raises InvalidParameterValue for other text.

    "We modify the specified CIDR block to its canonical form":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
    """
    try:
        # Without a prefix length Python would read a /32, which EC2 does not.
        return ipaddress.IPv4Network(text if "/" in text else "", strict=False)
    except ValueError as error:
        message = f"Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block."
        raise ServiceError("InvalidParameterValue", message) from error


def blocks(vpc: Any) -> list[ipaddress.IPv4Network]:
    """The IPv4 blocks of one of moto's VPCs, the primary first."""
    return [
        ipaddress.IPv4Network(entry["cidr_block"], strict=False)
        for entry in vpc.get_cidr_block_association_set()
        if entry["cidr_block_state"]["state"] == "associated"
    ]


def blocks_v6(vpc: Any) -> list[ipaddress.IPv6Network]:
    """The IPv6 blocks of one of moto's VPCs."""
    return [
        ipaddress.IPv6Network(entry["cidr_block"], strict=False)
        for entry in vpc.get_cidr_block_association_set(ipv6=True)
        if entry["cidr_block_state"]["state"] == "associated"
    ]


def overlapping(one: Any, other: Any) -> Iterator[tuple[Network, Network]]:
    """Every pair of blocks of two VPCs that overlap, in either family."""
    for a in blocks(one):
        for b in blocks(other):
            if a.overlaps(b):
                yield a, b
    for c in blocks_v6(one):
        for d in blocks_v6(other):
            if c.overlaps(d):
                yield c, d
