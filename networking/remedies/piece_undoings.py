"""How pieces are taken back with POSIX shell and AWS CLI v2: by the tag `Name` that the making gave them, last first.

What is gone already is passed over, so a script that stopped half-way can run again.
"""

from collections.abc import Iterable, Sequence
from functools import singledispatch

from networking.remedies import s3_endpoint, shell
from networking.remedies.piece_looks import associated, looking, only_if, word
from networking.remedies.piece_scripts import reassociating, replacing
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
from networking.remedies.route_targets import destination_of
from portal.aws.facts.networks import VpcNetwork


def undo_script(network: VpcNetwork, title: str, pieces: Sequence[Made]) -> str:
    """The whole script that takes the pieces back."""
    looks = [looking(piece, network) for piece in pieces if piece.has_id]
    undone = [_guarded(piece, network) for piece in reversed(pieces) if not _goes_along(piece)]
    return shell.script(shell.header(network, title), *shell.apart(["\n".join(looks), *undone]))


def _goes_along(piece: Made) -> bool:
    """Whether AWS deletes it with another piece (a route with its table, an association with its subnet), or it was
    there before.
    """
    if isinstance(piece, NewAssociation):
        return isinstance(piece.subnet, NewSubnet)
    return piece.is_found or (isinstance(piece, NewRoute) and isinstance(piece.table, NewTable))


def _guarded(piece: Made, network: VpcNetwork) -> str:
    """Only where everything that the piece refers to is still there."""
    lines = "\n".join(undoing(piece, network))
    if not isinstance(piece, ChangedRoute | Attachment):
        lines = only_if(piece, "!=", lines)
    if isinstance(piece, NewRange | NewRoute | NewAssociation | ChangedAssociation | NewEndpoint):
        lines = f"{_sought(piece, network)}\n{lines}"
    for thing in dict.fromkeys(_needed(piece)):
        lines = only_if(thing, "!=", lines)
    return lines


def _sought(piece: Made, network: VpcNetwork) -> str:
    """The look for what has no id that others name; a changed association is sought where it was moved to."""
    if isinstance(piece, ChangedAssociation):
        return associated(piece, network, piece.subnet, piece.table)
    return looking(piece, network)


def _needed(piece: Made) -> Iterable[Made]:
    """The new things that the undoing names."""
    refs: tuple[Ref, ...] = ()
    match piece:
        case NewRoute():
            refs = (piece.table, piece.target)
        case NewAssociation():
            refs = (piece.subnet, piece.table)
        case ChangedAssociation() | Attachment():
            refs = (piece.table,)
    return (ref for ref in refs if isinstance(ref, Made))


def _call(network: VpcNetwork, operation: str, *options: str) -> tuple[str, ...]:
    return (shell.aws(network, f"ec2 {operation}", *options),)


@singledispatch
def undoing(piece: Made, network: VpcNetwork) -> tuple[str, ...]:
    """The calls that take the piece back; its id is in its variable."""
    raise NotImplementedError(type(piece))


@undoing.register
def _(piece: NewVpc, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "delete-vpc", f"--vpc-id {word(piece)}")


@undoing.register
def _(piece: NewRange, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "disassociate-vpc-cidr-block", f"--association-id {word(piece)} --output text >&2")


@undoing.register
def _(piece: NewGateway, network: VpcNetwork) -> tuple[str, ...]:
    own = f"--internet-gateway-id {word(piece)}"
    detach = _call(network, "detach-internet-gateway", f"{own} --vpc-id {word(piece.vpc)}")
    return (*detach, *_call(network, "delete-internet-gateway", own))


@undoing.register
def _(piece: NewSubnet, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "delete-subnet", f"--subnet-id {word(piece)}")


@undoing.register
def _(piece: NewAddress, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "release-address", f"--allocation-id {word(piece)}")


@undoing.register
def _(piece: NewNat, network: VpcNetwork) -> tuple[str, ...]:
    delete = _call(network, "delete-nat-gateway", f"--nat-gateway-id {word(piece)} --output text >&2")
    return (*delete, *_call(network, "wait nat-gateway-deleted", f"--nat-gateway-ids {word(piece)}"))


@undoing.register
def _(piece: NewTable, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "delete-route-table", f"--route-table-id {word(piece)}")


@undoing.register
def _(piece: NewRoute, network: VpcNetwork) -> tuple[str, ...]:
    where = f'--route-table-id {word(piece.table)} {destination_of(piece.destination).option} "$DESTINATION"'
    return _call(network, "delete-route", where)


@undoing.register
def _(piece: ChangedRoute, network: VpcNetwork) -> tuple[str, ...]:
    if piece.before:
        return (replacing(piece, network, piece.before),)
    there = f"{destination_of(piece.destination).option} {shell.quoted(piece.destination)}"
    where = f"--route-table-id {word(piece.table)} {there}"
    return _call(network, "delete-route", where)


@undoing.register
def _(piece: NewAssociation, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "disassociate-route-table", f"--association-id {word(piece)}")


@undoing.register
def _(piece: ChangedAssociation, network: VpcNetwork) -> tuple[str, ...]:
    return (reassociating(piece, network, piece.before),)


@undoing.register
def _(piece: Attachment, network: VpcNetwork) -> tuple[str, ...]:
    return (s3_endpoint.detachment(network, word(piece.table)),)


@undoing.register
def _(piece: NewEndpoint, network: VpcNetwork) -> tuple[str, ...]:
    return _call(network, "delete-vpc-endpoints", f"--vpc-endpoint-ids {word(piece)} --output text >&2")
