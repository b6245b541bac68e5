"""The stand-in for the vendor's control plane makes and removes the private load balancer."""

from typing import Any

import pytest
from django.utils import timezone

from networking.models import PrivateAccess
from onboarding.models import Deployment, InfrastructurePlan, Stack
from onboarding.states import DeploymentState
from portal.demo import aws, control_plane
from portal.demo.seeds.places import place
from portal.workflows import housekeeping
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.people import People, make_deployment

pytestmark = pytest.mark.django_db
REGION = "us-east-1"


@pytest.fixture
def ready(people: People, aws_env: Emulator) -> Deployment:
    """A deployment whose network stands in the emulated account; two private subnets share a zone."""
    assert people.owner.user is not None
    deployment = Walk(make_deployment(people.organisation), people.owner.user).register().deployment
    assert deployment.connection is not None
    site = place(deployment.connection.account_id, REGION)
    vpc = site.vpc("byoc", "10.0.0.0/16")
    zones = ("a", "b", "c", "a")
    subnets = [site.subnet(vpc, f"private-{i}", f"10.0.{i}.0/24", letter) for i, letter in enumerate(zones)]
    InfrastructurePlan.objects.create(
        organisation=people.organisation, deployment=deployment, region=REGION, cidr="10.0.0.0/16"
    )
    outputs = {"VpcId": vpc, "PrivateSubnetIds": ",".join(subnets), "VpcCidr": "10.0.0.0/16"}
    Stack.objects.create(
        organisation=people.organisation, deployment=deployment, kind="network", region=REGION, outputs=outputs
    )
    PrivateAccess.objects.create(
        organisation=people.organisation, deployment=deployment, enabled_at=timezone.now(), enabled_by="support"
    )
    return stand_at(deployment, DeploymentState.READY)


def stand_at(deployment: Deployment, state: DeploymentState) -> Deployment:
    Deployment.objects.filter(pk=deployment.pk).update(state=state)
    deployment.refresh_from_db()
    return deployment


def of_account(deployment: Deployment, service: str) -> Any:
    assert deployment.connection is not None
    return aws.client(service, deployment.connection.account_id, REGION)


def groups(deployment: Deployment) -> list[dict[str, Any]]:
    filters = [
        {"Name": "tag:elbv2.k8s.aws/cluster", "Values": [f"clickhouse-cloud-{deployment.slug}"]},
        {"Name": "group-name", "Values": [f"k8s-traffic-{deployment.slug}"]},
    ]
    return list(of_account(deployment, "ec2").describe_security_groups(Filters=filters)["SecurityGroups"])


def test_it_makes_an_internal_network_load_balancer_with_its_group(ready: Deployment) -> None:
    assert control_plane.turn() == 1
    elb = of_account(ready, "elbv2")
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]
    (group,) = groups(ready)
    assert (balancer["Type"], balancer["Scheme"], balancer["VpcId"]) == ("network", "internal", group["VpcId"])
    assert balancer["SecurityGroups"] == [group["GroupId"]]
    assert group["IpPermissions"] == []
    assert len(balancer["AvailabilityZones"]) == 3
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert {listener["Port"] for listener in listeners} == {8443, 9440, 443}


def test_further_turns_change_nothing(ready: Deployment, journal: JournalReader) -> None:
    control_plane.turn()
    assert ready.connection is not None
    done = journal.operations(ready.connection.account_id)
    assert control_plane.turn() == 0
    assert journal.operations(ready.connection.account_id) == done


def test_what_is_not_enabled_or_not_ready_is_left_alone(ready: Deployment) -> None:
    PrivateAccess.objects.update(enabled_at=None)
    assert control_plane.turn() == 0
    PrivateAccess.objects.update(enabled_at=timezone.now())
    stand_at(ready, DeploymentState.REMOVED)
    assert control_plane.turn() == 0
    assert of_account(ready, "elbv2").describe_load_balancers()["LoadBalancers"] == []


def test_a_tear_down_removes_all_of_it_and_nothing_else(ready: Deployment) -> None:
    control_plane.turn()
    vpc_id = groups(ready)[0]["VpcId"]
    ec2, elb = of_account(ready, "ec2"), of_account(ready, "elbv2")
    theirs = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc_id)["GroupId"]
    stand_at(ready, DeploymentState.TEARDOWN)
    assert control_plane.turn() == 1
    assert elb.describe_load_balancers()["LoadBalancers"] == []
    assert elb.describe_target_groups()["TargetGroups"] == []
    left = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["SecurityGroups"]
    assert {group["GroupName"] for group in left} == {"default", "theirs"}
    assert theirs in {group["GroupId"] for group in left}
    assert control_plane.turn() == 0


def test_without_an_emulator_a_turn_ends_quietly(ready: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert control_plane.turn() == 0
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert control_plane.turn() == 0


def test_only_the_demo_has_one() -> None:
    assert "control plane" not in {chore.name for chore in housekeeping.CHORES}
