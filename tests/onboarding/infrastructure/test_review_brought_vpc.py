"""The review of a brought VPC: what it shows, what it waits for, and what stops it although support approved."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from networking.kinds import SEEN
from networking.looks import newest_look
from onboarding import actions
from onboarding.brought_vpc import five_facts
from onboarding.kinds import LAUNCH
from onboarding.models import DeclaredRange, Deployment
from onboarding.readiness import Blocked
from onboarding.review import plan_of, review_of
from onboarding.states import DeploymentState
from portal.findings.models import Observation
from portal.workflows.models import Workflow
from tests.networking import brought as vpcs
from tests.onboarding.infrastructure.account import address, between, look, survey, vpc
from tests.people import People, Person

SURVEYED = {"VpcId": vpcs.VPC}


@pytest.fixture
def seen(people: People) -> Deployment:
    """A brought VPC that keeps the rules, looked at with its region; support has not been asked."""
    deployment = vpcs.bring(people)
    look(deployment, survey([vpc(1, "10.0.0.0/16", "mine") | SURVEYED]))
    vpcs.look(deployment)
    return deployment


@pytest.fixture
def approved(people: People, seen: Deployment) -> Deployment:
    """The same, approved by support."""
    assert people.staff.user is not None
    facts = five_facts(seen, plan_of(seen))
    actions.approve_vpc(deployment=seen, content_hash=facts.content_hash, by=people.staff.user)
    return seen


def text_of(person: Person, deployment: Deployment) -> str:
    answer = person.get(address("review", deployment))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def vpc_page(deployment: Deployment) -> str:
    return reverse("networking:vpc", args=[deployment.pk])


def confirm(person: Person, deployment: Deployment, **changes: str) -> Any:
    page = person.get(address("review", deployment)).content.decode()
    form = page[page.index('id="confirm"') :]
    names = ("form_key", "version", "shown_hash")
    sent = {name: between(form, f'name="{name}" value="', '"') for name in names}
    return person.post(address("review", deployment), {**sent, "confirmation": deployment.name, **changes})


def test_it_shows_vpc_subnets_approval_and_what_follows(people: People, approved: Deployment) -> None:
    page = text_of(people.owner, approved)
    assert people.staff.user is not None
    for said in (
        vpcs.VPC,
        *vpcs.SUBNETS,
        "<code>use1-az4</code> (us-east-1a)",
        f"approved by {people.staff.user.email}",
        f"A tear-down leaves {vpcs.VPC} as it is; deleting it later is up to you.",
        "The network is yours: the launch makes none",
        "What passes through the gateways and endpoints of your VPC",
        f"clickhouse-cloud-{approved.slug}-cluster",
        f"To the page of {vpcs.VPC}",
        f"Looked at {vpcs.VPC}",
        "s3-endpoint.routes",
    ):
        assert said in page, said
    for other in (f"{approved.slug}-network", "NAT gateways, by the hour", "Map of the private address", "cidr.size"):
        assert other not in page
    assert "Your VPC comes first" not in page


def test_only_quotas_that_a_launch_into_it_needs_are_judged(people: People, approved: Deployment) -> None:
    quotas = survey().quotas or ()
    full = tuple(type(one)(service=one.service, code=one.code, value=0.0, source="live") for one in quotas[:4])
    look(approved, survey([vpc(1, "10.0.0.0/16") | SURVEYED], quotas=(*full, *quotas[4:])))
    page = text_of(people.owner, approved)
    assert "VPCs per Region" not in page
    assert "Elastic IPs" not in page
    assert "Running On-Demand Standard" in page
    assert confirm(people.owner, approved).status_code == 302


def test_the_typed_name_starts_the_launch(people: People, approved: Deployment) -> None:
    answer = confirm(people.owner, approved)
    assert (answer.status_code, answer["Location"]) == (302, address("launch", approved))
    approved.refresh_from_db()
    plan = plan_of(approved)
    assert approved.state == DeploymentState.LAUNCH
    assert plan.confirmed_hash == review_of(approved, plan).content_hash
    assert Workflow.objects.filter(kind=LAUNCH).count() == 1
    page = " ".join(people.viewer.get(address("launch", approved)).content.decode().split())
    assert f"clickhouse-cloud-{approved.slug}-cluster" in page
    assert f"clickhouse-cloud-{approved.slug}-network" not in page
    assert "NAT gateway" not in page
    Workflow.objects.update(step="network")
    page = people.viewer.get(address("launch", approved)).content.decode()
    assert "We look at your VPC once more." in page
    assert "Then: Roles → Cluster." in " ".join(page.split())


def stopped(people: People, deployment: Deployment, sentence: str) -> str:
    """The review says so, leads to the VPC, and neither the form nor the action starts anything."""
    page = text_of(people.owner, deployment)
    assert sentence in page
    assert f'href="{vpc_page(deployment)}"' in page
    assert confirm(people.owner, deployment).status_code == 422
    assert people.owner.user is not None
    deployment.refresh_from_db()
    shown = review_of(deployment, plan_of(deployment)).content_hash
    with pytest.raises(Blocked):
        actions.confirm_infrastructure(
            deployment=deployment, shown_hash=shown, version=deployment.version, by=people.owner.user
        )
    assert not Workflow.objects.filter(kind=LAUNCH).exists()
    return page


def test_without_an_approval_it_waits(people: People, seen: Deployment) -> None:
    page = stopped(people, seen, f"Support has not approved {vpcs.VPC} with exactly these subnets.")
    assert "not given for exactly these facts" in page


def test_an_approval_of_another_choice_is_none(people: People, approved: Deployment) -> None:
    assert people.owner.user is not None
    vpcs.choose_subnets_of(approved, people.owner.user, vpc=vpcs.OTHER_VPC)
    stopped(people, approved, f"Support has not approved {vpcs.OTHER_VPC} with exactly these subnets.")


def test_without_a_look_it_waits(people: People, approved: Deployment) -> None:
    Observation.objects.exclude(kind="survey").delete()
    stopped(people, approved, f"Nobody has looked at {vpcs.VPC} yet.")


def test_what_the_customer_stated_is_no_look_of_ours(people: People, approved: Deployment) -> None:
    Observation.objects.exclude(kind="survey").delete()
    vpcs.look(approved, stated=True)
    stopped(people, approved, f"Nobody has looked at {vpcs.VPC} yet.")


def test_a_look_of_25_hours_is_too_old_and_one_of_23_is_not(people: People, approved: Deployment) -> None:
    looks = Observation.objects.exclude(kind="survey")
    looks.update(observed_at=timezone.now() - timedelta(hours=25))
    stopped(people, approved, f"What we know of {vpcs.VPC} is older than 24 hours.")
    looks.update(observed_at=timezone.now() - timedelta(hours=23))
    assert confirm(people.owner, approved).status_code == 302


def test_a_rule_that_is_broken_since_the_approval_stops_it(people: People, approved: Deployment) -> None:
    assert approved.connection is not None
    vpcs.look(approved, vpcs.untagged(vpcs.facts_document(approved.connection.account_id)))
    page = stopped(people, approved, vpcs.SUBNETS[1])
    assert "Another choice is needed" in page
    assert "Mend it or choose other subnets" in page
    assert "subnets.tags" in page


@pytest.mark.parametrize("declared", ["10.0.8.0/22", "10.5.1.0/24"])
def test_a_declared_network_may_meet_no_range_of_the_vpc(people: People, approved: Deployment, declared: str) -> None:
    second = {"CidrBlock": "10.5.0.0/20", "CidrBlockState": {"State": "associated"}}
    known = vpc(1, "10.0.0.0/16") | SURVEYED
    known["CidrBlockAssociationSet"] = [*known["CidrBlockAssociationSet"], second]
    look(approved, survey([known]))
    DeclaredRange.objects.create(
        organisation=people.organisation, deployment=approved, kind="peer", label="data lake", cidr=declared
    )
    page = stopped(people, approved, f"shares addresses with {declared} of data lake")
    assert "they can never talk to each other" in page


def test_a_zone_that_eks_bars_stops_it(people: People, approved: Deployment) -> None:
    plan = plan_of(approved)
    plan.zones[0] = {"name": "us-east-1e", "id": "use1-az3"}
    plan.save()
    stopped(people, approved, "EKS does not run in use1-az3.")


@pytest.mark.parametrize("subnets", [0, 2])
def test_too_few_subnets_lead_to_the_page_of_the_vpc(people: People, seen: Deployment, subnets: int) -> None:
    assert people.owner.user is not None
    vpcs.choose_subnets_of(seen, people.owner.user, subnets=vpcs.SUBNETS[:subnets])
    answer = people.owner.get(address("review", seen))
    assert (answer.status_code, answer["Location"]) == (302, vpc_page(seen))


def test_a_viewer_reads_it_and_a_stranger_finds_nothing(people: People, approved: Deployment) -> None:
    assert vpcs.VPC in text_of(people.viewer, approved)
    assert confirm(people.viewer, approved).status_code == 403
    assert people.stranger.get(address("review", approved)).status_code == 404


def test_the_page_of_a_vpc_that_changed_after_it_was_shown_is_409(people: People, approved: Deployment) -> None:
    page = people.owner.get(address("review", approved)).content.decode()
    form = page[page.index('id="confirm"') :]
    sent = {name: between(form, f'name="{name}" value="', '"') for name in ("form_key", "version", "shown_hash")}
    assert people.owner.user is not None
    vpcs.choose_subnets_of(approved, people.owner.user, vpc=vpcs.OTHER_VPC)
    assert people.owner.post(address("review", approved), {**sent, "confirmation": approved.name}).status_code == 409
    assert not Workflow.objects.filter(kind=LAUNCH).exists()


def test_the_review_takes_no_more_than_ten_queries(
    people: People, approved: Deployment, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        assert people.owner.get(address("review", approved)).status_code == 200


def test_each_subnet_stands_with_its_range_and_what_is_free_in_it(people: People, approved: Deployment) -> None:
    network = newest_look(approved, vpcs.VPC).look.network
    chosen = [network.subnet(one) for one in vpcs.SUBNETS]
    page = text_of(people.owner, approved)
    for subnet in chosen:
        assert f'>{subnet.cidr}</code></td><td class="text-nowrap">{subnet.free:,}</td>' in page
    assert f"{sum(subnet.free for subnet in chosen):,} free addresses together" in page


def test_what_nobody_saw_of_a_subnet_is_not_known(people: People, approved: Deployment) -> None:
    Observation.objects.filter(kind=SEEN).delete()
    page = text_of(people.owner, approved)
    assert "How many addresses are free in the chosen subnets is not known." in page
