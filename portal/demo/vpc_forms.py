"""The forms of the VPC console's stand-in, with the fields of AWS's own.

https://docs.aws.amazon.com/vpc/latest/peering/create-vpc-peering-connection.html and vpc-peering-routing.html
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.demo.forms import REGION_CHOICES, account_field
from portal.demo.network_shapes import Connection, Side, Vpc

MINE, OTHER = "mine", "other"
HERE, ELSEWHERE = "here", "elsewhere"


class VpcLinkForm(forms.Form):
    """A pasted link to a page of the VPC console, for browsers without scripts."""

    link = forms.CharField(label=_("Link to a page of the VPC console"), max_length=2000, strip=True)


class CreatePeeringForm(forms.Form):
    """The page “Create peering connection”."""

    name = forms.CharField(
        label=_("Name - optional"), max_length=256, required=False,
        help_text=_("Creates a tag with a key of “Name” and the value that you specify."),
    )  # fmt: skip
    requester = forms.ChoiceField(label=_("VPC ID (Requester)"))
    owner = forms.ChoiceField(
        label=_("Account"), initial=MINE, widget=forms.RadioSelect,
        choices=[(MINE, _("My account")), (OTHER, _("Another account"))],
    )  # fmt: skip
    account_id = account_field(
        label=_("Account ID"), required=False, help_text=_("Only with “Another account”: the accepter's 12 digits.")
    )
    place = forms.ChoiceField(
        label=_("Region"), initial=HERE, widget=forms.RadioSelect,
        choices=[(HERE, _("This Region")), (ELSEWHERE, _("Another Region"))],
    )  # fmt: skip
    other_region = forms.ChoiceField(
        label=_("Accepter's Region"), required=False, choices=[("", "–"), *REGION_CHOICES],
        help_text=_("Only with “Another Region”."),
    )  # fmt: skip
    accepter = forms.CharField(
        label=_("VPC ID (Accepter)"), max_length=40, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, vpcs: list[Vpc], account_id: str, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._account_id, self._region = account_id, region
        choices = [(vpc.id, vpc.title) for vpc in vpcs]
        self.fields["requester"].choices = [("", _("Select a VPC")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """“Another account” needs its number, “Another Region” its code."""
        given = super().clean() or {}
        if given.get("owner") == OTHER and not given.get("account_id") and "account_id" not in self.errors:
            self.add_error("account_id", _now("Enter the account ID of the accepter VPC's owner."))
        if given.get("place") == ELSEWHERE and not given.get("other_region"):
            self.add_error("other_region", _now("Choose the Region of the accepter VPC."))
        return given

    def other_side(self) -> Side:
        """The accepter's side. Only of a valid form."""
        given = self.cleaned_data
        account_id = given["account_id"] if given["owner"] == OTHER else self._account_id
        region = given["other_region"] if given["place"] == ELSEWHERE else self._region
        return Side(account_id, region, given["accepter"], ())


class AddRouteForm(forms.Form):
    """One row of “Edit routes” whose target is a peering connection."""

    destination = forms.CharField(
        label=_("Destination"), max_length=50, strip=True,
        widget=forms.TextInput(attrs={"placeholder": "10.0.0.0/16", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    target = forms.ChoiceField(label=_("Target: Peering Connection"))

    def __init__(self, *args: Any, peerings: list[Connection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.peerings = peerings
        choices = [(one.id, f"{one.id} ({one.name})" if one.name else one.id) for one in peerings]
        self.fields["target"].choices = [("", _("Select a peering connection")), *choices]  # type: ignore[attr-defined]
