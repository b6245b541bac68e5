"""Sending the five facts to support: what goes along, what keeps them back, once, and withdrawn by a new choice."""

import pytest
from django.urls import reverse

from networking.actions.vpc_requests import NotReady, ask_back, submit_vpc, withdraw_requests
from networking.models import VpcRequest
from networking.states import VpcRequestState
from onboarding.actions.versions import Stale, WrongStep
from onboarding.brought_vpc import five_facts
from onboarding.models import Deployment
from onboarding.progress import journey
from onboarding.review import plan_of
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.findings.languages import heard
from portal.support.models import Ticket
from portal.workflows.models import Event
from portal.workflows.states import Turn
from tests.networking.brought import (
    OTHER_VPC,
    SUBNETS,
    VPC,
    ZONES,
    account_of,
    bring,
    choose_subnets_of,
    facts_document,
    look,
    untagged,
    user_of,
)
from tests.people import People


@pytest.fixture
def brought(people: People) -> Deployment:
    """A deployment whose VPC and subnets are chosen; nobody has looked at them yet."""
    return bring(people)


def send(people: People, deployment: Deployment) -> VpcRequest:
    deployment.refresh_from_db()
    return submit_vpc(deployment=deployment, version=deployment.version, by=user_of(people))


def address(deployment: Deployment) -> str:
    return reverse("networking:vpc_submit", args=[deployment.pk])


def fields(deployment: Deployment) -> dict[str, str]:
    deployment.refresh_from_db()
    return {"version": str(deployment.version), "form_key": new_key()}


def test_a_request_holds_the_five_facts_and_the_look_they_rest_on(people: People, brought: Deployment) -> None:
    seen = look(brought)
    sent = send(people, brought)
    row = VpcRequest.objects.get()
    assert row == sent
    assert (row.account_id, row.region, row.vpc_id) == (account_of(brought), "us-east-1", VPC)
    assert row.subnet_ids == list(SUBNETS)
    assert row.zones == [{"name": name, "id": zone} for name, zone in ZONES]
    assert row.content_hash == five_facts(brought, plan_of(brought)).content_hash
    assert (row.observation, row.state, row.submitted_by) == (seen, "submitted", people.owner.user)
    assert Event.objects.filter(code="vpc.requested", subject_id=brought.pk).count() == 1


def test_the_ticket_says_all_five_facts_and_the_evidence_in_both_languages(people: People, brought: Deployment) -> None:
    look(brought)
    request = send(people, brought)
    ticket = Ticket.objects.get()
    assert (request.ticket, ticket.kind, ticket.state) == (ticket, "vpc_approval", "open")
    assert set(ticket.summary) == {"en", "ja"}
    for text in ticket.summary.values():
        for fact in (account_of(brought), "us-east-1", VPC, *SUBNETS, *(zone for pair in ZONES for zone in pair)):
            assert fact in text
        assert brought.name in text
    english = heard(ticket.summary, "")
    assert "Seen by us with the read-only role" in english
    assert "checks passed: " in english
    assert "s3-endpoint.routes" in english


def test_a_rule_that_is_broken_keeps_the_request_back(people: People, brought: Deployment) -> None:
    look(brought, untagged(facts_document(account_of(brought))))
    with pytest.raises(NotReady, match="breaks rules: Load balancer tag of the subnets"):
        send(people, brought)
    assert not VpcRequest.objects.exists()
    assert not Ticket.objects.exists()


def test_nothing_is_sent_before_anybody_looked(people: People, brought: Deployment) -> None:
    with pytest.raises(NotReady, match="Nobody has looked"):
        send(people, brought)


def test_a_look_at_another_vpc_or_at_other_subnets_does_not_count(people: People, brought: Deployment) -> None:
    look(brought, facts_document(account_of(brought), vpc=OTHER_VPC))
    with pytest.raises(NotReady, match="Nobody has looked"):
        send(people, brought)
    look(brought)
    choose_subnets_of(brought, user_of(people), subnets=(*SUBNETS[:2], "subnet-0ffffffffffffffff"))
    with pytest.raises(NotReady, match="Nobody has looked"):
        send(people, brought)


def test_a_look_at_another_account_does_not_count(people: People, brought: Deployment) -> None:
    look(brought, facts_document("999988887777"))
    with pytest.raises(NotReady, match="Nobody has looked"):
        send(people, brought)


def test_what_could_not_be_seen_goes_along_marked_unknown(people: People, brought: Deployment) -> None:
    look(brought, facts_document(account_of(brought), DescribeVpcEndpoints=None))
    text = heard(send(people, brought).ticket.summary, "")
    assert "unknown · s3-endpoint.present" in text


def test_a_facts_file_counts_where_nobody_looked_and_is_marked_stated(people: People, brought: Deployment) -> None:
    said = look(brought, stated=True)
    request = send(people, brought)
    assert request.observation == said
    text = heard(request.ticket.summary, "")
    assert "Stated by the customer with a facts file" in text
    assert "Seen by us" not in text


def test_a_facts_file_stands_beside_a_look_that_was_blind(people: People, brought: Deployment) -> None:
    look(brought, facts_document(account_of(brought), DescribeVpcEndpoints=None))
    said = look(brought, stated=True)
    request = send(people, brought)
    assert request.observation == said
    text = heard(request.ticket.summary, "")
    assert text.index("Seen by us") < text.index("unknown · s3-endpoint.present") < text.index("Stated by the customer")


