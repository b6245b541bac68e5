"""The steps of a peering in the VPC console, page by page.

https://docs.aws.amazon.com/vpc/latest/peering/create-vpc-peering-connection.html
https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
https://docs.aws.amazon.com/vpc/latest/peering/delete-vpc-peering-connection.html
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from networking.peering.remedies.pieces import Pair
from networking.remedies import console
from networking.remedies.pieces import ChangedRoute, NewRoute, Ref
from networking.remedies.shapes import ConsoleField
from networking.remedies.sheets import Sheet, Step, step, valued
from onboarding.guides import GuideValue
from portal.aws.facts.networks import VpcNetwork


def creation(network: VpcNetwork, pair: Pair, name: str) -> Sheet:
    """The page «Create peering connection», from top to bottom."""
    button = _("Create peering connection")
    return Sheet(
        crumbs=(_("Peering connections"), button),
        button=button,
        steps=(
            step(_signed_in(network), url=console.url(network, "CreatePeeringConnection"), link=button),
            step(_("Type this name. It is for people only."), valued(_("Name"), name)),
            step(
                _("Choose the BYOC VPC, which asks."), valued(_("VPC ID (Requester)"), pair.vpc, kind="select")
            ),
            _account(pair),
            _region(pair),
            step(_("Choose or type your target VPC, which is asked."), valued(_("VPC ID (Accepter)"), pair.peer_vpc)),
            step(
                _(
                    "Press «Create peering connection». The request then waits until account %(account)s accepts it; "
                    "that is the next step."
                )
                % {"account": pair.peer_account}
            ),
        ),
    )  # fmt: skip


def _signed_in(network: VpcNetwork) -> str:
    said = _(
        "Open this page in the AWS console, signed in to account %(account)s. At the top right the console has to say "
        "%(region)s."
    )
    return said % {"account": network.account, "region": network.region}


def _account(pair: Pair) -> Step:
    if not pair.crosses_accounts:
        mine = ConsoleField(label=_("My account"), kind="radio", checked=True)
        return Step(text=_("Under «Account» leave «My account»: both VPCs are in one account."), fields=(mine,))
    label = _("Account ID")
    return Step(
        text=_("Under «Account» choose «Another account» and type the account ID of the target VPC."),
        values=(GuideValue(label, pair.peer_account),),
        fields=(
            ConsoleField(label=_("Another account"), kind="radio", checked=True),
            ConsoleField(label=label, value=pair.peer_account),
        ),
    )


def _region(pair: Pair) -> Step:
    if pair.region == pair.peer_region:
        here = ConsoleField(label=_("This Region"), value=pair.region, kind="radio", checked=True)
        return Step(text=_("Under «Region» leave «This Region»: both VPCs are in one region."), fields=(here,))
    return Step(
        text=_("Under «Region» choose «Another Region» and then the region of the target VPC."),
        values=(GuideValue(_("Region"), pair.peer_region),),
        fields=(
            ConsoleField(label=_("Another Region"), kind="radio", checked=True),
            ConsoleField(label=_("Region"), value=pair.peer_region, kind="select"),
        ),
    )


def acceptance(network: VpcNetwork, pair: Pair, connection: str) -> Sheet:
    """The connection's page in the target account, and its dialogue «Accept request»."""
    button = _("Accept request")
    return Sheet(
        crumbs=(_("Peering connections"), connection or pair.vpc, button),
        button=button,
        steps=(
            _opened_connection(network, connection),
            step(
                _(
                    "Compare these with the page. Where one differs, it is somebody else's request: do not accept it, "
                    "and tell us."
                ),
                valued(_("Requester VPC"), pair.vpc),
                valued(_("Requester owner ID"), pair.account),
                valued(_("Accepter VPC"), pair.peer_vpc),
            ),
            step(_("Choose Actions › Accept request.")),
            step(
                _(
                    "Press «Accept request» in the dialogue. AWS then offers to modify your route tables: close that, "
                    "the routes have a step of their own here."
                )
            ),
        ),
    )


def _opened_connection(network: VpcNetwork, connection: str) -> Step:
    if connection:
        url = console.url(network, "PeeringConnectionDetails", VpcPeeringConnectionId=connection)
        return step(_signed_in(network), url=url, link=connection)
    said = _("There choose the connection whose status is «Pending acceptance».")
    url = console.url(network, "PeeringConnections")
    return step(f"{_signed_in(network)} {said}", url=url, link=_("Peering connections"))


def routes(network: VpcNetwork, pieces: Sequence[NewRoute | ChangedRoute]) -> tuple[Sheet, ...]:
    """«Edit routes» of each table, once, whatever is added or changed there."""
    return tuple(_edited(network, table, written, _line) for table, written in _by_table(pieces).items())


def _by_table[P: (NewRoute, NewRoute | ChangedRoute)](pieces: Iterable[P]) -> dict[str, list[P]]:
    tables: dict[str, list[P]] = {}
    for piece in pieces:
        tables.setdefault(str(piece.table), []).append(piece)
    return tables


