"""VPCs on the support desk: the five facts with their findings, approved or asked back once, and never edited."""

import pytest
from django.urls import reverse

from networking.actions.hand_offs import hand_off
from networking.actions.vpc_requests import approve_request, submit_vpc, withdraw_requests
from networking.models import VpcRequest
from onboarding.brought_vpc import is_approved
from onboarding.models import Deployment
from onboarding.review import plan_of
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.accounts.refusals import ActionRefused
from portal.support.models import Ticket
from portal.workflows.models import Event, Letter
from tests.networking.brought import (
    SUBNETS,
    VPC,
    ZONES,
    bring,
    choose_subnets_of,
    facts_document,
    look,
    untagged,
    user_of,
)
from tests.people import People

REASON = "All five facts <fit> the contract."


@pytest.fixture
def request_row(people: People) -> VpcRequest:
    """A request as a customer sent it."""
    deployment = bring(people)
    look(deployment)
    return submit_vpc(deployment=deployment, version=deployment.version, by=user_of(people))


def press(people: People, row: VpcRequest, name: str, reason: str = REASON):
    address = reverse("admin:networking_vpcrequest_press", args=[row.pk, name])
    return people.staff.post(address, {"form_key": new_key(), "reason": reason})


def page_of(people: People, row: VpcRequest) -> str:
    return people.staff.get(reverse("admin:networking_vpcrequest_change", args=[row.pk])).content.decode()


def deployment_of(row: VpcRequest) -> Deployment:
    return Deployment.objects.get(pk=row.deployment_id)


def test_the_page_shows_the_five_facts_the_findings_and_the_customers_text(
    people: People, request_row: VpcRequest
) -> None:
    page = page_of(people, request_row)
    for fact in (request_row.account_id, "us-east-1", VPC, *SUBNETS, *(zone for pair in ZONES for zone in pair)):
        assert fact in page
    assert 'class="finding finding-passed" data-code="s3-endpoint.routes"' in page
    assert "Please approve this VPC for the deployment" in page
    assert "press/approve/" in page
    assert "press/ask-back/" in page


def test_a_newer_look_of_ours_is_shown_too(people: People, request_row: VpcRequest) -> None:
    assert "finding-failed" not in page_of(people, request_row)
    look(deployment_of(request_row), untagged(facts_document(request_row.account_id)))
    assert 'class="finding finding-failed" data-code="subnets.tags"' in page_of(people, request_row)


def test_an_approval_opens_the_way_closes_the_ticket_and_tells_the_people(
    people: People, request_row: VpcRequest
) -> None:
    assert press(people, request_row, "approve").status_code == 302
    request_row.refresh_from_db()
    deployment = deployment_of(request_row)
    plan = plan_of(deployment)
    assert (request_row.state, request_row.decided_by, request_row.reason) == ("approved", people.staff.user, REASON)
    assert request_row.decided_at is not None
    assert is_approved(deployment, plan)
    assert plan.vpc_approved_hash == request_row.content_hash
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.reason, ticket.closed_by) == ("closed", REASON, people.staff.user.email)
    assert Event.objects.filter(code="vpc.approved", subject_id=deployment.pk).count() == 1
    letters = Letter.objects.filter(key__contains="vpc-approved")
    assert {letter.to for letter in letters} == {people.owner.user.email, people.admin.user.email}
    assert all(VPC in letter.body and REASON in letter.body for letter in letters)
    assert "press/" not in page_of(people, request_row)


def test_asking_back_shows_the_question_to_the_customer_and_mails_it(people: People, request_row: VpcRequest) -> None:
    assert press(people, request_row, "ask-back", "").status_code == 422
    assert press(people, request_row, "ask-back", "Is <c> private?").status_code == 302
    request_row.refresh_from_db()
    deployment = deployment_of(request_row)
    assert (request_row.state, Ticket.objects.get().state) == ("asked_back", "closed")
    assert not is_approved(deployment, plan_of(deployment))
    assert Event.objects.filter(code="vpc.asked_back").count() == 1
    assert "Is <c> private?" in Letter.objects.filter(key__contains="vpc-asked-back").first().body
    page = people.viewer.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    assert "Is &lt;c&gt; private?" in page
    assert "Is <c> private?" not in page


def test_the_customer_sees_the_approval_and_the_way_on(people: People, request_row: VpcRequest) -> None:
    press(people, request_row, "approve")
    page = people.owner.get(reverse("networking:vpc", args=[request_row.deployment_id])).content.decode()
    assert f"Support approved {VPC}" in page
    assert "All five facts &lt;fit&gt; the contract." in page
    assert reverse("onboarding:review", args=[request_row.deployment_id]) in page


