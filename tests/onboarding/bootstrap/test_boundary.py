"""Ways up that must be closed, tried with an evaluator of policies; and the ways that must stay open."""

import pytest

from onboarding.bootstrap.grants import Option, RoleName
from onboarding.bootstrap.simulation import Place, questions
from tests.onboarding.bootstrap.deployed import ACCOUNT, PROFILES, administrator_under_boundary, grants, judge

IAM = f"arn:aws:iam::{ACCOUNT}"
BOUNDARY = f"{IAM}:policy/ClickHouseByocBoundary"
OURS = f"{IAM}:role/clickhouse-byoc/clickhouse-cloud-abcd1234-k8s-worker"
BOOTSTRAP = tuple(f"{IAM}:role/{role}" for role in RoleName)
PLACE = Place(account_id=ACCOUNT, region="eu-west-1", slug="abcd1234")
TAGGED = {"aws:ResourceTag/clickhouse-byoc": "true"}
OTHER_VPC = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-0fffffffffffffff0"
STACK = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack"
POLICY_WRITES = (
    "iam:CreatePolicyVersion", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy",
)  # fmt: skip

WAYS_UP = [
    *((action, arn, {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"})
      for arn in BOOTSTRAP
      for action in ("iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:TagRole",
                     "iam:DetachRolePolicy", "iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary")),
    *((action, f"{IAM}:policy/{name}", {})
      for name in ("ClickHouseByocBoundary", "ClickHouseIdentityPolicy")
      for action in POLICY_WRITES),
    ("iam:CreateRole", f"{IAM}:role/clickhouse-byoc/free", {}),
    ("iam:CreateRole", f"{IAM}:role/clickhouse-byoc/free", {"iam:PermissionsBoundary": f"{IAM}:policy/mine"}),
    ("iam:CreateRole", f"{IAM}:role/elsewhere", {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:DeleteRolePermissionsBoundary", OURS, {}),
    ("iam:PutRolePermissionsBoundary", OURS, {"iam:PermissionsBoundary": f"{IAM}:policy/mine"}),
    ("iam:TagRole", f"{IAM}:role/Admin", {}),
    ("iam:PassRole", f"{IAM}:role/Admin", {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", f"{IAM}:role/Admin", {"iam:PassedToService": "cloudformation.amazonaws.com"}),
    ("iam:CreateUser", f"{IAM}:user/me", {}),
    ("iam:CreateAccessKey", f"{IAM}:user/somebody", {}),
    ("iam:UpdateLoginProfile", f"{IAM}:user/somebody", {}),
    ("sts:AssumeRole", f"{IAM}:role/Admin", {}),
    ("cloudformation:UpdateStack", f"{STACK}/clickhouse-cloud-bootstrap/1", {}),
    ("cloudformation:DeleteStack", f"{STACK}/clickhouse-cloud-bootstrap/1", {}),
    ("cloudformation:UpdateStack", f"{STACK}/somebody-elses/1", {}),
    ("organizations:LeaveOrganization", "*", {}),
    ("account:CloseAccount", "*", {}),
    ("billing:UpdateBillingPreferences", "*", {}),
    ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main", {}),
    ("s3:GetObject", "arn:aws:s3:::clickhouse-cloud-abcd1234-222222222222-shared/data", {}),
    ("s3:GetObject", "arn:aws:s3:::somebody-elses/data", {}),
    ("lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:x", {}),
]  # fmt: skip


@pytest.mark.parametrize("role", list(RoleName))
@pytest.mark.parametrize(("action", "resource", "context"), WAYS_UP)
def test_no_bootstrap_role_has_a_way_up(role: RoleName, action: str, resource: str, context: dict) -> None:
    options = frozenset({Option.ALLOW_PEERING_WRITES})
    decision = judge(grants(role, "seed", options), action, resource, context, principal=f"{IAM}:role/{role}")
    assert not decision.allowed


@pytest.mark.parametrize(("action", "resource", "context"), WAYS_UP)
def test_even_administrator_access_on_the_management_role_opens_none_of_them(
    action: str, resource: str, context: dict
) -> None:
    assert not judge(administrator_under_boundary(), action, resource, context).allowed


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:CreateRole", f"{IAM}:role/clickhouse-byoc/x", {"iam:PermissionsBoundary": BOUNDARY}),
        ("iam:PassRole", OURS, {"iam:PassedToService": "ec2.amazonaws.com"}),
        ("iam:AttachRolePolicy", OURS, {"iam:PolicyARN": f"{IAM}:policy/clickhouse-byoc/x"}),
        ("cloudformation:CreateStack", f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/clickhouse-cloud-x/1", {}),
        ("sts:AssumeRole", f"{IAM}:role/clickhouse-byoc/clickhouse-cloud-abcd1234-data-plane-mgmt", {}),
    ],
)
def test_a_role_in_the_cluster_writes_no_roles_whatever_is_attached_to_it(
    action: str, resource: str, context: dict
) -> None:
    assert judge(administrator_under_boundary(), action, resource, context).allowed
    assert not judge(administrator_under_boundary(), action, resource, context, principal=OURS).allowed


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutObject", "arn:aws:s3:::clickhouse-cloud-abcd1234-222222222222-shared/data"),
        ("elasticloadbalancing:CreateLoadBalancer", "*"),
        ("ec2:CreateVolume", "*"),
        ("autoscaling:SetDesiredCapacity", "*"),
        ("eks-auth:AssumeRoleForPodIdentity", "*"),
        ("ecr:BatchGetImage", "*"),
        ("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1"),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:426924874929:clickhouse-byoc-state"),
    ],
)
def test_the_boundary_leaves_the_roles_of_the_cluster_their_work(action: str, resource: str) -> None:
    assert judge(administrator_under_boundary(), action, resource, principal=OURS).allowed


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("ec2:DeleteVpc", OTHER_VPC, {}),
        ("ec2:ModifyVpcAttribute", OTHER_VPC, {}),
        ("ec2:CreateSubnet", OTHER_VPC, {}),
        ("ec2:CreateTags", OTHER_VPC, {"aws:RequestTag/clickhouse-byoc": "true"}),
        ("ec2:CreateRoute", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:route-table/rtb-1", {}),
        ("ec2:CreateVpc", OTHER_VPC, {}),
        ("ec2:CreateVpcPeeringConnection", OTHER_VPC, TAGGED),
        ("eks:DeleteCluster", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/theirs", {}),
        ("s3:DeleteBucket", "arn:aws:s3:::theirs", {}),
        ("ec2:RunInstances", "*", {}),
    ],
)
def test_what_is_not_ours_stays_untouched(action: str, resource: str, context: dict) -> None:
    assert not judge(grants(RoleName.MANAGEMENT), action, resource, context).allowed


BALANCER = "kubernetes.io/role/internal-elb"
EC2 = f"arn:aws:ec2:eu-west-1:{ACCOUNT}"
SUBNET = f"{EC2}:subnet/subnet-0fffffffffffffff0"


def tagging(**tags: str) -> dict[str, str | tuple[str, ...]]:
    """The keys of a request that sets these tags."""
    return {"aws:TagKeys": tuple(tags), **{f"aws:RequestTag/{key}": value for key, value in tags.items()}}


@pytest.mark.parametrize(
    ("role", "profile", "resource", "tags", "allowed"),
    [
        (RoleName.MANAGEMENT, "seed", SUBNET, {BALANCER: "1"}, True),
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {BALANCER: "1"}, True),
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {"clickhouse-byoc": "true"}, True),
        (RoleName.MANAGEMENT, "2026-08", OTHER_VPC, {"clickhouse-byoc": "true"}, True),
        # The mark is asked for by the later rules only.
        (RoleName.MANAGEMENT, "seed", OTHER_VPC, {"clickhouse-byoc": "true"}, False),
        (RoleName.MANAGEMENT, "seed", SUBNET, {"clickhouse-byoc": "true"}, False),
        # Other values, other keys, and other keys beside the right one.
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {BALANCER: "0"}, False),
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {"clickhouse-byoc": "false"}, False),
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {"clickhouse-byoc-deployment": "abcd1234"}, False),
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {BALANCER: "1", "Owner": "us"}, False),
        (RoleName.MANAGEMENT, "2026-08", SUBNET, {BALANCER: "1", "clickhouse-byoc": "true"}, False),
        # Other kinds of things, and the role that CloudFormation works with.
        (RoleName.MANAGEMENT, "2026-08", OTHER_VPC, {BALANCER: "1"}, False),
        (RoleName.MANAGEMENT, "2026-08", f"{EC2}:route-table/rtb-1", {"clickhouse-byoc": "true"}, False),
        (RoleName.MANAGEMENT, "2026-08", f"{EC2}:instance/i-1", {"clickhouse-byoc": "true"}, False),
        (RoleName.DEPLOYMENT, "2026-08", SUBNET, {BALANCER: "1"}, False),
        (RoleName.VERIFIER, "2026-08", SUBNET, {BALANCER: "1"}, False),
    ],
)
def test_a_brought_network_gets_the_tags_that_the_rules_ask_for_and_no_other(
    role: RoleName, profile: str, resource: str, tags: dict, allowed: bool
) -> None:
    decision = judge(grants(role, profile), "ec2:CreateTags", resource, tagging(**tags), principal=f"{IAM}:role/{role}")
    assert decision.allowed is allowed


