"""What the buttons on the page of the peering role send."""

from typing import Final

from django import forms

from onboarding.forms import VersionedForm

LEND: Final = "lend"
WITHDRAW: Final = "withdraw"


class PeeringRoleForm(VersionedForm):
    """`act` is the button; the version is the peering's, as it was shown."""

    act = forms.ChoiceField(choices=[(name, name) for name in (LEND, WITHDRAW)])
