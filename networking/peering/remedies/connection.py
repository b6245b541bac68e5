"""Step 2, in the BYOC account: the peering connection is asked for."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from networking.peering.checks.connection import CONNECTION
from networking.peering.remedies import connection_blocks, connection_scripts, guides
from networking.peering.remedies.context import Context
from networking.peering.remedies.pieces import NewConnection, Pair, connection_name
from networking.remedies.assembly import Draft, assembled
from networking.remedies.shapes import Order, Remedy

__all__ = ["connection_blocks", "connection_scripts", "made_connection", "remedies"]


def remedies(context: Context) -> Iterator[Remedy]:
    """One, unless there is a connection on record already: one that ended is replaced by beginning anew."""
    if not context.scene.registered.id and not context.overlaps:
        yield assembled(context.byoc, _draft(context))


def made_connection(pair: Pair) -> NewConnection:
    """The connection as a piece."""
    return NewConnection(slug="connection", name=connection_name(pair), pair=pair)


def _draft(context: Context) -> Draft:
    pair = context.pair
    piece = made_connection(pair)
    words = {"vpc": pair.vpc, "peer": pair.peer_vpc, "account": pair.peer_account, "name": piece.name}
    return Draft(
        key="peering-connection",
        codes=(CONNECTION,),
        title=_("Ask for a peering connection from %(vpc)s to %(peer)s") % words,
        effect=_(
            "Asks the owner of %(peer)s, account %(account)s, for a private link. Nothing flows yet, and nothing else "
            "changes. AWS waits seven days for the answer. While it waits, no range can be added to %(vpc)s."
        )
        % words,
        resources=(pair.vpc, pair.peer_vpc),
        pieces=(piece,),
        shown=piece,
        stack=f"clickhouse-byoc-peering-{pair.peer_vpc}",
        order=Order.CONNECTION,
        console=(guides.creation(context.byoc, pair, piece.name),),
        undo_console=guides.deletion_sentence(piece.name),
        cli_note=_("It looks first whether the two VPCs have a connection already; then it makes none."),
        stack_note=_stack_note(pair),
    )


def _stack_note(pair: Pair) -> str:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/peer-with-vpc-in-another-account.html"""
    if not pair.crosses_accounts:
        return _("Both VPCs are in one account, so AWS accepts the request for you: step 3 is then done as well.")
    said = _(
        "CloudFormation asks and accepts in one go, and needs for it a role in account %(account)s: its ARN goes into "
        "PeerRoleArn. The CloudFormation form of step 3 is a template for that role, to be launched first. Without "
        "such a role the stack fails; then take another form."
    )
    return said % {"account": pair.peer_account}
