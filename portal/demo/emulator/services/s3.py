"""S3: what every new bucket has had since April 2023, and what must be empty before it goes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
"""

from collections.abc import Mapping
from typing import Any

from moto.s3.models import PublicAccessBlock

from portal.demo.emulator.calls import Call
from portal.demo.emulator.world import World


def settle_new_bucket(world: World, call: Call) -> None:
    """Public access blocked, ACLs off, encrypted with SSE-S3, unless the request said otherwise."""
    buckets = world.moto.backend("s3", call.account, call.region).buckets
    bucket: Any = buckets.get(str(call.parameters["Bucket"]))
    if bucket is None or bucket.encryption is not None:
        return
    ownership = call.parameters.get("ObjectOwnership") or "BucketOwnerEnforced"
    bucket.ownership_rule = ownership
    bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
    bucket.encryption = {
        "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    }


AFTERWARDS = {"CreateBucket": settle_new_bucket}
OPERATIONS: Mapping[str, Any] = {}
