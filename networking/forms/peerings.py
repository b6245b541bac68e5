"""What the buttons of a peering's pages send."""

from typing import Final

from django import forms

from networking.states import PeeringStep
from onboarding.forms import ConfirmForm, VersionedForm

#: A page's plan: SHA-256, 64 hexadecimal digits.
HASH: Final = r"\A[0-9a-f]{64}\Z"


class PeeringActForm(VersionedForm):
    """A button that acts on the peering as it was shown."""


class StepForm(forms.Form):
    """Which of the six steps a button is about."""

    step = forms.ChoiceField(choices=PeeringStep.choices)


class ApplyForm(VersionedForm):
    """«Do it for me»: `step` is one of the six, or empty for all that is allowed; `plan_hash` says what was shown."""

    step = forms.ChoiceField(choices=[("", ""), *PeeringStep.choices], required=False)
    plan_hash = forms.RegexField(regex=HASH)


class RemovalForm(ConfirmForm):
    """The typed confirmation of a removal, of exactly the plan that was shown."""

    shown_hash = forms.RegexField(regex=HASH)
