"""What subnets, route tables and further ranges do to each other when one of them goes.

https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html
"""

from typing import Any

import pytest

from tests.emulator.conftest import Cloud, code_of


@pytest.fixture
def ec2(cloud: Cloud, account: str) -> Any:
    return cloud.client("ec2", account)


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def subnet_in(ec2: Any, vpc: str, cidr: str) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"])


def table_in(ec2: Any, vpc: str) -> str:
    return str(ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])


def followers(ec2: Any, table: str) -> list[str]:
    found = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"]
    return [one["SubnetId"] for one in found if "SubnetId" in one]


def test_a_subnet_takes_its_association_along_when_it_is_deleted(ec2: Any, vpc: str) -> None:
    subnet, table = subnet_in(ec2, vpc, "10.0.0.0/24"), table_in(ec2, vpc)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    assert code_of(ec2.delete_route_table, RouteTableId=table) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet)
    assert followers(ec2, table) == []
    ec2.delete_route_table(RouteTableId=table)


def test_no_network_acl_names_a_subnet_that_is_deleted(ec2: Any, vpc: str) -> None:
    kept, gone = subnet_in(ec2, vpc, "10.0.0.0/24"), subnet_in(ec2, vpc, "10.0.1.0/24")
    ec2.delete_subnet(SubnetId=gone)
    (acl,) = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    assert [one["SubnetId"] for one in acl["Associations"]] == [kept]


def test_an_association_is_replaced_by_one_with_another_id(ec2: Any, vpc: str) -> None:
    subnet, old, new = subnet_in(ec2, vpc, "10.0.0.0/24"), table_in(ec2, vpc), table_in(ec2, vpc)
    before = ec2.associate_route_table(RouteTableId=old, SubnetId=subnet)["AssociationId"]
    answer = ec2.replace_route_table_association(AssociationId=before, RouteTableId=new)
    assert answer["NewAssociationId"] != before
    assert answer["AssociationState"] == {"State": "associated"}
    assert (followers(ec2, old), followers(ec2, new)) == ([], [subnet])
    gone = code_of(ec2.replace_route_table_association, AssociationId=before, RouteTableId=old)
    assert gone == "InvalidAssociationID.NotFound"


def test_an_association_stays_in_its_vpc(ec2: Any, vpc: str) -> None:
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet, table = subnet_in(ec2, vpc, "10.0.0.0/24"), table_in(ec2, vpc)
    own = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    foreign = table_in(ec2, other)
    refused = code_of(ec2.replace_route_table_association, AssociationId=own, RouteTableId=foreign)
    assert refused == "InvalidParameterValue"
    assert followers(ec2, table) == [subnet]


def test_a_further_range_goes_only_when_no_subnet_lies_in_it(ec2: Any, vpc: str) -> None:
    made = ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.1.0.0/20")["CidrBlockAssociation"]["AssociationId"]
    table = table_in(ec2, vpc)
    subnet = subnet_in(ec2, vpc, "10.1.0.0/23")
    assert code_of(ec2.disassociate_vpc_cidr_block, AssociationId=made) == "InvalidCidrBlock.InUse"
    ec2.delete_subnet(SubnetId=subnet)
    answer = ec2.disassociate_vpc_cidr_block(AssociationId=made)
    assert answer["VpcId"] == vpc
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [route["DestinationCidrBlock"] for route in routes] == ["10.0.0.0/16"]
    refused = code_of(ec2.create_subnet, VpcId=vpc, CidrBlock="10.1.0.0/23")
    assert refused == "InvalidSubnet.Range", "the VPC has it no longer"


def test_the_primary_range_stays(ec2: Any, vpc: str) -> None:
    primary = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlockAssociationSet"][0]["AssociationId"]
    assert code_of(ec2.disassociate_vpc_cidr_block, AssociationId=primary) == "OperationNotPermitted"
