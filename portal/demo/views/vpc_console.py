"""The stand-in for the VPC console: VPCs, route tables and security groups. Peerings: vpc_peerings.py."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import quote

from botocore.exceptions import ClientError
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.gate import public
from portal.demo.accounts import ACCOUNTS, CROWDED_REGION, CUSTOMER
from portal.demo.forms import REGION_CODES, PlaceForm
from portal.demo.links import vpc_link
from portal.demo.network_shapes import Table
from portal.demo.networks import Networks
from portal.demo.views.console import known, reaching_aws, told
from portal.demo.vpc_forms import AddRouteForm, VpcLinkForm

ACCOUNT_COOKIE = "demo-console-account"
"""Which account is signed in to the stand-in: a link to the console does not say it."""

type View = Callable[Concatenate[HttpRequest, Networks, ...], HttpResponse]


def signed_in_to(view: View) -> Callable[..., HttpResponse]:
    """Gives the view the account and region of its address and remembers the account. Raises Http404 for others."""

    @wraps(view)
    def shown(request: HttpRequest, /, account: str, region: str, **kwargs: str) -> HttpResponse:
        if not known(account, region):
            raise Http404
        answer = view(request, Networks(account, region), **kwargs)
        answer.set_cookie(ACCOUNT_COOKIE, account, samesite="Lax", httponly=True)
        return answer

    return shown


def show(
    request: HttpRequest, networks: Networks, template: str, page: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the stand-in; `page` is its address at AWS, by which the choice of account keeps its place."""
    place = {"account": networks.account_id, "region": networks.region}
    shared = {"place": place, "place_form": PlaceForm(initial=place), "accounts": ACCOUNTS}
    link = {"page": page, "link": quote(f"#{page}", safe="")}
    return render(request, template, {**shared, **link, **context}, status=status)


def missing(request: HttpRequest, networks: Networks, page: str, error: ClientError) -> HttpResponse:
    """What AWS says of something that this account and region do not have, with the choice of another account."""
    return show(request, networks, "demo/vpc_missing.html", page, {"error": told(error)}, 404)


def account_of(request: HttpRequest) -> str:
    """The account that was last used, else the customer's."""
    remembered = request.COOKIES.get(ACCOUNT_COOKIE, "")
    return remembered if known(remembered, CROWDED_REGION) else CUSTOMER.id


@public
@require_safe
def vpc_home(request: HttpRequest) -> HttpResponse:
    """Where links to the VPC console arrive. What they say behind the # is carried over by a script."""
    region = request.GET.get("region", "")
    place = {"account": account_of(request), "region": region if region in REGION_CODES else CROWDED_REGION}
    context = {"link_form": VpcLinkForm(), "place_form": PlaceForm(initial=place), "accounts": ACCOUNTS}
    return render(request, "demo/vpc_home.html", context)


#: Page of the VPC console → the stand-in's address, and the argument that becomes part of it.
PAGES: Mapping[str, tuple[str, str]] = {
    "": ("vpc_peerings", ""),
    "peeringconnections": ("vpc_peerings", ""),
    "peeringconnectiondetails": ("vpc_peering", "vpcpeeringconnectionid"),
    "createpeeringconnection": ("vpc_peering_create", ""),
    "routetables": ("vpc_tables", ""),
    "routetabledetails": ("vpc_table", "routetableid"),
    "editroutes": ("vpc_routes", "routetableid"),
    "vpcs": ("vpc_list", ""),
    "vpcdetails": ("vpc", "vpcid"),
    "subnets": ("vpc_list", ""),
    "subnetdetails": ("vpc_subnet", "subnetid"),
    "securitygroups": ("vpc_groups", ""),
    "securitygroup": ("vpc_group", "groupid"),
}


