"""The emulated side of the seeds: the vendor's bucket, the customer's networks."""

import enum
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from portal.demo import aws
from portal.demo.emulator.control import Control
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
        with at_once("nat_gateway", "vpc"):
            seed_networks()
        mark_seeded()
    return found


@contextmanager
def at_once(*kinds: str) -> Iterator[None]:
    """Lets resources of these kinds be ready without waiting, as if they had stood there for long."""
    control = Control(aws.endpoint())
    with urllib.request.urlopen(f"{aws.endpoint()}/_emulator/config", timeout=10) as answer:  # noqa: S310 - loopback
        usual = json.load(answer)["durations"]
    control.configure(durations=dict.fromkeys(kinds, 0))
    try:
        yield
    finally:
        control.configure(durations={kind: usual[kind] for kind in kinds})
