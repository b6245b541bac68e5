"""Regions of an account: which must be opted into, and which are.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""

from functools import cache

from portal.demo.emulator.world import World

OPT_IN = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
    }
)


@cache
def every() -> tuple[str, ...]:
    """All regions of the standard partition that botocore knows."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    return tuple(sorted(region.name for region in RegionsAndZonesBackend.regions if region.name.count("-") == 2))


def status(world: World, account: str, region: str) -> str:
    """`opt-in-not-required`, `opted-in` or `not-opted-in`, as DescribeRegions says it."""
    if region not in OPT_IN:
        return "opt-in-not-required"
    return "opted-in" if region in world.settings.opted_in.get(account, ()) else "not-opted-in"
