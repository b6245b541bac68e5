"""Deep links into the VPC console, and what its pages are called.

Pages and buttons: https://docs.aws.amazon.com/vpc/latest/userguide/ and …/vpc/latest/peering/. The demo's stand-in for
the console takes the same links. Where AWS has no link to a page itself, the link leads to the list or the thing.
"""

from urllib.parse import quote

from django.conf import settings

from networking.remedies.shapes import ConsoleField, ConsolePage
from onboarding.guides import GuideItem
from portal.aws.facts.networks import VpcNetwork


def url(network: VpcNetwork, page: str, **arguments: str) -> str:
    """A page of the VPC console in the network's region: `url(network, "SubnetDetails", subnetId="subnet-1")`."""
    console = settings.AWS_CONSOLE_URL.format(region=network.region).rstrip("/")
    given = ";".join(f"{name}={quote(value, safe='')}" for name, value in arguments.items())
    return f"{console}/vpcconsole/home?region={quote(network.region, safe='')}#{page}:{given}"


def vpc_url(network: VpcNetwork) -> str:
    """The VPC's own page."""
    return url(network, "VpcDetails", VpcId=network.vpc_id)


def subnet_url(network: VpcNetwork, subnet_id: str) -> str:
    """A subnet's page."""
    return url(network, "SubnetDetails", subnetId=subnet_id)


def table_url(network: VpcNetwork, table_id: str) -> str:
    """A route table's page."""
    return url(network, "RouteTableDetails", RouteTableId=table_id)


def endpoint_url(network: VpcNetwork, endpoint_id: str) -> str:
    """An endpoint's page."""
    return url(network, "EndpointDetails", vpcEndpointId=endpoint_id)


def page(
    network: VpcNetwork, *crumbs: str, fields: tuple[ConsoleField, ...], button: str, items: tuple[GuideItem, ...]
) -> ConsolePage:
    """The illustration beside `items`; its button is what the last of them presses."""
    return ConsolePage(
        service="VPC",
        crumbs=crumbs,
        region=network.region,
        account=network.account,
        fields=fields,
        button=button,
        button_mark=len(items),
    )
