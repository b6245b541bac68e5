"""What the EC2 types share: tags at creation, tags at an update, a lookup by id."""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.work import Work


def specification(work: Work, resource_type: str) -> dict[str, Any]:
    """TagSpecifications for a create call; nothing when there are no tags."""
    tags = work.get("Tags")
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": tags}]} if tags else {}


def retag(work: Work) -> None:
    """Brings the tags of the resource to what the template says now; its physical id is its EC2 id."""
    retag_as(work, work.physical_id)


def retag_as(work: Work, identifier: str) -> None:
    """The same for a resource whose EC2 id is another one than its physical id."""
    old = {entry["Key"]: entry["Value"] for entry in work.previous.get("Tags", [])}
    new = {entry["Key"]: entry["Value"] for entry in work.get("Tags", [])}
    gone = [{"Key": key} for key in old if key not in new]
    changed = [{"Key": key, "Value": value} for key, value in new.items() if old.get(key) != value]
    if gone:
        work.ec2.delete_tags(Resources=[identifier], Tags=gone)
    if changed:
        work.ec2.create_tags(Resources=[identifier], Tags=changed)


def first(answer: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The one object of a Describe answer by id."""
    return dict(answer[key][0])
