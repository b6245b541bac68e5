"""Requests that are broken, double or of the wrong kind, at every address that takes a post (rows 85 to 92)."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.bad_inputs.conftest import POSTS
from tests.metatests.doors.shapes import Scene
from tests.people import PASSWORD, sign_in

pytestmark = pytest.mark.usefixtures("unchanged")

FORM = "application/x-www-form-urlencoded"

#: What a look is answered with: the page, the way to an earlier step, a refusal.
SEEN = {200, 302, 405, 409}

BROKEN = {
    "the same field twice": (FORM, b"region=a&region=b"),
    "NUL in a value": (FORM, b"region=a%00b"),
    "NUL in a name": (FORM, b"reg%00ion=a"),
    "bytes that are no UTF-8": (FORM, b"region=%ff%fe"),
    "overlong UTF-8": (FORM, b"region=%c0%af"),
    "UTF-7 by name": (f"{FORM}; charset=utf-7", b"region=+ADw-script+AD4-"),
    "UTF-16 by name": ("multipart/form-data; boundary=x; charset=utf-16", b"--x\r\n\r\n--x--"),
    "1,001 fields": (FORM, urlencode({f"f{n}": "1" for n in range(1001)}).encode()),
    "3 MB of fields": (FORM, b"a=" + b"x" * 3_000_000),
    "multipart without boundary": ("multipart/form-data", b"region=a"),
}


def test_there_are_addresses_to_try() -> None:
    assert len(POSTS) >= 15


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_body_gets_400_and_changes_nothing(what: str, scene: Scene) -> None:
    kind, body = BROKEN[what]
    answer = scene.people.owner.client.post(address.path(scene), data=body, content_type=kind)
    assert answer.status_code in {400, 413}
    assert "<script" not in answer.content.decode().lower().replace("<script src=", "")


@EVERY
def test_address_and_body_must_not_contradict(scene: Scene) -> None:
    answer = scene.people.owner.client.post(f"{address.path(scene)}?region=a", {"region": "b"})
    assert answer.status_code == 400


@EVERY
def test_a_broken_query_gets_400(scene: Scene) -> None:
    for query in ("region=a&region=b", "region=%ff", "x=%00"):
        answer = scene.people.owner.client.post(f"{address.path(scene)}?{query}")
        assert answer.status_code == 400, query


@EVERY
def test_an_overlarge_upload_is_not_kept(scene: Scene) -> None:
    """A file field that no form of ours has: nothing reads it, the form is answered as if it were not there."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"x" * 11_000_000 + b"\r\n--x--\r\n"
    )
    answer = scene.people.owner.client.post(
        address.path(scene), data=body, content_type="multipart/form-data; boundary=x"
    )
    assert 400 <= answer.status_code < 500, address.name


@EVERY
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(method: str, scene: Scene) -> None:
    answer = scene.people.owner.client.generic(method, address.path(scene), b"name=x", content_type=FORM)
    assert answer.status_code == 405
    assert b"name=x" not in answer.content


@EVERY
def test_a_method_in_a_field_or_header_is_no_method(scene: Scene) -> None:
    person, path = scene.people.owner, address.path(scene)
    plain = person.client.post(path, {}).status_code
    assert person.client.post(path, {"_method": "DELETE"}).status_code == plain
    assert person.client.post(path, {}, headers={"x-http-method-override": "DELETE"}).status_code == plain


@EVERY
def test_a_get_with_the_posts_fields_changes_nothing(scene: Scene) -> None:
    query = {"name": "x", "account_id": "222222222222", "region": "us-east-1", "confirmation": "x", "version": "1"}
    for method in ("get", "head"):
        assert getattr(scene.people.owner.client, method)(address.path(scene), query).status_code in SEEN


@EVERY
def test_a_post_without_its_sessions_token_gets_403(scene: Scene) -> None:
    owner, other = scene.people.owner.user, scene.people.admin.user
    strict, neighbour = (sign_in(user, client=Client(enforce_csrf_checks=True)) for user in (owner, other))
    path = address.path(scene)
    assert strict.post(path).status_code == 403
    for client in (strict, neighbour):
        assert client.get("/people/profile/").status_code == 200
    stolen = neighbour.cookies["csrftoken"].value
    assert strict.post(path, {"csrfmiddlewaretoken": stolen}).status_code == 403
    assert strict.post(path, headers={"x-csrftoken": stolen}).status_code == 403
    own = strict.cookies["csrftoken"].value
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        assert strict.post(path, {"csrfmiddlewaretoken": own}, headers=headers).status_code == 403, headers
    assert strict.post(path, {"csrfmiddlewaretoken": own}, secure=True).status_code == 403
    elsewhere = {"referer": "https://evil.example/"}
    assert strict.post(path, {"csrfmiddlewaretoken": own}, secure=True, headers=elsewhere).status_code == 403
    assert strict.post(path, {"csrfmiddlewaretoken": own, "": ""}).status_code != 403


def test_the_token_of_before_signing_in_does_not_serve_after_it(scene: Scene) -> None:
    for address in POSTS:
        client = Client(enforce_csrf_checks=True)
        client.get("/account/login/")
        before = client.cookies["csrftoken"].value
        fields = {"login": scene.people.owner.user.email, "password": PASSWORD, "csrfmiddlewaretoken": before}
        assert client.post("/account/login/", fields).status_code == 302
        assert client.cookies["csrftoken"].value != before
        assert client.post("/people/profile/", {"name": "x", "csrfmiddlewaretoken": before}).status_code == 403
