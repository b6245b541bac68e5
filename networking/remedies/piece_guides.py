"""Pieces as work in the VPC console: one page for each.

Names of pages, fields and buttons as in https://docs.aws.amazon.com/vpc/latest/userguide/
"""

from collections.abc import Iterable, Sequence
from functools import singledispatch

from django.utils.translation import gettext as _

from networking.remedies import console
from networking.remedies.pieces import (
    Attachment,
    ChangedAssociation,
    ChangedRoute,
    Made,
    NewAddress,
    NewAssociation,
    NewGateway,
    NewNat,
    NewRange,
    NewRoute,
    NewSubnet,
    NewTable,
    Ref,
    named,
)
from networking.remedies.sheets import Sheet, Step, step, valued
from portal.aws.facts.networks import VpcNetwork


def sheets(network: VpcNetwork, pieces: Sequence[Made]) -> tuple[Sheet, ...]:
    """The pages for all pieces, in order."""
    return tuple(sheet for piece in pieces for sheet in sheets_of(piece, network))


def _open(network: VpcNetwork, page: str, link: str) -> Step:
    return step(
        _("Open this page in the AWS console, signed in to account %(account)s.") % {"account": network.account},
        url=console.url(network, page),
        link=link,
    )


@singledispatch
def sheets_of(piece: Made, network: VpcNetwork) -> Iterable[Sheet]:
    """The pages on which the piece is made; none for what another piece's page makes with it."""
    raise NotImplementedError(type(piece))


@sheets_of.register
def _range(piece: NewRange, network: VpcNetwork) -> Iterable[Sheet]:
    yield Sheet(
        crumbs=(_("Your VPCs"), network.vpc_id, _("Edit CIDRs")),
        button=_("Save"),
        steps=(
            step(
                _("Open the VPC in the AWS console and choose Actions › Edit CIDRs."),
                url=console.vpc_url(network),
                link=network.vpc_id,
            ),
            step(_("Press «Add new IPv4 CIDR» and type this range."), valued(_("IPv4 CIDR"), piece.cidr)),
            step(_("Press «Save» and wait until the range is associated.")),
        ),
    )


@sheets_of.register
def _gateway(piece: NewGateway, network: VpcNetwork) -> Iterable[Sheet]:
    button = _("Create internet gateway")
    yield Sheet(
        crumbs=(_("Internet gateways"), button),
        button=button,
        steps=(
            _open(network, "CreateInternetGateway", button),
            step(_("Give it this name."), valued(_("Name tag"), piece.name)),
            step(_("Press «Create internet gateway».")),
        ),
    )
    attach = _("Attach internet gateway")
    yield Sheet(
        crumbs=(_("Internet gateways"), piece.name, _("Attach to VPC")),
        button=attach,
        steps=(
            step(
                _("Choose Actions › Attach to VPC, and this VPC."),
                valued(_("Available VPCs"), named(piece.vpc), kind="select"),
            ),
            step(_("Press «Attach internet gateway».")),
        ),
    )


@sheets_of.register
def _subnet(piece: NewSubnet, network: VpcNetwork) -> Iterable[Sheet]:
    button = _("Create subnet")
    tags = [valued(key, value) for key, value in piece.tags]
    zone = next((zone.name for zone in network.zones or () if zone.id == piece.zone_id), "")
    yield Sheet(
        crumbs=(_("Subnets"), button),
        button=button,
        steps=(
            _open(network, "CreateSubnet", button),
            step(_("Choose the VPC."), valued(_("VPC ID"), named(piece.vpc), kind="select")),
            step(_("Give the subnet this name."), valued(_("Subnet name"), piece.name)),
            step(
                _("Choose this zone, by its ID."),
                valued(_("Availability Zone"), piece.zone_id, kind="select", hint=zone),
            ),
            step(_("Type this range."), valued(_("IPv4 subnet CIDR block"), piece.cidr)),
            *([step(_("Press «Add new tag» and type these tags, letter by letter."), *tags)] if tags else []),
            step(_("Press «Create subnet».")),
        ),
    )


@sheets_of.register
def _address(piece: NewAddress, network: VpcNetwork) -> Iterable[Sheet]:
    """The page of the NAT gateway allocates it."""
    return ()


@sheets_of.register
def _nat(piece: NewNat, network: VpcNetwork) -> Iterable[Sheet]:
    button = _("Create NAT gateway")
    yield Sheet(
        crumbs=(_("NAT gateways"), button),
        button=button,
        steps=(
            _open(network, "CreateNatGateway", button),
            step(_("Give it this name."), valued(_("Name"), piece.name)),
            step(_("Choose this public subnet."), valued(_("Subnet"), named(piece.subnet), kind="select")),
            step(
                _("Leave the connectivity type at Public and press «Allocate Elastic IP»."),
                valued(_("Connectivity type"), _("Public"), kind="select"),
            ),
            step(_("Press «Create NAT gateway» and wait until its state is Available.")),
        ),
    )


@sheets_of.register
def _table(piece: NewTable, network: VpcNetwork) -> Iterable[Sheet]:
    button = _("Create route table")
    yield Sheet(
        crumbs=(_("Route tables"), button),
        button=button,
        steps=(
            _open(network, "CreateRouteTable", button),
            step(_("Give it this name."), valued(_("Name"), piece.name)),
            step(_("Choose the VPC."), valued("VPC", named(piece.vpc), kind="select")),
            step(_("Press «Create route table».")),
        ),
    )


