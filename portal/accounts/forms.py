"""What people may type about themselves and others: format only."""

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from portal.accounts import ports
from portal.accounts.fields import ParsedField
from portal.accounts.models import Invitation, User
from portal.accounts.states import Role
from portal.accounts.widgets import LongSelect


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = ParsedField(
        parse=ports.parse_email, label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class NewcomerForm(forms.Form):
    """What a person who follows an invitation tells about themselves. The address and the role come from the row."""

    name = ParsedField(
        parse=ports.parse_person_name,
        optional=True,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. A sentence is better than a word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **more: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **more)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        newcomer = User(email=self.invitation.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, newcomer)
        return password


@cache
def _time_zone_choices() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(ports.time_zones())]


class ProfileForm(forms.Form):
    """How a person is called and how they read."""

    name = ParsedField(
        parse=ports.parse_person_name,
        optional=True,
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [("", _("As the browser asks")), *settings.LANGUAGES], required=False
    )
    time_zone = ParsedField(
        parse=ports.parse_time_zone,
        label=_("Time zone"),
        help_text=_("Times in pages and mails are shown in it."),
        widget=LongSelect(),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["time_zone"].widget.choices = _time_zone_choices()
