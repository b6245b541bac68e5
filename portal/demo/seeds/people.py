"""The people who can sign in from the start."""

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP

from portal.accounts.models import User
from portal.demo.people import STAFF, STAFF_TOTP_SECRET


def seed_staff() -> tuple[User, bool]:
    """The vendor's staff person with a verified address and an authenticator, and whether they were made just now."""
    found = User.objects.filter(email=STAFF.email).first()
    if found:
        return found, False
    staff = User.objects.create_superuser(STAFF.email, STAFF.password, name=STAFF.name)
    EmailAddress.objects.create(user=staff, email=staff.email, verified=True, primary=True)
    TOTP.activate(staff, STAFF_TOTP_SECRET)
    return staff, True
