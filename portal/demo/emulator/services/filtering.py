"""EC2 filters on described resources, for those descriptions where moto knows too few of them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.demo.emulator.calls import NotEmulated
from portal.demo.emulator.iam.conditions import pattern


def select(items: Iterable[Mapping[str, Any]], filters: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The items that match every filter; values of one filter are alternatives and may hold `*` and `?`.

    A filter name is the path of a member in kebab case: `requester-vpc-info.vpc-id` is RequesterVpcInfo.VpcId.
    """
    wanted = list(filters)
    return [item for item in items if all(_matches(item, entry) for entry in wanted)]


def _matches(item: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    found = _values(item, str(entry["Name"]))
    return any(pattern(str(glob)).fullmatch(value) for glob in entry.get("Values") or [] for value in found)


def _values(item: Mapping[str, Any], name: str) -> list[str]:
    tags = {str(tag["Key"]): str(tag["Value"]) for tag in item.get("Tags") or []}
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return [tags[key]] if key in tags else []
    if name == "tag-key":
        return list(tags)
    value: Any = item
    for part in _ALIASES.get(name, name).split("."):
        member = "".join(word.capitalize() for word in part.split("-"))
        if not isinstance(value, Mapping):
            raise NotEmulated(f"The filter {name}")
        value = value.get(member)
    return [] if value is None else [str(value)]


_ALIASES = {"status-code": "status.code", "status-message": "status.message", "vpc-endpoint-state": "state"}
