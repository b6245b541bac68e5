"""A way out for private subnets: every form carried out, judged, and taken back."""

from dataclasses import replace

import hcl2

from networking.remedies.remedies import remedies_for
from networking.remedies.shapes import Remedy
from onboarding.rules.profiles import profile
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, Vpc, ground, parsed_template, parsed_terraform, sound_vpc
from tests.networking.remedies.snapshots import snapshot, table_of, ways

__all__ = ["ground"]

EGRESS, EDITION = "subnets.egress", "2026-08"


def level(ground: Ground, vpc: Vpc) -> Level:
    return ground.level(EGRESS, vpc.id, vpc.subnets, EDITION)


def with_nat_elsewhere(ground: Ground) -> tuple[Vpc, str]:
    """The private table has no default route, though the VPC has a NAT gateway."""
    vpc = sound_vpc(ground, nat=True)
    ground.ec2.delete_route(RouteTableId=vpc.table, DestinationCidrBlock="0.0.0.0/0")
    (nat,) = snapshot(ground, vpc.id).nats
    return vpc, nat


def with_a_wrong_way(ground: Ground) -> tuple[Vpc, str, str]:
    """The default route leads to a peer. Returns the VPC, its NAT gateway and the peering connection."""
    vpc, nat = with_nat_elsewhere(ground)
    other = ground.place.vpc("peer", "10.99.0.0/16")
    asked = ground.ec2.create_vpc_peering_connection(VpcId=vpc.id, PeerVpcId=other)["VpcPeeringConnection"]
    peering = str(asked["VpcPeeringConnectionId"])
    ground.ec2.get_waiter("vpc_peering_connection_exists").wait(VpcPeeringConnectionIds=[peering])
    ground.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    ground.ec2.create_route(
        RouteTableId=vpc.table, DestinationCidrBlock="0.0.0.0/0", VpcPeeringConnectionId=peering
    )  # fmt: skip
    return vpc, nat, peering


def remedy_of(ground: Ground, vpc: Vpc) -> Remedy:
    found = ground.remedies(vpc.id, vpc.subnets, EDITION)
    (key,) = [key for key in found if key.startswith("subnets-egress-")]
    assert found[key].codes == (EGRESS,)
    return found[key]


def test_a_table_without_a_default_route_leads_to_the_nat_gateway_that_is_there(ground: Ground) -> None:
    vpc, nat = with_nat_elsewhere(ground)
    assert level(ground, vpc) is Level.FAILED
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc)
    ground.run(remedy.cli.text)
    assert ("0.0.0.0/0", nat) in ways(table_of(ground, vpc.subnets[0]))
    assert level(ground, vpc) is Level.WARNING, "one NAT gateway for three zones"
    ground.run(remedy.cli.text)
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before


def test_a_wrong_default_route_is_replaced_and_the_remedy_says_so(ground: Ground) -> None:
    vpc, nat, peering = with_a_wrong_way(ground)
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc)
    assert f"0.0.0.0/0 → {peering} is replaced" in remedy.effect
    assert "replace-route " in remedy.cli.text
    ground.run(remedy.cli.text)
    assert ("0.0.0.0/0", nat) in ways(table_of(ground, vpc.subnets[0]))
    assert level(ground, vpc) is Level.WARNING
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before


def test_a_vpc_without_any_way_out_gets_gateway_public_subnet_address_and_nat_gateway(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    assert level(ground, vpc) is Level.FAILED
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc)
    ground.run(remedy.cli.text)
    assert level(ground, vpc) is Level.WARNING
    after = snapshot(ground, vpc.id)
    assert [len(new) for new in (after.gateways, after.nats, after.addresses)] == [1, 1, 1]
    (public,) = after.subnets - before.subnets
    assert ground.level("subnets.private", vpc.id, (public,)) is Level.FAILED, "it is public"
    assert ground.level("subnets.private", vpc.id, vpc.subnets) is Level.PASSED
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before


