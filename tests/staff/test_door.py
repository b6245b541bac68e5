"""Who gets into the support desk."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib import admin
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.accounts.gate import staff as staff_gate
from portal.accounts.models import User
from portal.accounts.readonly import ReadOnlyAdmin
from tests.people import PASSWORD, People, join, make_staff, make_user, sign_in

DESK = "/admin/"


def _walk(client: Client, path: str = DESK):
    return client.get(path, follow=True)


def test_staff_with_a_second_factor_in_this_session_get_in(people: People) -> None:
    page = people.staff.get(DESK)
    assert page.status_code == 200
    assert "Requests" in page.content.decode()


def test_visitors_are_sent_to_sign_in_and_back(anonymous: Client, db: None) -> None:
    answer = _walk(anonymous, "/admin/accounts/organisation/")
    last = answer.redirect_chain[-1][0]
    assert last == f"{reverse('account_login')}?next=%2Fadmin%2Faccounts%2Forganisation%2F"


def test_the_admins_own_login_form_takes_no_password(db: None, anonymous: Client) -> None:
    staff = make_staff("s@vendor.example")
    answer = anonymous.post("/admin/login/", {"username": staff.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in anonymous.session


@pytest.mark.parametrize("who", ["owner", "colleague", "stranger"])
def test_customers_find_nothing_there(people: People, who: str) -> None:
    for path in (DESK, "/admin/accounts/organisation/", f"/admin/accounts/user/{people.staff.user.pk}/change/"):
        answer = _walk(getattr(people, who).client, path)
        assert answer.status_code == 404
        assert "Organisations" not in answer.content.decode()


def test_staff_without_a_second_factor_are_asked_to_set_one_up(db: None) -> None:
    staff = make_user("s@vendor.example", is_staff=True, is_superuser=True)
    answer = _walk(sign_in(staff))
    assert answer.status_code == 403
    assert "A second factor is needed" in answer.content.decode()
    assert reverse("mfa_activate_totp") in answer.content.decode()


def test_staff_who_forge_the_record_of_a_factor_they_lack_stay_out(db: None) -> None:
    staff = make_user("s@vendor.example", is_staff=True)
    assert _walk(sign_in(staff, mfa=True)).status_code == 403


def test_recovery_codes_alone_are_no_second_factor(people: People) -> None:
    Authenticator.objects.filter(user=people.staff.user).delete()
    Authenticator.objects.create(user=people.staff.user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert _walk(people.staff.client).status_code == 403


def test_a_session_without_the_factor_confirms_it_and_goes_on(db: None) -> None:
    staff = make_user("s@vendor.example", is_staff=True)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(staff, secret)
    client = sign_in(staff)
    asked = client.get("/admin/accounts/user/", follow=True).redirect_chain[-1][0]
    assert asked.startswith(reverse("mfa_reauthenticate"))

    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.get("/admin/accounts/user/").status_code == 302
    answer = client.post(asked, {"code": code})
    assert answer["Location"] == "/admin/accounts/user/"
    assert client.get("/admin/accounts/user/").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/people/", "/admin/login/?next=/admin/login/"]
)
def test_the_way_back_stays_inside_the_desk(people: People, target: str) -> None:
    answer = people.staff.get("/admin/login/", data={"next": target})
    assert answer["Location"] == DESK


def test_staff_who_are_members_somewhere_still_need_the_factor(people: People) -> None:
    user = make_user("both@vendor.example", is_staff=True)
    join(user, people.organisation, "owner")
    assert _walk(sign_in(user)).status_code == 403


def test_who_is_no_longer_staff_or_active_is_out_at_once(people: People) -> None:
    User.objects.filter(pk=people.staff.user.pk).update(is_staff=False)
    assert _walk(people.staff.client).status_code == 404


def test_only_our_own_read_only_pages_are_on_the_desk() -> None:
    ours = {"accounts", "aws", "findings", "onboarding", "networking", "portal", "support", "workflows"}
    registered = admin.site._registry
    assert {model._meta.app_label for model in registered} <= ours
    assert all(isinstance(page, ReadOnlyAdmin) for page in registered.values())
    assert len(registered) >= 19


def test_a_view_for_staff_asks_for_the_factor_too(people: People) -> None:
    view = staff_gate(lambda request: HttpResponse("inside"))

    def ask(client: Client) -> HttpResponse:
        request = RequestFactory().get("/somewhere/")
        request.session, request.user = client.session, User.objects.get(pk=client.session["_auth_user_id"])
        return view(request)

    assert ask(people.staff.client).content == b"inside"
    lacking = ask(sign_in(people.staff.user))
    assert lacking["Location"].startswith(reverse("admin:login"))
    with pytest.raises(Http404):
        ask(people.owner.client)


def test_who_has_a_passkey_only_is_asked_for_it(db: None) -> None:
    staff = make_user("s@vendor.example", is_staff=True)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    asked = sign_in(staff).get("/admin/login/")
    assert asked["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
