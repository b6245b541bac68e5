"""AWS::S3: buckets and their policies.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_S3.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import Failed, Work, boolean


def _s3(work: Work) -> Any:
    return work.clients.service("s3")


def _create_bucket(work: Work) -> None:
    name = work.get("BucketName") or work.generated_name(63, small=True)
    place = {} if work.region == "us-east-1" else {
        "CreateBucketConfiguration": {"LocationConstraint": work.region}
    }  # fmt: skip
    _s3(work).create_bucket(Bucket=name, **place)
    work.identify(name)
    _configure(work)


def _configure(work: Work) -> None:
    for name, write in _SETTINGS.items():
        if work.changed(name):
            write(work, work.physical_id, work.get(name))


def _encryption(work: Work, bucket: str, value: Any) -> None:
    if value is None:
        _s3(work).delete_bucket_encryption(Bucket=bucket)
        return
    rules = []
    for rule in value["ServerSideEncryptionConfiguration"]:
        translated: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        if "BucketKeyEnabled" in rule:
            translated["BucketKeyEnabled"] = boolean(rule["BucketKeyEnabled"])
        rules.append(translated)
    _s3(work).put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _public_access(work: Work, bucket: str, value: Any) -> None:
    if value is None:
        _s3(work).delete_public_access_block(Bucket=bucket)
        return
    blocked = {key: boolean(entry) for key, entry in value.items()}
    _s3(work).put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=blocked)


def _versioning(work: Work, bucket: str, value: Any) -> None:
    _s3(work).put_bucket_versioning(Bucket=bucket, VersioningConfiguration=value or {"Status": "Suspended"})


def _ownership(work: Work, bucket: str, value: Any) -> None:
    if value is None:
        _s3(work).delete_bucket_ownership_controls(Bucket=bucket)
    else:
        _s3(work).put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=value)


def _tags(work: Work, bucket: str, value: Any) -> None:
    if value:
        _s3(work).put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": value})
    else:
        _s3(work).delete_bucket_tagging(Bucket=bucket)


def _lifecycle(work: Work, bucket: str, value: Any) -> None:
    if value is None:
        _s3(work).delete_bucket_lifecycle(Bucket=bucket)
        return
    rules = [_lifecycle_rule(rule) for rule in value["Rules"]]
    _s3(work).put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _expiration(rule: Mapping[str, Any]) -> dict[str, Any]:
    if "ExpirationInDays" in rule:
        return {"Expiration": {"Days": int(rule["ExpirationInDays"])}}
    if "ExpiredObjectDeleteMarker" in rule:
        return {"Expiration": {"ExpiredObjectDeleteMarker": boolean(rule["ExpiredObjectDeleteMarker"])}}
    return {}


_RULE = names("Id Status Prefix ExpirationInDays ExpiredObjectDeleteMarker NoncurrentVersionExpiration "
              "AbortIncompleteMultipartUpload Transitions")  # fmt: skip


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html"""
    unknown = sorted(set(rule) - _RULE)
    if unknown:
        raise Failed(f"Lifecycle rule property {unknown[0]} is not emulated.")
    answer: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    answer |= {"ID": rule["Id"]} if "Id" in rule else {}
    answer |= _expiration(rule)
    for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if name in rule:
            answer[name] = {key: int(entry) for key, entry in rule[name].items()}
    if "Transitions" in rule:
        answer["Transitions"] = [
            {"StorageClass": entry["StorageClass"], "Days": int(entry["TransitionInDays"])}
            for entry in rule["Transitions"]
        ]
    return answer


_SETTINGS: Mapping[str, Callable[[Work, str, Any], None]] = {
    "BucketEncryption": _encryption,
    "PublicAccessBlockConfiguration": _public_access,
    "VersioningConfiguration": _versioning,
    "OwnershipControls": _ownership,
    "LifecycleConfiguration": _lifecycle,
    "Tags": _tags,
}


def _delete_bucket(work: Work) -> None:
    _s3(work).delete_bucket(Bucket=work.physical_id)


def _bucket_attributes(work: Work) -> Mapping[str, Any]:
    name = work.physical_id
    return {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{work.region}.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{work.region}.amazonaws.com",
    }


def _put_policy(work: Work) -> None:
    document = work.get("PolicyDocument")
    text = document if isinstance(document, str) else json.dumps(document)
    _s3(work).put_bucket_policy(Bucket=work.get("Bucket"), Policy=text)


def _create_policy(work: Work) -> None:
    _put_policy(work)
    work.identify(work.get("Bucket"))


def _delete_policy(work: Work) -> None:
    _s3(work).delete_bucket_policy(Bucket=work.physical_id)


KINDS = (
    Kind(
        "AWS::S3::Bucket", frozenset({"BucketName", *_SETTINGS}), _create_bucket, _delete_bucket, _bucket_attributes,
        names("Arn DomainName DualStackDomainName RegionalDomainName"), update=_configure,
        updatable=frozenset(_SETTINGS),
    ),
    Kind(
        "AWS::S3::BucketPolicy", names("Bucket PolicyDocument"), _create_policy, _delete_policy, update=_put_policy,
        updatable=names("PolicyDocument"),
    ),
)  # fmt: skip
