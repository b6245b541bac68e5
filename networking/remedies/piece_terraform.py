"""Pieces as Terraform resources of the AWS provider.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs
What exists and changes is imported first: https://developer.hashicorp.com/terraform/language/block/import
"""

from collections.abc import Iterable, Mapping
from functools import singledispatch

from networking.remedies import hcl, shell
from networking.remedies.pieces import (
    Attachment,
    ChangedAssociation,
    ChangedRoute,
    Made,
    NewAddress,
    NewAssociation,
    NewEndpoint,
    NewGateway,
    NewNat,
    NewRange,
    NewRoute,
    NewSubnet,
    NewTable,
    NewVpc,
    Ref,
)
from networking.remedies.route_targets import destination_of, kind_of
from portal.aws.facts.networks import VpcNetwork, s3_service

_TYPES: Mapping[type[Made], str] = {
    NewVpc: "aws_vpc",
    NewRange: "aws_vpc_ipv4_cidr_block_association",
    NewGateway: "aws_internet_gateway",
    NewSubnet: "aws_subnet",
    NewAddress: "aws_eip",
    NewNat: "aws_nat_gateway",
    NewTable: "aws_route_table",
    NewRoute: "aws_route",
    ChangedRoute: "aws_route",
    NewAssociation: "aws_route_table_association",
    ChangedAssociation: "aws_route_table_association",
    NewEndpoint: "aws_vpc_endpoint",
}


def configuration(network: VpcNetwork, title: str, pieces: Iterable[Made]) -> str:
    """The whole file."""
    return shell.script(shell.header(network, title), *(block(piece, network) for piece in pieces))


def before(network: VpcNetwork, title: str, pieces: Iterable[Made]) -> str:
    """The file that leaves what existed as it was: everything new is gone from it."""
    changed = (piece for piece in pieces if isinstance(piece, ChangedAssociation | ChangedRoute))
    return shell.script(shell.header(network, title), *(_as_it_was(piece) for piece in changed))


def _as_it_was(piece: ChangedAssociation | ChangedRoute) -> str:
    if isinstance(piece, ChangedAssociation):
        return _association(piece, piece.subnet, piece.before)
    if not piece.before:
        return ""
    return resource(piece, _route(piece.table, piece.destination, piece.before))


@singledispatch
def address(piece: Made) -> str:
    """How other blocks name the piece's block: `aws_subnet.clickhouse_byoc_…`."""
    return f"{_TYPES[type(piece)]}.clickhouse_byoc_{piece.slug}"


def _ref(ref: Ref) -> str:
    return f"{address(ref)}.id" if isinstance(ref, Made) else hcl.quoted(ref)


def resource(piece: Made, arguments: Mapping[str, str], *, after: Made | None = None) -> str:
    """One block; values are HCL already. An empty value leaves the argument out."""
    given = {name: value for name, value in arguments.items() if value and name != "tags"}
    kind, _dot, name = address(piece).partition(".")
    lines = [f'resource "{kind}" "{name}" {{', *aligned(given)]
    if "tags" in arguments:
        lines += ["", f"  tags = {arguments['tags']}"]
    if after is not None:
        lines += ["", f"  depends_on = [{address(after)}]"]
    return "\n".join([*lines, "}"])


def aligned(arguments: Mapping[str, str]) -> Iterable[str]:
    """Arguments as lines of a block; values are HCL already."""
    width = max(map(len, arguments), default=0)
    return (f"  {name:<{width}} = {value}" for name, value in arguments.items())


