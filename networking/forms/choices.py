"""What a person picks on the VPC page: the format of ids, whether from the list or typed."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.forms import ListWidget, VersionedForm
from onboarding.inputs.identifiers import subnet_id, vpc_id
from portal.accounts.fields import ParsedField

#: More subnets than these nobody needs; AWS has 200 per VPC.
MOST_SUBNETS = 30


class LookForm(forms.Form):
    """Which VPC to look at: one of the list, or a typed id, which goes before."""

    vpc = ParsedField(parse=vpc_id, optional=True, label=gettext_lazy("VPC"))
    other_vpc = ParsedField(
        parse=vpc_id,
        optional=True,
        label=gettext_lazy("Another VPC by its ID"),
        widget=forms.TextInput(attrs={"class": "id", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("other_vpc") or cleaned.get("vpc")
        if not chosen and not self.errors:
            self.add_error("vpc", _("Choose a VPC of the list, or type its ID."))
        cleaned["chosen"] = chosen
        return cleaned


class SubnetsForm(VersionedForm):
    """Which subnets the deployment gets: ticked in the list, typed, or both."""

    vpc = ParsedField(parse=vpc_id, widget=forms.HiddenInput)
    subnets = forms.Field(required=False, widget=ListWidget)
    typed = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("Subnets by their IDs"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "id", "spellcheck": "false"}),
    )

    def clean_subnets(self) -> list[str]:
        return ids(self.cleaned_data["subnets"] or [])

    def clean_typed(self) -> list[str]:
        return ids(word for word in re.split(r"[\s,]+", self.cleaned_data["typed"]) if word)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = list(dict.fromkeys([*cleaned.get("subnets", []), *cleaned.get("typed", [])]))
        if not self.errors and not chosen:
            self.add_error("subnets", _("Choose three subnets of the list, or type their IDs."))
        if len(chosen) > MOST_SUBNETS:
            self.add_error("subnets", _("Choose at most %(most)d subnets.") % {"most": MOST_SUBNETS})
        cleaned["chosen"] = chosen
        return cleaned


def ids(words: Any) -> list[str]:
    """Subnet IDs, each in its canonical form. Raises ValidationError."""
    try:
        return [subnet_id(word) for word in words]
    except ValueError as refused:
        raise forms.ValidationError(str(refused)) from refused
