"""Reading rendered templates in tests: resources by type, and functions resolved against parameters."""

import json
import re

from onboarding.stacks import LaunchChoices, Zone, stack_kind

PROFILES = ("seed", "2026-08")
KINDS = ("network", "storage", "roles", "cluster")
PSEUDO = {"AWS::AccountId": "222222222222", "AWS::Region": "eu-west-1"}
ZONES = (Zone("eu-west-1a", "euw1-az3"), Zone("eu-west-1b", "euw1-az1"), Zone("eu-west-1c", "euw1-az2"))


def template(name, profile="seed"):
    return json.loads(stack_kind(name).template(profile))


def resources(document, kind):
    return {name: item for name, item in document["Resources"].items() if item["Type"] == kind}


def choices(**changes):
    values = {
        "account_id": "222222222222", "region": "eu-west-1", "slug": "abcd1234", "zones": ZONES, "profile": "seed",
        "vendor_account_id": "426924874929",
    }  # fmt: skip
    return LaunchChoices(**(values | changes))


def resolved(value, parameters):
    """`value` with Ref and Fn::Sub of parameters and pseudo parameters filled in; the rest stays as it is."""
    known = PSEUDO | dict(parameters)
    if isinstance(value, dict):
        if set(value) == {"Ref"} and value["Ref"] in known:
            return known[value["Ref"]]
        if set(value) == {"Fn::Sub"}:
            return re.sub(r"\$\{([\w:]+)\}", lambda match: known.get(match[1], match[0]), value["Fn::Sub"])
        return {key: resolved(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, parameters) for item in value]
    return value
