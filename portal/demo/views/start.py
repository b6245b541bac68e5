"""The demo's start page: what one can do, as whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.gate import public
from portal.demo.accounts import ACCOUNTS, CROWDED_REGION, CUSTOMER, CUSTOMER_NETWORK, EMPTY_REGION, OWN_VPC_REGION
from portal.demo.models import DemoMail
from portal.demo.people import APPLICANT, INVITED, STAFF


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What there is to try, and the people with their passwords."""
    context = {
        "staff": STAFF,
        "invited": INVITED,
        "applicant": APPLICANT,
        "accounts": ACCOUNTS,
        "customer": CUSTOMER,
        "customer_network": CUSTOMER_NETWORK,
        "empty_region": EMPTY_REGION,
        "crowded_region": CROWDED_REGION,
        "own_vpc_region": OWN_VPC_REGION,
        "mails": DemoMail.objects.count(),
    }
    return render(request, "demo/start.html", context)
