"""Gateway endpoints and their routes: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""

from typing import Any

import pytest

from tests.emulator.conftest import Cloud, code_of

S3 = "com.amazonaws.us-east-1.s3"


@pytest.fixture
def ec2(cloud: Cloud, account: str) -> Any:
    return cloud.client("ec2", account)


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def table(ec2: Any, vpc: str) -> str:
    return str(ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])


def endpoint(ec2: Any, vpc: str, *tables: str) -> str:
    asked = {"VpcId": vpc, "ServiceName": S3, "VpcEndpointType": "Gateway", "RouteTableIds": list(tables)}
    return str(ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"])


def ways_to_s3(ec2: Any, table_id: str) -> list[str]:
    """The endpoints to which the table's routes for prefix lists lead."""
    routes = ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]["Routes"]
    return [route["GatewayId"] for route in routes if route.get("DestinationPrefixListId")]


def tables_of(ec2: Any, endpoint_id: str) -> set[str]:
    return set(ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]["RouteTableIds"])


def test_a_table_added_to_an_endpoint_gets_the_route_and_loses_it_when_removed(ec2: Any, vpc: str) -> None:
    first, second = table(ec2, vpc), table(ec2, vpc)
    own = endpoint(ec2, vpc, first)
    assert (ways_to_s3(ec2, first), ways_to_s3(ec2, second)) == ([own], [])
    assert ec2.modify_vpc_endpoint(VpcEndpointId=own, AddRouteTableIds=[second])["Return"]
    assert tables_of(ec2, own) == {first, second}
    assert ways_to_s3(ec2, second) == [own]
    ec2.modify_vpc_endpoint(VpcEndpointId=own, RemoveRouteTableIds=[first])
    assert tables_of(ec2, own) == {second}
    assert (ways_to_s3(ec2, first), ways_to_s3(ec2, second)) == ([], [own])


def test_a_table_has_one_endpoint_for_a_service_and_a_vpc_several(ec2: Any, vpc: str) -> None:
    first, second = table(ec2, vpc), table(ec2, vpc)
    one, other = endpoint(ec2, vpc, first), endpoint(ec2, vpc, second)
    asked = {"VpcEndpointId": other, "AddRouteTableIds": [first]}
    assert code_of(ec2.modify_vpc_endpoint, **asked) == "RouteAlreadyExists"
    assert code_of(ec2.modify_vpc_endpoint, VpcEndpointId=one, AddRouteTableIds=[first]) == "RouteAlreadyExists"
    assert (ways_to_s3(ec2, first), ways_to_s3(ec2, second)) == ([one], [other])


def test_a_table_of_another_vpc_or_an_endpoint_that_is_gone_is_refused(ec2: Any, vpc: str) -> None:
    other = str(ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"])
    own = endpoint(ec2, vpc, table(ec2, vpc))
    foreign, near = table(ec2, other), table(ec2, vpc)
    assert code_of(ec2.modify_vpc_endpoint, VpcEndpointId=own, AddRouteTableIds=[foreign]) == "InvalidParameter"
    missing = {"VpcEndpointId": own, "AddRouteTableIds": ["rtb-00000000000000000"]}
    assert code_of(ec2.modify_vpc_endpoint, **missing) == "InvalidRouteTableId.NotFound"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[own])
    asked = {"VpcEndpointId": own, "AddRouteTableIds": [near]}
    assert code_of(ec2.modify_vpc_endpoint, **asked) == "InvalidVpcEndpointId.NotFound"


def test_a_deleted_endpoint_takes_its_routes_along(ec2: Any, vpc: str) -> None:
    first, second = table(ec2, vpc), table(ec2, vpc)
    own = endpoint(ec2, vpc, first)
    ec2.modify_vpc_endpoint(VpcEndpointId=own, AddRouteTableIds=[second])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[own])
    assert (ways_to_s3(ec2, first), ways_to_s3(ec2, second)) == ([], [])
    assert endpoint(ec2, vpc, first, second)


def test_endpoints_are_found_by_what_the_cli_filters_by(ec2: Any, vpc: str) -> None:
    own = endpoint(ec2, vpc, table(ec2, vpc))
    ec2.create_tags(Resources=[own], Tags=[{"Key": "Name", "Value": "way-to-s3"}])

    def found(**wanted: str) -> list[str]:
        filters = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in wanted.items()]
        return [one["VpcEndpointId"] for one in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]]

    assert found(vpc_id=vpc, service_name=S3, vpc_endpoint_type="Gateway", vpc_endpoint_state="available") == [own]
    assert found(vpc_id=vpc, vpc_endpoint_type="Interface") == []
    assert found(vpc_id=vpc, vpc_endpoint_state="deleting") == []
    assert found(vpc_endpoint_id=own, vpc_id=vpc) == [own]
    assert found(**{"tag:Name": "way-to-s3", "vpc_id": vpc}) == [own]
