"""The storage stack: the deployment's three buckets.

Deletion: `RetainExceptOnCreate`. Tearing a deployment down leaves the buckets with everything in them, and the portal
lists them afterwards as the customer's to keep or delete; rolling a failed launch back removes the still empty ones.
So no act in the portal, and no mistake in it, deletes a customer's data.

Rules: docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html (no public access, ownership
enforced, TLS only); mpuoverview.html#mpu-abort-incomplete-mpu-lifecycle-config (abandoned parts cost money unseen).
"""

from collections.abc import Mapping
from typing import Any

from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.naming import BUCKETS
from onboarding.stacks.profiles import DeploymentProfile
from onboarding.stacks.template import SLUG, Output, Resource, Template, attribute, ref, sub, tags

ABANDONED_UPLOAD_DAYS = 7
OLD_BACKUP_VERSION_DAYS = 30


def storage_template(profile: DeploymentProfile) -> Template:
    """The stack's template, the same in every profile."""
    resources: dict[str, Resource] = {}
    outputs: dict[str, Output] = {}
    for purpose in BUCKETS:
        name = f"{purpose.capitalize()}Bucket"
        resources |= {name: _bucket(purpose), f"{name}Policy": _policy(name)}
        outputs |= {
            name: Output(f"The bucket for {purpose} data.", ref(name)),
            f"{name}Arn": Output(f"The ARN of the bucket for {purpose} data.", attribute(name, "Arn")),
        }
    return Template(
        description="ClickHouse BYOC: private encrypted buckets. They stay when this stack is deleted.",
        parameters={"Slug": SLUG},
        resources=resources,
        outputs=outputs,
        metadata={"Profile": profile.name},
    )


def storage_parameters(choices: LaunchChoices, outputs: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The values for `choices`."""
    return {"Slug": choices.slug}


def _bucket(purpose: str) -> Resource:
    properties: dict[str, Any] = {
        "BucketName": sub(f"clickhouse-cloud-${{Slug}}-${{AWS::AccountId}}-{purpose}"),
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {"Rules": [_abandoned_uploads()]},
        "Tags": tags(),
    }
    if purpose == "backup":
        # A backup that is overwritten or deleted by mistake stays readable for a while.
        properties["VersioningConfiguration"] = {"Status": "Enabled"}
        properties["LifecycleConfiguration"]["Rules"].append(_old_versions())
    return Resource("AWS::S3::Bucket", properties, retained=True)


def _abandoned_uploads() -> dict[str, Any]:
    return {
        "Id": "abandoned-uploads",
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_UPLOAD_DAYS},
    }


def _old_versions() -> dict[str, Any]:
    return {
        "Id": "old-versions",
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_BACKUP_VERSION_DAYS},
    }


def _policy(bucket: str) -> Resource:
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [attribute(bucket, "Arn"), sub(f"${{{bucket}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return Resource(
        "AWS::S3::BucketPolicy",
        {"Bucket": ref(bucket), "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
        retained=True,
    )
