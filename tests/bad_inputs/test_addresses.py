"""Ids, host names, cookies, headers and pages that name nothing or lie (rows 82, 83 and 104 to 116)."""

import re
import uuid

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from onboarding.models import DeclaredRange
from portal.accounts.formkeys import new_key
from portal.accounts.models import Invitation
from tests.metatests.doors.shapes import Scene
from tests.metatests.test_doors import OURS, ROWS, told
from tests.people import PASSWORD, make_deployment

FRAGMENTS = sorted(name for name in OURS if name.endswith("_progress") and not name.startswith("demo:"))
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "bad", ["1", "%00", "x" * 5000, "../../etc/passwd", "{upper}", "{braces}", "{urn}", "{random}"]
)
def test_an_id_that_is_none_looks_like_a_missing_one(scene: Scene, bad: str) -> None:
    real = str(scene.deployment.pk)
    forms = {"upper": real.upper(), "braces": f"{{{real}}}", "urn": f"urn:uuid:{real}", "random": str(uuid.uuid4())}
    part = forms.get(bad.strip("{}"), bad)
    answer = scene.people.owner.get(f"/deployments/{part}/")
    missing = scene.people.owner.get(f"/deployments/{uuid.uuid4()}/")
    assert answer.status_code == missing.status_code == 404
    # The language switch in the header leads back to the address itself.
    ours, theirs = (re.sub(r'name="next" value="[^"]*"', "", told(page)) for page in (answer, missing))
    assert ours == theirs


@pytest.mark.parametrize("path", ["/%ff/", "/deployments/%2531/", "/people/invitation/a%00b/", "/%2e%2e/manage.py"])
def test_an_address_in_broken_or_double_encoding_is_missing(scene: Scene, path: str) -> None:
    for person in (scene.people.anonymous, scene.people.owner, scene.people.staff):
        assert person.get(path).status_code == 404


def test_staff_asking_the_desk_for_a_row_named_nul_get_404(scene: Scene) -> None:
    assert scene.people.staff.get("/admin/accounts/organisation/a%00b/change/").status_code == 404


@pytest.mark.usefixtures("unchanged")
def test_another_tenants_row_in_a_post_is_the_same_404_as_an_unknown_one(scene: Scene) -> None:
    theirs = make_deployment(scene.people.elsewhere)
    foreign_range = DeclaredRange.objects.create(
        organisation=scene.people.elsewhere, deployment=theirs, kind="peer", label="x", cidr="10.8.0.0/16"
    )
    foreign = Invitation.objects.create(
        organisation=scene.people.elsewhere, email="x@customer.example", role="viewer", token_hash="1" * 64
    )
    stranger = scene.people.stranger.user.pk
    owner, home = scene.people.owner, scene.people.organisation.pk
    for path in (
        reverse("onboarding:remove_range", args=[scene.deployment.pk, foreign_range.pk]),
        reverse("accounts:revoke", args=[foreign.pk]),
        reverse("accounts:remove", args=[home, stranger]),
        reverse("accounts:change_role", args=[home, stranger]),
    ):
        assert owner.post(path, {"form_key": new_key(), "role": "viewer"}).status_code == 404, path
    assert Invitation.objects.get(pk=foreign.pk).revoked_at is None
    DeclaredRange.objects.filter(pk=foreign_range.pk).get()
    foreign.delete(), foreign_range.delete(), theirs.delete()


def path_of(name: str, scene: Scene) -> str:
    return reverse(name, kwargs=ROWS[name].arguments(OURS[name].arguments, scene))


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_asks_for_sign_in_in_the_way_of_who_asks(scene: Scene, name: str) -> None:
    path, nobody = path_of(name, scene), Client()
    plain, htmx = nobody.get(path), nobody.get(path, headers={"hx-request": "true"})
    assert (plain.status_code, plain["Location"]) == (302, f"/account/login/?next={path}")
    assert (htmx.status_code, htmx["HX-Redirect"]) == (401, "/account/login/")
    assert not htmx.content


@pytest.mark.parametrize("name", FRAGMENTS)
def test_an_htmx_header_opens_nothing(scene: Scene, name: str) -> None:
    path = path_of(name, scene)
    for headers in ({"hx-request": "true"}, {"hx-request": "true", "hx-boosted": "true"}, {"hx-request": "junk"}):
        assert scene.people.stranger.get(path, headers=headers).status_code == 404
        assert scene.people.colleague.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize("name", [*FRAGMENTS, "onboarding:journey", "onboarding:infrastructure"])
