"""Doors of the demo's stand-in for the VPC console: open like all of the demo."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.metatests.doors.shapes import Door, Scene

PLACE: Mapping[str, Callable[[Scene], Any]] = {
    "account": lambda scene: "222222222222",
    "region": lambda scene: "us-east-1",
}
OPEN, NOT_POSTED = "200 " * 6, "405 " * 6
MISSING = "404 " * 6


def of_thing(own: str) -> Mapping[str, Callable[[Scene], Any]]:
    """The arguments of something that is not there."""
    return {**PLACE, "own": lambda _scene: own}


VPC, SUBNET, GROUP = "vpc-0123456789abcdef0", "subnet-0123456789abcdef0", "sg-0123456789abcdef0"
TABLE, PEERING = of_thing("rtb-0123456789abcdef0"), of_thing("pcx-0123456789abcdef0")

DOORS = (
    Door("demo:vpc_home", get=OPEN, post=NOT_POSTED),
    Door("demo:vpc_by_link", get="302 " * 6, post=NOT_POSTED),
    Door("demo:vpc_list", get=OPEN, post=NOT_POSTED, with_=PLACE),
    Door("demo:vpc", get=MISSING, post=NOT_POSTED, with_=of_thing(VPC)),
    Door("demo:vpc_subnet", get=MISSING, post=NOT_POSTED, with_=of_thing(SUBNET)),
    Door("demo:vpc_tables", get=OPEN, post=NOT_POSTED, with_=PLACE),
    Door("demo:vpc_table", get=MISSING, post=NOT_POSTED, with_=TABLE),
    Door("demo:vpc_routes", get=MISSING, post=MISSING, with_=TABLE),
    # AWS refuses to write a route of a table that is not there, and its words are shown.
    Door("demo:vpc_route_change", get=NOT_POSTED, post="400 " * 6, with_=TABLE),
    Door("demo:vpc_route_remove", get=NOT_POSTED, post="400 " * 6, with_=TABLE),
    Door("demo:vpc_groups", get=OPEN, post=NOT_POSTED, with_=PLACE),
    Door("demo:vpc_group", get=MISSING, post=NOT_POSTED, with_=of_thing(GROUP)),
    Door("demo:vpc_peerings", get=OPEN, post=NOT_POSTED, with_=PLACE),
    # An empty form asks for nothing.
    Door("demo:vpc_peering_create", get=OPEN, post="422 " * 6, with_=PLACE),
    Door("demo:vpc_peering", get=MISSING, post=NOT_POSTED, with_=PEERING),
    Door("demo:vpc_peering_accept", get=NOT_POSTED, post=MISSING, with_=PEERING),
    Door("demo:vpc_peering_reject", get=NOT_POSTED, post=MISSING, with_=PEERING),
    Door("demo:vpc_peering_delete", get=NOT_POSTED, post=MISSING, with_=PEERING),
)
