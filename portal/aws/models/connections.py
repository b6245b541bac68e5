"""One tenant's link to one AWS account. The External ID is made here and accepted from nowhere."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import TenantOwned
from portal.aws.states import ROLES_OF, ConnectionPurpose, ConnectionState, RoleKind

ROLE_NAMES = {
    RoleKind.VERIFIER: "ClickHouseVerifierRole",
    RoleKind.MANAGEMENT: "ClickHouseManagementRole",
    RoleKind.PEERING: "ClickHousePeeringRole",
}


def new_external_id() -> str:
    """A fresh External ID with 192 bits of randomness; characters as STS allows them."""
    return f"byoc-{secrets.token_hex(24)}"


class Connection(TenantOwned):
    """The account, its External ID and how far it is trusted.

    `account_id` and `external_id` never change once the row exists; a rotation is a new row with the next
    `generation`. At most one connection of each purpose to an account is proven, and an unproven claim blocks nobody.
    """

    account_id = models.CharField(_("AWS account ID"), max_length=12)
    external_id = models.CharField(
        _("External ID"), max_length=64, unique=True, default=new_external_id, editable=False
    )
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=ConnectionPurpose.choices, default=ConnectionPurpose.DEPLOYMENT
    )
    generation = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=ConnectionState.choices, default=ConnectionState.UNPROVEN)
    proven_at = models.DateTimeField(null=True, blank=True)
    probed_at = models.DateTimeField(null=True, blank=True)
    template_version = models.PositiveIntegerField(default=1)
    allows_peering_writes = models.BooleanField(default=False)
    withholds_vpc_writes = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantOwned.Meta):
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["account_id", "purpose"],
                condition=Q(state__in=["proven", "insecure_trust", "lost_access"], proven_at__isnull=False),
                name="aws_account_proven_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "account_id", "purpose", "generation"], name="aws_generation_once"
            ),
        ]

    def __str__(self) -> str:
        return self.account_id

    @property
    def roles(self) -> tuple[RoleKind, ...]:
        """The roles that the customer deploys for this purpose."""
        return ROLES_OF[self.purpose]

    def role_arn(self, role: RoleKind) -> str:
        """The ARN, built from account and role name; never stored, never taken from anybody."""
        return f"arn:aws:iam::{self.account_id}:role/{ROLE_NAMES[role]}"
