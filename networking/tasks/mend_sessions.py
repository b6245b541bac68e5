"""What a management session may do during one change of a brought VPC: that call, on those resources.

A session policy can only take away (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session) and
has 2,048 characters at most (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
"""

import json
from collections.abc import Sequence
from typing import Any

from networking.mends.mending import ATTACH, TAG, Mend

#: With more resources than these the policy would outgrow its limit: the session may then touch all of that kind.
MOST_NAMED = 15

Json = dict[str, Any]


def mend_policy(mend: Mend) -> str:
    """The policy's text for the one call of `mend`."""
    statements = _tagging(mend) if mend.kind == TAG else _attaching(mend) if mend.kind == ATTACH else _creating(mend)
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _tagging(mend: Mend) -> list[Json]:
    only = {
        "StringEquals": {f"aws:RequestTag/{mend.tag_key}": mend.value},
        "ForAllValues:StringEquals": {"aws:TagKeys": [mend.tag_key]},
    }
    return [_allow("ec2:CreateTags", _arns(mend, mend.tagged, mend.resources), only)]


def _attaching(mend: Mend) -> list[Json]:
    touched = [*_arns(mend, "vpc-endpoint", [mend.endpoint_id]), *_arns(mend, "route-table", mend.resources)]
    return [_allow("ec2:ModifyVpcEndpoint", touched)]


def _creating(mend: Mend) -> list[Json]:
    """Tags at creation ask for ec2:CreateTags too:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    """
    made = _arns(mend, "vpc-endpoint", ["*"])
    touched = [*made, *_arns(mend, "vpc", [mend.vpc_id]), *_arns(mend, "route-table", mend.resources)]
    at_creation = {"StringEquals": {"ec2:CreateAction": "CreateVpcEndpoint"}}
    return [_allow("ec2:CreateVpcEndpoint", touched), _allow("ec2:CreateTags", made, at_creation)]


def _arns(mend: Mend, kind: str, ids: Sequence[str]) -> list[str]:
    named = ids if len(ids) <= MOST_NAMED else ["*"]
    return [f"arn:aws:ec2:{mend.region}:{mend.account}:{kind}/{own}" for own in named]


def _allow(action: str, resources: list[str], condition: Json | None = None) -> Json:
    statement: Json = {"Effect": "Allow", "Action": action, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})
