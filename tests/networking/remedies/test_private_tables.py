"""A private table for subnets that are public: every form carried out, judged, and taken back."""

from typing import Any

import hcl2

from networking.remedies.shapes import Remedy
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, Vpc, ground, parsed_template, parsed_terraform, sound_vpc
from tests.networking.remedies.snapshots import followers, snapshot, table_of, ways

__all__ = ["ground"]

PRIVATE, EGRESS = "subnets.private", "subnets.egress"


def gateway_of(ground: Ground, vpc: Vpc) -> str:
    (found,) = snapshot(ground, vpc.id).gateways
    return found


def inheriting(ground: Ground, *, nat: bool = False) -> tuple[Vpc, str]:
    """Two subnets follow the main table, which leads to the internet. Returns the VPC and that table."""
    vpc = sound_vpc(ground, nat=nat)
    for subnet in vpc.subnets[1:]:
        ground.ec2.disassociate_route_table(AssociationId=association(table_of(ground, subnet), subnet))
    main = ground.place.main_table(vpc.id)
    gateway = gateway_of(ground, vpc) if nat else ground.place.internet_gateway(vpc.id, "out")
    ground.place.default_route(main, gateway=gateway)
    return vpc, main


def association(table: dict[str, Any], subnet: str) -> str:
    return next(one["RouteTableAssociationId"] for one in table["Associations"] if one.get("SubnetId") == subnet)


def explicit(ground: Ground) -> tuple[Vpc, str]:
    """One subnet is associated with a public table that also leads to a transit gateway and a peer."""
    vpc = sound_vpc(ground, nat=True)
    public = ground.place.table(vpc.id, "also-public")
    ground.place.default_route(public, gateway=gateway_of(ground, vpc))
    ground.ec2.replace_route_table_association(
        AssociationId=association(table_of(ground, vpc.subnets[0]), vpc.subnets[0]), RouteTableId=public
    )
    return vpc, public


def with_a_peer(ground: Ground, vpc: Vpc, table: str) -> str:
    """A peering connection that the table leads to."""
    other = ground.place.vpc("peer", "10.99.0.0/16")
    asked = ground.ec2.create_vpc_peering_connection(VpcId=vpc.id, PeerVpcId=other)["VpcPeeringConnection"]
    peering = str(asked["VpcPeeringConnectionId"])
    ground.ec2.get_waiter("vpc_peering_connection_exists").wait(VpcPeeringConnectionIds=[peering])
    ground.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    for destination in ("10.99.0.0/16", "172.30.0.0/16"):
        ground.ec2.create_route(
            RouteTableId=table, DestinationCidrBlock=destination, VpcPeeringConnectionId=peering
        )  # fmt: skip
    return peering


def remedy_of(ground: Ground, vpc: Vpc, table: str, edition: str = "seed") -> Remedy:
    found = ground.remedies(vpc.id, vpc.subnets, edition)
    return found[f"subnets-private-{table}"]


def test_subnets_that_inherit_the_main_table_get_a_private_one_with_the_way_to_s3(ground: Ground) -> None:
    vpc, main = inheriting(ground, nat=True)
    assert ground.level(PRIVATE, vpc.id, vpc.subnets, "2026-08") is Level.FAILED
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc, main, "2026-08")
    assert remedy.codes == (PRIVATE, EGRESS)
    assert remedy.resources == (*vpc.subnets[1:], main)
    assert "public addresses" in remedy.effect
    ground.run(remedy.cli.text)
    for code in (PRIVATE, "s3-endpoint.routes"):
        assert ground.level(code, vpc.id, vpc.subnets, "2026-08") is Level.PASSED
    assert ground.level(EGRESS, vpc.id, vpc.subnets, "2026-08") is Level.WARNING, "one NAT gateway for three zones"
    table = table_of(ground, vpc.subnets[1])
    assert followers(table) == set(vpc.subnets[1:])
    after = snapshot(ground, vpc.id)
    ground.run(remedy.cli.text)
    assert snapshot(ground, vpc.id) == after, "a second run makes nothing"
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before
    assert ground.level(PRIVATE, vpc.id, vpc.subnets) is Level.FAILED


def test_an_association_of_its_own_is_replaced_and_other_routes_go_along(ground: Ground) -> None:
    vpc, public = explicit(ground)
    peering = with_a_peer(ground, vpc, public)
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc, public)
    assert "replace-route-table-association" in remedy.cli.text
    assert f"10.99.0.0/16 → {peering}" in remedy.effect
    ground.run(remedy.cli.text)
    assert ground.level(PRIVATE, vpc.id, vpc.subnets) is Level.PASSED
    table = table_of(ground, vpc.subnets[0])
    (nat,) = before.nats
    assert {("0.0.0.0/0", nat), ("10.99.0.0/16", peering), ("172.30.0.0/16", peering)} < ways(table)
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before
    assert public == table_of(ground, vpc.subnets[0])["RouteTableId"]


def test_where_a_way_out_is_asked_for_and_there_is_none_a_nat_gateway_is_made_with_all_it_takes(
    ground: Ground,
) -> None:
    vpc, main = inheriting(ground)
    before = snapshot(ground, vpc.id)
    assert "NAT" not in remedy_of(ground, vpc, main).title
    assert not remedy_of(ground, vpc, main).cli.text.count("create-nat-gateway"), "seed asks for no way out"
    remedy = remedy_of(ground, vpc, main, "2026-08")
    assert "by the hour" in remedy.effect
    ground.launch("private", remedy.cloudformation.text)
    assert ground.level(PRIVATE, vpc.id, vpc.subnets, "2026-08") is Level.PASSED
    assert ground.level(EGRESS, vpc.id, vpc.subnets[1:], "2026-08") is Level.WARNING
    after = snapshot(ground, vpc.id)
    assert (len(after.nats), len(after.addresses - before.addresses)) == (1, 1)
    assert after.gateways == before.gateways, "the attached internet gateway serves"
    ground.delete("private")
    assert snapshot(ground, vpc.id) == before


