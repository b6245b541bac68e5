"""The portal's side of the seeds: staff, a request that waits, and one that was approved."""

from portal.demo.seeds.people import seed_staff


def seed_portal() -> bool:
    """Makes what is missing; returns whether this database is new."""
    _staff, first = seed_staff()
    return first
