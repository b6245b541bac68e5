"""What the tests of bad input share: the scene, every address that takes a post, and what must not change."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from portal.accounts.models import FormKey
from tests.emulators import Emulator
from tests.metatests.doors.shapes import Scene
from tests.metatests.test_doors import OURS, ROWS
from tests.people import People


@dataclass(frozen=True)
class PostAddress:
    """An address that takes a post from an owner."""

    name: str

    def path(self, scene: Scene) -> str:
        return reverse(self.name, kwargs=ROWS[self.name].arguments(OURS[self.name].arguments, scene))


#: Names of every address of ours (the demo's stand-ins aside) whose POST an owner reaches.
POSTS = tuple(
    PostAddress(name)
    for name, door in ROWS.items()
    if name in OURS and not name.startswith("demo:") and door.statuses("post")["owner"] not in {404, 405}
)


def counts() -> dict[str, int]:
    """How many rows each table has, but for sessions and used forms: they come and go with any request."""
    passing = {Session, UserSession, FormKey}
    models = [model for model in apps.get_models() if model._meta.managed and model not in passing]
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.fixture
def scene(people: People, aws_env: Emulator) -> Scene:
    return Scene.set(people)


@pytest.fixture
def unchanged(scene: Scene) -> Iterator[None]:
    """Fails when a row came or went, or the deployment became another version."""
    before, version = counts(), scene.deployment.version
    yield
    scene.deployment.refresh_from_db()
    assert counts() == before
    assert scene.deployment.version == version