def test_a_public_subnet_that_is_there_takes_the_nat_gateway(ground: Ground) -> None:
    vpc = sound_vpc(ground, nat=True)
    (nat,) = snapshot(ground, vpc.id).nats
    ground.ec2.delete_nat_gateway(NatGatewayId=nat)
    ground.ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc)
    assert "whose target is gone, is replaced" in remedy.effect
    made = ground.launch("egress", parsed_free(remedy.cloudformation.text))
    assert snapshot(ground, vpc.id).subnets == before.subnets
    new = next(identifier for identifier in made.values() if identifier.startswith("nat-"))
    fragment = "\n".join(
        line.removeprefix("# ") for line in remedy.cloudformation.text.splitlines()[2:] if line.startswith("# ")
    )
    (entry,) = parsed_template(fragment).values()
    assert entry["Properties"]["RouteTableId"] == vpc.table
    ground.ec2.replace_route(RouteTableId=vpc.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=new)
    assert level(ground, vpc) is Level.WARNING


def parsed_free(template: str) -> str:
    """The template as it is; it must be YAML with resources."""
    assert parsed_template(template)["Resources"]
    return template


def test_the_cloudformation_form_makes_the_whole_way_out(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    before = snapshot(ground, vpc.id)
    ground.launch("egress", remedy_of(ground, vpc).cloudformation.text)
    assert level(ground, vpc) is Level.WARNING
    ground.delete("egress")
    assert snapshot(ground, vpc.id) == before


def test_the_terraform_form_imports_the_route_that_it_changes(ground: Ground) -> None:
    vpc, nat, peering = with_a_wrong_way(ground)
    remedy = remedy_of(ground, vpc)
    ((name, arguments),) = parsed_terraform(remedy.terraform.text).items()
    assert arguments == {"route_table_id": vpc.table, "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": nat}
    (imported,) = hcl2.loads(remedy.terraform.text)["import"]
    assert imported["id"].strip('"') == f"{vpc.table}_0.0.0.0/0"
    ((back, before),) = parsed_terraform(remedy.terraform.undo).items()
    assert back == name
    assert before == {
        "route_table_id": vpc.table,
        "destination_cidr_block": "0.0.0.0/0",
        "vpc_peering_connection_id": peering,
    }


def test_the_terraform_form_makes_the_whole_way_out(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    found = parsed_terraform(remedy_of(ground, vpc).terraform.text)
    kinds = sorted(name.split(".")[0] for name in found)
    assert kinds == [
        "aws_eip", "aws_internet_gateway", "aws_nat_gateway", "aws_route", "aws_route", "aws_route_table",
        "aws_route_table_association", "aws_subnet",
    ]  # fmt: skip
    nat = found["aws_nat_gateway.clickhouse_byoc_nat"]
    assert nat["allocation_id"] == "${aws_eip.clickhouse_byoc_nat_address.id}"
    assert nat["depends_on"] == ["${aws_route.clickhouse_byoc_public_route}"]
    assert found["aws_eip.clickhouse_byoc_nat_address"]["domain"] == "vpc"


def test_nothing_is_proposed_while_aws_is_still_making_the_nat_gateway_or_where_none_could_be_read(
    ground: Ground,
) -> None:
    vpc = sound_vpc(ground, nat=True)
    network = ground.network(vpc.id)
    assert network.nat_gateways is not None
    pending = replace(network, nat_gateways=tuple(replace(nat, state="pending") for nat in network.nat_gateways))
    unread = replace(network, nat_gateways=None)
    for changed in (pending, unread):
        assert remedies_for(changed, vpc.subnets, profile=profile(EDITION)) == ()


def test_the_nat_gateway_of_the_same_zone_is_taken(ground: Ground) -> None:
    vpc, first = with_nat_elsewhere(ground)
    own = ground.place
    public = own.subnet(vpc.id, "public-b", "10.60.251.0/24", "b")
    second = own.nat_gateway(public, "nat-b")
    own.available([second])
    table = own.table(vpc.id, "private-b")
    associations = table_of(ground, vpc.subnets[1])["Associations"]
    moved = next(one["RouteTableAssociationId"] for one in associations if one.get("SubnetId") == vpc.subnets[1])
    ground.ec2.replace_route_table_association(AssociationId=moved, RouteTableId=table)
    found = ground.remedies(vpc.id, vpc.subnets, EDITION)
    nats = {
        remedy.resources[0]: second if second in remedy.cli.text else first
        for key, remedy in found.items() if key.startswith("subnets-egress-")
    }  # fmt: skip
    assert nats == {vpc.table: first, table: second}
