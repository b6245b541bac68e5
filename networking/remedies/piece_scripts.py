"""Pieces as POSIX shell and AWS CLI v2: how each is made, and how it is taken back.

Making looks first for what an earlier run made, by its tag `Name`, so a script that stopped half-way can run again.
Each piece leaves its id in the shell's variable of its slug.
"""

from collections.abc import Iterable
from functools import singledispatch

from networking.remedies import s3_endpoint, shell
from networking.remedies.piece_looks import TEXT, filters, look, looking, only_if, word
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


def script(network: VpcNetwork, title: str, pieces: Iterable[Made]) -> str:
    """The whole script that makes the pieces."""
    return shell.script(shell.header(network, title), *shell.apart(making(piece, network) for piece in pieces))


def named(kind: str, name: str, tags: Iterable[tuple[str, str]] = ()) -> str:
    """The option that tags what is made: `kind` is EC2's word for it (`subnet`, `natgateway`)."""
    pairs = ",".join(f"{{Key={key},Value={value}}}" for key, value in (("Name", name), *tags))
    return f"--tag-specifications {shell.quoted(f'ResourceType={kind},Tags=[{pairs}]')}"


@singledispatch
def making(piece: Made, network: VpcNetwork) -> str:
    """The lines that make the piece, unless an earlier run made it."""
    make = shell.kept(piece.variable, creating(piece, network))
    return "\n".join([looking(piece, network), only_if(piece, "=", make), *after(piece, network)])


@singledispatch
def creating(piece: Made, network: VpcNetwork) -> str:
    """The one call that creates the piece and prints its id."""
    raise NotImplementedError(type(piece))


def create(network: VpcNetwork, operation: str, *options: str, query: str) -> str:
    """One call that creates something and prints what `query` says of it."""
    return shell.aws(network, f"ec2 {operation}", *options, f"--query {query} {TEXT}")


@creating.register
def _(piece: NewVpc, network: VpcNetwork) -> str:
    tags = named("vpc", piece.name, piece.tags)
    return create(network, "create-vpc", f"--cidr-block {shell.quoted(piece.cidr)}", tags, query="Vpc.VpcId")


@creating.register
def _(piece: NewRange, network: VpcNetwork) -> str:
    where = f"--vpc-id {word(piece.vpc)} --cidr-block {shell.quoted(piece.cidr)}"
    return create(network, "associate-vpc-cidr-block", where, query="CidrBlockAssociation.AssociationId")


@creating.register
def _(piece: NewSubnet, network: VpcNetwork) -> str:
    return create(
        network,
        "create-subnet",
        f"--vpc-id {word(piece.vpc)} --availability-zone-id {shell.quoted(piece.zone_id)}",
        f"--cidr-block {shell.quoted(piece.cidr)}",
        named("subnet", piece.name, piece.tags),
        query="Subnet.SubnetId",
    )


@creating.register
def _(piece: NewAddress, network: VpcNetwork) -> str:
    return create(network, "allocate-address", "--domain vpc", named("elastic-ip", piece.name), query="AllocationId")


@creating.register
def _(piece: NewNat, network: VpcNetwork) -> str:
    return create(
        network,
        "create-nat-gateway",
        f"--subnet-id {word(piece.subnet)} --allocation-id {word(piece.address)}",
        named("natgateway", piece.name),
        query="NatGateway.NatGatewayId",
    )


@creating.register
def _(piece: NewTable, network: VpcNetwork) -> str:
    return create(
        network,
        "create-route-table",
        f"--vpc-id {word(piece.vpc)}",
        named("route-table", piece.name),
        query="RouteTable.RouteTableId",
    )


@creating.register
def _(piece: NewRoute, network: VpcNetwork) -> str:
    where = f'--route-table-id {word(piece.table)} {destination_of(piece.destination).option} "$DESTINATION"'
    return create(network, "create-route", where, f'{kind_of(piece.target).option} "$TARGET"', query="Return")


@creating.register
def _(piece: NewAssociation, network: VpcNetwork) -> str:
    where = f'--route-table-id {word(piece.table)} --subnet-id "$SUBNET"'
    return create(network, "associate-route-table", where, query="AssociationId")


