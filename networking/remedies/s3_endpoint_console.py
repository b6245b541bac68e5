"""The S3 gateway endpoint in the AWS console: checklists, and the illustrated pages beside them.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networking.remedies import console, s3_endpoint_forms
from networking.remedies.scope import called
from networking.remedies.shapes import ConsoleField, ConsolePage
from onboarding.guides import GuideItem, GuideValue
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork, s3_service
from portal.aws.facts.route_tables import RouteTableFact


def creation_items(network: VpcNetwork, tables: Sequence[RouteTableFact]) -> tuple[GuideItem, ...]:
    """Create endpoint, from top to bottom."""
    return (
        GuideItem(
            text=_("Open this page in the AWS console, signed in to account %(account)s.")
            % {"account": network.account},
            url=console.url(network, "CreateVpcEndpoint"),
            link=_("Create endpoint"),
        ),
        GuideItem(
            text=_("Give it this name and leave the type at «AWS services»."),
            values=(GuideValue(_("Name tag"), s3_endpoint_forms.NAME),),
        ),
        GuideItem(
            text=_("Search the services for this name and choose the line of type Gateway, not Interface."),
            values=(GuideValue(_("Service name"), s3_service(network.region)),),
        ),
        GuideItem(text=_("Choose the VPC."), values=(GuideValue("VPC", network.vpc_id),)),
        GuideItem(text=_("Tick these route tables."), values=_table_values(tables)),
        GuideItem(text=_("Leave the policy at «Full access».")),
        GuideItem(text=_("Press «Create endpoint».")),
    )


def creation_page(
    network: VpcNetwork, tables: Sequence[RouteTableFact], items: tuple[GuideItem, ...]
) -> ConsolePage:  # fmt: skip
    """The page Create endpoint."""
    fields = (
        ConsoleField(label=_("Name tag"), value=s3_endpoint_forms.NAME, mark=2),
        ConsoleField(label=_("AWS services"), kind="radio", checked=True, mark=2),
        ConsoleField(label=_("Services"), value=s3_service(network.region), kind="select", hint="Gateway", mark=3),
        ConsoleField(label="VPC", value=network.vpc_id, kind="select", mark=4),
        *_table_fields(tables, mark=5),
        ConsoleField(label=_("Full access"), kind="radio", checked=True, mark=6),
    )
    return console.page(
        network, _("Endpoints"), _("Create endpoint"), fields=fields, button=_("Create endpoint"), items=items
    )


def extension_items(
    network: VpcNetwork, endpoint: EndpointFact, tables: Sequence[RouteTableFact]
) -> tuple[GuideItem, ...]:  # fmt: skip
    """Manage route tables, from top to bottom."""
    return (
        GuideItem(
            text=_("Open the endpoint in the AWS console, signed in to account %(account)s.")
            % {"account": network.account},
            url=console.endpoint_url(network, endpoint.id),
            link=called(endpoint),
        ),
        GuideItem(text=_("Choose Actions › Manage route tables.")),
        GuideItem(text=_("Tick these route tables too. Leave the others ticked."), values=_table_values(tables)),
        GuideItem(text=_("Press «Modify route tables».")),
    )


def extension_page(
    network: VpcNetwork, endpoint: EndpointFact, tables: Sequence[RouteTableFact], items: tuple[GuideItem, ...]
) -> ConsolePage:
    """The page Manage route tables; what is ticked already stands there without a mark."""
    new = {table.id for table in tables}
    kept = tuple(ConsoleField(label=one, kind="check", checked=True) for one in endpoint.route_tables if one not in new)
    actions = ConsoleField(label=_("Actions"), value=_("Manage route tables"), kind="select", mark=2)
    return console.page(
        network,
        _("Endpoints"),
        endpoint.id,
        _("Manage route tables"),
        fields=(actions, *kept, *_table_fields(tables, mark=3)),
        button=_("Modify route tables"),
        items=items,
    )


def _table_values(tables: Sequence[RouteTableFact]) -> tuple[GuideValue, ...]:
    return tuple(GuideValue(_("Route table"), table.id) for table in tables)


def _table_fields(tables: Sequence[RouteTableFact], *, mark: int) -> tuple[ConsoleField, ...]:
    return tuple(ConsoleField(label=called(table), kind="check", checked=True, mark=mark) for table in tables)
