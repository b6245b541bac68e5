"""What IAM policies allow: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"""

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import allow, code_of, document, root_of, trust

TAGS = [{"ResourceType": "vpc", "Tags": [{"Key": "byoc", "Value": "true"}]}]
TAGGED = {"StringEquals": {"aws:RequestTag/byoc": "true"}}


def test_the_refusal_names_who_what_and_why(account, as_role):
    with pytest.raises(ClientError) as caught:
        as_role(account, document(allow("s3:*")))("iam").list_roles()
    error = caught.value.response["Error"]
    assert error["Code"] == "AccessDenied"
    assert error["Message"] == (
        f"User: arn:aws:sts::{account}:assumed-role/tested-0/test is not authorized to perform: iam:ListRoles on "
        "resource: * because no identity-based policy allows the iam:ListRoles action"
    )


def test_an_explicit_deny_wins(account, as_role):
    deny = {"Effect": "Deny", "Action": "ec2:CreateVpc", "Resource": "*"}
    ec2 = as_role(account, document(allow("*"), deny))("ec2")
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")


def test_a_boundary_limits_and_gives_nothing(cloud, account, as_role):
    iam = cloud.client("iam", account)
    arn = iam.create_policy(PolicyName="b", PolicyDocument=document(allow("ec2:Describe*")))["Policy"]["Arn"]
    wide = as_role(account, document(allow("*")), PermissionsBoundary=arn)("ec2")
    assert wide.describe_vpcs()["Vpcs"]
    assert code_of(wide.create_vpc, CidrBlock="10.0.0.0/16") == "UnauthorizedOperation"
    narrow = as_role(account, document(allow("s3:*")), PermissionsBoundary=arn)("ec2")
    assert code_of(narrow.describe_vpcs) == "UnauthorizedOperation"


def test_a_session_policy_narrows(account, as_role):
    ec2 = as_role(account, document(allow("*")), session=document(allow("ec2:Describe*")))("ec2")
    assert ec2.describe_vpcs()["Vpcs"]
    assert code_of(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "UnauthorizedOperation"


def test_dry_run_tells_allowed_from_refused_and_does_nothing(cloud, account, as_role):
    allowed = as_role(account, document(allow("ec2:CreateVpc")))("ec2")
    refused = as_role(account, document(allow("ec2:Describe*")))("ec2")
    assert code_of(allowed.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True) == "DryRunOperation"
    assert code_of(refused.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True) == "UnauthorizedOperation"
    assert [v["CidrBlock"] for v in cloud.client("ec2", account).describe_vpcs()["Vpcs"]] == ["172.31.0.0/16"]


def test_tags_at_creation_need_create_tags_too(account, as_role):
    without = as_role(account, document(allow("ec2:CreateVpc")))("ec2")
    assert code_of(without.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=TAGS) == "UnauthorizedOperation"
    action = {"StringEquals": {"ec2:CreateAction": "CreateVpc"}}
    both = as_role(account, document(allow("ec2:CreateVpc"), allow("ec2:CreateTags", Condition=action)))("ec2")
    assert both.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=TAGS)["Vpc"]["VpcId"]


def test_the_request_tag_is_known_only_for_what_is_created(cloud, account, as_role):
    """CreateSubnet is judged on the subnet and on the VPC, and the VPC is not being tagged."""
    vpc = cloud.client("ec2", account).create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=TAGS)["Vpc"]["VpcId"]
    subnet = [{"ResourceType": "subnet", "Tags": TAGS[0]["Tags"]}]
    asked = {"VpcId": vpc, "CidrBlock": "10.0.0.0/24", "TagSpecifications": subnet}
    one = as_role(account, document(allow(["ec2:CreateSubnet", "ec2:CreateTags"], Condition=TAGGED)))("ec2")
    assert code_of(one.create_subnet, **asked) == "UnauthorizedOperation"
    new = allow(["ec2:CreateSubnet", "ec2:CreateTags"], "arn:aws:ec2:*:*:subnet/*", Condition=TAGGED)
    within = allow(
        "ec2:CreateSubnet", "arn:aws:ec2:*:*:vpc/*", Condition={"StringEquals": {"aws:ResourceTag/byoc": "true"}}
    )
    assert as_role(account, document(new, within))("ec2").create_subnet(**asked)["Subnet"]["SubnetId"]


