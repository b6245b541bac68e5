"""Giving the public load balancer up: opened by a fresh proof only, decided by support, taken back by either way."""

from typing import Any

import pytest
from django.urls import reverse

from networking.actions.public_removals import NotProven, ask_for_removal
from networking.models import Peering, PublicRemoval
from networking.states import PeeringState
from portal.accounts.formkeys import new_key
from portal.support.models import Ticket
from portal.workflows.models import Event, Letter
from tests.networking.brought import user_of
from tests.networking.private_access.scenes import PRIVATE, PUBLIC, address, aged, connected, fields, prove
from tests.people import People

pytestmark = pytest.mark.django_db
REASON = "Removed on <Tuesday> at noon."


@pytest.fixture
def peering(people: People) -> Peering:
    return connected(people)


def ask(people: People, peering: Peering) -> PublicRemoval:
    prove(people, peering)
    return ask_for_removal(deployment=peering.deployment, by=user_of(people))


def shown(people: People, peering: Peering) -> str:
    return people.owner.get(address("private_access", peering)).content.decode()


def press(people: People, row: PublicRemoval, name: str) -> Any:
    url = reverse("admin:networking_publicremoval_press", args=[row.pk, name])
    return people.staff.post(url, {"form_key": new_key(), "reason": REASON})


def test_a_proof_opens_the_request_and_support_gets_its_evidence(people: People, peering: Peering) -> None:
    prove(people, peering)
    assert "Ask support to remove the public load balancer" in shown(people, peering)
    sent = fields(understood="on")
    for _click in range(2):
        assert people.owner.post(address("public_removal", peering), sent).status_code == 302
    row, ticket = PublicRemoval.objects.get(), Ticket.objects.get()
    assert (row.state, row.ticket, row.submitted_by) == ("submitted", ticket, people.owner.user)
    assert (ticket.kind, ticket.state) == ("public_balancer", "open")
    assert set(ticket.summary) == {"en", "ja"}
    for words in (PRIVATE, peering.vpc_id, "private-access.ports", "answers on TCP 8443, 9440"):
        assert words in ticket.summary["en"]
    assert "Support has the request" in shown(people, peering)


def test_without_the_tick_nothing_is_sent(people: People, peering: Peering) -> None:
    prove(people, peering)
    answer = people.owner.post(address("public_removal", peering), fields())
    assert answer.status_code == 422
    assert "Tick this once everybody" in answer.content.decode()
    assert not PublicRemoval.objects.exists()


def lacking_nothing(people: People, peering: Peering) -> None:
    """Nobody probed."""


def lacking_an_answer(people: People, peering: Peering) -> None:
    prove(people, peering)
    prove(people, peering, ports={"8443": "timeout", "9440": "open"})


def lacking_youth(people: People, peering: Peering) -> None:
    aged(prove(people, peering), days=7, minutes=1)


def lacking_a_connection(people: People, peering: Peering) -> None:
    prove(people, peering)
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.BROKEN)


def lacking_the_name(people: People, peering: Peering) -> None:
    prove(people, peering)
    other = PUBLIC.replace("h5ju65kv87", "aaaaaaaaaa")
    people.owner.post(address("private_access_name", peering), fields(public_host=other, version="2"))


LACKS = [
    (lacking_nothing, "Run the probe on a host in a peered VPC first"),
    (lacking_an_answer, "The newest probe did not reach the endpoint"),
    (lacking_youth, "older than 7 days"),
    (lacking_a_connection, "is not connected end to end"),
    (lacking_the_name, "Run the probe on a host"),
]


@pytest.mark.parametrize(("make", "words"), LACKS)
def test_what_lacks_is_said_and_keeps_the_request_back(people: People, peering: Peering, make: Any, words: str) -> None:
    make(people, peering)
    assert words in shown(people, peering)
    with pytest.raises(NotProven, match=words):
        ask_for_removal(deployment=peering.deployment, by=user_of(people))
    assert people.owner.post(address("public_removal", peering), fields(understood="on")).status_code == 409
    assert (PublicRemoval.objects.count(), Ticket.objects.count()) == (0, 0)


def test_a_proof_of_almost_seven_days_still_counts(people: People, peering: Peering) -> None:
    aged(prove(people, peering), days=6, hours=23)
    assert ask_for_removal(deployment=peering.deployment, by=user_of(people)).state == "submitted"


