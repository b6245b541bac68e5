"""What tests of a peering's pages share: addresses, what a page says, and the fields that a browser would send."""

import re
from html import unescape

from django.urls import reverse

from networking.models import Peering
from portal.aws.models import Connection
from tests.people import Person


def address(name: str, peering: Peering) -> str:
    """The address of one of the peering's pages."""
    return reverse(f"networking:{name}", args=[peering.deployment_id, peering.pk])


def shown(person: Person, peering: Peering, step: str = "", name: str = "peering") -> str:
    """The markup of a page that opens."""
    answer = person.get(address(name, peering) + (f"?step={step}" if step else ""))
    assert answer.status_code == 200
    return answer.content.decode()


def text(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `action`, as a browser would send them."""
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        if f'action="{action}"' in form and 'method="post"' in form:
            found = dict(re.findall(r'<input type="hidden" name="([\w\[\]]+)" value="([^"]*)">', form))
            found.pop("csrfmiddlewaretoken", None)
            return found
    raise AssertionError(f"No form for {action}.")


def allow_writes(peering: Peering) -> None:
    """The customer's bootstrap stack is new enough and lets the management role peer."""
    rows = Connection.objects.filter(pk=peering.deployment.connection_id)
    rows.update(template_version=3, allows_peering_writes=True)
