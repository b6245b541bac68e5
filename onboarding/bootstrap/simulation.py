"""The questions that the permission check puts to SimulatePrincipalPolicy, so that a right role answers them all.

docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html: a context key that is not given is
missing, and a condition on a missing key refuses. So every question carries the keys of its statement with a value
that the launch will really send, and the region, for organisation policies that look at it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from onboarding.bootstrap.grants import ANY_SLUG, CREATING, Condition, Grant, Option, Permission, RoleName
from onboarding.bootstrap.kinds import judged, kind_of
from onboarding.bootstrap.permissions import grants_for, permissions_for
from onboarding.stacks.naming import PREFIX

_EXAMPLE_IDS: Final[Mapping[str, str]] = {
    "elastic-ip": "eipalloc-0123456789abcdef0",
    "instance": "i-0123456789abcdef0",
    "internet-gateway": "igw-0123456789abcdef0",
    "launch-template": "lt-0123456789abcdef0",
    "natgateway": "nat-0123456789abcdef0",
    "network-interface": "eni-0123456789abcdef0",
    "route-table": "rtb-0123456789abcdef0",
    "security-group": "sg-0123456789abcdef0",
    "subnet": "subnet-0123456789abcdef0",
    "volume": "vol-0123456789abcdef0",
    "vpc": "vpc-0123456789abcdef0",
    "vpc-endpoint": "vpce-0123456789abcdef0",
    "vpc-peering-connection": "pcx-0123456789abcdef0",
}
WILDCARDS: Final[Mapping[str, tuple[str, ...]]] = {
    "route53:*": (
        "route53:ChangeResourceRecordSets",
        "route53:CreateHostedZone",
        "route53:DeleteHostedZone",
        "route53:GetHostedZone",
        "route53:ListHostedZones",
        "route53:ListResourceRecordSets",
    ),
}
"""What is asked instead of a wildcard: the simulator takes none in an action's name (API_SimulatePrincipalPolicy)."""
_REGION = re.compile(r"^(arn:aws:[a-z0-9-]+:)\*:")


@dataclass(frozen=True)
class ContextEntry:
    """One context key with its values; `type` as `ContextKeyType` of the API spells it."""

    name: str
    values: tuple[str, ...]
    type: str = "string"

    def as_parameter(self) -> dict[str, str | list[str]]:
        """The entry as boto3 takes it."""
        return {"ContextKeyName": self.name, "ContextKeyValues": list(self.values), "ContextKeyType": self.type}


@dataclass(frozen=True)
class Question:
    """One call: may the role do each of `actions` on each of `resource_arns` in this context?"""

    actions: tuple[str, ...]
    resource_arns: tuple[str, ...]
    context: tuple[ContextEntry, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the simulated launch happens."""

    account_id: str
    region: str
    slug: str


def questions(
    role: RoleName, profile: str, place: Place, options: frozenset[Option] = frozenset()
) -> tuple[Question, ...]:
    """All questions for a role as the customer has deployed it (`options`), as few calls as possible.

    Raises UnknownProfile.
    """
    asked: dict[tuple[str, tuple[ContextEntry, ...]], dict[str, None]] = {}
    for grant in grants_for(role, profile, options):
        context = context_entries(grant.condition, place)
        for resource, actions in _judged(grant):
            asked.setdefault((example_arn(resource, place), context), {}).update(dict.fromkeys(actions))
    merged: dict[tuple[tuple[str, ...], tuple[ContextEntry, ...]], list[str]] = {}
    for (arn, context), wanted in asked.items():
        merged.setdefault((tuple(wanted), context), []).append(arn)
    return tuple(Question(actions, tuple(arns), context) for (actions, context), arns in merged.items())


def context_entries(condition: Condition, place: Place) -> tuple[ContextEntry, ...]:
    """The entries under which a statement with this condition applies; always with the region."""
    entries = {"aws:RequestedRegion": ContextEntry("aws:RequestedRegion", (place.region,))}
    for operator, tests in condition.items():
        kind = "stringList" if operator.startswith("ForA") else "string"
        for key, value in tests.items():
            first = value if isinstance(value, str) else value[0]
            entries[key] = ContextEntry(key, (_example_value(first, place),), kind)
    return tuple(entry for _name, entry in sorted(entries.items()))


def _example_value(wanted: str, place: Place) -> str:
    """A value that a condition's `wanted` takes, as the launch would send it."""
    if wanted == ANY_SLUG:
        return place.slug
    return example_arn(wanted, place) if wanted.startswith("arn:") else _named(wanted, place)


def example_arn(pattern: str, place: Place) -> str:
    """A resource that matches `pattern`, plausible in this account, region and deployment; `*` stays `*`."""
    if pattern == "*":
        return pattern
    arn = _REGION.sub(rf"\g<1>{place.region}:", pattern.replace("${AccountId}", place.account_id))
    arn = _named(arn, place)
    return arn.replace("*", _EXAMPLE_IDS.get(kind_of(arn), "example"))


def _named(pattern: str, place: Place) -> str:
    return pattern.replace(f"{PREFIX}*", f"{PREFIX}{place.slug}")


def permission_of(action: str, role: RoleName, profile: str) -> Permission:
    """The ledger's row for an action that a simulation refused: why it is there and what breaks without it.

    Raises KeyError for an action that the role was never given.
    """
    for permission in permissions_for(role, profile):
        if permission.action == action or action in WILDCARDS.get(permission.action, ()):
            return permission
    raise KeyError(action)


def _judged(grant: Grant) -> Iterable[tuple[str, tuple[str, ...]]]:
    made = grant.condition in CREATING
    for resource in grant.resources:
        named = (name for action in grant.actions for name in WILDCARDS.get(action, (action,)))
        actions = tuple(action for action in named if judged(action, resource, made=made))
        if actions:
            yield resource, actions
