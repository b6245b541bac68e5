"""The same thing twice, or two things against each other, at the same moment."""

import subprocess
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from networking.actions.choices import choose_subnets
from networking.actions.looks import look_at_vpc, watch
from networking.actions.vpc_requests import approve_request, submit_vpc
from networking.kinds import LOOK
from networking.models import VpcRequest
from networking.upkeep import look_again
from onboarding.actions.infrastructure import choose_infrastructure
from onboarding.actions.versions import Stale
from onboarding.brought_vpc import is_approved
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import VpcMode
from portal.findings.models import Observation
from portal.workflows.models import Workflow
from tests.networking.brought import SUBNETS, VPC, account_of, bring, facts_document, look, untagged, user_of
from tests.networking.test_requests_at_the_same_moment import at_once
from tests.people import People, make_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def test_two_presses_make_one_look_and_both_succeed(people: People) -> None:
    deployment, by = bring(people), user_of(people)

    def press() -> Workflow:
        return look_at_vpc(deployment=Deployment.objects.get(pk=deployment.pk), vpc_id=VPC, by=by)

    first, second, third = at_once(press, press, press)
    assert first == second == third == Workflow.objects.get(kind=LOOK)


def test_two_choices_save_one(people: People) -> None:
    deployment, by = bring(people, choose=False), user_of(people)
    look(deployment)
    version = deployment.version

    def choose(count: int) -> None:
        choose_subnets(
            deployment=Deployment.objects.get(pk=deployment.pk), vpc_id=VPC, subnet_ids=SUBNETS[:count],
            version=version, by=by,
        )  # fmt: skip

    answers = at_once(lambda: choose(3), lambda: choose(2))
    assert sorted(type(one) for one in answers if one is not None) == [Stale]
    assert Deployment.objects.get(pk=deployment.pk).version == version + 1


def test_an_approval_never_meets_another_choice(people: People) -> None:
    deployment, by, staff = bring(people), user_of(people), people.staff.user
    look(deployment)
    request = submit_vpc(deployment=deployment, version=deployment.version, by=by)
    deployment.refresh_from_db()
    version = deployment.version
    assert staff is not None

    def switch() -> None:
        choose_infrastructure(
            deployment=Deployment.objects.get(pk=deployment.pk), region="us-east-1", vpc_mode=VpcMode.NEW,
            cidr="10.9.0.0/16", zones=[], other_zone_map={}, version=version, by=by,
        )  # fmt: skip

    answers = at_once(
        lambda: approve_request(request=VpcRequest.objects.get(pk=request.pk), by=staff, reason="Fine."), switch
    )
    assert answers[1] is None
    assert type(answers[0]).__name__ in {"NoneType", "ActionRefused"}
    plan = InfrastructurePlan.objects.get(deployment=deployment)
    assert not is_approved(Deployment.objects.get(pk=deployment.pk), plan)
    assert (plan.vpc_id, plan.vpc_approved_hash, VpcRequest.objects.get().state) == ("", "", "withdrawn")


def test_two_chores_at_the_same_moment_begin_one_look(people: People) -> None:
    deployment = bring(people)
    look(deployment, untagged(facts_document(account_of(deployment))))
    asked = look_at_vpc(deployment=deployment, vpc_id=VPC, by=user_of(people))
    long_ago = timezone.now() - timedelta(minutes=5)
    Workflow.objects.filter(pk=asked.pk).update(state="done", ended_at=long_ago, due_at=None, started_at=long_ago)
    Observation.objects.update(observed_at=long_ago)
    watch(deployment=deployment)
    at_once(look_again, look_again, look_again)
    assert Workflow.objects.exclude(pk=asked.pk).filter(kind=LOOK).count() == 1


HOSTILE = "</script><img src=x onerror=alert(1)>'\"`$(id)\\n${aws_vpc.x}{{7*7}}%{ if true }=cmd()"


def test_names_from_a_file_are_harmless_wherever_they_are_shown(people: People) -> None:
    deployment = bring(people)
    document = untagged(facts_document(account_of(deployment)))
    for kind, key in (("Subnets", "Subnets"), ("RouteTables", "RouteTables"), ("Vpcs", "Vpcs")):
        for thing in document[f"Describe{kind}"][key]:
            thing["Tags"] = [{"Key": "Name", "Value": HOSTILE}, {"Key": HOSTILE[:100], "Value": HOSTILE}]
    document["DescribeSubnets"]["Subnets"][0]["AvailabilityZone"] = HOSTILE
    document["DescribeVpcEndpoints"]["VpcEndpoints"][0]["State"] = HOSTILE
    look(deployment, document)
    page = people.owner.client.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    assert "<img src=x" not in page
    assert "{{7*7}}" in page.replace("&#x27;", "'")
    script = people.owner.client.get(reverse("networking:vpc_script", args=[deployment.pk])).content.decode()
    parsed = subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True, check=False)
    assert parsed.returncode == 0, parsed.stderr
