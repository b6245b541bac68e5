"""The DNS attributes of the VPC: every form carried out, judged, and taken back."""

import pytest

from networking.remedies.cloudformation import logical_id
from networking.remedies.shapes import Remedy
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, ground, merged, parsed_terraform, sound_vpc

__all__ = ["ground"]

TEMPLATE = """
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.70.0.0/16
      EnableDnsHostnames: false
      Tags:
        - {Key: team, Value: network}
"""


def set_dns(ground: Ground, vpc: str, *, support: bool, hostnames: bool) -> None:
    ground.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": hostnames})
    ground.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": support})


def dns_of(ground: Ground, vpc: str) -> tuple[bool | None, bool | None]:
    found = ground.network(vpc).vpc
    assert found is not None
    return found.dns_support, found.dns_hostnames


def remedy_of(ground: Ground, vpc: str, *subnets: str) -> Remedy:
    return ground.remedies(vpc, subnets, "2026-08")["vpc-dns"]


@pytest.mark.parametrize("before", [(False, False), (True, False)])
def test_the_cli_form_switches_on_what_is_off_and_takes_it_back(ground: Ground, before: tuple[bool, bool]) -> None:
    vpc = sound_vpc(ground)
    set_dns(ground, vpc.id, support=before[0], hostnames=before[1])
    assert ground.level("vpc.dns", vpc.id, vpc.subnets, "2026-08") is Level.FAILED
    remedy = remedy_of(ground, vpc.id, *vpc.subnets)
    assert remedy.codes == ("vpc.dns",)
    ground.run(remedy.cli.text)
    assert ground.level("vpc.dns", vpc.id, vpc.subnets, "2026-08") is Level.PASSED
    ground.run(remedy.cli.text)
    ground.run(remedy.cli.undo)
    assert dns_of(ground, vpc.id) == before


def test_a_stack_that_owns_the_vpc_takes_the_merged_fragment(ground: Ground) -> None:
    made = ground.launch("network", TEMPLATE)
    vpc = made["Network"]
    remedy = remedy_of(ground, vpc)
    names = {logical_id(vpc): "Network"}
    assert dns_of(ground, vpc) == (True, False)
    assert ground.update("network", merged(TEMPLATE, remedy.cloudformation.text, names)) == made
    assert ground.level("vpc.dns", vpc, (), "2026-08") is Level.PASSED
    ground.update("network", merged(TEMPLATE, remedy.cloudformation.undo, names))
    assert dns_of(ground, vpc) == (True, False)


def test_the_terraform_form_imports_the_vpc_as_it_is_and_never_destroys_it(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    set_dns(ground, vpc.id, support=True, hostnames=False)
    remedy = remedy_of(ground, vpc.id, *vpc.subnets)
    assert f'import {{\n  to = aws_vpc.clickhouse_byoc\n  id = "{vpc.id}"\n}}' in remedy.terraform.text
    found = parsed_terraform(remedy.terraform.text)["aws_vpc.clickhouse_byoc"]
    assert found["cidr_block"] == "10.60.0.0/16"
    assert (found["enable_dns_support"], found["enable_dns_hostnames"]) == (True, True)
    (lifecycle,) = found["lifecycle"]
    assert lifecycle["prevent_destroy"] is True
    assert "tags" in lifecycle["ignore_changes"]
    back = parsed_terraform(remedy.terraform.undo)["aws_vpc.clickhouse_byoc"]
    assert (back["enable_dns_support"], back["enable_dns_hostnames"]) == (True, False)


def test_the_profile_that_does_not_ask_for_dns_has_no_remedy_for_it(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    set_dns(ground, vpc.id, support=False, hostnames=False)
    assert ground.remedies(vpc.id, vpc.subnets, "seed") == {}


def test_the_console_opens_the_vpc_of_the_region(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    set_dns(ground, vpc.id, support=False, hostnames=False)
    remedy = remedy_of(ground, vpc.id, *vpc.subnets)
    home = "https://eu-central-1.console.aws.amazon.com/vpcconsole/home?region=eu-central-1"
    assert remedy.console[0].url == f"{home}#VpcDetails:VpcId={vpc.id}"
    assert [field.label for field in remedy.page.fields if field.mark == 3] == [
        "Enable DNS resolution",
        "Enable DNS hostnames",
    ]
