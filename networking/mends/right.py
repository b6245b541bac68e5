"""Whether the management role, as the customer deployed it, may mend a brought VPC at all."""

from django.utils.translation import gettext as _

from onboarding.bootstrap.constants import MENDING_SINCE
from onboarding.stacks.naming import MANAGEMENT_ROLE
from portal.aws.models import Connection


def role_cannot(connection: Connection | None) -> str:
    """Why the role may not, as a sentence with the next act; empty where it may."""
    if connection is None:
        return _("No AWS account is named yet.")
    if connection.withholds_vpc_writes:
        return _(
            "You withheld changes to VPCs when you deployed the bootstrap roles. Make the changes yourself with the"
            " commands on the VPC page, or allow VPC changes on the bootstrap page and update the stack."
        )
    if connection.template_version < MENDING_SINCE:
        words = {"role": MANAGEMENT_ROLE, "found": connection.template_version, "needed": MENDING_SINCE}
        return (
            _(
                "%(role)s was of template version %(found)d when we last looked; version %(needed)d allows these"
                " changes. Update the bootstrap stack and press «Look again» on the bootstrap page, or make the changes"
                " yourself."
            )
            % words
        )
    return ""