def tags(piece: Made, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The argument `tags`: its name and further ones."""
    return hcl.table({"Name": piece.name, **dict(pairs)})


def _imported(piece: Made, identifier: str) -> str:
    return f"import {{\n  to = {address(piece)}\n  id = {hcl.quoted(identifier)}\n}}"


@singledispatch
def block(piece: Made, network: VpcNetwork) -> str:
    """The piece's resource."""
    raise NotImplementedError(type(piece))


@block.register
def _(piece: NewVpc, network: VpcNetwork) -> str:
    on = {"enable_dns_support": "true", "enable_dns_hostnames": "true"}
    return resource(piece, {"cidr_block": hcl.quoted(piece.cidr), **on, "tags": tags(piece, piece.tags)})


@block.register
def _(piece: NewRange, network: VpcNetwork) -> str:
    return resource(piece, {"vpc_id": _ref(piece.vpc), "cidr_block": hcl.quoted(piece.cidr)})


@block.register
def _(piece: NewGateway, network: VpcNetwork) -> str:
    return resource(piece, {"vpc_id": _ref(piece.vpc), "tags": tags(piece)})


@block.register
def _(piece: NewSubnet, network: VpcNetwork) -> str:
    arguments = {
        "vpc_id": _ref(piece.vpc),
        "cidr_block": hcl.quoted(piece.cidr),
        "availability_zone_id": hcl.quoted(piece.zone_id),
        "tags": tags(piece, piece.tags),
    }
    return resource(piece, arguments, after=piece.within)


@block.register
def _(piece: NewAddress, network: VpcNetwork) -> str:
    return resource(piece, {"domain": hcl.quoted("vpc"), "tags": tags(piece)})


@block.register
def _(piece: NewNat, network: VpcNetwork) -> str:
    arguments = {"subnet_id": _ref(piece.subnet), "allocation_id": _ref(piece.address), "tags": tags(piece)}
    return resource(piece, arguments, after=piece.route)


@block.register
def _(piece: NewTable, network: VpcNetwork) -> str:
    return resource(piece, {"vpc_id": _ref(piece.vpc), "tags": tags(piece)})


@block.register
def _(piece: NewRoute, network: VpcNetwork) -> str:
    return resource(piece, _route(piece.table, piece.destination, piece.target))


@block.register
def _(piece: ChangedRoute, network: VpcNetwork) -> str:
    imported = _imported(piece, f"{piece.table}_{piece.destination}")
    return f"{imported}\n\n{resource(piece, _route(piece.table, piece.destination, piece.target))}"


def _route(table: Ref, destination: str, target: Ref) -> Mapping[str, str]:
    return {
        "route_table_id": _ref(table),
        destination_of(destination).argument: hcl.quoted(destination),
        kind_of(target).argument: _ref(target),
    }


@block.register
def _(piece: NewAssociation, network: VpcNetwork) -> str:
    return _association(piece, piece.subnet, piece.table)


@block.register
def _(piece: ChangedAssociation, network: VpcNetwork) -> str:
    imported = _imported(piece, f"{piece.subnet}/{piece.before}")
    return f"{imported}\n\n{_association(piece, piece.subnet, piece.table)}"


def _association(piece: Made, subnet: Ref, table: Ref) -> str:
    return resource(piece, {"subnet_id": _ref(subnet), "route_table_id": _ref(table)})


@block.register
def _(piece: Attachment, network: VpcNetwork) -> str:
    """On the endpoint that is there, else an endpoint for this table alone."""
    name = f"clickhouse_byoc_{piece.slug}"
    if piece.endpoint:
        arguments: Mapping[str, str] = {
            "vpc_endpoint_id": hcl.quoted(piece.endpoint),
            "route_table_id": _ref(piece.table),
        }
        kind = "aws_vpc_endpoint_route_table_association"
    else:
        arguments = _endpoint_arguments(network, hcl.quoted(piece.vpc), [piece.table])
        kind = "aws_vpc_endpoint"
    return "\n".join([f'resource "{kind}" "{name}" {{', *aligned(arguments), "}"])


@block.register
def _(piece: NewEndpoint, network: VpcNetwork) -> str:
    return resource(piece, {**_endpoint_arguments(network, _ref(piece.vpc), piece.tables), "tags": tags(piece)})


def _endpoint_arguments(network: VpcNetwork, vpc: str, tables: Iterable[Ref]) -> Mapping[str, str]:
    return {
        "vpc_id": vpc,
        "vpc_endpoint_type": hcl.quoted("Gateway"),
        "service_name": hcl.quoted(s3_service(network.region)),
        "route_table_ids": f"[{', '.join(map(_ref, tables))}]",
    }
