"""Every address of ours has exactly one gate; others are known by name, with the reason why they need none."""

import re

import pytest

from portal.accounts.gate import Gate
from tests.metatests.addresses import Address, addresses
from tests.people import People

KINDS = {"public", "signed_in", "staff", "opens", "link"}
#: Views of libraries: a pattern of full names, and what stands at their door instead of our gate.
OTHERS = {
    r"account_.*": "allauth: sign-in, sign-out and the person's own addresses; login_required inside",
    r"mfa_.*": "allauth: the person's own second factors; login_required inside",
    r"usersessions_.*": "allauth: the person's own sessions; login_required inside",
    r"socialaccount_.*|/account/social/.*": "allauth: sign-in by an identity provider; login_required inside",
    r"openid_connect_.*": "allauth: the two legs of OpenID Connect; nothing to see",
    r"admin:.*|/admin/.*": "Django admin: staff only; test_the_admin_is_closed_to_customers walks all of it",
    r"set_language": "Django: stores the language in a cookie",
    r"javascript-catalog": "Django: translated sentences",
}


def why_without_gate(address: Address) -> str:
    """The reason from OTHERS; empty when there is none."""
    return next((why for pattern, why in OTHERS.items() if re.fullmatch(pattern, address.name)), "")


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
def test_every_address_has_a_gate_or_is_a_librarys(address: Address) -> None:
    gate = getattr(address.view, "gate", None)
    if address.is_ours and not address.route.startswith("admin/"):
        assert isinstance(gate, Gate)
        assert gate.kind in KINDS
    elif gate is None:
        assert why_without_gate(address), f"{address.name} ({address.route}) has no gate"


def test_every_address_of_ours_has_a_name_of_its_own() -> None:
    names = [a.name for a in addresses() if a.is_ours and not a.route.startswith("admin/")]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if name.startswith("/")] == []


def test_a_view_that_opens_an_object_takes_it_from_its_url() -> None:
    for address in addresses():
        gate = getattr(address.view, "gate", None)
        if isinstance(gate, Gate) and gate.kind == "opens":
            assert f"{gate.model.split('.')[1].lower()}_id" in address.arguments, address.name


def test_a_view_behind_a_link_takes_the_secret_and_no_other_id_from_its_url() -> None:
    behind = [a for a in addresses() if getattr(getattr(a.view, "gate", None), "kind", "") == "link"]
    assert behind
    assert {a.name for a in behind if a.arguments != ("token",)} == set()
    assert {a.name for a in addresses() if "token" in a.arguments and a.is_ours} - {a.name for a in behind} == {
        "accounts:invitation"  # tells apart who is signed in, and is used up by its post
    }


def test_the_admin_is_closed_to_customers(people: People) -> None:
    open_to_all = {"admin:login", "admin:logout", "admin:jsi18n"}
    pages = [a for a in addresses() if a.route.startswith("admin/") and a.name not in open_to_all]
    assert len(pages) > 20
    for page in pages:
        path = "/" + re.sub(r"<[^>]*>|\(\?P.*", "1", page.route)
        for person in (people.anonymous, people.owner, people.stranger):
            assert person.get(path).status_code in {302, 403, 404}, f"GET {path}"
            assert person.post(path).status_code in {302, 403, 404}, f"POST {path}"
