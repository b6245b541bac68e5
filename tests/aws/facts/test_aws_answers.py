"""Facts from answers as AWS shapes them, whole and with everything optional left out."""

import json
import urllib.parse
from datetime import UTC, datetime

import pytest

from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import AddressFact, AttachmentFact, InternetGatewayFact, NatGatewayFact
from portal.aws.facts.identities import CallerFact
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.facts.network_acls import NetworkAclFact
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.policies import AttachedPolicyFact, PolicyFact
from portal.aws.facts.quotas import QuotaFact
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.roles import RoleFact
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.facts.shapes import IncompleteAnswerError, Tag, tag_value
from portal.aws.facts.simulations import SimulationFact
from portal.aws.facts.stacks import StackEventFact, StackFact, StackResourceFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}

# The least that AWS can answer about each kind, and the key without which there is nothing to talk about.
LEAST = [
    (RegionFact, {"RegionName": "us-east-1"}, "RegionName"),
    (ZoneFact, {"ZoneName": "us-east-1a", "ZoneId": "use1-az1"}, "ZoneId"),
    (VpcFact, {"VpcId": "vpc-1"}, "VpcId"),
    (SubnetFact, {"SubnetId": "subnet-1"}, "SubnetId"),
    (RouteTableFact, {"RouteTableId": "rtb-1"}, "RouteTableId"),
    (EndpointFact, {"VpcEndpointId": "vpce-1"}, "VpcEndpointId"),
    (NatGatewayFact, {"NatGatewayId": "nat-1"}, "NatGatewayId"),
    (InternetGatewayFact, {"InternetGatewayId": "igw-1"}, "InternetGatewayId"),
    (AttachmentFact, {"VpcId": "vpc-1"}, "VpcId"),
    (AddressFact, {"AllocationId": "eipalloc-1"}, "AllocationId"),
    (QuotaFact, {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}, "QuotaCode"),
    (RoleFact, {"Arn": "arn:aws:iam::222222222222:role/r", "RoleName": "r"}, "Arn"),
    (AttachedPolicyFact, {"PolicyArn": "arn:aws:iam::aws:policy/p"}, "PolicyArn"),
    (PolicyFact, {"PolicyName": "p"}, "PolicyName"),
    (SimulationFact, {"EvalActionName": "ec2:CreateVpc"}, "EvalActionName"),
    (StackFact, {"StackId": "arn:stack", "StackName": "s"}, "StackId"),
    (StackEventFact, {"EventId": "e-1"}, "EventId"),
    (StackResourceFact, {"LogicalResourceId": "Vpc"}, "LogicalResourceId"),
    (CallerFact, {"Account": "222222222222", "Arn": "arn:aws:sts::222222222222:assumed-role/r/s"}, "Account"),
    (PeeringFact, {"VpcPeeringConnectionId": "pcx-1"}, "VpcPeeringConnectionId"),
    (SecurityGroupFact, {"GroupId": "sg-1"}, "GroupId"),
    (NetworkAclFact, {"NetworkAclId": "acl-1"}, "NetworkAclId"),
    (
        LoadBalancerFact,
        {"LoadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/n/1"},
        "LoadBalancerArn",
    ),
]


@pytest.mark.parametrize(("kind", "document", "key"), LEAST)
def test_the_least_answer_is_enough_and_stores(kind, document, key):
    fact = kind.from_aws(document)
    assert kind.from_json(json.loads(json.dumps(fact.to_json()))) == fact


@pytest.mark.parametrize(("kind", "document", "key"), LEAST)
@pytest.mark.parametrize("value", [None, "", 7])
def test_an_answer_without_its_name_is_refused(kind, document, key, value):
    with pytest.raises(IncompleteAnswerError, match=key):
        kind.from_aws({**document, key: value})


def test_a_region_tells_whether_it_is_enabled():
    def status(value):
        return RegionFact.from_aws({"RegionName": "il-central-1", "OptInStatus": value}).enabled

    assert [status(value) for value in ("opt-in-not-required", "opted-in", "not-opted-in")] == [True, True, False]
    assert RegionFact(name="il-central-1").enabled is None


def test_a_zone():
    zone = ZoneFact.from_aws(
        {
            "OptInStatus": "opt-in-not-required",
            "RegionName": "us-east-1",
            "ZoneName": "us-east-1a",
            "ZoneId": "use1-az6",
            "GroupName": "us-east-1-zg-1",
            "ZoneType": "availability-zone",
            "State": "available",
            "Messages": [],
        }
    )
    assert (zone.name, zone.id, zone.type, zone.state, zone.group) == (
        "us-east-1a",
        "use1-az6",
        "availability-zone",
        "available",
        "us-east-1-zg-1",
    )


