"""A choice that changes while support has it, is of another kind, or is somebody else's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from networking.actions.choices import learn_zones
from networking.actions.hand_offs import hand_off
from networking.actions.vpc_requests import approve_request, submit_vpc
from networking.looks import SeenVpc
from networking.models import HandOff, VpcRequest
from networking.pages.vpc_request import request_of
from networking.states import VpcRequestState
from onboarding import actions
from onboarding.brought_vpc import is_approved
from onboarding.models import Deployment
from onboarding.review import plan_of
from onboarding.states import VpcMode
from portal.accounts.formkeys import new_key
from portal.accounts.refusals import ActionRefused
from portal.support.models import Ticket
from tests.networking.brought import (
    SUBNETS,
    VPC,
    account_of,
    bring,
    facts_bytes,
    facts_document,
    look,
    user_of,
)
from tests.people import People, make_people


@pytest.fixture
def sent(people: People) -> VpcRequest:
    """A request that waits for support."""
    deployment = bring(people)
    look(deployment)
    return submit_vpc(deployment=deployment, version=deployment.version, by=user_of(people))


def approved(people: People, request: VpcRequest) -> Deployment:
    assert people.staff.user is not None
    approve_request(request=request, by=people.staff.user, reason="Fine.")
    return Deployment.objects.get(pk=request.deployment_id)


def switch(people: People, deployment: Deployment, *, region: str, mode: VpcMode) -> None:
    actions.choose_infrastructure(
        deployment=deployment, region=region, vpc_mode=mode, cidr="" if mode == VpcMode.EXISTING else "10.9.0.0/16",
        zones=[], other_zone_map={}, version=deployment.version, by=user_of(people),
    )  # fmt: skip


@pytest.mark.parametrize(("region", "mode"), [("us-east-1", VpcMode.NEW), ("eu-central-1", VpcMode.EXISTING)])
@pytest.mark.parametrize("decided", [False, True])
def test_another_kind_or_region_takes_the_request_back(
    people: People, sent: VpcRequest, region: str, mode: VpcMode, decided: bool
) -> None:
    deployment = approved(people, sent) if decided else Deployment.objects.get(pk=sent.deployment_id)
    switch(people, deployment, region=region, mode=mode)
    sent.refresh_from_db()
    assert sent.state == VpcRequestState.WITHDRAWN
    assert Ticket.objects.get().state == "closed"
    plan = plan_of(deployment)
    assert (plan.vpc_id, plan.vpc_sent_hash, plan.vpc_approved_hash) == ("", "", "")
    with pytest.raises(ActionRefused):
        approve_request(request=sent, by=user_of(people), reason="Too late.")


def test_saving_the_same_kind_and_region_again_leaves_the_request_alone(people: People, sent: VpcRequest) -> None:
    deployment = Deployment.objects.get(pk=sent.deployment_id)
    switch(people, deployment, region="us-east-1", mode=VpcMode.EXISTING)
    sent.refresh_from_db()
    assert sent.state == VpcRequestState.SUBMITTED


@pytest.mark.parametrize("decided", [False, True])
def test_zones_that_turn_out_otherwise_take_the_request_back(people: People, sent: VpcRequest, decided: bool) -> None:
    deployment = approved(people, sent) if decided else Deployment.objects.get(pk=sent.deployment_id)
    document = facts_document(account_of(deployment))
    document["DescribeSubnets"]["Subnets"][0] |= {"AvailabilityZone": "us-east-1d", "AvailabilityZoneId": "use1-az2"}
    seen = look(deployment, document)
    learn_zones(deployment=deployment, network=SeenVpc.of(seen).look.network)
    plan = plan_of(deployment)
    assert plan.zones[0] == {"name": "us-east-1d", "id": "use1-az2"}
    assert not is_approved(deployment, plan)
    sent.refresh_from_db()
    assert sent.state == VpcRequestState.WITHDRAWN
    assert not request_of(deployment, plan).stands
    again = submit_vpc(deployment=deployment, version=deployment.version, by=user_of(people))
    assert again.state == VpcRequestState.SUBMITTED


@pytest.fixture
def other(people: People) -> People:
    """People of another tenant."""
    return make_people()


def test_another_tenant_reaches_nothing_of_it(people: People, other: People, sent: VpcRequest) -> None:
    deployment = Deployment.objects.get(pk=sent.deployment_id)
    link, _secret = hand_off(deployment=deployment, vpc_id=VPC, label="team", by=user_of(people))
    theirs = bring(other)
    names = ("vpc", "vpc_progress", "vpc_script", "vpc_facts_script", "vpc_mend")
    for name in names:
        path = reverse(f"networking:{name}", args=[deployment.pk])
        assert other.owner.client.get(path, {"vpc": VPC}).status_code == 404
    foreign = reverse("networking:vpc_hand_off_revoke", args=[theirs.pk, link.pk])
    assert other.owner.client.post(foreign, {"form_key": new_key()}).status_code == 404
    assert HandOff.objects.get().revoked_at is None
    # The same VPC id in a tenant of its own shows nothing of this one's look.
    page = other.owner.client.get(reverse("networking:vpc", args=[theirs.pk]), {"vpc": VPC}).content.decode()
    assert account_of(deployment) not in page
    assert other.owner.client.get(reverse("networking:vpc_script", args=[theirs.pk])).status_code == 404


def test_a_link_takes_no_file_about_another_vpc_or_account(people: People, other: People) -> None:
    deployment, theirs = bring(people), bring(other)
    _link, secret = hand_off(deployment=deployment, vpc_id=VPC, label="team", by=user_of(people))
    path = reverse("networking:hand_off_facts", args=[secret])
    for document in (facts_document(account_of(theirs)), facts_document(account_of(deployment), vpc="vpc-0badcafe")):
        file = SimpleUploadedFile("../../\u202efdp.json", facts_bytes(document), content_type="text/html")
        answer = people.anonymous.client.post(path, {"facts": file, "form_key": new_key()})
        assert answer.status_code in {409, 422}
        assert b"fdp.json" not in answer.content


def test_a_role_that_was_lowered_meanwhile_changes_nothing(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    membership = people.organisation.memberships.get(user=people.owner.user)
    type(membership).objects.filter(pk=membership.pk).update(role="viewer")
    version = deployment.version
    for name in ("vpc_look", "vpc_choose", "vpc_submit", "vpc_mend", "vpc_facts", "vpc_hand_off"):
        fields = {"vpc": VPC, "version": str(version), "subnets[]": list(SUBNETS), "label": "x", "form_key": new_key()}
        answer = people.owner.client.post(reverse(f"networking:{name}", args=[deployment.pk]), fields)
        assert answer.status_code == 403, name
    deployment.refresh_from_db()
    assert (deployment.version, VpcRequest.objects.count(), HandOff.objects.count()) == (version, 0, 0)


TYPED = [
    "rtb-0a1b2c3d4e5f60718", "SUBNET-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f6071", "subnet-\uff10a1b2c3d",
    "subnet-0a1b2c3d\u2028x", "subnet-0a1b2c3d<script>", "subnet-0a1b2c3d';--", "x" * 5000, "\u202esubnet-0a1b2c3d",
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("field", ["subnets[]", "typed"])
def test_ids_in_no_canonical_form_are_refused(people: People, typed: str, field: str) -> None:
    deployment = bring(people, choose=False)
    look(deployment)
    path = reverse("networking:vpc_choose", args=[deployment.pk])
    fields = {"vpc": VPC, "version": str(deployment.version), field: typed, "form_key": new_key()}
    answer = people.owner.client.post(path, fields)
    assert answer.status_code == 422
    assert b"0a1b2c3d<script>" not in answer.content
    assert plan_of(deployment).subnet_ids == []


def test_a_thousand_subnets_are_refused(people: People) -> None:
    deployment = bring(people, choose=False)
    look(deployment)
    path = reverse("networking:vpc_choose", args=[deployment.pk])
    fields = {"vpc": VPC, "version": str(deployment.version), "form_key": new_key()}
    for count, status in ((900, 422), (1001, 400)):
        ids = [f"subnet-{number:08x}" for number in range(count)]
        assert people.owner.client.post(path, fields | {"subnets[]": ids}).status_code == status


@pytest.mark.parametrize("named", ["<script>alert(1)</script>", "vpc-%00", "x" * 5000, "VPC-0A1B2C3D", "' OR 1=1--"])
def test_an_address_with_anything_for_a_vpc_shows_nothing_of_it(people: People, named: str) -> None:
    deployment = bring(people)
    look(deployment)
    for name in ("vpc", "vpc_progress", "vpc_script", "vpc_facts_script"):
        answer = people.owner.client.get(reverse(f"networking:{name}", args=[deployment.pk]), {"vpc": named})
        assert answer.status_code in {200, 404}
        assert b"<script>alert" not in answer.content
        if name in {"vpc", "vpc_progress"}:
            assert answer.context["page"].vpc_id == VPC
