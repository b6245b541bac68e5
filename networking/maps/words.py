"""What the map says in the boxes and beside them, in the reader's language."""

from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.maps.nodes import EndpointNode, Link, SubnetNode, TableNode, Zone
from networking.maps.topology import ABSENT, CHANGING, UNREAD
from networking.maps.ways_out import WayOut
from portal.aws.facts.networks import VpcNetwork


def size(node: SubnetNode) -> str:
    """Range and free addresses of a subnet."""
    if node.fact is None:
        return _("not found or not readable")
    if node.fact.free is None:
        return _("%(cidr)s · free: unknown") % {"cidr": node.fact.cidr}
    return _("%(cidr)s · %(free)s free") % {"cidr": node.fact.cidr, "free": free(node)}


def free(node: SubnetNode) -> str:
    """The free addresses of a subnet, grouped as the reader groups numbers; empty when AWS did not say."""
    if node.fact is None or node.fact.free is None:
        return ""
    return str(formats.number_format(node.fact.free, use_l10n=True, force_grouping=True))


def following(node: SubnetNode) -> str:
    """Which table a subnet follows, and why."""
    if node.outside:
        return _("not in this VPC")
    if node.fact is None:
        return _("route table unknown")
    if node.inherited:
        return _("inherits the main table")
    words = {
        UNREAD: _("route table unknown"),
        CHANGING: _("route table is changing"),
        ABSENT: _("no route table found"),
    }
    return words.get(node.table, _("has its own route table"))


def table_name(table: TableNode) -> str:
    """What a table's box is called."""
    return more_tables(table.count) if table.count > 1 else table.name or _("Route table")


def table_kind(table: TableNode) -> str:
    """Whose table it is, or why nobody knows."""
    doubts = {UNREAD: _("could not be read"), CHANGING: _("AWS is changing it now"), ABSENT: _("none was listed")}
    if table.fact is None:
        return doubts.get(table.key, "")
    if table.inherited:
        text = ngettext("main table, inherited by %(count)d", "main table, inherited by %(count)d", table.inherited)
        return text % {"count": table.inherited}
    return _("main table, associated") if table.fact.is_main else _("associated explicitly")


def s3_line(table: TableNode) -> str:
    """Whether the S3 gateway endpoint is on a table."""
    words = {
        Link.THERE: _("S3 endpoint attached"),
        Link.MISSING: _("S3 endpoint not attached"),
        Link.UNKNOWN: _("S3 endpoint: unknown"),
    }
    return words[table.s3]


def way_note(way: WayOut, network: VpcNetwork) -> str:
    """What is known of a target."""
    if way.blackhole:
        return _("gone: the route is a blackhole")
    if way.kind != "nat":
        return ", ".join(way.destinations)
    if network.nat_gateways is None:
        return _("state unknown")
    nat = next((one for one in network.nat_gateways if one.id == way.target), None)
    if nat is None:
        return _("not found in this VPC")
    subnet = network.subnet(nat.subnet)
    return " · ".join(part for part in (nat.state, subnet.zone_id if subnet else "") if part)


def no_table() -> str:
    """Where a table leads that nobody could read."""
    return _("unknown")


def no_way() -> str:
    """A table without a way out."""
    return _("No default route")


def endpoint_name(endpoint: EndpointNode) -> str:
    """What the endpoint's box is called."""
    return endpoint.name or _("S3 gateway endpoint")


def endpoint_kind(endpoint: EndpointNode) -> str:
    """What the box is where its name does not say so, or why there is nothing in it."""
    if not endpoint.read:
        return _("could not be read")
    if not endpoint.ids and not endpoint.waiting:
        return _("this VPC has none")
    return _("S3 gateway endpoint") if endpoint.name else ""


def endpoint_ids(endpoint: EndpointNode) -> str:
    """Its id; of several the first, and how many more."""
    ids = endpoint.ids or endpoint.waiting
    return _("%(id)s + %(count)d more") % {"id": ids[0], "count": len(ids) - 1} if len(ids) > 1 else "".join(ids)


def more_subnets(count: int) -> str:
    """The subnets of a zone that were not chosen."""
    return ngettext("+ %(count)d more subnet", "+ %(count)d more subnets", count) % {"count": count} if count else ""


def subnets(count: int) -> str:
    """The subnets of a zone without a chosen one."""
    return ngettext("%(count)d subnet", "%(count)d subnets", count) % {"count": count}


def more_chosen(count: int) -> str:
    """Chosen subnets for which the picture has no room."""
    return ngettext("+ %(count)d more chosen", "+ %(count)d more chosen", count) % {"count": count}


def more_zones(count: int) -> str:
    """Zones that are not named."""
    return ngettext("+ %(count)d more zone", "+ %(count)d more zones", count) % {"count": count}


def more_targets(count: int) -> str:
    """Targets for which the picture has no room."""
    return ngettext("%(count)d more way out", "%(count)d more ways out", count) % {"count": count}


def more_tables(count: int) -> str:
    """Tables for which the picture has no room."""
    return ngettext("%(count)d more route table", "%(count)d more route tables", count) % {"count": count}


def zone_note(zone: Zone) -> str:
    """The account's own name of a zone, and what kind it is when it is no availability zone."""
    kinds = {"local-zone": _("local zone"), "wavelength-zone": _("Wavelength Zone")}
    name = zone.name if zone.id else ""
    return " · ".join(part for part in (name, kinds.get(zone.type, "")) if part)


def summary(network: VpcNetwork, subnets: Sequence[SubnetNode], tables: Sequence[TableNode]) -> str:
    """The picture in one sentence, for those who cannot see it."""
    words = {
        "vpc": network.vpc_id,
        "subnets": len(subnets),
        "tables": len(tables),
        "zones": len({s.zone for s in subnets}),
    }
    return (
        _(
            "VPC %(vpc)s with chosen subnets: %(subnets)d, in zones: %(zones)d, following route tables: %(tables)d. "
            "“The map in words” below the picture says the same in a table."
        )
        % words
    )
