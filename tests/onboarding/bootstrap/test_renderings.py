"""CloudFormation and Terraform: two texts, the same roles, policies and boundary, under every switch."""

import json
import re
from dataclasses import dataclass

import hcl2
import pytest

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.grants import Option
from onboarding.bootstrap.policies import all_documents
from onboarding.bootstrap.terraform import module_text, usage_block
from onboarding.stacks.template import BODY_LIMIT
from tests.cfn_lint import lint
from tests.onboarding.bootstrap.deployed import ACCOUNT, PROFILES, VALUES

SWITCHES = [
    frozenset(),
    frozenset({Option.WITHHOLD_VPC_WRITES}),
    frozenset({Option.ALLOW_PEERING_WRITES}),
    frozenset(Option),
]
CONSTRUCTS = {"AWS::IAM::ManagedPolicy", "AWS::IAM::Role"}


@dataclass(frozen=True)
class Account:
    """What a rendering leaves behind: documents by name, and per role what the role is."""

    policies: dict
    roles: dict


def by_cloudformation(profile: str, options: frozenset[Option]) -> Account:
    template = json.loads(bootstrap_template(profile))
    known = {
        "AWS::AccountId": ACCOUNT,
        "ExternalId": VALUES["ExternalId"],
        "VendorAccountId": template["Parameters"]["VendorAccountId"]["Default"],
    } | {option.value: str(option in options).lower() for option in Option}
    holds = {
        name: known[test["Fn::Equals"][0]["Ref"]] == test["Fn::Equals"][1]
        for name, test in template["Conditions"].items()
    }
    present = {name: item for name, item in template["Resources"].items() if holds.get(item.get("Condition", ""), True)}
    names = {name: item["Properties"].get("ManagedPolicyName") for name, item in present.items()}

    def value(node):
        if isinstance(node, list):
            return [item for item in map(value, node) if item is not None]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Ref"}:
            return None if node["Ref"] == "AWS::NoValue" else (known | names)[node["Ref"]]
        if set(node) == {"Fn::Sub"}:
            return re.sub(r"\$\{([\w:]+)\}", lambda match: known[match[1]], node["Fn::Sub"])
        if set(node) == {"Fn::If"}:
            name, yes, no = node["Fn::If"]
            return value(yes if holds[name] else no)
        return {key: value(item) for key, item in node.items()}

    properties = [(item["Type"], value(item["Properties"])) for item in present.values()]
    return Account(
        policies={
            p["ManagedPolicyName"]: p["PolicyDocument"] for kind, p in properties if kind.endswith("ManagedPolicy")
        },
        roles={
            p["RoleName"]: {
                "trust": p["AssumeRolePolicyDocument"],
                "boundary": p["PermissionsBoundary"],
                "policies": set(p["ManagedPolicyArns"]),
                "tags": {tag["Key"]: tag["Value"] for tag in p["Tags"]},
                "session": p["MaxSessionDuration"],
                "description": p["Description"],
            }
            for kind, p in properties
            if kind == "AWS::IAM::Role"
        },
    )


def blocks(module: dict, kind: str) -> dict:
    found = {}
    for block in module["resource"]:
        for resource_type, named in block.items():
            if resource_type.strip('"') == kind:
                found |= {name.strip('"'): body for name, body in named.items()}
    return found


def by_terraform(profile: str, options: frozenset[Option]) -> Account:
    text = module_text(profile)
    module = hcl2.loads(text)
    defaults = {name.strip('"'): body.get("default") for block in module["variable"] for name, body in block.items()}
    known = {
        "data.aws_caller_identity.current.account_id": ACCOUNT,
        "var.external_id": VALUES["ExternalId"],
        "var.vendor_account_id": defaults["vendor_account_id"].strip('"'),
    }
    counts = {
        "${var.withhold_vpc_writes ? 0 : 1}": Option.WITHHOLD_VPC_WRITES not in options,
        "${var.allow_peering_writes ? 1 : 0}": Option.ALLOW_PEERING_WRITES in options,
    }

    def document(heredoc: str) -> dict:
        body = heredoc.strip('"').removeprefix("<<-JSON").rstrip().removesuffix("JSON")
        return json.loads(re.sub(r"\$\{([\w.]+)\}", lambda match: known[match[1]], body))

    def exists(body: dict) -> bool:
        return counts[body["count"]] if "count" in body else True

    policies = {name: body for name, body in blocks(module, "aws_iam_policy").items() if exists(body)}
    names = {name: body["name"].strip('"') for name, body in policies.items()}
    attached: dict[str, set] = {}
    for body in blocks(module, "aws_iam_role_policy_attachment").values():
        if exists(body):
            role = re.fullmatch(r"\$\{aws_iam_role\.(\w+)\.name\}", body["role"])[1]
            policy = re.fullmatch(r"\$\{aws_iam_policy\.(\w+)(?:\[0\])?\.arn\}", body["policy_arn"])[1]
            attached.setdefault(role, set()).add(names[policy])
    return Account(
        policies={names[name]: document(body["policy"]) for name, body in policies.items()},
        roles={
            body["name"].strip('"'): {
                "trust": document(body["assume_role_policy"]),
                "boundary": names[re.fullmatch(r"\$\{aws_iam_policy\.(\w+)\.arn\}", body["permissions_boundary"])[1]],
                "policies": attached[name],
                "tags": {key.strip('"'): tag.strip('"') for key, tag in body["tags"].items()},
                "session": body["max_session_duration"],
                "description": body["description"].strip('"'),
            }
            for name, body in blocks(module, "aws_iam_role").items()
        },
    )


