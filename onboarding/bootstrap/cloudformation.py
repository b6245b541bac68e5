"""The bootstrap as a CloudFormation template: roles, policies and the boundary, and nothing else.

No nested stacks, transforms or custom resources: what the reviewer reads is what is made.
"""

import re
from typing import Any

from onboarding.bootstrap.boundary import boundary_document
from onboarding.bootstrap.constants import (
    ACCOUNT_PATTERN,
    EXTERNAL_ID_LENGTHS,
    EXTERNAL_ID_PATTERN,
    PRODUCTION_VENDOR,
    TEMPLATE_VERSION,
    VERSION_TAG,
)
from onboarding.bootstrap.grants import POLICIES, Option, PolicyName
from onboarding.bootstrap.policies import BootstrapRole, bootstrap_roles, policy_document
from onboarding.stacks.naming import BOUNDARY, OWNER_TAG
from onboarding.stacks.template import Output, Parameter, Resource, Template, attribute, ref, sub

_PLACEHOLDER = re.compile(r"\$\{(AccountId|VendorAccountId)\}")
#: What stands for one whole value of a parameter; a list of values among them.
_WHOLE = re.compile(r"\$\{(ExternalId|\w+Arns)\}")
_CONDITIONS = {
    "VpcWrites": (Option.WITHHOLD_VPC_WRITES, "false"),
    "PeeringWrites": (Option.ALLOW_PEERING_WRITES, "true"),
}
_LOGICAL = {"ClickHouseManagementRole": "ManagementRole", "ClickHouseDeploymentRole": "DeploymentRole",
            "ClickHouseVerifierRole": "VerifierRole"}  # fmt: skip


def bootstrap_template(profile: str, *, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The template's body: the same text for the same arguments. Raises UnknownProfile.

    `vendor_account_id` becomes the parameter's default; the External ID has none on purpose.
    """
    return _template(profile, vendor_account_id).body()


def _template(profile: str, vendor_account_id: str) -> Template:
    roles = bootstrap_roles(profile)
    used = {policy for role in roles for policy in role.policies}
    resources = {"Boundary": _boundary()}
    resources |= {f"{policy.logical}Policy": _policy(policy, profile) for policy in POLICIES if policy in used}
    resources |= {_LOGICAL[role.name]: _role(role) for role in roles}
    outputs = {f"{logical}Arn": Output(f"{name}.", attribute(logical, "Arn")) for name, logical in _LOGICAL.items()}
    outputs["TemplateVersion"] = Output("The version of this template.", str(TEMPLATE_VERSION))
    return Template(
        description=f"ClickHouse BYOC bootstrap, version {TEMPLATE_VERSION}, profile {profile}: IAM roles, their "
        "policies and a permissions boundary. Nothing else is created and nothing costs money.",
        parameters=_parameters(vendor_account_id),
        resources=resources,
        outputs=outputs,
        conditions={name: {"Fn::Equals": [ref(option), value]} for name, (option, value) in _CONDITIONS.items()},
        metadata={"Profile": profile, "TemplateVersion": str(TEMPLATE_VERSION)},
    )


def _parameters(vendor_account_id: str) -> dict[str, Parameter]:
    yes_no = ("true", "false")
    return trust_parameters(vendor_account_id) | {
        Option.WITHHOLD_VPC_WRITES.value: Parameter(
            "true if you bring a VPC of your own: the roles then cannot make or change a network.",
            default="false",
            allowed=yes_no,
        ),
        Option.ALLOW_PEERING_WRITES.value: Parameter(
            "true if the portal may create and delete peering connections of the deployment's VPC.",
            default="false",
            allowed=yes_no,
        ),
    }


def trust_parameters(vendor_account_id: str) -> dict[str, Parameter]:
    """The parameters of a trust policy that lets the vendor in: the External ID, and whose account the vendor's is."""
    return {
        "ExternalId": Parameter(
            "The External ID that the portal shows for this account. It must be exactly that.",
            EXTERNAL_ID_PATTERN,
            lengths=EXTERNAL_ID_LENGTHS,
            hint="Copy the External ID from the portal: letters, digits and + = , . @ : / - _ without spaces.",
        ),
        "VendorAccountId": Parameter(
            "The vendor's AWS account, which may assume what this template makes.", ACCOUNT_PATTERN, vendor_account_id
        ),
    }


def _boundary() -> Resource:
    return Resource(
        "AWS::IAM::ManagedPolicy",
        {
            "ManagedPolicyName": BOUNDARY,
            "Description": "ClickHouse BYOC: the most that any of its roles can do.",
            "PolicyDocument": substituted(boundary_document()),
        },
    )


def _policy(policy: PolicyName, profile: str) -> Resource:
    return Resource(
        "AWS::IAM::ManagedPolicy",
        {
            "ManagedPolicyName": policy.name,
            "Description": f"ClickHouse BYOC: {policy.logical}.",
            "PolicyDocument": substituted(policy_document(policy, profile)),
        },
        condition=_condition(policy),
    )


def _condition(policy: PolicyName) -> str | None:
    switch = policy.absent_when or policy.present_when
    return next((name for name, (option, _) in _CONDITIONS.items() if option is switch), None)


def _role(role: BootstrapRole) -> Resource:
    return Resource(
        "AWS::IAM::Role",
        {
            "RoleName": str(role.name),
            "Description": role.description,
            "AssumeRolePolicyDocument": substituted(role.trust),
            "PermissionsBoundary": ref("Boundary"),
            "ManagedPolicyArns": [_attached(policy) for policy in role.policies],
            "MaxSessionDuration": 3600,
            "Tags": [
                {"Key": OWNER_TAG, "Value": "true"},
                {"Key": VERSION_TAG, "Value": str(TEMPLATE_VERSION)},
            ],
        },
    )


def _attached(policy: PolicyName) -> Any:
    arn = ref(f"{policy.logical}Policy")
    condition = _condition(policy)
    return {"Fn::If": [condition, arn, ref("AWS::NoValue")]} if condition else arn


def substituted(value: Any) -> Any:
    """`value` with every text that holds a placeholder turned into Ref or Fn::Sub."""
    if isinstance(value, dict):
        return {key: substituted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [substituted(item) for item in value]
    if not isinstance(value, str):
        return value
    whole = _WHOLE.fullmatch(value)
    if whole is not None:
        return ref(whole[1])
    if _PLACEHOLDER.search(value) is None:
        return value
    return sub(value.replace("${AccountId}", "${AWS::AccountId}"))
