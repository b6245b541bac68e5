"""The page of the infrastructure choices, as owner, viewer, stranger and staff meet it."""

from dataclasses import replace
from typing import Any

import pytest

from onboarding import actions
from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from portal.workflows.models import Event
from tests.onboarding.infrastructure.account import (
    ZONES,
    address,
    choose,
    fields,
    look,
    survey,
    vpc,
)
from tests.people import People


def page_of(people: People, deployment: Deployment, person: str = "owner", query: str = "") -> str:
    answer = getattr(people, person).get(address("infrastructure", deployment) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_stranger_and_staff_find_nothing(people: People, deployment: Deployment) -> None:
    for person in (people.stranger, people.staff):
        assert person.get(address("infrastructure", deployment)).status_code == 404
        assert person.post(address("infrastructure", deployment)).status_code == 404


def test_it_offers_supported_regions_with_their_state_in_the_account(people: People, deployment: Deployment) -> None:
    page = page_of(people, deployment)
    assert "us-east-1 · US East (N. Virginia) · enabled" in page
    assert "il-central-1 · Israel (Tel Aviv) · not enabled" in page
    assert "1 supported region is not enabled in this account" in page
    assert "account:EnableRegion" in page
    assert "eu-north-1" not in page


def test_regions_are_not_known_before_anybody_has_looked(people: People, deployment: Deployment) -> None:
    look(deployment, survey(regions=None))
    assert "us-east-1 · US East (N. Virginia) · not known whether enabled" in page_of(people, deployment)


def test_a_region_keeps_its_state_when_another_one_was_looked_at(people: People, deployment: Deployment) -> None:
    page = page_of(people, deployment, query="?region=eu-west-1")
    assert "Nobody has looked at eu-west-1 yet" in page
    assert "il-central-1 · Israel (Tel Aviv) · not enabled" in page


def test_an_owner_saves_a_draft_and_comes_to_the_review(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    answer = people.owner.post(path, fields(people.owner.client, path))
    assert answer.status_code == 302
    assert answer["Location"] == address("review", deployment)
    plan = InfrastructurePlan.objects.get(deployment=deployment)
    assert (plan.region, plan.cidr) == ("us-east-1", "10.9.0.0/16")
    assert plan.zones[0] == {"name": "us-east-1b", "id": "use1-az1"}
    assert plan.confirmed_at is None


@pytest.mark.parametrize("person", ["viewer", "colleague"])
def test_a_viewer_sees_everything_and_changes_nothing(people: People, deployment: Deployment, person: str) -> None:
    page = page_of(people, deployment, person)
    assert "Only admins and owners can change this." in page
    assert '<fieldset class="frame" disabled' in page
    assert "use1-az1" in page
    assert 'name="use_cidr"' not in page
    assert getattr(people, person).post(address("infrastructure", deployment)).status_code == 403
    assert not InfrastructurePlan.objects.exists()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"cidr": "10.0.0.0/16"}, "10.0.0.0/16 is already used by vpc-00000000000000001 data-lake, existing VPC"),
    ({"cidr": "10.0.64.0/20"}, "10.0.64.0/20 lies inside 10.0.0.0/16 of vpc-00000000000000001 data-lake"),
    ({"cidr": "10.0.64.0/20"}, "can never be peered"),
    ({"cidr": "10.100.0.0/16"}, "10.100.0.0/16 overlaps 10.100.0.0/16"),
    ({"cidr": "172.17.4.0/22"}, "172.17.4.0/22 overlaps 172.17.0.0/16"),
    ({"cidr": "10.9.0.5/16"}, "Did you mean 10.9.0.0/16?"),
    ({"cidr": ""}, "Enter one IPv4 range"),
    ({"cidr": "10.9.0.0/23"}, "too small for a deployment"),
    ({"cidr": "<script>alert(1)</script>"}, "Enter one IPv4 range"),
    ({"region": "eu-central-9"}, "This region is not offered. Choose one of these:"),
    ({"region": "il-central-1"}, "il-central-1 is not enabled in this account"),
    ({"vpc_mode": "borrowed"}, "borrowed is not one of the available choices"),
    ({"vpc_mode": "existing", "region": "il-central-1"}, "il-central-1 is not enabled in this account"),
    ({"vpc_mode": "existing", "region": "eu-central-9"}, "This region is not offered. Choose one of these:"),
    ({"zones[]": ["us-east-1a", *ZONES[:2]]}, "us-east-1a is not one of the zones on offer"),
    ({"zones[]": ["use1-az3", *ZONES[:2]]}, "use1-az3 is not one of the zones on offer"),
    ({"zones[]": ["use1-az5", *ZONES[:2]]}, "use1-az5 is not one of the zones on offer"),
    ({"zones[]": [*ZONES[:2]]}, "Choose exactly 3 zones"),
    ({"zones[]": [ZONES[0], ZONES[0], ZONES[1]]}, "Choose exactly 3 zones"),
    ({"zones[]": [*ZONES, "use1-az6"]}, "Choose exactly 3 zones"),
    ({"zones[]": []}, "Choose three zones of the list"),
    ({"other_zones": "us-east-1a"}, "Line 1 does not hold a zone name and a zone ID"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSED)
