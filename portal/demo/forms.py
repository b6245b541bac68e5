"""The forms of the console stand-in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.rules.regions import REGIONS_OF_2026_08
from portal.demo.accounts import ACCOUNTS, CUSTOMER
from portal.demo.links import QuickCreate
from portal.demo.stacks import CAPABILITY, TemplateSummary

ACCOUNT_CHOICES = [(account.id, f"{account.id} · {account.title}") for account in ACCOUNTS]
REGION_CHOICES = [(region.code, region.code) for region in REGIONS_OF_2026_08]
REGION_CODES = tuple(code for code, _title in REGION_CHOICES)
PREFIX = "param_"


class LinkForm(forms.Form):
    """A pasted quick-create link, for browsers without scripts."""

    link = forms.CharField(label=_("Quick-create link"), max_length=8000, strip=True)


class PlaceForm(forms.Form):
    """Which account's stacks, and where."""

    account = forms.ChoiceField(label=_("Account"), choices=ACCOUNT_CHOICES, initial=CUSTOMER.id)
    region = forms.ChoiceField(label=_("Region"), choices=REGION_CHOICES)


class CreateStackForm(forms.Form):
    """The quick-create page: every value may be overwritten, as at AWS."""

    account = forms.ChoiceField(
        label=_("Account that is signed in"),
        choices=ACCOUNT_CHOICES,
        help_text=_("At AWS this is whichever account you are signed in to. Another one than you registered is a mistake to try."),
    )
    region = forms.ChoiceField(label=_("Region"), choices=REGION_CHOICES)
    template_url = forms.CharField(label=_("Template URL"), max_length=5120)
    stack_name = forms.CharField(label=_("Stack name"), max_length=128)

    def __init__(self, *args: Any, summary: TemplateSummary | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in summary.parameters if summary else ():
            self.fields[PREFIX + parameter.name] = _parameter_field(parameter.name, parameter.description, parameter.allowed)
        self.fields["named_iam"] = forms.BooleanField(
            label=_("I acknowledge that AWS CloudFormation might create IAM resources with custom names."),
            required=False,
            help_text=CAPABILITY,
        )

    def parameter_fields(self) -> list[forms.BoundField]:
        """The fields of the template's parameters, for the page."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def parameters(self) -> dict[str, str]:
        """The template's parameters as they were sent. Only of a valid form."""
        return {
            name.removeprefix(PREFIX): str(value) for name, value in self.cleaned_data.items() if name.startswith(PREFIX)
        }


def _parameter_field(name: str, description: str, allowed: tuple[str, ...]) -> forms.Field:
    if allowed:
        return forms.ChoiceField(label=name, help_text=description, choices=[(value, value) for value in allowed])
    return forms.CharField(label=name, help_text=description, required=False, strip=False, max_length=4096)


def proposal(link: QuickCreate, account_id: str, summary: TemplateSummary) -> dict[str, str]:
    """What the form shows first: the template's defaults, overlaid with the link's values."""
    defaults = {parameter.name: parameter.default for parameter in summary.parameters}
    values = defaults | {name: value for name, value in link.parameters.items() if name in defaults}
    return {
        "account": account_id,
        "region": link.region,
        "template_url": link.template_url,
        "stack_name": link.stack_name,
        **{PREFIX + name: value for name, value in values.items()},
    }
