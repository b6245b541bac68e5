"""What the policy linters say of the peering role and we let stand, with the reason."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from networking.peering_role.ledger import POLICY
from onboarding.bootstrap.accepted import Accepted, Linter

ACCEPTED: Final = (
    Accepted(
        Linter.PARLIAMENT,
        POLICY.name,
        "RESOURCE_MISMATCH",
        _(
            "Accepting is judged for the connection and for the VPC. The two stand apart on purpose: only the "
            "connection knows both sides, and the VPC is named by its ARN."
        ),
    ),
)
