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
    "UTF-7 by name": (f"{FORM}; charset=utf-7", b"region=+ADw-script+AD4-alert(1)"),
    "UTF-16 by name": ("multipart/form-data; boundary=x; charset=utf-16", b"--x\r\n\r\n--x--"),
    "1,001 fields": (FORM, urlencode({f"f{n}": "1" for n in range(1001)}).encode()),
    "3 MB of fields": (FORM, b"a=" + b"x" * 3_000_000),
    "multipart without boundary": ("multipart/form-data", b"region=a"),
}


def paths(scene: Scene) -> list[tuple[str, str]]:
    """Name and path of every address that takes a post."""
    return [(address.name, address.path(scene)) for address in POSTS]


def test_there_are_addresses_to_try() -> None:
    assert len(POSTS) >= 15


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_body_gets_400_and_changes_nothing(what: str, scene: Scene) -> None:
    kind, body = BROKEN[what]
    for name, path in paths(scene):
        answer = scene.people.owner.client.post(path, data=body, content_type=kind)
        assert answer.status_code in {400, 413}, name
        assert "alert(1)" not in answer.content.decode(), name


def test_address_and_body_must_not_contradict(scene: Scene) -> None:
    for name, path in paths(scene):
        assert scene.people.owner.client.post(f"{path}?region=a", {"region": "b"}).status_code == 400, name


def test_a_broken_query_gets_400(scene: Scene) -> None:
    for name, path in paths(scene):
        for query in ("region=a&region=b", "region=%ff", "x=%00"):
            assert scene.people.owner.client.post(f"{path}?{query}").status_code == 400, f"{name} {query}"


def test_a_file_that_no_form_asks_for_changes_nothing(scene: Scene) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    body = head + b"x" * 11_000_000 + b"\r\n--x--\r\n"
    for name, path in paths(scene):
        answer = scene.people.owner.client.post(path, data=body, content_type="multipart/form-data; boundary=x")
        assert 400 <= answer.status_code < 500, name


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(method: str, scene: Scene) -> None:
    for name, path in paths(scene):
        answer = scene.people.owner.client.generic(method, path, b"name=x", content_type=FORM)
        assert answer.status_code == 405, name
        assert b"name=x" not in answer.content


def test_a_method_in_a_field_or_header_is_no_method(scene: Scene) -> None:
    client = scene.people.owner.client
    for name, path in paths(scene):
        plain = client.post(path, {}).status_code
        assert client.post(path, {"_method": "DELETE"}).status_code == plain, name
        assert client.post(path, {}, headers={"x-http-method-override": "DELETE"}).status_code == plain, name


def test_a_get_with_the_posts_fields_changes_nothing(scene: Scene) -> None:
    query = {"name": "x", "account_id": "222222222222", "region": "us-east-1", "confirmation": "x", "version": "1"}
    for name, path in paths(scene):
        for method in ("get", "head"):
            assert getattr(scene.people.owner.client, method)(path, query).status_code in SEEN, name


def test_a_post_without_its_own_token_gets_403(scene: Scene) -> None:
    owner, other = scene.people.owner.user, scene.people.admin.user
    strict, neighbour = (sign_in(user, client=Client(enforce_csrf_checks=True)) for user in (owner, other))
    for client in (strict, neighbour):
        assert client.get("/people/profile/").status_code == 200
    own, stolen = (client.cookies["csrftoken"].value for client in (strict, neighbour))
    foreign = {"referer": "https://evil.example/"}
    for name, path in paths(scene):
        refused = [
            strict.post(path),
            strict.post(path, {"csrfmiddlewaretoken": stolen}),
            strict.post(path, headers={"x-csrftoken": stolen}),
            strict.post(path, {"csrfmiddlewaretoken": own}, headers={"origin": "https://evil.example"}),
            strict.post(path, {"csrfmiddlewaretoken": own}, headers={"origin": "null"}),
            strict.post(path, {"csrfmiddlewaretoken": own}, secure=True),
            strict.post(path, {"csrfmiddlewaretoken": own}, secure=True, headers=foreign),
        ]
        assert [answer.status_code for answer in refused] == [403] * len(refused), name
        assert strict.post(path, {"csrfmiddlewaretoken": own}).status_code != 403, name


def test_the_token_of_before_signing_in_does_not_serve_after_it(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/account/login/")
    before = client.cookies["csrftoken"].value
    fields = {"login": scene.people.owner.user.email, "password": PASSWORD, "csrfmiddlewaretoken": before}
    assert client.post("/account/login/", fields).status_code == 302
    assert client.cookies["csrftoken"].value != before
    assert client.post("/people/profile/", {"name": "x", "csrfmiddlewaretoken": before}).status_code == 403
