"""How allauth behaves here: nobody signs up without an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class PortalAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed; people come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
