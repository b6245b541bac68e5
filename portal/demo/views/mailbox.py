"""Every mail that the portal sent, newest first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.gate import public
from portal.demo.models import DemoMail

PER_PAGE = 20


@public
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Mails as text; a page number that does not exist shows the nearest page that does."""
    page = Paginator(DemoMail.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/mailbox.html", {"page": page})
