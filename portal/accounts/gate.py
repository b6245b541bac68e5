"""The one gate that opens every view.

A view is opened by exactly one of `public`, `signed_in`, `staff`, `opens` and `by_link`; a metatest refuses a URL
whose view carries no gate. `opens(Model, role=…)` looks the object up from the URL's `<model>_id` among what the person
may see: a stranger's object is the same 404 as a missing one. `by_link(Model)` opens the row whose secret is the URL's
`token`, for whoever holds it; a link that does not work (any more) is that same 404, whatever the reason.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from portal.accounts.actions import token_hash
from portal.accounts.models import Membership, Organisation, TenantOwned, User
from portal.accounts.secondfactor import secured
from portal.accounts.states import Role

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]

#: A link's secret: 256 random bits, URL-safe.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: Of every answer behind a secret link. The address is the secret: it is kept by no cache and found by no search, and
#: no link on the page carries it to another site. `no-referrer` would make browsers post with `Origin: null`, which the
#: CSRF check refuses (https://fetch.spec.whatwg.org/#append-a-request-origin-header); `strict-origin` names our host at
#: most, never the path.
LINK_HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True)
class Gate:
    """How a view is opened, as the URL test reads it."""

    kind: str
    role: Role | None = None
    model: str = ""


class Request(HttpRequest):
    """A request that has passed the gate."""

    user: User
    htmx: HtmxDetails
    membership: Membership


def public(view: View) -> View:
    """Anybody may see it."""
    view.gate = Gate("public")  # type: ignore[attr-defined]
    return view


def _sent_to_login(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", None):
        response = HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
        response.status_code = 401
        return response
    return redirect_to_login(request.get_full_path())


def signed_in(view: View) -> View:
    """Anybody who is signed in may see it."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sent_to_login(request)
        return view(request, *args, **kwargs)

    opened.gate = Gate("signed_in")  # type: ignore[attr-defined]
    return opened


def staff(view: View) -> View:
    """Only the vendor's staff, with a second factor in this session; to everybody else the page does not exist."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sent_to_login(request)
        if not request.user.is_staff:
            raise Http404
        if not secured(request):
            return redirect_to_login(request.get_full_path(), resolve_url("admin:login"))
        return view(request, *args, **kwargs)

    opened.gate = Gate("staff")  # type: ignore[attr-defined]
    return opened


def opens(
    model: type[models.Model], *, role: Role = Role.VIEWER
) -> Callable[[Callable[Concatenate[Request, P], HttpResponseBase]], View]:
    """Opens the object named by the URL, a tenant-owned row or the organisation itself, to members whose role
    covers `role`.

    The view receives the object under its model's name. A colleague whose role is too low gets 403, a stranger and a
    missing object the same 404.
    """
    name = cast("str", model._meta.model_name)
    if not issubclass(model, (TenantOwned, Organisation)):
        raise TypeError(f"{model.__name__} is not tenant-owned: the gate cannot tell whose it is.")

    def decorate(view: Callable[Concatenate[Request, P], HttpResponseBase]) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sent_to_login(request)
            row, membership = _find(model, kwargs.pop(f"{name}_id"), request.user)
            if not Role(membership.role).covers(role):
                raise PermissionDenied
            allowed = cast("Request", request)
            allowed.membership = membership
            return view(allowed, *args, **{name: row}, **kwargs)  # type: ignore[arg-type]

        opened.gate = Gate("opens", role, model._meta.label)  # type: ignore[attr-defined]
        return opened

    return decorate


def _find(
    model: type[TenantOwned | Organisation], identity: Any, user: User
) -> tuple[TenantOwned | Organisation, Membership]:
    """The row and the person's membership in its organisation, in one query; raises Http404 for a stranger."""
    tenant_id = OuterRef("pk" if issubclass(model, Organisation) else "organisation_id")
    mine = Membership.objects.filter(user=user, organisation_id=tenant_id).values("role")[:1]
    rows: Any = model.objects.visible_to(user).annotate(role_of_viewer=Subquery(mine))
    if not issubclass(model, Organisation):
        rows = rows.select_related("organisation")
    row: TenantOwned | Organisation | None = rows.filter(pk=identity).first()
    if row is None:
        raise Http404
    tenant = row if isinstance(row, Organisation) else row.organisation
    return row, Membership(organisation=tenant, user=user, role=row.role_of_viewer)  # type: ignore[union-attr]


def by_link(model: type[TenantOwned]) -> Callable[[Callable[Concatenate[HttpRequest, P], HttpResponseBase]], View]:
    """Opens the row whose secret link was followed, to anybody who holds it; nobody need be signed in.

    The model keeps the SHA-256 of the secret in `token_hash` and says by `is_open` whether it still works. The view
    receives the row under its model's name. Unknown, malformed, expired and revoked are one answer, a 404 that says to
    ask for a new link.
    """
    name = cast("str", model._meta.model_name)
    if not hasattr(model, "token_hash") or not hasattr(model, "is_open"):
        raise TypeError(f"{model.__name__} has no secret link: the gate cannot tell who may follow it.")

    def decorate(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            row = _behind(model, str(kwargs.pop("token")))
            if row is None:
                answer: HttpResponseBase = render(request, "accounts/link_closed.html", status=404)
            else:
                answer = view(request, *args, **{name: row}, **kwargs)  # type: ignore[arg-type]
            for header, value in LINK_HEADERS.items():
                answer.headers[header] = value
            return answer

        opened.gate = Gate("link", model=model._meta.label)  # type: ignore[attr-defined]
        return opened

    return decorate


def _behind(model: type[TenantOwned], token: str) -> TenantOwned | None:
    """The open row of this secret. Looked up by its hash, so that no comparison tells how much of a guess was right."""
    if _TOKEN.fullmatch(token) is None:
        return None
    hashed = token_hash(token)
    row: Any = model.objects.select_related("organisation").filter(token_hash=hashed).first()
    same = row is not None and hmac.compare_digest(row.token_hash, hashed)
    return cast("TenantOwned", row) if same and row.is_open else None
