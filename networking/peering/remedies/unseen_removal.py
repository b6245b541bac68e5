"""The routes back to the BYOC VPC taken away where nobody showed us the target's route tables."""

from collections.abc import Iterator
from textwrap import indent

from django.utils.translation import gettext as _

from networking.peering.checks.routes import ACCEPTER
from networking.peering.remedies import guides
from networking.peering.remedies.context import Context
from networking.remedies import sheets, shell
from networking.remedies.shapes import Order, Remedy, Written
from portal.aws.facts.networks import VpcNetwork


def remedies(context: Context) -> Iterator[Remedy]:
    """One, while the peering has a connection of its own and the tables of the target VPC are unknown."""
    network, connection = context.target_vpc, context.scene.registered.id
    if network.route_tables is not None or not connection or context.link.is_foreign:
        return
    words = {"id": connection, "vpc": network.vpc_id}
    title = _("Delete the routes to %(id)s from the route tables of %(vpc)s") % words
    pages = (guides.routes_to(network, connection),)
    yield Remedy(
        key="peering-accepter-routes-removal",
        codes=(ACCEPTER,),
        title=title,
        effect=_(
            "Nobody showed us these tables. Every route of %(vpc)s that leads to %(id)s goes; other routes stay. Left "
            "behind they are blackholes."
        )
        % words,
        account=network.account,
        region=network.region,
        resources=(network.vpc_id, connection),
        console=sheets.items(pages),
        page=sheets.page(network, pages, pages[0]),
        undo_console=_again(),
        cli=_written(_script(network, connection, title), note=""),
        terraform=_written(_said(network, title), note=_elsewhere()),
        cloudformation=_written(_said(network, title), note=_elsewhere()),
        order=Order.ROUTES,
    )


def _again() -> str:
    return _("Take step 5 again, while the connection stands.")


def _elsewhere() -> str:
    return _("It deletes only what it made. Where it did not make the routes, take another form.")


def _written(text: str, *, note: str) -> Written:
    return Written(text=text, undo=_again(), undo_is_code=False, note=note)


def _said(network: VpcNetwork, title: str) -> str:
    said = _("Take the routes that step 5 wrote out of the configuration or template that made them, and apply it.")
    return shell.script(shell.header(network, title), shell.comment(said))


def _script(network: VpcNetwork, connection: str, title: str) -> str:
    tables = shell.aws(
        network,
        "ec2 describe-route-tables",
        f"--filters {shell.quoted(f'Name=vpc-id,Values={network.vpc_id}')}",
        shell.quoted(f"Name=route.vpc-peering-connection-id,Values={connection}"),
        "--query 'RouteTables[].RouteTableId' --output text",
    )
    families = (("DestinationCidrBlock", "cidr-block"), ("DestinationIpv6CidrBlock", "ipv6-cidr-block"))
    loops = "\n".join(_loop(network, connection, key, option) for key, option in families)
    body = f"for TABLE_ID in $({tables}); do\n{indent(loops, '  ')}\ndone"
    return shell.script(shell.header(network, title), *shell.apart([body]))


def _loop(network: VpcNetwork, connection: str, key: str, option: str) -> str:
    query = f"RouteTables[0].Routes[?VpcPeeringConnectionId=='{connection}' && {key}].{key}"
    listed = shell.aws(
        network,
        'ec2 describe-route-tables --route-table-ids "$TABLE_ID"',
        f"--query {shell.quoted(query)} --output text",
    )
    gone = shell.aws(
        network, "ec2 delete-route", f'--route-table-id "$TABLE_ID" --destination-{option} "$DESTINATION"'
    )  # fmt: skip
    return f"for DESTINATION in $({listed}); do\n{indent(gone, '  ')}\ndone"