@creating.register
def _(piece: NewEndpoint, network: VpcNetwork) -> str:
    tables = " ".join(word(table) for table in piece.tables)
    return create(
        network,
        "create-vpc-endpoint",
        f"--vpc-id {word(piece.vpc)} --vpc-endpoint-type Gateway",
        f"--service-name {shell.quoted(s3_service(network.region))} --route-table-ids {tables}",
        named("vpc-endpoint", piece.name),
        query="VpcEndpoint.VpcEndpointId",
    )


@creating.register
def _(piece: NewGateway, network: VpcNetwork) -> str:
    tags = named("internet-gateway", piece.name)
    return create(network, "create-internet-gateway", tags, query="InternetGateway.InternetGatewayId")


@singledispatch
def after(piece: Made, network: VpcNetwork) -> tuple[str, ...]:
    """What follows making: waiting until it can be used."""
    return ()


@after.register
def _(piece: NewVpc, network: VpcNetwork) -> tuple[str, ...]:
    wait = shell.aws(network, "ec2 wait vpc-available", f"--vpc-ids {word(piece)}")
    names = ("enable-dns-support", "enable-dns-hostnames")
    on = (
        shell.aws(network, "ec2 modify-vpc-attribute", f"--vpc-id {word(piece)} --{name} '{{\"Value\":true}}'")
        for name in names
    )
    return (wait, *on)


@after.register
def _(piece: NewNat, network: VpcNetwork) -> tuple[str, ...]:
    return (shell.aws(network, "ec2 wait nat-gateway-available", f"--nat-gateway-ids {word(piece)}"),)


@after.register
def _(piece: NewRange, network: VpcNetwork) -> tuple[str, ...]:
    query = f"Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='{piece.cidr}'].CidrBlockState.State | [0]"
    look = shell.aws(network, "ec2 describe-vpcs", f"--vpc-ids {word(piece.vpc)}", f'--query "{query}" {TEXT}')
    said = f"AWS has not added {piece.cidr} to the VPC within two minutes. Run this script again later."
    return (
        "TRIES=0",
        f'until [ "$({look})" = associated ]; do',
        "  TRIES=$((TRIES + 1))",
        f'  if [ "$TRIES" -gt 60 ]; then echo {shell.quoted(said)} >&2; exit 1; fi',
        "  sleep 2",
        "done",
    )


@making.register
def _(piece: NewGateway, network: VpcNetwork) -> str:
    """A VPC has one internet gateway at most: whichever is attached serves."""
    attached = filters(("attachment.vpc-id", word(piece.vpc)))
    query = "'InternetGateways[0].InternetGatewayId'"
    loose = filters(("tag:Name", shell.quoted(piece.name)))
    where = f"--internet-gateway-id {word(piece)} --vpc-id {word(piece.vpc)}"
    return "\n".join([
        look(piece, network, "describe-internet-gateways", attached, query),
        only_if(
            piece, "=",
            look(piece, network, "describe-internet-gateways", loose, query),
            only_if(piece, "=", shell.kept(piece.variable, creating(piece, network))),
            shell.aws(network, "ec2 attach-internet-gateway", where),
        ),
    ])  # fmt: skip


@making.register
def _(piece: ChangedAssociation, network: VpcNetwork) -> str:
    return "\n".join([looking(piece, network), only_if(piece, "!=", reassociating(piece, network, piece.table))])


def reassociating(piece: ChangedAssociation, network: VpcNetwork, table: Ref) -> str:
    """The association in the piece's variable leads to `table` from now on."""
    where = f"--association-id {word(piece)} --route-table-id {word(table)}"
    options = f"--query NewAssociationId {TEXT}"
    return shell.kept(piece.variable, shell.aws(network, "ec2 replace-route-table-association", where, options))


@making.register
def _(piece: ChangedRoute, network: VpcNetwork) -> str:
    return replacing(piece, network, piece.target)


def replacing(piece: ChangedRoute, network: VpcNetwork, target: Ref) -> str:
    """The route leads to `target` from now on."""
    there = f"{destination_of(piece.destination).option} {shell.quoted(piece.destination)}"
    where = f"--route-table-id {word(piece.table)} {there}"
    return shell.aws(network, "ec2 replace-route", where, f"{kind_of(target).option} {word(target)}")


@making.register
def _(piece: Attachment, network: VpcNetwork) -> str:
    return s3_endpoint.attachment(network, word(piece.table))
