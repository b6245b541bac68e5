"""The S3 gateway endpoint: every form carried out, judged, and taken back."""

import dataclasses

import pytest

from networking.remedies import s3_endpoint, shell
from networking.remedies.remedies import remedies_for
from networking.remedies.shapes import Remedy
from onboarding.rules.profiles import profile
from portal.demo.seeds.places import tagged
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, Vpc, ground, parsed_terraform, sound_vpc

__all__ = ["ground"]

PRESENT, ROUTES = "s3-endpoint.present", "s3-endpoint.routes"
SERVICE = "com.amazonaws.eu-central-1.s3"


def levels(ground: Ground, vpc: Vpc) -> tuple[Level, Level]:
    return ground.level(PRESENT, vpc.id, vpc.subnets), ground.level(ROUTES, vpc.id, vpc.subnets)


def endpoints(ground: Ground, vpc: Vpc) -> dict[str, set[str]]:
    """Endpoint → its route tables."""
    found = ground.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc.id]}])["VpcEndpoints"]
    return {one["VpcEndpointId"]: set(one["RouteTableIds"]) for one in found}


def ways_to_s3(ground: Ground, table: str) -> list[str]:
    routes = ground.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return [route["GatewayId"] for route in routes if route.get("DestinationPrefixListId")]


def two_tables(ground: Ground, *, endpoint: bool) -> tuple[Vpc, str]:
    """The third subnet follows the main table, which the endpoint does not serve: the common miss."""
    vpc = sound_vpc(ground, endpoint=endpoint)
    associations = ground.ec2.describe_route_tables(RouteTableIds=[vpc.table])["RouteTables"][0]["Associations"]
    third = next(one for one in associations if one.get("SubnetId") == vpc.subnets[2])
    ground.ec2.disassociate_route_table(AssociationId=third["RouteTableAssociationId"])
    return vpc, ground.place.main_table(vpc.id)


def remedy_of(ground: Ground, vpc: Vpc, key: str) -> Remedy:
    found = ground.remedies(vpc.id, vpc.subnets)
    assert list(found) == [key]
    return found[key]


def test_the_cli_form_creates_the_endpoint_on_every_table_and_takes_it_back(ground: Ground) -> None:
    vpc, main = two_tables(ground, endpoint=False)
    assert levels(ground, vpc) == (Level.FAILED, Level.FAILED)
    remedy = remedy_of(ground, vpc, "s3-endpoint")
    assert remedy.codes == (PRESENT, ROUTES)
    ground.run(remedy.cli.text)
    assert levels(ground, vpc) == (Level.PASSED, Level.PASSED)
    ((own, tables),) = endpoints(ground, vpc).items()
    assert tables == {vpc.table, main}
    assert ways_to_s3(ground, main) == [own]
    ground.run(remedy.cli.text)
    assert list(endpoints(ground, vpc)) == [own], "a second run makes no second endpoint"
    ground.run(remedy.cli.undo)
    assert endpoints(ground, vpc) == {}
    assert ways_to_s3(ground, main) == []
    assert levels(ground, vpc) == (Level.FAILED, Level.FAILED)
    ground.run(remedy.cli.undo)


def test_the_cli_form_leaves_an_endpoint_alone_that_somebody_made_since(ground: Ground) -> None:
    vpc, main = two_tables(ground, endpoint=False)
    remedy = remedy_of(ground, vpc, "s3-endpoint")
    own = ground.place.s3_endpoint(vpc.id, "theirs", main)
    ground.run(remedy.cli.text)
    assert endpoints(ground, vpc) == {own: {main, vpc.table}}
    ground.run(remedy.cli.undo)
    assert list(endpoints(ground, vpc)) == [own], "taking back deletes only what the remedy made"


def test_the_cli_form_attaches_the_missing_tables_and_takes_them_off_again(ground: Ground) -> None:
    vpc, main = two_tables(ground, endpoint=True)
    assert levels(ground, vpc) == (Level.PASSED, Level.FAILED)
    remedy = remedy_of(ground, vpc, "s3-endpoint-routes")
    assert (remedy.codes, remedy.resources) == ((ROUTES,), (vpc.endpoint, main))
    ground.run(remedy.cli.text)
    assert levels(ground, vpc) == (Level.PASSED, Level.PASSED)
    assert ways_to_s3(ground, main) == [vpc.endpoint]
    ground.run(remedy.cli.text)
    ground.run(remedy.cli.undo)
    assert endpoints(ground, vpc) == {vpc.endpoint: {vpc.table}}
    assert levels(ground, vpc) == (Level.PASSED, Level.FAILED)
    ground.run(remedy.cli.undo)


def test_an_interface_endpoint_or_another_service_does_not_stand_in_its_way(ground: Ground) -> None:
    vpc = sound_vpc(ground, endpoint=False)
    asked = {"VpcId": vpc.id, "TagSpecifications": tagged("vpc-endpoint", "other", {})}
    ground.ec2.create_vpc_endpoint(**asked, VpcEndpointType="Interface", ServiceName=SERVICE, SubnetIds=vpc.subnets[:1])
    ground.ec2.create_vpc_endpoint(
        **asked,
        VpcEndpointType="Gateway",
        ServiceName=SERVICE.replace("s3", "dynamodb"),
        RouteTableIds=[vpc.table],
    )
    ground.run(remedy_of(ground, vpc, "s3-endpoint").cli.text)
    assert levels(ground, vpc) == (Level.PASSED, Level.PASSED)


