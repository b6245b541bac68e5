"""The vendor's bucket with the templates of roles that customers deploy, each at an address of unchanging meaning."""

import json
from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings

from networking.peering_role.renderings import role_template, role_template_path
from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.versions import template_path
from onboarding.rules.profiles import profile_names
from portal.demo import aws
from portal.demo.accounts import VENDOR

REGION = "us-east-1"
MARK = "seeded"
"""An object whose presence says that all emulated accounts were seeded to the end."""


def bucket() -> str:
    """The bucket's name: the last part of BOOTSTRAP_TEMPLATE_URL, whose style is path."""
    return str(settings.BOOTSTRAP_TEMPLATE_URL.rsplit("/", 1)[-1])


def seeded() -> bool:
    """Whether an earlier run has seeded the emulated accounts. Raises ClientError for anything but "not there"."""
    try:
        _s3().head_object(Bucket=bucket(), Key=MARK)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def mark_seeded() -> None:
    """Says so."""
    _s3().put_object(Bucket=bucket(), Key=MARK, Body=b"")


def publish_templates() -> None:
    """Puts each template under its address: the bootstrap of each profile, and the peering role's.

    The bucket is versioned and readable by everybody, as customers need it.
    """
    s3 = _s3()
    if bucket() not in {found["Name"] for found in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket())
        s3.put_bucket_versioning(Bucket=bucket(), VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(Bucket=bucket(), PublicAccessBlockConfiguration=_only_this_policy())
        s3.put_bucket_policy(Bucket=bucket(), Policy=json.dumps(_readable()))
    vendor = settings.VENDOR_ACCOUNT_ID
    templates = {
        template_path(profile, vendor_account_id=vendor): bootstrap_template(profile, vendor_account_id=vendor)
        for profile in profile_names()
    }
    templates[role_template_path(vendor_account_id=vendor)] = role_template(vendor_account_id=vendor)
    for path, body in templates.items():
        s3.put_object(Bucket=bucket(), Key=path, Body=body.encode(), ContentType="application/json")


def _only_this_policy() -> dict[str, bool]:
    # AWS blocks public policies on new buckets:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    return {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": False,
    }


def _readable() -> dict[str, Any]:
    statement = {
        "Sid": "CustomersReadTemplates",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": [f"arn:aws:s3:::{bucket()}/{folder}/*" for folder in ("bootstrap", "peering-role")],
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _s3() -> Any:
    return aws.client("s3", VENDOR.id, REGION)
