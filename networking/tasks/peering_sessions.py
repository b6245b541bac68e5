"""What a session may do during one batch of a peering's changes: that call, on those resources.

A session policy can only take away (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session) and
has 2,048 characters at most (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). Which resources and
condition keys each call has: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

import json
from collections.abc import Sequence
from typing import Any

from networking.peering.change import ACCEPT, ACCEPTER, CREATE, DELETE, DELETE_ROUTE, REVOKE, ROUTE, RULE, PeeringChange

#: With more resources than these the policy would outgrow its limit: the session may then touch all of that kind.
MOST_NAMED = 15
#: What is looked at beside each kind of change.
LOOKS = {
    CREATE: "ec2:DescribeVpcPeeringConnections",
    ACCEPT: "ec2:DescribeVpcPeeringConnections",
    DELETE: "ec2:DescribeVpcPeeringConnections",
    ROUTE: "ec2:DescribeRouteTables",
    DELETE_ROUTE: "ec2:DescribeRouteTables",
    RULE: "ec2:DescribeSecurityGroups",
    REVOKE: "ec2:DescribeSecurityGroups",
}

Json = dict[str, Any]


def changing_policy(changes: Sequence[PeeringChange], connection: str) -> str:
    """The policy's text for changes of one kind on one side; `connection` is `pcx-…`, empty before it is made.

    The lent role of the target account looks and changes in one session, so that its policy has the look too.
    """
    first = changes[0]
    statements = _creating(first) if first.kind == CREATE else _naming(changes, connection)
    if first.side == ACCEPTER:
        statements.append({"Effect": "Allow", "Action": LOOKS[first.kind], "Resource": "*"})
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _creating(change: PeeringChange) -> list[Json]:
    """Tags at creation ask for ec2:CreateTags too:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    """
    made = _arn(change, "vpc-peering-connection", "*")
    here = _arn(change, "vpc", change.resource)
    there = f"arn:aws:ec2:{change.peer_region}:{change.peer_account}:vpc/{change.peer_vpc}"
    at_creation = {"StringEquals": {"ec2:CreateAction": "CreateVpcPeeringConnection"}}
    between = {"ArnEquals": {"ec2:AccepterVpc": there, "ec2:RequesterVpc": here}}
    return [
        _allow("ec2:CreateVpcPeeringConnection", [here]),
        _allow("ec2:CreateVpcPeeringConnection", [made], between),
        _allow("ec2:CreateTags", [made], at_creation),
    ]


def _naming(changes: Sequence[PeeringChange], connection: str) -> list[Json]:
    first = changes[0]
    if first.kind == ACCEPT:
        return [_allow(first.call, [_arn(first, "vpc", first.resource), _pcx(first, connection)])]
    if first.kind == DELETE:
        return [_allow(first.call, [_pcx(first, connection)])]
    kind = "route-table" if first.kind in {ROUTE, DELETE_ROUTE} else "security-group"
    touched = sorted({change.resource for change in changes})
    named = touched if len(touched) <= MOST_NAMED else ["*"]
    return [_allow(first.call, [_arn(first, kind, own) for own in named])]


def _pcx(change: PeeringChange, connection: str) -> str:
    """One connection, whichever of its two accounts AWS writes into the ARN."""
    return f"arn:aws:ec2:{change.region}:*:vpc-peering-connection/{connection}"


def _arn(change: PeeringChange, kind: str, own: str) -> str:
    return f"arn:aws:ec2:{change.region}:{change.account}:{kind}/{own}"


def _allow(action: str, resources: list[str], condition: Json | None = None) -> Json:
    statement: Json = {"Effect": "Allow", "Action": action, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})