def test_an_endpoint_that_is_being_made_is_waited_for_and_not_doubled(ground: Ground) -> None:
    ground.emulator.control.configure(durations={"vpc_endpoint": 3.0})
    try:
        vpc = sound_vpc(ground)
    finally:
        ground.emulator.control.configure(durations={"vpc_endpoint": 0.0})
    before = ground.network(vpc.id, vpc.subnets)
    assert [one.state for one in before.endpoints or ()] == ["pending"]
    (remedy,) = remedies_for(before, vpc.subnets, profile=profile("seed"))
    assert vpc.endpoint in remedy.cli.text
    ground.run(remedy.cli.text.replace("sleep 5", "sleep 1"))
    assert levels(ground, vpc) == (Level.PASSED, Level.PASSED)
    assert list(endpoints(ground, vpc)) == [vpc.endpoint]


def test_an_endpoint_that_failed_is_deleted_first(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    network = ground.network(vpc.id, vpc.subnets)
    failed = tuple(dataclasses.replace(one, state="failed") for one in network.endpoints or ())
    (remedy,) = remedies_for(dataclasses.replace(network, endpoints=failed), vpc.subnets, profile=profile("seed"))
    ground.run(remedy.cli.text)
    ((own, tables),) = endpoints(ground, vpc).items()
    assert own != vpc.endpoint
    assert tables == {vpc.table}
    assert levels(ground, vpc) == (Level.PASSED, Level.PASSED)


@pytest.mark.parametrize(("endpoint", "key"), [(False, "s3-endpoint"), (True, "s3-endpoint-routes")])
def test_the_cloudformation_form_is_a_stack_of_its_own(ground: Ground, endpoint: bool, key: str) -> None:
    vpc, main = two_tables(ground, endpoint=endpoint)
    before, state = endpoints(ground, vpc), levels(ground, vpc)
    remedy = remedy_of(ground, vpc, key)
    made = ground.launch("endpoint", remedy.cloudformation.text)
    assert levels(ground, vpc) == (Level.PASSED, Level.PASSED)
    new = endpoints(ground, vpc)
    assert new == before | {made["S3Endpoint"]: {main} if endpoint else {main, vpc.table}}
    assert not remedy.cloudformation.undo_is_code
    assert "Delete the stack" in remedy.cloudformation.undo
    ground.delete("endpoint")
    assert (endpoints(ground, vpc), levels(ground, vpc)) == (before, state)


def test_the_terraform_form_makes_the_endpoint_on_every_table(ground: Ground) -> None:
    vpc, main = two_tables(ground, endpoint=False)
    found = parsed_terraform(remedy_of(ground, vpc, "s3-endpoint").terraform.text)
    assert found == {
        "aws_vpc_endpoint.clickhouse_byoc_s3": {
            "vpc_id": vpc.id,
            "vpc_endpoint_type": "Gateway",
            "service_name": SERVICE,
            "route_table_ids": [vpc.table, main],
            "tags": {"Name": "clickhouse-byoc-s3"},
        }
    }


def test_the_terraform_form_attaches_each_missing_table(ground: Ground) -> None:
    vpc, main = two_tables(ground, endpoint=True)
    found = parsed_terraform(remedy_of(ground, vpc, "s3-endpoint-routes").terraform.text)
    assert found == {
        "aws_vpc_endpoint_route_table_association.clickhouse_byoc_s3": {
            "for_each": f'${{toset(["{main}"])}}',
            "vpc_endpoint_id": vpc.endpoint,
            "route_table_id": "${each.value}",
        }
    }


def test_another_remedy_attaches_its_own_table_by_a_variable_and_detaches_it(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    network, new = ground.network(vpc.id), ground.place.table(vpc.id, "new")
    ground.run(shell.script("set -eu", f"TABLE={new}", s3_endpoint.attachment(network, '"$TABLE"')))
    assert endpoints(ground, vpc) == {vpc.endpoint: {vpc.table, new}}
    ground.run(shell.script("set -eu", f"TABLE={new}", s3_endpoint.detachment(network, '"$TABLE"')))
    assert endpoints(ground, vpc) == {vpc.endpoint: {vpc.table}}
    ground.ec2.delete_vpc_endpoints(VpcEndpointIds=[vpc.endpoint])
    ground.run(shell.script("set -eu", f"TABLE={new}", s3_endpoint.attachment(network, '"$TABLE"')))
    assert endpoints(ground, vpc) == {}


def test_the_console_opens_the_very_page_and_lists_what_to_tick(ground: Ground) -> None:
    vpc, main = two_tables(ground, endpoint=False)
    create = remedy_of(ground, vpc, "s3-endpoint")
    home = "https://eu-central-1.console.aws.amazon.com/vpcconsole/home?region=eu-central-1"
    assert create.console[0].url == f"{home}#CreateVpcEndpoint:"
    assert {value.value for item in create.console for value in item.values} >= {vpc.id, vpc.table, main, SERVICE}
    ground.place.s3_endpoint(vpc.id, "s3", vpc.table)
    attach = remedy_of(ground, vpc, "s3-endpoint-routes")
    assert attach.console[0].url.startswith(f"{home}#EndpointDetails:vpcEndpointId=vpce-")
    assert [field.label for field in attach.page.fields if field.mark == 3] == [main]
    assert [field.label for field in attach.page.fields if field.kind == "check" and not field.mark] == [vpc.table]
