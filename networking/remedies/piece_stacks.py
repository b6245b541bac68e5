"""Pieces as a CloudFormation template in YAML, for a new stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
A stack makes; it changes nothing that another stack, or nobody's, made. Such pieces stand in the template as comments
for the stack that owns them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from networking.remedies import cloudformation, shell
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

#: A value that is written without quotes: what this module itself says, never what came from outside.
_BARE = re.compile(r"!(Ref|GetAtt) [A-Za-z0-9.]+|AWS::EC2::[A-Za-z]+|vpc|Gateway")

type Resources = dict[str, dict[str, Any]]


def template(network: VpcNetwork, title: str, pieces: Sequence[Made]) -> str:
    """The whole template; where nothing is new, a fragment for the template of the stack that owns what changes."""
    resources: Resources = {}
    for piece in pieces:
        resources.update(entry(piece, network))
    outputs = _outputs(pieces)
    asked: Resources = {}
    for piece in pieces:
        asked.update(parameters(piece))
    document = {
        "AWSTemplateFormatVersion": "2010-09-09",
        **({"Parameters": asked} if asked else {}),
        "Resources": resources,
        **({"Outputs": outputs} if outputs else {}),
    }
    changed = _changed(pieces)
    if not resources:
        return shell.script(shell.header(network, title), "\n".join(_lines({"Resources": changed})))
    fragments = (shell.comment("\n".join(_lines({name: body}))) for name, body in changed.items())
    return shell.script(shell.header(network, title), "\n".join(_lines(document)), *fragments)


def _outputs(pieces: Iterable[Made]) -> dict[str, Any]:
    """The new ids that somebody has to choose or name afterwards."""
    shown = [piece for piece in pieces if piece.is_chosen]
    return {_id(piece): {"Value": _ref(piece)} for piece in shown}


def _changed(pieces: Iterable[Made]) -> Resources:
    """What the stack that owns the subnet's association or the route has to say instead."""
    changed: Resources = {}
    for piece in pieces:
        if isinstance(piece, ChangedAssociation):
            properties = {"SubnetId": piece.subnet, "RouteTableId": _shown(piece.table)}
            changed |= resource(piece, "SubnetRouteTableAssociation", properties)
        elif isinstance(piece, ChangedRoute):
            target = {kind_of(piece.target).property: _shown(piece.target)}
            changed |= resource(piece, "Route", _route(piece.table, piece.destination, target))
    return changed


def _route(table: Ref, destination: str, target: Mapping[str, str]) -> dict[str, Any]:
    return {"RouteTableId": _ref(table), destination_of(destination).key: destination, **target}


def _shown(ref: Ref) -> str:
    if isinstance(ref, Made) and ref.is_found:
        return _ref(ref)
    return f"<{_id(ref)} from the outputs>" if isinstance(ref, Made) else ref


def _lines(value: Any, depth: int = 0) -> Iterable[str]:
    """YAML in block style. Every text from outside stands in quotes, as JSON writes them."""
    space = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                yield f"{space}{key}:"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{space}{key}: {_scalar(inner)}"
        return
    for inner in value:
        if isinstance(inner, Mapping):
            first, *rest = _lines(inner, depth + 1)
            yield f"{space}- {first.strip()}"
            yield from rest
        else:
            yield f"{space}- {_scalar(inner)}"


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    return value if _BARE.fullmatch(value) else cloudformation.quoted(value)


def _id(piece: Made) -> str:
    return cloudformation.logical_id(piece.slug)


def _ref(ref: Ref) -> str:
    if isinstance(ref, NewAddress):
        return f"!GetAtt {_id(ref)}.AllocationId"
    return f"!Ref {_id(ref)}" if isinstance(ref, Made) else ref


def resource(
    piece: Made, kind: str, properties: Mapping[str, Any], *, after: Sequence[str] = ()
) -> Resources:  # fmt: skip
    """One resource of EC2 by its logical id; an empty value leaves the property out."""
    body: dict[str, Any] = {"Type": f"AWS::EC2::{kind}"}
    if after:
        body["DependsOn"] = list(after)
    return {_id(piece): {**body, "Properties": {name: value for name, value in properties.items() if value}}}


def tags(piece: Made, pairs: Iterable[tuple[str, str]] = ()) -> list[dict[str, str]]:
    """The property Tags: its name and further ones."""
    return [{"Key": key, "Value": value} for key, value in (("Name", piece.name), *pairs)]


