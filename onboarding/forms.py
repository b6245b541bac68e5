"""What a person types in the journey: format only. What the account really has is judged by the checks."""

from collections.abc import Mapping
from functools import partial
from ipaddress import IPv4Network
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.address_plan import overlap_sentences
from onboarding.addresses import overlaps
from onboarding.inputs.accounts import account_id
from onboarding.inputs.cidrs import declared_range, vpc_cidr
from onboarding.inputs.integers import whole_number
from onboarding.inputs.names import deployment_name
from onboarding.inputs.regions import region
from onboarding.inputs.zone_maps import zone_map
from onboarding.models import DeclaredRange, Deployment
from onboarding.outlook import Outlook
from onboarding.states import AccountKind, VpcMode
from portal.accounts.fields import NumberField, ParsedField
from portal.aws.vendors import vendor_accounts


def _account(text: object) -> str:
    return account_id(text, vendor_accounts=vendor_accounts(), refuse_samples=settings.PRODUCTION)


class VersionedForm(forms.Form):
    """A form that says which version of the deployment it was shown."""

    version = NumberField(parse=partial(whole_number, least=1, most=2**31), widget=forms.HiddenInput)


class AccountForm(VersionedForm):
    """The account step."""

    name = ParsedField(
        parse=deployment_name,
        label=gettext_lazy("Deployment name"),
        help_text=gettext_lazy("For you and us only; it does not appear in AWS."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account_id = ParsedField(
        parse=_account,
        label=gettext_lazy("AWS account ID"),
        help_text=gettext_lazy("12 digits. The AWS console shows it in the menu at the top right."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "id"}),
    )
    account_kind = forms.ChoiceField(
        label=gettext_lazy("What else is in this account?"), choices=AccountKind.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, deployment: Deployment, **more: Any) -> None:
        super().__init__(*args, **more)
        self.deployment = deployment

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Deployment.objects.filter(organisation_id=self.deployment.organisation_id, name=name)
        if others.exclude(pk=self.deployment.pk).exists():
            raise forms.ValidationError(_("Another deployment of yours is called %(name)s.") % {"name": name})
        return name


class PermissionsForm(VersionedForm):
    """What the bootstrap template grants beyond the necessary, or less."""

    withhold_vpc_writes = forms.BooleanField(
        required=False,
        label=gettext_lazy("Withhold changes to VPCs"),
        help_text=gettext_lazy("For a VPC that you bring: we may look at it, not change it."),
    )
    allow_peering_writes = forms.BooleanField(
        required=False,
        label=gettext_lazy("Allow VPC peering"),
        help_text=gettext_lazy("We may then create peering connections and routes when you press the button for it."),
    )


class OverrideForm(VersionedForm):
    """Why a finding does not stop the onboarding."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=60)
    reason = forms.CharField(
        label=gettext_lazy("Why do you go on?"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It is kept with your name and shown to support."),
    )


class RangeForm(VersionedForm):
    """A network that will talk to the deployment."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DeclaredRange.Kind.choices)
    label = ParsedField(parse=deployment_name, label=gettext_lazy("Name"))
    cidr = ParsedField(parse=declared_range, label=gettext_lazy("CIDR"), widget=forms.TextInput(attrs={"class": "id"}))


class ListWidget(forms.CheckboxSelectMultiple):
    """Checkboxes under a name that ends in `[]`: the only kind of name that may arrive several times."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values: list[str] = data.getlist(f"{name}[]")
        return values

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class ChoicesForm(VersionedForm):
    """What is chosen whoever makes the VPC."""

    region = ParsedField(parse=str, label=gettext_lazy("Region"), widget=forms.Select())
    vpc_mode = forms.ChoiceField(label=gettext_lazy("VPC"), choices=VpcMode.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, outlook: Outlook, **more: Any) -> None:
        super().__init__(*args, **more)
        self.outlook = outlook
        region_field = self.fields["region"]
        assert isinstance(region_field, ParsedField)
        region_field.parse = lambda text: region(text, allowed=outlook.profile.region_codes)

    def clean_region(self) -> str:
        code: str = self.cleaned_data["region"]
        refused = self.outlook.refused_region()
        if refused is not None:
            raise forms.ValidationError([refused.message, refused.remedy])
        return code


class BroughtVpcForm(ChoicesForm):
    """The region of an existing VPC. What was typed for a new one comes along and is not read."""

    cidr = forms.Field(required=False)
    zones = forms.Field(required=False, widget=ListWidget)
    other_zones = forms.Field(required=False)

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "cidr": "", "zones": [], "other_zones": ""}


class InfrastructureForm(ChoicesForm):
    """Region, VPC, CIDR and zones, as a draft: by their form and by what the account is known to have."""

    cidr = ParsedField(
        parse=str,
        label=gettext_lazy("CIDR of the BYOC VPC"),
        widget=forms.TextInput(attrs={"class": "id", "autocomplete": "off", "spellcheck": "false"}),
    )
    zones = forms.MultipleChoiceField(
        label=gettext_lazy("Zones"),
        widget=ListWidget,
        required=True,
        error_messages={
            "required": gettext_lazy("Choose three zones of the list."),
            "invalid_choice": gettext_lazy("%(value)s is not one of the zones on offer. Choose three of the list."),
        },
    )
    other_zones = ParsedField(
        parse=zone_map,
        optional=True,
        label=gettext_lazy("Zones of another account"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "id", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, outlook: Outlook, **more: Any) -> None:
        super().__init__(*args, outlook=outlook, **more)
        cidr_field, zone_field = self.fields["cidr"], self.fields["zones"]
        assert isinstance(cidr_field, ParsedField)
        assert isinstance(zone_field, forms.MultipleChoiceField)
        cidr_field.parse = lambda text: vpc_cidr(text, profile=outlook.profile)
        zone_field.choices = outlook.zone_choices

    def clean_cidr(self) -> str:
        cidr: str = self.cleaned_data["cidr"]
        met = overlaps(IPv4Network(cidr), self.outlook.occupied)
        if met:
            raise forms.ValidationError(overlap_sentences(met))
        return cidr

    def clean_zones(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["zones"]
        needed = self.outlook.profile.zones
        if len(set(chosen)) != needed or len(chosen) != needed:
            raise forms.ValidationError(_("Choose exactly %(count)d zones.") % {"count": needed})
        return chosen


def choices_form(posted: Mapping[str, Any], outlook: Outlook) -> ChoicesForm:
    """The form for the kind of VPC that was posted; an unknown kind is refused by the form of a new one."""
    kind = BroughtVpcForm if posted.get("vpc_mode") == VpcMode.EXISTING else InfrastructureForm
    return kind(posted, outlook=outlook)


class ConfirmForm(VersionedForm):
    """A typed confirmation of exactly what was shown."""

    shown_hash = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput, required=False)
    confirmation = forms.CharField(max_length=100)

    def __init__(self, *args: Any, phrase: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.phrase = phrase

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"]
        if typed.strip() != self.phrase:
            raise forms.ValidationError(_("Type exactly %(phrase)s.") % {"phrase": self.phrase})
        return typed
