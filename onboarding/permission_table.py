"""The permission ledger as a reviewer reads it: what each role may do, what the boundary forbids, in how many lines."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.boundary import boundary_document
from onboarding.bootstrap.grants import STEP_TITLES, Condition, Grant, Option, RoleName, Step
from onboarding.bootstrap.permissions import GRANTS, grants_for
from onboarding.bootstrap.policies import bootstrap_roles, rendered

#: The verbs by which AWS names actions that only look: the access levels Read and List of
#: docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
_LOOKING: Final = re.compile(r"[a-z0-9-]+:(Get|List|Describe|Simulate)[A-Z]")

ABOUT: Final[Mapping[RoleName, str | Promise]] = {
    RoleName.MANAGEMENT: _("We enter it for a step that changes something: launch, operation, tear-down."),
    RoleName.DEPLOYMENT: _("CloudFormation alone works with it, on the deployment's stacks. We cannot enter it."),
    RoleName.VERIFIER: _("We enter it to look. It can change nothing."),
}

#: Sid of a denial in the boundary → what it means.
DENIALS: Final[Mapping[str, str | Promise]] = {
    "KeepBootstrapRoles": _("Change the three roles themselves: their policies, trust, tags or boundary."),
    "KeepBootstrapPolicies": _("Change the policies of these roles, or the boundary."),
    "KeepBootstrapStack": _("Touch the bootstrap stack; only you update or delete it."),
    "KeepBoundaries": _("Take a permissions boundary off any role or user."),
    "OnlyUnderBoundary": _("Create a role without this boundary, or put another one on a role."),
    "NoDelegation": _("Let what runs in the cluster write roles, hand them on, or touch stacks."),
    "KeepOutOfData": _(
        "Read, write or delete an object in the buckets with any of the three roles. "
        "Only ClickHouse itself, which runs in your cluster, does."
    ),
    "Never": _("Touch users, access keys, billing, the organisation, CloudTrail, Config or GuardDuty."),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One statement of a policy, with its reason. `looks` is whether all its actions only read."""

    sid: str
    policy: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[str, ...]
    step: str | Promise
    reason: str | Promise
    without: str | Promise
    looks: bool


@dataclass(frozen=True, kw_only=True)
class RoleTable:
    """One role: its own rows, those that it shares with a role shown before, and its trust policy as JSON."""

    name: str
    about: str | Promise
    rows: tuple[Row, ...]
    shared: tuple[Row, ...]
    trust: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Denial:
    """One explicit Deny of the boundary: it holds whatever a policy allows."""

    sid: str
    words: str | Promise
    actions: tuple[str, ...]
    document: str


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One option of the template: whether it is on, and how many permissions hang on it."""

    option: Option
    on: bool
    count: int
    words: str | Promise


@dataclass(frozen=True, kw_only=True)
class StepFilter:
    """One step that needs permissions."""

    slug: str
    title: str | Promise
    count: int


@dataclass(frozen=True, kw_only=True)
class PermissionTable:
    """Everything on the page."""

    roles: tuple[RoleTable, ...]
    denials: tuple[Denial, ...]
    switches: tuple[Switch, ...]
    steps: tuple[StepFilter, ...]
    step: str
    looking: int
    changing: int
    boundary: str


def permission_table(
    profile: str, *, options: frozenset[Option], values: Mapping[str, str], step: str = ""
) -> PermissionTable:
    """The table of a profile under the customer's options; `step` leaves only what that step needs, unknown ones all.

    `values` stand for the placeholders of policies (AccountId, ExternalId, VendorAccountId).
    """
    wanted = step if step in set(Step) else ""
    granted = {role: grants_for(role, profile, options) for role in RoleName}
    actions = {action for grants in granted.values() for grant in grants for action in grant.actions}
    looking = sum(1 for action in actions if looks(action))
    trusts = {role.name: role.trust for role in bootstrap_roles(profile)}
    return PermissionTable(
        roles=tuple(
            _role(role, grants, trusts[role], values, wanted, _before(granted, role))
            for role, grants in granted.items()
        ),
        denials=tuple(_denial(one, values) for one in _denials()),
        switches=tuple(_switch(option, profile, option in options) for option in Option),
        steps=_steps(granted),
        step=wanted,
        looking=looking,
        changing=len(actions) - looking,
        boundary=json.dumps(rendered(boundary_document(), values), indent=2),
    )


def looks(action: str) -> bool:
    """Whether an action only reads, by AWS's way of naming them."""
    return _LOOKING.match(action) is not None


