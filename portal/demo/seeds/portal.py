"""The portal's side of the seeds: staff, one request that waits, and one that was approved."""

from django.db import transaction

from onboarding.requests.actions import approve, submit
from portal.demo.accounts import CROWDED_REGION, CUSTOMER, EMPTY_REGION, SECOND_CUSTOMER
from portal.demo.people import APPLICANT, INVITED
from portal.demo.seeds.people import seed_staff


@transaction.atomic
def seed_portal() -> bool:
    """Makes people and requests in a new database, by the same actions as the pages; returns whether it was new."""
    staff, first = seed_staff()
    if first:
        approved = submit(
            company="Acme", email=INVITED.email, account_id=CUSTOMER.id, region=CROWDED_REGION, language="en"
        )
        approve(request=approved, by=staff)
        # Nothing is seeded in this account: whoever is approved for it begins in an empty one.
        submit(
            company="Globex", email=APPLICANT.email, account_id=SECOND_CUSTOMER.id, region=EMPTY_REGION, language="en"
        )
    return first
