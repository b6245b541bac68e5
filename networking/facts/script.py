"""The read-only script that makes a facts file in the customer's own shell: POSIX sh and the AWS CLI v2, nothing else.

The text stands in script.sh, where a shell can check it; here its values are filled in.
"""

import re
import shlex
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from networking.facts.files import ACCOUNT, MOST_SUBNET_IDS, REGION
from networking.facts.shapes import identifier

_BLANK = re.compile(r"@([A-Z]+)@")


class Side(StrEnum):
    """Which side of a peering a VPC is; none for one by itself."""

    NONE = ""
    REQUESTER = "requester"
    ACCEPTER = "accepter"


def facts_script(*, account: str, region: str, vpc_id: str, subnet_ids: Sequence[str], side: Side = Side.NONE) -> str:
    """The script that reads this VPC, and these subnets wherever they lie, and prints the facts file; for a `side` of a
    peering also what else a look at that side reads.

    Raises ValueError for a value that is no account id, region or id: such a one is never put before a shell.
    """
    for value, shape in ((account, ACCOUNT), (region, REGION)):
        if shape.fullmatch(value) is None:
            raise ValueError(f"{value!r} is no account id or region")
    identifier("vpc")(vpc_id, "vpc_id")
    if len(subnet_ids) > MOST_SUBNET_IDS:
        raise ValueError(f"{len(subnet_ids)} subnets are more than {MOST_SUBNET_IDS}")
    for subnet_id in subnet_ids:
        identifier("subnet")(subnet_id, "subnet_ids")
    values = {"ACCOUNT": account, "REGION": region, "VPC": vpc_id, "SUBNETS": " ".join(subnet_ids), "SIDE": side.value}
    return _BLANK.sub(lambda blank: shlex.quote(values[blank[1]]), _template())


@cache
def _template() -> str:
    return Path(__file__).with_name("script.sh").read_text(encoding="utf-8")
