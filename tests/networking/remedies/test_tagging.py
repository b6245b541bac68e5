"""The tags of the VPC and of its subnets: every form carried out, judged, and taken back."""

from typing import Any

import pytest

from networking.remedies.cloudformation import logical_id
from portal.demo.seeds.places import BYOC_TAG, ELB_TAG
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, ground, merged, parsed_terraform, sound_vpc

__all__ = ["ground"]

ELB = "kubernetes.io/role/internal-elb"
TEMPLATE = """
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.70.0.0/16
      EnableDnsSupport: true
      EnableDnsHostnames: true
  NodesA:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: {Ref: Network}
      CidrBlock: 10.70.0.0/20
      AvailabilityZone: eu-central-1a
      Tags:
        - {Key: kubernetes.io/role/internal-elb, Value: "yes"}
        - {Key: team, Value: network}
  NodesB:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: {Ref: Network}
      CidrBlock: 10.70.16.0/20
      AvailabilityZone: eu-central-1b
"""


def tags_of(ground: Ground, *resources: str) -> dict[str, dict[str, str]]:
    found = ground.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": list(resources)}])["Tags"]
    listed: dict[str, dict[str, str]] = {own: {} for own in resources}
    for tag in found:
        listed[tag["ResourceId"]][tag["Key"]] = tag["Value"]
    return listed


def retag(ground: Ground, resource: str, key: str, value: str | None) -> None:
    if value is None:
        ground.ec2.delete_tags(Resources=[resource], Tags=[{"Key": key}])
    else:
        ground.ec2.create_tags(Resources=[resource], Tags=[{"Key": key, "Value": value}])


@pytest.mark.parametrize(
    ("code", "key", "edition"),
    [("subnets.tags", ELB, "seed"), ("subnets.byoc-tag", "clickhouse-byoc", "2026-08")],
)
def test_the_cli_form_tags_all_subnets_at_once_and_takes_it_back(
    ground: Ground, code: str, key: str, edition: str
) -> None:
    vpc = sound_vpc(ground)
    retag(ground, vpc.subnets[0], key, None)
    retag(ground, vpc.subnets[1], key, 'it\'s, [no] "value"')
    before = tags_of(ground, *vpc.subnets)
    assert ground.level(code, vpc.id, vpc.subnets, edition) is Level.FAILED
    remedy = ground.remedies(vpc.id, vpc.subnets, edition)[code.replace(".", "-")]
    assert remedy.codes == (code,)
    assert remedy.resources == vpc.subnets[:2]
    ground.run(remedy.cli.text)
    assert ground.level(code, vpc.id, vpc.subnets, edition) is Level.PASSED
    ground.run(remedy.cli.text)  # again does no harm
    assert tags_of(ground, *vpc.subnets)[vpc.subnets[2]] == before[vpc.subnets[2]]
    ground.run(remedy.cli.undo)
    assert tags_of(ground, *vpc.subnets) == before


