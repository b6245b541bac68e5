"""Regions of an account: which must be opted into, and which are.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""

from functools import cache

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from portal.demo.emulator.settings import OPT_IN
from portal.demo.emulator.world import World


@cache
def every() -> tuple[str, ...]:
    """All regions of the standard partition that botocore knows."""
    return tuple(sorted(region.name for region in RegionsAndZonesBackend.regions if region.name.count("-") == 2))


def status(world: World, account: str, region: str) -> str:
    """`opt-in-not-required`, `opted-in` or `not-opted-in`, as DescribeRegions says it."""
    if region not in OPT_IN:
        return "opt-in-not-required"
    return "opted-in" if region in world.settings.opted_in.get(account, ()) else "not-opted-in"
