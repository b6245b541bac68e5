"""The peering role as one customer gets it: link, command, template, module and policies in their own values.

One role serves all peerings of the tenant with VPCs of that account, so its parameters name the VPCs of all of them.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Self

from django.conf import settings

from networking.models import Peering
from networking.peering_role.ledger import BYOC_VPCS, TARGET_VPCS
from networking.peering_role.renderings import (
    ROLE_VERSION,
    STACK_NAME,
    role_documents,
    role_module,
    role_template,
    role_template_path,
)
from networking.states import PeeringState
from onboarding.bootstrap.versions import digest
from onboarding.delivery import Download, StackDelivery, policy_values
from portal.aws.models import Connection

#: Where the usage block looks for the Terraform module.
MODULE_SOURCE = "./clickhouse-peering-role"


@dataclass(frozen=True)
class RoleDelivery(StackDelivery):
    """What the page of the peering role hands out. Every value comes from rows and settings, none from a request."""

    connection: Connection
    home: str
    targets: tuple[str, ...]
    requesters: tuple[str, ...]

    @classmethod
    def of(cls, peering: Peering, connection: Connection) -> Self:
        """The delivery for the account of a peering: `connection` is the link to it. One query."""
        lent = Peering.objects.filter(target=connection).exclude(state=PeeringState.REMOVED)
        sharing = list(lent.select_related("deployment__connection").order_by("created_at"))
        return cls(
            connection,
            peering.region,
            tuple(dict.fromkeys(target_arn(row) for row in sharing)),
            tuple(dict.fromkeys(requester_arn(row) for row in sharing)),
        )

    @property
    def region(self) -> str:
        """Where the stack is created; the role is the same everywhere."""
        return self.home

    @property
    def version(self) -> int:
        """The template's version."""
        return ROLE_VERSION

    @property
    def stack_name(self) -> str:
        """The stack's name in the target account."""
        return STACK_NAME

    @property
    def sha256(self) -> str:
        """The digest of the template's body."""
        return _digest()

    @property
    def template_url(self) -> str:
        """The immutable address of the template."""
        return f"{settings.BOOTSTRAP_TEMPLATE_URL}/{_path()}"

    @property
    def module_directory(self) -> str:
        """Where the Terraform module is put."""
        return MODULE_SOURCE

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The stack's parameters."""
        return [
            ("ExternalId", self.connection.external_id),
            ("VendorAccountId", settings.VENDOR_ACCOUNT_ID),
            ("TargetVpcArns", ",".join(self.targets)),
            ("ByocVpcArns", ",".join(self.requesters)),
        ]

    @property
    def terraform(self) -> str:
        """The `module` block for the customer's configuration."""
        values = [
            ("source", json.dumps(MODULE_SOURCE)),
            ("external_id", json.dumps(self.connection.external_id)),
            ("vendor_account_id", json.dumps(settings.VENDOR_ACCOUNT_ID)),
            ("target_vpc_arns", json.dumps(self.targets)),
            ("byoc_vpc_arns", json.dumps(self.requesters)),
        ]
        body = "".join(f"  {name.ljust(17)} = {value}\n" for name, value in values)
        return f'module "clickhouse_peering_role" {{\n{body}}}\n'

    def file(self, kind: str) -> Download:
        """The template, the Terraform module or the policies. Raises KeyError for an unknown kind."""
        vendor = settings.VENDOR_ACCOUNT_ID
        match kind:
            case "cloudformation":
                name = f"clickhouse-peering-role-v{ROLE_VERSION}.json"
                return Download(name, "application/json", role_template(vendor_account_id=vendor))
            case "terraform":
                return Download("main.tf", "text/plain; charset=utf-8", role_module(vendor_account_id=vendor))
            case "policies":
                documents = role_documents(
                    policy_values(self.connection), {TARGET_VPCS: self.targets, BYOC_VPCS: self.requesters}
                )
                text = json.dumps(documents, indent=2) + "\n"
                return Download("clickhouse-peering-role-policies.json", "application/json", text)
        raise KeyError(kind)


def target_arn(peering: Peering) -> str:
    """The ARN of a peering's target VPC."""
    return vpc_arn(peering.region, peering.account_id, peering.vpc_id)


def requester_arn(peering: Peering) -> str:
    """The ARN of the BYOC VPC that asks for a peering."""
    assert peering.deployment.connection is not None
    return vpc_arn(peering.requester_region, peering.deployment.connection.account_id, peering.requester_vpc)


def vpc_arn(region: str, account_id: str, vpc_id: str) -> str:
    """The ARN of a VPC of the commercial partition."""
    return f"arn:aws:ec2:{region}:{account_id}:vpc/{vpc_id}"


@cache
def _digest() -> str:
    return digest(role_template(vendor_account_id=settings.VENDOR_ACCOUNT_ID))


@cache
def _path() -> str:
    return role_template_path(vendor_account_id=settings.VENDOR_ACCOUNT_ID)
