"""Every code that a check of this app can give, with its title and its remedy."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One check: its `code`, a `title` of a few words, and the `remedy`, sentences that say what to do.

    A `notice` tells what will be so whatever anybody does: it is always a warning, never passed, failed or
    unknown.
    """

    code: str
    title: "StrOrPromise"
    remedy: "StrOrPromise"
    notice: bool = False


_ENTRIES = (
    Entry(
        code="trust.external-id",
        title=_("Only the External ID opens the role"),
        remedy=_(
            "Put the condition StringEquals on sts:ExternalId with the shown value into the role's trust "
            "policy, or"
            " update the bootstrap stack with the current template. Then check again."
        ),
    ),
    Entry(
        code="trust.principal",
        title=_("Who may assume the role"),
        remedy=_("Make our account the only principal of the trust policy, as the bootstrap template does."),
    ),
    Entry(
        code="trust.condition",
        title=_("Condition on the External ID"),
        remedy=_("Write the condition as StringEquals on sts:ExternalId with exactly the shown value."),
    ),
    Entry(
        code="trust.actions",
        title=_("Actions of the trust policy"),
        remedy=_("Allow sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession in the statement for our account."),
    ),
    Entry(
        code="trust.statements",
        title=_("Other statements of the trust policy"),
        remedy=_("Remove the statements that the bootstrap template does not hold, or keep them knowingly."),
    ),
    Entry(
        code="permissions.simulated",
        title=_("Permissions of the role"),
        remedy=_(
            "Update the bootstrap stack with the current template. Where an organisation's policy denies, "
            "ask who"
            " manages your AWS organisation to except this role."
        ),
    ),
    Entry(
        code="role.account",
        title=_("The role's account"),
        remedy=_("Deploy the bootstrap stack in the account that is registered here."),
    ),
    Entry(
        code="role.version",
        title=_("Version of the bootstrap template"),
        remedy=_("Update the bootstrap stack with the current template; its link is on the bootstrap page."),
    ),
    Entry(
        code="role.boundary",
        title=_("Permissions boundary"),
        remedy=_("Set the boundary of the bootstrap template on the role, or update the bootstrap stack."),
    ),
    Entry(
        code="role.path",
        title=_("Path of the role"),
        remedy=_("Create the role with the path / by deploying the bootstrap template unchanged."),
    ),
    Entry(
        code="role.session",
        title=_("Longest session of the role"),
        remedy=_("Set the maximum session duration of the role to 1 hour."),
    ),
    Entry(
        code="region.supported",
        title=_("Supported region"),
        remedy=_("Choose one of the regions of the list."),
    ),
    Entry(
        code="region.enabled",
        title=_("Region enabled in the account"),
        remedy=_(
            "Sign in to the AWS console with permission account:EnableRegion, open Account, AWS Regions, "
            "choose the"
            " region and Enable. AWS takes minutes to hours. Then check again."
        ),
    ),
    Entry(
        code="zones.enough",
        title=_("Zones of the region"),
        remedy=_("Choose a region in which this account has three availability zones that run EKS."),
    ),
    Entry(
        code="zones.count",
        title=_("Number of zones"),
        remedy=_("Choose exactly three different zones."),
    ),
    Entry(
        code="zones.offered",
        title=_("Zones of this account"),
        remedy=_("Choose availability zones that the list of this account and region shows."),
    ),
    Entry(
        code="zones.available",
        title=_("State of the zones"),
        remedy=_("Choose zones that AWS reports as available, or wait until it does and check again."),
    ),
    Entry(
        code="zones.eks",
        title=_("EKS in the zones"),
        remedy=_("Choose another zone: AWS does not run EKS control planes there."),
    ),
    Entry(
        code="zones.alignment",
        title=_("Zones in common with the other account"),
        remedy=_("Choose zones whose IDs the other account uses, to save cost for traffic between zones."),
    ),
    Entry(
        code="quotas.headroom",
        title=_("Quotas of the account"),
        remedy=_("Request an increase in the Service Quotas console of this region, or delete what is not used."),
    ),
    Entry(
        code="cidr.size",
        title=_("Size of the range"),
        remedy=_("Choose a range of a size that the list of sizes offers."),
    ),
    Entry(
        code="cidr.private",
        title=_("Private range"),
        remedy=_("Choose a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."),
    ),
    Entry(
        code="cidr.reserved",
        title=_("Ranges in use by the software"),
        remedy=_("Choose a range apart from those of Docker, of EKS services and of the vendor."),
    ),
    Entry(
        code="cidr.vpcs",
        title=_("Ranges of your VPCs"),
        remedy=_("Choose a range apart from the VPCs of this account and region; the proposed one is free."),
    ),
    Entry(
        code="cidr.declared",
        title=_("Ranges that you declared"),
        remedy=_("Declare the networks that will connect, and choose a range apart from all of them."),
    ),
    Entry(
        code="removal.blockers",
        title=_("What else uses the VPC"),
        remedy=_("Delete it in the AWS console of the account, or move it to another VPC. Then press «Go on»."),
    ),
    Entry(
        code="removal.remains",
        title=_("What stays in the account"),
        remedy=_("Nothing has to be done. It costs what AWS charges for it until you delete it."),
        notice=True,
    ),
)

CATALOGUE = {listed.code: listed for listed in _ENTRIES}


def entry(code: str) -> Entry:
    """The entry of a code. Raises KeyError for a code that no check may give."""
    return CATALOGUE[code]
