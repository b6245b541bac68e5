"""The page of one peering: what it says in each state and step, to whom, and what its buttons note."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from networking.models import Peering, PeeringConnection, PeeringFault, PeeringWatch, StepNote
from networking.states import PeeringState, PeeringStatus
from onboarding.models import Deployment
from portal.findings.languages import spoken
from portal.support.models import Ticket
from portal.workflows.models import Workflow
from tests.networking import peered
from tests.networking.peering_pages import address, allow_writes, fields, shown, text
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def peering(people: People) -> Peering:
    """Registered and looked at; nothing is done yet."""
    row = peered.peered(people)
    peered.record_nothing_yet(row)
    return row


def requested(people: People, status: str, **more: Any) -> Peering:
    """The connection was seen waiting, then in that state."""
    row = peered.peered(people)
    peered.record_requested(row)
    if status != PeeringStatus.PENDING:
        peered.record_requested(row, status, **more)
    return row


def test_it_opens_the_first_step_and_says_whose_turn_it_is(people: People, peering: Peering) -> None:
    words = text(shown(people.owner, peering))
    assert "Step 1 of 6 your turn usually within a working day" in words
    assert "One press asks support for it" in words
    assert "0 of 6 steps done" in words


def test_a_peering_that_nobody_looked_at_says_so(people: People) -> None:
    words = text(shown(people.owner, peered.peered(people), "connection"))
    assert "Nobody has looked at the two VPCs yet" in words


def test_each_step_can_be_opened_and_what_is_no_step_opens_the_present_one(people: People, peering: Peering) -> None:
    for number, step in enumerate(
        ("private-load-balancer", "connection", "acceptance", "routes", "return-routes", "security-group"), 1
    ):
        assert f"Step {number} of 6" in text(shown(people.owner, peering, step))
    assert "Step 1 of 6" in text(shown(people.owner, peering, "nonsense"))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("initiating-request", "AWS is writing the request pcx-0123456789abcdef0"),
        ("pending-acceptance", "waits for account 333333333333 to accept it"),
        ("provisioning", "Account 333333333333 accepted pcx-0123456789abcdef0, and AWS is setting it up"),
        ("active", "is active: the link between the two VPCs stands"),
        ("rejected", "Account 333333333333 rejected pcx-0123456789abcdef0. Somebody there pressed"),
        ("expired", "Nobody in account 333333333333 accepted it within seven days"),
        ("failed", "AWS could not set up pcx-0123456789abcdef0. Most often ranges of the two VPCs overlap"),
        ("deleting", "is being deleted. Somebody in one of the two accounts deleted it"),
        ("deleted", "was deleted. Somebody in one of the two accounts deleted it"),
    ],
)
def test_each_of_the_nine_states_is_a_sentence(people: People, status: str, said: str) -> None:
    ended = status in {"rejected", "expired", "failed", "deleting", "deleted"}
    peering = peered.peered(people)
    if ended:
        peered.record_requested(peering)
    peered.record_requested(peering, status)
    page = shown(people.owner, peering, "connection")
    assert said in text(page)
    assert (address("peering_renew", peering) in page) is ended


def test_the_seven_days_are_counted_down(people: People) -> None:
    peering = requested(people, "pending-acceptance")
    PeeringConnection.objects.update(expires_at=timezone.now() + timedelta(days=6, hours=4, minutes=1))
    words = text(shown(people.owner, peering)).replace("\xa0", " ")
    assert "6 days, 4 hours left" in words
    PeeringConnection.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "The seven days are over" in text(shown(people.owner, peering))


def test_a_failed_request_shows_awss_own_words_never_as_markup(people: People) -> None:
    peering = requested(people, "failed", message="Overlapping <b>CIDR</b> 100%")
    page = shown(people.owner, peering)
    assert "Overlapping &lt;b&gt;CIDR&lt;/b&gt; 100%" in page
    assert "<b>CIDR</b>" not in page


def test_a_new_request_is_confirmed_and_the_old_one_stays_on_record(people: People) -> None:
    peering = requested(people, "rejected")
    page = shown(people.admin, peering, name="peering_renew")
    assert "Nothing is made in AWS by this press" in text(page)
    here = address("peering_renew", peering)
    sent = fields(page, here)
    assert [people.admin.post(here, sent).status_code for _press in range(2)] == [302, 302]
    peering.refresh_from_db()
    assert peering.generation == 2
    words = text(shown(people.owner, peering))
    assert "Earlier requests" in words
    assert peered.PCX in words
    assert people.owner.post(here, fields(page, here) | {"form_key": "x" * 43}).status_code == 409


def test_a_connection_that_lives_is_not_begun_anew(people: People) -> None:
    peering = requested(people, "pending-acceptance")
    assert "has not ended" in text(shown(people.admin, peering, name="peering_renew"))


def test_the_step_says_how_many_tables_are_done_and_which_lacks_what(people: People) -> None:
    peering = peered.peered(people)
    peered.record(peering, peered.unrouted(peered.requester(peering), peered.BYOC_TABLES[2]))
    words = text(shown(people.owner, peering))
    assert "Step 4 of 6" in words
    assert f"2 of 3 route tables lead to {peered.TARGET_VPC}" in words
    assert f"The route table {peered.BYOC_TABLES[2]} lacks 10.20.0.0/16 → {peered.PCX}" in words
    assert re.search(r"observed \d+", words)
    assert f"aws ec2 create-route --region {peered.REGION}" in words


def test_a_stated_tick_stays_unknown_and_the_page_goes_on(people: People) -> None:
    peering = peered.peered(people, stated_ranges=["10.20.0.0/16"])
    group = peered.group(peering, ranges=())
    peered.record(peering, peered.requester(peering, security_groups=(group,)), peered.blind())
    page = shown(people.admin, peering)
    assert "Nobody has shown us the route tables" in text(page)
    assert f"Nobody has shown us the inside of {peered.TARGET_VPC}" in text(page)
    here = address("peering_state", peering)
    assert people.admin.post(here, fields(page, here)).status_code == 302
    assert StepNote.objects.get().by == people.admin.user.email  # type: ignore[union-attr]
    words = text(shown(people.admin, peering, "return-routes"))
    assert "Nobody has seen it, so it counts as unknown" in words
    assert "stated by" in words
    peering.refresh_from_db()
    assert peering.state == PeeringState.SETTING_UP
    assert "Step 6 of 6" in text(shown(people.admin, peering))


def test_only_a_step_of_the_target_side_can_be_stated(people: People, peering: Peering) -> None:
    page = shown(people.admin, peering, "acceptance")
    key = fields(page, address("peering_look", peering))["form_key"]
    sent = {"form_key": key, "step": "routes"}
    assert people.admin.post(address("peering_state", peering), sent).status_code == 409
    assert not StepNote.objects.exists()


def test_support_is_asked_once_and_the_page_goes_on_to_the_next_step(people: People, peering: Peering) -> None:
    page, here = shown(people.admin, peering), address("peering_ask", peering)
    sent = fields(page, here)
    assert [people.admin.post(here, sent).status_code for _press in range(2)] == [302, 302]
    assert Ticket.objects.count() == 1
    words = text(shown(people.admin, peering))
    assert "Step 2 of 6" in words
    assert "support's turn" in words
    assert "Go on with step 2" in text(shown(people.admin, peering, "private-load-balancer"))


def test_with_the_switch_nobody_is_asked(people: People) -> None:
    peering = peered.peered(people, profile="2026-08")
    peered.record_nothing_yet(peering)
    page = shown(people.admin, peering)
    assert "Enable the private load balancer" in text(page)
    assert 'id="ask"' not in page


def test_what_the_role_may_not_do_is_said_with_the_next_act(people: People, peering: Peering) -> None:
    words = text(shown(people.admin, peering, "connection"))
    assert "You did not allow peering changes" in words
    assert "Do all that is allowed" not in words
    allow_writes(peering)
    page = shown(people.admin, peering, "connection")
    assert f"{address('peering_apply', peering)}?step=connection" in page
    assert "Do all that is allowed" in text(page)


def test_a_viewer_reads_everything_and_presses_nothing(people: People, peering: Peering) -> None:
    page = shown(people.viewer, peering)
    assert "Only admins and owners can change this" in text(page)
    here = address("peering_ask", peering)
    assert people.viewer.post(here, fields(page, here)).status_code == 403
    buttons = re.findall(r"<button class=\"btn[^>]*>", page.partition('id="target-side"')[0])
    assert len(buttons) == 2
    assert all("disabled" in button for button in buttons)
    assert not Ticket.objects.exists()


def test_it_refuses_a_stranger_and_another_deployments_address(people: People, peering: Peering) -> None:
    assert people.stranger.get(address("peering", peering)).status_code == 404
    other = peered.peered(people, vpc_id="vpc-0ccccccccccccccccc")
    swapped = address("peering", peering).replace(str(peering.deployment_id), str(other.deployment_id))
    assert people.owner.get(swapped).status_code == 404


def test_connected_says_so_and_stops_asking(people: People) -> None:
    peering = peered.peered(people)
    peered.record(peering)
    page = shown(people.owner, peering)
    assert "Connected: we saw routes, link and entrance" in text(page)
    assert "hx-get" not in page


def test_broken_says_since_when_and_what(people: People) -> None:
    peering = peered.peered(people)
    peered.record(peering)
    peered.record(peering, peered.unrouted(peered.requester(peering), peered.BYOC_TABLES[0]))
    assert PeeringFault.objects.filter(mended_at=None).exists()
    page = shown(people.owner, peering)
    words = text(page)
    assert "no longer connected since" in words
    assert 'id="faults"' in page
    assert f"{peered.BYOC_TABLES[0]} lacks" in words
    assert 'class="step step-failed' in page


def test_removed_shows_what_was_and_offers_nothing(people: People, peering: Peering) -> None:
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.REMOVED)
    page = shown(people.admin, peering)
    assert "What was" in text(page)
    assert 'id="step"' not in page
    assert "hx-get" not in page
    assert "<form" not in page.partition('id="peering"')[2].partition("<footer")[0]


def test_the_live_part_comes_when_something_is_new_and_notes_that_somebody_watches(
    people: People, peering: Peering
) -> None:
    asked = re.search(r'hx-get="([^"]+)"', shown(people.viewer, peering))
    assert asked
    link = asked[1].replace("&amp;", "&")
    assert people.viewer.get(link, headers={"HX-Request": "true"}).status_code == 204
    assert PeeringWatch.objects.get().peering == peering
    Deployment.objects.filter(pk=peering.deployment_id).update(shown=99)
    answer = people.viewer.get(link, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert '<div class="with-side peering" id="peering-live"' in answer.content.decode()


def test_look_again_starts_one_look_and_too_many_are_refused(people: People, peering: Peering) -> None:
    here = address("peering_look", peering)
    page = shown(people.admin, peering)
    assert people.admin.post(here, fields(page, here)).status_code == 302
    assert Workflow.objects.filter(kind="networking.peering_look").count() == 1
    page = shown(people.admin, peering)
    assert "We are looking at both sides" in text(page)
    assert 'hx-trigger="every 2s"' in page
    Workflow.objects.update(started_by="system")
    assert "We are looking at both sides" not in text(shown(people.admin, peering))
    for _again in range(3):
        Workflow.objects.all().update(state="done", ended_at=timezone.now(), due_at=None)
        answer = people.admin.post(here, fields(shown(people.admin, peering), here))
    assert answer.status_code == 429
    assert "times within a minute" in text(answer.content.decode())


def test_a_script_for_each_account_and_none_where_nothing_is_open(people: People, peering: Peering) -> None:
    here = address("peering_script", peering)
    answer = people.viewer.get(f"{here}?side=byoc")
    assert answer.status_code == 200
    assert "create-vpc-peering-connection" in answer.content.decode()
    assert people.viewer.get(f"{here}?side=elsewhere").status_code == 404
    assert people.viewer.get(here).status_code == 404


def test_the_page_costs_few_queries(people: People, peering: Peering, django_assert_max_num_queries: Any) -> None:
    allow_writes(peering)
    Deployment.objects.filter(pk=peering.deployment_id).update(shown=5)
    # Session, person and gate are three of them; the target side's box takes two, a screenshot one.
    with django_assert_max_num_queries(14):
        shown(people.owner, peering, "routes")
    with django_assert_max_num_queries(11):
        people.owner.get(address("peering_progress", peering))


def test_what_broke_is_named_in_the_readers_words(people: People) -> None:
    peering = peered.peered(people)
    peered.record(peering)
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.BROKEN)
    PeeringFault.objects.create(
        organisation=people.organisation, peering=peering, code="peering.accepted", sentence=spoken(lambda: "It went.")
    )
    assert "It went." in text(shown(people.owner, peering))
