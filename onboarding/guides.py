"""Guides as values: the numbered items of components/_guide.html and the tabs round them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from onboarding.delivery import StackDelivery


@dataclass(frozen=True)
class GuideValue:
    """A value to copy, and what it is called where it goes."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class GuideItem:
    """One thing to do. `done` is what we observed; `evidence` and `seen_at` say how and when."""

    text: str
    url: str = ""
    link: str = ""
    values: tuple[GuideValue, ...] = ()
    code: str = ""
    code_label: str = ""
    done: bool = False
    evidence: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Tab:
    """One of several ways, in components/_tabs.html."""

    slug: str
    title: str
    template: str


def ways() -> tuple[Tab, ...]:
    """The three ways to the bootstrap roles."""
    return (
        Tab("console", _("AWS console"), "onboarding/_way_console.html"),
        Tab("cli", "AWS CLI", "onboarding/_way_cli.html"),
        Tab("terraform", "Terraform", "onboarding/_way_terraform.html"),
    )


def console_guide(
    delivery: StackDelivery, *, seen_at: datetime | None, rest: str = "", found: str = ""
) -> tuple[GuideItem, ...]:
    """The quick-create page, item by item. The numbers are the marks of onboarding/_quick_create.html.

    `seen_at` is when the roles were first seen: then all of it is done, whoever did it. `rest` says what the last
    parameters are, `found` what was seen; by default the bootstrap's own words.
    """
    values = dict(delivery.parameters)
    named = {name: GuideValue(name, value) for name, value in values.items()}
    switches = tuple(value for name, value in named.items() if name not in {"ExternalId", "VendorAccountId"})
    account = {"account": delivery.connection.account_id}
    written = (
        GuideItem(
            text=_("Open this page in the AWS console and sign in to account %(account)s.") % account,
            url=delivery.quick_create_url,
            link=_("CloudFormation with everything filled in"),
        ),
        GuideItem(
            text=_("The template and the stack's name stand there already. Leave them."),
            values=(GuideValue(_("Stack name"), delivery.stack_name),),
        ),
        GuideItem(
            text=_("Compare the External ID and our account. Both go into the trust policy."),
            values=(named["ExternalId"], named["VendorAccountId"]),
        ),
        GuideItem(
            text=rest or _("These two follow the options above. Change them here, not in the console."), values=switches
        ),
        GuideItem(text=_("Tick «I acknowledge that AWS CloudFormation might create IAM resources with custom names».")),
        GuideItem(text=_("Press «Create stack». AWS needs about a minute; this list ticks itself.")),
    )
    if seen_at is None:
        return written
    return tuple(
        GuideItem(
            text=item.text, url=item.url, link=item.link, values=item.values,
            done=True, evidence=found or _("the roles are there"), seen_at=seen_at,
        )
        for item in written
    )  # fmt: skip


def terraform_guide(delivery: StackDelivery, *, module_url: str) -> tuple[GuideItem, ...]:
    """The same roles by Terraform."""
    return (
        GuideItem(
            text=_("Download the module into the directory %(directory)s beside your configuration.")
            % {"directory": delivery.module_directory},
            url=module_url,
            link="main.tf",
        ),
        GuideItem(
            text=_("Add this block to the configuration that manages account %(account)s.")
            % {"account": delivery.connection.account_id},
            code=delivery.terraform,
            code_label="Terraform",
        ),
        GuideItem(
            text=_("Apply it. This page notices the roles by itself."),
            code="terraform init\nterraform apply",
            code_label=_("Shell: apply"),
        ),
    )


def trust_guide(delivery: StackDelivery, roles: tuple[str, ...]) -> tuple[GuideItem, ...]:
    """How to put the right trust policy back on each of `roles`."""
    console = settings.AWS_CONSOLE_URL.format(region=delivery.region).rstrip("/")
    # Whatever stands in for the console knows CloudFormation only.
    knows_iam = console.endswith(".console.aws.amazon.com")
    return (
        GuideItem(
            text=_("Save this trust policy as trust-policy.json."), code=delivery.trust_policy, code_label="JSON"
        ),
        *(
            GuideItem(
                text=_("Put it on %(role)s: in the IAM console under «Trust relationships», or with this command.")
                % {"role": role},
                url=f"{console}/iam/home#/roles/details/{role}?section=trust_relationships" if knows_iam else "",
                link=_("%(role)s in the IAM console") % {"role": role},
                code=f"aws iam update-assume-role-policy --role-name {role} \\\n"
                "  --policy-document file://trust-policy.json",
                code_label=f"AWS CLI: {role}",
            )
            for role in roles
        ),
        GuideItem(text=_("Press «Look again». We repeat all four probes on each role.")),
    )