def test_the_cli_form_tags_the_vpc_and_takes_it_back(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    retag(ground, vpc.id, "clickhouse-byoc", None)
    assert ground.level("vpc.tags", vpc.id, vpc.subnets, "2026-08") is Level.FAILED
    remedy = ground.remedies(vpc.id, vpc.subnets, "2026-08")["vpc-tags"]
    ground.run(remedy.cli.text)
    assert ground.level("vpc.tags", vpc.id, vpc.subnets, "2026-08") is Level.PASSED
    ground.run(remedy.cli.undo)
    assert "clickhouse-byoc" not in tags_of(ground, vpc.id)[vpc.id]


def test_taking_a_tag_back_spares_one_that_somebody_changed_since(ground: Ground) -> None:
    vpc = sound_vpc(ground, tags={})
    remedy = ground.remedies(vpc.id, vpc.subnets)["subnets-tags"]
    ground.run(remedy.cli.text)
    retag(ground, vpc.subnets[0], ELB, "2")
    ground.run(remedy.cli.undo)
    found = tags_of(ground, *vpc.subnets)
    assert [found[own].get(ELB) for own in vpc.subnets] == ["2", None, None]


def test_a_stack_that_owns_the_subnets_takes_the_merged_fragment(ground: Ground) -> None:
    made = ground.launch("network", TEMPLATE)
    vpc_id, subnets = made["Network"], (made["NodesA"], made["NodesB"])
    remedy = ground.remedies(vpc_id, subnets)["subnets-tags"]
    names = {logical_id(own): name for name, own in made.items()}
    assert ground.level("subnets.tags", vpc_id, subnets) is Level.FAILED
    whole = merged(TEMPLATE, remedy.cloudformation.text, names)
    assert ground.update("network", whole) == made, "nothing may be replaced"
    assert ground.level("subnets.tags", vpc_id, subnets) is Level.PASSED
    assert tags_of(ground, subnets[0])[subnets[0]]["team"] == "network"
    assert f"# {subnets[1]}: Take the entry of {ELB} out" in remedy.cloudformation.undo
    ground.update("network", merged(TEMPLATE, remedy.cloudformation.undo, names))
    assert [tags_of(ground, own)[own].get(ELB) for own in subnets] == ["yes", None]


def test_a_stack_that_owns_the_vpc_takes_the_merged_fragment(ground: Ground) -> None:
    made = ground.launch("network", TEMPLATE)
    remedy = ground.remedies(made["Network"], (made["NodesA"],), "2026-08")["vpc-tags"]
    names = {logical_id(own): name for name, own in made.items()}
    assert ground.update("network", merged(TEMPLATE, remedy.cloudformation.text, names)) == made
    assert ground.level("vpc.tags", made["Network"], (made["NodesA"],), "2026-08") is Level.PASSED
    assert not remedy.cloudformation.undo_is_code
    ground.update("network", TEMPLATE)
    assert ground.level("vpc.tags", made["Network"], (made["NodesA"],), "2026-08") is Level.FAILED


def test_the_terraform_form_tags_exactly_those_that_lack_it(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    retag(ground, vpc.subnets[0], ELB, None)
    retag(ground, vpc.subnets[2], ELB, "${no}")
    remedy = ground.remedies(vpc.id, vpc.subnets)["subnets-tags"]
    ((name, tag),) = parsed_terraform(remedy.terraform.text).items()
    assert name == "aws_ec2_tag.clickhouse_byoc_subnet_internal_elb"
    assert listed(tag["for_each"]) == [vpc.subnets[0], vpc.subnets[2]]
    assert (tag["resource_id"], tag["key"], tag["value"]) == ("${each.key}", ELB, "1")
    ((_, back),) = parsed_terraform(remedy.terraform.undo).items()
    assert back["for_each"] == {vpc.subnets[2]: "$${no}"}
    assert back["value"] == "${each.value}"


def listed(expression: Any) -> list[str]:
    """The strings of a toset([...])."""
    text = str(expression)
    assert text.startswith("${toset([")
    return [word.strip(' "') for word in text.removeprefix("${toset([").removesuffix("])}").split(",")]


def test_an_empty_tag_has_no_remedy_because_it_did_not_fail(ground: Ground) -> None:
    vpc = sound_vpc(ground, tags=BYOC_TAG | {ELB: ""})
    assert ground.level("subnets.tags", vpc.id, vpc.subnets) is Level.WARNING
    assert ground.remedies(vpc.id, vpc.subnets) == {}


def test_the_console_leads_to_each_subnet_of_the_region(ground: Ground) -> None:
    vpc = sound_vpc(ground, tags=BYOC_TAG)
    remedy = ground.remedies(vpc.id, vpc.subnets)["subnets-tags"]
    assert [item.url for item in remedy.console[:3]] == [
        "https://eu-central-1.console.aws.amazon.com/vpcconsole/home?region=eu-central-1"
        f"#SubnetDetails:subnetId={subnet}"
        for subnet in vpc.subnets
    ]
    assert [(one.label, one.value) for one in remedy.console[4].values] == [("Key", ELB), ("Value", "1")]
    assert ELB_TAG == {ELB: "1"}
