"""The bootstrap as a Terraform module: the same roles, policies and boundary as the CloudFormation template.

Documents stand as JSON in heredocs, so that a reviewer compares them line by line with the other rendering; Terraform
puts the account, the vendor and the External ID in.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from onboarding.bootstrap.boundary import boundary_document
from onboarding.bootstrap.constants import PRODUCTION_VENDOR, TEMPLATE_VERSION, VERSION_TAG
from onboarding.bootstrap.grants import POLICIES, Option, PolicyName, RoleName
from onboarding.bootstrap.policies import BootstrapRole, bootstrap_roles, policy_document
from onboarding.stacks.naming import BOUNDARY, OWNER_TAG

MODULE_NAME = "clickhouse_byoc"
BLOCKS = {RoleName.MANAGEMENT: "management", RoleName.DEPLOYMENT: "deployment", RoleName.VERIFIER: "verifier"}
"""The block name of each role in the module."""
_VALUES = {
    "${AccountId}": "${data.aws_caller_identity.current.account_id}",
    "${VendorAccountId}": "${var.vendor_account_id}",
    "${ExternalId}": "${var.external_id}",
}
_COUNTS = {
    Option.WITHHOLD_VPC_WRITES: "var.withhold_vpc_writes ? 0 : 1",
    Option.ALLOW_PEERING_WRITES: "var.allow_peering_writes ? 1 : 0",
}

_SWITCHES = {
    Option.WITHHOLD_VPC_WRITES: "withhold_vpc_writes",
    Option.ALLOW_PEERING_WRITES: "allow_peering_writes",
}

PROVIDER = """\
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}
"""
"""Which Terraform and which provider the module needs."""
_TRUST = """\
variable "external_id" {{
  description = "The External ID that the portal shows for this account. It must be exactly that."
  type        = string

  validation {{
    condition     = length(var.external_id) >= 2 && can(regex("^[0-9A-Za-z_+=,.@:/-]+$", var.external_id))
    error_message = "Copy the External ID from the portal: letters, digits and + = , . @ : / - _ without spaces."
  }}
}}

variable "vendor_account_id" {{
  description = "The vendor's AWS account, which may assume what this module makes."
  type        = string
  default     = "{vendor}"

  validation {{
    condition     = can(regex("^[0-9]{{12}}$", var.vendor_account_id))
    error_message = "An AWS account ID has 12 digits."
  }}
}}
"""

_HEAD = """\
# ClickHouse BYOC bootstrap, version {version}, profile {profile}: IAM roles, their policies and a permissions boundary.
# Nothing else is created and nothing costs money.

{provider}
variable "byoc_env" {{
  description = "The vendor's environment."
  type        = string
  default     = "production"

  validation {{
    condition     = var.byoc_env == "production"
    error_message = "The environment is production."
  }}
}}

{trust}
variable "withhold_vpc_writes" {{
  description = "true if you bring a VPC of your own: the roles then cannot make or change a network."
  type        = bool
  default     = false
}}

variable "allow_peering_writes" {{
  description = "true if the portal may create and delete peering connections of the deployment's VPC."
  type        = bool
  default     = false
}}

data "aws_caller_identity" "current" {{}}
"""

_POLICY = """\
resource "aws_iam_policy" "{block}" {{
{count}  name        = "{name}"
  description = "{description}"
  policy      = <<-JSON
{document}
  JSON
}}
"""

_ROLE = """\
resource "aws_iam_role" "{block}" {{
  name                 = "{name}"
  description          = "{description}"
  permissions_boundary = aws_iam_policy.boundary.arn
  max_session_duration = 3600

  assume_role_policy = <<-JSON
{trust}
  JSON

  tags = {{
    "{owner}"         = "true"
    "{version_tag}" = "{version}"
  }}
}}
"""

_ATTACHMENT = """\
resource "aws_iam_role_policy_attachment" "{role}_{policy}" {{
{count}  role       = aws_iam_role.{role}.name
  policy_arn = {arn}
}}
"""

_OUTPUT = """\
output "{block}_role_arn" {{
  description = "The role {name}."
  value       = aws_iam_role.{block}.arn
}}
"""


def module_text(profile: str, *, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The module's `main.tf`: the same text for the same arguments. Raises UnknownProfile."""
    roles = bootstrap_roles(profile)
    used = {policy for role in roles for policy in role.policies}
    parts = [
        _HEAD.format(
            version=TEMPLATE_VERSION, profile=profile, provider=PROVIDER, trust=trust_variables(vendor_account_id)
        )
    ]
    parts.append(_boundary())
    parts += [_policy(policy, profile) for policy in POLICIES if policy in used]
    parts += [_role(role) for role in roles]
    parts += [_attachment(role, policy) for role in roles for policy in role.policies]
    parts += [_OUTPUT.format(block=BLOCKS[role.name], name=role.name) for role in roles]
    return "\n".join(parts)


