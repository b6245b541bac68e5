"""Keys, signatures and sessions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"""

import urllib.error
import urllib.request

import pytest

from tests.emulator.conftest import allow, code_of, document, root_of, trust


@pytest.fixture
def key(cloud, account):
    iam = cloud.client("iam", account)
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document(allow("*")))
    return iam.create_access_key(UserName="ann")["AccessKey"]


def test_twelve_digits_are_the_root_of_that_account(cloud, account):
    identity = cloud.client("sts", account).get_caller_identity()
    assert identity["Account"] == account
    assert identity["Arn"] == f"arn:aws:iam::{account}:root"


def test_a_users_key_works_with_its_secret_and_in_every_protocol(cloud, account, key):
    assert cloud.client_with(key, "sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:user/ann"
    assert cloud.client_with(key, "ec2").describe_vpcs()["Vpcs"]
    assert cloud.client_with(key, "eks").list_clusters()["clusters"] == []
    assert cloud.client_with(key, "service-quotas").list_service_quotas(ServiceCode="vpc")["Quotas"]
    s3 = cloud.client_with(key, "s3")
    s3.create_bucket(Bucket=f"signed-{account}")
    s3.put_object(Bucket=f"signed-{account}", Key="a b/c+d?é", Body=b"text")
    assert s3.get_object(Bucket=f"signed-{account}", Key="a b/c+d?é")["Body"].read() == b"text"


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("s3", "list_buckets", "SignatureDoesNotMatch"),
        ("eks", "list_clusters", "InvalidSignatureException"),
    ],
)
def test_a_wrong_secret_is_refused(cloud, key, service, call, code):
    client = cloud.client_with(key | {"SecretAccessKey": "wrong"}, service)
    assert code_of(getattr(client, call)) == code


def test_an_unknown_key_is_refused(cloud):
    stranger = {"AccessKeyId": "AKIAQQQQQQQQQQQQQQQQ", "SecretAccessKey": "x"}
    assert code_of(cloud.client_with(stranger, "sts").get_caller_identity) == "InvalidClientTokenId"
    assert code_of(cloud.client_with(stranger, "ec2").describe_vpcs) == "AuthFailure"


def test_a_session_ends_when_the_clock_says_so(cloud, account, make_role):
    arn = make_role(account, "brief", trust(root_of(account)), document(allow("*")))
    credentials = cloud.client("sts", account).assume_role(RoleArn=arn, RoleSessionName="brief", DurationSeconds=900)[
        "Credentials"
    ]
    cloud.client_with(credentials, "iam").list_roles()
    cloud.control.advance(901)
    assert code_of(cloud.client_with(credentials, "iam").list_roles) == "ExpiredToken"
    assert code_of(cloud.client_with(credentials, "eks").list_clusters) == "ExpiredTokenException"
    assert code_of(cloud.client_with(credentials, "ec2").describe_vpcs) == "RequestExpired"


def test_a_presigned_url_serves_as_signed_and_not_otherwise(cloud, account, key):
    bucket = f"presigned-{account}"
    s3 = cloud.client_with(key, "s3", signature_version="s3v4")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="t.yaml", Body=b"hello")
    s3.put_object(Bucket=bucket, Key="u.yaml", Body=b"secret")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "t.yaml"}, ExpiresIn=60)
    with urllib.request.urlopen(url) as reply:
        assert reply.read() == b"hello"
    with pytest.raises(urllib.error.HTTPError) as altered:
        urllib.request.urlopen(url.replace("t.yaml", "u.yaml"))
    assert altered.value.code == 403
    altered.value.close()


def test_a_region_that_is_not_enabled_knows_no_credentials(cloud, account):
    assert code_of(cloud.client("ec2", account, "me-central-1").describe_vpcs) == "AuthFailure"
    cloud.control.configure(opted_in={account: ["me-central-1"]})
    assert cloud.client("ec2", account, "me-central-1").describe_vpcs()["Vpcs"]
