"""Facts files that are no facts: bombs, wrong wrappings, what is too large. Each is refused, and nothing is kept."""

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from networking.facts.strict_json import LARGEST
from portal.accounts.formkeys import new_key
from portal.findings.models import Observation
from tests.networking.brought import VPC, account_of, bring, facts_bytes, facts_document
from tests.people import People

BOMBS = {
    "deep lists": b"[" * 10_000 + b"]" * 10_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "an open end": b'{"a":' * 10_000,
    "a huge number": b'{"format":1e999}',
    "a number of 100,000 digits": b'{"format":' + b"9" * 100_000 + b"}",
    "a key twice": b'{"format":1,"format":1}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"format":1}'.encode("utf-16"),
    "a million entries": b'{"format":1,"DescribeVpcs":{"Vpcs":[' + b"{}," * 1_000_000 + b"{}]}}",
    "a text of 3 MB": b'{"format":1,"account_id":"' + b"x" * 3_000_000 + b'"}',
    "many quotes": b'"' * 3_000_000,
    "many backslashes": b'{"a":"' + b"\\" * 3_000_000,
    "not a number": b'{"format":NaN}',
    "NUL": b'{"format":1,"account_id":"\\u0000"}',
    "half a character": b'{"format":1,"account_id":"\\ud800"}',
    "compressed": gzip.compress(b"{" + b" " * 3_000_000 + b"}"),
    "empty": b"",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_the_field_and_leaves_nothing(people: People, name: str) -> None:
    deployment = bring(people)
    version, shown = deployment.version, deployment.shown
    file = SimpleUploadedFile("facts.json", BOMBS[name], content_type="application/json")
    path = reverse("networking:vpc_facts", args=[deployment.pk])
    answer = people.owner.client.post(path, {"vpc": VPC, "facts": file, "form_key": new_key()})
    assert answer.status_code == 422
    assert len(answer.content) < 200_000
    deployment.refresh_from_db()
    assert (deployment.version, deployment.shown) == (version, shown)
    assert not Observation.objects.exists()


def test_one_byte_too_many_is_too_large(people: People) -> None:
    deployment = bring(people)
    file = SimpleUploadedFile("facts.json", b"{" + b" " * LARGEST, content_type="application/json")
    path = reverse("networking:vpc_facts", args=[deployment.pk])
    answer = people.owner.client.post(path, {"vpc": VPC, "facts": file, "form_key": new_key()})
    assert answer.status_code == 413
    assert not Observation.objects.exists()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_compressed_body_is_not_unpacked(people: People, encoding: str) -> None:
    deployment = bring(people)
    path = reverse("networking:vpc_facts", args=[deployment.pk])
    answer = people.owner.client.post(
        path, gzip.compress(b"x" * 1_000_000), content_type="application/json", headers={"Content-Encoding": encoding}
    )
    assert answer.status_code in {400, 415, 422}
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "\u202efdp.json", "<img src=x>.json", "a\r\nSet-Cookie: x=1.json"]
)
def test_the_name_of_a_file_counts_for_nothing(people: People, name: str) -> None:
    deployment = bring(people)
    file = SimpleUploadedFile("x", facts_bytes(facts_document(account_of(deployment))), content_type="text/html")
    file._name = name  # past Django's own cleaning, as a client that writes its own multipart would send it
    path = reverse("networking:vpc_facts", args=[deployment.pk])
    answer = people.owner.client.post(path, {"vpc": VPC, "facts": file, "form_key": new_key()})
    assert answer.status_code in {302, 400, 422}
    assert "Set-Cookie: x=1" not in answer.serialize_headers().decode()
    stored = [str(row.facts) for row in Observation.objects.all()]
    assert all("passwd" not in text and "fdp.json" not in text and "<img" not in text for text in stored)


def test_a_file_twice_and_a_field_twice_are_refused(people: People) -> None:
    deployment = bring(people)
    path = reverse("networking:vpc_facts", args=[deployment.pk])
    data = facts_bytes(facts_document(account_of(deployment)))
    two = [SimpleUploadedFile("a", data), SimpleUploadedFile("b", data)]
    assert people.owner.client.post(path, {"vpc": VPC, "facts": two, "form_key": new_key()}).status_code == 422
    one = SimpleUploadedFile("a", data)
    fields = {"vpc": [VPC, VPC], "facts": one, "form_key": new_key()}
    assert people.owner.client.post(path, fields).status_code == 400
    assert not Observation.objects.exists()
