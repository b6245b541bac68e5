"""Which route table a subnet really follows, and where it leads. Pure.

A subnet follows the table that it is associated with, and the VPC's main table when there is none: the common miss.
https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableAssociationFact, RouteTableFact

#: AWS is changing the association just now: nobody can say which table counts.
CHANGING = frozenset({"associating", "disassociating"})
#: The association counts. Answers without a state are of tools that leave it out.
EFFECTIVE = frozenset({"associated", ""})


@dataclass(frozen=True)
class Followed:
    """The table that a subnet follows; None when nobody can say. `inherited`: it is the main table, by default."""

    table: RouteTableFact | None
    inherited: bool = False
    changing: bool = False


@dataclass(frozen=True)
class Routing:
    """The route tables of one VPC, indexed once; `tables` is None when they could not be read."""

    vpc_id: str
    tables: tuple[RouteTableFact, ...] | None

    @classmethod
    def of(cls, network: VpcNetwork) -> "Routing":
        """The tables of `network`'s VPC."""
        return cls(network.vpc_id, network.route_tables)

    def followed(self, subnet_id: str) -> Followed:
        """What the subnet follows: its own table, else the VPC's main one."""
        if self.tables is None:
            return Followed(None)
        own, changing = self._explicit.get(subnet_id, (None, False))
        if changing:
            return Followed(None, changing=True)
        return Followed(own) if own is not None else Followed(self.main, inherited=True)

    @cached_property
    def main(self) -> RouteTableFact | None:
        """The VPC's main table; None when none was listed."""
        return next((table for table in self._here if _is_main(table)), None)

    @cached_property
    def _here(self) -> tuple[RouteTableFact, ...]:
        return tuple(table for table in self.tables or () if table.vpc in {"", self.vpc_id})

    @cached_property
    def _explicit(self) -> Mapping[str, tuple[RouteTableFact | None, bool]]:
        """Subnet → its own table, and whether that is changing just now."""
        found: dict[str, tuple[RouteTableFact | None, bool]] = {}
        for table, association in _pairs(self._here):
            if association.state in CHANGING:
                found[association.subnet] = (None, True)
            elif association.state in EFFECTIVE:
                found.setdefault(association.subnet, (table, False))
        return found


def _pairs(tables: Iterable[RouteTableFact]) -> Iterable[tuple[RouteTableFact, RouteTableAssociationFact]]:
    return ((table, one) for table in tables for one in table.associations if one.subnet)


def _is_main(table: RouteTableFact) -> bool:
    return any(one.main and one.state in EFFECTIVE for one in table.associations)
