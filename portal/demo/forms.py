"""The forms of the console stand-in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.rules.regions import REGIONS_OF_2026_08
from portal.demo.accounts import ACCOUNT_ID, CUSTOMER
from portal.demo.links import QuickCreate
from portal.demo.stacks import CAPABILITY, TemplateParameter, TemplateSummary

ACCOUNT_LIST = "demo-accounts"
"""The DOM id of the datalist with the accounts that the demo has seeded."""
REGION_CHOICES = [(region.code, region.code) for region in REGIONS_OF_2026_08]
REGION_CODES = tuple(code for code, _title in REGION_CHOICES)
PREFIX = "param_"


def account_field(**options: Any) -> forms.RegexField:
    """Any account number: the emulator has them all, and most are empty. The seeded ones are offered."""
    return forms.RegexField(
        ACCOUNT_ID,
        strip=True,
        widget=forms.TextInput(attrs={"list": ACCOUNT_LIST, "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("An AWS account ID has 12 digits, for example 222222222222.")},
        **options,
    )


class LinkForm(forms.Form):
    """A pasted quick-create link, for browsers without scripts."""

    link = forms.CharField(label=_("Quick-create link"), max_length=8000, strip=True)


class PlaceForm(forms.Form):
    """Which account's stacks, and where."""

    account = account_field(label=_("Account"), initial=CUSTOMER.id)
    region = forms.ChoiceField(label=_("Region"), choices=REGION_CHOICES)


class CreateStackForm(forms.Form):
    """The quick-create page: every value may be overwritten, as at AWS."""

    account = account_field(
        label=_("Account that is signed in"),
        help_text=_(
            "At AWS it is the account you are signed in to. Another one than you registered is a mistake to try."
        ),
    )
    region = forms.ChoiceField(label=_("Region"), choices=REGION_CHOICES)
    template_url = forms.CharField(label=_("Template URL"), max_length=5120)
    stack_name = forms.CharField(label=_("Stack name"), max_length=128)

    def __init__(self, *args: Any, summary: TemplateSummary | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in summary.parameters if summary else ():
            self.fields[PREFIX + parameter.name] = _parameter_field(parameter)
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
        given = self.cleaned_data.items()
        return {name.removeprefix(PREFIX): str(value) for name, value in given if name.startswith(PREFIX)}


def _parameter_field(parameter: TemplateParameter) -> forms.Field:
    if parameter.allowed:
        choices = [(value, value) for value in parameter.allowed]
        return forms.ChoiceField(label=parameter.name, help_text=parameter.description, choices=choices)
    return forms.CharField(
        label=parameter.name, help_text=parameter.description, required=False, strip=False, max_length=4096
    )


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
