"""A VPC of the account's own: every form carried out and judged by both profiles, and taken back."""

from dataclasses import replace
from ipaddress import IPv4Network

from networking.proposals import propose
from networking.remedies.remedies import remedies_for
from networking.remedies.shapes import Remedy
from onboarding.rules.profiles import profile
from portal.aws.facts.vpcs import VpcFact
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, ground, parsed_template, parsed_terraform

__all__ = ["ground"]

MISSING = "vpc-0123456789abcdef0"


def remedy_of(ground: Ground, edition: str = "seed") -> Remedy:
    found = ground.remedies(MISSING, (), edition)
    assert list(found) == ["vpc-new"]
    return found["vpc-new"]


def made_vpc(ground: Ground) -> str:
    """The VPC that the remedy made."""
    asked = [{"Name": "tag:Name", "Values": ["clickhouse-byoc"]}]
    (found,) = ground.ec2.describe_vpcs(Filters=asked)["Vpcs"]
    return str(found["VpcId"])


def worst(ground: Ground, vpc: str, edition: str) -> set[Level]:
    """The levels of all findings about the VPC with the subnets that the portal proposes."""
    chosen = propose(ground.network(vpc), profile=profile(edition))
    assert len(chosen) == 3
    return {one.level for one in ground.judged(vpc, chosen, edition)}


def test_the_cli_form_makes_a_vpc_that_keeps_all_rules_and_the_way_back_deletes_it(ground: Ground) -> None:
    assert ground.level("vpc.exists", MISSING, ()) is Level.FAILED
    vpcs = [one["VpcId"] for one in ground.ec2.describe_vpcs()["Vpcs"]]
    remedy = remedy_of(ground)
    assert "vpc.exists" in remedy.codes
    ground.run(remedy.cli.text)
    assert worst(ground, made_vpc(ground), "seed") == {Level.PASSED}
    ground.run(remedy.cli.undo)
    assert [one["VpcId"] for one in ground.ec2.describe_vpcs()["Vpcs"]] == vpcs
    assert ground.ec2.describe_addresses()["Addresses"] == []


def test_the_cloudformation_form_makes_a_vpc_that_keeps_all_rules(ground: Ground) -> None:
    before = [one["VpcId"] for one in ground.ec2.describe_vpcs()["Vpcs"]]
    ground.launch("clickhouse-byoc-vpc", remedy_of(ground, "2026-08").cloudformation.text)
    assert worst(ground, made_vpc(ground), "2026-08") == {Level.PASSED}
    ground.delete("clickhouse-byoc-vpc")
    assert [one["VpcId"] for one in ground.ec2.describe_vpcs()["Vpcs"]] == before


def test_the_terraform_form_has_all_parts(ground: Ground) -> None:
    found = parsed_terraform(remedy_of(ground, "2026-08").terraform.text)
    kinds = [name.split(".")[0] for name in found]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "aws_vpc": 1, "aws_internet_gateway": 1, "aws_subnet": 6, "aws_eip": 3, "aws_nat_gateway": 3,
        "aws_route_table": 4, "aws_route": 4, "aws_route_table_association": 6, "aws_vpc_endpoint": 1,
    }  # fmt: skip
    vpc = found["aws_vpc.clickhouse_byoc_vpc"]
    assert (vpc["enable_dns_support"], vpc["enable_dns_hostnames"]) in {(True, True), ("true", "true")}
    assert vpc["tags"] == {"Name": "clickhouse-byoc", "clickhouse-byoc": "true"}
    private = [body for body in found.values() if "kubernetes.io/role/internal-elb" in body.get("tags", {})]
    assert len({body["availability_zone_id"] for body in private}) == 3
    assert all(IPv4Network(body["cidr_block"]).prefixlen == 20 for body in private)
    assert len(found["aws_vpc_endpoint.clickhouse_byoc_s3_endpoint"]["route_table_ids"]) == 3


def test_a_shared_vpc_is_left_alone_and_its_range_avoided(ground: Ground) -> None:
    shared = VpcFact(id=MISSING, cidr="10.0.0.0/16", owner="999999999999", state="available")
    network = replace(ground.network(MISSING), vpcs=(shared,))
    (remedy,) = remedies_for(network, (), profile=profile("2026-08"))
    assert "vpc.owner" in remedy.codes
    assert MISSING not in parsed_template(remedy.cloudformation.text)["Resources"]["Vpc"]["Properties"].values()
    cidr = parsed_template(remedy.cloudformation.text)["Resources"]["Vpc"]["Properties"]["CidrBlock"]
    assert not IPv4Network(cidr).overlaps(IPv4Network("10.0.0.0/16"))
    assert "choose that one instead" in remedy.effect


def test_a_region_whose_zones_are_not_known_or_too_few_gets_none(ground: Ground) -> None:
    network = ground.network(MISSING)
    assert network.zones is not None
    for zones in (None, network.zones[:2]):
        assert remedies_for(replace(network, zones=zones), (), profile=profile("seed")) == ()


def test_zones_that_eks_cannot_use_are_passed_over(ground: Ground) -> None:
    network = ground.network(MISSING)
    assert network.zones is not None
    barred = replace(network.zones[0], name="us-east-1e", id="use1-az3")
    (remedy,) = remedies_for(replace(network, zones=(barred, *network.zones)), (), profile=profile("seed"))
    assert "use1-az3" not in remedy.cli.text
    assert all(zone.id in remedy.cli.text for zone in network.zones)


def test_the_console_makes_all_of_it_on_one_page(ground: Ground) -> None:
    remedy = remedy_of(ground, "2026-08")
    assert remedy.console[0].url.endswith("#CreateVpc:createMode=vpcWithResources")
    values = {value.value for item in remedy.console for value in item.values}
    assert {"10.0.0.0/16", "10.0.0.0/20", "1 per AZ", "S3 Gateway", "1", "true"} <= values
    for field in remedy.page.fields:
        assert field.value in {value.value for value in remedy.console[field.mark - 1].values}
    assert remedy.page.button in remedy.console[remedy.page.button_mark - 1].text
