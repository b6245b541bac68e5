"""One-time form keys: a double click, a resend after "back" or a replay does one thing.

Each rendered form carries a random key of its own. The first post with it stores the key as used, in the
transaction of what it does; every later post with the same key is sent to the result of the first.

In the template, inside the form (`{% load formkeys %}`)::

    {% csrf_token %}{% form_key %}

In the view, after the form was found valid::

    return once(request, lambda: launched(deployment, by=request.user))   # returns the result's URL

`once` runs the function inside a transaction and redirects to the URL that it returned. When the function raises,
the transaction is rolled back and the key with it, so the corrected form may be posted again. A post without a
key, with a malformed one, or with the key of another person gets 409 and does nothing.

Views with an answer of their own call `claim` themselves, inside `transaction.atomic()` and before the action::

    earlier = claim(request.POST.get("form_key"), user=request.user, result_url=url)
    if earlier is not None:
        return redirect(earlier)
"""

import re
import secrets
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from portal.accounts.models import FormKey, User

FIELD = "form_key"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")

Person = User | AnonymousUser | None


class FormKeyRefused(ValueError):
    """The post carries no usable form key; the answer is 409."""


def new_key() -> str:
    """A fresh key: 256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def claim(key: str | None, user: Person, result_url: str) -> str | None:
    """Marks `key` as used by `user` with `result_url` as its answer, in the caller's transaction.

    None: this post is the first, do the work. A URL: it was done before and its answer is there. Two posts at the
    same moment meet at the primary key: the second waits for the first's commit. Raises `FormKeyRefused` for a key
    that is missing, malformed, or was used by somebody else.
    """
    if key is None or _KEY.fullmatch(key) is None:
        raise FormKeyRefused
    person = user if isinstance(user, User) else None
    row, first = FormKey.objects.get_or_create(key=key, defaults={"user": person, "result_url": result_url})
    if first:
        return None
    if row.user_id != (person.pk if person else None):
        raise FormKeyRefused
    return row.result_url


def once(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """Runs `act` for the first post of this form and redirects to the URL that it returns; later posts are only
    redirected. 409 without a usable key.
    """
    key = request.POST.get(FIELD)
    try:
        with transaction.atomic():
            url = claim(key, request.user, "")
            if url is None:
                url = act()
                FormKey.objects.filter(key=key).update(result_url=url)
    except FormKeyRefused:
        return refused(request)
    return HttpResponseRedirect(url)


def refused(request: HttpRequest) -> HttpResponse:
    """409: the page must be loaded again before it is sent."""
    return render(request, "accounts/form_refused.html", {"again": request.path}, status=409)
