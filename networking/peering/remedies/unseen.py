"""Step 5 where nobody showed us the target's route tables: its owner finds them by the subnets that are registered.

A subnet follows the table that it is associated with, and the VPC's main table when there is none:
https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.utils.translation import gettext as _

from networking.peering.checks.routes import ACCEPTER
from networking.peering.remedies import guides
from networking.peering.remedies.connection_scripts import stopping
from networking.peering.remedies.context import Context
from networking.peering.remedies.routes import with_connection
from networking.remedies import hcl, piece_stacks, piece_terraform, shell
from networking.remedies.assembly import Draft, assembled
from networking.remedies.piece_looks import filters, look, looking, only_if
from networking.remedies.piece_scripts import making
from networking.remedies.piece_stacks import Resources
from networking.remedies.pieces import Made, NewRoute, slug
from networking.remedies.shapes import Order, Remedy
from portal.aws.facts.networks import VpcNetwork

_FIRST = "'RouteTables[0].RouteTableId'"


@dataclass(frozen=True, kw_only=True)
class FollowedTable(Made):
    """The route table that a subnet follows: a script finds it, in the other forms somebody names it."""

    has_id: ClassVar[bool] = True
    is_found: ClassVar[bool] = True

    vpc: str
    subnet: str


def remedies(context: Context) -> Iterator[Remedy]:
    """One, where the target's subnets are registered and the ranges of the BYOC VPC are known."""
    scene = context.scene
    network, subnets = context.target_vpc, scene.registered.accepter_subnets
    ranges = tuple(block.text for block in scene.ranges(scene.requester).blocks)
    if network.route_tables is not None or not subnets or not ranges or not context.link.is_usable:
        return
    # In a file that somebody fills in, two subnets could name one table, which takes each route only once.
    named = assembled(network, _draft(context, ranges, subnets, (("table", subnets[0]),)))
    found = assembled(network, _draft(context, ranges, subnets, tuple((slug("table", one), one) for one in subnets)))
    yield replace(named, cli=found.cli)


def _draft(
    context: Context, ranges: Sequence[str], subnets: Sequence[str], tables: Sequence[tuple[str, str]]
) -> Draft:  # fmt: skip
    network, pair = context.target_vpc, context.pair
    pieces: list[Made] = []
    for name, subnet in tables:
        table = FollowedTable(slug=name, vpc=network.vpc_id, subnet=subnet)
        pieces.append(table)
        pieces += (
            NewRoute(
                slug=slug("route", name, text.replace(".", "x").replace(":", "x")),
                table=table, target=context.target, destination=text,
            )
            for text in ranges
        )  # fmt: skip
    words = {"vpc": pair.vpc, "subnets": ", ".join(subnets), "id": guides.shown(context.target)}
    once = _("Each table takes them once: do it for each route table that these subnets follow, %(subnets)s.") % words
    return Draft(
        key=ACCEPTER.replace(".", "-"),
        codes=(ACCEPTER,),
        title=_("Give the route tables of your subnets the routes to %(vpc)s") % words,
        effect=_(
            "Nobody showed us the route tables of %(subnets)s. Each that these subnets follow gets a route to %(id)s "
            "for each range of %(vpc)s. Only traffic for these ranges changes its way; no route that is there is "
            "touched."
        )
        % words,
        resources=tuple(subnets),
        pieces=with_connection(context.target, pieces),
        shown=pieces[-1],
        stack=f"clickhouse-byoc-return-routes-{pair.vpc}",
        order=Order.ROUTES,
        console=(guides.routes_of_subnets(network, subnets, ranges, context.target),),
        undo_console=_(
            "In each of these route tables press «Edit routes» on the tab «Routes», then «Remove» beside %(ranges)s, "
            "then «Save changes»."
        )
        % {"ranges": ", ".join(ranges)},
        cli_note=_(
            "The script finds the table of each subnet. AWS adds no route where a table has one for the same range; "
            "then the script stops there."
        ),
        terraform_note=once,
        stack_note=once,
    )


@looking.register
def _look(piece: FollowedTable, network: VpcNetwork) -> str:
    own = filters(("association.subnet-id", shell.quoted(piece.subnet)))
    main = filters(("vpc-id", shell.quoted(piece.vpc)), ("association.main", "true"))
    operation = "describe-route-tables"
    inherited = only_if(piece, "=", look(piece, network, operation, main, _FIRST))
    return f"{look(piece, network, operation, own, _FIRST)}\n{inherited}"


@making.register
def _find(piece: FollowedTable, network: VpcNetwork) -> str:
    said = _("No route table of %(subnet)s was found in %(vpc)s. Nothing more was changed.")
    lacking = stopping(said % {"subnet": piece.subnet, "vpc": piece.vpc})
    return f"{looking(piece, network)}\n{only_if(piece, '=', lacking)}"


@piece_terraform.address.register
def _address(piece: FollowedTable) -> str:
    return f"data.aws_route_table.clickhouse_byoc_{piece.slug}"


@piece_terraform.block.register
def _block(piece: FollowedTable, network: VpcNetwork) -> str:
    name = f"clickhouse_byoc_{piece.slug}"
    said = _("A route table of %(vpc)s that needs the routes: rtb-…") % {"vpc": piece.vpc}
    return f"""variable "{name}" {{
  description = {hcl.quoted(said)}
  type        = string
}}

data "aws_route_table" "{name}" {{
  route_table_id = var.{name}
  vpc_id         = {hcl.quoted(piece.vpc)}
}}"""


@piece_stacks.entry.register
def _entry(piece: FollowedTable, network: VpcNetwork) -> Resources:
    return {}


@piece_stacks.parameters.register
def _parameters(piece: FollowedTable) -> Resources:
    said = _("A route table of %(vpc)s that needs the routes.") % {"vpc": piece.vpc}
    return piece_stacks.asked(piece, said, "rtb-[0-9a-f]+")
