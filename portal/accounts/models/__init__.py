"""People, organisations, memberships and invitations."""

from portal.accounts.models.invitations import Invitation
from portal.accounts.models.organisations import Membership, Organisation
from portal.accounts.models.people import User
from portal.accounts.models.tenancy import TenantOwned, TenantQuerySet

__all__ = ["Invitation", "Membership", "Organisation", "TenantOwned", "TenantQuerySet", "User"]