def test_another_peerings_proof_counts_where_the_newest_one_failed(people: People, peering: Peering) -> None:
    other = connected(people, named=False, vpc_id="vpc-0e0e0e0e0e0e0e0e1")
    Peering.objects.filter(pk=other.pk).update(deployment=peering.deployment)
    other.refresh_from_db()
    good = prove(people, peering)
    prove(people, other, ports={"8443": "timeout", "9440": "timeout"})
    assert ask_for_removal(deployment=peering.deployment, by=user_of(people)).proof == good


def test_support_removes_it_and_the_customer_has_it_put_back(people: People, peering: Peering) -> None:
    row = ask(people, peering)
    Letter.objects.all().delete()
    assert press(people, row, "removed").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("removed", REASON, people.staff.user)
    assert Ticket.objects.get().state == "closed"
    assert {letter.to for letter in Letter.objects.all()} == {people.owner.user.email, people.admin.user.email}  # type: ignore[union-attr]
    page = shown(people, peering)
    assert "Removed on &lt;Tuesday&gt; at noon." in page
    assert "Put it back" in page
    assert people.admin.post(address("public_restore", peering), fields()).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.ticket.state if row.ticket else "") == ("restoring", "open")
    assert Ticket.objects.count() == 2
    assert press(people, row, "restored").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.ticket.state if row.ticket else "") == ("restored", "closed")
    codes = Event.objects.filter(code__startswith="public-balancer.").order_by("at").values_list("code", flat=True)
    assert [code.partition(".")[2] for code in codes] == ["submitted", "removed", "restoring", "restored"]
    assert "Ask support to remove" in shown(people, peering)


def test_support_declines_with_a_reason_and_it_may_be_asked_again(people: People, peering: Peering) -> None:
    row = ask(people, peering)
    assert press(people, row, "decline").status_code == 302
    row.refresh_from_db()
    assert row.state == "declined"
    assert "Support did not remove it." in shown(people, peering)
    assert ask_for_removal(deployment=peering.deployment, by=user_of(people)) != row


def test_nothing_is_removed_while_the_peering_no_longer_connects(people: People, peering: Peering) -> None:
    row = ask(people, peering)
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.BROKEN)
    answer = press(people, row, "removed")
    assert answer.status_code == 409
    assert "no longer connects" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, Ticket.objects.get().state) == ("submitted", "open")


def test_the_customer_withdraws_it_before_support_decides_and_not_after(people: People, peering: Peering) -> None:
    row = ask(people, peering)
    assert people.owner.post(address("public_withdraw", peering), fields()).status_code == 302
    row.refresh_from_db()
    assert (row.state, Ticket.objects.get().state) == ("withdrawn", "closed")
    assert press(people, row, "removed").status_code == 409
    again = ask_for_removal(deployment=peering.deployment, by=user_of(people))
    press(people, again, "removed")
    assert people.owner.post(address("public_withdraw", peering), fields()).status_code == 409
    again.refresh_from_db()
    assert again.state == "removed"


def test_it_is_put_back_only_where_it_is_gone(people: People, peering: Peering) -> None:
    assert people.owner.post(address("public_restore", peering), fields()).status_code == 409
    ask(people, peering)
    assert people.owner.post(address("public_restore", peering), fields()).status_code == 409
    assert PublicRemoval.objects.get().state == "submitted"


def test_a_removal_survives_the_proofs_age_until_support_decides(people: People, peering: Peering) -> None:
    row = ask(people, peering)
    aged(row.proof, days=30)
    assert "Withdraw the request" in shown(people, peering)


def test_the_page_warns_when_neither_way_in_is_left(people: People, peering: Peering) -> None:
    press(people, ask(people, peering), "removed")
    assert 'id="shut"' not in shown(people, peering)
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.BROKEN)
    assert "Nobody may get in" in shown(people, peering)
    people.owner.post(address("public_restore", peering), fields())
    assert "Nobody may get in" in shown(people, peering)


def test_whoever_removes_the_last_way_in_is_told_so(people: People, peering: Peering) -> None:
    row = ask(people, peering)
    page = reverse("networking:peering_remove", args=[peering.deployment_id, peering.pk])
    warning = "Nobody reaches the deployment any more"
    assert warning not in people.owner.get(page).content.decode()
    PublicRemoval.objects.filter(pk=row.pk).update(state="removed")
    assert warning in people.owner.get(page).content.decode()
