"""The roles template: every role under the boundary and on our path, each open to exactly one party."""

import json
import warnings

import pytest

from onboarding.stacks.workloads import WORKLOADS
from tests.onboarding.stacks.reading import PROFILES, resolved, resources, template

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from parliament import analyze_policy_string

PARAMETERS = {
    "Slug": "abcd1234", "VpcId": "vpc-0123456789abcdef0",
    "StateQueueArn": "arn:aws:sqs:eu-west-1:426924874929:clickhouse-byoc-state",
}  # fmt: skip
POLICY_LIMIT = 6_144
TRUST_LIMIT = 2_048


def roles(profile: str) -> dict:
    return resources(template("roles", profile), "AWS::IAM::Role")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_role_is_under_the_boundary_and_on_our_path(profile: str) -> None:
    for role in roles(profile).values():
        assert role["Properties"]["Path"] == "/clickhouse-byoc/"
        assert role["Properties"]["PermissionsBoundary"] == {
            "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/ClickHouseByocBoundary"
        }
        assert "Policies" not in role["Properties"]


def test_the_seed_profile_has_all_nine_roles() -> None:
    assert {resolved(role["Properties"]["RoleName"], PARAMETERS) for role in roles("seed").values()} == {
        f"clickhouse-cloud-abcd1234-{suffix}"
        for suffix in (
            "state-exporter", "load-balancer-controller", "ebs-csi-controller", "external-dns", "cert-manager",
            "cluster-autoscaler", "k8s-control-plane", "k8s-worker", "data-plane-mgmt",
        )
    }  # fmt: skip


def test_the_later_profile_has_no_route_53_and_neither_role_that_needs_it() -> None:
    body = json.dumps(template("roles", "2026-08"))
    assert "route53" not in body
    assert "external-dns" not in body
    assert "cert-manager" not in body
    assert len(roles("2026-08")) == 7


@pytest.mark.parametrize("suffix", sorted(WORKLOADS))
def test_a_pod_role_is_open_to_one_service_account_of_one_cluster(suffix: str) -> None:
    workload = WORKLOADS[suffix]
    role = roles("seed")[f"{workload.logical}Role"]["Properties"]
    (statement,) = resolved(role["AssumeRolePolicyDocument"], PARAMETERS)["Statement"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "222222222222",
            "aws:RequestTag/eks-cluster-name": "clickhouse-cloud-abcd1234",
            "aws:RequestTag/kubernetes-namespace": workload.namespace,
            "aws:RequestTag/kubernetes-service-account": workload.service_account,
        }
    }


@pytest.mark.parametrize(
    ("logical", "service"), [("ControlPlaneRole", "eks.amazonaws.com"), ("WorkerRole", "ec2.amazonaws.com")]
)
def test_the_cluster_roles_are_open_to_their_service_alone(logical: str, service: str) -> None:
    (statement,) = roles("seed")[logical]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement == {"Effect": "Allow", "Principal": {"Service": service}, "Action": ["sts:AssumeRole"]}


def test_the_data_plane_role_is_open_to_the_management_role_and_to_no_other_account() -> None:
    role = roles("seed")["DataPlaneManagementRole"]["Properties"]
    (statement,) = resolved(role["AssumeRolePolicyDocument"], PARAMETERS)["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::222222222222:role/ClickHouseManagementRole"}


@pytest.mark.parametrize("profile", PROFILES)
def test_policies_fit_their_limits_and_say_nothing_that_aws_does_not_know(profile: str) -> None:
    unknown = {"UNKNOWN_ACTION", "UNKNOWN_PREFIX", "UNKNOWN_CONDITION_FOR_ACTION", "MALFORMED", "INVALID_ARN"}
    for policy in resources(template("roles", profile), "AWS::IAM::ManagedPolicy").values():
        document = resolved(policy["Properties"]["PolicyDocument"], PARAMETERS)
        text = json.dumps(document, separators=(",", ":"))
        assert len(text) <= POLICY_LIMIT
        assert not {finding.issue for finding in analyze_policy_string(text).findings} & unknown
    for role in roles(profile).values():
        trust = resolved(role["Properties"]["AssumeRolePolicyDocument"], PARAMETERS)
        assert len(json.dumps(trust, separators=(",", ":"))) <= TRUST_LIMIT


@pytest.mark.parametrize("profile", PROFILES)
def test_no_policy_of_a_pod_writes_to_everything(profile: str) -> None:
    for policy in resources(template("roles", profile), "AWS::IAM::ManagedPolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            verbs = {action.split(":")[1] for action in statement["Action"]}
            if statement["Resource"] == "*":
                assert all(verb.startswith(("Describe", "List", "Get")) for verb in verbs), statement["Sid"]


def test_the_state_exporter_writes_to_the_queue_of_the_vendor_and_nowhere_else() -> None:
    policy = template("roles")["Resources"]["StateExporterPolicy"]["Properties"]["PolicyDocument"]
    assert [statement["Resource"] for statement in policy["Statement"]] == [{"Ref": "StateQueueArn"}]


def test_cert_manager_can_change_txt_records_alone() -> None:
    policy = template("roles")["Resources"]["CertManagerPolicy"]["Properties"]["PolicyDocument"]
    changes = [s for s in policy["Statement"] if "route53:ChangeResourceRecordSets" in s["Action"]]
    assert [s["Condition"] for s in changes] == [
        {"ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]}}
    ]