def test_a_vpc_keeps_every_range_with_its_state():
    vpc = VpcFact.from_aws(
        {
            "VpcId": "vpc-1",
            "CidrBlock": "10.0.0.0/16",
            "OwnerId": "222222222222",
            "State": "available",
            "IsDefault": False,
            "InstanceTenancy": "default",
            "CidrBlockAssociationSet": [
                {"AssociationId": "a-1", "CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
                {"AssociationId": "a-2", "CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": "disassociated"}},
                {
                    "AssociationId": "a-3",
                    "CidrBlock": "10.8.0.0/16",
                    "CidrBlockState": {"State": "failed", "StatusMessage": "in use"},
                },
            ],
            "Ipv6CidrBlockAssociationSet": [
                {"Ipv6CidrBlock": "2600:1f18::/56", "Ipv6CidrBlockState": {"State": "associated"}}
            ],
            "Tags": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}],
        }
    )
    assert vpc.associated_cidrs == ("10.0.0.0/16",)
    assert vpc.cidrs[2].status_message == "in use"
    assert [cidr.cidr for cidr in vpc.ipv6_cidrs] == ["2600:1f18::/56"]
    assert vpc.is_default is False
    assert vpc.tags == (Tag(key="a", value="1"), Tag(key="b", value="2"))
    assert tag_value(vpc.tags, "b") == "2"
    assert tag_value(vpc.tags, "c") is None


def test_a_vpc_without_associations_still_has_its_primary_range():
    assert VpcFact.from_aws({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}).associated_cidrs == ("10.0.0.0/16",)
    assert VpcFact.from_aws({"VpcId": "vpc-1"}).associated_cidrs == ()


def test_dns_flags_stay_unknown_until_they_are_read():
    vpc = VpcFact.from_aws({"VpcId": "vpc-1"})
    assert (vpc.dns_support, vpc.dns_hostnames, vpc.is_default) == (None, None, None)
    read = vpc.with_dns(support={"VpcId": "vpc-1", "EnableDnsSupport": {"Value": True}}, hostnames={})
    assert (read.dns_support, read.dns_hostnames) == (True, None)


def test_a_subnet():
    subnet = SubnetFact.from_aws(
        {
            "SubnetId": "subnet-1",
            "VpcId": "vpc-1",
            "CidrBlock": "10.0.0.0/23",
            "AvailabilityZone": "us-east-1a",
            "AvailabilityZoneId": "use1-az6",
            "AvailableIpAddressCount": 0,
            "MapPublicIpOnLaunch": False,
            "State": "available",
        }
    )
    assert (subnet.free, subnet.maps_public_ip, subnet.zone_id) == (0, False, "use1-az6")
    assert SubnetFact.from_aws({"SubnetId": "subnet-1"}).free is None


