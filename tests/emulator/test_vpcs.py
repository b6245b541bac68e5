"""VPCs, subnets, routes, gateways: https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html"""

import pytest

from tests.emulator.conftest import code_of


@pytest.fixture
def ec2(cloud, account):
    return cloud.client("ec2", account)


@pytest.fixture
def vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def routes(ec2, table):
    found = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return {route["DestinationCidrBlock"]: route for route in found if "DestinationCidrBlock" in route}


def test_host_bits_are_cleared_everywhere(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.1.5/16")["Vpc"]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.8.9/23")["Subnet"]
    assert subnet["CidrBlock"] == "10.0.8.0/23"
    assert subnet["AvailableIpAddressCount"] == 507
    table = ec2.create_route_table(VpcId=vpc["VpcId"])["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc["VpcId"])
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="100.68.0.18/18", GatewayId=gateway)
    assert "100.68.0.0/18" in routes(ec2, table)


@pytest.mark.parametrize(
    ("cidr", "code"),
    [("10.0.0.0/15", "InvalidVpc.Range"), ("10.0.0.0/29", "InvalidVpc.Range"), ("10.0.0.0", "InvalidParameterValue")],
)
def test_a_vpc_is_between_16_and_28(ec2, cidr, code):
    assert code_of(ec2.create_vpc, CidrBlock=cidr) == code


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ("10.0.0.0/29", "InvalidSubnet.Range"),
        ("10.1.0.0/24", "InvalidSubnet.Range"),
        ("10.0.0.0/23", "InvalidSubnet.Conflict"),
    ],
)
def test_a_subnet_fits_its_vpc_and_its_neighbours(ec2, vpc, cidr, code):
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
    assert code_of(ec2.create_subnet, VpcId=vpc, CidrBlock=cidr) == code


@pytest.mark.parametrize("cidr", ["10.0.128.0/17", "172.16.0.0/16", "192.168.0.0/16", "198.19.0.0/16"])
def test_a_secondary_block_neither_overlaps_nor_comes_from_another_private_range(ec2, vpc, cidr):
    assert code_of(ec2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock=cidr) == "InvalidVpc.Range"


def test_a_vpc_takes_five_blocks(ec2, vpc):
    for third in range(4):
        ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock=f"10.{third + 5}.0.0/16")
    assert code_of(ec2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock="10.20.0.0/16") == "CidrLimitExceeded"
    assert len(ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlockAssociationSet"]) == 5


def test_a_vpc_is_pending_first(cloud, account):
    cloud.control.configure(durations={"vpc": 5})
    try:
        ec2 = cloud.client("ec2", account)
        made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
        assert made["State"] == "pending"
        asked = {"VpcIds": [made["VpcId"]], "Filters": [{"Name": "state", "Values": ["available"]}]}
        assert ec2.describe_vpcs(**asked)["Vpcs"] == []
        cloud.control.advance(6)
        assert ec2.describe_vpcs(**asked)["Vpcs"][0]["State"] == "available"
    finally:
        cloud.control.configure(durations={"vpc": 0})


def test_the_sixth_vpc_is_refused_until_the_quota_is_raised(cloud, account, ec2):
    for second in range(4):  # the default VPC counts
        ec2.create_vpc(CidrBlock=f"10.{second}.0.0/16")
    assert code_of(ec2.create_vpc, CidrBlock="10.9.0.0/16") == "VpcLimitExceeded"
    cloud.control.quotas([{"account": account, "region": "us-east-1", "quota": "vpc/L-F678F1CE", "value": 6}])
    assert ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]


def test_the_sixth_address_is_refused(ec2):
    for _ in range(5):
        ec2.allocate_address(Domain="vpc")
    assert code_of(ec2.allocate_address, Domain="vpc") == "AddressLimitExceeded"


def test_a_nat_gateway_takes_its_time_and_leaves_a_blackhole(cloud, ec2, vpc):
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "intent", "Value": "7"}]}]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=tags)["NatGateway"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat["NatGatewayId"])

    def state():
        found = ec2.describe_nat_gateways(Filter=[{"Name": "tag:intent", "Values": ["7"]}])["NatGateways"]
        return found[0]["State"]

    assert nat["State"] == state() == "pending"
    cloud.control.advance(31)
    assert state() == "available"
    assert routes(ec2, table)["0.0.0.0/0"]["State"] == "active"
    assert code_of(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc) == "DependencyViolation"
    assert code_of(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    assert code_of(ec2.release_address, AllocationId=address) == "InvalidIPAddress.InUse"
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    assert state() == "deleting"
    cloud.control.advance(21)
    assert state() == "deleted"
    assert routes(ec2, table)["0.0.0.0/0"]["State"] == "blackhole"
    ec2.release_address(AllocationId=address)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_subnet(SubnetId=subnet)


def test_a_public_nat_gateway_without_internet_fails_with_a_reason(cloud, ec2, vpc):
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    own = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    cloud.control.advance(31)
    found = ec2.describe_nat_gateways(NatGatewayIds=[own])["NatGateways"][0]
    assert (found["State"], found["FailureCode"]) == ("failed", "Gateway.NotAttached")


def test_a_client_token_makes_one_thing(ec2, vpc):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    asked = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "ClientToken": "intent-1"}
    first = ec2.create_vpc_endpoint(**asked, RouteTableIds=[table])["VpcEndpoint"]["VpcEndpointId"]
    again = ec2.create_vpc_endpoint(**asked, RouteTableIds=[table])["VpcEndpoint"]["VpcEndpointId"]
    assert first == again
    assert code_of(ec2.create_vpc_endpoint, **asked) == "IdempotentParameterMismatch"