def test_the_cloudformation_form_associates_what_inherits(ground: Ground) -> None:
    vpc, main = inheriting(ground, nat=True)
    before = snapshot(ground, vpc.id)
    ground.launch("private", remedy_of(ground, vpc, main).cloudformation.text)
    assert ground.level(PRIVATE, vpc.id, vpc.subnets) is Level.PASSED
    assert ground.level("s3-endpoint.routes", vpc.id, vpc.subnets) is Level.PASSED
    ground.delete("private")
    assert snapshot(ground, vpc.id) == before


def test_the_cloudformation_form_says_what_the_owning_stack_has_to_change(ground: Ground) -> None:
    vpc, public = explicit(ground)
    before = snapshot(ground, vpc.id)
    remedy = remedy_of(ground, vpc, public)
    assert "cannot replace" in remedy.cloudformation.note
    fragment = "\n".join(
        line.removeprefix("# ") for line in remedy.cloudformation.text.split("Outputs:")[1].splitlines()
        if line.startswith("# ")
    )  # fmt: skip
    (entry,) = parsed_template(fragment).values()
    assert entry["Type"] == "AWS::EC2::SubnetRouteTableAssociation"
    assert entry["Properties"]["SubnetId"] == vpc.subnets[0]
    made = ground.launch("private", remedy.cloudformation.text)
    table = next(identifier for identifier in made.values() if identifier.startswith("rtb-") and "|" not in identifier)
    own = association(table_of(ground, vpc.subnets[0]), vpc.subnets[0])
    ground.ec2.replace_route_table_association(AssociationId=own, RouteTableId=table)
    assert ground.level(PRIVATE, vpc.id, vpc.subnets) is Level.PASSED
    assert ground.level("s3-endpoint.routes", vpc.id, vpc.subnets) is Level.PASSED
    assert public in remedy.cloudformation.undo
    own = association(table_of(ground, vpc.subnets[0]), vpc.subnets[0])
    ground.ec2.replace_route_table_association(AssociationId=own, RouteTableId=public)
    ground.delete("private")
    assert snapshot(ground, vpc.id) == before


def test_the_terraform_form_imports_the_association_that_it_changes(ground: Ground) -> None:
    vpc, public = explicit(ground)
    (nat,) = snapshot(ground, vpc.id).nats
    remedy = remedy_of(ground, vpc, public)
    found = parsed_terraform(remedy.terraform.text)
    by_kind = {name.split(".")[0]: (name, arguments) for name, arguments in found.items()}
    table = by_kind["aws_route_table"][0]
    assert by_kind["aws_route_table"][1]["vpc_id"] == vpc.id
    assert by_kind["aws_route"][1] == {
        "route_table_id": f"${{{table}.id}}",
        "destination_cidr_block": "0.0.0.0/0",
        "nat_gateway_id": nat,
    }
    assert by_kind["aws_vpc_endpoint_route_table_association"][1] == {
        "vpc_endpoint_id": vpc.endpoint,
        "route_table_id": f"${{{table}.id}}",
    }
    name, arguments = by_kind["aws_route_table_association"]
    assert arguments == {"subnet_id": vpc.subnets[0], "route_table_id": f"${{{table}.id}}"}
    (imported,) = hcl2.loads(remedy.terraform.text)["import"]
    assert imported["id"].strip('"') == f"{vpc.subnets[0]}/{public}"
    assert name in imported["to"]
    back = parsed_terraform(remedy.terraform.undo)
    assert back == {name: {"subnet_id": vpc.subnets[0], "route_table_id": public}}


def test_nat_gateways_in_several_zones_make_a_table_for_each_zone(ground: Ground) -> None:
    vpc, main = inheriting(ground, nat=True)
    public_b = ground.place.subnet(vpc.id, "public-b", "10.60.251.0/24", "b")
    second = ground.place.nat_gateway(public_b, "nat-b")
    ground.place.available([second])
    remedies = ground.remedies(vpc.id, vpc.subnets)
    ours = [remedy for key, remedy in remedies.items() if key.startswith(f"subnets-private-{main}-")]
    assert sorted(remedy.resources[0] for remedy in ours) == sorted(vpc.subnets[1:])
    assert len(ours) == 2
    zone_b = next(remedy for remedy in ours if remedy.resources[0] == vpc.subnets[1])
    assert second in zone_b.cli.text


def test_the_console_creates_the_table_first_and_associates_last(ground: Ground) -> None:
    vpc, main = inheriting(ground, nat=True)
    remedy = remedy_of(ground, vpc, main)
    assert remedy.console[0].url.endswith("#CreateRouteTable:")
    assert remedy.page.crumbs[-1] == "Create route table"
    assert remedy.page.button in remedy.console[remedy.page.button_mark - 1].text
    assert vpc.subnets[2] in remedy.console[-3].url
    assert "back to the main table" in remedy.undo_console
    assert remedy.undo_console.endswith("Delete the route table clickhouse-byoc-private-" + main + ".")
