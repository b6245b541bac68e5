"""Regions and availability zones, whose names mean different places in different accounts.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
"""

from collections.abc import Mapping
from typing import Any

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services import regions
from portal.demo.emulator.services.filtering import select
from portal.demo.emulator.world import World

# Zones that are shown only with AllAvailabilityZones: name, id, type, group, parent zone's letter.
ELSEWHERE: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "us-east-1": (
        ("us-east-1-bos-1a", "use1-bos1-az1", "local-zone", "us-east-1-bos-1"),
        ("us-east-1-wl1-bos-wlz-1", "use1-wl1-bos-wlz1", "wavelength-zone", "us-east-1-wl1"),
    ),
    "us-west-2": (("us-west-2-lax-1a", "usw2-lax1-az1", "local-zone", "us-west-2-lax-1"),),
    "eu-central-1": (("eu-central-1-ham-1a", "euc1-ham1-az1", "local-zone", "eu-central-1-ham-1"),),
}


def zone_ids(world: World, account: str, region: str) -> dict[str, str]:
    """The account's own map of zone names to zone ids in a region."""
    own = world.settings.zones.get(account, {}).get(region)
    if own is not None:
        return dict(own)
    return {zone.name: zone.zone_id for zone in RegionsAndZonesBackend.zones.get(region, [])}


def rename(world: World, call: Call, value: Any) -> None:
    """Puts the account's own zone ids into described resources, however deep."""
    own = world.settings.zones.get(call.account, {}).get(call.region)
    if own is None:
        return
    if isinstance(value, list):
        for item in value:
            rename(world, call, item)
    elif isinstance(value, dict):
        if "AvailabilityZoneId" in value and value.get("AvailabilityZone") in own:
            value["AvailabilityZoneId"] = own[value["AvailabilityZone"]]
        for inner in value.values():
            rename(world, call, inner)


def describe_availability_zones(world: World, call: Call) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html"""
    given = call.parameters
    zones = [
        _zone(call.region, (name, own, "availability-zone", f"{call.region}-zg-1"))
        for name, own in zone_ids(world, call.account, call.region).items()
    ]
    if given.get("AllAvailabilityZones"):
        zones += [_zone(call.region, facts) for facts in ELSEWHERE.get(call.region, ())]
    for member, wanted in (("ZoneName", given.get("ZoneNames")), ("ZoneId", given.get("ZoneIds"))):
        known = {zone[member] for zone in zones}
        for value in wanted or []:
            if value not in known:
                raise ServiceError("InvalidParameterValue", f"Invalid availability zone: [{value}]")
        zones = [zone for zone in zones if not wanted or zone[member] in wanted]
    return {"AvailabilityZones": select(zones, given.get("Filters") or [])}


def _zone(region: str, facts: tuple[str, str, str, str]) -> dict[str, Any]:
    name, own, kind, group = facts
    plain = kind == "availability-zone"
    return {
        "State": "available",
        "OptInStatus": "opt-in-not-required" if plain else "not-opted-in",
        "Messages": [],
        "RegionName": region,
        "ZoneName": name,
        "ZoneId": own,
        "GroupName": group,
        "NetworkBorderGroup": region if plain else group,
        "ZoneType": kind,
    }


def describe_regions(world: World, call: Call) -> Mapping[str, Any]:
    """The account's enabled regions; all with AllRegions.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
    """
    given = call.parameters
    for name in given.get("RegionNames") or []:
        if name not in regions.every():
            raise ServiceError("InvalidParameterValue", f"Invalid region: [{name}]")
    shown = [
        {
            "RegionName": name,
            "Endpoint": f"ec2.{name}.amazonaws.com",
            "OptInStatus": regions.status(world, call.account, name),
        }
        for name in given.get("RegionNames") or regions.every()
    ]
    if not given.get("AllRegions"):
        shown = [region for region in shown if region["OptInStatus"] != "not-opted-in"]
    return {"Regions": select(shown, given.get("Filters") or [])}


OPERATIONS = {
    "DescribeAvailabilityZones": describe_availability_zones,
    "DescribeRegions": describe_regions,
}
