"""An effect that is real: one VPC in the emulated customer account, found again by the intent's tag."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config

from portal.aws.errors import speaking
from portal.workflows.models import Intent
from portal.workflows.shapes import Effect, Sighting
from portal.workflows.states import EffectClass

REGION = "us-east-1"
CIDR = "10.90.0.0/16"
TAG = "clickhouse-byoc-intent"


def root(account: str) -> Any:
    """The customer's own EC2 client; sends once, gives up after ten seconds."""
    once = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=10)  # type: ignore[arg-type]
    return boto3.client("ec2", region_name=REGION, aws_access_key_id=account, aws_secret_access_key="x", config=once)


def tagged(intent_id: object) -> list[dict[str, Any]]:
    return [{"ResourceType": "vpc", "Tags": [{"Key": TAG, "Value": str(intent_id)}]}]


def sighting(account: str, intent: Intent) -> Sighting:
    """VPCs of our block: ours by the tag, any other one a stranger."""
    with speaking("ec2:DescribeVpcs"):
        answer = root(account).describe_vpcs(Filters=[{"Name": "cidr", "Values": [CIDR]}])
    ours = [vpc for vpc in answer["Vpcs"] if {"Key": TAG, "Value": str(intent.pk)} in vpc.get("Tags", [])]
    strangers = [vpc["VpcId"] for vpc in answer["Vpcs"] if vpc not in ours]
    return Sighting(ours=tuple({"id": vpc["VpcId"]} for vpc in ours), strangers=tuple(strangers))


def make_vpc(account: str, intent: Intent) -> Mapping[str, str]:
    with speaking("ec2:CreateVpc"):
        answer = root(account).create_vpc(CidrBlock=CIDR, TagSpecifications=tagged(intent.pk))
    return {"id": answer["Vpc"]["VpcId"], "request_id": answer["ResponseMetadata"]["RequestId"]}


def vpc_effect(
    account: str,
    *,
    effect_class: EffectClass = EffectClass.OBSERVABLE,
    call: Callable[[Intent], Mapping[str, Any]] | None = None,
    cidr: str = CIDR,
) -> Effect:
    """CreateVpc as an effect of the ledger."""
    return Effect(
        key="vpc:create",
        action="ec2:CreateVpc",
        effect_class=effect_class,
        request={"cidr": cidr},
        observe=lambda intent: sighting(account, intent),
        call=call or (lambda intent: make_vpc(account, intent)),
    )
