"""«Do it for me» and the removal of a peering: what is shown before, who confirms, and what an old page does."""

import re
from typing import Any

import pytest

from networking.models import Peering
from networking.states import PeeringState
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.networking import peered
from tests.networking.peering_pages import address, allow_writes, fields, shown, text
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def peering(people: People) -> Peering:
    """The request waits to be accepted, no route leads to it, and the roles may peer."""
    row = peered.peered(people)
    peered.record_requested(row)
    allow_writes(row)
    return row


def works() -> Any:
    return Workflow.objects.filter(kind__in=["networking.peering", "networking.peering_removal"])


def begun(people: People, peering: Peering) -> Workflow:
    """The routes of step 4 were confirmed."""
    here = address("peering_apply", peering)
    page = shown(people.admin, peering, "routes", name="peering_apply")
    assert people.admin.post(here, fields(page, here)).status_code == 302
    found: Workflow = works().get()
    return found


def test_the_plan_of_one_step_names_each_call_its_role_and_account(people: People, peering: Peering) -> None:
    words = text(shown(people.admin, peering, "routes", name="peering_apply"))
    assert f"Add the route 10.20.0.0/16 → {peered.PCX} to the route table {peered.BYOC_TABLES[0]}." in words
    account = peering.deployment.connection.account_id  # type: ignore[union-attr]
    assert f"ClickHouseManagementRole in account {account} calls ec2:CreateRoute once." in words
    assert "Make these 6 changes" in words


def test_all_that_is_allowed_leaves_to_others_what_it_may_not_do_and_says_why(people: People, peering: Peering) -> None:
    words = text(shown(people.admin, peering, name="peering_apply"))
    assert "Make these 6 changes" in words
    assert "Left to others Step 3: Accept the request Nobody lends us a role in account 333333333333" in words
    assert "Step 6: Admit your VPC in the security group Support adds the inbound rule." in words


def test_a_confirmed_plan_starts_the_work_that_was_shown_once(people: People, peering: Peering) -> None:
    here = address("peering_apply", peering)
    sent = fields(shown(people.admin, peering, "routes", name="peering_apply"), here)
    assert [people.admin.post(here, sent).status_code for _press in range(2)] == [302, 302]
    (work,) = works()
    assert work.data["plan_hash"] == sent["plan_hash"]
    assert work.data["steps"] == ["routes"]
    page = shown(people.admin, peering)
    assert "Doing what you confirmed" in text(page)
    assert 'hx-trigger="every 2s"' in page


def test_two_admins_start_one_work(people: People, peering: Peering) -> None:
    here = address("peering_apply", peering)
    sent = [fields(shown(one, peering, "routes", name="peering_apply"), here) for one in (people.admin, people.owner)]
    assert people.admin.post(here, sent[0]).status_code == 302
    assert people.owner.post(here, sent[1]).status_code == 409
    assert works().count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"plan_hash": "0" * 64},
        {"plan_hash": ""},
        {"version": "9"},
        {"step": "connection"},
        {"step": "nonsense"},
        {"form_key": ""},
    ],
)
def test_a_form_that_does_not_fit_starts_nothing(people: People, peering: Peering, changed: dict[str, str]) -> None:
    here = address("peering_apply", peering)
    sent = fields(shown(people.admin, peering, "routes", name="peering_apply"), here)
    assert people.admin.post(here, sent | changed).status_code == 409
    assert not works().exists()


def test_a_look_that_sees_something_new_makes_the_plan_stale(people: People, peering: Peering) -> None:
    here = address("peering_apply", peering)
    sent = fields(shown(people.admin, peering, "routes", name="peering_apply"), here)
    peered.record(peering, peered.unrouted(peered.requester(peering), peered.BYOC_TABLES[2]))
    answer = people.admin.post(here, sent)
    assert answer.status_code == 409
    assert "Something changed after your page was shown" in text(answer.content.decode())
    assert not works().exists()


def test_without_a_look_there_is_no_plan(people: People) -> None:
    page = shown(people.admin, peered.peered(people), name="peering_apply")
    assert "We have not looked at the two VPCs yet" in text(page)
    assert 'id="apply"' not in page


def test_a_viewer_sees_the_plan_and_cannot_confirm_it(people: People, peering: Peering) -> None:
    page, here = shown(people.viewer, peering, "routes", name="peering_apply"), address("peering_apply", peering)
    assert re.search(r'<button class="btn btn-primary" disabled', page)
    assert people.viewer.post(here, fields(page, here)).status_code == 403
    assert people.stranger.get(here).status_code == 404
    assert not works().exists()


