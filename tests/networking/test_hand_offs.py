"""Hand-off links as the deployment's own people see them: made once, listed with every use, revoked."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import timezone

from networking.actions.hand_offs import MOST_OPEN, TooMany, hand_off, note_use, revoke
from networking.models import HandOff, HandOffUse
from networking.states import HandOffAct
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.accounts.models import FormKey
from portal.accounts.refusals import ActionRefused
from portal.workflows.models import Event, Letter
from tests.networking.brought import OTHER_VPC, VPC, account_of, bring, facts_document, look, user_of
from tests.people import People

LABEL = "Network team"


@pytest.fixture
def brought(people: People) -> Deployment:
    return bring(people)


def address(deployment: Deployment) -> str:
    return reverse("networking:vpc_hand_off", args=[deployment.pk])


def fields(**changed: str) -> dict[str, str]:
    return {"vpc": VPC, "label": LABEL, "form_key": new_key()} | changed


def make(people: People, deployment: Deployment, label: str = LABEL) -> tuple[HandOff, str]:
    return hand_off(deployment=deployment, vpc_id=VPC, label=label, by=user_of(people))


def page_of(people: People, deployment: Deployment) -> str:
    return people.viewer.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()


def test_a_link_keeps_the_hash_of_its_secret_alone(people: People, brought: Deployment) -> None:
    row, token = make(people, brought)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert row.token_hash == sha256(token.encode()).hexdigest()
    assert (row.vpc_id, row.label, row.created_by, row.revoked_at) == (VPC, LABEL, people.owner.user, None)
    assert abs(row.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert row.is_open
    event = Event.objects.get(code="hand_off.made")
    assert (LABEL in event.sentence["en"], event.actor) == (True, people.owner.user.email)


def test_at_most_five_links_are_open(people: People, brought: Deployment) -> None:
    made = [make(people, brought, f"team {number}")[0] for number in range(MOST_OPEN)]
    with pytest.raises(TooMany, match="5 links are open"):
        make(people, brought)
    revoke(hand_off=made[0], by=user_of(people))
    HandOff.objects.filter(pk=made[1].pk).update(expires_at=timezone.now())
    make(people, brought)
    make(people, brought)
    with pytest.raises(TooMany):
        make(people, brought)


def test_links_of_another_deployment_do_not_count(people: People, brought: Deployment) -> None:
    for _number in range(MOST_OPEN):
        make(people, brought)
    assert make(people, bring(people))[0].is_open


def test_only_a_vpc_that_is_chosen_or_was_looked_at_is_handed_off(people: People, brought: Deployment) -> None:
    with pytest.raises(ActionRefused, match=OTHER_VPC):
        hand_off(deployment=brought, vpc_id=OTHER_VPC, label=LABEL, by=user_of(people))
    look(brought, facts_document(account_of(brought), vpc=OTHER_VPC))
    assert hand_off(deployment=brought, vpc_id=OTHER_VPC, label=LABEL, by=user_of(people))[0].vpc_id == OTHER_VPC


def test_at_another_step_no_link_is_made(people: People, brought: Deployment) -> None:
    Deployment.objects.filter(pk=brought.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(WrongStep):
        make(people, brought)
    assert people.owner.post(address(brought), fields()).status_code == 409
    assert not HandOff.objects.exists()


def test_the_link_is_shown_once_with_a_button_that_copies_it(people: People, brought: Deployment, settings) -> None:
    answer = people.admin.post(address(brought), fields())
    shown = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (200, 1)
    [link] = set(re.findall(rf'data-copy="({re.escape(settings.PORTAL_BASE_URL)}/handoff/[\w-]{{43}}/)"', shown))
    token = link.rstrip("/").rsplit("/", 1)[1]
    row = HandOff.objects.get()
    assert row.token_hash == sha256(token.encode()).hexdigest()
    assert (row.label, row.created_by) == (LABEL, people.admin.user)
    page = page_of(people, brought)
    assert LABEL in page
    assert token not in page
    assert row.token_hash not in page


def test_a_double_click_makes_one_link_and_says_so(people: People, brought: Deployment) -> None:
    sent = fields()
    people.owner.post(address(brought), sent)
    again = people.owner.client.post(address(brought), sent, follow=True)
    assert again.redirect_chain[0][0].startswith(reverse("networking:vpc", args=[brought.pk]))
    assert "Your first press made the link" in again.content.decode()
    assert "/handoff/" not in again.content.decode()
    assert HandOff.objects.count() == 1


def test_the_secret_is_written_down_nowhere(people: People, brought: Deployment) -> None:
    shown = people.owner.post(address(brought), fields()).content.decode()
    token = re.search(r"/handoff/([\w-]{43})/", shown).group(1)  # type: ignore[union-attr]
    for model in (Event, Letter, HandOff, HandOffUse, FormKey):
        assert token not in str(list(model.objects.values()))
    assert token not in str(dict(people.owner.client.session))


@pytest.mark.parametrize("label", ["", "   ", "x" * 61, "two\nlines", "right\u202eleft", "nul\x00", "zero\u200bwidth"])
def test_a_label_that_is_none_gets_422(people: People, brought: Deployment, label: str) -> None:
    assert people.owner.post(address(brought), fields(label=label)).status_code in {400, 422}
    assert not HandOff.objects.exists()


def test_a_label_is_text_wherever_it_is_shown(people: People, brought: Deployment) -> None:
    shown = people.owner.post(address(brought), fields(label="<b>{{7*7}}</b>")).content.decode()
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in shown
    assert "<b>{{7*7}}" not in shown + page_of(people, brought)


@pytest.mark.parametrize("vpc", ["", "vpc-1", "VPC-0a1b2c3d", "subnet-0a1b2c3d", OTHER_VPC])
def test_a_vpc_that_is_none_of_theirs_gets_422(people: People, brought: Deployment, vpc: str) -> None:
    assert people.owner.post(address(brought), fields(vpc=vpc)).status_code == 422
    assert not HandOff.objects.exists()


def test_a_sixth_link_is_refused_with_409(people: People, brought: Deployment) -> None:
    for _number in range(MOST_OPEN):
        make(people, brought)
    answer = people.owner.post(address(brought), fields())
    assert answer.status_code == 409
    assert "as many as may be" in answer.content.decode()
    assert HandOff.objects.count() == MOST_OPEN


def test_a_form_without_its_key_makes_no_link(people: People, brought: Deployment) -> None:
    assert people.owner.post(address(brought), {"vpc": VPC, "label": LABEL}).status_code == 409
    assert not HandOff.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("anonymous", 302), ("staff", 404)])
def test_nobody_else_makes_or_revokes(people: People, brought: Deployment, who: str, status: int) -> None:
    row, _token = make(people, brought)
    revoking = reverse("networking:vpc_hand_off_revoke", args=[brought.pk, row.pk])
    person = getattr(people, who)
    assert person.post(address(brought), fields()).status_code == status
    assert person.post(revoking, {"form_key": new_key()}).status_code == status
    row.refresh_from_db()
    assert (row.revoked_at, HandOff.objects.count()) == (None, 1)


def test_a_revoked_link_stops_working_and_stays_on_the_list(people: People, brought: Deployment) -> None:
    row, token = make(people, brought)
    link = reverse("networking:hand_off", args=[token])
    assert people.anonymous.get(link).status_code == 200
    revoking = reverse("networking:vpc_hand_off_revoke", args=[brought.pk, row.pk])
    assert people.admin.post(revoking, {"form_key": new_key()}).status_code == 302
    assert people.admin.post(revoking, {"form_key": new_key()}).status_code == 302
    assert people.anonymous.get(link).status_code == 404
    assert Event.objects.filter(code="hand_off.revoked").count() == 1
    page = page_of(people, brought)
    assert LABEL in page
    assert "Revoked" in page
    assert revoking not in page


def test_a_link_of_another_deployment_is_not_revoked_by_its_number(people: People, brought: Deployment) -> None:
    row, _token = make(people, brought)
    elsewhere = reverse("networking:vpc_hand_off_revoke", args=[bring(people).pk, row.pk])
    assert people.owner.post(elsewhere, {"form_key": new_key()}).status_code == 404
    row.refresh_from_db()
    assert row.is_open


def test_every_use_is_listed_with_its_time(people: People, brought: Deployment) -> None:
    row, token = make(people, brought)
    assert "Not used yet." in page_of(people, brought)
    people.anonymous.get(reverse("networking:hand_off", args=[token]))
    people.anonymous.get(reverse("networking:hand_off_facts_script", args=[token]))
    note_use(hand_off=row, act=HandOffAct.REFUSED, note={"en": "The file is empty."})
    page = page_of(people, brought)
    assert "Used 3 times" in page
    for words in ("opened", "downloaded the script", "The file is empty."):
        assert words in page
    assert page.count('class="use-time"><time datetime=') == 3
