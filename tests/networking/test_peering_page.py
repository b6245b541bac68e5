"""The page of one peering: what it says in each state and step, to whom, and what its buttons note."""

import re
from html import unescape

import pytest
from django.urls import reverse

from networking.models import Peering
from tests.networking import peered
from tests.people import People, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def peering(people: People) -> Peering:
    """Registered and looked at; nothing is done yet."""
    row = peered.peered(people)
    peered.record_nothing_yet(row)
    return row


def address(name: str, peering: Peering) -> str:
    return reverse(f"networking:{name}", args=[peering.deployment_id, peering.pk])


def shown(person: Person, peering: Peering, step: str = "") -> str:
    answer = person.get(address("peering", peering) + (f"?step={step}" if step else ""))
    assert answer.status_code == 200
    return answer.content.decode()


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def part(page: str, name: str) -> str:
    """The words of the part with that id."""
    found = re.search(rf'<(\w+)[^>]* id="{name}".*?</\1>', page, re.DOTALL)
    assert found, name
    return text(found[0])


def test_it_opens_the_first_step_and_says_whose_turn_it_is(people: People, peering: Peering) -> None:
    page = shown(people.owner, peering)
    assert "Step 1 of 6 your turn" in text(page)
    assert "One press asks support for it" in text(page)
    assert "0 of 6 steps done" in text(page)