def test_what_cannot_be_built_comes_back_with_its_reason(
    people: People, deployment: Deployment, changes: dict[str, Any], sentence: str
) -> None:
    path = address("infrastructure", deployment)
    answer = people.admin.post(path, fields(people.admin.client, path, **changes))
    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert sentence in text.replace("&#x27;", "'")
    assert "<script>alert" not in text
    assert not InfrastructurePlan.objects.exists()
    assert not Event.objects.filter(subject_id=deployment.pk).exists()


def test_a_range_that_meets_a_declared_network_is_refused_by_name(people: People, deployment: Deployment) -> None:
    assert people.owner.user is not None
    actions.declare_range(
        deployment=deployment, kind="peer", label="analytics", cidr="10.9.128.0/20", version=1, by=people.owner.user
    )
    path = address("infrastructure", deployment)
    answer = people.owner.post(path, fields(people.owner.client, path))
    assert answer.status_code == 422
    assert "10.9.0.0/16 contains 10.9.128.0/20 of analytics, network to be peered" in answer.content.decode()


def test_the_second_of_two_admins_gets_409_with_both_values(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    first = fields(people.owner.client, path, cidr="10.20.0.0/16")
    second = fields(people.admin.client, path, cidr="10.30.0.0/16")
    assert people.owner.post(path, first).status_code == 302
    answer = people.admin.post(path, second)
    text = answer.content.decode()
    assert answer.status_code == 409
    row = text[text.index('id="differences"') :]
    assert "10.30.0.0/16" in row
    assert "10.20.0.0/16" in row
    assert "Region" not in row
    assert people.owner.user is not None
    assert people.owner.user.email in text
    assert InfrastructurePlan.objects.get(deployment=deployment).cidr == "10.20.0.0/16"


def test_a_choice_after_the_confirmation_is_409_and_changes_nothing(people: People, deployment: Deployment) -> None:
    choose(deployment, people.owner)
    path = address("infrastructure", deployment)
    late = fields(people.owner.client, path, region="eu-west-1")
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    assert people.owner.post(path, late).status_code == 409
    assert InfrastructurePlan.objects.get(deployment=deployment).region == "us-east-1"
    assert "were confirmed and cannot be changed" in page_of(people, deployment)


def test_a_repeated_post_is_sent_to_the_result_of_the_first(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    sent = fields(people.owner.client, path)
    people.owner.post(path, sent)
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    answer = people.owner.post(path, sent)
    assert (answer.status_code, answer["Location"]) == (302, address("review", deployment))
    assert Event.objects.filter(code="infrastructure.chosen").count() == 1


def test_a_proposed_block_is_taken_without_javascript_and_without_loss(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    pasted = "us-east-1a use1-az1"
    sent = fields(people.owner.client, path, cidr="10.0.0.0/18", other_zones=pasted, use_cidr="10.1.0.0/18")
    answer = people.owner.post(path, sent)
    assert answer.status_code == 303
    page = people.owner.get(answer["Location"].split("#")[0]).content.decode()
    assert 'value="10.1.0.0/18" autocomplete' in page
    assert pasted in page
    assert not InfrastructurePlan.objects.exists()


def test_kept_choices_give_way_to_what_somebody_saved(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    people.owner.post(path, fields(people.owner.client, path, use_cidr="10.1.0.0/18"))
    choose(deployment, people.admin, cidr="10.77.0.0/16")
    page = page_of(people, deployment)
    assert 'value="10.77.0.0/16" autocomplete' in page
    assert 'value="10.1.0.0/18" autocomplete' not in page


def test_the_quotas_say_what_is_short_and_where_to_ask_for_more(people: People, deployment: Deployment) -> None:
    short = survey()
    quotas = tuple(
        one if one.code != "L-0263D0A3" else type(one)(service="ec2", code="L-0263D0A3", value=3.0, source="default")
        for one in short.quotas or ()
    )
    look(deployment, survey(quotas=quotas))
    page = page_of(people, deployment)
    assert "Request 4 in the Service Quotas console of us-east-1" in page
    assert "https://us-east-1.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-0263D0A3" in page
    assert "AWS default" in page


@pytest.mark.parametrize("count", [1, 200])
def test_the_page_takes_no_more_than_ten_queries(
    people: People, deployment: Deployment, count: int, django_assert_max_num_queries: Any
) -> None:
    look(deployment, survey([vpc(n, f"10.{n}.0.0/24") for n in range(count)]))
    DeclaredRange.objects.bulk_create(
        DeclaredRange(
            organisation=people.organisation,
            deployment=deployment,
            kind="peer",
            label=f"net {n}",
            cidr=f"192.168.{n}.0/24",
        )
        for n in range(count)
    )
    choose(deployment, people.owner, cidr="172.24.0.0/16")
    for name in ("infrastructure", "review", "infrastructure_progress", "address_plan"):
        with django_assert_max_num_queries(10):
            assert people.owner.get(address(name, deployment)).status_code == 200


def test_a_range_is_not_called_free_while_the_vpcs_are_unread(people: People, deployment: Deployment) -> None:
    look(deployment, replace(survey(), vpcs=None))
    choose(deployment, people.owner)
    page = page_of(people, deployment)
    assert "we have not read your VPCs in this region yet" in page
    assert "touches nothing that we know of" not in page
    assert "is free." not in page
    review = people.owner.get(address("review", deployment)).content.decode()
    assert "The VPCs of this account and region could not be read." in review