def test_a_resource_tag_opens_only_what_carries_it(cloud, account, as_role):
    root = cloud.client("ec2", account)
    ours = root.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=TAGS)["Vpc"]["VpcId"]
    theirs = root.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    condition = {"StringEquals": {"aws:ResourceTag/byoc": "true"}}
    ec2 = as_role(account, document(allow("ec2:DeleteVpc", Condition=condition)))("ec2")
    assert code_of(ec2.delete_vpc, VpcId=theirs) == "UnauthorizedOperation"
    ec2.delete_vpc(VpcId=ours)


def test_only_listed_tag_keys_may_be_used(account, as_role):
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["byoc"]}}
    ec2 = as_role(account, document(allow("ec2:CreateVpc"), allow("ec2:CreateTags", Condition=keys)))("ec2")
    foreign = [{"ResourceType": "vpc", "Tags": [{"Key": "other", "Value": "x"}]}]
    assert code_of(ec2.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=foreign) == "UnauthorizedOperation"
    assert ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=TAGS)


def test_regions_can_be_closed(account, as_role):
    role = as_role(account, document(allow("ec2:*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})))
    assert role("ec2", "eu-west-1").describe_vpcs()["Vpcs"]
    assert code_of(role("ec2", "us-west-2").describe_vpcs) == "UnauthorizedOperation"


def test_a_role_must_be_created_with_the_boundary_where_the_policy_says_so(cloud, account, as_role):
    iam = cloud.client("iam", account)
    boundary = iam.create_policy(PolicyName="edge", PolicyDocument=document(allow("*")))["Policy"]["Arn"]
    condition = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    ours = f"arn:aws:iam::{account}:role/clickhouse-byoc/*"
    role = as_role(account, document(allow("iam:CreateRole", ours, Condition=condition)))("iam")
    asked = {"RoleName": "made", "AssumeRolePolicyDocument": trust(root_of(account))}
    assert code_of(role.create_role, **asked, Path="/clickhouse-byoc/") == "AccessDenied"
    assert code_of(role.create_role, **asked, PermissionsBoundary=boundary) == "AccessDenied"
    assert role.create_role(**asked, Path="/clickhouse-byoc/", PermissionsBoundary=boundary)["Role"]["Arn"]


def test_passing_a_role_needs_pass_role_for_that_service(cloud, account, as_role, make_role):
    arn = make_role(account, "plane", trust({"Service": "eks.amazonaws.com"}))
    subnets = [
        subnet["SubnetId"]
        for subnet in cloud.client("ec2", account).describe_subnets()["Subnets"]
        if subnet["AvailabilityZone"] in {"us-east-1a", "us-east-1b"}
    ]
    asked = {"name": "clickhouse-cloud-a", "roleArn": arn, "resourcesVpcConfig": {"subnetIds": subnets}}
    alone = as_role(account, document(allow("eks:*")))("eks")
    assert code_of(alone.create_cluster, **asked) == "AccessDeniedException"
    other = allow("iam:PassRole", arn, Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
    assert code_of(as_role(account, document(allow("eks:*"), other))("eks").create_cluster, **asked) == (
        "AccessDeniedException"
    )
    right = allow("iam:PassRole", arn, Condition={"StringEquals": {"iam:PassedToService": "eks.amazonaws.com"}})
    cluster = as_role(account, document(allow("eks:*"), right))("eks").create_cluster(**asked)["cluster"]
    assert cluster["status"] == "CREATING"


def test_another_account_needs_the_bucket_policy_and_its_own(cloud, account, other, as_role):
    owner = cloud.client("s3", account)
    bucket = f"shared-{account}"
    owner.create_bucket(Bucket=bucket)
    owner.put_object(Bucket=bucket, Key="k", Body=b"1")
    reader = as_role(other, document(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")))("s3")
    assert code_of(reader.get_object, Bucket=bucket, Key="k") == "AccessDenied"
    policy = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal=root_of(other))
    owner.put_bucket_policy(Bucket=bucket, Policy=document(policy))
    assert reader.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_a_policy_edited_by_the_customer_counts_at_once(cloud, account, make_role):
    arn = make_role(account, "edited", trust(root_of(account)), document(allow("ec2:Describe*")))
    session = cloud.client("sts", account).assume_role(RoleArn=arn, RoleSessionName="edited")["Credentials"]
    ec2 = cloud.client_with(session, "ec2")
    assert ec2.describe_vpcs()["Vpcs"]
    cloud.client("iam", account).delete_role_policy(RoleName="edited", PolicyName="own")
    assert code_of(ec2.describe_vpcs) == "UnauthorizedOperation"
