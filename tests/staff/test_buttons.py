"""The buttons of the support desk: asked first, done once, with a reason."""

import pytest
from django.urls import reverse

from onboarding.models import Deployment, OnboardingRequest
from portal.accounts.formkeys import new_key
from portal.workflows.models import Event, Letter, Workflow
from tests.people import People
from tests.staff.rows import make_request, make_ticket, make_workflow

REASON = "The customer raised the quota."


def _press(row, name: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_press", args=[row.pk, name])


def _page(people: People, row) -> str:
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return people.staff.get(address).content.decode()


def test_a_request_is_approved_after_a_question(people: People) -> None:
    request = make_request()
    assert _press(request, "approve") in _page(people, request)
    asked = people.staff.get(_press(request, "approve")).content.decode()
    assert "mails an invitation" in asked
    assert OnboardingRequest.objects.get().state == "submitted"

    answer = people.staff.client.post(_press(request, "approve"), {"form_key": new_key()}, follow=True)

    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("approved", people.staff.user)
    assert Deployment.objects.get().organisation == request.organisation
    assert Letter.objects.filter(to=request.email).count() == 1
    page = answer.content.decode()
    assert "Done: Approve." in page
    assert _press(request, "approve") not in page


def test_a_double_click_approves_once(people: People) -> None:
    request, fields = make_request(), {"form_key": new_key()}
    first, second = (people.staff.post(_press(request, "approve"), fields) for _click in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Deployment.objects.count() == 1
    assert Letter.objects.count() == 1


def test_a_second_decision_is_refused(people: People) -> None:
    request = make_request()
    people.staff.post(_press(request, "approve"), {"form_key": new_key()})
    answer = people.staff.post(_press(request, "decline"), {"form_key": new_key(), "reason": REASON})
    assert answer.status_code == 409
    assert "decided before" in answer.content.decode()
    assert OnboardingRequest.objects.get().state == "approved"
    assert Letter.objects.count() == 1


def test_a_decline_needs_a_reason_and_mails_it(people: People) -> None:
    request = make_request()
    for reason in ("", "   ", "no"):
        answer = people.staff.post(_press(request, "decline"), {"form_key": new_key(), "reason": reason})
        assert answer.status_code == 422
    assert OnboardingRequest.objects.get().state == "submitted"
    people.staff.post(_press(request, "decline"), {"form_key": new_key(), "reason": REASON})
    assert OnboardingRequest.objects.get().state == "declined"
    assert REASON in Letter.objects.get(to=request.email).body


@pytest.mark.parametrize("who", ["owner", "stranger", "anonymous"])
def test_nobody_else_decides(people: People, who: str) -> None:
    request = make_request()
    answer = getattr(people, who).post(_press(request, "approve"), {"form_key": new_key()})
    assert answer.status_code in {302, 404}
    assert OnboardingRequest.objects.get().state == "submitted"
    assert not Deployment.objects.exists()


def test_without_a_form_key_nothing_happens(people: People) -> None:
    request = make_request()
    assert people.staff.post(_press(request, "approve")).status_code == 409
    assert OnboardingRequest.objects.get().state == "submitted"


def test_a_button_that_does_not_exist_is_a_404(people: People) -> None:
    assert people.staff.post(_press(make_request(), "obliterate"), {"form_key": new_key()}).status_code == 404


def test_a_workflow_is_handed_to_a_human_and_rung_again_with_reasons(people: People) -> None:
    workflow = make_workflow(people)
    assert people.staff.post(_press(workflow, "hand-to-human"), {"form_key": new_key()}).status_code == 422
    workflow.refresh_from_db()
    assert workflow.state == "active"

    handed = people.staff.post(_press(workflow, "hand-to-human"), {"form_key": new_key(), "reason": REASON})
    workflow.refresh_from_db()
    assert (handed.status_code, workflow.state, workflow.turn) == (302, "needs_human", "support")
    assert _press(workflow, "hand-to-human") not in _page(people, workflow)

    people.staff.post(_press(workflow, "ring-again"), {"form_key": new_key(), "reason": REASON})
    workflow.refresh_from_db()
    assert workflow.state == "active"
    events = Event.objects.filter(workflow=workflow)
    assert {"workflow.handed", "workflow.rung"} <= set(events.values_list("code", flat=True))
    assert any(REASON in event.sentence["en"] for event in events)


def test_a_finished_workflow_offers_no_button_and_refuses_the_press(people: People) -> None:
    workflow = make_workflow(people, state="done")
    assert "press/" not in _page(people, workflow)
    for name in ("ring-again", "hand-to-human"):
        answer = people.staff.post(_press(workflow, name), {"form_key": new_key(), "reason": REASON})
        assert answer.status_code == 409
        assert "not possible" in answer.content.decode()
    assert Workflow.objects.get().state == "done"
    assert not Event.objects.filter(workflow=workflow).exists()


def test_what_staff_did_is_in_the_history_of_the_row(people: People) -> None:
    request = make_request()
    people.staff.post(_press(request, "decline"), {"form_key": new_key(), "reason": REASON})
    history = people.staff.get(
        reverse("admin:onboarding_onboardingrequest_history", args=[request.pk])
    ).content.decode()
    assert people.staff.user.email in history
    assert REASON in history


def test_a_ticket_is_closed_once_with_a_reason(people: People) -> None:
    workflow = make_workflow(people)
    ticket = make_ticket(workflow)
    page = _page(people, ticket)
    assert "The network does not come up." in page
    assert reverse("admin:workflows_workflow_change", args=[workflow.pk]) in page
    assert people.staff.post(_press(ticket, "close"), {"form_key": new_key()}).status_code == 422
    ticket.refresh_from_db()
    assert ticket.state == "open"

    people.staff.post(_press(ticket, "close"), {"form_key": new_key(), "reason": REASON})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reason, ticket.closed_by) == ("closed", REASON, people.staff.user.email)
    assert ticket.closed_at is not None
    event = Event.objects.get(code="ticket.closed")
    assert (event.subject_id, REASON in event.sentence["en"]) == (workflow.subject_id, True)
    assert _press(ticket, "close") not in _page(people, ticket)

    again = people.staff.post(_press(ticket, "close"), {"form_key": new_key(), "reason": "something else"})
    assert again.status_code == 409
    assert "before you" in again.content.decode()
    ticket.refresh_from_db()
    assert (ticket.reason, Event.objects.filter(code="ticket.closed").count()) == (REASON, 1)


def test_open_tickets_stand_on_the_desks_first_page(people: People) -> None:
    make_ticket(make_workflow(people))
    page = people.staff.get("/admin/").content.decode()
    assert "Open tickets" in page
    assert f"{reverse('admin:support_ticket_changelist')}?state__exact=open" in page