@pytest.mark.parametrize(
    "value", [SCRIPT, "javascript:alert(1)", "x" * 8192, "https://evil.example/%0d%0aSet-Cookie:a=b"]
)
def test_forged_htmx_headers_are_never_reflected(scene: Scene, name: str, value: str) -> None:
    forged = {f"hx-{what}": value for what in ("current-url", "target", "trigger", "trigger-name", "prompt")}
    answer = scene.people.owner.get(path_of(name, scene), headers={"hx-request": "true", **forged})
    assert answer.status_code == 200
    assert value not in answer.content.decode()
    assert not any(value in str(header) for header in answer.headers.values())


@pytest.mark.parametrize(
    "host", ["evil.com", "testserver:443@evil.com", "testserver,evil.com", "testserver/..", "", " "]
)
def test_a_foreign_host_gets_400(scene: Scene, host: str) -> None:
    answer = scene.people.owner.get("/people/profile/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_does_not_reach_mails_or_redirects(scene: Scene) -> None:
    headers = {"x-forwarded-host": "evil.com", "forwarded": "host=evil.com", "x-host": "evil.com"}
    answer = Client().post("/account/password/reset/", {"email": scene.people.owner.user.email}, headers=headers)
    assert answer.status_code == 302
    (letter,) = mail.outbox
    assert "evil" not in letter.body + answer["Location"]
    assert "://testserver/account/password/reset/key/" in letter.body


@pytest.mark.parametrize(
    "value", ["fixed-by-somebody-else-0123456789", "x" * 8192, "a b", '"\\000\\000\\000\\000\\000\\000\\000\\000"']
)
def test_a_session_cookie_of_another_is_not_taken_over(scene: Scene, value: str) -> None:
    client = Client(headers={"cookie": f"sessionid={value}"})
    answer = client.get("/people/profile/")
    assert answer.status_code in {302, 400}
    assert Client(headers={"cookie": f"sessionid={value}; sessionid={value}"}).get("/people/profile/").status_code in {
        302,
        400,
    }


def test_signing_in_gives_a_session_of_its_own(scene: Scene) -> None:
    client = Client()
    client.cookies["sessionid"] = "fixed-by-somebody-else-0123456789"
    client.post("/account/login/", {"login": scene.people.owner.user.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != "fixed-by-somebody-else-0123456789"
    assert client.get("/people/profile/").status_code == 200


def test_a_forged_chain_of_proxies_does_not_reset_the_limit(scene: Scene) -> None:
    answers = [
        Client().post("/request/", {"company": f"C{n}"}, headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(14)
    ]
    limited = [
        Client().post(
            "/request/",
            {"company": f"C{n}", "email": f"c{n}@customer.example", "account_id": str(300000000000 + n),
             "region": "us-east-1", "form_key": new_key()},
            headers={"x-forwarded-for": f"203.0.113.{n}"},
        ).status_code
        for n in range(14)
    ]  # fmt: skip
    assert 429 in answers + limited


PAGES = ["page=-1", "page=0", "page=9999999", "page=abc", "page=1e9", "page=" + "9" * 400, "size=1000000000"]


@pytest.mark.parametrize("name", ["accounts:members", "onboarding:calls", "onboarding:journey", "onboarding:home"])
def test_a_page_that_is_not_there_is_clamped_or_missing(scene: Scene, name: str) -> None:
    for query in PAGES:
        answer = scene.people.owner.get(f"{path_of(name, scene)}?{query}")
        assert answer.status_code in {200, 302, 404}, query
        assert len(answer.content) < 200_000


@pytest.mark.parametrize("query", ["p=-1", "p=9999999", "p=abc", "o=x", "e=1", "q=" + "x" * 5000, "q=%27%20OR%201=1--"])
def test_the_desks_lists_take_no_nonsense(scene: Scene, query: str) -> None:
    answer = scene.people.staff.get(f"/admin/workflows/workflow/?{query}")
    assert answer.status_code in {200, 302}


def test_what_people_typed_is_shown_as_text(scene: Scene) -> None:
    answer = scene.people.owner.post("/people/profile/", {"name": SCRIPT, "time_zone": SCRIPT, "language": SCRIPT})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert SCRIPT not in page
    assert re.search(r"&lt;script&gt;alert\(1\)&lt;/script&gt;", page)
