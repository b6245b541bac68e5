"""Where a script finds what its pieces have made already: by tag `Name`, by range, by target.

The AWS CLI writes `None` for nothing.
"""

from functools import singledispatch

from networking.remedies import shell
from networking.remedies.pieces import (
    ChangedAssociation,
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
from portal.aws.facts.networks import VpcNetwork

TEXT = "--output text"


def word(ref: Ref) -> str:
    """A reference as a word of the shell."""
    return f'"${ref.variable}"' if isinstance(ref, Made) else shell.quoted(ref)


def filters(*pairs: tuple[str, str], option: str = "--filters") -> str:
    """A Describe call's filters; each value is a word of the shell already."""
    return " \\\n    ".join([option, *(f"Name={name},Values={value}" for name, value in pairs)])


def only_if(piece: Made, sign: str, *lines: str) -> str:
    """Lines for the case that the look found nothing (`=`) or something (`!=`): the CLI writes `None` for nothing."""
    return shell.branch(f"{word(piece)} {sign} None", "\n".join(lines))


def look(piece: Made, network: VpcNetwork, operation: str, narrowed: str, query: str) -> str:
    """One Describe call whose answer goes into the piece's variable; `query` is a word of the shell."""
    return shell.kept(piece.variable, shell.aws(network, f"ec2 {operation}", narrowed, f"--query {query} {TEXT}"))


@singledispatch
def looking(piece: Made, network: VpcNetwork) -> str:
    """The lines that put the piece's id, or None, into its variable."""
    raise NotImplementedError(type(piece))


@looking.register
def _(piece: NewVpc, network: VpcNetwork) -> str:
    narrowed = filters(("tag:Name", shell.quoted(piece.name)), ("cidr", shell.quoted(piece.cidr)))
    return look(piece, network, "describe-vpcs", narrowed, "'Vpcs[0].VpcId'")


@looking.register
def _(piece: NewRange, network: VpcNetwork) -> str:
    query = f"Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='{piece.cidr}' && CidrBlockState.State!='disassociated']"
    narrowed = f"--vpc-ids {word(piece.vpc)}"
    return look(piece, network, "describe-vpcs", narrowed, f'"{query}.AssociationId | [0]"')


@looking.register
def _(piece: NewGateway, network: VpcNetwork) -> str:
    narrowed = filters(("attachment.vpc-id", word(piece.vpc)), ("tag:Name", shell.quoted(piece.name)))
    return look(piece, network, "describe-internet-gateways", narrowed, "'InternetGateways[0].InternetGatewayId'")


@looking.register
def _(piece: NewSubnet, network: VpcNetwork) -> str:
    narrowed = filters(
        ("vpc-id", word(piece.vpc)),
        ("cidr-block", shell.quoted(piece.cidr)),
        ("tag:Name", shell.quoted(piece.name)),
    )
    return look(piece, network, "describe-subnets", narrowed, "'Subnets[0].SubnetId'")


@looking.register
def _(piece: NewAddress, network: VpcNetwork) -> str:
    narrowed = filters(("tag:Name", shell.quoted(piece.name)))
    return look(piece, network, "describe-addresses", narrowed, "'Addresses[0].AllocationId'")


@looking.register
def _(piece: NewNat, network: VpcNetwork) -> str:
    narrowed = filters(
        ("vpc-id", word(piece.vpc)),
        ("tag:Name", shell.quoted(piece.name)),
        ("state", "pending,available"),
        option="--filter",
    )
    return look(piece, network, "describe-nat-gateways", narrowed, "'NatGateways[0].NatGatewayId'")


@looking.register
def _(piece: NewTable, network: VpcNetwork) -> str:
    narrowed = filters(("vpc-id", word(piece.vpc)), ("tag:Name", shell.quoted(piece.name)))
    return look(piece, network, "describe-route-tables", narrowed, "'RouteTables[0].RouteTableId'")


@looking.register
def _(piece: NewRoute, network: VpcNetwork) -> str:
    key = kind_of(piece.target).key
    there = destination_of(piece.destination).key
    query = f"RouteTables[0].Routes[?{there}=='$DESTINATION' && {key}=='$TARGET'] | [0].{key}"
    found = look(piece, network, "describe-route-tables", f"--route-table-ids {word(piece.table)}", f'"{query}"')
    return f"DESTINATION={shell.quoted(piece.destination)}\nTARGET={word(piece.target)}\n{found}"


@looking.register
def _(piece: NewAssociation, network: VpcNetwork) -> str:
    return associated(piece, network, piece.subnet, piece.table)


@looking.register
def _(piece: ChangedAssociation, network: VpcNetwork) -> str:
    return associated(piece, network, piece.subnet, piece.before)


def associated(piece: Made, network: VpcNetwork, subnet: Ref, table: Ref) -> str:
    """The association of that subnet with that table, None when it follows another one."""
    query = "RouteTables[0].Associations[?SubnetId=='$SUBNET'].RouteTableAssociationId | [0]"
    narrowed = f"--route-table-ids {word(table)}"
    found = look(piece, network, "describe-route-tables", narrowed, f'"{query}"')
    return f"SUBNET={word(subnet)}\n{found}"


@looking.register
def _(piece: NewEndpoint, network: VpcNetwork) -> str:
    narrowed = filters(
        ("vpc-id", word(piece.vpc)),
        ("tag:Name", shell.quoted(piece.name)),
        ("vpc-endpoint-state", "pending,available"),
    )
    return look(piece, network, "describe-vpc-endpoints", narrowed, "'VpcEndpoints[0].VpcEndpointId'")
