"""The connection of a peering as a piece: one that is made, and one that is there already and found when a form runs.

Each form's words for them: networking/peering/remedies/connection_scripts.py and connection_blocks.py.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from networking.peering.shapes import RegisteredPeering
from networking.remedies.pieces import Made


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The two registered ends: VPC id, account (12 digits) and region code of the BYOC VPC and of the target VPC."""

    vpc: str
    account: str
    region: str
    peer_vpc: str
    peer_account: str
    peer_region: str

    @classmethod
    def of(cls, registered: RegisteredPeering) -> Self:
        """As registered; a region that nobody gave is the other side's."""
        regions = (registered.requester_region, registered.accepter_region)
        return cls(
            vpc=registered.requester_vpc,
            account=registered.requester_account,
            region=regions[0] or regions[1],
            peer_vpc=registered.accepter_vpc,
            peer_account=registered.accepter_account,
            peer_region=regions[1] or regions[0],
        )

    @property
    def crosses_accounts(self) -> bool:
        """Whether the two ends belong to different accounts."""
        return self.account != self.peer_account


@dataclass(frozen=True, kw_only=True)
class NewConnection(Made):
    """A request of the pair's first end to its second; the live connection of the two, whoever asked, is taken as it
    is.
    """

    has_id: ClassVar[bool] = True
    is_chosen: ClassVar[bool] = True
    id_start: ClassVar[str] = "pcx-"

    pair: Pair


@dataclass(frozen=True, kw_only=True)
class FoundConnection(Made):
    """The live connection of the pair, whose id nobody knows yet."""

    has_id: ClassVar[bool] = True
    is_found: ClassVar[bool] = True
    id_start: ClassVar[str] = "pcx-"

    pair: Pair


def connection_name(pair: Pair) -> str:
    """The tag Name of a connection that somebody makes by one of the forms."""
    return f"clickhouse-byoc-{pair.peer_vpc}"
