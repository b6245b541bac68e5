"""Choosing an existing VPC: the form, what is kept, what is forgotten, and the approval of exactly five facts."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

import pytest
from django.urls import reverse

from onboarding import actions
from onboarding.actions import Stale, WrongStep
from onboarding.brought_vpc import five_facts, is_approved
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.review import Incomplete, plan_of, review_of
from onboarding.states import DeploymentState, VpcMode
from portal.findings.languages import heard
from portal.workflows.models import Event
from tests.onboarding.infrastructure.account import address, between, choose, fields
from tests.people import People, Person

VPC, OTHER = "vpc-0a1b2c3d4e5f60718", "vpc-0ffffffffffffffff"
SUBNETS = ("subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712", "subnet-0a1b2c3d4e5f60713")
PLACES = (("us-east-1b", "use1-az1"), ("us-east-1c", "use1-az2"), ("us-east-1d", "use1-az4"))


def bring(deployment: Deployment, person: Person, **changes: Any) -> InfrastructurePlan:
    """Saves a brought VPC by the action."""
    deployment.refresh_from_db()
    assert person.user is not None
    wanted: dict[str, Any] = {
        "region": "us-east-1",
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "zones": [{"name": name, "id": zone} for name, zone in PLACES],
        "cidr": "10.70.0.0/16",
        "version": deployment.version,
    }
    return actions.bring_vpc(deployment=deployment, by=person.user, **{**wanted, **changes})


def approve(deployment: Deployment, people: People) -> InfrastructurePlan:
    assert people.staff.user is not None
    facts = five_facts(deployment, plan_of(deployment))
    return actions.approve_vpc(deployment=deployment, content_hash=facts.content_hash, by=people.staff.user)


def existing(deployment: Deployment, person: Person, region: str = "us-east-1") -> InfrastructurePlan:
    return choose(deployment, person, region=region, vpc_mode=VpcMode.EXISTING, cidr="", zones=[])


def vpc_page(deployment: Deployment) -> str:
    return reverse("networking:vpc", args=[deployment.pk])


def page_of(person: Person, deployment: Deployment) -> str:
    answer = person.get(address("infrastructure", deployment))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_form_asks_for_the_region_only_and_leads_to_the_vpc(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    sent = fields(people.admin.client, path, vpc_mode="existing", cidr="not a range", other_zones="nonsense")
    del sent["zones[]"]
    answer = people.admin.post(path, sent)
    assert (answer.status_code, answer["Location"]) == (302, vpc_page(deployment))
    plan = InfrastructurePlan.objects.get(deployment=deployment)
    assert (plan.region, plan.vpc_mode, plan.cidr, plan.zones) == ("us-east-1", "existing", "", [])
    said = Event.objects.filter(code="infrastructure.chosen").latest("at").sentence
    assert heard(said, "") == "An existing VPC in us-east-1 was chosen. Which one is said next."


def test_the_page_says_what_a_vpc_must_have_and_who_approves(people: People, deployment: Deployment) -> None:
    page = page_of(people.owner, deployment)
    for said in (
        "At least 3 private subnets in 3 different zones, each /23 or larger.",
        "The tag kubernetes.io/role/internal-elb=1 on each subnet.",
        "An S3 gateway endpoint on the route table of each subnet.",
        "support approves it before the launch",
    ):
        assert said in page
    assert "internet from each subnet" not in page
    assert "Not offered yet" not in page


def test_the_rules_are_those_of_the_deployments_profile(people: People, deployment: Deployment) -> None:
    Deployment.objects.filter(pk=deployment.pk).update(profile="2026-08")
    page = page_of(people.owner, deployment)
    assert "The tag clickhouse-byoc=true on the VPC." in page
    assert "A way to the internet from each subnet" in page
    assert "DNS support and DNS hostnames" in page


def test_the_choice_stays_ticked_and_leads_on(people: People, deployment: Deployment) -> None:
    existing(deployment, people.owner)
    page = page_of(people.owner, deployment)
    ticked = page[page.index('id="vpc-existing"') :].split(">")[0]
    assert " checked" in ticked
    assert f'<a href="{vpc_page(deployment)}">Choose which VPC you bring</a>' in page
    bring(deployment, people.owner)
    assert f'<a href="{vpc_page(deployment)}">To your VPC {VPC}</a>' in page_of(people.owner, deployment)


def test_what_was_typed_for_a_new_vpc_comes_back_with_a_change_of_mind(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    pasted = "us-east-1a use1-az1"
    zones = ["use1-az6", "use1-az1", "use1-az4"]
    sent = {"vpc_mode": "existing", "cidr": "10.44.0.0/16", "other_zones": pasted, "zones[]": zones}
    people.owner.post(path, fields(people.owner.client, path, **sent))
    bring(deployment, people.owner)
    page = page_of(people.owner, deployment)
    assert 'value="10.44.0.0/16" autocomplete' in page
    assert "10.70.0.0/16" not in page
    assert pasted in page
    ticked = [zone for zone in ("use1-az1", "use1-az2", "use1-az4", "use1-az6") if f'id="zone-{zone}" checked' in page]
    assert ticked == ["use1-az1", "use1-az4", "use1-az6"]


def test_a_detour_keeps_the_kind_of_vpc(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    answer = people.owner.post(path, fields(people.owner.client, path, vpc_mode="existing", compare="1"))
    page = people.owner.get(answer["Location"].split("#")[0]).content.decode()
    assert " checked" in page[page.index('id="vpc-existing"') :].split(">")[0]


def test_a_viewer_reads_it_and_a_stranger_finds_nothing(people: People, deployment: Deployment) -> None:
    existing(deployment, people.owner)
    path = address("infrastructure", deployment)
    assert "What an existing VPC must have:" in page_of(people.viewer, deployment)
    sent = fields(people.owner.client, path, vpc_mode="existing")
    assert people.viewer.post(path, sent).status_code == 403
    assert people.stranger.post(path, sent).status_code == 404


def test_an_old_form_differs_in_region_and_mode_only(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    sent = fields(people.owner.client, path, vpc_mode="existing")
    choose(deployment, people.admin, cidr="10.20.0.0/16")
    answer = people.owner.post(path, sent)
    table = answer.content.decode().split('id="differences"')[1]
    assert answer.status_code == 409
    assert "an existing VPC of yours" in table
    assert "10.20.0.0/16" not in table


def test_bringing_a_vpc_sets_range_zones_and_mode_with_an_event(people: People, deployment: Deployment) -> None:
    plan = bring(deployment, people.owner)
    assert (plan.vpc_mode, plan.vpc_id, plan.cidr) == ("existing", VPC, "10.70.0.0/16")
    assert plan.subnet_ids == list(SUBNETS)
    assert plan.zones == [{"name": name, "id": zone} for name, zone in PLACES]
    said = heard(Event.objects.get(code="vpc.brought").sentence, "")
    assert said == (f"{VPC} in us-east-1 with the subnets {', '.join(SUBNETS)} was chosen, not confirmed yet.")


def test_an_old_version_or_a_wrong_step_brings_nothing(people: People, deployment: Deployment) -> None:
    with pytest.raises(Stale):
        bring(deployment, people.owner, version=deployment.version + 1)
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(WrongStep):
        bring(deployment, people.owner)
    assert not InfrastructurePlan.objects.exclude(vpc_id="").exists()


@pytest.mark.parametrize("subnets", [SUBNETS[:2], (*SUBNETS[:2], SUBNETS[0])])
def test_subnets_and_zones_must_match_one_to_one(
    people: People, deployment: Deployment, subnets: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="named once"):
        bring(deployment, people.owner, subnet_ids=subnets)


def test_support_approves_exactly_the_five_facts(people: People, deployment: Deployment) -> None:
    bring(deployment, people.owner)
    before = Deployment.objects.get(pk=deployment.pk)
    plan = approve(deployment, people)
    assert is_approved(deployment, plan)
    assert plan.vpc_approved_at is not None
    event = Event.objects.get(code="vpc.approved")
    assert people.staff.user is not None
    assert (event.actor, event.subject_id) == (people.staff.user.email, deployment.pk)
    now = Deployment.objects.get(pk=deployment.pk)
    assert (now.version, now.shown) == (before.version, before.shown + 1)


def test_an_approval_of_what_was_changed_meanwhile_is_stale_and_changes_nothing(
    people: People, deployment: Deployment
) -> None:
    bring(deployment, people.owner)
    asked = five_facts(deployment, plan_of(deployment)).content_hash
    bring(deployment, people.owner, vpc_id=OTHER)
    assert people.staff.user is not None
    for wrong in (asked, "", "é" * 64):
        with pytest.raises(Stale):
            actions.approve_vpc(deployment=deployment, content_hash=wrong, by=people.staff.user)
    assert plan_of(deployment).vpc_approved_hash == ""
    assert not Event.objects.filter(code="vpc.approved").exists()


def test_nothing_is_approved_before_it_is_chosen_or_after_it_is_confirmed(
    people: People, deployment: Deployment
) -> None:
    assert people.staff.user is not None
    existing(deployment, people.owner)
    with pytest.raises(Stale):
        actions.approve_vpc(deployment=deployment, content_hash="0" * 64, by=people.staff.user)
    bring(deployment, people.owner)
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(WrongStep):
        approve(deployment, people)


CHANGES: list[dict[str, Any]] = [
    {"vpc_id": OTHER},
    {"region": "eu-west-1"},
    {"subnet_ids": (*SUBNETS[:2], "subnet-0ffffffffffffffff")},
    {"zones": [{"name": "us-east-1a", "id": "use1-az6"}, *({"name": n, "id": z} for n, z in PLACES[1:])]},
    {"subnet_ids": SUBNETS[:2], "zones": [{"name": n, "id": z} for n, z in PLACES[:2]]},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_another_fact_has_no_approval(people: People, deployment: Deployment, changes: dict[str, Any]) -> None:
    bring(deployment, people.owner)
    approve(deployment, people)
    plan = bring(deployment, people.owner, **changes)
    assert (plan.vpc_approved_hash, plan.vpc_approved_at) == ("", None)
    assert not is_approved(deployment, plan)


def test_the_same_facts_in_another_order_stay_approved(people: People, deployment: Deployment) -> None:
    bring(deployment, people.owner)
    approve(deployment, people)
    backwards = [{"name": name, "id": zone} for name, zone in reversed(PLACES)]
    plan = bring(deployment, people.owner, subnet_ids=tuple(reversed(SUBNETS)), zones=backwards)
    assert is_approved(deployment, plan)


def test_a_flag_in_the_row_is_no_approval(people: People, deployment: Deployment) -> None:
    plan = bring(deployment, people.owner)
    for forged in ("", "0" * 64):
        InfrastructurePlan.objects.filter(pk=plan.pk).update(vpc_approved_hash=forged, vpc_approved_at=None)
        plan.refresh_from_db()
        assert not is_approved(deployment, plan)


def test_saving_the_same_region_again_forgets_nothing(people: People, deployment: Deployment) -> None:
    bring(deployment, people.owner)
    approve(deployment, people)
    plan = existing(deployment, people.owner)
    assert (plan.vpc_id, plan.cidr, len(plan.zones)) == (VPC, "10.70.0.0/16", 3)
    assert is_approved(deployment, plan)


@pytest.mark.parametrize("how", ["region", "mode"])
def test_another_region_or_mode_forgets_the_vpc_and_its_approval(
    people: People, deployment: Deployment, how: str
) -> None:
    bring(deployment, people.owner)
    approve(deployment, people)
    plan = existing(deployment, people.owner, "eu-west-1") if how == "region" else choose(deployment, people.owner)
    assert (plan.vpc_id, plan.subnet_ids, plan.vpc_approved_hash, plan.vpc_approved_at) == ("", [], "", None)
    assert plan.cidr == ("" if how == "region" else "10.9.0.0/16")


@pytest.mark.parametrize("missing", ["vpc", "subnets", "zone", "mode"])
def test_facts_that_lack_one_of_the_five_are_incomplete(people: People, deployment: Deployment, missing: str) -> None:
    if missing == "mode":
        plan = choose(deployment, people.owner)
    elif missing == "zone":
        unseen = [{"name": "", "id": ""}, *({"name": name, "id": zone} for name, zone in PLACES[1:])]
        plan = bring(deployment, people.owner, zones=unseen)
    elif missing == "subnets":
        plan = bring(deployment, people.owner, subnet_ids=(), zones=())
    else:
        plan = existing(deployment, people.owner)
    with pytest.raises(Incomplete):
        five_facts(deployment, plan)
    assert not is_approved(deployment, plan)


def test_the_hash_of_a_new_vpc_is_what_it_was_before_vpcs_could_be_brought(
    people: People, deployment: Deployment
) -> None:
    review = review_of(deployment, choose(deployment, people.owner))
    assert (review.vpc_id, review.subnet_ids) == ("", ())

    former = {key: value for key, value in asdict(review).items() if key not in {"vpc_id", "subnet_ids"}}
    assert review.content_hash == hashlib.sha256(json.dumps(former, sort_keys=True).encode()).hexdigest()


def test_vpc_and_subnets_belong_to_what_is_confirmed(people: People, deployment: Deployment) -> None:
    review = review_of(deployment, bring(deployment, people.owner))
    hashes = {review.content_hash}
    for changes in CHANGES[:4]:
        hashes.add(review_of(deployment, bring(deployment, people.owner, **changes)).content_hash)
    assert len(hashes) == 5


def test_the_journey_says_which_vpc_and_what_comes_next(people: People, deployment: Deployment) -> None:
    def journey() -> str:
        return " ".join(people.owner.get(address("journey", deployment)).content.decode().split())

    existing(deployment, people.owner)
    assert "Choose your VPC and its private subnets." in journey()
    bring(deployment, people.owner)
    assert f"us-east-1 · {VPC} · use1-az1, use1-az2, use1-az4" in journey()
    assert f"in {VPC}, and let support approve it." in journey()
    approve(deployment, people)
    assert f"Review the choices with {VPC} and confirm them" in journey()
    assert "as three stacks, in your VPC" in journey()


def test_the_form_key_of_a_saved_page_leads_to_the_vpc_again(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    sent = fields(people.owner.client, path, vpc_mode="existing")
    for _click in range(2):
        assert people.owner.post(path, sent)["Location"] == vpc_page(deployment)
    assert Event.objects.filter(code="infrastructure.chosen").count() == 1
    assert between(page_of(people.owner, deployment), 'name="version" value="', '"') == "2"
