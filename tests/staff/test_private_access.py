"""Private access on the support desk: evidence as the customer sees it, and buttons with a reason."""

from typing import Any

import pytest
from django.urls import reverse

from networking.actions.balancers import ask_for_balancer
from networking.actions.peering_work import newest_work
from networking.actions.peerings import ask_for_rule
from networking.actions.public_removals import ask_for_removal
from portal.accounts.formkeys import new_key
from portal.aws.models import Connection
from portal.findings.models import Observation
from portal.support.models import Ticket
from portal.workflows.models import Letter
from tests.networking.brought import user_of
from tests.networking.peered import BYOC_VPC, group, peered, record, requester
from tests.networking.private_access.scenes import access_of, connected, prove
from tests.people import People

pytestmark = pytest.mark.django_db
REASON = "The control plane has made it."


def page(people: People, model: str, row: Any) -> str:
    answer = people.staff.get(reverse(f"admin:networking_{model}_change", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def press(people: People, model: str, row: Any, name: str, **more: str) -> Any:
    url = reverse(f"admin:networking_{model}_press", args=[row.pk, name])
    return people.staff.post(url, {"form_key": new_key(), "reason": REASON, **more})


def test_the_private_load_balancer_is_enabled_by_a_button(people: People) -> None:
    peering = peered(people)
    row = ask_for_balancer(deployment=peering.deployment, by=user_of(people))
    asked = people.staff.get(reverse("admin:networking_privateaccess_press", args=[row.pk, "enable"]))
    assert BYOC_VPC in asked.content.decode()
    assert press(people, "privateaccess", row, "enable", reason="").status_code == 422
    assert press(people, "privateaccess", row, "enable").status_code == 302
    row = access_of(peering)
    assert people.staff.user is not None
    assert (row.enabled_by, row.enabled_at is not None) == (people.staff.user.email, True)
    assert Ticket.objects.get().reason == REASON
    assert Letter.objects.filter(subject__contains="the private load balancer is enabled").count() == 2
    assert "press/enable/" not in page(people, "privateaccess", row)
    assert press(people, "privateaccess", row, "enable").status_code == 409


@pytest.mark.parametrize("kind", ["private", "public"])
def test_such_a_ticket_is_closed_by_deciding_it_and_never_by_itself(people: People, kind: str) -> None:
    peering = connected(people)
    if kind == "public":
        prove(people, peering)
        ask_for_removal(deployment=peering.deployment, by=user_of(people))
    else:
        ask_for_balancer(deployment=peered(people).deployment, by=user_of(people))
    ticket = Ticket.objects.get()
    shown = people.staff.get(reverse("admin:support_ticket_change", args=[ticket.pk])).content.decode()
    assert "press/close/" not in shown


def test_a_removal_shows_what_the_probe_found_and_the_customers_text(people: People) -> None:
    peering = connected(people)
    prove(people, peering)
    row = ask_for_removal(deployment=peering.deployment, by=user_of(people))
    shown = page(people, "publicremoval", row)
    assert 'class="finding finding-passed" data-code="private-access.ports"' in shown
    assert "Please remove the public load balancer of" in shown
    for name in ("removed", "decline"):
        assert f"press/{name}/" in shown
    assert "press/restored/" not in shown
    asked = people.staff.get(reverse("admin:networking_publicremoval_press", args=[row.pk, "removed"]))
    assert "finding-passed" in asked.content.decode()


def test_a_peering_shows_how_it_stands(people: People) -> None:
    peering = peered(people, access=True)
    record(peering)
    shown = page(people, "peering", peering)
    assert 'data-code="peering.security-group"' in shown
    assert "press/add-rule/" in shown
    look = Observation.objects.get(subject_id=peering.pk)
    seen = people.staff.get(reverse("admin:findings_observation_change", args=[look.pk])).content.decode()
    assert reverse("admin:networking_peering_change", args=[peering.pk]) in seen


def test_a_rule_that_nothing_lacks_is_refused_with_a_sentence_and_the_ticket_stays(people: People) -> None:
    peering = peered(people, access=True)
    record(peering)
    ask_for_rule(peering=peering, by=user_of(people))
    answer = press(people, "peering", peering, "add-rule")
    assert answer.status_code == 409
    assert Ticket.objects.get().state == "open"


@pytest.mark.parametrize("who", ["owner", "stranger", "anonymous"])
def test_nobody_else_presses_anything(people: People, who: str) -> None:
    peering = peered(people)
    row = ask_for_balancer(deployment=peering.deployment, by=user_of(people))
    url = reverse("admin:networking_privateaccess_press", args=[row.pk, "enable"])
    assert getattr(people, who).post(url, {"form_key": new_key(), "reason": REASON}).status_code in {302, 404}
    assert access_of(peering).enabled_at is None


def test_adding_the_rule_begins_the_work_and_closes_the_request(people: People) -> None:
    peering = peered(people, access=True)
    Connection.objects.filter(pk=peering.deployment.connection_id).update(template_version=3)
    record(peering, here=requester(peering, security_groups=(group(peering, ranges=()),)))
    ask_for_rule(peering=peering, by=user_of(people))
    assert press(people, "peering", peering, "add-rule").status_code == 302
    work = newest_work(peering)
    assert work is not None
    assert (Ticket.objects.get().state, Ticket.objects.get().reason) == ("closed", REASON)
    assert press(people, "peering", peering, "add-rule").status_code == 409
