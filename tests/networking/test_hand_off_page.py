"""The page behind a hand-off link: for whoever has it, about one VPC, on the record, and no way to anything else."""

import logging
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from networking.actions.hand_offs import MOST_FILES, hand_off
from networking.facts.strict_json import LARGEST
from networking.kinds import STATED
from networking.models import HandOff, HandOffUse
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from portal.accounts.actions import token_hash
from portal.accounts.formkeys import new_key
from portal.accounts.models import FormKey
from portal.findings.models import Observation
from portal.logs import masked
from portal.workflows.models import Event, Letter
from tests.networking.brought import (
    OTHER_VPC,
    REGION,
    SUBNETS,
    VPC,
    account_of,
    bring,
    facts_bytes,
    facts_document,
    look,
    untagged,
    user_of,
)
from tests.people import People, make_connection, make_deployment

LABEL = "Network team"


@pytest.fixture
def brought(people: People) -> Deployment:
    return bring(people, name="the handed one")


@pytest.fixture
def token(people: People, brought: Deployment) -> str:
    return hand_off(deployment=brought, vpc_id=VPC, label=LABEL, by=user_of(people))[1]


def at(token: str, name: str = "hand_off") -> str:
    return reverse(f"networking:{name}", args=[token])


def send(client: Client, token: str, data: bytes, **more: str) -> HttpResponse:
    sent = {"facts": SimpleUploadedFile("<b>.json", data, "text/html"), "form_key": new_key(), **more}
    return client.post(at(token, "hand_off_facts"), sent)


def acts() -> list[str]:
    return list(HandOffUse.objects.order_by("at").values_list("act", flat=True))


def test_it_shows_the_vpc_what_is_asked_findings_and_remedies(
    anonymous: Client, brought: Deployment, token: str
) -> None:
    look(brought, untagged(facts_document(account_of(brought))))
    page = anonymous.get(at(token)).content.decode()
    for words in (brought.organisation.name, brought.name, VPC, REGION, *SUBNETS, account_of(brought), LABEL):
        assert words in page
    assert 'data-code="subnets.tags"' in page
    assert "What is asked of you" in page
    assert at(token, "hand_off_script") in page
    assert at(token, "hand_off_facts_script") in page
    assert at(token, "hand_off_facts") in page


def test_opening_it_again_and_again_uses_nothing_up_and_is_on_the_record(anonymous: Client, token: str) -> None:
    for _time in range(3):
        assert anonymous.get(at(token)).status_code == 200
    assert acts() == ["opened"] * 3


def test_before_anybody_looked_it_asks_for_a_facts_file(anonymous: Client, token: str) -> None:
    page = anonymous.get(at(token)).content.decode()
    assert "Nobody has looked at this VPC yet" in page
    assert anonymous.get(at(token, "hand_off_script")).status_code == 404


def test_it_shows_nothing_else_of_the_tenant(
    people: People, anonymous: Client, brought: Deployment, token: str
) -> None:
    other = make_deployment(people.organisation, "their other one", connection=make_connection(people.organisation))
    look(brought)
    look(brought, facts_document(account_of(brought), vpc=OTHER_VPC))
    hand_off(deployment=brought, vpc_id=VPC, label="somebody else", by=user_of(people))
    page = anonymous.get(at(token)).content.decode()
    secrets = [
        other.name, account_of(other), str(other.pk), str(brought.pk), brought.slug, OTHER_VPC, "somebody else",
        brought.connection.external_id, people.owner.user.email, people.admin.user.email,  # type: ignore[union-attr]
    ]  # fmt: skip
    assert [word for word in secrets if word in page] == []
    assert "/deployments/" not in page
    assert "/people/" not in page


