"""A facts file about the target side of a peering: stated, judged with our own look of the other, moving nothing."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from networking.actions.facts import FactsRefused, TooLate
from networking.actions.peering_facts import take_peering_facts
from networking.facts.strict_json import LARGEST
from networking.kinds import PEERING_STATED
from networking.models import Peering, PeeringConnection
from networking.pages.target_facts import StatedTarget
from networking.peering.standing import standing_of
from networking.peering.stored_looks import newest_look
from networking.states import PeeringState, PeeringStep
from portal.accounts.formkeys import new_key
from portal.findings.models import Observation
from portal.findings.shapes import Evidence, Level
from portal.workflows.models import Event, Workflow
from tests.networking.brought import user_of
from tests.networking.peered import (
    BYOC_RANGES,
    PCX,
    REGION,
    TARGET_ACCOUNT,
    TARGET_RANGES,
    TARGET_SUBNETS,
    TARGET_TABLES,
    TARGET_VPC,
    blind,
    peered,
    record,
    record_requested,
)
from tests.people import People, Person

type Document = dict[str, Any]


@pytest.fixture
def peering(people: People) -> Peering:
    """Everything is done on our side; nobody looked at the target's."""
    row = peered(people, access=True)
    record(row, there=blind())
    return row


def target_document(*, routed: bool = True, **changes: Any) -> Document:
    """The target side as the script writes it."""
    routes: list[Document] = [
        {"DestinationCidrBlock": one, "GatewayId": "local", "State": "active"} for one in TARGET_RANGES
    ]
    if routed:
        routes += [
            {"DestinationCidrBlock": one, "VpcPeeringConnectionId": PCX, "State": "active"} for one in BYOC_RANGES
        ]
    document: Document = {
        "format": 1, "account_id": TARGET_ACCOUNT, "region": REGION, "vpc_id": TARGET_VPC,
        "collected_at": "2026-11-23T03:00:00Z", "subnet_ids": list(TARGET_SUBNETS),
        "DescribeVpcs": {"Vpcs": [{
            "VpcId": TARGET_VPC, "OwnerId": TARGET_ACCOUNT, "CidrBlock": TARGET_RANGES[0],
            "CidrBlockAssociationSet": [
                {"CidrBlock": one, "CidrBlockState": {"State": "associated"}} for one in TARGET_RANGES]}]},
        "DescribeSubnets": {"Subnets": [
            {"SubnetId": one, "VpcId": TARGET_VPC, "OwnerId": TARGET_ACCOUNT} for one in TARGET_SUBNETS]},
        "DescribeRouteTables": {"RouteTables": [{
            "RouteTableId": TARGET_TABLES[0], "VpcId": TARGET_VPC, "Routes": routes,
            "Associations": [{"Main": True, "AssociationState": {"State": "associated"}}]}]},
        "DescribeVpcPeeringConnections": {"VpcPeeringConnections": [
            {"VpcPeeringConnectionId": PCX, "Status": {"Code": "pending-acceptance"}}]},
        "DescribeNetworkAcls": {"NetworkAcls": [{
            "NetworkAclId": "acl-1", "VpcId": TARGET_VPC, "IsDefault": True,
            "Entries": [{"RuleNumber": 100, "Egress": False, "RuleAction": "allow", "Protocol": "6",
                         "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 1024, "To": 65535}}]}]},
    }  # fmt: skip
    return {key: value for key, value in (document | changes).items() if value is not None}


def as_bytes(document: Document) -> bytes:
    return json.dumps(document).encode()


def whole(peering: Peering, **changes: Any) -> Document:
    """The file of a whole peering."""
    return {
        "format": 1, "requester": {"account_id": "111122223333", "region": REGION, "vpc_id": peering.requester_vpc},
        "accepter": target_document(),
        "peering": {"id": PCX, "requester_vpc": peering.requester_vpc, "requester_account": "111122223333",
                    "accepter_vpc": peering.vpc_id, "accepter_account": TARGET_ACCOUNT},
    } | changes  # fmt: skip


def upload(person: Person, peering: Peering, data: bytes, **more: Any) -> HttpResponse:
    address = reverse("networking:peering_facts", args=[peering.deployment_id, peering.pk])
    sent = {"facts": SimpleUploadedFile("<b>.json", data, "text/html"), "form_key": new_key(), **more}
    return person.post(address, sent)


def take(people: People, peering: Peering, document: Document) -> Observation:
    return take_peering_facts(peering=peering, data=as_bytes(document), by=user_of(people))


def test_a_file_fills_in_the_side_that_nobody_saw_and_is_marked_as_stated(people: People, peering: Peering) -> None:
    assert not standing_of(peering).is_done(PeeringStep.RETURN_ROUTES)
    kept = take(people, peering, target_document())
    assert (kept.kind, kept.subject_id, kept.verdict) == (PEERING_STATED, peering.pk, Level.PASSED)
    standing = standing_of(peering)
    (found,) = standing.of_step(PeeringStep.RETURN_ROUTES)
    assert (found.level, found.evidence, standing.stated_at) == (Level.PASSED, Evidence.DECLARED, kept.observed_at)
    assert standing.accepter.network_acls is not None
    event = Event.objects.get(code="peering.facts_taken")
    assert (event.subject_id, event.actor) == (peering.deployment_id, user_of(people).email)


def test_a_file_moves_nothing(people: People, peering: Peering) -> None:
    def rows() -> list[Any]:
        return [
            list(Peering.objects.values_list("state", "version", "target", "generation")),
            list(PeeringConnection.objects.values_list("pcx_id", "status", "ended_at")),
            Workflow.objects.count(),
        ]

    before = rows()
    take(people, peering, target_document())
    take(people, peering, target_document(routed=False))
    assert rows() == before
    # What it says of the connection itself is older than our own next look, so that is not kept.
    assert standing_of(peering).is_done(PeeringStep.ACCEPTANCE)


def test_a_file_never_stands_in_for_what_we_see(people: People, peering: Peering) -> None:
    record(peering)
    take(people, peering, target_document(routed=False))
    standing = standing_of(peering)
    assert standing.is_done(PeeringStep.RETURN_ROUTES)
    assert {one.evidence for one in standing.of_step(PeeringStep.RETURN_ROUTES)} == {Evidence.OBSERVED}
    stated = StatedTarget.of(standing)
    assert stated is not None
    assert {(one.code, one.level) for one in stated.findings} >= {("peering.accepter-routes", Level.FAILED)}


def test_the_same_file_again_renews_its_time_alone(people: People, peering: Peering) -> None:
    first = take(people, peering, target_document())
    second = take(people, peering, target_document(collected_at="2026-11-23T04:00:00Z"))
    assert (second.pk, Observation.objects.filter(kind=PEERING_STATED).count()) == (first.pk, 1)
    assert second.observed_at > first.observed_at


def test_without_named_subnets_all_that_the_file_lists_are_judged(people: People, peering: Peering) -> None:
    Peering.objects.filter(pk=peering.pk).update(subnet_ids=[])
    peering.refresh_from_db()
    assert take(people, peering, target_document(routed=False)).verdict == Level.FAILED


def test_of_a_whole_peering_the_target_side_is_taken(people: People, peering: Peering) -> None:
    take(people, peering, whole(peering))
    newest = newest_look(peering, stated=True)
    assert newest is not None
    assert newest.look.requester.network is None
    assert newest.look.accepter.network is not None
    assert newest.look.accepter.network.vpc_id == TARGET_VPC


OTHER = {"account_id": "444455556666"}, {"region": "eu-west-1"}, {"vpc_id": "vpc-0ffffffffffffffff"}


@pytest.mark.parametrize("changes", OTHER)
@pytest.mark.parametrize("is_whole", [False, True])
def test_a_file_of_another_place_is_refused(
    people: People, peering: Peering, changes: Document, is_whole: bool
) -> None:
    document = target_document(**changes)
    with pytest.raises(FactsRefused, match=next(iter(changes.values()))):
        take(people, peering, whole(peering, accepter=document) if is_whole else document)
    assert not Observation.objects.filter(kind=PEERING_STATED).exists()


def test_a_file_of_the_byoc_side_alone_is_refused_with_what_is_missing(people: People, peering: Peering) -> None:
    document = whole(peering)
    del document["accepter"]
    with pytest.raises(FactsRefused, match=r"lacks “accepter”.*account 333333333333"):
        take(people, peering, document)


@pytest.mark.parametrize("state", [PeeringState.REMOVING, PeeringState.REMOVED])
def test_a_peering_that_is_leaving_takes_no_file(people: People, peering: Peering, state: PeeringState) -> None:
    Peering.objects.filter(pk=peering.pk).update(state=state)
    peering.refresh_from_db()
    with pytest.raises(TooLate):
        take(people, peering, target_document())
    assert upload(people.owner, peering, as_bytes(target_document())).status_code == 409


def _entry(**changes: Any) -> Document:
    acls = deepcopy(target_document()["DescribeNetworkAcls"])
    acls["NetworkAcls"][0]["Entries"][0].update(changes)
    return {"DescribeNetworkAcls": acls}


@pytest.mark.parametrize(
    "changes",
    [
        _entry(RuleNumber="100"),
        _entry(RuleNumber=True),
        _entry(CidrBlock="0.0.0.0"),
        _entry(PortRange={"From": 1, "To": 99999}),
        {"DescribeNetworkAcls": {"NetworkAcls": [{"NetworkAclId": "$(id)"}]}},
        {"DescribeNetworkAcls": {"NetworkAcls": [], "NextToken": "more"}},
        {"DescribeVpcPeeringConnections": {"VpcPeeringConnections": {}}},
        {"format": 2},
        {"peering": "<script>alert(1)</script>"},
    ],
)
def test_a_file_that_aws_would_not_write_gets_422_with_a_sentence(
    people: People, peering: Peering, changes: Document
) -> None:
    answer = upload(people.owner, peering, as_bytes(target_document() | changes))
    page = answer.content.decode()
    assert (answer.status_code, 'id="facts-errors"' in page) == (422, True)
    assert "alert(1)" not in page
    assert "<b>.json" not in page
    assert not Observation.objects.filter(kind=PEERING_STATED).exists()


@pytest.mark.parametrize("data", [b"", b"{", b"\x00\xff", b"[" * 10_000, b'{"format": 1, "format": 1}'])
def test_what_is_no_file_gets_422(people: People, peering: Peering, data: bytes) -> None:
    assert upload(people.admin, peering, data).status_code == 422


def test_a_file_beyond_four_mebibytes_gets_413(people: People, peering: Peering) -> None:
    assert upload(people.owner, peering, b" " * (LARGEST + 1)).status_code == 413


def test_an_uploaded_file_leads_back_to_the_peering(people: People, peering: Peering) -> None:
    answer = upload(people.admin, peering, as_bytes(target_document()))
    here = reverse("networking:peering", args=[peering.deployment_id, peering.pk])
    assert (answer.status_code, answer["Location"]) == (302, f"{here}#facts")


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("anonymous", 302), ("staff", 404)])
def test_only_admins_and_owners_send_a_file(people: People, peering: Peering, who: str, status: int) -> None:
    assert upload(getattr(people, who), peering, as_bytes(target_document())).status_code == status
    assert not Observation.objects.filter(kind=PEERING_STATED).exists()


def test_the_script_is_for_the_registered_target_alone(people: People) -> None:
    peering = peered(people)
    record_requested(peering)
    address = reverse("networking:peering_facts_script", args=[peering.deployment_id, peering.pk])
    answer = people.viewer.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/x-shellscript; charset=utf-8")
    text = answer.content.decode()
    assert all(word in text for word in (TARGET_ACCOUNT, TARGET_VPC, REGION, *TARGET_SUBNETS, "side=accepter"))
    assert people.stranger.get(address).status_code == 404