@public
@require_safe
def vpc_by_link(request: HttpRequest) -> HttpResponse:
    """A link to a page of the VPC console leads to the same page here, in the account last used or asked for."""
    link = vpc_link(request.GET.get("link", ""))
    account, region = request.GET.get("account", ""), request.GET.get("region", "") or link.region
    if not known(account, CROWDED_REGION):
        account = account_of(request)
    region = region if region in REGION_CODES else CROWDED_REGION
    name, argument = PAGES.get(link.page, ("", ""))
    own = (link.arguments.get(argument, ""),) if argument else ()
    if not name or (own and re.fullmatch("[a-z0-9-]+", own[0]) is None):
        return redirect("demo:console_elsewhere", page=f"vpcconsole/{link.page or 'home'}")
    return redirect(reverse(f"demo:{name}", args=(account, region, *own)))


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_list(request: HttpRequest, networks: Networks) -> HttpResponse:
    """“Your VPCs”."""
    return show(request, networks, "demo/vpc_list.html", "vpcs:", {"vpcs": networks.vpcs()})


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """A VPC with its subnets, route tables and security groups."""
    page = f"VpcDetails:VpcId={own}"
    try:
        found = networks.vpc(own)
    except ClientError as error:
        return missing(request, networks, page, error)
    context = {
        "vpc": found,
        "subnets": networks.subnets(own),
        "tables": networks.tables(own),
        "groups": networks.groups(own),
    }
    return show(request, networks, "demo/vpc.html", page, context)


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_subnet(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """A subnet is shown on its VPC's page."""
    try:
        home = networks.home_of(own)
    except ClientError as error:
        return missing(request, networks, f"SubnetDetails:subnetId={own}", error)
    return redirect("demo:vpc", networks.account_id, networks.region, home)


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_tables(request: HttpRequest, networks: Networks) -> HttpResponse:
    """“Route tables”."""
    return show(request, networks, "demo/vpc_tables.html", "RouteTables:", {"tables": networks.tables()})


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_table(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """A route table with its routes and the subnets that it serves."""
    page = f"RouteTableDetails:RouteTableId={own}"
    try:
        table = networks.table(own)
    except ClientError as error:
        return missing(request, networks, page, error)
    subnets = [subnet for subnet in networks.subnets(table.vpc_id) if subnet.table_id == own]
    return show(request, networks, "demo/vpc_table.html", page, {"table": table, "subnets": subnets})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@reaching_aws
@signed_in_to
def vpc_routes(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """“Edit routes”: adds one, and shows the table anew."""
    try:
        table = networks.table(own)
    except ClientError as error:
        return missing(request, networks, f"EditRoutes:RouteTableId={own}", error)
    form = _route_form(request, networks, table)
    if request.method == "POST" and form.is_valid():
        try:
            networks.add_route(own, form.cleaned_data["destination"], form.cleaned_data["target"])
        except ClientError as error:
            form.add_error(None, told(error))
        else:
            return _updated(request, networks, own)
    return _edit(request, networks, table, form)


def _route_form(request: HttpRequest, networks: Networks, table: Table) -> AddRouteForm:
    peerings = [
        one
        for one in networks.peerings()
        if one.is_open and table.vpc_id in {one.requester.vpc_id, one.accepter.vpc_id}
    ]
    return AddRouteForm(request.POST or None, peerings=peerings)


def _edit(request: HttpRequest, networks: Networks, table: Table, form: AddRouteForm) -> HttpResponse:
    page = f"EditRoutes:RouteTableId={table.id}"
    context = {"table": table, "form": form}
    return show(request, networks, "demo/vpc_routes.html", page, context, 422 if form.errors else 200)


def _updated(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    messages.success(request, _("Updated routes for %(table)s successfully.") % {"table": own})
    return redirect("demo:vpc_table", networks.account_id, networks.region, own)


@public
@require_POST
@reaching_aws
@signed_in_to
def vpc_route_change(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """Another target in the line of a route."""
    networks.change_route(own, request.POST.get("destination", ""), request.POST.get("target", ""))
    return _updated(request, networks, own)


@public
@require_POST
@reaching_aws
@signed_in_to
def vpc_route_remove(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """“Remove” beside a route."""
    networks.remove_route(own, request.POST.get("destination", ""))
    return _updated(request, networks, own)


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_groups(request: HttpRequest, networks: Networks) -> HttpResponse:
    """“Security groups”."""
    return show(request, networks, "demo/vpc_groups.html", "SecurityGroups:", {"groups": networks.groups()})


@public
@require_safe
@reaching_aws
@signed_in_to
def vpc_group(request: HttpRequest, networks: Networks, own: str) -> HttpResponse:
    """A security group with its rules, read only: in the BYOC VPC they are the vendor's."""
    page = f"SecurityGroup:groupId={own}"
    try:
        group = networks.group(own)
    except ClientError as error:
        return missing(request, networks, page, error)
    return show(request, networks, "demo/vpc_group.html", page, {"group": group})
