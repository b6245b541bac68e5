"""CloudTrail's event history, told from the emulator's own journal.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.demo.emulator.calls import Call, NotEmulated
from portal.demo.emulator.world import World

ATTRIBUTES = {"EventName": "operation", "EventId": "request_id", "EventSource": "service"}


def lookup_events(world: World, call: Call) -> Mapping[str, Any]:
    """What was changed in this account and region, newest first; reads are not in the history."""
    given = call.parameters
    entries = [
        entry
        for entry in reversed(world.journal.since(0))
        if (entry["account"], entry["region"]) == (call.account, call.region) and _wanted(entry, given)
    ]
    start, size = int(given.get("NextToken") or 0), int(given.get("MaxResults") or 50)
    page: dict[str, Any] = {"Events": [_event(entry) for entry in entries[start : start + size]]}
    if start + size < len(entries):
        page["NextToken"] = str(start + size)
    return page


def _wanted(entry: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    moment = datetime.fromisoformat(entry["time"]).replace(tzinfo=None)
    if given.get("StartTime") and moment < given["StartTime"].replace(tzinfo=None):
        return False
    if given.get("EndTime") and moment > given["EndTime"].replace(tzinfo=None):
        return False
    for attribute in given.get("LookupAttributes") or []:
        name = attribute["AttributeKey"]
        if name not in ATTRIBUTES:
            raise NotEmulated(f"LookupEvents by {name}")
        if str(entry[ATTRIBUTES[name]]) != str(attribute["AttributeValue"]).removesuffix(".amazonaws.com"):
            return False
    return True


def _event(entry: Mapping[str, Any]) -> dict[str, Any]:
    detail = {
        "eventName": entry["operation"],
        "eventSource": f"{entry['service']}.amazonaws.com",
        "awsRegion": entry["region"],
        "requestParameters": entry["parameters"],
        "requestID": entry["request_id"],
        "userIdentity": {"arn": entry["principal"], "accountId": entry["account"]},
        "errorCode": None if entry["outcome"] == "ok" else entry["outcome"],
    }
    return {
        "EventId": entry["request_id"],
        "EventName": entry["operation"],
        "ReadOnly": "false" if entry["mutates"] else "true",
        "EventTime": datetime.fromisoformat(entry["time"]),
        "EventSource": f"{entry['service']}.amazonaws.com",
        "Username": str(entry["principal"]).rsplit("/", 1)[-1],
        "Resources": [],
        "CloudTrailEvent": json.dumps(detail),
    }


OPERATIONS = {"LookupEvents": lookup_events}
