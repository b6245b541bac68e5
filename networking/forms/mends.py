"""What the buttons of «Apply for me» send."""

from typing import Final

from django import forms

from onboarding.forms import VersionedForm

APPLY: Final = "apply"
GO_ON: Final = "go_on"
LEAVE: Final = "leave"


class MendForm(VersionedForm):
    """`act` is the button; `plan_hash` (64 hexadecimal digits) says which plan was shown."""

    act = forms.ChoiceField(choices=[(name, name) for name in (APPLY, GO_ON, LEAVE)])
    plan_hash = forms.RegexField(regex=r"\A[0-9a-f]{64}\Z", required=False)
