"""The stand-in for the VPC console: peering connections are made, accepted, rejected and deleted.

https://docs.aws.amazon.com/vpc/latest/peering/working-with-vpc-peering.html
"""

from collections.abc import Callable

from botocore.exceptions import ClientError
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.gate import public
from portal.demo.networks import Networks
from portal.demo.views.console import reaching_aws, told
from portal.demo.views.vpc_console import missing, show, signed_in_to
from portal.demo.vpc_forms import CreatePeeringForm


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_peerings(request: HttpRequest, networks: Networks) -> HttpResponse:
    """“Peering connections”: what this account and region still see."""
    context = {"peerings": networks.peerings()}
    return show(request, networks, "demo/vpc_peerings.html", "PeeringConnections:", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@reaching_aws
@signed_in_to
def vpc_peering_create(request: HttpRequest, networks: Networks) -> HttpResponse:
    """“Create peering connection”."""
    form = CreatePeeringForm(
        request.POST or None, vpcs=networks.vpcs(), account_id=networks.account_id, region=networks.region
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            own = networks.ask(name=given["name"], vpc_id=given["requester"], accepter=form.other_side())
        except ClientError as error:
            form.add_error(None, told(error))
        else:
            messages.success(request, _("A VPC peering connection %(id)s has been requested.") % {"id": own})
            return _to(networks, own)
    status = 422 if request.method == "POST" else 200
    return show(request, networks, "demo/vpc_peering_create.html", "CreatePeeringConnection:", {"form": form}, status)


def _to(networks: Networks, own: str) -> HttpResponse:
    return redirect("demo:vpc_peering", networks.account_id, networks.region, own)


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_peering(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """One peering connection with what may be done to it from this side."""
    return _shown(request, networks, own)


def _shown(request: HttpRequest, networks: Networks, own: str, refused: str = "") -> HttpResponse:
    page = f"PeeringConnectionDetails:VpcPeeringConnectionId={own}"
    try:
        peering = networks.peering(own)
    except ClientError as error:
        return missing(request, networks, page, error)
    place = (networks.account_id, networks.region)
    asks, answers = peering.asked_here(*place), peering.answered_here(*place)
    context = {
        "peering": peering,
        "refused": refused,
        "may_answer": peering.is_pending and answers,
        "waits_there": peering.is_pending and not answers,
        "may_delete": peering.status in {"active", "provisioning"} or (peering.is_pending and asks),
    }
    return show(request, networks, "demo/vpc_peering.html", page, context, 422 if refused else 200)


def _done(request: HttpRequest, networks: Networks, own: str, act: Callable[[], None], said: str) -> HttpResponse:
    """Does it and says so, or shows the connection with AWS's refusal."""
    try:
        act()
    except ClientError as error:
        return _shown(request, networks, own, told(error))
    messages.success(request, said)
    return _to(networks, own)


@public
@require_POST
@reaching_aws
@signed_in_to
def vpc_peering_accept(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """“Accept request”."""
    said = _("Your VPC peering connection %(id)s has been established. Next: modify your route tables.")
    return _done(request, networks, own, lambda: networks.accept(own), said % {"id": own})


@public
@require_POST
@reaching_aws
@signed_in_to
def vpc_peering_reject(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """“Reject request”."""
    said = _("The VPC peering connection request %(id)s was rejected.") % {"id": own}
    return _done(request, networks, own, lambda: networks.reject(own), said)


@public
@require_POST
@reaching_aws
@signed_in_to
def vpc_peering_delete(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """“Delete peering connection”, with or without this account's routes to it."""
    # AWS's own word, whatever the language.
    if request.POST.get("confirmed", "").strip().lower() != "delete":
        return _shown(request, networks, own, _("Nothing was deleted. To confirm, type “delete”."))
    with_routes = request.POST.get("with_routes") == "on"
    said = _("The VPC peering connection %(id)s was deleted.") % {"id": own}
    return _done(request, networks, own, lambda: networks.delete(own, with_routes=with_routes), said)