@pytest.mark.parametrize("role", [RoleName.MANAGEMENT, RoleName.DEPLOYMENT])
@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("ec2:DeleteSubnet", "subnet"),
        ("ec2:DeleteVpc", "vpc"),
        ("ec2:DeleteVpcEndpoints", "vpc-endpoint"),
        ("ec2:ModifySubnetAttribute", "subnet"),
        ("ec2:ModifyVpcAttribute", "vpc"),
        ("ec2:CreateSubnet", "vpc"),
        ("ec2:CreateRoute", "route-table"),
        ("ec2:CreateTags", "subnet"),
        ("ec2:DeleteTags", "vpc"),
    ],
)
def test_the_mark_of_a_brought_network_lets_nobody_change_or_delete_it(role: RoleName, action: str, kind: str) -> None:
    """Rules of 2026-08 ask the customer for the owner's tag, so it cannot be what makes a network ours."""
    holder, resource = grants(role, "2026-08"), f"{EC2}:{kind}/{kind}-1"
    own = TAGGED | {"aws:ResourceTag/clickhouse-byoc-deployment": "abcd1234"}
    more = {"aws:TagKeys": ("Name",), "aws:RequestTag/Name": "x"}
    assert not judge(holder, action, resource, TAGGED | more, principal=f"{IAM}:role/{role}").allowed
    assert judge(holder, action, resource, own | more, principal=f"{IAM}:role/{role}").allowed


