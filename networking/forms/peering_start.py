"""Starting a peering: where the target VPC is, and which one; the format of what is picked or typed."""

import re
from ipaddress import IPv6Network
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.forms.choices import ids
from onboarding.forms import ListWidget
from onboarding.inputs.accounts import account_id
from onboarding.inputs.cidrs import declared_range
from onboarding.inputs.identifiers import vpc_id
from onboarding.inputs.names import deployment_name
from onboarding.inputs.refusals import Refused
from portal.accounts.fields import ParsedField
from portal.aws.service_models import commercial_regions
from portal.aws.vendors import vendor_accounts

#: A VPC has five IPv4 ranges by default and fifty at most, and a few of IPv6.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-vpcs-subnets
MOST_RANGES = 60
MOST_SUBNETS = 200
#: https://www.iana.org/assignments/ipv6-address-space/
_GLOBAL, _UNIQUE_LOCAL = IPv6Network("2000::/3"), IPv6Network("fc00::/7")


def _account(text: object) -> str:
    return account_id(text, vendor_accounts=vendor_accounts(), refuse_samples=settings.PRODUCTION)


class TargetForm(forms.Form):
    """In which account and region the VPC is that wants access."""

    account = ParsedField(
        parse=_account,
        label=gettext_lazy("AWS account of your VPC"),
        help_text=gettext_lazy("12 digits: the account that owns the VPC from which you want to reach the deployment."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "id"}),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region of your VPC"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        region: Any = self.fields["region"]
        region.choices = [(code, code) for code in commercial_regions()]


class PeeringForm(forms.Form):
    """Which VPC, under which name, and which of its subnets; ranges are typed only where nobody of ours can look."""

    label = ParsedField(
        parse=deployment_name,
        label=gettext_lazy("Name of the peering"),
        help_text=gettext_lazy("For you and us, such as the name of your VPC."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "60"}),
    )
    vpc = ParsedField(
        parse=vpc_id,
        label=gettext_lazy("VPC ID"),
        help_text=gettext_lazy("The AWS console shows it under VPC › Your VPCs."),
        widget=forms.TextInput(attrs={"class": "id", "autocomplete": "off", "spellcheck": "false"}),
    )
    ranges = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("All address ranges of your VPC"),
        help_text=gettext_lazy("Each IPv4 and IPv6 CIDR that the VPC has, one per line, such as 10.20.0.0/16."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "id", "spellcheck": "false"}),
    )
    subnets = forms.Field(required=False, widget=ListWidget)
    typed = forms.CharField(
        required=False,
        max_length=6000,
        label=gettext_lazy("Subnets that need access, by their IDs"),
        help_text=gettext_lazy("One per line. Without them we cannot say which route tables matter."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "id", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, seen: bool = False, **more: Any) -> None:
        """`seen`: a look showed the VPC, so its ranges need not be typed."""
        super().__init__(*args, **more)
        self.seen = seen

    def clean_ranges(self) -> list[str]:
        words = [word for word in re.split(r"[\s,;]+", self.cleaned_data["ranges"]) if word]
        if not words and not self.seen:
            raise forms.ValidationError(
                _("Enter the ranges of your VPC: peering is possible only where they do not overlap the deployment's.")
            )
        if len(words) > MOST_RANGES:
            raise forms.ValidationError(_("A VPC has at most %(most)d ranges.") % {"most": MOST_RANGES})
        return list(dict.fromkeys(_range(word) for word in words))

    def clean_subnets(self) -> list[str]:
        return ids(self.cleaned_data["subnets"] or [])

    def clean_typed(self) -> list[str]:
        return ids(word for word in re.split(r"[\s,]+", self.cleaned_data["typed"]) if word)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = list(dict.fromkeys([*cleaned.get("subnets", []), *cleaned.get("typed", [])]))
        if len(chosen) > MOST_SUBNETS:
            self.add_error("typed", _("Choose at most %(most)d subnets.") % {"most": MOST_SUBNETS})
        if self.seen and not chosen and not self.errors:
            self.add_error("subnets", _("Tick at least one subnet that needs access."))
        cleaned["chosen"] = chosen
        return cleaned


def _ipv6(word: str) -> str:
    """The canonical form of an IPv6 range that a VPC can have: global or unique local addresses, /44 to /64.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#vpc-sizing-ipv6
    Raises ValueError.
    """
    found = IPv6Network(word)
    is_usable = found.subnet_of(_GLOBAL) or found.subnet_of(_UNIQUE_LOCAL)
    if not is_usable or not 44 <= found.prefixlen <= 64:
        raise ValueError(word)
    return str(found)


def _range(word: str) -> str:
    """A range of either family in canonical form. Raises ValidationError."""
    if ":" in word:
        try:
            return _ipv6(word)
        except ValueError:
            said = _("%(word)s is no IPv6 range. Enter it as AWS shows it, such as 2600:1f14::/56.")
            raise forms.ValidationError(said % {"word": word[:60]}) from None
    try:
        return str(declared_range(word))
    except Refused as refused:
        raise forms.ValidationError(refused.message) from refused