@pytest.mark.parametrize("name", ["hand_off", "hand_off_facts_script", "hand_off_script"])
def test_its_answers_are_kept_by_no_cache_and_found_by_no_search(
    anonymous: Client, brought: Deployment, token: str, name: str
) -> None:
    look(brought, untagged(facts_document(account_of(brought))))
    answer = anonymous.get(at(token, name))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_script_of_all_remedies_is_a_download_on_the_record(
    anonymous: Client, brought: Deployment, token: str
) -> None:
    look(brought, untagged(facts_document(account_of(brought))))
    answer = anonymous.get(at(token, "hand_off_script"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/x-shellscript; charset=utf-8")
    text = answer.content.decode()
    assert text.startswith("#!/bin/sh")
    assert SUBNETS[1] in text
    assert "aws ec2 create-tags" in text
    assert acts() == ["remedies"]


def test_the_read_only_script_is_a_download_on_the_record(anonymous: Client, brought: Deployment, token: str) -> None:
    text = anonymous.get(at(token, "hand_off_facts_script")).content.decode()
    assert all(word in text for word in (VPC, REGION, account_of(brought), *SUBNETS))
    assert acts() == ["script"]


def test_a_facts_file_is_taken_without_signing_in_and_shown_as_stated(
    anonymous: Client, brought: Deployment, token: str
) -> None:
    data = facts_bytes(untagged(facts_document(account_of(brought))))
    answer = send(anonymous, token, data)
    assert (answer.status_code, answer["Location"]) == (302, at(token) + "#facts")
    kept = Observation.objects.get()
    assert (kept.kind, kept.subject_id, kept.verdict) == (STATED, brought.pk, "failed")
    assert Event.objects.get(code="vpc.facts_taken").actor == f"hand-off:{LABEL}"
    use = HandOffUse.objects.get()
    assert (use.act, use.note["en"]) == ("facts", "The file shows checks that fail.")
    page = anonymous.get(at(token)).content.decode()
    assert "stated by you" in page
    assert 'data-code="subnets.tags"' in page
    assert "observed" not in page[page.index('id="findings"') : page.index('id="facts"')]


def test_the_people_get_one_letter_for_each_verdict_without_the_secret(
    people: People, anonymous: Client, brought: Deployment, token: str
) -> None:
    sound = facts_document(account_of(brought))
    for document in (untagged(sound), untagged(sound), sound):
        send(anonymous, token, facts_bytes(document))
    letters = list(Letter.objects.filter(key__contains="facts-by-link"))
    assert people.owner.user is not None
    mine = [letter for letter in letters if letter.to == people.owner.user.email]
    assert len(letters) == 4
    assert ["checks that fail" in letter.body for letter in mine].count(True) == 1
    assert [letter for letter in letters if token in letter.body + letter.subject] == []


def test_a_file_stands_beside_what_we_saw_and_does_not_replace_it(
    anonymous: Client, brought: Deployment, token: str
) -> None:
    look(brought, untagged(facts_document(account_of(brought))))
    send(anonymous, token, facts_bytes(facts_document(account_of(brought))))
    page = anonymous.get(at(token)).content.decode()
    seen, stated = page[page.index('id="findings"') : page.index('id="stated"')], page[page.index('id="stated"') :]
    assert 'class="finding finding-failed" data-code="subnets.tags"' in seen
    assert 'class="finding finding-failed"' not in stated


@pytest.mark.parametrize("changes", [{"account_id": "999988887777"}, {"region": "eu-central-1"}, {"vpc_id": OTHER_VPC}])
def test_a_file_of_another_place_is_refused_and_only_the_refusal_is_kept(
    anonymous: Client, brought: Deployment, token: str, changes: dict[str, str]
) -> None:
    answer = send(anonymous, token, facts_bytes(facts_document(account_of(brought)) | changes))
    assert answer.status_code == 422
    use = HandOffUse.objects.get()
    assert use.act == "refused"
    assert set(use.note) == {"en", "ja"}
    assert use.note["en"] in answer.content.decode()
    assert not Observation.objects.exists()


def test_a_file_for_the_vpc_that_was_chosen_later_is_refused_by_the_older_link(
    people: People, anonymous: Client, brought: Deployment, token: str
) -> None:
    data = facts_bytes(facts_document(account_of(brought), vpc=OTHER_VPC))
    assert send(anonymous, token, data, vpc=OTHER_VPC).status_code == 422
    assert not Observation.objects.exists()


@pytest.mark.parametrize("data", [b"", b"{", b"\x00\xff", b"[" * 10_000, b'{"format": 1, "x": "<script>alert(1)"}'])
def test_a_bad_file_gets_422_with_a_sentence(anonymous: Client, token: str, data: bytes) -> None:
    answer = send(anonymous, token, data)
    assert answer.status_code == 422
    assert "alert(1)" not in answer.content.decode()
    assert "<b>.json" not in answer.content.decode()
    assert 'id="facts-errors"' in answer.content.decode()
    assert acts() == ["refused"]
    assert not Observation.objects.exists()


def test_a_file_beyond_four_mebibytes_gets_413(anonymous: Client, token: str) -> None:
    assert send(anonymous, token, b" " * (LARGEST + 1)).status_code == 413
    assert not Observation.objects.exists()


def test_a_link_sends_so_many_files_an_hour_and_no_more(anonymous: Client, brought: Deployment, token: str) -> None:
    for _number in range(MOST_FILES):
        assert send(anonymous, token, b"{").status_code == 422
    sound = facts_bytes(facts_document(account_of(brought)))
    answer = send(anonymous, token, sound)
    assert answer.status_code == 429
    assert "Wait an hour" in answer.content.decode()
    assert (len(acts()), Observation.objects.count()) == (MOST_FILES, 0)
    HandOffUse.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))
    assert send(anonymous, token, sound).status_code == 302


