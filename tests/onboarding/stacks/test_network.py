"""The network template: three private subnets behind their own NAT gateways, and S3 without the internet."""

import pytest

from tests.onboarding.stacks.reading import PROFILES, resources, template


def tags(resource: dict) -> dict:
    return {tag["Key"]: tag["Value"] for tag in resource["Properties"]["Tags"]}


def test_dns_support_and_host_names_are_on() -> None:
    vpc = resources(template("network"), "AWS::EC2::VPC")["Vpc"]["Properties"]
    assert vpc["EnableDnsSupport"] is True
    assert vpc["EnableDnsHostnames"] is True
    assert vpc["CidrBlock"] == {"Ref": "VpcCidr"}


def test_each_zone_has_a_private_and_a_public_subnet_with_its_tag() -> None:
    subnets = resources(template("network"), "AWS::EC2::Subnet")
    assert len(subnets) == 6
    for zone in ("1", "2", "3"):
        private, public = subnets[f"PrivateSubnet{zone}"], subnets[f"PublicSubnet{zone}"]
        assert (
            private["Properties"]["AvailabilityZone"]
            == public["Properties"]["AvailabilityZone"]
            == {"Ref": f"Zone{zone}"}
        )
        assert tags(private)["kubernetes.io/role/internal-elb"] == "1"
        assert "kubernetes.io/role/elb" not in tags(private)
        assert tags(public)["kubernetes.io/role/elb"] == "1"
        assert "kubernetes.io/role/internal-elb" not in tags(public)


def test_each_private_subnet_leaves_through_the_nat_gateway_of_its_own_zone() -> None:
    document = template("network")
    routes = resources(document, "AWS::EC2::Route")
    gateways = resources(document, "AWS::EC2::NatGateway")
    associations = resources(document, "AWS::EC2::SubnetRouteTableAssociation")
    for zone in ("1", "2", "3"):
        route = routes[f"PrivateDefaultRoute{zone}"]["Properties"]
        assert route["DestinationCidrBlock"] == "0.0.0.0/0"
        assert route["RouteTableId"] == {"Ref": f"PrivateRouteTable{zone}"}
        assert route["NatGatewayId"] == {"Ref": f"NatGateway{zone}"}
        assert gateways[f"NatGateway{zone}"]["Properties"]["SubnetId"] == {"Ref": f"PublicSubnet{zone}"}
        assert associations[f"PrivateAssociation{zone}"]["Properties"] == {
            "SubnetId": {"Ref": f"PrivateSubnet{zone}"}, "RouteTableId": {"Ref": f"PrivateRouteTable{zone}"},
        }  # fmt: skip


def test_no_private_table_leads_to_the_internet_gateway() -> None:
    for route in resources(template("network"), "AWS::EC2::Route").values():
        if route["Properties"].get("GatewayId"):
            assert route["Properties"]["RouteTableId"] == {"Ref": "PublicRouteTable"}


def test_the_s3_gateway_endpoint_is_on_every_private_table() -> None:
    endpoint = resources(template("network"), "AWS::EC2::VPCEndpoint")["S3Endpoint"]["Properties"]
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
    assert endpoint["RouteTableIds"] == [{"Ref": f"PrivateRouteTable{zone}"} for zone in (1, 2, 3)]
    assert "PolicyDocument" not in endpoint


@pytest.mark.parametrize("logical_id", ["NatAddress1", "PublicDefaultRoute"])
def test_what_needs_the_internet_waits_for_the_gateway(logical_id: str) -> None:
    assert "InternetGatewayAttachment" in template("network")["Resources"][logical_id]["DependsOn"]


def test_both_profiles_get_the_same_network() -> None:
    one, other = (template("network", profile)["Resources"] for profile in PROFILES)
    assert one == other
