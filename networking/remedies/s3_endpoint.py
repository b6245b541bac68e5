"""s3-endpoint.present and s3-endpoint.routes: the gateway endpoint for S3, and the route tables that it serves.

A route table can have one gateway endpoint for a service, a VPC several, each with other tables:
https://docs.aws.amazon.com/vpc/latest/userguide/vpce-gateway.html
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from networking.remedies import s3_endpoint_console as guide
from networking.remedies import s3_endpoint_forms as forms
from networking.remedies.scope import called, failed, followed_tables, in_place
from networking.remedies.shapes import Order, Remedy
from networking.remedies.shell import branch
from onboarding.rules.profiles import Profile
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.findings.shapes import Finding

PRESENT, ROUTES = "s3-endpoint.present", "s3-endpoint.routes"


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One remedy: a new endpoint on all tables, or the missing tables on the endpoint that is there."""
    if not in_place(network):
        return
    tables = followed_tables(network, subnet_ids)
    endpoint = fit_endpoint(network, tables)
    if endpoint is None and failed(findings, PRESENT):
        yield _creation(network, tables)
    elif endpoint is not None and failed(findings, ROUTES):
        served = {table_id for one in fit_endpoints(network) for table_id in one.route_tables}
        missing = tuple(table for table in tables if table.id not in served)
        if missing:
            yield _extension(network, endpoint, missing)


def fit_endpoints(network: VpcNetwork) -> tuple[EndpointFact, ...]:
    """The VPC's working gateway endpoints for S3 of its own region."""
    return tuple(one for one in forms.gateways(network) if one.state == "available")


def fit_endpoint(network: VpcNetwork, tables: Sequence[RouteTableFact]) -> EndpointFact | None:
    """The endpoint to attach more tables to: the one that serves most of `tables` already, then by id; None when the
    VPC has no working one.
    """
    ids = {table.id for table in tables}
    return min(fit_endpoints(network), key=lambda one: (-len(ids & set(one.route_tables)), one.id), default=None)


def attachment(network: VpcNetwork, *words: str) -> str:
    """Shell lines that attach further route tables to the VPC's S3 gateway endpoint, found when they run.

    `words` are the tables as the shell reads them: ids, or variables in quotes (`'"$TABLE"'`). They set S3_ENDPOINT,
    attach only what is not attached yet, and do nothing where there is no endpoint.
    """
    return f"{forms.finding(network)}\n" + branch('"$S3_ENDPOINT" != None', forms.attaching(network, words))


def detachment(network: VpcNetwork, *words: str) -> str:
    """Shell lines that take route tables off the VPC's S3 gateway endpoint again, as `attachment` put them on."""
    removing = forms.attaching(network, words, verb="remove")
    return f"{forms.finding(network)}\n" + branch('"$S3_ENDPOINT" != None', removing)


def _creation(network: VpcNetwork, tables: tuple[RouteTableFact, ...]) -> Remedy:
    ids = tuple(table.id for table in tables)
    values = {"vpc": network.vpc_id, "tables": ", ".join(ids) or _("no route table, since none could be read")}
    items = guide.creation_items(network, tables)
    return Remedy(
        key="s3-endpoint",
        codes=(PRESENT, ROUTES),
        title=_("Create an S3 gateway endpoint in %(vpc)s") % values,
        effect=_(
            "Creates a gateway endpoint for S3 in %(vpc)s on %(tables)s. It is free of charge. Open connections to S3 "
            "from the subnets of these tables break once, and policies that name public addresses no longer match them."
        )
        % values,
        account=network.account,
        region=network.region,
        resources=(network.vpc_id, *ids),
        console=items,
        page=guide.creation_page(network, tables, items),
        undo_console=_("On the page Endpoints select %(name)s, then Actions › Delete VPC endpoints.")
        % {"name": forms.NAME},
        cli=forms.creation_cli(network, ids),
        terraform=forms.creation_terraform(network, ids),
        cloudformation=forms.stack(network, ids, more=False),
        order=Order.S3_ENDPOINT,
    )


def _extension(network: VpcNetwork, endpoint: EndpointFact, tables: tuple[RouteTableFact, ...]) -> Remedy:
    ids = tuple(table.id for table in tables)
    values = {"endpoint": endpoint.id, "tables": ", ".join(map(called, tables))}
    items = guide.extension_items(network, endpoint, tables)
    return Remedy(
        key="s3-endpoint-routes",
        codes=(ROUTES,),
        title=_("Attach the missing route tables to %(endpoint)s") % values,
        effect=_(
            "Adds the route to S3 to %(tables)s. Open connections to S3 from the subnets of these tables break once, "
            "and policies that name public addresses no longer match them."
        )
        % values,
        account=network.account,
        region=network.region,
        resources=(endpoint.id, *ids),
        console=items,
        page=guide.extension_page(network, endpoint, tables, items),
        undo_console=_(
            "On the page «Manage route tables» of %(endpoint)s clear the ticks at %(tables)s, then press «Modify route "
            "tables»."
        )
        % values,
        cli=forms.extension_cli(network, endpoint, ids),
        terraform=forms.extension_terraform(network, endpoint, ids),
        cloudformation=forms.stack(network, ids, more=True),
        order=Order.S3_ENDPOINT,
    )