def test_a_form_that_was_sent_before_takes_no_second_file(anonymous: Client, brought: Deployment, token: str) -> None:
    key, sound = new_key(), facts_bytes(facts_document(account_of(brought)))
    assert [send(anonymous, token, sound, form_key=key).status_code for _click in range(2)] == [302, 302]
    assert Observation.objects.count() == 1
    old = send(anonymous, token, sound, form_key="")
    assert old.status_code == 409
    assert "out of date" in old.content.decode()


def test_a_post_without_its_csrf_token_is_refused(brought: Deployment, token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    sound = facts_bytes(facts_document(account_of(brought)))
    assert send(strict, token, sound).status_code == 403
    strict.get(at(token))
    own = strict.cookies["csrftoken"].value
    assert send(strict, token, sound, csrfmiddlewaretoken=own).status_code == 302


def test_once_the_vpc_is_no_longer_open_to_choice_it_takes_no_file(
    anonymous: Client, brought: Deployment, token: str
) -> None:
    Deployment.objects.filter(pk=brought.pk).update(state=DeploymentState.LAUNCH)
    assert send(anonymous, token, facts_bytes(facts_document(account_of(brought)))).status_code == 409
    assert "not open to choice" in anonymous.get(at(token)).content.decode()
    assert not Observation.objects.exists()


def test_people_who_are_signed_in_see_the_same(people: People, brought: Deployment, token: str) -> None:
    look(brought)
    for person in (people.owner, people.stranger, people.staff):
        answer = person.get(at(token))
        assert answer.status_code == 200
        assert VPC in answer.content.decode()
    assert HandOff.objects.get().is_open


def test_the_secret_is_in_no_row_no_letter_and_no_log(
    anonymous: Client, brought: Deployment, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    look(brought, untagged(facts_document(account_of(brought))))
    for name in ("hand_off", "hand_off_script", "hand_off_facts_script"):
        anonymous.get(at(token, name))
    send(anonymous, token, b"{")
    send(anonymous, token, facts_bytes(facts_document(account_of(brought))))
    anonymous.get(at(token[:-1] + "."))
    for model in (HandOff, HandOffUse, Event, Letter, FormKey, Observation):
        assert token not in str(list(model.objects.values()))
    assert token not in masked("\n".join(record.getMessage() for record in caplog.records))
    assert masked(f"GET {at(token, 'hand_off_facts')}") == "GET /handoff/…/facts/"


def test_looking_makes_no_row_but_the_use(people: People, anonymous: Client) -> None:
    bare = make_deployment(people.organisation, connection=make_connection(people.organisation))
    token = "t" * 43
    HandOff.objects.create(
        organisation=people.organisation, deployment=bare, vpc_id=VPC, label=LABEL, token_hash=token_hash(token),
        created_by=people.owner.user,
    )  # fmt: skip
    assert anonymous.get(at(token)).status_code == 200
    assert anonymous.get(at(token, "hand_off_facts_script")).status_code == 404
    assert not InfrastructurePlan.objects.filter(deployment=bare).exists()
    assert acts() == ["opened"]