def trust_variables(vendor_account_id: str) -> str:
    """The variables of a trust policy that lets the vendor in."""
    return _TRUST.format(vendor=vendor_account_id)


def usage_block(
    *, source: str, external_id: str, vendor_account_id: str | None = None, options: frozenset[Option] = frozenset()
) -> str:
    """The `module` block for the customer's own configuration, with the version pinned.

    `source` is the address of the module: in a registry it takes `version`, a git address takes `?ref=`, and an archive
    of ours has the version in its own address (developer.hashicorp.com/terraform/language/modules/sources).
    """
    values = _pinned(source) | {"byoc_env": "production", "external_id": external_id}
    if vendor_account_id is not None and vendor_account_id != PRODUCTION_VENDOR:
        values["vendor_account_id"] = vendor_account_id
    lines = [(name, json.dumps(value)) for name, value in values.items()]
    lines += [(name, "true") for option, name in _SWITCHES.items() if option in options]
    width = max(len(name) for name, _ in lines)
    body = "".join(f"  {name.ljust(width)} = {value}\n" for name, value in lines)
    return f'module "{MODULE_NAME}" {{\n{body}}}\n'


def _pinned(source: str) -> dict[str, str]:
    if source.startswith(("git::", "github.com/")):
        return {"source": f"{source}?ref=v{TEMPLATE_VERSION}"}
    if source.startswith(("https://", "http://", "s3::", "./")):
        return {"source": source}
    return {"source": source, "version": f"{TEMPLATE_VERSION}.0.0"}


def block_name(policy: PolicyName) -> str:
    """The block name of a policy: `vpc_write` for VpcWrite."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in policy.logical).lstrip("_")


def _count(policy: PolicyName) -> str:
    switch = policy.absent_when or policy.present_when
    return f"  count = {_COUNTS[switch]}\n\n" if switch else ""


def _boundary() -> str:
    return _POLICY.format(
        block="boundary",
        count="",
        name=BOUNDARY,
        description="ClickHouse BYOC: the most that any of its roles can do.",
        document=heredoc(boundary_document()),
    )


def _policy(policy: PolicyName, profile: str) -> str:
    return _POLICY.format(
        block=block_name(policy),
        count=_count(policy),
        name=policy.name,
        description=f"ClickHouse BYOC: {policy.logical}.",
        document=heredoc(policy_document(policy, profile)),
    )


def _role(role: BootstrapRole) -> str:
    return _ROLE.format(
        block=BLOCKS[role.name],
        name=role.name,
        description=role.description,
        trust=heredoc(role.trust),
        owner=OWNER_TAG,
        version_tag=VERSION_TAG,
        version=TEMPLATE_VERSION,
    )


def _attachment(role: BootstrapRole, policy: PolicyName) -> str:
    block = block_name(policy)
    arn = f"aws_iam_policy.{block}[0].arn" if _count(policy) else f"aws_iam_policy.{block}.arn"
    return _ATTACHMENT.format(role=BLOCKS[role.name], policy=block, count=_count(policy), arn=arn)


def heredoc(document: dict[str, Any], lists: Mapping[str, str] = MappingProxyType({})) -> str:
    """A document as a heredoc's lines, with Terraform's expressions for its placeholders.

    `lists` are placeholders of whole lists, each with the variable that holds it.
    """
    text = json.dumps(document, indent=2)
    for placeholder, variable in lists.items():
        text = text.replace(f'"{placeholder}"', f"${{jsonencode({variable})}}")
    for placeholder, expression in _VALUES.items():
        text = text.replace(placeholder, expression)
    return "\n".join(f"    {line}" for line in text.splitlines())
