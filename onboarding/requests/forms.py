"""What a visitor types to ask for an onboarding: format only."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from onboarding.inputs.accounts import account_id
from onboarding.inputs.emails import email_address
from onboarding.inputs.names import organisation_name
from onboarding.inputs.regions import region
from onboarding.rules.profiles import profile
from portal.accounts.fields import ParsedField
from portal.accounts.widgets import LongSelect
from portal.aws.vendors import vendor_accounts


def _account(text: object) -> str:
    return account_id(
        text,
        vendor_accounts=vendor_accounts(),
        refuse_samples=settings.PRODUCTION,
    )


def _region(text: object) -> str:
    return region(text, allowed=profile().region_codes)


class RequestForm(forms.Form):
    """Company, the first admin's address, the AWS account and the region."""

    company = ParsedField(
        parse=organisation_name,
        label=_("Company"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = ParsedField(
        parse=email_address,
        label=_("Admin's e-mail address"),
        help_text=_("The invitation goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    account_id = ParsedField(
        parse=_account,
        label=_("AWS account ID"),
        help_text=_("12 digits. The AWS console shows it in the menu at the top right."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "id"}),
    )
    region = ParsedField(parse=_region, label=_("Region"), widget=LongSelect())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [(one.code, f"{one.code} · {one.title}") for one in profile().regions]
        self.fields["region"].widget.choices = [("", _("Choose a region")), *offered]