@pytest.mark.parametrize(
    ("route", "destination", "target"),
    [
        ({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}, "10.0.0.0/16", "local"),
        ({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}, "0.0.0.0/0", "nat-1"),
        ({"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}, "::/0", "eigw-1"),
        ({"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"}, "pl-1", "vpce-1"),
        ({"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1"}, "10.9.0.0/16", "pcx-1"),
        (
            {"DestinationCidrBlock": "0.0.0.0/0", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"},
            "0.0.0.0/0",
            "eni-1",
        ),
        ({"DestinationCidrBlock": "10.8.0.0/16", "State": "blackhole"}, "10.8.0.0/16", ""),
    ],
)
def test_a_route_names_destination_and_target(route, destination, target):
    table = RouteTableFact.from_aws({"RouteTableId": "rtb-1", "Routes": [route]})
    assert (table.routes[0].destination, table.routes[0].target) == (destination, target)


def test_a_route_table_knows_what_it_applies_to():
    table = RouteTableFact.from_aws(
        {
            "RouteTableId": "rtb-1",
            "VpcId": "vpc-1",
            "Associations": [
                {"Main": True, "RouteTableAssociationId": "rtbassoc-1", "AssociationState": {"State": "associated"}},
                {"Main": False, "SubnetId": "subnet-1", "AssociationState": {"State": "disassociated"}},
            ],
            "PropagatingVgws": [{"GatewayId": "vgw-1"}],
        }
    )
    assert table.is_main
    assert [(link.subnet, link.state) for link in table.associations] == [
        ("", "associated"),
        ("subnet-1", "disassociated"),
    ]
    assert table.propagating == ("vgw-1",)
    assert not RouteTableFact.from_aws({"RouteTableId": "rtb-2"}).is_main


def test_an_endpoint_reads_its_policy_and_its_state_in_any_case():
    endpoint = EndpointFact.from_aws(
        {
            "VpcEndpointId": "vpce-1",
            "VpcEndpointType": "Gateway",
            "ServiceName": "com.amazonaws.us-east-1.s3",
            "State": "Available",
            "RouteTableIds": ["rtb-1", "rtb-2"],
            "PolicyDocument": json.dumps(TRUST),
        }
    )
    assert endpoint.state == "available"
    assert endpoint.policy == TRUST
    assert endpoint.route_tables == ("rtb-1", "rtb-2")
    assert EndpointFact.from_aws({"VpcEndpointId": "vpce-1", "PolicyDocument": "{"}).policy is None


def test_gateways():
    nat = NatGatewayFact.from_aws(
        {
            "NatGatewayId": "nat-1",
            "State": "failed",
            "FailureCode": "InsufficientFreeAddressesInSubnet",
            "NatGatewayAddresses": [{"PublicIp": "198.51.100.7"}, {"PrivateIp": "10.0.0.9"}],
        }
    )
    assert (nat.state, nat.failure_code) == ("failed", "InsufficientFreeAddressesInSubnet")
    assert nat.public_ips == ("198.51.100.7",)
    gateway = InternetGatewayFact.from_aws(
        {"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}
    )
    assert gateway.attachments == (AttachmentFact(vpc="vpc-1", state="available"),)


def test_a_quota_says_where_its_value_is_from():
    answer = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE", "QuotaName": "VPCs per Region", "Value": 5.0}
    assert (QuotaFact.from_aws(answer).value, QuotaFact.from_aws(answer).source) == (5.0, "live")
    assert QuotaFact.from_aws(answer, source="default").source == "default"
    assert QuotaFact.from_aws({**answer, "Value": None}).value is None


@pytest.mark.parametrize("document", [TRUST, json.dumps(TRUST), urllib.parse.quote(json.dumps(TRUST))])
def test_a_role_reads_its_trust_policy_in_each_spelling(document):
    role = RoleFact.from_aws(
        {
            "Arn": "arn:aws:iam::222222222222:role/r",
            "RoleName": "r",
            "Path": "/",
            "AssumeRolePolicyDocument": document,
            "PermissionsBoundary": {
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": "arn:aws:iam::222222222222:policy/ClickHouseByocBoundary",
            },
            "MaxSessionDuration": 3600,
            "CreateDate": NOON,
        }
    )
    assert role.trust == TRUST
    assert role.boundary.endswith(":policy/ClickHouseByocBoundary")
    assert (role.max_session, role.created_at) == (3600, NOON)
    assert RoleFact.from_json(json.loads(json.dumps(role.to_json()))) == role


@pytest.mark.parametrize("document", [None, "", "{", "[]", 7])
def test_a_policy_that_cannot_be_read_is_none(document):
    assert PolicyFact.from_inline({"PolicyName": "p", "PolicyDocument": document}).document is None


def test_a_managed_policy_carries_the_text_of_its_version():
    found = PolicyFact.from_aws(
        {"PolicyName": "p", "Arn": "arn:p", "DefaultVersionId": "v1"},
        version={"VersionId": "v2", "Document": TRUST, "IsDefaultVersion": True},
    )
    assert (found.version, found.document) == ("v2", TRUST)
    assert PolicyFact.from_aws({"PolicyName": "p", "DefaultVersionId": "v1"}).version == "v1"


EVALUATION = {
    "EvalActionName": "ec2:CreateVpc",
    "EvalResourceName": "*",
    "EvalDecision": "implicitDeny",
    "MatchedStatements": [{"SourcePolicyId": "p-1", "SourcePolicyType": "IAM Policy"}],
    "MissingContextValues": ["aws:RequestedRegion"],
    "OrganizationsDecisionDetail": {"AllowedByOrganizations": False},
    "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": True},
}


def test_a_simulation_names_who_denies():
    (found,) = SimulationFact.each_from_aws(EVALUATION)
    assert (found.decision, found.by_organization, found.by_boundary) == ("implicitDeny", False, True)
    assert found.missing_context == ("aws:RequestedRegion",)
    assert found.statements == ("p-1",)


def test_a_simulation_per_resource_is_one_fact_each():
    specific = [
        {"EvalResourceName": "arn:a", "EvalResourceDecision": "allowed", "MatchedStatements": []},
        {"EvalResourceName": "arn:b", "EvalResourceDecision": "explicitDeny", "MissingContextValues": []},
    ]
    found = list(SimulationFact.each_from_aws({**EVALUATION, "ResourceSpecificResults": specific}))
    assert [(fact.resource, fact.decision) for fact in found] == [("arn:a", "allowed"), ("arn:b", "explicitDeny")]
    assert {fact.action for fact in found} == {"ec2:CreateVpc"}


def test_a_stack_and_its_outputs():
    stack = StackFact.from_aws(
        {
            "StackId": "arn:stack",
            "StackName": "clickhouse-cloud-bootstrap",
            "StackStatus": "CREATE_IN_PROGRESS",
            "CreationTime": datetime(2026, 11, 23, 12, 0),  # noqa: DTZ001 - some answers carry no zone: UTC is meant
            "Outputs": [{"OutputKey": "RoleArn", "OutputValue": "arn:role"}],
            "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
        }
    )
    assert stack.in_progress
    assert stack.created_at == NOON
    assert (stack.output("RoleArn"), stack.output("Other")) == ("arn:role", None)
    assert not StackFact(id="a", name="b", status="REVIEW_IN_PROGRESS").in_progress
    assert not StackFact(id="a", name="b", status="CREATE_COMPLETE").in_progress


def test_a_stack_event_tells_the_stack_from_its_resources():
    event = {"EventId": "e-1", "StackId": "arn:stack", "ResourceType": "AWS::CloudFormation::Stack"}
    assert StackEventFact.from_aws({**event, "PhysicalResourceId": "arn:stack"}).about_stack
    assert not StackEventFact.from_aws({**event, "PhysicalResourceId": "arn:nested"}).about_stack
    assert StackEventFact.from_aws({**event, "Timestamp": "2026-11-23T12:00:00Z"}).at == NOON


def test_a_stack_resource_reads_both_lists():
    assert StackResourceFact.from_aws({"LogicalResourceId": "Vpc", "Timestamp": NOON}).at == NOON
    assert StackResourceFact.from_aws({"LogicalResourceId": "Vpc", "LastUpdatedTimestamp": NOON}).at == NOON


def test_a_peering_before_it_is_active_has_one_range_only():
    peering = PeeringFact.from_aws(
        {
            "VpcPeeringConnectionId": "pcx-1",
            "Status": {"Code": "pending-acceptance", "Message": "Pending Acceptance by 333333333333"},
            "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": "222222222222", "CidrBlock": "10.0.0.0/16"},
            "AccepterVpcInfo": {"VpcId": "vpc-2", "OwnerId": "333333333333", "Region": "us-east-1"},
            "ExpirationTime": NOON,
        }
    )
    assert (peering.requester.cidr, peering.accepter.cidr, peering.accepter.cidrs) == ("10.0.0.0/16", "", ())
    assert (peering.status, peering.expires_at) == ("pending-acceptance", NOON)
    assert peering.accepter.resolves_dns is None


def test_security_group_rules_keep_ports_and_sources():
    group = SecurityGroupFact.from_aws(
        {
            "GroupId": "sg-1",
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 8443,
                    "ToPort": 8443,
                    "IpRanges": [{"CidrIp": "10.9.0.0/16"}],
                    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                    "UserIdGroupPairs": [{"GroupId": "sg-2"}],
                    "PrefixListIds": [{"PrefixListId": "pl-1"}],
                }
            ],
            "IpPermissionsEgress": [{"IpProtocol": "-1"}],
        }
    )
    (rule,) = group.inbound
    assert (rule.from_port, rule.cidrs, rule.ipv6_cidrs, rule.groups, rule.prefix_lists) == (
        8443,
        ("10.9.0.0/16",),
        ("::/0",),
        ("sg-2",),
        ("pl-1",),
    )
    assert (group.outbound[0].protocol, group.outbound[0].from_port) == ("-1", None)


def test_network_acl_entries_keep_order_and_ports():
    acl = NetworkAclFact.from_aws(
        {
            "NetworkAclId": "acl-1",
            "IsDefault": True,
            "Associations": [{"SubnetId": "subnet-1"}],
            "Entries": [
                {
                    "RuleNumber": 100,
                    "Egress": False,
                    "RuleAction": "deny",
                    "Protocol": "6",
                    "CidrBlock": "0.0.0.0/0",
                    "PortRange": {"From": 443, "To": 443},
                },
                {"RuleNumber": 32767, "Egress": True, "RuleAction": "allow", "Protocol": "-1"},
            ],
        }
    )
    assert [(entry.number, entry.egress, entry.from_port) for entry in acl.entries] == [
        (100, False, 443),
        (32767, True, None),
    ]
    assert acl.subnets == ("subnet-1",)