def test_a_second_gateway_endpoint_on_a_table_is_refused(ec2, vpc):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    asked = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "RouteTableIds": [table]}
    endpoint = ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]
    assert (endpoint["State"], endpoint["RouteTableIds"]) == ("available", [table])
    assert code_of(ec2.create_vpc_endpoint, **asked) == "RouteAlreadyExists"
    assert code_of(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"


def test_pages_hold_everything_once(ec2, vpc):
    made = {ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{third}.0/24")["Subnet"]["SubnetId"] for third in range(12)}
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    first = ec2.describe_subnets(Filters=mine, MaxResults=5)
    assert len(first["Subnets"]) == 5
    assert first["NextToken"]
    pages = ec2.get_paginator("describe_subnets").paginate(Filters=mine, PaginationConfig={"PageSize": 5})
    seen = [subnet["SubnetId"] for page in pages for subnet in page["Subnets"]]
    assert len(seen) == 12
    assert set(seen) == made


def test_an_unknown_filter_is_refused(ec2):
    assert code_of(ec2.describe_vpcs, Filters=[{"Name": "nonsense", "Values": ["x"]}]) == "InvalidParameterValue"


def test_a_subnet_has_one_route_table(ec2, vpc):
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    one, two = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    association = ec2.associate_route_table(RouteTableId=one, SubnetId=subnet)["AssociationId"]
    assert ec2.associate_route_table(RouteTableId=one, SubnetId=subnet)["AssociationId"] == association
    assert code_of(ec2.associate_route_table, RouteTableId=two, SubnetId=subnet) == "Resource.AlreadyAssociated"


def test_what_is_not_emulated_says_so(ec2):
    assert code_of(ec2.describe_ipam_pools) == "NotEmulated"


def test_zone_names_mean_different_places_in_different_accounts(cloud, account, other):
    zones = {"us-east-1": {"us-east-1a": "use1-az4", "us-east-1b": "use1-az6", "us-east-1c": "use1-az1"}}
    cloud.control.configure(zones={account: zones})
    here, there = cloud.client("ec2", account), cloud.client("ec2", other)

    def zone_of(client, name):
        return client.describe_availability_zones(ZoneNames=[name])["AvailabilityZones"][0]["ZoneId"]

    assert zone_of(here, "us-east-1a") == "use1-az4"
    assert zone_of(there, "us-east-1a") != "use1-az4"
    own = here.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = here.create_subnet(VpcId=own, CidrBlock="10.0.0.0/24", AvailabilityZoneId="use1-az6")["Subnet"]
    assert (subnet["AvailabilityZone"], subnet["AvailabilityZoneId"]) == ("us-east-1b", "use1-az6")
    described = here.describe_subnets(SubnetIds=[subnet["SubnetId"]])["Subnets"][0]
    assert described["AvailabilityZoneId"] == "use1-az6"


def test_local_zones_are_shown_only_when_asked_for(ec2):
    plain = {zone["ZoneType"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]}
    every = ec2.describe_availability_zones(AllAvailabilityZones=True)["AvailabilityZones"]
    assert plain == {"availability-zone"}
    assert {zone["ZoneType"] for zone in every} == {"availability-zone", "local-zone", "wavelength-zone"}


def test_regions_show_whether_the_account_enabled_them(cloud, account, ec2):
    cloud.control.configure(opted_in={account: ["il-central-1"]})
    shown = {r["RegionName"]: r["OptInStatus"] for r in ec2.describe_regions()["Regions"]}
    assert shown["il-central-1"] == "opted-in"
    assert shown["us-east-1"] == "opt-in-not-required"
    assert "me-central-1" not in shown
    every = {r["RegionName"]: r["OptInStatus"] for r in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert every["me-central-1"] == "not-opted-in"
    listed = cloud.client("account", account).list_regions(RegionOptStatusContains=["ENABLED"])["Regions"]
    assert [region["RegionName"] for region in listed] == ["il-central-1"]