def test_a_facts_file_never_outweighs_what_was_seen(people: People, brought: Deployment) -> None:
    look(brought, untagged(facts_document(account_of(brought), DescribeVpcEndpoints=None)))
    look(brought, stated=True)
    with pytest.raises(NotReady, match="Load balancer tag of the subnets"):
        send(people, brought)


def test_a_facts_file_with_a_fault_does_not_hold_up_a_look_that_saw_everything(
    people: People, brought: Deployment
) -> None:
    seen = look(brought)
    look(brought, untagged(facts_document(account_of(brought))), stated=True)
    assert send(people, brought).observation == seen


def test_the_same_facts_are_sent_once(people: People, brought: Deployment) -> None:
    look(brought)
    first = send(people, brought)
    version = brought.version
    assert submit_vpc(deployment=brought, version=version - 1, by=user_of(people)) == first
    assert (VpcRequest.objects.count(), Ticket.objects.count()) == (1, 1)


def test_an_old_page_sends_nothing(people: People, brought: Deployment) -> None:
    look(brought)
    with pytest.raises(Stale):
        submit_vpc(deployment=brought, version=brought.version - 1, by=user_of(people))
    assert not VpcRequest.objects.exists()


def test_at_another_step_nothing_is_sent(people: People, brought: Deployment) -> None:
    look(brought)
    Deployment.objects.filter(pk=brought.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(WrongStep):
        send(people, brought)


def test_a_changed_choice_withdraws_what_was_sent(people: People, brought: Deployment) -> None:
    look(brought)
    request = send(people, brought)
    assert withdraw_requests(deployment=brought, by=user_of(people)) == 1
    request.refresh_from_db()
    assert (request.state, Ticket.objects.get().state) == ("withdrawn", "closed")
    assert Event.objects.filter(code="vpc.withdrawn", subject_id=brought.pk).count() == 1
    assert withdraw_requests(deployment=brought, by=user_of(people)) == 0


def test_a_new_request_takes_the_place_of_one_that_was_asked_back(people: People, brought: Deployment) -> None:
    look(brought)
    first = send(people, brought)
    assert people.staff.user is not None
    ask_back(request=first, by=people.staff.user, reason="Is the second subnet really private?")
    second = send(people, brought)
    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "submitted")
    assert first.reason == "Is the second subnet really private?"
    assert sorted(Ticket.objects.values_list("state", flat=True)) == ["closed", "open"]


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("anonymous", 302), ("staff", 404)])
def test_only_admins_and_owners_send(people: People, brought: Deployment, who: str, status: int) -> None:
    look(brought)
    assert getattr(people, who).post(address(brought), fields(brought)).status_code == status
    assert not VpcRequest.objects.exists()


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_a_press_sends_it_and_shows_the_very_text(people: People, brought: Deployment, who: str) -> None:
    look(brought)
    answer = getattr(people, who).client.post(address(brought), fields(brought), follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert VpcRequest.objects.get().submitted_by == getattr(people, who).user
    assert "Support has the request" in page
    for line in heard(Ticket.objects.get().summary, "").splitlines():
        assert line.replace("'", "&#x27;") in page


def test_a_double_click_sends_one(people: People, brought: Deployment) -> None:
    look(brought)
    sent = fields(brought)
    first, second = (people.owner.post(address(brought), sent) for _click in range(2))
    third = people.owner.post(address(brought), {**sent, "form_key": new_key()})
    assert [first.status_code, second.status_code, third.status_code] == [302, 302, 302]
    assert (VpcRequest.objects.count(), Ticket.objects.count()) == (1, 1)


def test_a_refusal_says_why_with_422_and_a_stale_form_gets_409(people: People, brought: Deployment) -> None:
    refused = people.owner.post(address(brought), fields(brought))
    assert refused.status_code == 422
    assert "Nobody has looked at" in refused.content.decode()
    look(brought)
    stale = people.owner.post(address(brought), {"version": "1", "form_key": new_key()})
    assert stale.status_code == 409
    assert people.owner.post(address(brought), {"version": "x", "form_key": new_key()}).status_code == 422
    assert people.owner.post(address(brought), {"version": str(brought.version)}).status_code == 409
    assert not VpcRequest.objects.exists()


def test_the_page_shows_a_question_and_offers_to_send_again(people: People, brought: Deployment) -> None:
    look(brought)
    assert people.staff.user is not None
    ask_back(request=send(people, brought), by=people.staff.user, reason="Which <b>NAT</b> do they use?")
    page = people.viewer.get(reverse("networking:vpc", args=[brought.pk])).content.decode()
    assert "Which &lt;b&gt;NAT&lt;/b&gt; do they use?" in page
    assert address(brought) in page
    assert VpcRequest.objects.get().state == VpcRequestState.ASKED_BACK


def test_it_is_supports_turn_until_support_has_answered(people: People, brought: Deployment) -> None:
    look(brought)
    assert turn(brought) == Turn.YOU
    request = send(people, brought)
    assert turn(brought) == Turn.SUPPORT
    assert people.owner.client.get(reverse("onboarding:journey", args=[brought.pk])).content.decode().count(VPC) > 0
    ask_back(request=request, by=user_of(people), reason="Which team owns the endpoint?")
    assert turn(brought) == Turn.YOU


def test_another_choice_makes_it_the_customers_turn_again(people: People, brought: Deployment) -> None:
    look(brought)
    send(people, brought)
    withdraw_requests(deployment=brought, by=user_of(people))
    assert turn(brought) == Turn.YOU


def turn(deployment: Deployment) -> Turn:
    deployment.refresh_from_db()
    return journey(deployment).turn
