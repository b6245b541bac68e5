"""A facts file from the customer: taken as something stated, beside what we saw, or refused with one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf.global_settings import FILE_UPLOAD_HANDLERS as DJANGOS_HANDLERS
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpResponse
from django.urls import reverse

from networking.actions.facts import FactsRefused, TooLate, take_facts
from networking.facts.strict_json import LARGEST
from networking.kinds import SEEN, STATED
from networking.looks import newest_look
from onboarding.models import Deployment
from onboarding.review import plan_of
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.accounts.uploads import MOST_BYTES
from portal.findings.models import Observation
from portal.findings.shapes import Evidence
from portal.workflows.models import Event
from tests.networking.brought import (
    OTHER_VPC,
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
from tests.people import People, Person

HOSTILE = "<script>alert(1)</script>.json"


@pytest.fixture
def brought(people: People) -> Deployment:
    return bring(people)


def address(deployment: Deployment) -> str:
    return reverse("networking:vpc_facts", args=[deployment.pk])


def upload(person: Person, deployment: Deployment, data: bytes, name: str = "facts.json", **more: Any) -> HttpResponse:
    sent = {"facts": SimpleUploadedFile(name, data, "application/json"), "form_key": new_key(), **more}
    return person.post(address(deployment), sent)


def sound(deployment: Deployment) -> bytes:
    return facts_bytes(facts_document(account_of(deployment)))


def test_a_file_is_kept_as_stated_and_changes_no_state(people: People, brought: Deployment) -> None:
    before = (brought.state, brought.version, plan_of(brought).subnet_ids, plan_of(brought).vpc_approved_hash)
    taken = take_facts(deployment=brought, data=sound(brought), by=user_of(people))
    brought.refresh_from_db()
    assert (taken.kind, taken.subject_id, taken.verdict) == (STATED, brought.pk, "passed")
    assert {finding.evidence for finding in taken.heard_findings()} == {Evidence.DECLARED}
    assert (brought.state, brought.version, plan_of(brought).subnet_ids, plan_of(brought).vpc_approved_hash) == before
    event = Event.objects.get(code="vpc.facts_taken")
    assert (event.subject_id, event.actor, VPC in event.sentence["en"]) == (brought.pk, people.owner.user.email, True)


def test_what_was_seen_stays_as_it_was(people: People, brought: Deployment) -> None:
    seen = look(brought, untagged(facts_document(account_of(brought))))
    take_facts(deployment=brought, data=sound(brought), by=user_of(people))
    newest = newest_look(brought, VPC)
    assert newest is not None
    assert newest.observation == seen
    assert Observation.objects.filter(kind=SEEN).count() == 1


def test_a_file_is_judged_for_the_chosen_subnets_not_for_those_it_names(people: People, brought: Deployment) -> None:
    document = facts_document(account_of(brought), subnet_ids=["subnet-0ffffffffffffffff"])
    assert take_facts(deployment=brought, data=facts_bytes(document), by=user_of(people)).verdict == "passed"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account_id": "999988887777"}, "account"),
        ({"region": "eu-central-1"}, "region"),
        ({"vpc_id": OTHER_VPC}, OTHER_VPC),
        ({"format": 2}, "format"),
    ],
)
def test_a_file_of_another_place_is_refused(
    people: People, brought: Deployment, changes: dict[str, Any], sentence: str
) -> None:
    data = facts_bytes(facts_document(account_of(brought)) | changes)
    with pytest.raises(FactsRefused, match=sentence):
        take_facts(deployment=brought, data=data, by=user_of(people))
    assert not Observation.objects.exists()
    assert not Event.objects.filter(code="vpc.facts_taken").exists()


def test_before_a_vpc_is_chosen_a_file_about_any_of_the_account_is_taken(people: People) -> None:
    deployment = bring(people, choose=False)
    answer = upload(people.admin, deployment, facts_bytes(facts_document(account_of(deployment), vpc=OTHER_VPC)))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("networking:vpc", args=[deployment.pk]) + f"?vpc={OTHER_VPC}#facts"
    assert newest_look(deployment, OTHER_VPC, stated=True) is not None


def test_the_vpc_that_the_page_is_about_counts(people: People, brought: Deployment) -> None:
    other = facts_bytes(facts_document(account_of(brought), vpc=OTHER_VPC))
    assert upload(people.owner, brought, other).status_code == 422
    assert upload(people.owner, brought, other, vpc=OTHER_VPC).status_code == 302
    assert upload(people.owner, brought, other, vpc="vpc-<b>").status_code == 422


def test_at_another_step_no_file_is_taken(people: People, brought: Deployment) -> None:
    Deployment.objects.filter(pk=brought.pk).update(state=DeploymentState.LAUNCH)
    brought.refresh_from_db()
    with pytest.raises(TooLate):
        take_facts(deployment=brought, data=sound(brought), by=user_of(people))
    assert upload(people.owner, brought, sound(brought)).status_code == 409
    assert not Observation.objects.exists()


def test_an_uploaded_file_is_shown_as_stated_beside_what_was_seen(people: People, brought: Deployment) -> None:
    look(brought)
    answer = upload(people.admin, brought, facts_bytes(untagged(facts_document(account_of(brought)))), HOSTILE)
    assert answer.status_code == 302
    page = people.viewer.get(answer["Location"]).content.decode()
    stated = page[page.index('id="stated"') :]
    assert "stated by you" in stated
    assert SUBNETS[1] in stated
    assert "alert(1)" not in page


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[]",
        b'{"format": 1}',
        b'{"format": 1, "format": 1}',
        b"[" * 10_000,
        b'{"format": 1e999}',
        b"\xef\xbb\xbf{}",
        json.dumps({"format": 1, "account_id": "<script>alert(1)"}).encode(),
    ],
)
def test_a_bad_file_gets_422_with_a_sentence_and_leaves_nothing(
    people: People, brought: Deployment, data: bytes
) -> None:
    answer = upload(people.owner, brought, data, HOSTILE)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="facts-errors"' in page
    assert "alert(1)" not in page
    assert not Observation.objects.exists()


def test_a_file_beyond_four_mebibytes_gets_413(people: People, brought: Deployment) -> None:
    answer = upload(people.owner, brought, b" " * (LARGEST + 1))
    assert answer.status_code == 413
    assert "4 MiB" in answer.content.decode()
    assert not Observation.objects.exists()


def test_a_form_without_a_file_or_with_two_gets_422(people: People, brought: Deployment) -> None:
    assert people.owner.post(address(brought), {"form_key": new_key()}).status_code == 422
    files = [SimpleUploadedFile(name, sound(brought)) for name in ("a.json", "b.json")]
    answer = people.owner.post(address(brought), {"form_key": new_key(), "facts": files})
    assert answer.status_code == 422
    assert "one file" in answer.content.decode()
    assert not Observation.objects.exists()


def test_the_same_form_sent_twice_takes_one_file(people: People, brought: Deployment) -> None:
    key = new_key()
    answers = [upload(people.owner, brought, sound(brought), form_key=key) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Observation.objects.filter(kind=STATED).count() == 1
    assert people.owner.post(
        address(brought), {"facts": SimpleUploadedFile("f", sound(brought))}
    ).status_code == 409  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("anonymous", 302), ("staff", 404)])
def test_only_admins_and_owners_send_a_file(people: People, brought: Deployment, who: str, status: int) -> None:
    assert upload(getattr(people, who), brought, sound(brought)).status_code == status
    assert not Observation.objects.exists()


def test_the_script_is_for_the_chosen_vpc_or_the_one_that_is_named(people: People, brought: Deployment) -> None:
    script = reverse("networking:vpc_facts_script", args=[brought.pk])
    answer = people.viewer.get(script)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/x-shellscript; charset=utf-8")
    assert f'filename="{VPC}-facts.sh"' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert all(word in text for word in (VPC, account_of(brought), "us-east-1", *SUBNETS))
    named = people.viewer.get(f"{script}?vpc={OTHER_VPC}").content.decode()
    assert OTHER_VPC in named
    assert SUBNETS[0] not in named
    assert people.viewer.get(f"{script}?vpc=vpc-$(id)").status_code == 404
    assert people.stranger.get(script).status_code == 404


def test_before_a_vpc_is_chosen_there_is_no_script(people: People) -> None:
    deployment = bring(people, choose=False)
    assert people.owner.get(reverse("networking:vpc_facts_script", args=[deployment.pk])).status_code == 404


def test_a_file_far_too_large_is_not_even_written_to_disk(
    people: People, brought: Deployment, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_HANDLERS = ["portal.accounts.uploads.BoundedUpload", *DJANGOS_HANDLERS]
    written: list[int] = []
    keep = TemporaryFileUploadHandler.receive_data_chunk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TemporaryFileUploadHandler, "receive_data_chunk",
            lambda self, raw, start: written.append(len(raw)) or keep(self, raw, start),
        )  # fmt: skip
        answer = upload(people.owner, brought, b" " * (MOST_BYTES * 2))
        assert upload(people.owner, brought, sound(brought)).status_code == 302
    assert answer.status_code == 413
    assert "4 MiB" in answer.content.decode()
    assert 0 < sum(written) <= MOST_BYTES
    assert list(tmp_path.iterdir()) == []
    assert Observation.objects.count() == 1
