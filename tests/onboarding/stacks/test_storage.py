"""The buckets: private, encrypted, and never deleted by us with anything in them."""

import pytest

from onboarding.stacks.naming import BUCKETS, bucket_name
from tests.onboarding.stacks.reading import resolved, resources, template

NAMES = [f"{purpose.capitalize()}Bucket" for purpose in BUCKETS]


def test_there_are_the_three_buckets_by_name() -> None:
    buckets = resources(template("storage"), "AWS::S3::Bucket")
    names = [resolved(bucket["Properties"]["BucketName"], {"Slug": "abcd1234"}) for bucket in buckets.values()]
    assert names == [bucket_name("abcd1234", "222222222222", purpose) for purpose in BUCKETS]
    assert names[0] == "clickhouse-cloud-abcd1234-222222222222-shared"


@pytest.mark.parametrize("name", NAMES)
def test_a_bucket_is_encrypted_private_and_owned_by_the_account(name: str) -> None:
    bucket = template("storage")["Resources"][name]["Properties"]
    rule = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
    assert rule == {"SSEAlgorithm": "AES256"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert {"DaysAfterInitiation": 7} in [
        rule.get("AbortIncompleteMultipartUpload") for rule in bucket["LifecycleConfiguration"]["Rules"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_bucket_refuses_everything_without_tls(name: str) -> None:
    policy = template("storage")["Resources"][f"{name}Policy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Bucket"] == {"Ref": name}
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [{"Fn::GetAtt": [name, "Arn"]}, {"Fn::Sub": f"${{{name}.Arn}}/*"}]


def test_a_tear_down_keeps_the_buckets_and_a_roll_back_of_their_creation_does_not() -> None:
    for resource in template("storage")["Resources"].values():
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_nothing_in_the_other_stacks_outlives_its_stack() -> None:
    for name in ("network", "roles", "cluster"):
        assert not [item for item in template(name)["Resources"].values() if "DeletionPolicy" in item]


def test_backups_keep_old_versions_for_a_while() -> None:
    document = template("storage")["Resources"]
    backup = document["BackupBucket"]["Properties"]
    assert backup["VersioningConfiguration"] == {"Status": "Enabled"}
    assert {"NoncurrentDays": 30} in [
        rule.get("NoncurrentVersionExpiration") for rule in backup["LifecycleConfiguration"]["Rules"]
    ]
    assert "VersioningConfiguration" not in document["SharedBucket"]["Properties"]
