"""What is written to the logs names no token, key, password or person."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from io import StringIO
from logging.config import dictConfig

import pytest
import structlog
from django.test import Client
from django.urls import reverse

from portal.accounts.middleware import request_id
from portal.logs import logging_config, masked
from tests.operations.production import manage
from tests.people import People

TOKEN = "Zm9vYmFyYmF6-qux_0123456789ABCDEFGHIJKLMNOP"
RESET = "2-c9abcd-0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Everything that production's logging writes."""
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    dictConfig(logging_config("production"))
    yield written
    root.handlers[:], root.level = handlers, level
    dictConfig({**logging_config("test"), "incremental": False})
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"GET /people/invitation/{TOKEN}/", "GET /people/invitation/…/"),
        (f"Not Found: /people/invitation/{TOKEN}", "Not Found: /people/invitation/…"),
        (f"/account/password/reset/key/{RESET}/?x=1", "/account/password/reset/key/…/?x=1"),
        ("/account/oidc/x/callback/?code=abc&state=def&a=1", "/account/oidc/x/callback/?code=…&state=…&a=1"),
        ("'?X-Amz-Signature=0a1b&X-Amz-Expires=900'", "'?X-Amz-Signature=…&X-Amz-Expires=900'"),
        ("event=request_finished code=200 state=done", "event=request_finished code=200 state=done"),
        ("connection to host=db.example password=hunter2 failed", "connection to host=db.example password=… failed"),
        ("postgres://portal:pa55@db.example/portal", "postgres://…@db.example/portal"),
        ("key AKIAIOSFODNN7EXAMPLE is used", "key AKIA… is used"),
        ("mail to ada.lovelace+x@customer.example failed", "mail to …@customer.example failed"),
        (
            "/deployments/3f2b8c1e-1111-4222-8333-944455556666/bootstrap/",
            "/deployments/3f2b8c1e-1111-4222-8333-944455556666/bootstrap/",
        ),
        ("arn:aws:iam::222222222222:role/Management", "arn:aws:iam::222222222222:role/Management"),
    ],
)  # fmt: skip
def test_a_line_loses_its_secrets_and_nothing_else(text: str, written: str) -> None:
    assert masked(text) == written


def test_masking_a_long_line_takes_no_time() -> None:
    began = time.perf_counter()
    masked("GET /" + "a" * 100_000 + " " + "x." * 50_000)
    assert time.perf_counter() - began < 1.0


@pytest.mark.django_db
def test_an_opened_invitation_and_a_reset_leave_no_key_behind(lines: StringIO) -> None:
    client = Client(raise_request_exception=False)
    client.get(reverse("accounts:invitation", args=[TOKEN]), headers={"referer": f"http://testserver/{TOKEN}/"})
    client.get(f"/account/password/reset/key/{RESET}/?code=abc")
    client.post("/account/login/", {"login": "ada@customer.example", "password": "hunter2-hunter2"})
    text = lines.getvalue()
    for line in text.splitlines():
        assert json.loads(line)["event"]
    assert text.count("request_finished") >= 3
    assert "/people/invitation/…/" in text
    for secret in (TOKEN, RESET, "code=abc", "ada@", "hunter2"):
        assert secret not in text


@pytest.mark.django_db
def test_a_traceback_is_masked_as_well(lines: StringIO) -> None:
    try:
        int(f"no such thing as /people/invitation/{TOKEN}/ for ada@customer.example")
    except ValueError:
        logging.getLogger("somebody.else").exception("Failed for %s", "ada@customer.example")
        structlog.get_logger("ours").exception("broke")
    first, second = map(json.loads, lines.getvalue().splitlines())
    for line in (first, second):
        assert "ValueError: invalid literal" in line["exception"]
        assert "'no such thing as /people/invitation/…/ for …@customer.example'" in line["exception"]
    assert first["event"] == "Failed for …@customer.example"


def test_a_request_is_logged_with_its_id_and_an_opaque_person(people: People, lines: StringIO) -> None:
    answer = people.owner.get("/no/such/page/?next=/secret")
    finished = [json.loads(line) for line in lines.getvalue().splitlines() if "request_finished" in line][-1]
    assert finished["request"] == "GET /no/such/page/"
    assert finished["code"] == 404
    assert finished["user_id"] == str(people.owner.user.pk)
    assert finished["request_id"] == answer["X-Request-ID"]
    assert f'data-copy="{answer["X-Request-ID"]}"' in answer.content.decode()
    assert request_id() == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "chain", "believed"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 7.7.7.7, 198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.8", "198.51.100.7"),
        (1, None, "10.0.0.9"),
    ],
)
def test_only_the_trusted_proxies_word_counts_for_the_client_address(
    settings: object, lines: StringIO, proxies: int, chain: str | None, believed: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {} if chain is None else {"x-forwarded-for": chain}
    Client(REMOTE_ADDR="10.0.0.9").get("/account/login/", headers=headers)
    finished = [json.loads(line) for line in lines.getvalue().splitlines() if "request_finished" in line]
    assert [line["ip"] for line in finished] == [believed]


def test_trusted_proxies_comes_from_the_environment() -> None:
    run = manage(
        "shell", "--no-imports", "--command",
        "from django.conf import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)", TRUSTED_PROXIES="2",
    )  # fmt: skip
    assert run.stdout.strip() == "2", run.stderr
