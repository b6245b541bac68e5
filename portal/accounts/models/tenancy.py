"""What every tenant-owned row has in common: its organisation, in the row itself."""

import uuid
from typing import Any, Self

from django.db import models

from portal.accounts.models.organisations import Organisation


class TenantQuerySet(models.QuerySet[Any]):
    """Rows narrowed to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Rows of the organisations that `user` belongs to; nothing for an anonymous visitor."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__memberships__user=user)


class TenantOwned(models.Model):
    """Base of tenant-owned rows.

    `(organisation, id)` is unique so that a reference between two such rows can be checked by the database
    itself: both ends carry the same organisation (see `portal.accounts.keys`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["organisation", "id"], name="%(app_label)s_%(class)s_tenant_key")
        ]