def _edited[P: (NewRoute, NewRoute | ChangedRoute)](
    network: VpcNetwork, table: str, written: Iterable[P], line: Callable[[P], Step]
) -> Sheet:
    opened = _(
        "Open the route table %(table)s, signed in to account %(account)s. On the tab «Routes» press «Edit routes»."
    ) % {"table": table, "account": network.account}  # fmt: skip
    return Sheet(
        crumbs=(_("Route tables"), table, _("Edit routes")),
        button=_("Save changes"),
        steps=(
            step(opened, url=console.table_url(network, table), link=table),
            *map(line, written),
            step(_("Leave the other lines as they are and press «Save changes».")),
        ),
    )


def _line(piece: NewRoute | ChangedRoute) -> Step:
    if isinstance(piece, NewRoute):
        return new_line(piece.destination, piece.target)
    said = _("In the line of this destination choose «Peering Connection» as the target, then the connection.")
    return _filled(said, piece.destination, piece.target)


def new_line(destination: str, target: Ref) -> Step:
    """A further line of «Edit routes»."""
    said = _("Press «Add route». Type the destination; as the target choose «Peering Connection», then the connection.")
    return _filled(said, destination, target)


def _filled(said: str, destination: str, target: Ref) -> Step:
    if not isinstance(target, str):
        said = " ".join([said, _("Its id begins with pcx-; step 2 shows it once it is made.")])
    return step(said, valued(_("Destination"), destination), valued(_("Target"), shown(target), kind="select"))


def shown(target: Ref) -> str:
    """What people choose in the console; `pcx-…` while the connection has no id."""
    return target if isinstance(target, str) else "pcx-…"


def without_routes(written: Mapping[str, Sequence[str]]) -> str:
    """How to take routes out by hand: table → destinations."""
    said = _(
        "Open %(table)s, press «Edit routes» on the tab «Routes», then «Remove» beside %(destinations)s, then «Save "
        "changes»."
    )
    return " ".join(
        said % {"table": table, "destinations": ", ".join(destinations)} for table, destinations in written.items()
    )


def deletion_sentence(name: str) -> str:
    """How to delete a connection by hand."""
    said = _(
        "On the page «Peering connections» select %(name)s, choose Actions › Delete peering connection, type «delete» "
        "and press «Delete»."
    )
    return said % {"name": name}


def deletion(network: VpcNetwork, connection: str) -> Sheet:
    """The connection's page, and its dialogue «Delete»."""
    typed = _("delete")
    return Sheet(
        crumbs=(_("Peering connections"), connection, _("Delete peering connection")),
        button=_("Delete"),
        steps=(
            _opened_connection(network, connection),
            step(_("Choose Actions › Delete peering connection.")),
            step(_("Type this word to confirm."), valued(_("To confirm, type"), typed)),
            step(_("Press «Delete».")),
        ),
    )


def routes_away(network: VpcNetwork, pieces: Sequence[NewRoute]) -> tuple[Sheet, ...]:
    """«Edit routes» of each table, where lines are removed."""
    return tuple(_edited(network, table, written, _removed) for table, written in _by_table(pieces).items())


def _removed(piece: NewRoute | ChangedRoute) -> Step:
    return step(
        _("Press «Remove» at the end of this line."),
        valued(_("Destination"), piece.destination),
        valued(_("Target"), shown(piece.target), kind="select"),
    )


def routes_back(pieces: Iterable[NewRoute]) -> str:
    """How to write routes again by hand."""
    said = _("Open %(table)s, press «Edit routes» on the tab «Routes» and add %(destination)s to %(target)s.")
    return " ".join(
        said % {"table": piece.table, "destination": piece.destination, "target": shown(piece.target)}
        for piece in pieces
    )


def routes_of_subnets(network: VpcNetwork, subnets: Sequence[str], ranges: Sequence[str], target: Ref) -> Sheet:
    """«Edit routes» of a table that people find by the subnets which follow it."""
    opened = _("Open the subnet %(subnet)s, signed in to account %(account)s.")
    words = {"account": network.account}
    lines = (new_line(text, target) for text in ranges)
    return Sheet(
        crumbs=(_("Route tables"), _("Edit routes")),
        button=_("Save changes"),
        steps=(
            *(
                step(opened % {**words, "subnet": subnet}, url=console.subnet_url(network, subnet), link=subnet)
                for subnet in subnets
            ),
            step(_("On the tab «Route table» press the ID that begins with rtb-. Subnets often share one table.")),
            step(_("On the table's page, on the tab «Routes», press «Edit routes».")),
            *lines,
            step(
                _("Press «Save changes». Repeat the last steps for each other route table that you found.")
            ),
        ),
    )  # fmt: skip


def routes_to(network: VpcNetwork, connection: str) -> Sheet:
    """«Edit routes» of tables that people find by where their routes lead."""
    listed = _("Route tables")
    return Sheet(
        crumbs=(listed, _("Edit routes")),
        button=_("Save changes"),
        steps=(
            step(_signed_in(network), url=console.url(network, "RouteTables"), link=listed),
            step(_("In the search field choose «VPC» and type this id."), valued("VPC", network.vpc_id)),
            step(
                _("Tick one table after the other and look at the tab «Routes» for this target."),
                valued(_("Target"), connection),
            ),
            step(_("Where it stands there, press «Edit routes» and then «Remove» at the end of its lines.")),
            step(_("Press «Save changes».")),
        ),
    )
