"""A peering taken back by hand, in reverse: the return routes, the routes, the connection.

What support does (the rules of the load balancer) stands in networking/peering/remedies/asking.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.peering.change import ACCEPTER, REQUESTER
from networking.peering.checks.connection import CONNECTION
from networking.peering.checks.routes import ACCEPTER as RETURN_CODE
from networking.peering.checks.routes import REQUESTER as ROUTES_CODE
from networking.peering.remedies import guides, unseen_removal
from networking.peering.remedies.connection import made_connection
from networking.peering.remedies.context import Context
from networking.peering.remedies.routes import new_route
from networking.peering.route_changes import SideRoutes
from networking.peering.standing import Standing
from networking.remedies import piece_scripts, piece_stacks, piece_terraform, piece_undoings, sheets, shell
from networking.remedies.pieces import Made, NewRoute
from networking.remedies.shapes import Order, Remedy, Written
from networking.remedies.sheets import Sheet
from portal.aws.facts.networks import VpcNetwork


@dataclass(frozen=True, kw_only=True)
class _Departure:
    """What goes, as the pieces that were made, and how people are told."""

    key: str
    code: str
    title: str
    effect: str
    resources: tuple[str, ...]
    pieces: tuple[Made, ...]
    console: tuple[Sheet, ...]
    undo_console: str
    order: int


def removal_remedies(standing: Standing) -> tuple[Remedy, ...]:
    """What somebody does by hand so that nothing of the peering is left in either account, first things first."""
    return removals_of(Context.of(standing))


def removals_of(context: Context) -> tuple[Remedy, ...]:
    """Routes to each connection that the peering has or had, then the connection, if it still stands."""
    return (
        *unseen_removal.remedies(context),
        *_routes(context, ACCEPTER, context.target_vpc, RETURN_CODE),
        *_routes(context, REQUESTER, context.byoc, ROUTES_CODE),
        *_connection(context),
    )


def _routes(context: Context, side: str, network: VpcNetwork, code: str) -> Iterator[Remedy]:
    held = context.scene.registered.id
    own = frozenset({held} if held and not context.link.is_foreign else ())
    leading = SideRoutes(context.scene, side, context.former).leading(own | context.former)
    if not leading:
        return
    pieces = tuple(new_route(one.resource, one.ranges[0], one.connection) for one in leading)
    tables = ", ".join(dict.fromkeys(str(piece.table) for piece in pieces))
    words = {"tables": tables, "ids": ", ".join(dict.fromkeys(one.connection for one in leading))}
    departure = _Departure(
        key=f"{code.replace('.', '-')}-removal",
        code=code,
        title=_("Delete the routes to %(ids)s from %(tables)s") % words,
        effect=_("From then on nothing goes from these tables to %(ids)s. Other routes stay.") % words,
        resources=tuple(dict.fromkeys(str(piece.table) for piece in pieces)),
        pieces=pieces,
        console=guides.routes_away(network, pieces),
        undo_console=guides.routes_back(pieces),
        order=Order.ROUTES,
    )
    yield _remedy(network, departure)


def _connection(context: Context) -> Iterator[Remedy]:
    if not context.link.is_standing:
        return
    held, pair = context.scene.registered.id, context.pair
    words = {"id": held, "vpc": pair.vpc, "peer": pair.peer_vpc}
    departure = _Departure(
        key="peering-connection-removal",
        code=CONNECTION,
        title=_("Delete the peering connection %(id)s") % words,
        effect=_(
            "Ends the private link of %(vpc)s and %(peer)s for both sides. It cannot be had back: who wants the link "
            "again asks for a new one, which is accepted anew and has another id. Routes that still lead to it become "
            "blackholes."
        )
        % words,
        resources=(held,),
        pieces=(made_connection(pair),),
        console=(guides.deletion(context.byoc, held),),
        undo_console=_("Take step 2 again: a new connection, to be accepted anew."),
        order=Order.CONNECTION,
    )
    yield _remedy(context.byoc, departure, cli=_deleting(context.byoc, held, departure))


def _deleting(network: VpcNetwork, connection: str, departure: _Departure) -> str:
    """The connection by its id, whoever made it; one that is gone is passed over."""
    narrowed = (
        f"--filters {shell.quoted(f'Name=vpc-peering-connection-id,Values={connection}')}",
        "Name=status-code,Values=pending-acceptance,provisioning,active",
        "--query 'VpcPeeringConnections[0].VpcPeeringConnectionId' --output text",
    )
    own = '--vpc-peering-connection-id "$CONNECTION" --output text >&2'
    found = shell.kept("CONNECTION", shell.aws(network, "ec2 describe-vpc-peering-connections", *narrowed))
    gone = shell.branch(
        '"$CONNECTION" != None', shell.aws(network, "ec2 delete-vpc-peering-connection", own)
    )  # fmt: skip
    return shell.script(shell.header(network, departure.title), *shell.apart((found, gone)))


def _remedy(network: VpcNetwork, departure: _Departure, *, cli: str = "") -> Remedy:
    pages = departure.console
    back = _("Makes anew: %(what)s") % {"what": departure.title}
    away = cli or piece_undoings.undo_script(network, departure.title, departure.pieces)
    return Remedy(
        key=departure.key,
        codes=(departure.code,),
        title=departure.title,
        effect=departure.effect,
        account=network.account,
        region=network.region,
        resources=departure.resources,
        console=sheets.items(pages),
        page=sheets.page(network, pages, pages[0]),
        undo_console=departure.undo_console,
        cli=Written(text=away, undo=piece_scripts.script(network, back, departure.pieces)),
        terraform=_terraform(network, departure, back),
        cloudformation=_cloudformation(network, departure, back),
        order=departure.order,
    )


def _terraform(network: VpcNetwork, departure: _Departure, back: str) -> Written:
    blocks = [piece_terraform.block(piece, network) for piece in departure.pieces]
    said = _("Delete these blocks, or those of your own that say the same, and run terraform apply:")
    text = shell.script(
        shell.header(network, departure.title), shell.comment(said), *(shell.comment(block) for block in blocks)
    )
    note = _("Terraform deletes only what it manages. Where it does not manage these, take another form.")
    return Written(text=text, undo=shell.script(shell.header(network, back), *blocks), note=note)


def _cloudformation(network: VpcNetwork, departure: _Departure, back: str) -> Written:
    template = piece_stacks.template(network, back, departure.pieces)
    said = _("Delete the stack that made these, or take them out of the template of the stack that owns them:")
    listed = _shown(departure.pieces)
    text = shell.script(shell.header(network, departure.title), shell.comment("\n".join([said, *listed])))
    note = _("CloudFormation deletes only what a stack owns. Where none does, take another form.")
    return Written(text=text, undo=template, note=note)


def _shown(pieces: Sequence[Made]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, NewRoute):
            yield f"AWS::EC2::Route: {piece.table}, {piece.destination}"
        else:
            yield f"AWS::EC2::VPCPeeringConnection: {piece.name}"