def test_withheld_vpc_writes_leave_no_change_of_a_brought_network() -> None:
    holder = grants(RoleName.MANAGEMENT, "2026-08", frozenset({Option.WITHHOLD_VPC_WRITES}))
    wanted = [
        ("ec2:CreateTags", SUBNET, tagging(**{BALANCER: "1"})),
        ("ec2:CreateTags", OTHER_VPC, tagging(**{"clickhouse-byoc": "true"})),
        ("ec2:CreateVpcEndpoint", OTHER_VPC, {}),
        ("ec2:ModifyVpcEndpoint", f"{EC2}:vpc-endpoint/vpce-1", {}),
    ]
    assert [judge(holder, *one).allowed for one in wanted] == [False] * 4
    usual = grants(RoleName.MANAGEMENT, "2026-08")
    assert [judge(usual, *one).allowed for one in wanted] == [True] * 4


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("role", list(RoleName))
@pytest.mark.parametrize("options", [frozenset(), frozenset(Option), frozenset({Option.ALLOW_PEERING_WRITES})])
def test_a_rightly_deployed_role_answers_every_question_of_the_check(
    role: RoleName, profile: str, options: frozenset
) -> None:
    holder = grants(role, profile, options)
    asked = 0
    for question in questions(role, profile, PLACE, options):
        context = {entry.name: entry.values[0] for entry in question.context}
        for action in question.actions:
            for resource in question.resource_arns:
                asked += 1
                decision = judge(holder, action, resource, context, principal=f"{IAM}:role/{role}")
                assert decision.allowed, (action, resource, context)
    assert asked > 20
