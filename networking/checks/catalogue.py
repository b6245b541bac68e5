"""Every code that a check of a customer-managed VPC can give, with its title and its remedy."""

from django.utils.translation import gettext_lazy as _

from onboarding.checks.catalogue import Entry

_ENTRIES = (
    Entry(
        code="vpc.exists",
        title=_("The VPC is there"),
        remedy=_("Choose a VPC that the account has in this region, or go back and choose the VPC's region."),
    ),
    Entry(
        code="vpc.owner",
        title=_("The VPC's account"),
        remedy=_("Choose a VPC that the registered account owns: what another account shares cannot be changed here."),
    ),
    Entry(
        code="subnets.count",
        title=_("Number of subnets"),
        remedy=_("Choose at least three different subnets of the VPC."),
    ),
    Entry(
        code="subnets.zones",
        title=_("Zones of the subnets"),
        remedy=_(
            "Choose subnets in at least three different availability zones that run EKS, or create what is missing."
        ),
    ),
    Entry(
        code="subnets.membership",
        title=_("Subnets of this VPC"),
        remedy=_("Replace the subnet by an available one of the chosen VPC."),
    ),
    Entry(
        code="subnets.size",
        title=_("Size of the subnets"),
        remedy=_(
            "The range of a subnet cannot be changed. Create a larger subnet in the same zone and choose it instead; "
            "add a range to the VPC where it has no room left."
        ),
    ),
    Entry(
        code="subnets.free-addresses",
        title=_("Free addresses"),
        remedy=_("Delete network interfaces that are not used, or choose a subnet with more free addresses."),
    ),
    Entry(
        code="subnets.private",
        title=_("Private subnets"),
        remedy=_(
            "Associate the subnet with a route table that has no route to an internet gateway. A subnet without a "
            "table of its own follows the VPC's main table."
        ),
    ),
    Entry(
        code="subnets.tags",
        title=_("Load balancer tag of the subnets"),
        remedy=_("Tag each chosen subnet kubernetes.io/role/internal-elb = 1, without kubernetes.io/role/elb."),
    ),
    Entry(
        code="s3-endpoint.present",
        title=_("S3 gateway endpoint"),
        remedy=_(
            "Create a gateway endpoint for S3 in the VPC, in this region, with the policy “Full access”. It is free."
        ),
    ),
    Entry(
        code="s3-endpoint.routes",
        title=_("Route tables of the S3 gateway endpoint"),
        remedy=_("Add the route table of each chosen subnet to the S3 gateway endpoint."),
    ),
    Entry(
        code="vpc.tags",
        title=_("Tag of the VPC"),
        remedy=_("Tag the VPC clickhouse-byoc = true."),
    ),
    Entry(
        code="subnets.byoc-tag",
        title=_("BYOC tag of the subnets"),
        remedy=_("Tag each chosen subnet clickhouse-byoc = true."),
    ),
    Entry(
        code="vpc.dns",
        title=_("DNS in the VPC"),
        remedy=_("Switch on DNS resolution and DNS hostnames in the settings of the VPC."),
    ),
    Entry(
        code="subnets.egress",
        title=_("Way out to the internet"),
        remedy=_(
            "Give the route table of each chosen subnet a default route 0.0.0.0/0 to an available public NAT gateway, "
            "best one in each zone."
        ),
    ),
)

CATALOGUE = {listed.code: listed for listed in _ENTRIES}


def entry(code: str) -> Entry:
    """The entry of a code. Raises KeyError for a code that no check may give."""
    return CATALOGUE[code]
