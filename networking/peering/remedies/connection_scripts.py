"""The connection in POSIX shell and AWS CLI v2: found by both its ends, made, waited for, deleted.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcPeeringConnections.html (filters)
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
"""

from textwrap import indent

from django.utils.translation import gettext as _

from networking.peering.remedies.pieces import FoundConnection, NewConnection, Pair
from networking.remedies import shell
from networking.remedies.piece_looks import TEXT, filters, looking, only_if, word
from networking.remedies.piece_scripts import create, creating, making, named
from networking.remedies.piece_undoings import undoing
from portal.aws.facts.networks import VpcNetwork

#: From these a connection can still become active, or is.
LIVE = "initiating-request,pending-acceptance,provisioning,active"
_FIRST = "--query 'VpcPeeringConnections[0].VpcPeeringConnectionId'"


def found(variable: str, pair: Pair, network: VpcNetwork, *, states: str = LIVE, name: str = "") -> str:
    """Sets the variable to the pair's connection in one of `states` that the first end asked for, or to None: AWS
    compares both VPCs and both accounts. `name`: only one with that tag Name.
    """
    return _found(variable, (pair.vpc, pair.account), (pair.peer_vpc, pair.peer_account), network, states, name)


def _found(
    variable: str, asking: tuple[str, str], asked: tuple[str, str], network: VpcNetwork, states: str, name: str = ""
) -> str:
    narrowed = filters(
        ("requester-vpc-info.vpc-id", shell.quoted(asking[0])),
        ("requester-vpc-info.owner-id", shell.quoted(asking[1])),
        ("accepter-vpc-info.vpc-id", shell.quoted(asked[0])),
        ("accepter-vpc-info.owner-id", shell.quoted(asked[1])),
        ("status-code", states),
        *([("tag:Name", shell.quoted(name))] if name else []),
    )
    listed = shell.aws(network, "ec2 describe-vpc-peering-connections", narrowed, f"{_FIRST} {TEXT}")
    return shell.kept(variable, listed)


def state_of(variable: str, network: VpcNetwork, member: str = "Code") -> str:
    """The call that prints the state of the connection in a variable, or AWS's message on it."""
    return shell.aws(
        network,
        f'ec2 describe-vpc-peering-connections --vpc-peering-connection-ids "${variable}"',
        f"--query 'VpcPeeringConnections[0].Status.{member}' {TEXT}",
    )


def waiting(variable: str, network: VpcNetwork, *passing: str) -> str:
    """Waits, two minutes at most, while the connection is in a state that passes by itself; the last is in STATE."""
    tests = " || ".join(f'[ "$STATE" = {state} ]' for state in passing)
    again = f"{shell.kept('STATE', state_of(variable, network))}\nTRIES=$((TRIES + 1))\nsleep 2"
    return (
        f"TRIES=0\n{shell.kept('STATE', state_of(variable, network))}\n"
        f'while {{ {tests}; }} && [ "$TRIES" -lt 60 ]; do\n{indent(again, "  ")}\ndone'
    )


def stopping(sentence: str) -> str:
    """Says why nothing is done, and ends the part in error."""
    return f"{shell.said(sentence)} >&2\nexit 1"


@looking.register(NewConnection)
@looking.register(FoundConnection)
def _look(piece: NewConnection | FoundConnection, network: VpcNetwork) -> str:
    """Whichever end asked."""
    pair = piece.pair
    turned = _found(
        piece.variable, (pair.peer_vpc, pair.peer_account), (pair.vpc, pair.account), network, "provisioning,active"
    )
    return f"{found(piece.variable, pair, network)}\n{only_if(piece, '=', turned)}"


@creating.register
def _create(piece: NewConnection, network: VpcNetwork) -> str:
    pair = piece.pair
    return create(
        network,
        "create-vpc-peering-connection",
        f"--vpc-id {shell.quoted(pair.vpc)}",
        f"--peer-vpc-id {shell.quoted(pair.peer_vpc)}",
        f"--peer-owner-id {shell.quoted(pair.peer_account)} --peer-region {shell.quoted(pair.peer_region)}",
        named("vpc-peering-connection", piece.name),
        query="VpcPeeringConnection.VpcPeeringConnectionId",
    )


@making.register
def _make(piece: NewConnection, network: VpcNetwork) -> str:
    """Looks, asks, and waits until AWS has looked at the request: only then it says whether the ranges overlap."""
    exists = f"--vpc-peering-connection-ids {word(piece)}"
    made = (
        shell.kept(piece.variable, creating(piece, network)),
        shell.aws(network, "ec2 wait vpc-peering-connection-exists", exists),
    )
    refused = f'printf \'%s: %s\\n\' "$STATE" "$({state_of(piece.variable, network, "Message")})" >&2\n' + stopping(
        _("AWS did not take the request. See whether the ranges of the two VPCs overlap.")
    )
    fine = f"pending-acceptance|provisioning|active) printf '%s: %s\\n' {word(piece)} \"$STATE\" ;;"
    return "\n".join([
        looking(piece, network),
        only_if(piece, "=", *made),
        waiting(piece.variable, network, "initiating-request"),
        f'case "$STATE" in\n{indent(f"{fine}\n*)\n{indent(refused, "  ")}\n  ;;", "  ")}\nesac',
    ])  # fmt: skip


@making.register
def _find(piece: FoundConnection, network: VpcNetwork) -> str:
    lacking = _("There is no live connection of %(vpc)s and %(peer)s yet. Create it first: that is step 2.")
    said = lacking % {"vpc": piece.pair.vpc, "peer": piece.pair.peer_vpc}
    return "\n".join([looking(piece, network), only_if(piece, "=", stopping(said))])


@undoing.register
def _undo(piece: NewConnection, network: VpcNetwork) -> tuple[str, ...]:
    """Only one that carries our name: what was there before the form ran stays."""
    return (
        found(piece.variable, piece.pair, network, states="pending-acceptance,active", name=piece.name),
        only_if(piece, "!=", deleting(piece.variable, network)),
    )


def deleting(variable: str, network: VpcNetwork) -> str:
    """Deletes the connection in a variable."""
    own = f'--vpc-peering-connection-id "${variable}"'
    return shell.aws(network, "ec2 delete-vpc-peering-connection", f"{own} {TEXT} >&2")


def script(title: str, network: VpcNetwork, *parts: str) -> str:
    """A script of its own."""
    return shell.script(shell.header(network, title), *shell.apart(parts))
