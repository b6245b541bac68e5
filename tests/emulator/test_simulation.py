"""SimulatePrincipalPolicy, IAM's own limits, and Service Quotas."""

import pytest

from tests.emulator.conftest import allow, code_of, document, root_of, trust


@pytest.fixture
def iam(cloud, account):
    return cloud.client("iam", account)


def simulate(iam, arn, *actions, **more):
    results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=list(actions), **more)["EvaluationResults"]
    return {result["EvalActionName"]: result for result in results}


def test_it_tells_allowed_from_both_kinds_of_refusal(iam, account, make_role):
    deny = {"Effect": "Deny", "Action": "ec2:DescribeImages", "Resource": "*"}
    arn = make_role(account, "judged", trust(root_of(account)), document(allow("ec2:Describe*"), deny))
    results = simulate(iam, arn, "ec2:DescribeVpcs", "ec2:CreateVpc", "ec2:DescribeImages")
    assert {name: result["EvalDecision"] for name, result in results.items()} == {
        "ec2:DescribeVpcs": "allowed",
        "ec2:CreateVpc": "implicitDeny",
        "ec2:DescribeImages": "explicitDeny",
    }
    assert results["ec2:DescribeVpcs"]["MatchedStatements"][0]["SourcePolicyId"] == "own"


def test_a_missing_context_value_is_named_and_then_counts(iam, account, make_role):
    condition = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    arn = make_role(account, "regional", trust(root_of(account)), document(allow("ec2:CreateVpc", Condition=condition)))
    without = simulate(iam, arn, "ec2:CreateVpc")["ec2:CreateVpc"]
    assert without["EvalDecision"] == "implicitDeny"
    assert without["MissingContextValues"] == ["aws:RequestedRegion"]
    entry = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": ["us-east-1"], "ContextKeyType": "string"}
    given = simulate(iam, arn, "ec2:CreateVpc", ContextEntries=[entry])["ec2:CreateVpc"]
    assert given["EvalDecision"] == "allowed"
    assert given["MissingContextValues"] == []


def test_it_names_the_boundary_that_refuses(iam, account, make_role):
    edge = iam.create_policy(PolicyName="edge", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    arn = make_role(account, "bound", trust(root_of(account)), document(allow("*")), PermissionsBoundary=edge)
    result = simulate(iam, arn, "ec2:CreateVpc")["ec2:CreateVpc"]
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] is False


def test_each_resource_is_judged(iam, account, make_role):
    arn = make_role(account, "buckets", trust(root_of(account)), document(allow("s3:GetObject", "arn:aws:s3:::a/*")))
    asked = ["arn:aws:s3:::a/k", "arn:aws:s3:::b/k"]
    result = simulate(iam, arn, "s3:GetObject", ResourceArns=asked)["s3:GetObject"]
    assert result["EvalDecision"] == "implicitDeny"
    found = {r["EvalResourceName"]: r["EvalResourceDecision"] for r in result["ResourceSpecificResults"]}
    assert found == {"arn:aws:s3:::a/k": "allowed", "arn:aws:s3:::b/k": "implicitDeny"}


def test_an_unknown_principal_is_not_found(iam, account):
    asked = {"PolicySourceArn": f"arn:aws:iam::{account}:role/none", "ActionNames": ["ec2:DescribeVpcs"]}
    assert code_of(iam.simulate_principal_policy, **asked) == "NoSuchEntity"


@pytest.mark.parametrize(
    "text",
    [
        '{"nonsense": 1}',
        document({"Effect": "Allow", "Action": "sts:AssumeRole"}),
        trust({"AWS": "arn:aws:iam::111111111111:role/none"}),
        document({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}),
    ],
)
def test_a_trust_policy_that_iam_would_not_take_is_refused(iam, text):
    assert code_of(iam.create_role, RoleName="r", AssumeRolePolicyDocument=text) == "MalformedPolicyDocument"


def test_policies_have_sizes(iam, account):
    long = document(allow([f"ec2:Describe{'x' * 90}{n}" for n in range(70)]))
    assert code_of(iam.create_policy, PolicyName="long", PolicyDocument=long) == "LimitExceeded"
    padded = trust({"AWS": [f"arn:aws:iam::{account}:root"] * 60})
    assert code_of(iam.create_role, RoleName="r", AssumeRolePolicyDocument=padded) == "LimitExceeded"


def test_a_boundary_must_exist_and_cannot_be_deleted_in_use(iam, account):
    asked = {"RoleName": "r", "AssumeRolePolicyDocument": trust(root_of(account))}
    missing = f"arn:aws:iam::{account}:policy/none"
    assert code_of(iam.create_role, **asked, PermissionsBoundary=missing) == "NoSuchEntity"
    edge = iam.create_policy(PolicyName="edge", PolicyDocument=document(allow("*")))["Policy"]["Arn"]
    iam.create_role(**asked, PermissionsBoundary=edge)
    assert code_of(iam.delete_policy, PolicyArn=edge) == "DeleteConflict"


def test_aws_managed_policies_are_there(iam, account):
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"Service": "eks.amazonaws.com"}))
    arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"][0]["PolicyArn"] == arn
    assert code_of(iam.attach_role_policy, RoleName="r", PolicyArn=arn + "None") == "NoSuchEntity"


def test_a_quota_that_has_only_a_default_is_not_found_as_applied(cloud, account):
    quotas = cloud.client("service-quotas", account)
    asked = {"ServiceCode": "eks", "QuotaCode": "L-1194D53C"}
    assert code_of(quotas.get_service_quota, **asked) == "NoSuchResourceException"
    assert quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 100
    assert quotas.get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]["Value"] == 5
    cloud.control.quotas([{"account": account, "region": "us-east-1", "quota": "eks/L-1194D53C", "value": 7}])
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 7
    assert quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 100


def test_a_new_bucket_is_private(cloud, account):
    s3 = cloud.client("s3", account)
    bucket = f"new-{account}"
    s3.create_bucket(Bucket=bucket)
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
