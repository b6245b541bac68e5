"""Account Management: which regions an account has enabled.

https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, NotEmulated, ServiceError
from portal.demo.emulator.services import regions
from portal.demo.emulator.world import World

STATUSES = {"opt-in-not-required": "ENABLED_BY_DEFAULT", "opted-in": "ENABLED", "not-opted-in": "DISABLED"}


def list_regions(world: World, call: Call) -> Mapping[str, Any]:
    """Every region with its status, by status where asked, in pages."""
    given = call.parameters
    _own_account_only(call)
    shown = [{"RegionName": name, "RegionOptStatus": _status(world, call, name)} for name in regions.every()]
    wanted = given.get("RegionOptStatusContains")
    shown = [region for region in shown if not wanted or region["RegionOptStatus"] in wanted]
    start, size = int(given.get("NextToken") or 0), int(given.get("MaxResults") or 50)
    page: dict[str, Any] = {"Regions": shown[start : start + size]}
    if start + size < len(shown):
        page["NextToken"] = str(start + size)
    return page


def get_region_opt_status(world: World, call: Call) -> Mapping[str, Any]:
    """The status of one region."""
    _own_account_only(call)
    name = str(call.parameters["RegionName"])
    if name not in regions.every():
        raise ServiceError("ValidationException", f"The region {name} is not valid.")
    return {"RegionName": name, "RegionOptStatus": _status(world, call, name)}


def _own_account_only(call: Call) -> None:
    if call.parameters.get("AccountId") not in (None, call.account):
        raise NotEmulated("Account Management for another account")


def _status(world: World, call: Call, name: str) -> str:
    return STATUSES[regions.status(world, call.account, name)]


OPERATIONS = {"ListRegions": list_regions, "GetRegionOptStatus": get_region_opt_status}
