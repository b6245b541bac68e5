"""`manage.py bootstrap_template`: prints what a customer would deploy."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.filled import filled_module, filled_template
from onboarding.bootstrap.policies import policies_json
from onboarding.bootstrap.terraform import module_text
from onboarding.delivery import Delivery, policy_values
from onboarding.management.subjects import deployment_at
from onboarding.models import Deployment
from onboarding.rules.profiles import DEFAULT_PROFILE, profile_names
from portal.findings.commands import LineCommand


class Command(LineCommand):
    help = (
        "Prints the bootstrap as a CloudFormation template, as a Terraform module, or as the bare policies. With "
        "--connection the account's own values are filled in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("cloudformation", "terraform", "policies"), required=True)
        parser.add_argument("--connection", metavar="ID", help="id of the connection whose values are filled in")
        parser.add_argument(
            "--profile", choices=profile_names(), help="rule profile (the deployment's, else the default one)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        deployment = deployment_at(options["connection"]) if options["connection"] else None
        profile = options["profile"] or (deployment.profile if deployment else DEFAULT_PROFILE)
        self.stdout.write(RENDERINGS[options["format"]](profile, deployment), ending="")


def _template(profile: str, deployment: Deployment | None) -> str:
    body = bootstrap_template(profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID)
    return filled_template(body, dict(Delivery.of(deployment).parameters)) if deployment else body


def _module(profile: str, deployment: Deployment | None) -> str:
    text = module_text(profile, vendor_account_id=settings.VENDOR_ACCOUNT_ID)
    return filled_module(text, dict(Delivery.of(deployment).parameters)) if deployment else text


def _policies(profile: str, deployment: Deployment | None) -> str:
    return policies_json(profile, policy_values(deployment.connection if deployment else None))


RENDERINGS = {"cloudformation": _template, "terraform": _module, "policies": _policies}
