"""What a VPC that a customer brings must have, in words, from the rule profile.

Sources: the profile's own; https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html for the tag of subnets.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from onboarding.rules.profiles import Profile


def vpc_rules(profile: Profile) -> tuple[str, ...]:
    """One sentence per rule, in the reader's language."""
    return tuple(_rules(profile))


def _rules(profile: Profile) -> Iterator[str]:
    words = {"subnets": profile.subnets, "zones": profile.zones, "size": profile.smallest_subnet}
    yield _("At least %(subnets)d private subnets in %(zones)d different zones, each /%(size)d or larger.") % words
    for tag in profile.required_tags:
        pair = {"tag": f"{tag.key}={tag.value}"}
        yield (_("The tag %(tag)s on the VPC.") if tag.kind == "vpc" else _("The tag %(tag)s on each subnet.")) % pair
    yield _("An S3 gateway endpoint on the route table of each subnet.")
    if profile.egress:
        yield _("A way to the internet from each subnet: NAT gateway, transit gateway or appliance.")
    if profile.dns:
        yield _("DNS support and DNS hostnames, both switched on.")
