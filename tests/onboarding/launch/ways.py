"""What the tests of launch and tear-down share: pages as text, presses of their buttons, faults in the account."""

import re
from html import unescape
from typing import Any

from django.urls import reverse

from onboarding.models import Deployment
from tests.journeys import Walk
from tests.people import Person

REGION = "us-east-1"


def address(name: str, deployment: Deployment) -> str:
    return reverse(f"onboarding:{name}", args=[deployment.pk])


def page(person: Person, name: str, deployment: Deployment, query: str = "") -> str:
    """A page as its reader has it: one line of text with its tags."""
    answer = person.get(address(name, deployment) + query)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def text(html: str) -> str:
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of a page's forms, but for Django's own."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    found.pop("csrfmiddlewaretoken", None)
    return found


def go_on(person: Person, walk: Walk) -> Any:
    """Presses «Go on» on the launch page."""
    key = hidden(page(person, "launch", walk.deployment))["form_key"]
    answer = person.post(address("launch_resume", walk.deployment), {"form_key": key})
    walk.fresh()
    return answer


def confirm_removal(person: Person, walk: Walk, **changed: str) -> Any:
    """Fills in the typed confirmation of the tear-down and sends it."""
    fields = hidden(page(person, "teardown", walk.deployment)) | {"confirmation": walk.deployment.name} | changed
    answer = person.post(address("teardown", walk.deployment), fields)
    walk.fresh()
    return answer


def limit(control: Any, account: str, quota: str, value: int) -> None:
    """Applies a quota in the customer's account."""
    control.quotas([{"account": account, "region": REGION, "quota": quota, "value": value}])
