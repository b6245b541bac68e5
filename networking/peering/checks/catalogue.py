"""Every code that a check of a peering can give, with its title and its remedy."""

from django.utils.translation import gettext_lazy as _

from onboarding.checks.catalogue import Entry

_ENTRIES = (
    Entry(
        code="peering.private-load-balancer",
        title=_("Private load balancer"),
        remedy=_("Ask support to enable the private load balancer of the deployment."),
    ),
    Entry(
        code="peering.connection",
        title=_("Peering connection"),
        remedy=_(
            "Create a peering connection from the BYOC VPC to the target VPC, between the registered accounts and "
            "regions. One that ended cannot be used again."
        ),
    ),
    Entry(
        code="peering.accepted",
        title=_("Acceptance of the peering"),
        remedy=_(
            "Accept the peering connection in the target account, in the region of the target VPC, within seven days "
            "of the request."
        ),
    ),
    Entry(
        code="peering.requester-routes",
        title=_("Routes to the target VPC"),
        remedy=_(
            "Give each route table that the private subnets of the BYOC VPC follow a route for every range of the "
            "target VPC, to the peering connection."
        ),
    ),
    Entry(
        code="peering.accepter-routes",
        title=_("Routes back to the BYOC VPC"),
        remedy=_(
            "Give each route table that the subnets of the target VPC follow a route for every range of the BYOC VPC, "
            "to the peering connection."
        ),
    ),
    Entry(
        code="peering.security-group",
        title=_("Security group of the private load balancer"),
        remedy=_("Ask support for an inbound rule that admits every range of the target VPC on the ports."),
    ),
    Entry(
        code="peering.cidr-overlap",
        title=_("Ranges of the two VPCs"),
        remedy=_(
            "AWS refuses a peering of VPCs with a common address. Choose another target VPC, or remove the range that "
            "overlaps from one of the two."
        ),
    ),
)

CATALOGUE = {listed.code: listed for listed in _ENTRIES}


def entry(code: str) -> Entry:
    """The entry of a code. Raises KeyError for a code that no check may give."""
    return CATALOGUE[code]
