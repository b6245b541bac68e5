"""What things are called in a customer's account: one place, read by the launch stacks and by the bootstrap.

IAM names and paths: docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html; bucket names:
docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (63 characters at most; ours need 55).
"""

import re
from typing import Final

MANAGEMENT_ROLE: Final = "ClickHouseManagementRole"
VERIFIER_ROLE: Final = "ClickHouseVerifierRole"
PEERING_ROLE: Final = "ClickHousePeeringRole"
DEPLOYMENT_ROLE: Final = "ClickHouseDeploymentRole"
BOUNDARY: Final = "ClickHouseByocBoundary"
BYOC_PATH: Final = "/clickhouse-byoc/"
PREFIX: Final = "clickhouse-cloud-"
BOOTSTRAP_STACK: Final = "clickhouse-cloud-bootstrap"

OWNER_TAG: Final = "clickhouse-byoc"
DEPLOYMENT_TAG: Final = "clickhouse-byoc-deployment"
INTENT_TAG: Final = "clickhouse-byoc-intent"
PEERING_TAG: Final = "clickhouse-byoc-peering"
PEERING_ALLOWED: Final = "allowed"
"""The customer's consent, on a VPC and on route tables that they bring; our roles cannot set it there."""
BALANCER_TAG: Final = "elbv2.k8s.aws/cluster"
"""The load balancer controller's own, with the cluster's name, on the security groups that it makes."""

BUCKETS: Final = ("shared", "backup", "monitoring")
SLUG_PATTERN: Final = "[a-z][a-z0-9]{7}"

_SLUG = re.compile(SLUG_PATTERN, re.ASCII)


def is_slug(text: str) -> bool:
    """Whether `text` is a deployment's slug: a small letter, then seven small letters or digits."""
    return _SLUG.fullmatch(text) is not None


def stack_name(slug: str, stack: str) -> str:
    """The name of a launch stack: `clickhouse-cloud-<slug>-network`."""
    return f"{PREFIX}{slug}-{stack}"


def cluster_name(slug: str) -> str:
    """The EKS cluster's name, which is also the prefix of all role and policy names of the deployment."""
    return f"{PREFIX}{slug}"


def bucket_name(slug: str, account_id: str, purpose: str) -> str:
    """A bucket's name; the account ID keeps it unique among all of S3 without a random part."""
    return f"{PREFIX}{slug}-{account_id}-{purpose}"


def role_arn(account_id: str, name: str, path: str = "/") -> str:
    """The ARN of a role of the commercial partition, the only one with supported regions."""
    return f"arn:aws:iam::{account_id}:role{path}{name}"


def stack_tags(slug: str, intent_id: str) -> dict[str, str]:
    """The tags that CreateStack gets, and hands on to every resource that can carry tags."""
    return {OWNER_TAG: "true", DEPLOYMENT_TAG: slug, INTENT_TAG: intent_id}
