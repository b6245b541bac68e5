"""The emulated side of the seeds: the vendor's bucket, the customer's networks."""

import enum

from portal.demo.seeds.networks import seed_networks
from portal.demo.seeds.vendor import mark_seeded, publish_templates, seeded


class Found(enum.Enum):
    """How the emulated accounts were found."""

    EMPTY = "empty"
    THERE = "there"


def seed_world() -> Found:
    """Seeds the emulated accounts where they are empty; the vendor's templates are published at every start."""
    found = Found.THERE if seeded() else Found.EMPTY
    publish_templates()
    if found is Found.EMPTY:
        seed_networks()
        mark_seeded()
    return found
