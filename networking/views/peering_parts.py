"""One part of a peering's page by itself, when what was posted from it was refused."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from networking.models import Peering
from networking.pages.peering_steps import page_url


def peering_part(request: HttpRequest, peering: Peering, part: Mapping[str, Any], *, status: int) -> HttpResponse:
    """`part` has `title`, `part` (a template of templates/networking) and what that part needs."""
    context = {
        "deployment": peering.deployment,
        "back_url": page_url(peering),
        "back": _("Back to the peering"),
        **part,
    }
    return render(request, "networking/vpc_part.html", context, status=status)