def test_a_refusal_shows_awss_words_and_two_ways_on(people: People, peering: Peering) -> None:
    work = begun(people, peering)
    Intent.objects.create(
        organisation=people.organisation, workflow=work, key=f"route:{peered.BYOC_TABLES[0]}:10.20.0.0/16",
        action="ec2:CreateRoute", effect_class="natural", request_hash="0", state=IntentState.REFUSED,
        error_code="RouteLimitExceeded", error_text="The limit is <b>50</b>.", request_id="req-7",
    )  # fmt: skip
    works().update(state=WorkflowState.PAUSED, due_at=None, message={"en": "AWS refused a route."})
    page = shown(people.viewer, peering)
    assert "The limit is &lt;b&gt;50&lt;/b&gt;." in page
    assert "req-7" in page
    resume, leave = address("peering_resume", peering), address("peering_leave", peering)
    assert people.viewer.post(resume, fields(page, resume)).status_code == 403
    page = shown(people.admin, peering)
    assert people.admin.post(resume, fields(page, resume)).status_code == 302
    assert works().get().state == WorkflowState.ACTIVE
    assert people.admin.post(leave, fields(page, leave)).status_code == 409  # it goes on: nothing to leave
    works().update(state=WorkflowState.PAUSED, due_at=None)
    page = shown(people.admin, peering)
    assert people.admin.post(leave, fields(page, leave)).status_code == 302
    assert works().get().state == WorkflowState.CANCELLED
    assert "what was made stays" in text(shown(people.admin, peering))


def test_a_refusal_in_the_target_account_leads_to_the_roles_page(people: People, peering: Peering) -> None:
    work = begun(people, peering)
    change = work.data["changes"][0] | {"side": "accepter", "account": "333333333333"}
    Workflow.objects.filter(pk=work.pk).update(
        data=work.data | {"changes": [change]}, state=WorkflowState.PAUSED, due_at=None
    )
    Intent.objects.create(
        organisation=people.organisation, workflow=work, key=f"route:{change['resource']}:{change['ranges'][0]}",
        action="ec2:CreateRoute", effect_class="natural", request_hash="0", state=IntentState.REFUSED,
        error_code="UnauthorizedOperation", error_text="No.",
    )  # fmt: skip
    page = shown(people.admin, peering)
    assert "The role that account 333333333333 lends was refused" in text(page)
    assert address("peering_role", peering) in page


def test_a_removal_shows_the_order_and_what_stays_and_asks_for_the_name(people: People, peering: Peering) -> None:
    peered.record(peering)
    here = address("peering_remove", peering)
    page = shown(people.admin, peering, name="peering_remove")
    words = text(page)
    assert f"Delete the route 10.20.0.0/16 → {peered.PCX} from the route table {peered.BYOC_TABLES[0]}" in words
    assert "The private load balancer stays" in words
    wrong = people.admin.post(here, fields(page, here) | {"confirmation": "hab"})
    assert wrong.status_code == 422
    assert "Type exactly hub." in text(wrong.content.decode())
    answer = people.admin.post(here, fields(page, here) | {"confirmation": "hub"})
    assert answer.status_code == 302
    peering.refresh_from_db()
    assert peering.state == PeeringState.REMOVING
    words = text(shown(people.admin, peering))
    assert "Taking the peering back" in words
    assert "What we found" not in words


def test_what_the_customer_made_goes_only_when_it_is_ticked(people: People, peering: Peering) -> None:
    peered.record(peering)
    here = address("peering_remove", peering)
    page = shown(people.admin, peering, name="peering_remove")
    gone = f"Delete the peering connection {peered.PCX} between"
    assert gone not in text(page)
    assert f'value="{peered.PCX}" id="named-{peered.PCX}">' in page
    answer = people.admin.get(here, query_params={"named[]": [peered.PCX, "pcx-0fffffffffffffff0", "<b>"]})
    page = answer.content.decode()
    assert gone in text(page)
    assert "<b>" not in page
    sent = fields(page, here)
    assert sent["named[]"] == peered.PCX
    assert people.admin.post(here, sent | {"confirmation": "hub"}).status_code == 302
    assert works().get().data["named"] == [peered.PCX]


def test_a_stale_removal_changes_nothing(people: People, peering: Peering) -> None:
    here = address("peering_remove", peering)
    sent = fields(shown(people.admin, peering, name="peering_remove"), here) | {"confirmation": "hub"}
    peered.record(peering)
    assert people.admin.post(here, sent).status_code == 409
    assert people.viewer.post(here, sent).status_code == 403
    assert people.stranger.post(here, sent).status_code == 404
    peering.refresh_from_db()
    assert peering.state != PeeringState.REMOVING
    assert not works().exists()
