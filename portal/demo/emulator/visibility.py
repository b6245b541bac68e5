"""Eventual consistency on order: what descriptions may not see yet, or still see as it was.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
"""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.clock import Clock

# Resource id prefix -> what EC2 answers when it cannot find the id.
MISSING: Mapping[str, tuple[str, str]] = {
    "vpc": ("InvalidVpcID.NotFound", "The vpc ID '{id}' does not exist"),
    "subnet": ("InvalidSubnetID.NotFound", "The subnet ID '{id}' does not exist"),
    "rtb": ("InvalidRouteTableID.NotFound", "The routeTable ID '{id}' does not exist"),
    "igw": ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{id}' does not exist"),
    "nat": ("NatGatewayNotFound", "The Nat Gateway {id} was not found"),
    "sg": ("InvalidGroup.NotFound", "The security group '{id}' does not exist"),
    "eipalloc": ("InvalidAllocationID.NotFound", "The allocation ID '{id}' does not exist"),
    "vpce": ("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '{id}' does not exist"),
    "pcx": ("InvalidVpcPeeringConnectionID.NotFound", "The vpcPeeringConnection ID '{id}' does not exist"),
}
_ID = re.compile(rf"({'|'.join(MISSING)})-[0-9a-f]{{8,17}}")


@dataclass(frozen=True)
class Picture:
    """Resources as they were when a `stale` fault began: own id -> the described resource."""

    until: float
    items: Mapping[str, Any]


class Visibility:
    """Which ids are still hidden and which descriptions are still old. Used under the backends' lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hidden: dict[str, float] = {}
        self._pictures: dict[tuple[str, str, str], Picture] = {}

    def hide(self, result: Mapping[str, Any], seconds: float) -> None:
        """Hides what a call has just created for so many seconds of the emulator's clock."""
        for item in _resources(result):
            if (own := own_id(item)) is not None:
                self._hidden[own] = self._clock.time() + seconds

    def keep(self, address: tuple[str, str, str], items: list[Any], seconds: float) -> None:
        """Keeps a picture for descriptions at (account, region, operation)."""
        copies = {own: copy.deepcopy(item) for item in items if (own := own_id(item)) is not None}
        self._pictures[address] = Picture(self._clock.time() + seconds, copies)

    def refuse_hidden(self, call: Call) -> None:
        """Raises ServiceError, as EC2 does, when the parameters name something that is still hidden."""
        if not self._hidden:
            return
        for text in _texts(call.parameters):
            if self._is_hidden(text):
                code, message = MISSING[text.split("-")[0]]
                raise ServiceError(code, message.format(id=text), 400)

    def seen(self, call: Call, items: list[Any]) -> list[Any]:
        """What a description may show of these resources now."""
        shown = [item for item in items if not self._is_hidden(own_id(item))]
        picture = self._pictures.get((call.account, call.region, call.operation))
        if picture is None or picture.until <= self._clock.time():
            return shown
        owned = [own for item in shown if (own := own_id(item)) is not None]
        return [copy.deepcopy(picture.items[own]) for own in owned if own in picture.items]

    def _is_hidden(self, own: str | None) -> bool:
        return own is not None and self._hidden.get(own, 0) > self._clock.time()


def own_id(item: object) -> str | None:
    """The id of a described EC2 resource: its first `…Id` field that belongs to the resource itself."""
    if not isinstance(item, Mapping):
        return None
    for name in OWN:
        value = item.get(name)
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
    return None


# A subnet names its VPC too, so the order matters: the most specific id first.
OWN = (
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "NatGatewayId",
    "RouteTableId",
    "SubnetId",
    "InternetGatewayId",
    "GroupId",
    "AllocationId",
    "VpcId",
)


def _resources(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield result
    for value in result.values():
        if isinstance(value, Mapping):
            yield value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
