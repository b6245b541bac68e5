"""A hand-off link that was made just now: shown this once, because nothing but its hash is kept."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from networking.models import HandOff
from portal.accounts.formkeys import FIELD, claim
from portal.accounts.gate import Request


def made_link(request: Request, make: Callable[[], tuple[HandOff, str]], *, back_url: str, back: str) -> HttpResponse:
    """Makes the link and shows it, with the way `back`. Raises FormKeyRefused and what `make` raises; a key that was
    used leads to the list of links.
    """
    with transaction.atomic():
        earlier = claim(request.POST.get(FIELD), request.user, back_url)
        if earlier is not None:
            messages.info(
                request,
                _("Your first press made the link and showed it. If you missed it, revoke it and make another one."),
            )
            return redirect(earlier)
        row, token = make()
    address = settings.PORTAL_BASE_URL + reverse("networking:hand_off", args=[token])
    context = {"deployment": row.deployment, "link": row, "address": address, "back_url": back_url, "back": back}
    return render(request, "networking/hand_off_made.html", context)