@singledispatch
def parameters(piece: Made) -> Resources:
    """What somebody has to say for the piece when the stack is made, by name; mostly nothing."""
    return {}


def asked(piece: Made, description: str, pattern: str) -> Resources:
    """A parameter that names what is there already; `!Ref` of the piece is its value."""
    return {_id(piece): {"Type": "String", "Description": description, "AllowedPattern": pattern}}


@singledispatch
def entry(piece: Made, network: VpcNetwork) -> Resources:
    """The piece's resources by logical id; none for what a new stack cannot change."""
    raise NotImplementedError(type(piece))


@entry.register(ChangedAssociation)
@entry.register(ChangedRoute)
def _nothing(piece: Made, network: VpcNetwork) -> Resources:
    return {}


@entry.register
def _(piece: NewVpc, network: VpcNetwork) -> Resources:
    on = {"EnableDnsSupport": True, "EnableDnsHostnames": True}
    return resource(piece, "VPC", {"CidrBlock": piece.cidr, **on, "Tags": tags(piece, piece.tags)})


@entry.register
def _(piece: NewRange, network: VpcNetwork) -> Resources:
    return resource(piece, "VPCCidrBlock", {"VpcId": piece.vpc, "CidrBlock": piece.cidr})


@entry.register
def _(piece: NewGateway, network: VpcNetwork) -> Resources:
    attached = {"VpcId": _ref(piece.vpc), "InternetGatewayId": _ref(piece)}
    return {
        **resource(piece, "InternetGateway", {"Tags": tags(piece)}),
        _attached(piece): {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": attached},
    }


def _attached(gateway: NewGateway) -> str:
    return f"{_id(gateway)}Attachment"


@entry.register
def _(piece: NewSubnet, network: VpcNetwork) -> Resources:
    properties = {
        "VpcId": _ref(piece.vpc),
        "CidrBlock": piece.cidr,
        "AvailabilityZoneId": piece.zone_id,
        "Tags": tags(piece, piece.tags),
    }
    return resource(piece, "Subnet", properties, after=[_id(piece.within)] if piece.within else [])


@entry.register
def _(piece: NewAddress, network: VpcNetwork) -> Resources:
    return resource(piece, "EIP", {"Domain": "vpc", "Tags": tags(piece)})


@entry.register
def _(piece: NewNat, network: VpcNetwork) -> Resources:
    properties = {"SubnetId": _ref(piece.subnet), "AllocationId": _ref(piece.address), "Tags": tags(piece)}
    return resource(piece, "NatGateway", properties, after=[_id(piece.route)] if piece.route else [])


@entry.register
def _(piece: NewTable, network: VpcNetwork) -> Resources:
    return resource(piece, "RouteTable", {"VpcId": _ref(piece.vpc), "Tags": tags(piece)})


@entry.register
def _(piece: NewRoute, network: VpcNetwork) -> Resources:
    target = {kind_of(piece.target).property: _ref(piece.target)}
    after = [_attached(piece.gateway)] if piece.gateway else []
    return resource(piece, "Route", _route(piece.table, piece.destination, target), after=after)


@entry.register
def _(piece: NewAssociation, network: VpcNetwork) -> Resources:
    properties = {"SubnetId": _ref(piece.subnet), "RouteTableId": _ref(piece.table)}
    return resource(piece, "SubnetRouteTableAssociation", properties)


@entry.register
def _(piece: Attachment, network: VpcNetwork) -> Resources:
    """An endpoint of the stack's own for this table: it cannot change one that it does not own."""
    return resource(piece, "VPCEndpoint", _endpoint(network, piece.vpc, [piece.table]))


@entry.register
def _(piece: NewEndpoint, network: VpcNetwork) -> Resources:
    return resource(piece, "VPCEndpoint", {**_endpoint(network, piece.vpc, piece.tables), "Tags": tags(piece)})


def _endpoint(network: VpcNetwork, vpc: Ref, tables: Iterable[Ref]) -> dict[str, Any]:
    return {
        "VpcEndpointType": "Gateway",
        "ServiceName": s3_service(network.region),
        "VpcId": _ref(vpc),
        "RouteTableIds": [_ref(table) for table in tables],
    }
