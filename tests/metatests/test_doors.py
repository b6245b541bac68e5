"""Every address × every person × every method has an expected answer; a new address without a row fails."""

import re
import uuid
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from networking.models import HandOff
from tests.emulators import Emulator
from tests.metatests import doors
from tests.metatests.addresses import Address, addresses
from tests.metatests.doors.shapes import LINK, PERSONS, Door, Scene
from tests.people import People, Person


def rows() -> Iterator[Door]:
    """The rows of every module in doors/ that has a table."""
    for module in iter_modules(doors.__path__):
        yield from getattr(import_module(f"{doors.__name__}.{module.name}"), "DOORS", ())


OURS = {a.name: a for a in addresses() if a.is_ours and not a.route.startswith("admin/")}
ROWS = {door.name: door for door in rows()}
EVERY = [pytest.param(door, id=door.name) for door in ROWS.values() if door.name in OURS]


def ask(person: Person, method: str, path: str) -> HttpResponse:
    """One request whose effects are taken back, so that the next person finds the same scene."""
    with transaction.atomic():
        answer: HttpResponse = getattr(person.client, method)(path)
        transaction.set_rollback(True)
    return answer


def told(answer: HttpResponse) -> str:
    """The body without what differs between any two requests: CSRF tokens, nonces, the address itself."""
    text = re.sub(r"\b[A-Za-z0-9]{64}\b|(?<=nonce=\")[^\"]*", "-", answer.content.decode())
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "-", text)


@pytest.fixture
def scene(people: People, aws_env: Emulator) -> Scene:
    return Scene.set(people)


@pytest.mark.parametrize("name", OURS)
def test_every_address_has_a_row(name: str) -> None:
    assert name in ROWS, f"{name} ({OURS[name].route}) has no row in tests/metatests/doors/"


def test_every_row_has_an_address() -> None:
    assert sorted(set(ROWS) - set(OURS)) == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("door", EVERY)
def test_a_door_opens_for_whom_it_should(door: Door, method: str, scene: Scene) -> None:
    address: Address = OURS[door.name]
    path = reverse(door.name, kwargs=door.arguments(address.arguments, scene))
    found = {name: ask(getattr(scene.people, name), method, path).status_code for name in PERSONS}
    assert found == door.statuses(method)


@pytest.mark.parametrize("door", EVERY)
def test_other_methods_change_nothing(door: Door, scene: Scene) -> None:
    path = reverse(door.name, kwargs=door.arguments(OURS[door.name].arguments, scene))
    for method in ("put", "patch", "delete"):
        for name in PERSONS:
            status = ask(getattr(scene.people, name), method, path).status_code
            assert status in {302, 403, 404, 405}, f"{method} by {name} answers {status}"


@pytest.mark.parametrize("door", [row for row in EVERY if OURS[str(row.id)].view.gate.kind == "opens"])
def test_a_strangers_object_looks_like_a_missing_one(door: Door, scene: Scene) -> None:
    arguments = door.arguments(OURS[door.name].arguments, scene)
    gate = OURS[door.name].view.gate
    missing = {**arguments, f"{gate.model.split('.')[1].lower()}_id": uuid.uuid4()}
    theirs = ask(scene.people.stranger, "get", reverse(door.name, kwargs=arguments))
    nobodys = ask(scene.people.stranger, "get", reverse(door.name, kwargs=missing))
    assert theirs.status_code == nobodys.status_code == 404
    assert told(theirs) == told(nobodys)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("door", [row for row in EVERY if OURS[str(row.id)].view.gate.kind == "link"])
def test_a_closed_link_looks_like_one_that_never_was(door: Door, method: str, scene: Scene) -> None:
    """Unknown, malformed, expired, revoked: one answer to everybody, and never the reason."""
    nowhere = told(ask(scene.people.anonymous, "get", reverse(door.name, args=["never-made" + "x" * 33])))
    for token in ("x" * 43, LINK[:-1], LINK + "x", "%00", "é" * 43, LINK[:-1] + "."):
        _is_missing(ask(scene.people.owner, method, reverse(door.name, args=[token])), nowhere)
    for changes in ({"expires_at": timezone.now()}, {"revoked_at": timezone.now()}):
        with transaction.atomic():
            HandOff.objects.filter(pk=scene.hand_off.pk).update(**changes)
            for person in (scene.people.anonymous, scene.people.owner):
                _is_missing(ask(person, method, reverse(door.name, args=[LINK])), nowhere)
            transaction.set_rollback(True)


def _is_missing(answer: HttpResponse, nowhere: str) -> None:
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    main = r"<main.*</main>"
    assert re.search(main, told(answer), re.DOTALL)[0] == re.search(main, nowhere, re.DOTALL)[0]  # type: ignore[index]
