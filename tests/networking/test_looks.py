"""Looking at a VPC: by the read-only role, kept once, told when it changed, again by itself while a page is open."""

from datetime import timedelta

import pytest
from django.utils import timezone

from networking.actions.choices import NotLooked, choose_subnets
from networking.actions.looks import look_at_vpc, watch
from networking.kinds import LOOK, SEEN
from networking.looks import newest_look, newest_looks
from networking.models import VpcWatch
from networking.upkeep import look_again
from onboarding import actions
from onboarding.actions.versions import Stale
from onboarding.models import InfrastructurePlan
from onboarding.ports import vpc_guard
from onboarding.review import plan_of
from onboarding.states import VpcMode
from portal.aws.models import CallRecord
from portal.aws.states import RoleKind
from portal.demo.seeds.places import ELB_TAG, Place
from portal.findings.models import Observation
from portal.findings.shapes import Level, verdict
from portal.workflows.actions import Busy
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Workflow
from tests.journeys import Walk

pytestmark = pytest.mark.django_db(transaction=True)

REGION = "eu-central-1"


@pytest.fixture
def here(walk: Walk) -> Walk:
    """A deployment at the infrastructure step that brings a VPC."""
    walk.trust()
    actions.choose_infrastructure(
        deployment=walk.deployment, region=REGION, vpc_mode=VpcMode.EXISTING, cidr="", zones=[], other_zone_map={},
        version=walk.deployment.version, by=walk.by,
    )  # fmt: skip
    return walk.fresh()


@pytest.fixture
def place(here: Walk) -> Place:
    return Place(here.account, REGION, here.customer("ec2", REGION))