@pytest.mark.parametrize("options", SWITCHES, ids=lambda options: "+".join(sorted(options)) or "none")
@pytest.mark.parametrize("profile", PROFILES)
def test_both_renderings_leave_the_same_roles_behind(profile: str, options: frozenset[Option]) -> None:
    one, other = by_cloudformation(profile, options), by_terraform(profile, options)
    assert one.policies == other.policies
    assert one.roles == other.roles
    assert len(one.roles) == 3


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_rendered_is_what_the_policies_say(profile: str) -> None:
    said = all_documents(profile, VALUES)
    made = by_cloudformation(profile, frozenset({Option.ALLOW_PEERING_WRITES}))
    assert made.policies == {name: document for name, document in said.items() if not name.endswith(".trust")}
    for name, role in made.roles.items():
        assert role["trust"] == said[f"{name}.trust"]
        assert role["boundary"] == "ClickHouseByocBoundary"
        assert role["tags"] == {"clickhouse-byoc": "true", "clickhouse-byoc-version": "3"}


def test_a_switch_removes_or_adds_its_policies_on_the_writing_roles() -> None:
    usual = by_cloudformation("seed", frozenset()).roles
    withheld = by_cloudformation("seed", frozenset({Option.WITHHOLD_VPC_WRITES})).roles
    peering = by_cloudformation("seed", frozenset({Option.ALLOW_PEERING_WRITES})).roles
    of_vpcs = {
        "ClickHouseManagementRole": {"ClickHouseVpcWritePolicy", "ClickHouseVpcMendingPolicy"},
        "ClickHouseDeploymentRole": {"ClickHouseVpcWritePolicy"},
    }
    for role, policies in of_vpcs.items():
        assert usual[role]["policies"] - withheld[role]["policies"] == policies
    added = {role: peering[role]["policies"] - usual[role]["policies"] for role in usual}
    assert {role: policies for role, policies in added.items() if policies} == {
        "ClickHouseManagementRole": {"ClickHousePeeringPolicy"}
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_the_template_holds_roles_and_policies_and_nothing_else(profile: str) -> None:
    body = bootstrap_template(profile)
    template = json.loads(body)
    assert {item["Type"] for item in template["Resources"].values()} == CONSTRUCTS
    assert not {"Transform", "Rules", "Hooks", "Mappings"} & set(template)
    assert len(body.encode()) <= BODY_LIMIT
    assert [str(match) for match in lint(body, regions=["us-east-1"])] == []


def test_the_external_id_has_no_default_and_takes_what_sts_takes() -> None:
    parameter = json.loads(bootstrap_template("seed"))["Parameters"]["ExternalId"]
    assert "Default" not in parameter
    assert "NoEcho" not in parameter
    assert (parameter["MinLength"], parameter["MaxLength"]) == (2, 1224)
    for good in ("ab", "a:b/c", "A_1+=,.@:/-"):
        assert re.fullmatch(parameter["AllowedPattern"], good)
    for bad in ("", "a b", "a*", "a;b", "a?b"):
        assert not re.fullmatch(parameter["AllowedPattern"], bad)
    variables = {
        name.strip('"'): body for block in hcl2.loads(module_text("seed"))["variable"] for name, body in block.items()
    }
    assert "default" not in variables["external_id"]


def test_the_vendor_of_the_demo_can_stand_in() -> None:
    template = json.loads(bootstrap_template("seed", vendor_account_id="111111111111"))
    assert template["Parameters"]["VendorAccountId"]["Default"] == "111111111111"
    assert '"111111111111"' in module_text("seed", vendor_account_id="111111111111")


def test_the_usage_block_has_source_version_environment_and_external_id() -> None:
    block = usage_block(source="vendor/clickhouse-byoc/aws", external_id="ext-1")
    (module,) = hcl2.loads(block)["module"]
    body = module['"clickhouse_byoc"']
    assert body["source"] == '"vendor/clickhouse-byoc/aws"'
    assert body["version"] == '"3.0.0"'
    assert body["byoc_env"] == '"production"'
    assert body["external_id"] == '"ext-1"'


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            "git::https://github.com/vendor/byoc.git//aws",
            'source      = "git::https://github.com/vendor/byoc.git//aws?ref=v3"',
        ),
        (
            "https://vendor.example/bootstrap/v1/module.zip",
            'source      = "https://vendor.example/bootstrap/v1/module.zip"',
        ),
    ],
)
def test_sources_without_a_registry_are_pinned_in_their_address(source: str, line: str) -> None:
    block = usage_block(source=source, external_id="ext-1")
    assert line in block
    assert "version" not in block


def test_the_switches_and_another_vendor_appear_only_when_they_are_meant() -> None:
    plain = usage_block(source="vendor/x/aws", external_id="ext-1")
    full = usage_block(
        source="vendor/x/aws", external_id="ext-1", vendor_account_id="111111111111", options=frozenset(Option)
    )
    for name in ("withhold_vpc_writes", "allow_peering_writes", "vendor_account_id"):
        assert name not in plain
        assert name in full


def test_an_external_id_cannot_break_out_of_the_block() -> None:
    block = usage_block(source="vendor/x/aws", external_id='a"\n}')
    (module,) = hcl2.loads(block)["module"]
    assert set(module['"clickhouse_byoc"']) >= {"source", "version", "byoc_env", "external_id"}