def _before(granted: Mapping[RoleName, Sequence[Grant]], role: RoleName) -> frozenset[tuple[str, str]]:
    """What the roles shown before this one are granted: (policy, sid)."""
    earlier = list(RoleName)[: list(RoleName).index(role)]
    return frozenset((grant.policy.name, grant.sid) for name in earlier for grant in granted[name])


def _role(
    name: RoleName,
    grants: Sequence[Grant],
    trust: dict[str, Any],
    values: Mapping[str, str],
    step: str,
    before: frozenset[tuple[str, str]],
) -> RoleTable:
    wanted = [grant for grant in grants if step in {"", grant.step}]
    return RoleTable(
        name=name.value,
        about=ABOUT[name],
        rows=tuple(row_of(grant, values) for grant in wanted if (grant.policy.name, grant.sid) not in before),
        shared=tuple(row_of(grant, values) for grant in wanted if (grant.policy.name, grant.sid) in before),
        trust=json.dumps(rendered(trust, values), indent=2),
        count=len({action for grant in grants for action in grant.actions}),
    )


def row_of(grant: Grant, values: Mapping[str, str]) -> Row:
    """A grant as the table shows it; `values` stand for placeholders."""
    filled = rendered({"Resource": list(grant.resources)}, values)
    return Row(
        sid=grant.sid,
        policy=grant.policy.name,
        actions=grant.actions,
        resources=tuple(filled["Resource"]),
        conditions=tuple(_conditions(grant.condition, values)),
        step=STEP_TITLES[grant.step],
        reason=grant.reason,
        without=grant.without,
        looks=all(looks(action) for action in grant.actions),
    )


def _conditions(condition: Condition, values: Mapping[str, str]) -> list[str]:
    """`StringEquals aws:ResourceTag/clickhouse-byoc = true`, one line for each key."""
    lines = []
    for operator, tests in condition.items():
        for key, value in tests.items():
            shown = rendered({"v": [value] if isinstance(value, str) else list(value)}, values)["v"]
            lines.append(f"{operator} {key} = {', '.join(shown)}")
    return lines


def _denials() -> list[dict[str, Any]]:
    return [one for one in boundary_document()["Statement"] if one["Effect"] == "Deny"]


def _denial(statement: dict[str, Any], values: Mapping[str, str]) -> Denial:
    return Denial(
        sid=statement["Sid"],
        words=DENIALS[statement["Sid"]],
        actions=tuple(statement["Action"]),
        document=json.dumps(rendered(statement, values), indent=2),
    )


_SWITCHES: Final[Mapping[Option, tuple[str | Promise, str | Promise]]] = {
    Option.WITHHOLD_VPC_WRITES: (
        _("Changes to VPCs are withheld, as you chose: a launch into a new VPC is then not possible."),
        _("Changes to VPCs are granted: the launch makes a VPC of its own."),
    ),
    Option.ALLOW_PEERING_WRITES: (
        _("VPC peering is allowed, as you chose."),
        _("VPC peering is not granted. You may allow it on the bootstrap page."),
    ),
}
"""Words when the option is on, and when it is off."""


def _switch(option: Option, profile: str, on: bool) -> Switch:  # noqa: FBT001
    touched = [
        grant for grant in GRANTS
        if option in {grant.policy.absent_when, grant.policy.present_when} and profile in grant.profiles
    ]  # fmt: skip
    return Switch(
        option=option,
        on=on,
        count=len({action for grant in touched for action in grant.actions}),
        words=_SWITCHES[option][0 if on else 1],
    )


def _steps(granted: Mapping[RoleName, Sequence[Grant]]) -> tuple[StepFilter, ...]:
    """The steps that need anything, in the journey's order."""
    needed: dict[Step, set[str]] = {}
    for grants in granted.values():
        for grant in grants:
            needed.setdefault(grant.step, set()).update(grant.actions)
    return tuple(
        StepFilter(slug=step.value, title=STEP_TITLES[step], count=len(needed[step])) for step in Step if step in needed
    )
