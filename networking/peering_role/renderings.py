"""The peering role as a CloudFormation template, a Terraform module and bare policies: three texts, the same role."""

import json
from collections.abc import Mapping
from typing import Any, Final

from networking.peering_role.ledger import BYOC_VPCS, GRANTS, POLICY, TARGET_VPCS
from onboarding.bootstrap.cloudformation import substituted, trust_parameters
from onboarding.bootstrap.constants import PRODUCTION_VENDOR, VERSION_TAG
from onboarding.bootstrap.policies import rendered, statement, vendor_trust
from onboarding.bootstrap.terraform import PROVIDER, heredoc, trust_variables
from onboarding.bootstrap.versions import SHOWN, digest
from onboarding.stacks.naming import OWNER_TAG
from onboarding.stacks.template import Output, Parameter, Resource, Template, attribute
from portal.aws.models.connections import ROLE_NAMES
from portal.aws.states import RoleKind

ROLE_VERSION: Final = 1
"""Raise with every change of the role; it carries the number as a tag."""
ROLE_NAME: Final = ROLE_NAMES[RoleKind.PEERING]
INLINE_POLICY_LIMIT: Final = 10_240
"""Characters of a role's inline policies: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""
STACK_NAME: Final = "clickhouse-peering-role"
DESCRIPTION: Final = "ClickHouse BYOC: looks at the target VPCs, accepts their peering and writes the routes back."
VPC_ARN_PATTERN: Final = r"^arn:aws:ec2:[a-z0-9-]+:[0-9]{12}:vpc/vpc-[0-9a-f]{8,17}$"
_LISTS: Final = {TARGET_VPCS: "var.target_vpc_arns", BYOC_VPCS: "var.byoc_vpc_arns"}
_HINT: Final = "Copy the ARNs from the portal, with commas between them."

_MODULE = """\
# ClickHouse BYOC peering role, version {version}: one IAM role with one policy. Nothing costs money.

{provider}
{trust}
variable "target_vpc_arns" {{
  description = "ARNs of the VPCs of this account that are peered with the deployment."
  type        = list(string)
}}

variable "byoc_vpc_arns" {{
  description = "ARNs of the BYOC VPCs that ask for the peering."
  type        = list(string)
}}

data "aws_caller_identity" "current" {{}}

resource "aws_iam_role" "peering" {{
  name                 = "{name}"
  description          = "{description}"
  max_session_duration = 3600

  assume_role_policy = <<-JSON
{trust_policy}
  JSON

  tags = {{
    "{owner}"         = "true"
    "{version_tag}" = "{version}"
  }}
}}

resource "aws_iam_role_policy" "peering" {{
  name   = "{policy_name}"
  role   = aws_iam_role.peering.name
  policy = <<-JSON
{policy}
  JSON
}}

output "peering_role_arn" {{
  description = "The role {name}."
  value       = aws_iam_role.peering.arn
}}
"""


def role_policy() -> dict[str, Any]:
    """The role's one policy, with placeholders for the account and both lists of VPCs."""
    return {"Version": "2012-10-17", "Statement": [statement(grant) for grant in GRANTS]}


def role_template(*, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The CloudFormation template's body: the same text for the same vendor."""
    return Template(
        description=f"ClickHouse BYOC peering role, version {ROLE_VERSION}: one IAM role with one policy. Nothing else "
        "is created and nothing costs money.",
        parameters=trust_parameters(vendor_account_id)
        | {
            "TargetVpcArns": _vpcs("ARNs of the VPCs of this account that are peered with the deployment."),
            "ByocVpcArns": _vpcs("ARNs of the BYOC VPCs that ask for the peering."),
        },
        resources={"PeeringRole": _role()},
        outputs={
            "PeeringRoleArn": Output(f"{ROLE_NAME}.", attribute("PeeringRole", "Arn")),
            "TemplateVersion": Output("The version of this template.", str(ROLE_VERSION)),
        },
        metadata={"TemplateVersion": str(ROLE_VERSION)},
    ).body()


def role_module(*, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The Terraform module's `main.tf`: the same text for the same vendor."""
    return _MODULE.format(
        version=ROLE_VERSION,
        provider=PROVIDER,
        trust=trust_variables(vendor_account_id),
        name=ROLE_NAME,
        description=DESCRIPTION,
        trust_policy=heredoc(vendor_trust()),
        owner=OWNER_TAG,
        version_tag=VERSION_TAG,
        policy_name=POLICY.name,
        policy=heredoc(role_policy(), _LISTS),
    )


def role_documents(values: Mapping[str, str], vpcs: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Policy and trust policy by name, in one customer's values; `vpcs` has a list for each of the two placeholders."""
    text = json.dumps(role_policy())
    for placeholder, arns in vpcs.items():
        text = text.replace(f'"{placeholder}"', json.dumps(list(arns)))
    return {
        POLICY.name: rendered(json.loads(text), values),
        f"{ROLE_NAME}.trust": rendered(vendor_trust(), values),
    }


def role_template_path(*, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The object's path in the vendor's bucket, immutable as the bootstrap's: `peering-role/v1/<hash>.json`."""
    return f"peering-role/v{ROLE_VERSION}/{digest(role_template(vendor_account_id=vendor_account_id))[:SHOWN]}.json"


def _vpcs(description: str) -> Parameter:
    return Parameter(description, VPC_ARN_PATTERN, type="CommaDelimitedList", hint=_HINT)


def _role() -> Resource:
    return Resource(
        "AWS::IAM::Role",
        {
            "RoleName": ROLE_NAME,
            "Description": DESCRIPTION,
            "AssumeRolePolicyDocument": substituted(vendor_trust()),
            "Policies": [{"PolicyName": POLICY.name, "PolicyDocument": substituted(role_policy())}],
            "MaxSessionDuration": 3600,
            "Tags": [
                {"Key": OWNER_TAG, "Value": "true"},
                {"Key": VERSION_TAG, "Value": str(ROLE_VERSION)},
            ],
        },
    )
