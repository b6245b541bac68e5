"""From the ledger to policy documents: one statement per grant, one managed policy per noun.

Limits in characters without white space: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
(managed policy 6,144; trust policy 2,048; ten managed policies on a role).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from onboarding.bootstrap.boundary import boundary_document
from onboarding.bootstrap.grants import POLICIES, Condition, Grant, PolicyName, RoleName
from onboarding.bootstrap.permissions import GRANTS, grants_for
from onboarding.stacks.naming import BOUNDARY
from onboarding.stacks.profiles import profile_named

MANAGED_POLICY_LIMIT: Final = 6_144
TRUST_POLICY_LIMIT: Final = 2_048
POLICIES_PER_ROLE: Final = 10

VENDOR: Final = "${VendorAccountId}"
EXTERNAL_ID: Final = "${ExternalId}"
"""Stand for what the customer's parameters give, as `${AccountId}` does for the account."""

Json = dict[str, Any]


@dataclass(frozen=True)
class BootstrapRole:
    """One role of the bootstrap before rendering: trust and policies with placeholders."""

    name: RoleName
    description: str
    trust: Json
    policies: tuple[PolicyName, ...]


def policy_document(policy: PolicyName, profile: str) -> Json:
    """The document of one managed policy in a profile, with `${AccountId}` in place of the account."""
    profile_named(profile)
    grants = [grant for grant in GRANTS if grant.policy == policy and profile in grant.profiles]
    return {"Version": "2012-10-17", "Statement": [statement(grant) for grant in grants]}


def policies_for(role: RoleName, profile: str) -> tuple[PolicyName, ...]:
    """The managed policies of a role in a profile, the customer's switches aside."""
    profile_named(profile)
    used = {grant.policy for grant in grants_for(role, profile)}
    return tuple(policy for policy in POLICIES if policy in used)


def bootstrap_roles(profile: str) -> tuple[BootstrapRole, ...]:
    """The three roles. Raises UnknownProfile."""
    about = {
        RoleName.MANAGEMENT: "ClickHouse BYOC: launches and operates the deployment.",
        RoleName.DEPLOYMENT: "ClickHouse BYOC: CloudFormation works on the deployment's stacks with this role.",
        RoleName.VERIFIER: "ClickHouse BYOC: looks, and changes nothing.",
    }
    trusts = {
        RoleName.MANAGEMENT: vendor_trust(),
        RoleName.DEPLOYMENT: cloudformation_trust(),
        RoleName.VERIFIER: vendor_trust(),
    }
    return tuple(BootstrapRole(role, about[role], trusts[role], policies_for(role, profile)) for role in RoleName)


def vendor_trust() -> Json:
    """One principal, the vendor's account, and in one statement all three actions under the External ID.

    Which of its own principals may use it is the vendor's matter: a name here would be welded into every customer's
    account. `sts:SetSourceIdentity` and `sts:TagSession` are asked within AssumeRole, so the External ID is there too:
    docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html,
    id_credentials_temp_control-access_monitor.html.
    """
    entry = {
        "Sid": "VendorWithExternalId",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{VENDOR}:root"},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
        "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
    }
    return {"Version": "2012-10-17", "Statement": [entry]}


def cloudformation_trust() -> Json:
    """CloudFormation: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html."""
    entry = {
        "Sid": "CloudFormation",
        "Effect": "Allow",
        "Principal": {"Service": "cloudformation.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
    }
    return {"Version": "2012-10-17", "Statement": [entry]}


def rendered(document: Json, values: Mapping[str, str]) -> Json:
    """`document` with its placeholders replaced: `rendered(trust, {"AccountId": …, "ExternalId": …})`."""
    text = json.dumps(document)
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", json.dumps(value)[1:-1])
    result: Json = json.loads(text)
    return result


def all_documents(profile: str, values: Mapping[str, str] | None = None) -> Mapping[str, Json]:
    """Every document by name, trust policies as `<role>.trust`: what `bootstrap_template --format policies` prints."""
    documents = {policy.name: policy_document(policy, profile) for policy in _used(profile)}
    documents[BOUNDARY] = boundary_document()
    documents |= {f"{role.name}.trust": role.trust for role in bootstrap_roles(profile)}
    return {name: rendered(document, values or {}) for name, document in documents.items()}


def policies_json(profile: str, values: Mapping[str, str] | None = None) -> str:
    """All documents as one JSON text."""
    return json.dumps(all_documents(profile, values), indent=2) + "\n"


def _used(profile: str) -> tuple[PolicyName, ...]:
    used = {policy for role in RoleName for policy in policies_for(role, profile)}
    return tuple(policy for policy in POLICIES if policy in used)


def statement(grant: Grant) -> Json:
    """The policy statement of one grant."""
    written: Json = {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": _one_or_many(grant.actions),
        "Resource": _one_or_many(grant.resources),
    }
    return written | ({"Condition": _condition(grant.condition)} if grant.condition else {})


def _condition(condition: Condition) -> Json:
    return {
        operator: {key: value if isinstance(value, str) else _one_or_many(value) for key, value in tests.items()}
        for operator, tests in condition.items()
    }


def _one_or_many(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
