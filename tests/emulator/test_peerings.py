"""VPC peering: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.emulator.conftest import code_of

FAR = "eu-west-1"


@dataclass
class Pair:
    """A requester in us-east-1 and an accepter of another account in eu-west-1."""

    here: Any
    there: Any
    mine: str
    yours: str
    owner: str

    def ask(self) -> dict[str, Any]:
        return self.here.create_vpc_peering_connection(
            VpcId=self.mine, PeerVpcId=self.yours, PeerOwnerId=self.owner, PeerRegion=FAR
        )["VpcPeeringConnection"]

    def request(self) -> str:
        return str(self.ask()["VpcPeeringConnectionId"])

    def states(self, own: str) -> list[str]:
        return [seen(client, own)["Status"]["Code"] for client in (self.here, self.there)]


def seen(client, own):
    return client.describe_vpc_peering_connections(VpcPeeringConnectionIds=[own])["VpcPeeringConnections"][0]


def main_table(client, vpc):
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    return client.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"]


def route_state(client, table, own):
    routes = client.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return next(route["State"] for route in routes if route.get("VpcPeeringConnectionId") == own)


@pytest.fixture
def pair(cloud, account, other):
    here, there = cloud.client("ec2", account), cloud.client("ec2", other, FAR)
    mine = here.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    yours = there.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    return Pair(here, there, mine, yours, other)


def test_a_request_becomes_a_connection(pair):
    made = pair.ask()
    own = made["VpcPeeringConnectionId"]
    assert made["Status"]["Code"] == "initiating-request"
    assert pair.states(own) == ["pending-acceptance"] * 2
    pending = seen(pair.there, own)
    assert pending["RequesterVpcInfo"]["CidrBlock"] == "10.0.0.0/16"
    assert "CidrBlock" not in pending["AccepterVpcInfo"]
    accepted = pair.there.accept_vpc_peering_connection(VpcPeeringConnectionId=own)["VpcPeeringConnection"]
    assert accepted["Status"]["Code"] == "provisioning"
    assert pair.states(own) == ["active"] * 2
    active = seen(pair.here, own)
    assert active["AccepterVpcInfo"]["CidrBlockSet"] == [{"CidrBlock": "10.20.0.0/16"}]
    assert code_of(pair.there.accept_vpc_peering_connection, VpcPeeringConnectionId=own) == "InvalidStateTransition"


def test_only_the_accepter_accepts_in_its_own_region(cloud, pair):
    own = pair.request()
    assert code_of(pair.here.accept_vpc_peering_connection, VpcPeeringConnectionId=own) == "OperationNotPermitted"
    elsewhere = cloud.client("ec2", pair.owner)
    assert code_of(elsewhere.accept_vpc_peering_connection, VpcPeeringConnectionId=own) == (
        "InvalidVpcPeeringConnectionID.NotFound"
    )


def test_the_same_pair_gets_the_same_connection_and_the_reverse_is_refused(pair, account):
    own = pair.request()
    assert pair.request() == own
    asked = {"VpcId": pair.yours, "PeerVpcId": pair.mine, "PeerOwnerId": account, "PeerRegion": "us-east-1"}
    assert code_of(pair.there.create_vpc_peering_connection, **asked) == "VpcPeeringConnectionAlreadyExists"


def test_overlapping_blocks_fail_even_secondary_ones(cloud, pair):
    pair.there.associate_vpc_cidr_block(VpcId=pair.yours, CidrBlock="10.0.128.0/20")
    own = pair.request()
    assert seen(pair.here, own)["Status"]["Code"] == "failed"
    assert pair.there.describe_vpc_peering_connections()["VpcPeeringConnections"] == []
    assert code_of(pair.here.delete_vpc_peering_connection, VpcPeeringConnectionId=own) == "InvalidStateTransition"
    cloud.control.advance(2 * 3600 + 1)
    assert code_of(seen, client=pair.here, own=own) == "InvalidVpcPeeringConnectionID.NotFound"


def test_an_unknown_vpc_elsewhere_fails_and_here_is_not_found(pair):
    unknown = "vpc-0aaaaaaaaaaaaaaaa"
    made = pair.here.create_vpc_peering_connection(
        VpcId=pair.mine, PeerVpcId=unknown, PeerOwnerId=pair.owner, PeerRegion=FAR
    )["VpcPeeringConnection"]
    assert seen(pair.here, made["VpcPeeringConnectionId"])["Status"]["Code"] == "failed"
    asked = {"VpcId": pair.mine, "PeerVpcId": unknown}
    assert code_of(pair.here.create_vpc_peering_connection, **asked) == "InvalidVpcID.NotFound"


def test_an_unanswered_request_expires_after_seven_days(cloud, pair):
    own = pair.request()
    cloud.control.advance(7 * 86400 - 60)
    assert pair.states(own) == ["pending-acceptance"] * 2
    cloud.control.advance(61)
    assert pair.states(own) == ["expired"] * 2
    assert code_of(pair.there.accept_vpc_peering_connection, VpcPeeringConnectionId=own) == "InvalidStateTransition"
    cloud.control.advance(2 * 86400 + 1)
    assert pair.here.describe_vpc_peering_connections()["VpcPeeringConnections"] == []


def test_while_pending_only_the_requester_deletes_and_the_vpcs_are_bound(pair):
    own = pair.request()
    assert code_of(pair.there.delete_vpc_peering_connection, VpcPeeringConnectionId=own) == "OperationNotPermitted"
    assert code_of(pair.there.delete_vpc, VpcId=pair.yours) == "DependencyViolation"
    assert code_of(pair.here.associate_vpc_cidr_block, VpcId=pair.mine, CidrBlock="10.5.0.0/16") == "InvalidVpcState"
    pair.here.delete_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert pair.states(own) == ["deleted"] * 2


def test_a_rejected_request_is_seen_for_two_hours_there_and_two_days_here(cloud, pair):
    own = pair.request()
    pair.there.reject_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert code_of(pair.here.delete_vpc_peering_connection, VpcPeeringConnectionId=own) == "InvalidStateTransition"
    cloud.control.advance(2 * 3600 + 1)
    assert pair.there.describe_vpc_peering_connections()["VpcPeeringConnections"] == []
    assert seen(pair.here, own)["Status"]["Code"] == "rejected"
    cloud.control.advance(46 * 3600)
    assert pair.here.describe_vpc_peering_connections()["VpcPeeringConnections"] == []


def test_a_rejected_request_stays_rejected(pair):
    own = pair.request()
    pair.there.reject_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert pair.states(own) == ["rejected"] * 2
    assert code_of(pair.there.accept_vpc_peering_connection, VpcPeeringConnectionId=own) == "InvalidStateTransition"


def test_a_route_works_only_while_the_connection_does(cloud, pair):
    own = pair.request()
    table = main_table(pair.here, pair.mine)
    asked = {"RouteTableId": table, "DestinationCidrBlock": "10.20.0.0/16", "VpcPeeringConnectionId": own}
    pair.here.create_route(**asked)
    assert route_state(pair.here, table, own) == "blackhole"
    pair.there.accept_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert route_state(pair.here, table, own) == "active"
    assert code_of(pair.here.create_route, **asked) == "RouteAlreadyExists"
    pair.there.delete_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert pair.states(own) == ["deleted"] * 2
    assert route_state(pair.here, table, own) == "blackhole"
    cloud.control.advance(2 * 3600 + 1)
    assert pair.there.describe_vpc_peering_connections()["VpcPeeringConnections"] == []
    assert seen(pair.here, own)["Status"]["Code"] == "deleted"


def test_a_route_for_an_ipv6_range_is_written_once(pair):
    asked = {
        "RouteTableId": main_table(pair.here, pair.mine),
        "DestinationIpv6CidrBlock": "2600:1f18:2::/56",
        "VpcPeeringConnectionId": pair.request(),
    }
    pair.here.create_route(**asked)
    assert code_of(pair.here.create_route, **asked) == "RouteAlreadyExists"


def test_a_route_needs_a_connection_of_this_vpc(pair):
    own = pair.request()
    elsewhere = pair.here.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    table = main_table(pair.here, elsewhere)
    asked = {"RouteTableId": table, "DestinationCidrBlock": "10.20.0.0/16"}
    assert code_of(pair.here.create_route, **asked, VpcPeeringConnectionId=own) == "InvalidParameterValue"
    missing = "pcx-0123456789abcdef0"
    assert code_of(pair.here.create_route, **asked, VpcPeeringConnectionId=missing) == (
        "InvalidVpcPeeringConnectionID.NotFound"
    )


def test_dns_is_each_owners_own_switch_and_needs_host_names(pair):
    own = pair.request()
    pair.there.accept_vpc_peering_connection(VpcPeeringConnectionId=own)
    wanted = {"AllowDnsResolutionFromRemoteVpc": True}
    modify = pair.here.modify_vpc_peering_connection_options
    assert code_of(modify, VpcPeeringConnectionId=own, AccepterPeeringConnectionOptions=wanted) == (
        "OperationNotPermitted"
    )
    assert code_of(modify, VpcPeeringConnectionId=own, RequesterPeeringConnectionOptions=wanted) == (
        "InvalidVpcPeeringConnectionState.DnsHostnamesDisabled"
    )
    pair.here.modify_vpc_attribute(VpcId=pair.mine, EnableDnsHostnames={"Value": True})
    pair.there.modify_vpc_attribute(VpcId=pair.yours, EnableDnsHostnames={"Value": True})
    modify(VpcPeeringConnectionId=own, RequesterPeeringConnectionOptions=wanted)
    assert seen(pair.there, own)["RequesterVpcInfo"]["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"] is True


def test_it_is_found_by_tag_and_by_state(pair, account):
    tags = [{"ResourceType": "vpc-peering-connection", "Tags": [{"Key": "intent", "Value": "42"}]}]
    own = pair.here.create_vpc_peering_connection(
        VpcId=pair.mine, PeerVpcId=pair.yours, PeerOwnerId=pair.owner, PeerRegion=FAR, TagSpecifications=tags
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    def found(name, value):
        filters = [{"Name": name, "Values": [value]}]
        answer = pair.here.describe_vpc_peering_connections(Filters=filters)["VpcPeeringConnections"]
        return [peering["VpcPeeringConnectionId"] for peering in answer]

    assert found("tag:intent", "42") == [own]
    assert found("tag:intent", "43") == []
    assert found("requester-vpc-info.vpc-id", pair.mine) == [own]
    assert found("status-code", "active") == []
    assert pair.there.describe_vpc_peering_connections()["VpcPeeringConnections"][0].get("Tags", []) == []


def test_within_one_account_what_was_deleted_is_seen_for_two_hours(cloud, account):
    ec2 = cloud.client("ec2", account)
    left, right = (ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"] for cidr in ("10.0.0.0/16", "10.20.0.0/16"))
    made = ec2.create_vpc_peering_connection(VpcId=left, PeerVpcId=right)["VpcPeeringConnection"]
    own = made["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=own)
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert seen(ec2, own)["Status"]["Code"] == "deleted"
    cloud.control.advance(2 * 3600 + 1)
    assert ec2.describe_vpc_peering_connections()["VpcPeeringConnections"] == []


def test_outstanding_requests_have_a_quota(cloud, account, pair):
    cloud.control.quotas([{"account": account, "region": "us-east-1", "quota": "vpc/L-DC9F7029", "value": 1}])
    pair.request()
    second = pair.there.create_vpc(CidrBlock="10.21.0.0/16")["Vpc"]["VpcId"]
    asked = {"VpcId": pair.mine, "PeerVpcId": second, "PeerOwnerId": pair.owner, "PeerRegion": FAR}
    assert code_of(pair.here.create_vpc_peering_connection, **asked) == "OutstandingVpcPeeringConnectionLimitExceeded"