@sheets_of.register
def _route(piece: NewRoute, network: VpcNetwork) -> Iterable[Sheet]:
    yield _routes(
        network, piece.table, piece.destination, piece.target, _("Press «Add route» and fill in both fields.")
    )


@sheets_of.register
def _changed_route(piece: ChangedRoute, network: VpcNetwork) -> Iterable[Sheet]:
    said = _("In the line of this destination choose the new target.")
    yield _routes(network, piece.table, piece.destination, piece.target, said)


def _routes(network: VpcNetwork, table: Ref, destination: str, target: Ref, said: str) -> Sheet:
    return Sheet(
        crumbs=(_("Route tables"), named(table), _("Edit routes")),
        button=_("Save changes"),
        steps=(
            _opened_table(network, table, _("Open the route table %(table)s and choose Actions › Edit routes.")),
            step(
                said,
                valued(_("Destination"), destination),
                valued(_("Target"), named(target), kind="select"),
            ),
            step(_("Press «Save changes».")),
        ),
    )


def _opened_table(network: VpcNetwork, table: Ref, said: str) -> Step:
    url = console.url(network, "RouteTables") if isinstance(table, Made) else console.table_url(network, table)
    return step(said % {"table": named(table)}, url=url, link=named(table))


@sheets_of.register(NewAssociation)
@sheets_of.register(ChangedAssociation)
def _association(piece: NewAssociation | ChangedAssociation, network: VpcNetwork) -> Iterable[Sheet]:
    subnet, table = piece.subnet, named(piece.table)
    url = console.url(network, "subnets") if isinstance(subnet, Made) else console.subnet_url(network, subnet)
    yield Sheet(
        crumbs=(_("Subnets"), named(subnet), _("Edit route table association")),
        button=_("Save"),
        steps=(
            step(
                _("Open the subnet %(subnet)s and choose Actions › Edit route table association.")
                % {"subnet": named(subnet)},
                url=url,
                link=named(subnet),
            ),
            step(_("Choose this route table."), valued(_("Route table ID"), table, kind="select")),
            step(_("Press «Save».")),
        ),
    )


@sheets_of.register
def _attachment(piece: Attachment, network: VpcNetwork) -> Iterable[Sheet]:
    if not piece.endpoint:
        return
    yield Sheet(
        crumbs=(_("Endpoints"), piece.endpoint, _("Manage route tables")),
        button=_("Modify route tables"),
        steps=(
            step(
                _("Open the S3 endpoint and choose Actions › Manage route tables."),
                url=console.endpoint_url(network, piece.endpoint),
                link=piece.endpoint,
            ),
            step(
                _("Tick this route table too. Leave the others ticked."),
                valued(_("Route table"), piece.table.name, kind="check"),
            ),
            step(_("Press «Modify route tables».")),
        ),
    )


def undo_sentence(pieces: Sequence[Made]) -> str:
    """How to take the pieces back by hand, last first."""
    return " ".join(said for piece in reversed(pieces) if (said := undoing(piece)))


@singledispatch
def undoing(piece: Made) -> str:
    """One sentence; empty for what goes with another piece."""
    return ""


@undoing.register
def _undo_route(piece: ChangedRoute) -> str:
    words = {"table": piece.table, "destination": piece.destination, "before": piece.before}
    if piece.before:
        return _("In %(table)s lead %(destination)s to %(before)s again.") % words
    return _("In %(table)s delete the route %(destination)s.") % words


@undoing.register
def _undo_association(piece: NewAssociation) -> str:
    if isinstance(piece.subnet, Made):
        return ""
    return _("Open %(subnet)s and edit its route table association back to the main table.") % {"subnet": piece.subnet}


@undoing.register
def _undo_changed_association(piece: ChangedAssociation) -> str:
    words = {"subnet": piece.subnet, "table": piece.before}
    return _("Open %(subnet)s and edit its route table association back to %(table)s.") % words


@undoing.register
def _undo_attachment(piece: Attachment) -> str:
    if not piece.endpoint:
        return ""
    words = {"endpoint": piece.endpoint, "table": piece.table.name}
    return _("On %(endpoint)s choose Actions › Manage route tables and clear the tick at %(table)s.") % words


@undoing.register
def _undo_range(piece: NewRange) -> str:
    return _("On %(vpc)s choose Actions › Edit CIDRs and remove %(cidr)s.") % {"vpc": piece.vpc, "cidr": piece.cidr}


@undoing.register
def _undo_nat(piece: NewNat) -> str:
    words = {"nat": piece.name, "address": piece.address.name}
    return _("Delete the NAT gateway %(nat)s, wait until it is deleted, then release its Elastic IP address.") % words


@undoing.register
def _undo_subnet(piece: NewSubnet) -> str:
    return _("Delete the subnet %(name)s.") % {"name": piece.name}


@undoing.register
def _undo_table(piece: NewTable) -> str:
    return _("Delete the route table %(name)s.") % {"name": piece.name}


@undoing.register
def _undo_gateway(piece: NewGateway) -> str:
    return _("Detach the internet gateway %(name)s and delete it.") % {"name": piece.name}
