"""The calls page and its export: everything we did, filtered, paged and safe to open in a spreadsheet."""

import csv
import io
from typing import Any

import pytest

from onboarding.models import Deployment
from portal.aws.models import CallRecord
from tests.onboarding.launch.ways import address, page, text
from tests.people import People, make_connection, make_deployment


@pytest.fixture
def deployment(people: People) -> Deployment:
    return make_deployment(people.organisation, connection=make_connection(people.organisation))


def record(deployment: Deployment, count: int = 1, **more: Any) -> None:
    facts: dict[str, Any] = {
        "organisation_id": deployment.organisation_id,
        "connection": deployment.connection,
        "role": "verifier",
        "region": "us-east-1",
        "service": "cloudformation",
        "operation": "DescribeStacks",
        "outcome": "ok",
        "purpose": "watch-network",
        "actor": "system",
        **more,
    }
    CallRecord.objects.bulk_create(CallRecord(**{"request_id": f"req-{n}", **facts}) for n in range(count))


def rows(people: People, deployment: Deployment, query: str = "") -> list[dict[str, str]]:
    answer = people.owner.get(address("calls_export", deployment) + query)
    assert answer.streaming  # type: ignore[attr-defined]
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_without_a_call_it_says_when_the_first_one_comes(people: People) -> None:
    html = page(people.owner, "calls", make_deployment(people.organisation))
    assert "No call has been made yet" in html
    assert "Credentials are never stored" in html


def test_it_narrows_to_changes_and_to_refusals(people: People, deployment: Deployment) -> None:
    record(deployment, operation="DescribeStacks")
    record(deployment, operation="CreateStack", mutating=True, role="management")
    record(deployment, operation="DeleteStack", mutating=True, outcome="refused", error_code="AccessDenied")
    everything = page(people.colleague, "calls", deployment)
    assert all(name in everything for name in ("DescribeStacks", "CreateStack", "DeleteStack"))
    changes = page(people.colleague, "calls", deployment, "?show=changes")
    assert "CreateStack" in changes
    assert "DescribeStacks" not in changes
    refused = page(people.colleague, "calls", deployment, "?show=refused")
    assert "AccessDenied" in refused
    assert "CreateStack" not in refused
    assert [row["operation"] for row in rows(people, deployment, "?show=refused")] == ["DeleteStack"]


def test_an_empty_filter_leads_back_to_all_calls(people: People, deployment: Deployment) -> None:
    record(deployment)
    assert "No such call has been made" in page(people.owner, "calls", deployment, "?show=refused")


@pytest.mark.parametrize(("query", "status"), [
    ("page=2", 200), ("page=9999999", 200), ("page=0", 200), ("page=-1", 404), ("page=abc", 404), ("page=１", 404),
    ("page=", 404), ("size=1e9", 200), ("show=everything", 404), ("page=99999999", 404),
])  # fmt: skip
def test_odd_pages_are_clamped_or_not_found(people: People, deployment: Deployment, query: str, status: int) -> None:
    record(deployment, 60)
    answer = people.owner.get(f"{address('calls', deployment)}?{query}")
    assert answer.status_code == status
    if query in {"page=2", "page=9999999"}:
        assert "Page 2 of 2 · 60 calls" in text(answer.content.decode())


def test_people_are_named_to_their_colleagues_and_strangers_are_not(people: People, deployment: Deployment) -> None:
    assert people.owner.user is not None
    assert people.staff.user is not None
    record(deployment, actor=people.owner.user.opaque_id)
    record(deployment, actor=people.staff.user.opaque_id)
    record(deployment)
    html = page(people.colleague, "calls", deployment)
    assert f'"call-who">{people.owner.user.email}<' in html
    assert people.staff.user.email not in html
    assert people.staff.user.opaque_id in html
    assert "the portal by itself" in html


def test_another_tenants_calls_are_not_there(people: People, deployment: Deployment) -> None:
    other = make_deployment(people.elsewhere, connection=make_connection(people.elsewhere))
    record(other, operation="GetSecretOfOthers")
    record(deployment)
    assert "GetSecretOfOthers" not in page(people.owner, "calls", deployment)
    assert {row["operation"] for row in rows(people, deployment)} == {"DescribeStacks"}


@pytest.mark.parametrize("odd", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_the_export_hands_no_formula_to_a_spreadsheet(people: People, deployment: Deployment, odd: str) -> None:
    record(deployment, resource=odd)
    (row,) = rows(people, deployment)
    assert row["resource"] == f"'{odd}"


def test_the_export_has_everything_and_keeps_quotes_and_line_breaks(people: People, deployment: Deployment) -> None:
    record(deployment, 1203, resource='a "quoted",\nbroken line')
    found = rows(people, deployment)
    assert len(found) == 1203
    assert found[0]["resource"] == 'a "quoted",\nbroken line'
    assert found[0]["request_id"].startswith("req-")


@pytest.mark.parametrize("count", [10, 5000])
def test_the_page_takes_ten_queries_at_most(
    people: People, deployment: Deployment, count: int, django_assert_max_num_queries: Any
) -> None:
    assert people.owner.user is not None
    record(deployment, count, actor=people.owner.user.opaque_id)
    for query in ("", "?show=changes", f"?page={max(1, count // 50)}"):
        with django_assert_max_num_queries(10):
            assert people.owner.get(address("calls", deployment) + query).status_code == 200