@pytest.mark.parametrize(
    ("first", "second"), [("approve", "ask-back"), ("ask-back", "approve"), ("approve", "approve")]
)
def test_a_second_decision_is_refused(people: People, request_row: VpcRequest, first: str, second: str) -> None:
    press(people, request_row, first)
    request_row.refresh_from_db()
    decided = (request_row.state, request_row.decided_at, Letter.objects.count())
    answer = press(people, request_row, second)
    assert answer.status_code == 409
    assert "decided this request before" in answer.content.decode()
    request_row.refresh_from_db()
    assert (request_row.state, request_row.decided_at, Letter.objects.count()) == decided


def test_an_approval_of_facts_that_are_no_longer_the_plans_is_refused(people: People, request_row: VpcRequest) -> None:
    deployment = deployment_of(request_row)
    choose_subnets_of(deployment, user_of(people), subnets=(*SUBNETS[:2], "subnet-0ffffffffffffffff"))
    answer = press(people, request_row, "approve")
    assert answer.status_code == 409
    assert "no longer what the customer chose" in answer.content.decode()
    request_row.refresh_from_db()
    assert (request_row.state, request_row.decided_by, request_row.reason) == ("submitted", None, "")
    assert plan_of(deployment).vpc_approved_hash == ""
    assert Ticket.objects.get().state == "open"
    assert not Letter.objects.exists()


def test_the_order_in_which_subnets_were_chosen_is_no_other_fact(people: People, request_row: VpcRequest) -> None:
    deployment = deployment_of(request_row)
    plan = plan_of(deployment)
    plan.subnet_ids.reverse()
    plan.zones.reverse()
    plan.save()
    assert press(people, request_row, "approve").status_code == 302
    assert is_approved(deployment, plan_of(deployment))


def test_what_was_withdrawn_or_is_past_its_step_is_not_approved(people: People, request_row: VpcRequest) -> None:
    deployment = deployment_of(request_row)
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(ActionRefused):
        approve_request(request=request_row, by=people.staff.user, reason=REASON)
    request_row.refresh_from_db()
    assert request_row.state == "submitted"
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.INFRASTRUCTURE)
    withdraw_requests(deployment=deployment, by=user_of(people))
    assert press(people, request_row, "approve").status_code == 409
    assert plan_of(deployment).vpc_approved_hash == ""


@pytest.mark.parametrize("who", ["owner", "stranger", "anonymous"])
def test_nobody_else_decides(people: People, request_row: VpcRequest, who: str) -> None:
    for name in ("approve", "ask-back"):
        address = reverse("admin:networking_vpcrequest_press", args=[request_row.pk, name])
        answer = getattr(people, who).post(address, {"form_key": new_key(), "reason": REASON})
        assert answer.status_code in {302, 404}
    request_row.refresh_from_db()
    assert request_row.state == "submitted"


def test_a_request_waits_on_the_first_page(people: People, request_row: VpcRequest) -> None:
    listed = f"{reverse('admin:networking_vpcrequest_changelist')}?state__exact=submitted"
    page = people.staff.get("/admin/").content.decode()
    assert "VPCs that wait for approval" in page
    assert listed in page
    assert VPC in people.staff.get(listed).content.decode()


def test_the_desk_shows_links_without_their_fingerprint(people: People) -> None:
    deployment = bring(people)
    row, token = hand_off(deployment=deployment, vpc_id=VPC, label="Network team", by=user_of(people))
    page = people.staff.get(reverse("admin:networking_handoff_change", args=[row.pk])).content.decode()
    assert "Network team" in page
    assert row.token_hash not in page
    assert token not in page


def test_the_question_shows_what_is_decided_on(people: People, request_row: VpcRequest) -> None:
    asked = people.staff.get(reverse("admin:networking_vpcrequest_press", args=[request_row.pk, "approve"]))
    shown = asked.content.decode()
    for fact in (request_row.account_id, VPC, *SUBNETS):
        assert fact in shown


def test_staff_revoke_a_link_that_got_into_the_wrong_hands(people: People, request_row: VpcRequest) -> None:
    link, token = hand_off(deployment=deployment_of(request_row), vpc_id=VPC, label="Network team", by=user_of(people))
    address = reverse("admin:networking_handoff_press", args=[link.pk, "revoke"])
    assert people.staff.post(address, {"form_key": new_key()}).status_code == 302
    link.refresh_from_db()
    assert not link.is_open
    assert people.owner.client.get(reverse("networking:hand_off", args=[token])).status_code == 404
    event = Event.objects.get(code="hand_off.revoked")
    assert event.actor == people.staff.user.email