def fit(place: Place) -> tuple[str, list[str], str]:
    """A VPC that keeps the seed rules: its id, three private subnets, their table."""
    vpc = place.vpc("mine", "10.70.0.0/16")
    subnets = [place.subnet(vpc, f"private-{x}", f"10.70.{i * 16}.0/20", x, ELB_TAG) for i, x in enumerate("abc")]
    table = place.table(vpc, "private", *subnets)
    place.s3_endpoint(vpc, "s3", table)
    place.ec2.get_waiter("vpc_available").wait(VpcIds=[vpc], WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    return vpc, subnets, table


def look(walk: Walk, vpc: str, *, by=None) -> Workflow:
    look_at_vpc(deployment=walk.deployment, vpc_id=vpc, by=by or walk.by)
    ended = walk.work()
    assert ended is not None
    assert ended.kind == LOOK
    return ended


def test_a_look_is_kept_with_its_findings_and_uses_the_verifier_role_only(here: Walk, place: Place) -> None:
    vpc, subnets, _table = fit(place)
    CallRecord.objects.all().delete()

    look(here, vpc)

    seen = newest_look(here.deployment, vpc)
    assert seen is not None
    assert {subnet.id for subnet in seen.look.network.subnets or ()} == set(subnets)
    assert set(CallRecord.objects.values_list("role", flat=True)) == {RoleKind.VERIFIER}
    assert not CallRecord.objects.filter(mutating=True).exists()


def test_the_choice_is_saved_with_zones_and_range_and_judged(here: Walk, place: Place) -> None:
    vpc, subnets, _table = fit(place)
    look(here, vpc)

    choose_subnets(
        deployment=here.deployment, vpc_id=vpc, subnet_ids=subnets, version=here.deployment.version, by=here.by
    )

    plan = InfrastructurePlan.objects.get(deployment=here.deployment)
    assert (plan.vpc_id, plan.subnet_ids, plan.cidr) == (vpc, subnets, "10.70.0.0/16")
    assert [zone["name"] for zone in plan.zones] == [f"{REGION}{x}" for x in "abc"]
    judged = vpc_guard().judged(here.deployment, plan)
    assert judged is not None
    assert verdict(judged.findings) is Level.PASSED


def test_nothing_can_be_chosen_before_anybody_has_looked(here: Walk, place: Place) -> None:
    vpc, subnets, _table = fit(place)
    with pytest.raises(NotLooked):
        choose_subnets(
            deployment=here.deployment, vpc_id=vpc, subnet_ids=subnets, version=here.deployment.version, by=here.by
        )


def test_an_old_form_chooses_nothing(here: Walk, place: Place) -> None:
    vpc, subnets, _table = fit(place)
    look(here, vpc)
    with pytest.raises(Stale):
        choose_subnets(
            deployment=here.deployment, vpc_id=vpc, subnet_ids=subnets, version=here.deployment.version - 1, by=here.by
        )
    assert plan_of(here.deployment).vpc_id == ""


def test_a_subnet_that_was_typed_is_looked_for_and_its_zone_learnt(here: Walk, place: Place) -> None:
    vpc, subnets, _table = fit(place)
    elsewhere = place.subnet(place.vpc("other", "10.71.0.0/16"), "stray", "10.71.0.0/20", "a")
    look(here, vpc)

    choose_subnets(
        deployment=here.deployment, vpc_id=vpc, subnet_ids=[*subnets[:2], elsewhere],
        version=here.deployment.version, by=here.by,
    )  # fmt: skip
    here.work()

    plan = plan_of(here.deployment)
    assert [zone["name"] for zone in plan.zones] == [f"{REGION}{x}" for x in "aba"]
    judged = vpc_guard().judged(here.deployment, plan)
    assert judged is not None
    failed = {(one.code, one.resources) for one in judged.findings if one.level is Level.FAILED}
    assert ("subnets.membership", (elsewhere,)) in {(code, found[:1]) for code, found in failed}


def test_a_look_that_shows_nothing_new_only_renews_the_time(here: Walk, place: Place) -> None:
    vpc, _subnets, _table = fit(place)
    look(here, vpc)
    first = newest_look(here.deployment, vpc)
    look(here, vpc)
    again = newest_looks(here.deployment, vpc, count=5)
    assert first is not None
    assert [one.observation.pk for one in again] == [first.observation.pk]
    assert again[0].at > first.at


def test_a_look_after_a_change_is_kept_beside_the_one_before(here: Walk, place: Place) -> None:
    vpc, subnets, _table = fit(place)
    look(here, vpc)
    place.ec2.delete_tags(Resources=[subnets[0]], Tags=[{"Key": next(iter(ELB_TAG))}])
    look(here, vpc)
    now, then = newest_looks(here.deployment, vpc, count=5)
    found = [verdict(one.look.choosing(subnets).findings(_profile(here))) for one in (then, now)]
    assert found == [Level.PASSED, Level.FAILED]


def test_while_other_work_holds_the_account_nothing_is_looked_at(here: Walk, place: Place) -> None:
    vpc, _subnets, _table = fit(place)
    actions.look_at_region(deployment=here.deployment, region=REGION, by=here.by)
    with pytest.raises(Busy):
        look_at_vpc(deployment=here.deployment, vpc_id=vpc, by=here.by)


def test_another_vpc_takes_the_place_of_a_look_under_way(here: Walk, place: Place) -> None:
    vpc, _subnets, _table = fit(place)
    look_at_vpc(deployment=here.deployment, vpc_id="vpc-0123456789abcdef0", by=here.by)
    look(here, vpc)
    states = list(Workflow.objects.filter(kind=LOOK).order_by("started_at").values_list("state", flat=True))
    assert states == ["cancelled", "done"]


class TestByItself:
    """While somebody has the page open."""

    def prepared(self, here: Walk, place: Place, *, faulty: bool) -> str:
        vpc, subnets, _table = fit(place)
        if faulty:
            place.ec2.delete_tags(Resources=[subnets[0]], Tags=[{"Key": next(iter(ELB_TAG))}])
        look(here, vpc)
        choose_subnets(
            deployment=here.deployment, vpc_id=vpc, subnet_ids=subnets, version=here.deployment.version, by=here.by
        )
        here.fresh()
        Observation.objects.filter(kind=SEEN).update(observed_at=timezone.now() - timedelta(minutes=1))
        Workflow.objects.filter(kind=LOOK).update(started_at=timezone.now() - timedelta(minutes=1))
        watch(deployment=here.deployment)
        return vpc

    def test_a_fault_is_looked_at_again(self, here: Walk, place: Place) -> None:
        vpc = self.prepared(here, place, faulty=True)
        assert look_again() == 1
        workflow = here.work()
        assert workflow is not None
        assert (workflow.started_by, workflow.data["vpc_id"]) == (SYSTEM, vpc)
        assert look_again() == 0  # the budget: not twice within half a minute

    def test_what_is_fine_is_left_alone(self, here: Walk, place: Place) -> None:
        self.prepared(here, place, faulty=False)
        assert look_again() == 0

    def test_a_closed_page_is_left_alone(self, here: Walk, place: Place) -> None:
        self.prepared(here, place, faulty=True)
        VpcWatch.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
        assert look_again() == 0

    def test_nobody_is_looked_after_for_ever(self, here: Walk, place: Place) -> None:
        self.prepared(here, place, faulty=True)
        Workflow.objects.filter(kind=LOOK).update(started_at=timezone.now() - timedelta(hours=3))
        assert look_again() == 0

    def test_a_busy_account_waits(self, here: Walk, place: Place) -> None:
        self.prepared(here, place, faulty=True)
        actions.look_at_region(deployment=here.deployment, region=REGION, by=here.by)
        assert look_again() == 0


def _profile(walk: Walk):
    from onboarding.rules.profiles import profile

    return profile(walk.deployment.profile)


def test_a_look_that_nobody_asked_for_gives_way_to_a_person(here: Walk, place: Place) -> None:
    vpc, _subnets, _table = fit(place)
    look_at_vpc(deployment=here.deployment, vpc_id=vpc, by=SYSTEM)
    actions.look_at_region(deployment=here.deployment, region=REGION, by=here.by)
    states = dict(Workflow.objects.filter(connection=here.connection).values_list("kind", "state"))
    assert states[LOOK] == "cancelled"
    ended = here.work()
    assert ended is not None
    assert ended.state == "done"


def test_a_look_that_a_person_asked_for_does_not_give_way(here: Walk, place: Place) -> None:
    vpc, _subnets, _table = fit(place)
    look_at_vpc(deployment=here.deployment, vpc_id=vpc, by=here.by)
    with pytest.raises(Busy):
        actions.look_at_region(deployment=here.deployment, region=REGION, by=here.by)
