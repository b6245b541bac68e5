"""The narrow role: three texts, one role; and what it may and may not do."""

import json
import re
import warnings
from typing import Any

import hcl2
import pytest

from networking.peering_role.accepted import ACCEPTED
from networking.peering_role.ledger import BYOC_VPCS, GRANTS, POLICY, TARGET_VPCS
from networking.peering_role.renderings import (
    INLINE_POLICY_LIMIT,
    ROLE_NAME,
    role_documents,
    role_module,
    role_template,
    role_template_path,
)
from onboarding.bootstrap.accepted import Linter
from portal.aws.networks import LOOKING
from portal.demo.emulator.iam.evaluation import Grants, decide
from portal.demo.emulator.iam.policies import Request, parse
from tests.cfn_lint import lint

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cloudsplaining.command.scan_policy_file import scan_policy
    from parliament import analyze_policy_string

ACCOUNT = "333333333333"
HUB, DATA = (f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/vpc-0e0e0e0{n}" for n in (1, 2))
BYOC = "arn:aws:ec2:eu-west-1:222222222222:vpc/vpc-0b0b0b01"
OTHER = f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/vpc-0f0f0f01"
STRANGER = "arn:aws:ec2:us-east-1:444444444444:vpc/vpc-0a0a0a01"
VALUES = {"AccountId": ACCOUNT, "VendorAccountId": "426924874929", "ExternalId": "ext-0123456789abcdef"}
DOCUMENTS = role_documents(VALUES, {TARGET_VPCS: (HUB, DATA), BYOC_VPCS: (BYOC,)})
PCX = f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc-peering-connection/pcx-1"
TABLE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:route-table/rtb-1"
KNOWN: dict[str, Any] = {
    "AWS::AccountId": ACCOUNT, "ExternalId": VALUES["ExternalId"], "VendorAccountId": VALUES["VendorAccountId"],
    "TargetVpcArns": [HUB, DATA], "ByocVpcArns": [BYOC],
}  # fmt: skip


def value(node: Any) -> Any:
    """A template's value with these parameters."""
    if isinstance(node, list):
        return [value(item) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Ref"}:
        return KNOWN[node["Ref"]]
    if set(node) == {"Fn::Sub"}:
        return re.sub(r"\$\{([\w:]+)\}", lambda match: KNOWN[match[1]], node["Fn::Sub"])
    return {key: value(item) for key, item in node.items()}


def flat(document: Any) -> Any:
    """One value and a list of one are the same to IAM."""
    if isinstance(document, list):
        return flat(document[0]) if len(document) == 1 else [flat(item) for item in document]
    return {key: flat(item) for key, item in document.items()} if isinstance(document, dict) else document


def test_template_module_and_policies_are_the_same_role() -> None:
    made = value(json.loads(role_template())["Resources"]["PeeringRole"]["Properties"])
    (policy,) = made["Policies"]
    assert (made["RoleName"], policy["PolicyName"]) == (ROLE_NAME, POLICY.name)
    assert flat(policy["PolicyDocument"]) == flat(DOCUMENTS[POLICY.name])
    assert flat(made["AssumeRolePolicyDocument"]) == flat(DOCUMENTS[f"{ROLE_NAME}.trust"])
    module = hcl2.loads(role_module())
    blocks = {kind.strip('"'): body for block in module["resource"] for kind, body in block.items()}
    role, own = (blocks[kind]['"peering"'] for kind in ("aws_iam_role", "aws_iam_role_policy"))
    assert flat(by_terraform(own["policy"])) == flat(DOCUMENTS[POLICY.name])
    assert flat(by_terraform(role["assume_role_policy"])) == flat(DOCUMENTS[f"{ROLE_NAME}.trust"])
    assert role["name"].strip('"') == ROLE_NAME


def by_terraform(heredoc: str) -> Any:
    known = {
        "data.aws_caller_identity.current.account_id": ACCOUNT, "var.external_id": VALUES["ExternalId"],
        "var.vendor_account_id": VALUES["VendorAccountId"],
        "jsonencode(var.target_vpc_arns)": json.dumps([HUB, DATA]), "jsonencode(var.byoc_vpc_arns)": json.dumps([BYOC]),
    }  # fmt: skip
    body = heredoc.strip('"').removeprefix("<<-JSON").rstrip().removesuffix("JSON")
    return json.loads(re.sub(r"\$\{([^}]+)\}", lambda match: known[match[1]], body))


def test_the_linters_find_nothing_without_a_written_reason() -> None:
    assert [str(match) for match in lint(role_template(), regions=["us-east-1"])] == []
    text = json.dumps(DOCUMENTS[POLICY.name])
    known = {(item.linter, item.issue) for item in ACCEPTED}
    found = {(Linter.PARLIAMENT, item.issue) for item in analyze_policy_string(text).findings}
    assert found == known
    listed = {
        issue: result.get("findings") if isinstance(result, dict) else result
        for issue, result in scan_policy(DOCUMENTS[POLICY.name]).items()
        if issue != "ServicesAffected"
    }
    assert {issue for issue, findings in listed.items() if findings} == set()


def test_it_fits_its_limit_with_ten_vpcs_on_each_side() -> None:
    long = "arn:aws:ec2:ap-northeast-1:333333333333:vpc/vpc-0123456789abcdef0"
    many = role_documents(VALUES, {TARGET_VPCS: (long,) * 10, BYOC_VPCS: (long,) * 10})
    assert len(json.dumps(many[POLICY.name], separators=(",", ":"))) <= INLINE_POLICY_LIMIT


def test_the_lists_take_arns_of_vpcs_and_nothing_wider() -> None:
    declared = json.loads(role_template())["Parameters"]
    for name in ("TargetVpcArns", "ByocVpcArns"):
        assert declared[name]["Type"] == "CommaDelimitedList"
        assert "Default" not in declared[name]
        assert re.fullmatch(declared[name]["AllowedPattern"], HUB)
        for wide in ("*", "arn:aws:ec2:*:*:vpc/*", f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/vpc-*", "vpc-0e0e0e01", ""):
            assert not re.fullmatch(declared[name]["AllowedPattern"], wide), wide


def test_it_covers_every_look_and_says_why_each_permission_is_there() -> None:
    held = {action for grant in GRANTS for action in grant.actions}
    assert set(LOOKING) | {"ec2:DescribeNetworkAcls", "ec2:DescribeVpcPeeringConnections"} == {
        action for action in held if ":Describe" in action
    }
    assert all(str(grant.reason).endswith(".") and str(grant.without).endswith(".") for grant in GRANTS)
    assert {action for action in held if ":Describe" not in action} == {
        "ec2:AcceptVpcPeeringConnection", "ec2:DeleteVpcPeeringConnection", "ec2:CreateRoute", "ec2:DeleteRoute",
    }  # fmt: skip


def sides(accepter: str, requester: str) -> dict[str, str]:
    return {"ec2:AccepterVpc": accepter, "ec2:RequesterVpc": requester}


@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        ("AcceptVpcPeeringConnection", PCX, sides(HUB, BYOC), True),
        ("AcceptVpcPeeringConnection", HUB, {}, True),
        ("AcceptVpcPeeringConnection", OTHER, {}, False),
        ("AcceptVpcPeeringConnection", PCX, sides(HUB, STRANGER), False),
        ("AcceptVpcPeeringConnection", PCX, sides(OTHER, BYOC), False),
        ("AcceptVpcPeeringConnection", PCX, sides(BYOC, HUB), False),
        ("AcceptVpcPeeringConnection", PCX, {}, False),
        ("DeleteVpcPeeringConnection", PCX, sides(DATA, BYOC), True),
        ("DeleteVpcPeeringConnection", PCX, sides(BYOC, HUB), True),
        ("DeleteVpcPeeringConnection", PCX, sides(HUB, DATA), False),
        ("DeleteVpcPeeringConnection", PCX, sides(HUB, STRANGER), False),
        ("DeleteVpcPeeringConnection", PCX, sides(STRANGER, HUB), False),
        ("CreateRoute", TABLE, {"ec2:Vpc": HUB}, True),
        ("DeleteRoute", TABLE, {"ec2:Vpc": DATA}, True),
        ("CreateRoute", TABLE, {"ec2:Vpc": OTHER}, False),
        ("DeleteRoute", TABLE, {}, False),
        ("ReplaceRoute", TABLE, {"ec2:Vpc": HUB}, False),
        ("CreateVpcPeeringConnection", PCX, sides(BYOC, HUB), False),
        ("CreateTags", TABLE, {"ec2:Vpc": HUB}, False),
        ("DescribeVpcAttribute", HUB, {}, True),
        ("DescribeVpcAttribute", OTHER, {}, False),
        ("ModifyVpcAttribute", HUB, {}, False),
    ],
)
def test_it_acts_between_the_registered_vpcs_alone(action: str, resource: str, context: dict, allowed: bool) -> None:
    holder = Grants((parse(json.dumps(DOCUMENTS[POLICY.name])),))
    keys = {key.lower(): (one,) for key, one in context.items()}
    assert decide(Request(f"ec2:{action}", resource, keys), holder).allowed is allowed


def test_the_address_carries_version_and_hash_and_another_vendor_has_another() -> None:
    assert re.fullmatch(r"peering-role/v1/[0-9a-f]{16}\.json", role_template_path())
    assert role_template_path() != role_template_path(vendor_account_id="111111111111")
