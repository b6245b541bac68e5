"""Starting a peering: picked where a role sees the VPCs, typed where none does; refused where addresses overlap."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from networking.actions.peerings import ask_for_rule, register_peering, renew_peering, state_step
from networking.kinds import VICINITY
from networking.models import Peering, PrivateAccess, StepNote
from networking.peering.vicinity import Vicinity
from networking.states import PeeringState, PeeringStep, StepWord
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.accounts.refusals import ActionRefused
from portal.aws.facts.shapes import Tag
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.findings.models.observations import record_observation
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows.models import Event
from tests.networking.brought import account_of, user_of
from tests.networking.peered import BYOC_VPC, REGION, peered, ready, record_requested
from tests.people import People, Person

pytestmark = pytest.mark.django_db

OTHER_ACCOUNT = "333333333333"
TARGET, CLASHING = "vpc-0e0e0e0e0e0e0e0e0", "vpc-0c0c0c0c0c0c0c0c0"
SUBNET = "subnet-0e0e0e0e0e0e0e0ea"


@pytest.fixture
def deployment(people: People) -> Deployment:
    return ready(people)


def text_of(person: Person, address: str) -> str:
    """What a page says."""
    answer = person.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def new(deployment: Deployment, **asked: str) -> str:
    return reverse("networking:peering_new", args=[deployment.pk]) + (f"?{urlencode(asked)}" if asked else "")


def seen(deployment: Deployment, *, byoc_more: tuple[str, ...] = ()) -> None:
    """A look at the deployment's own account: two VPCs, of which one shares an address with the BYOC VPC."""
    more = tuple(CidrFact(cidr=text, state="associated") for text in byoc_more)
    vpcs = (
        VpcFact(id=TARGET, cidr="10.20.0.0/16", tags=(Tag(key="Name", value="hub"),)),
        VpcFact(id=CLASHING, cidr="172.31.0.0/16", cidrs=(CidrFact(cidr="10.0.4.0/24", state="associated"),)),
        VpcFact(id=BYOC_VPC, cidr="10.0.0.0/16"),
    )
    vicinity = Vicinity(
        account=account_of(deployment), region=REGION, byoc=VpcFact(id=BYOC_VPC, cidr="10.0.0.0/16", cidrs=more),
        vpcs=vpcs, subnets=(SubnetFact(id=SUBNET, vpc=TARGET, cidr="10.20.0.0/20"),),
    )  # fmt: skip
    record_observation(
        organisation=deployment.organisation,
        kind=VICINITY,
        subject_id=deployment.pk,
        judge=tuple,
        facts=vicinity.to_json(),
    )


def registered(people: People, deployment: Deployment, **values: Any) -> Peering:
    given = {
        "label": "hub", "account_id": OTHER_ACCOUNT, "region": REGION, "vpc_id": TARGET, "subnet_ids": [SUBNET],
        "ranges": ["10.20.0.0/16"],
    }  # fmt: skip
    return register_peering(deployment=deployment, by=user_of(people), **{**given, **values})


def test_the_list_says_what_is_needed_while_there_is_none(people: People, deployment: Deployment) -> None:
    page = text_of(people.owner, reverse("networking:peerings", args=[deployment.pk]))
    assert "No peering yet" in page
    assert "Start a peering" in page
    assert "Only admins and owners" in text_of(people.colleague, reverse("networking:peerings", args=[deployment.pk]))


def test_the_list_shows_each_peering_with_its_step(people: People, django_assert_max_num_queries: Any) -> None:
    peering = peered(people, access=True)
    record_requested(peering)
    address = reverse("networking:peerings", args=[peering.deployment_id])
    with django_assert_max_num_queries(16):
        page = text_of(people.owner, address)
    assert "step 3 of 6" in page
    assert "waiting to be accepted" in page


def test_before_the_deployment_is_ready_nothing_can_be_started(people: People, deployment: Deployment) -> None:
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    assert people.owner.get(new(deployment)).status_code == 302
    with pytest.raises(WrongStep):
        registered(people, deployment)


def test_vpcs_that_were_seen_are_picked_and_those_that_overlap_cannot_be(
    people: People, deployment: Deployment
) -> None:
    seen(deployment)
    page = text_of(people.owner, new(deployment, account=account_of(deployment), region=REGION))
    assert f'value="{TARGET}"' in page
    assert "overlaps the BYOC VPC: 10.0.4.0/24 ~ 10.0.0.0/16" in page
    assert f'value="{BYOC_VPC}"' not in page


def test_a_picked_vpc_is_registered_with_all_its_ranges(people: People, deployment: Deployment) -> None:
    seen(deployment)
    answer = people.owner.post(
        new(deployment),
        {"account": account_of(deployment), "region": REGION, "vpc": TARGET, "label": "hub", "subnets[]": [SUBNET],
         "form_key": new_key()},
    )  # fmt: skip
    row = Peering.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("networking:peering", args=[deployment.pk, row.pk])
    assert (row.vpc_id, row.stated_ranges, row.subnet_ids) == (TARGET, ["10.20.0.0/16"], [SUBNET])
    assert row.requester_vpc == BYOC_VPC
    assert Event.objects.filter(code="peering.registered").count() == 1


