"""The bootstrap as one customer gets it: the same roles three ways, with their own values filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from django.conf import settings

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.grants import Option
from onboarding.bootstrap.policies import policies_json
from onboarding.bootstrap.quickcreate import quick_create_url
from onboarding.bootstrap.terraform import module_text, usage_block
from onboarding.bootstrap.versions import TEMPLATE_VERSION, fingerprint, template_url
from onboarding.models import Deployment
from onboarding.options import options_of
from onboarding.stacks.naming import BOOTSTRAP_STACK
from portal.aws.models import Connection
from portal.aws.sessions import HOME_REGION

#: Where the Terraform module is published; pinned by the version.
MODULE_SOURCE = "./clickhouse-byoc-bootstrap"


@dataclass(frozen=True)
class Delivery:
    """What the bootstrap page hands out. Every value comes from rows and settings, none from a request."""

    connection: Connection
    profile: str
    region: str
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
    def version(self) -> int:
        """The template's version."""
        return TEMPLATE_VERSION

    @property
    def sha256(self) -> str:
        """The digest of the template's body."""
        return fingerprint(self.profile)

    @property
    def template_url(self) -> str:
        """The immutable address of the template."""
        return template_url(settings.BOOTSTRAP_TEMPLATE_URL, self.profile)

    @property
    def stack_name(self) -> str:
        """The stack's name in the customer's account."""
        return BOOTSTRAP_STACK

    @property
    def quick_create_url(self) -> str:
        """The CloudFormation console with everything filled in."""
        return quick_create_url(
            region=self.region,
            template_url=self.template_url,
            external_id=self.connection.external_id,
            vendor_account_id=settings.VENDOR_ACCOUNT_ID,
            options=self.options,
            console=settings.AWS_CONSOLE_URL.format(region=self.region),
        )

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The stack's parameters."""
        switches = [(option.value, "true" if option in self.options else "false") for option in Option]
        return [
            ("ExternalId", self.connection.external_id),
            ("VendorAccountId", settings.VENDOR_ACCOUNT_ID),
            *switches,
        ]

    @property
    def command(self) -> str:
        """The AWS CLI command that creates the stack."""
        pairs = [f"  ParameterKey={key},ParameterValue={value}" for key, value in self.parameters]
        return " \\\n".join(
            [
                "aws cloudformation create-stack",
                f"  --region {self.region}",
                f"  --stack-name {self.stack_name}",
                f"  --template-url {self.template_url}",
                "  --capabilities CAPABILITY_NAMED_IAM",
                "  --parameters",
                *pairs,
            ]
        )

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
        values = {
            "AccountId": self.connection.account_id,
            "ExternalId": self.connection.external_id,
            "VendorAccountId": settings.VENDOR_ACCOUNT_ID,
        }
        files: dict[str, tuple[str, str, Callable[[], str]]] = {
            "cloudformation": (
                f"clickhouse-byoc-bootstrap-v{TEMPLATE_VERSION}.json",
                "application/json",
                lambda: bootstrap_template(self.profile),
            ),
            "terraform": (
                "main.tf",
                "text/plain; charset=utf-8",
                lambda: module_text(self.profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID),
            ),
            "policies": (
                "clickhouse-byoc-policies.json",
                "application/json",
                lambda: policies_json(self.profile, values),
            ),
        }
        name, content_type, body = files[kind]
        return name, content_type, body()
