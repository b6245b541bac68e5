"""The bootstrap as one customer gets it: the same roles three ways, with their own values filled in."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Self

from django.conf import settings

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.grants import Option
from onboarding.bootstrap.policies import policies_json, rendered, vendor_trust
from onboarding.bootstrap.quickcreate import bootstrap_parameters, stack_link
from onboarding.bootstrap.terraform import module_text, usage_block
from onboarding.bootstrap.versions import TEMPLATE_VERSION, fingerprint, template_url
from onboarding.models import Deployment
from onboarding.options import options_of
from onboarding.stacks.naming import BOOTSTRAP_STACK
from portal.aws.models import Connection
from portal.aws.sessions import HOME_REGION

#: Where the usage block looks for the Terraform module.
MODULE_SOURCE = "./clickhouse-byoc-bootstrap"
_COMMA = "\\\\,"


@dataclass(frozen=True)
class Download:
    """A file that the customer takes away."""

    name: str
    content_type: str
    body: str


class StackDelivery(ABC):
    """A stack that the customer creates from a template of ours: the link and the commands, in their own values.

    `connection` is the link to the account in which they create it, `rest_kind` how the console asks for the
    parameters that follow the External ID and the vendor's account.
    """

    connection: Connection
    rest_kind: ClassVar[str] = ""

    @property
    @abstractmethod
    def region(self) -> str:
        """Where the stack is created."""

    @property
    @abstractmethod
    def stack_name(self) -> str:
        """The stack's name in the customer's account."""

    @property
    @abstractmethod
    def template_url(self) -> str:
        """The immutable address of the template."""

    @property
    @abstractmethod
    def parameters(self) -> list[tuple[str, str]]:
        """The stack's parameters."""

    @property
    @abstractmethod
    def module_directory(self) -> str:
        """Where the Terraform module is put."""

    @property
    @abstractmethod
    def terraform(self) -> str:
        """The `module` block for the customer's configuration."""

    @property
    def trust_policy(self) -> str:
        """The trust policy of whatever we enter, as the template writes it, in this customer's values."""
        return json.dumps(rendered(vendor_trust(), policy_values(self.connection)), indent=2)

    @property
    def verification(self) -> str:
        """The command that prints the digest of what stands at the address."""
        return f"curl -sS {self.template_url} | sha256sum"

    @property
    def quick_create_url(self) -> str:
        """The CloudFormation console with everything filled in."""
        return stack_link(
            region=self.region,
            template_url=self.template_url,
            stack_name=self.stack_name,
            parameters=dict(self.parameters),
            console=settings.AWS_CONSOLE_URL.format(region=self.region),
        )

    @property
    def command(self) -> str:
        """The AWS CLI command that creates the stack."""
        return self._command("create-stack")

    @property
    def update_command(self) -> str:
        """The AWS CLI command that brings a stack that exists to this template and these values."""
        return self._command("update-stack")

    def _command(self, verb: str) -> str:
        # A comma within a value is escaped for the CLI, and its backslash for the shell:
        # https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html#examples
        pairs = [
            f"    ParameterKey={key},ParameterValue={value.replace(',', _COMMA)}" for key, value in self.parameters
        ]
        return " \\\n".join(
            [
                f"aws cloudformation {verb}",
                f"  --region {self.region}",
                f"  --stack-name {self.stack_name}",
                f"  --template-url {self.template_url}",
                "  --capabilities CAPABILITY_NAMED_IAM",
                "  --parameters",
                *pairs,
            ]
        )


@dataclass(frozen=True)
class Delivery(StackDelivery):
    """What the bootstrap page hands out. Every value comes from rows and settings, none from a request."""

    rest_kind: ClassVar[str] = "select"

    connection: Connection
    profile: str
    home: str
    options: frozenset[Option]

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """The delivery of a deployment whose account is registered."""
        assert deployment.connection is not None
        return cls(
            deployment.connection,
            deployment.profile,
            deployment.requested_region or HOME_REGION,
            options_of(deployment.connection),
        )

    @property
    def region(self) -> str:
        """Where the stack is created: roles are the same everywhere."""
        return self.home

    @property
    def version(self) -> int:
        """The template's version."""
        return TEMPLATE_VERSION

    @property
    def sha256(self) -> str:
        """The digest of the template's body."""
        return template_digest(self.profile)

    @property
    def template_url(self) -> str:
        """The immutable address of the template."""
        return _address(settings.BOOTSTRAP_TEMPLATE_URL, self.profile)

    @property
    def stack_name(self) -> str:
        """The stack's name in the customer's account."""
        return BOOTSTRAP_STACK

    @property
    def module_directory(self) -> str:
        """Where the Terraform module is put."""
        return MODULE_SOURCE

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The stack's parameters."""
        given = bootstrap_parameters(
            external_id=self.connection.external_id,
            vendor_account_id=settings.VENDOR_ACCOUNT_ID,
            options=self.options,
        )
        return list(given.items())

    @property
    def terraform(self) -> str:
        """The `module` block for the customer's configuration."""
        return usage_block(
            source=MODULE_SOURCE,
            external_id=self.connection.external_id,
            vendor_account_id=settings.VENDOR_ACCOUNT_ID,
            options=self.options,
        )

    def file(self, kind: str) -> tuple[str, str, str]:
        """Name, content type and body of a download. Raises KeyError for an unknown kind."""
        found = download(kind, self.profile, self.connection)
        return found.name, found.content_type, found.body


def policy_values(connection: Connection | None) -> Mapping[str, str]:
    """What stands for the placeholders of a policy; without an account those of the customer stay placeholders."""
    ours = {"VendorAccountId": settings.VENDOR_ACCOUNT_ID}
    return ours | ({"AccountId": connection.account_id, "ExternalId": connection.external_id} if connection else {})


def download(kind: str, profile: str, connection: Connection | None) -> Download:
    """The template, the Terraform module or the policies. Raises KeyError for an unknown kind."""
    match kind:
        case "cloudformation":
            name = f"clickhouse-byoc-bootstrap-v{TEMPLATE_VERSION}.json"
            return Download(
                name, "application/json", bootstrap_template(profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID)
            )
        case "terraform":
            text = module_text(profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID)
            return Download("main.tf", "text/plain; charset=utf-8", text)
        case "policies":
            text = policies_json(profile, policy_values(connection))
            return Download("clickhouse-byoc-policies.json", "application/json", text)
    raise KeyError(kind)


@cache
def template_digest(profile: str) -> str:
    """SHA-256 of a profile's template. It cannot change while the process runs."""
    return fingerprint(profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID)


@cache
def _address(base: str, profile: str) -> str:
    return template_url(base, profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID)
