"""People, organisations, memberships, invitations, and form keys that are used up."""

from portal.accounts.models.formkeys import FormKey
from portal.accounts.models.invitations import Invitation
from portal.accounts.models.organisations import Membership, Organisation
from portal.accounts.models.people import User
from portal.accounts.models.tenancy import TenantOwned, TenantQuerySet

__all__ = ["FormKey", "Invitation", "Membership", "Organisation", "TenantOwned", "TenantQuerySet", "User"]
