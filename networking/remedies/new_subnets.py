"""Subnets that are missing, too small, too full or elsewhere: a new private one that fits, for each.

Settles subnets.count, subnets.zones, subnets.membership, subnets.size and subnets.free-addresses.
https://docs.aws.amazon.com/vpc/latest/userguide/create-subnets.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from django.utils.translation import gettext as _

from networking.exposure import to_internet_gateways
from networking.remedies import s3_endpoint
from networking.remedies.assembly import Draft, assembled
from networking.remedies.exits import Exit, costs, exit_for, nat_of, nearest_nat, serves, zone_of
from networking.remedies.free_blocks import Blocks, blocks_for
from networking.remedies.missing_subnets import Missing, missing_subnets
from networking.remedies.pieces import (
    Attachment,
    Made,
    NewAssociation,
    NewRange,
    NewRoute,
    NewSubnet,
    NewTable,
    Ref,
    of_kind,
    slug,
)
from networking.remedies.scope import called, followed_tables, in_place, own_subnets
from networking.remedies.shapes import Order, Remedy
from networking.routing import Routing
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.findings.shapes import Finding


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A missing subnet with its range."""

    missing: Missing
    block: IPv4Network


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One remedy for each missing subnet; one for all that need a further range of the VPC, which they share.

    None where the VPC's room is not known or there is none.
    """
    missing = missing_subnets(network, subnet_ids, findings, profile) if in_place(network) else ()
    room = blocks_for(len(missing), network, profile=profile) if missing else None
    if room is None:
        return
    placed = [_Placed(missing=one, block=block) for one, block in zip(missing, room.blocks, strict=True)]
    inside = [one for one in placed if room.secondary and one.block.subnet_of(room.secondary)]
    plans = _Plans(network, subnet_ids, profile, room)
    for one in placed:
        if one not in inside:
            yield plans.remedy([one], None)
    if inside and room.secondary:
        yield plans.remedy(inside, room.secondary)


class _Plans:
    """Puts the pieces of new subnets together; ranges that one of them takes are not given away again."""

    def __init__(self, network: VpcNetwork, subnet_ids: Sequence[str], profile: Profile, room: Blocks) -> None:
        self.network, self.profile, self.chosen = network, profile, tuple(subnet_ids)
        self.taken = list(room.blocks)

    def remedy(self, placed: Sequence[_Placed], secondary: IPv4Network | None) -> Remedy:
        """One remedy for these subnets."""
        network = self.network
        within = _new_range(network, secondary) if secondary else None
        pieces: list[Made] = [within] if within else []
        for one in placed:
            pieces += self._pieces(one, within)
        subnets = [piece for piece in of_kind(pieces, NewSubnet) if piece.tags]
        key = "-".join(one.missing.replaces or one.missing.zone_id for one in placed)
        draft = Draft(
            key=f"subnets-new-{key}",
            codes=tuple(dict.fromkeys(code for one in placed for code in one.missing.codes)),
            title=_title(placed, subnets),
            effect=_effect(network, placed, pieces, secondary),
            resources=tuple(one.missing.replaces for one in placed if one.missing.replaces) or (network.vpc_id,),
            pieces=tuple(pieces),
            shown=subnets[0],
            stack=f"clickhouse-byoc-subnet-{_plain(placed[0])}",
            order=Order.NEW_SUBNETS,
        )
        return assembled(network, draft)

    def _pieces(self, placed: _Placed, within: NewRange | None) -> list[Made]:
        subnet = _new_subnet(self.network, placed, self.profile, within)
        table, before = self._table(placed)
        follows = NewAssociation(slug=slug("association", _plain(placed)), subnet=subnet, table=table)
        # The subnet after its table: taking back deletes it first, and its association with it.
        return [*before, subnet, follows]

    def _table(self, placed: _Placed) -> tuple[Ref, list[Made]]:
        """The route table for a new subnet: an existing private one, else a new one with the pieces that make it."""
        existing = _private_table(self.network, self.chosen, placed.missing)
        if existing is not None:
            return existing.id, []
        network, zone = self.network, placed.missing.zone_id
        words = _plain(placed)
        table = NewTable(slug=slug("table", words), name=f"clickhouse-byoc-private-{words}", vpc=network.vpc_id)
        exit_ = self._exit(zone, words)
        pieces: list[Made] = [*exit_.pieces, table] if exit_ else [table]
        if exit_:
            pieces.append(NewRoute(slug=slug("route", words), table=table, target=exit_.nat))
        endpoint = s3_endpoint.fit_endpoint(network, followed_tables(network, self.chosen))
        served = endpoint.id if endpoint else ""
        pieces.append(Attachment(slug=slug("s3", words), vpc=network.vpc_id, table=table, endpoint=served))
        return table, pieces

    def _exit(self, zone: str, purpose: str) -> Exit | None:
        """The way out: a NAT gateway that works, a new one where the profile asks for it, else none."""
        nat = nearest_nat(self.network, zone)
        if nat is not None or not self.profile.egress:
            return Exit(nat=nat.id) if nat else None
        found = exit_for(self.network, zone, purpose=purpose, chosen=self.chosen, taken=self.taken)
        self.taken += [IPv4Network(piece.cidr) for piece in of_kind(found.pieces if found else (), NewSubnet)]
        return found


def _plain(placed: _Placed) -> str:
    """Zone and range in a form that every name may have: `euc1-az2-10-50-48-0`."""
    return slug(placed.missing.zone_id, str(placed.block.network_address)).replace("_", "-")


def _new_range(network: VpcNetwork, secondary: IPv4Network) -> NewRange:
    return NewRange(slug="vpc_range", vpc=network.vpc_id, cidr=str(secondary))


def _new_subnet(network: VpcNetwork, placed: _Placed, profile: Profile, within: NewRange | None) -> NewSubnet:
    words = _plain(placed)
    return NewSubnet(
        slug=slug("subnet", words),
        name=f"clickhouse-byoc-private-{words}",
        vpc=network.vpc_id,
        zone_id=placed.missing.zone_id,
        cidr=str(placed.block),
        tags=tuple((tag.key, tag.value) for tag in profile.required_tags if tag.kind == "subnet"),
        within=within,
    )


def _private_table(network: VpcNetwork, chosen: Sequence[str], missing: Missing) -> RouteTableFact | None:
    """A private table that a chosen subnet of the VPC follows: best one that leads to a NAT gateway in the same zone,
    then the one of the subnet to be replaced, then of one in the same zone.
    """
    routing = Routing.of(network)
    found: list[tuple[tuple[bool, ...], str, RouteTableFact]] = []
    for subnet in own_subnets(network, chosen):
        table = routing.followed(subnet.id).table
        if table is None or to_internet_gateways(table):
            continue
        nat = nat_of(network, table)
        near = nat is not None and serves(network, nat, missing.zone_id)
        same_zone = zone_of(network, subnet) == missing.zone_id
        found.append(((not near, nat is None, subnet.id != missing.replaces, not same_zone), table.id, table))
    return min(found, key=lambda one: one[:2], default=(None, None, None))[2]


def _title(placed: Sequence[_Placed], subnets: Sequence[NewSubnet]) -> str:
    listed = ", ".join(f"{subnet.cidr} ({subnet.zone_id})" for subnet in subnets)
    old = ", ".join(one.missing.replaces for one in placed if one.missing.replaces)
    if old:
        return _("Create the private subnet %(subnets)s in place of %(old)s") % {"subnets": listed, "old": old}
    return _("Create the private subnet %(subnets)s") % {"subnets": listed}


def _effect(
    network: VpcNetwork, placed: Sequence[_Placed], pieces: Sequence[Made], secondary: IPv4Network | None
) -> str:  # fmt: skip
    said = [_("Nothing that runs is touched; choose the new subnet afterwards.")]
    if any(one.missing.replaces for one in placed):
        said.append(_("The old subnet stays as it is."))
    if secondary:
        said.append(_further_range(network, secondary))
    return " ".join([*said, *_followed(network, pieces), *costs(pieces)])


def _further_range(network: VpcNetwork, secondary: IPv4Network) -> str:
    said = _(
        "%(vpc)s has no room left, so it gets the further range %(cidr)s: see that no network it will be connected "
        "with uses it. AWS allows five ranges unless you asked for more; EKS may need up to five hours to know a new "
        "one."
    )
    return said % {"vpc": network.vpc_id, "cidr": secondary}


def _followed(network: VpcNetwork, pieces: Sequence[Made]) -> Iterator[str]:
    """Which tables the new subnets follow, old and new ones."""
    follows = [piece.table for piece in of_kind(pieces, NewAssociation) if isinstance(piece.subnet, NewSubnet)]
    known = {table.id: table for table in network.route_tables or ()}
    names = ", ".join(dict.fromkeys(called(known[table]) for table in follows if isinstance(table, str)))
    if names:
        yield _("It follows the route table %(table)s.") % {"table": names}
    if any(piece.slug.startswith("table_") for piece in of_kind(pieces, NewTable)):
        yield _("It gets a route table of its own without an internet gateway.")
