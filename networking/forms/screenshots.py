"""What staff hand in to show a real screenshot: for which step and language, what it shows, and the picture."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.pictures import LARGEST, Picture, UnfitPicture, picture
from networking.states import PeeringStep
from onboarding.inputs.names import organisation_name
from portal.accounts.fields import ParsedField


class ScreenshotForm(forms.Form):
    """The file's name and content type are the sender's to choose, so they count for nothing."""

    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=PeeringStep.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    caption = ParsedField(
        parse=organisation_name,
        label=gettext_lazy("What it shows"),
        help_text=gettext_lazy("Read aloud to people who do not see the picture, after “Screenshot of”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "120", "class": "vTextField"}),
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, 2 MiB and 4000 × 4000 pixels at most. It is written anew as PNG, without metadata."
            " Every customer sees it: hide account IDs, names and addresses in it."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": gettext_lazy("Choose a picture of at most 2 MiB.")},
    )

    def clean_picture(self) -> Picture:
        sent: list[Any] = self.files.getlist("picture")
        if len(sent) > 1:
            raise forms.ValidationError(_("Send one file at a time."))
        try:
            return picture(sent[0].read(LARGEST + 1))
        except UnfitPicture as unfit:
            raise forms.ValidationError(str(unfit)) from unfit
