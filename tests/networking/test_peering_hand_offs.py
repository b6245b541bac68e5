"""Hand-off links to the target side of a peering: made, listed, revoked by its people; used by whoever holds them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from networking.actions.hand_offs import MOST_OPEN, TooMany, hand_off_peering
from networking.kinds import PEERING_STATED
from networking.models import HandOff, HandOffUse, Peering, StepNote
from networking.pages.hand_off_list import hand_offs_of, peering_hand_offs_of
from networking.peering.standing import standing_of
from networking.states import PeeringState, PeeringStep, StepWord
from onboarding.actions.versions import WrongStep
from portal.accounts.formkeys import new_key
from portal.findings.models import Observation
from portal.workflows.models import Event, Letter
from tests.networking.brought import user_of
from tests.networking.peered import (
    BYOC_RANGES,
    BYOC_VPC,
    PCX,
    TARGET_ACCOUNT,
    TARGET_SUBNETS,
    TARGET_TABLES,
    TARGET_VPC,
    blind,
    connection,
    peered,
    record,
    requester,
    unrouted,
)
from tests.networking.test_peering_facts import as_bytes, target_document
from tests.people import People

LABEL = "Network team"
ACCEPT, BACK = PeeringStep.ACCEPTANCE, PeeringStep.RETURN_ROUTES


@pytest.fixture
def peering(people: People) -> Peering:
    """The request waits; nobody looked at the target side."""
    row = peered(people, access=True)
    pending = connection(row, "pending-acceptance", expires_at=timezone.now() + timedelta(days=7))
    record(row, unrouted(requester(row, peerings=(pending,))), blind())
    return row


@pytest.fixture
def token(people: People, peering: Peering) -> str:
    return hand_off_peering(peering=peering, label=LABEL, by=user_of(people))[1]


def at(token: str, name: str = "hand_off") -> str:
    return reverse(f"networking:{name}", args=[token])


def of(peering: Peering, name: str, *more: object) -> str:
    return reverse(f"networking:{name}", args=[peering.deployment_id, peering.pk, *more])


def page(client: Client, token: str) -> str:
    return client.get(at(token)).content.decode()


def state(client: Client, token: str, step: str, **more: str) -> HttpResponse:
    return client.post(at(token, "hand_off_state"), {"step": step, "form_key": new_key(), **more})


def send(client: Client, token: str, data: bytes) -> HttpResponse:
    sent = {"facts": SimpleUploadedFile("f.json", data), "form_key": new_key()}
    return client.post(at(token, "hand_off_facts"), sent)


def acts() -> list[str]:
    return list(HandOffUse.objects.order_by("at").values_list("act", flat=True))


def test_an_admin_makes_a_link_of_a_deployment_that_is_ready_and_sees_it_once(
    people: People, peering: Peering, settings: object
) -> None:
    answer = people.admin.post(of(peering, "peering_hand_off"), {"label": LABEL, "form_key": new_key()})
    shown = answer.content.decode()
    row = HandOff.objects.get()
    assert (answer.status_code, answer["Cache-Control"].find("no-store") >= 0) == (200, True)
    assert "/handoff/" in shown
    assert "target side of this peering" in shown
    assert (row.peering, row.vpc_id, row.label, row.deployment) == (peering, TARGET_VPC, LABEL, peering.deployment)
    assert Event.objects.filter(code="hand_off.made", subject_id=peering.deployment_id).exists()


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("anonymous", 302), ("staff", 404)])
def test_nobody_else_makes_or_revokes(people: People, peering: Peering, token: str, who: str, status: int) -> None:
    row = HandOff.objects.get()
    person = getattr(people, who)
    for address in (of(peering, "peering_hand_off"), of(peering, "peering_hand_off_revoke", row.pk)):
        assert person.post(address, {"label": LABEL, "form_key": new_key()}).status_code == status
    row.refresh_from_db()
    assert (row.is_open, HandOff.objects.count()) == (True, 1)


def test_a_name_is_needed_and_so_many_links_are_open_at_once(people: People, peering: Peering) -> None:
    assert people.owner.post(of(peering, "peering_hand_off"), {"form_key": new_key()}).status_code == 422
    for number in range(MOST_OPEN):
        hand_off_peering(peering=peering, label=f"team {number}", by=user_of(people))
    with pytest.raises(TooMany):
        hand_off_peering(peering=peering, label=LABEL, by=user_of(people))
    answer = people.owner.post(of(peering, "peering_hand_off"), {"label": LABEL, "form_key": new_key()})
    assert answer.status_code == 409
    assert hand_off_peering(peering=peered(people), label=LABEL, by=user_of(people))


def test_a_revoked_link_shows_nothing_and_stays_listed_with_its_uses(
    people: People, peering: Peering, token: str
) -> None:
    page(people.anonymous.client, token)
    row = HandOff.objects.get()
    revoking = of(peering, "peering_hand_off_revoke", row.pk)
    assert people.admin.post(revoking, {"form_key": new_key()}).status_code == 302
    for name in ("hand_off", "hand_off_script", "hand_off_facts_script"):
        assert people.anonymous.get(at(token, name)).status_code == 404
    assert state(people.anonymous.client, token, ACCEPT).status_code == 404
    (listed,) = peering_hand_offs_of(peering).links
    assert (listed.count, listed.link.is_open, [use.act for use in listed.uses]) == (1, False, ["opened"])
    assert hand_offs_of(peering.deployment, "").links == ()
    elsewhere = reverse("networking:vpc_hand_off_revoke", args=[peering.deployment_id, row.pk])
    assert people.owner.post(elsewhere, {"form_key": new_key()}).status_code == 404


def test_an_expired_link_shows_nothing(anonymous: Client, token: str) -> None:
    HandOff.objects.update(expires_at=timezone.now())
    assert anonymous.get(at(token)).status_code == 404


def test_it_shows_what_is_asked_with_guides_in_four_ways(anonymous: Client, peering: Peering, token: str) -> None:
    shown = page(anonymous, token)
    for words in (PCX, TARGET_ACCOUNT, TARGET_VPC, *TARGET_SUBNETS, BYOC_VPC, BYOC_RANGES[0], LABEL):
        assert words in shown
    assert 'data-code="peering.accepted"' in shown
    assert 'data-code="peering.accepter-routes"' in shown
    assert "accept-vpc-peering-connection" in shown
    assert "aws_vpc_peering_connection_accepter" in shown
    assert "We do not see the route tables of the target VPC" not in shown  # for a remedy finds them by subnet
    assert shown.count("I have done this") == 2


def test_where_nobody_named_subnets_or_showed_tables_it_tells_how_to_find_them(
    anonymous: Client, peering: Peering, token: str
) -> None:
    Peering.objects.filter(pk=peering.pk).update(subnet_ids=[])
    shown = page(anonymous, token)
    assert "We do not see the route tables of the target VPC" in shown
    assert BYOC_RANGES[0] in shown
    assert at(token, "hand_off_script") not in shown  # it would be half of what is asked


def test_it_shows_nothing_else_of_the_tenant(people: People, peering: Peering, token: str) -> None:
    other = peered(people, label="the other one")
    hand_off_peering(peering=peering, label="their partners", by=user_of(people))
    shown = page(people.anonymous.client, token)
    held = peering.deployment
    assert held.connection is not None
    secrets = [
        other.label, str(other.pk), other.deployment.name, str(held.pk), str(peering.pk), "their partners",
        held.connection.external_id, user_of(people).email, "peering.security-group", "peering.requester-routes",
        "peering.private-load-balancer", "/people/", "/deployments/",
    ]  # fmt: skip
    assert [word for word in secrets if word in shown] == []


def test_before_there_is_a_request_nothing_is_asked(people: People, anonymous: Client) -> None:
    row = peered(people)
    record(row, unrouted(requester(row, peerings=())), blind())
    _link, token = hand_off_peering(peering=row, label=LABEL, by=user_of(people))
    shown = page(anonymous, token)
    assert "not asked for yet" in shown
    assert "I have done this" not in shown


def test_once_both_are_seen_to_be_done_nothing_more_is_asked(anonymous: Client, peering: Peering, token: str) -> None:
    record(peering)
    shown = page(anonymous, token)
    assert 'id="all-done"' in shown
    assert "I have done this" not in shown
    assert anonymous.get(at(token, "hand_off_script")).status_code == 404


def test_saying_that_a_step_is_done_is_on_the_record_and_proves_nothing(
    people: People, anonymous: Client, peering: Peering, token: str
) -> None:
    answer = state(anonymous, token, BACK)
    assert (answer.status_code, answer["Location"]) == (302, f"{at(token)}#step-{BACK}")
    note = StepNote.objects.get()
    assert (note.peering, note.step, note.word, note.by) == (peering, BACK, StepWord.STATED, f"hand-off:{LABEL}")
    use = HandOffUse.objects.get()
    assert (use.act, use.note["en"]) == ("stated", "Add the routes to the BYOC VPC")
    assert Event.objects.get(code="peering.stated").actor == f"hand-off:{LABEL}"
    assert not standing_of(peering).is_done(BACK)
    shown = page(anonymous, token)
    assert f"Stated to be done by {LABEL}, by hand-off link" in shown
    assert shown.count("I have done this") == 1
    letters = Letter.objects.filter(key__contains="stated-by-link")
    assert {letter.to for letter in letters} == {person.user.email for person in (people.owner, people.admin)}  # type: ignore[union-attr]
    assert [letter for letter in letters if token in letter.body] == []


@pytest.mark.parametrize("step", ["", "connection", "security-group", "7", "final", "<b>"])
def test_no_other_step_can_be_stated(anonymous: Client, token: str, step: str) -> None:
    assert state(anonymous, token, step).status_code == 404
    assert not StepNote.objects.exists()


def test_a_step_is_stated_by_its_own_form_once(anonymous: Client, token: str) -> None:
    key = new_key()
    assert [state(anonymous, token, ACCEPT, form_key=key).status_code for _click in range(2)] == [302, 302]
    assert acts() == ["stated"]
    old = state(anonymous, token, BACK, form_key="")
    assert (old.status_code, 'id="old"' in old.content.decode()) == (409, True)
    assert StepNote.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    assert state(strict, token, BACK).status_code == 403


def test_a_facts_file_by_the_link_is_judged_kept_and_listed(anonymous: Client, peering: Peering, token: str) -> None:
    answer = send(anonymous, token, as_bytes(target_document(routed=False)))
    assert (answer.status_code, answer["Location"]) == (302, f"{at(token)}#facts")
    kept = Observation.objects.get(kind=PEERING_STATED)
    assert (kept.subject_id, kept.verdict) == (peering.pk, "failed")
    assert Event.objects.get(code="peering.facts_taken").actor == f"hand-off:{LABEL}"
    shown = page(anonymous, token)
    assert TARGET_TABLES[0] in shown
    assert "stated by you" in shown
    assert send(anonymous, token, b"{").status_code == 422
    other = as_bytes(target_document(account_id="444455556666"))
    assert send(anonymous, token, other).status_code == 422
    assert acts() == ["facts", "opened", "refused", "refused"]
    assert Observation.objects.filter(kind=PEERING_STATED).count() == 1


def test_both_scripts_are_downloads_on_the_record(anonymous: Client, token: str) -> None:
    look = anonymous.get(at(token, "hand_off_facts_script")).content.decode()
    assert "side=accepter" in look
    everything = anonymous.get(at(token, "hand_off_script"))
    assert everything["Content-Type"] == "text/x-shellscript; charset=utf-8"
    text = everything.content.decode()
    assert all(word in text for word in (PCX, TARGET_ACCOUNT, "accept-vpc-peering-connection"))
    assert acts() == ["script", "remedies"]


@pytest.mark.parametrize("left", [PeeringState.REMOVING, PeeringState.REMOVED])
def test_of_a_peering_that_is_leaving_nothing_is_asked_or_taken(
    people: People, anonymous: Client, peering: Peering, token: str, left: PeeringState
) -> None:
    Peering.objects.filter(pk=peering.pk).update(state=left)
    shown = page(anonymous, token)
    assert 'id="why-not"' in shown
    assert "I have done this" not in shown
    assert state(anonymous, token, ACCEPT).status_code == 409
    assert send(anonymous, token, as_bytes(target_document())).status_code == 409
    with pytest.raises(WrongStep):
        hand_off_peering(peering=peering, label=LABEL, by=user_of(people))
    answer = people.owner.post(of(peering, "peering_hand_off"), {"label": LABEL, "form_key": new_key()})
    assert answer.status_code == 409


def test_a_link_to_a_vpc_states_no_step(people: People, anonymous: Client, peering: Peering, token: str) -> None:
    HandOff.objects.update(peering=None)
    assert state(anonymous, token, ACCEPT).status_code == 404
    assert not StepNote.objects.exists()


def test_the_page_of_the_peering_tells_the_three_ways_the_links_and_what_was_said(
    people: People, anonymous: Client, peering: Peering, token: str
) -> None:
    state(anonymous, token, BACK)
    shown = people.viewer.get(of(peering, "peering")).content.decode()
    side = shown[shown.index('id="target-side"') :]
    for words in (of(peering, "peering_role"), "1 link is open", f"stated to be done by {LABEL}", "Used once"):
        assert words in side
    assert side.count("<fieldset") == side.count('<fieldset class="frame" disabled')  # a viewer changes nothing
    record(peering)
    shown = people.owner.get(of(peering, "peering")).content.decode()
    assert "We look at the target VPC ourselves" in shown
    assert "Nothing that we see proves it yet" not in shown