def test_a_post_for_a_vpc_that_overlaps_is_refused_with_the_blocks_named(
    people: People, deployment: Deployment
) -> None:
    seen(deployment)
    answer = people.owner.post(
        new(deployment),
        {"account": account_of(deployment), "region": REGION, "vpc": CLASHING, "label": "x", "typed": SUBNET,
         "form_key": new_key()},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "10.0.0.0/16 (BYOC) and 10.0.4.0/24" in answer.content.decode()
    assert not Peering.objects.exists()


@pytest.mark.parametrize("typed", ["10.0.128.0/20", "10.20.0.0/16\n10.0.0.0/8"])
def test_typed_ranges_are_compared_as_well(people: People, deployment: Deployment, typed: str) -> None:
    answer = people.owner.post(
        new(deployment),
        {
            "account": OTHER_ACCOUNT,
            "region": REGION,
            "vpc": TARGET,
            "label": "x",
            "ranges": typed,
            "form_key": new_key(),
        },
    )
    assert answer.status_code == 422
    assert "have addresses in common" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ranges", "", "Enter the ranges of your VPC"),
        ("ranges", "2600:1f14::/200", "is no IPv6 range"),
        ("ranges", "10.20.0.1/16", "has bits set behind its prefix"),
        ("vpc", "pcx-0e0e0e0e0e0e0e0e0", "begins with pcx-"),
        ("typed", "subnet-x", "Such an ID is subnet-"),
        ("label", "", "required"),
    ],
)
def test_what_is_typed_wrong_is_said(people: People, deployment: Deployment, field: str, value: str, said: str) -> None:
    given = {"account": OTHER_ACCOUNT, "region": REGION, "vpc": TARGET, "label": "x", "ranges": "10.20.0.0/16"}
    answer = people.owner.post(new(deployment), {**given, field: value, "form_key": new_key()})
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower()


@pytest.mark.parametrize("account", ["000000000000", "12345", "111111111111"])
def test_an_account_that_can_be_no_customers_is_refused(people: People, deployment: Deployment, account: str) -> None:
    page = text_of(people.owner, new(deployment, account=account, region=REGION))
    assert "2 · Which VPC is it?" not in page


def test_a_secondary_range_of_the_byoc_vpc_counts(people: People, deployment: Deployment) -> None:
    seen(deployment, byoc_more=("10.20.8.0/24",))
    page = text_of(people.owner, new(deployment, account=account_of(deployment), region=REGION))
    assert "overlaps the BYOC VPC: 10.20.0.0/16 ~ 10.20.8.0/24" in page


def test_the_same_vpc_is_peered_once(people: People, deployment: Deployment) -> None:
    registered(people, deployment)
    with pytest.raises(ActionRefused, match="has a peering with this deployment already"):
        registered(people, deployment)


def test_a_removed_peering_may_be_registered_again(people: People, deployment: Deployment) -> None:
    row = registered(people, deployment)
    Peering.objects.filter(pk=row.pk).update(state=PeeringState.REMOVED)
    assert registered(people, deployment).pk != row.pk


def test_the_byoc_vpc_is_not_peered_with_itself(people: People, deployment: Deployment) -> None:
    with pytest.raises(ActionRefused, match="is the BYOC VPC itself"):
        registered(people, deployment, vpc_id=BYOC_VPC)


def test_a_second_press_registers_nothing_more(people: People, deployment: Deployment) -> None:
    given = {
        "account": OTHER_ACCOUNT, "region": REGION, "vpc": TARGET, "label": "x", "ranges": "10.20.0.0/16",
        "form_key": new_key(),
    }  # fmt: skip
    answers = [people.owner.post(new(deployment), given) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Peering.objects.count() == 1


def test_an_ended_connection_can_be_begun_anew_and_a_live_one_cannot(people: People) -> None:
    peering = peered(people, access=True)
    record_requested(peering)
    with pytest.raises(WrongStep):
        renew_peering(peering=peering, version=peering.version, by=user_of(people))
    record_requested(peering, "expired")
    renew_peering(peering=peering, version=peering.version, by=user_of(people))
    assert peering.generation == 2
    assert peering.connections.get().status == "expired"


def test_a_stated_step_is_noted_once_and_changes_no_state(people: People) -> None:
    peering = peered(people)
    for _ in range(2):
        state_step(peering=peering, step=PeeringStep.RETURN_ROUTES, by="hand-off:Network team")
    assert list(StepNote.objects.values_list("word", "by")) == [(StepWord.STATED, "hand-off:Network team")]
    peering.refresh_from_db()
    assert peering.state == PeeringState.SETTING_UP
    with pytest.raises(ValueError, match="connection"):
        state_step(peering=peering, step=PeeringStep.CONNECTION, by=user_of(people))


def test_a_tear_down_waits_until_the_peerings_are_removed(people: People) -> None:
    peering = peered(people)
    deployment = peering.deployment
    address = reverse("onboarding:teardown", args=[deployment.pk])
    page = text_of(people.owner, address)
    assert "Remove them first" in page
    assert "Peering hub with" in page
    answer = people.owner.post(
        address, {"confirmation": deployment.name, "version": deployment.version, "form_key": new_key()}
    )
    assert answer.status_code == 422
    assert Deployment.objects.get().state == DeploymentState.READY
    Peering.objects.update(state=PeeringState.REMOVED)
    assert "Remove them first" not in text_of(people.owner, address)


def test_asking_for_the_rule_opens_one_ticket_for_each_generation(people: People) -> None:
    peering = peered(people, stated_ranges=["10.20.0.0/16"])
    for _ in range(2):
        ask_for_rule(peering=peering, by=user_of(people))
    ticket = Ticket.objects.get(kind=TicketKind.INBOUND_RULE)
    assert "10.20.0.0/16" in ticket.summary["en"]
    assert not PrivateAccess.objects.exists()
