"""AWS::KMS: keys and aliases.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_KMS.html
"""

import json
from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import Work, boolean


def _kms(work: Work) -> Any:
    return work.clients.service("kms")


def _create_key(work: Work) -> None:
    policy, tags = work.get("KeyPolicy"), work.get("Tags", [])
    made = _kms(work).create_key(
        **work.only("Description", "KeyUsage", "KeySpec"),
        **({"MultiRegion": boolean(work.get("MultiRegion"))} if "MultiRegion" in work.properties else {}),
        **({"Policy": policy if isinstance(policy, str) else json.dumps(policy)} if policy else {}),
        **({"Tags": [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]} if tags else {}),
    )
    work.identify(made["KeyMetadata"]["KeyId"])
    if boolean(work.get("EnableKeyRotation", False)):
        _kms(work).enable_key_rotation(KeyId=work.physical_id)


def _update_key(work: Work) -> None:
    key = {"KeyId": work.physical_id}
    if work.changed("KeyPolicy"):
        _kms(work).put_key_policy(**key, PolicyName="default", Policy=json.dumps(work.get("KeyPolicy")))
    if work.changed("Description"):
        _kms(work).update_key_description(**key, Description=work.get("Description", ""))
    if work.changed("EnableKeyRotation"):
        on = boolean(work.get("EnableKeyRotation", False))
        (_kms(work).enable_key_rotation if on else _kms(work).disable_key_rotation)(**key)


def _delete_key(work: Work) -> None:
    """A key goes only after its waiting period.

    docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
    """
    days = int(work.get("PendingWindowInDays", 30))
    _kms(work).schedule_key_deletion(KeyId=work.physical_id, PendingWindowInDays=days)


def _key_attributes(work: Work) -> Mapping[str, Any]:
    key = _kms(work).describe_key(KeyId=work.physical_id)["KeyMetadata"]
    return {"Arn": key["Arn"], "KeyId": key["KeyId"]}


def _create_alias(work: Work) -> None:
    _kms(work).create_alias(**work.only("AliasName", "TargetKeyId"))
    work.identify(work.get("AliasName"))


def _update_alias(work: Work) -> None:
    _kms(work).update_alias(**work.only("AliasName", "TargetKeyId"))


def _delete_alias(work: Work) -> None:
    _kms(work).delete_alias(AliasName=work.physical_id)


KINDS = (
    Kind(
        "AWS::KMS::Key",
        names("Description EnableKeyRotation KeyPolicy KeySpec KeyUsage MultiRegion PendingWindowInDays Tags"),
        _create_key, _delete_key, _key_attributes, names("Arn KeyId"), update=_update_key,
        updatable=names("Description EnableKeyRotation KeyPolicy"),
    ),
    Kind(
        "AWS::KMS::Alias", names("AliasName TargetKeyId"), _create_alias, _delete_alias, update=_update_alias,
        updatable=names("TargetKeyId"),
    ),
)  # fmt: skip
