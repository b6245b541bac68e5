"""Buckets: making and configuring the deployment's own. No action here reads or deletes an object.

docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import STORAGE, Grant, Step

BUCKETS = ("arn:aws:s3:::clickhouse-cloud-*",)

GRANTS = (
    Grant(
        sid="MakeBuckets",
        policy=STORAGE,
        actions=(
            "s3:CreateBucket",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:TagResource",
            "s3:UntagResource",
        ),
        resources=BUCKETS,
        step=Step.STORAGE,
        reason=_("The storage stack makes three encrypted private buckets whose names start with clickhouse-cloud-."),
        without=_("The data, the backups and the metrics of the deployment have no place."),
    ),
    Grant(
        sid="LookAtBuckets",
        policy=STORAGE,
        actions=(
            "s3:GetAccelerateConfiguration",
            "s3:GetAnalyticsConfiguration",
            "s3:GetBucketAcl",
            "s3:GetBucketCORS",
            "s3:GetBucketLogging",
            "s3:GetBucketNotification",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketOwnershipControls",
            "s3:GetBucketPolicy",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketTagging",
            "s3:GetBucketVersioning",
            "s3:GetBucketWebsite",
            "s3:GetEncryptionConfiguration",
            "s3:GetIntelligentTieringConfiguration",
            "s3:GetInventoryConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:GetMetricsConfiguration",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:ListTagsForResource",
        ),
        resources=BUCKETS,
        step=Step.STORAGE,
        reason=_(
            "CloudFormation reads the settings of the buckets back. What is in them cannot be read with this role."
        ),
        without=_("The storage stack does not finish, and later changes of a setting go unseen."),
    ),
    Grant(
        sid="RemoveBuckets",
        policy=STORAGE,
        actions=("s3:DeleteBucket", "s3:DeleteBucketPolicy"),
        resources=BUCKETS,
        step=Step.LAUNCH,
        reason=_("A launch that fails takes its buckets back. S3 refuses this for a bucket that holds anything."),
        without=_("Empty buckets stay after a failed launch, and the next try finds their names taken."),
    ),
)
