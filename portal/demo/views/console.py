"""The stand-in for the AWS console: quick create, stacks, events, delete. The demo's, not the portal's."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.gate import public
from portal.demo import stacks
from portal.demo.accounts import ACCOUNT_ID, ACCOUNTS, CROWDED_REGION, CUSTOMER
from portal.demo.aws import NoEmulatorError
from portal.demo.forms import REGION_CODES, CreateStackForm, LinkForm, PlaceForm, proposal
from portal.demo.links import NotALinkError, QuickCreate, quick_create, stack_of
from portal.demo.stacks import StackPlace, TemplateSummary

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reaching_aws[**P](view: View[P]) -> View[P]:
    """Shows what the emulated AWS said, or that it is not there, instead of an error page."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ClientError as error:
            return render(request, "demo/console_error.html", {"error": told(error)}, status=400)
        except (BotoCoreError, NoEmulatorError) as error:
            return render(request, "demo/console_error.html", {"error": told(error)}, status=503)

    return shown


def told(error: Exception) -> str:
    """AWS's own words, as its console shows them, or why nothing was heard."""
    if isinstance(error, ClientError):
        return f"{error.response['Error'].get('Code', '')}: {error.response['Error'].get('Message', '')}"
    if isinstance(error, NoEmulatorError):
        return str(error)
    return _("The emulated AWS does not answer. Start the demo again with: make demo")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where links to the AWS console arrive. What they say behind the # is carried over by a script."""
    return _home(request, LinkForm())


def _home(request: HttpRequest, link_form: LinkForm, status: int = 200) -> HttpResponse:
    context = {"link_form": link_form, "place_form": _place_form(request), "accounts": ACCOUNTS}
    return render(request, "demo/console_home.html", context, status=status)


@public
@require_safe
def elsewhere(request: HttpRequest, page: str) -> HttpResponse:
    """Where links to other parts of the AWS console lead: the stand-in says plainly that it has only CloudFormation."""
    return render(request, "demo/console_elsewhere.html", {"page": page})


def _place_form(request: HttpRequest) -> PlaceForm:
    region = request.GET.get("region", "")
    return PlaceForm(initial={"account": CUSTOMER.id, "region": region if region in REGION_CODES else CROWDED_REGION})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@reaching_aws
def quick_create_stack(request: HttpRequest) -> HttpResponse:
    """The quick-create page of a link, and the making of the stack."""
    link_form = LinkForm(request.GET)
    try:
        link = quick_create(link_form.cleaned_data["link"]) if link_form.is_valid() else None
        reason = ""
    except NotALinkError as error:
        link, reason = None, str(error)
    if link is None:
        if reason:
            link_form.add_error("link", reason)
        return _home(request, link_form, 422)
    return _created(request, link) if request.method == "POST" else _proposed(request, link)


def _proposed(request: HttpRequest, link: QuickCreate) -> HttpResponse:
    region = link.region if link.region in REGION_CODES else CROWDED_REGION
    summary = stacks.summary(CUSTOMER.id, region, link.template_url)
    form = CreateStackForm(summary=summary, initial=proposal(link, CUSTOMER.id, summary))
    return _quick_create(request, form, summary)


def _quick_create(
    request: HttpRequest, form: CreateStackForm, summary: TemplateSummary | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "summary": summary, "accounts": ACCOUNTS}
    return render(request, "demo/quick_create_stack.html", context, status=status)


def _created(request: HttpRequest, link: QuickCreate) -> HttpResponse:
    account, region = request.POST.get("account", ""), request.POST.get("region", "")
    url = request.POST.get("template_url", "") or link.template_url
    summary = stacks.summary(account, region, url) if known(account, region) else None
    form = CreateStackForm(request.POST, summary=summary)
    if form.is_valid():
        given = form.cleaned_data
        try:
            place = stacks.create(
                given["account"],
                given["region"],
                given["stack_name"],
                given["template_url"],
                form.parameters(),
                named_iam=given["named_iam"],
            )
        except ClientError as error:
            form.add_error(None, told(error))
        else:
            return to_stack(place)
    return _quick_create(request, form, summary, 422)


@public
@require_safe
@reaching_aws
def stack_list(request: HttpRequest) -> HttpResponse:
    """The stacks of one account in one region."""
    form = PlaceForm(request.GET or {"account": CUSTOMER.id, "region": CROWDED_REGION})
    rows = stacks.stacks(form.cleaned_data["account"], form.cleaned_data["region"]) if form.is_valid() else []
    status = 200 if form.is_valid() else 422
    context = {"place_form": form, "rows": rows, "accounts": ACCOUNTS}
    return render(request, "demo/stack_list.html", context, status=status)


@public
@require_safe
@reaching_aws
def stack_by_link(request: HttpRequest) -> HttpResponse:
    """A link to a stack's page at AWS leads to the same stack here; any other to the list."""
    named = stack_of(request.GET.get("link", ""))
    if named is None or not known(named.account_id, named.region):
        return redirect("demo:stack_list")
    return to_stack(named)


def known(account: str, region: str) -> bool:
    """Whether the stand-in has such an account and region."""
    return re.fullmatch(ACCOUNT_ID, account) is not None and region in REGION_CODES


def _place(account: str, region: str, name: str, key: UUID) -> StackPlace:
    """Raises Http404 for an account or region that the demo does not have."""
    if not known(account, region):
        raise Http404
    return StackPlace(account, region, name, str(key))


def to_stack(place: StackPlace) -> HttpResponse:
    """To a stack's page."""
    return redirect(reverse("demo:stack", args=[place.account_id, place.region, place.name, UUID(place.key)]))


def _view_of(place: StackPlace) -> stacks.StackView:
    """Raises Http404 for a stack that never was; other refusals stay ClientError."""
    try:
        return stacks.look(place)
    except ClientError as error:
        if error.response["Error"].get("Code") == "ValidationError":
            raise Http404 from None
        raise


@public
@require_safe
@reaching_aws
def stack(request: HttpRequest, account: str, region: str, name: str, key: UUID) -> HttpResponse:
    """One stack with its events."""
    return render(request, "demo/stack.html", {"view": _view_of(_place(account, region, name, key))})


@public
@require_safe
@reaching_aws
def stack_progress(request: HttpRequest, account: str, region: str, name: str, key: UUID) -> HttpResponse:
    """The fragment that the page polls: 204 while nothing has changed."""
    view = _view_of(_place(account, region, name, key))
    if request.GET.get("seen") == view.version:
        return HttpResponse(status=204)
    return render(request, "demo/_stack.html", {"view": view})


@public
@require_POST
@reaching_aws
def delete_stack(request: HttpRequest, account: str, region: str, name: str, key: UUID) -> HttpResponse:
    """DeleteStack, then the stack's page."""
    place = _place(account, region, name, key)
    stacks.delete(place)
    return to_stack(place)
