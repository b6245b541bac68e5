"""The words of the permission ledger: who gets an action, on what, for which step, and what breaks without it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.rules import profile_names
from onboarding.stacks.naming import (
    BOUNDARY,
    BYOC_PATH,
    DEPLOYMENT_ROLE,
    DEPLOYMENT_TAG,
    MANAGEMENT_ROLE,
    OWNER_TAG,
    VERIFIER_ROLE,
)

ACCOUNT: Final = "${AccountId}"
"""Stands for the customer's account ID until a policy is rendered."""
PARTITION_ACCOUNT: Final = f"arn:aws:iam::{ACCOUNT}"
BOUNDARY_ARN: Final = f"{PARTITION_ACCOUNT}:policy/{BOUNDARY}"
OUR_ROLES: Final = f"{PARTITION_ACCOUNT}:role{BYOC_PATH}*"
OUR_POLICIES: Final = f"{PARTITION_ACCOUNT}:policy{BYOC_PATH}*"

Condition = Mapping[str, Mapping[str, str | tuple[str, ...]]]
"""Operator → key → value or values, as in a policy statement."""

TAGGED: Final[Condition] = {"StringEquals": {f"aws:ResourceTag/{OWNER_TAG}": "true"}}
"""The object is ours already."""
TAGGING: Final[Condition] = {"StringEquals": {f"aws:RequestTag/{OWNER_TAG}": "true"}}
"""The object is made with our tag."""
ANY_SLUG: Final = "?*"
"""Stands in a StringLike condition for the slug of whatever deployment: present and not empty."""
MAKING_OURS: Final[Condition] = {
    **TAGGING,
    "StringLike": {f"aws:RequestTag/{DEPLOYMENT_TAG}": ANY_SLUG},
}
"""The object is made with both tags by which it is known as ours later: see MADE_BY_US."""
CREATING: Final = (TAGGING, MAKING_OURS)
"""Conditions that only the thing being made can meet."""
MADE_BY_US: Final[Condition] = {
    **TAGGED,
    "StringLike": {f"aws:ResourceTag/{DEPLOYMENT_TAG}": ANY_SLUG},
}
"""The object was made by one of our stacks. The owner's tag alone does not say so: a VPC that the customer brings
carries it too. The deployment's tag is given at creation only, or to what has it already."""


class RoleName(StrEnum):
    """The roles that the bootstrap creates."""

    MANAGEMENT = MANAGEMENT_ROLE
    DEPLOYMENT = DEPLOYMENT_ROLE
    VERIFIER = VERIFIER_ROLE


WRITERS: Final = (RoleName.MANAGEMENT, RoleName.DEPLOYMENT)


class Step(StrEnum):
    """The part of the journey that needs a permission."""

    PROOF = "proof"
    INFRASTRUCTURE = "infrastructure"
    NETWORK = "network"
    STORAGE = "storage"
    ROLES = "roles"
    CLUSTER = "cluster"
    LAUNCH = "launch"
    OPERATION = "operation"
    PEERING = "peering"


STEP_TITLES: Final[Mapping[Step, str | Promise]] = {
    Step.PROOF: _("Proof of trust"),
    Step.INFRASTRUCTURE: _("Infrastructure choices"),
    Step.NETWORK: _("Launch: network"),
    Step.STORAGE: _("Launch: storage"),
    Step.ROLES: _("Launch: roles"),
    Step.CLUSTER: _("Launch: cluster"),
    Step.LAUNCH: _("Launch, roll back, tear down"),
    Step.OPERATION: _("Operation"),
    Step.PEERING: _("VPC peering"),
}


class Option(StrEnum):
    """The two switches that the customer has in the bootstrap: parameters of the template, variables of the module."""

    WITHHOLD_VPC_WRITES = "WithholdVpcWrites"
    ALLOW_PEERING_WRITES = "AllowPeeringWrites"


@dataclass(frozen=True)
class PolicyName:
    """A managed policy of the bootstrap, one noun each, so that no document outgrows its limit.

    `absent_when` / `present_when` name the customer's switch that removes or adds the whole policy.
    """

    logical: str
    absent_when: Option | None = None
    present_when: Option | None = None

    @property
    def name(self) -> str:
        """The name in the account."""
        return f"ClickHouse{self.logical}Policy"


NETWORK_READ: Final = PolicyName("NetworkRead")
VPC_WRITE: Final = PolicyName("VpcWrite", absent_when=Option.WITHHOLD_VPC_WRITES)
VPC_MENDING: Final = PolicyName("VpcMending", absent_when=Option.WITHHOLD_VPC_WRITES)
PEERING: Final = PolicyName("Peering", present_when=Option.ALLOW_PEERING_WRITES)
STORAGE: Final = PolicyName("Storage")
IDENTITY: Final = PolicyName("Identity")
CLUSTER: Final = PolicyName("Cluster")
DNS: Final = PolicyName("Dns")
STACKS: Final = PolicyName("Stacks")
DATA_PLANE: Final = PolicyName("DataPlane")
VERIFIER: Final = PolicyName("Verifier")

POLICIES: Final = (
    NETWORK_READ,
    VPC_WRITE,
    VPC_MENDING,
    PEERING,
    STORAGE,
    IDENTITY,
    CLUSTER,
    DNS,
    STACKS,
    DATA_PLANE,
    VERIFIER,
)
ALL_PROFILES: Final = profile_names()


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Actions that stand in one statement and in the ledger for one reason.

    `sid` is the statement's id and unique in its policy; grants with equal `sid` would be two statements, so none are.
    """

    sid: str
    policy: PolicyName
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    step: Step
    reason: str | Promise
    without: str | Promise
    condition: Condition = field(default_factory=dict)
    roles: tuple[RoleName, ...] = WRITERS
    profiles: tuple[str, ...] = ALL_PROFILES


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One row of the ledger: one action on one set of resources under one condition."""

    action: str
    resources: tuple[str, ...]
    condition: Condition
    step: Step
    reason: str | Promise
    without: str | Promise
    roles: tuple[RoleName, ...]
    profiles: tuple[str, ...]
    policy: PolicyName
    sid: str

    @property
    def withheld_by(self) -> Option | None:
        """The customer's switch that takes this permission away."""
        return self.policy.absent_when

    @property
    def allowed_by(self) -> Option | None:
        """The customer's switch without which this permission is not given."""
        return self.policy.present_when
