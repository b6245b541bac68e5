"""What a person hands in about a brought VPC: for whom a link is, a facts file, the version of a request."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.facts.strict_json import LARGEST
from onboarding.forms import VersionedForm
from onboarding.inputs.identifiers import vpc_id
from onboarding.inputs.names import deployment_name
from portal.accounts.fields import ParsedField


class LinkForm(forms.Form):
    """A link for somebody without an account. `label` has the form of any name: at most 60 characters."""

    label = ParsedField(
        parse=deployment_name,
        label=gettext_lazy("Who is it for?"),
        help_text=gettext_lazy("A name or a team, such as “Network team”. Each use of the link is listed under it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "60"}),
    )


class HandOffForm(LinkForm):
    """A link to one VPC."""

    vpc = ParsedField(parse=vpc_id, widget=forms.HiddenInput)


class FactsForm(forms.Form):
    """One facts file, about `vpc` where the page names one. The file's name and content type are the sender's to
    choose, so they count for nothing.
    """

    vpc = ParsedField(parse=vpc_id, optional=True, widget=forms.HiddenInput)
    facts = forms.FileField(
        label=gettext_lazy("Facts file"),
        help_text=gettext_lazy("The file that the script wrote, 4 MiB at most. We read it, and change nothing by it."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": gettext_lazy("Choose the file that the script wrote.")},
    )

    #: Whether the file is over the limit: the answer is 413 then.
    too_large = False

    def __init__(self, *args: Any, length: int = 0, **more: Any) -> None:
        """`length` is the size of the whole request in bytes, where it says one: a file that is far too large never
        arrives (portal/accounts/uploads.py), and is told apart by it from no file.
        """
        super().__init__(*args, **more)
        if length > LARGEST and not self.files:
            self.too_large = True
            self.fields["facts"].error_messages["required"] = _too_large()

    def clean_facts(self) -> Any:
        if len(self.files.getlist("facts")) > 1:
            raise forms.ValidationError(_("Send one file at a time."))
        sent = self.cleaned_data["facts"]
        if sent.size > LARGEST:
            self.too_large = True
            raise forms.ValidationError(_too_large())
        return sent

    def content(self) -> bytes:
        """The bytes of a valid file."""
        content: bytes = self.cleaned_data["facts"].read()
        return content

    @property
    def refused_status(self) -> int:
        """What an invalid form is answered with."""
        return 413 if self.too_large else 422


def _too_large() -> str:
    return _("The file has more than %(limit)s MiB. Facts of one VPC are smaller; run the script again.") % {
        "limit": LARGEST // 1024 // 1024
    }


class SubmitVpcForm(VersionedForm):
    """The request to support: nothing but the version of what was shown."""
