"""What a person hands in about private access: the public name, what the probe printed, and what they know of."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.endpoints import public_name
from networking.models import Peering
from networking.reach.results import LARGEST
from onboarding.forms import VersionedForm
from portal.accounts.fields import ParsedField


class EndpointForm(VersionedForm):
    """The public host name, as it is pasted."""

    public_host = ParsedField(
        parse=public_name,
        label=gettext_lazy("Public host name of your service"),
        help_text=gettext_lazy("The name that your clients connect to now. A whole address may be pasted."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "id"}),
    )


class ProofForm(forms.Form):
    """What the probe printed, as a file or as pasted text: one of the two."""

    peering = forms.ModelChoiceField(
        queryset=Peering.objects.none(),
        label=gettext_lazy("In which VPC did it run?"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the peering in whose target VPC the script ran.")},
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Paste what it printed"),
        help_text=gettext_lazy("The one line in braces."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "class": "id"}),
    )
    result = forms.FileField(
        required=False,
        allow_empty_file=True,
        label=gettext_lazy("Or choose the file"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def __init__(self, *args: Any, peerings: Iterable[Peering] = (), **more: Any) -> None:
        """`peerings` are those that may be named."""
        super().__init__(*args, **more)
        chosen: Any = self.fields["peering"]
        chosen.queryset = Peering.objects.filter(pk__in=[row.pk for row in peerings])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        text, sent = str(given.get("text") or ""), given.get("result")
        if len(self.files.getlist("result")) > 1 if self.files else False:
            self.add_error("result", _("Send one file at a time."))
        elif sent is not None and text.strip():
            self.add_error("text", _("Paste the line or choose the file, not both."))
        elif sent is None and not text.strip():
            self.add_error("text", _("Paste the line that the script printed, or choose the file."))
        elif (len(text.encode(errors="replace")) if sent is None else sent.size) > LARGEST:
            said = _("This is longer than %(limit)s KiB. The probe prints one line: give us that line.")
            self.add_error("text" if sent is None else "result", said % {"limit": LARGEST // 1024})
        return given

    def content(self) -> bytes:
        """The bytes of a valid form."""
        sent = self.cleaned_data.get("result")
        data: bytes = sent.read() if sent is not None else self.cleaned_data["text"].encode(errors="replace")
        return data


class RemovalForm(forms.Form):
    """That the customer knows what goes with the public load balancer."""

    understood = forms.BooleanField(
        label=gettext_lazy("Whoever connects from outside the peered VPCs no longer gets in. I have told them."),
        error_messages={"required": gettext_lazy("Tick this once everybody who connects from elsewhere knows.")},
    )
