"""Facts against botocore's own service models: every key that a fact reads is spelled as AWS spells it."""

import dataclasses
from datetime import UTC, datetime

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, StructureShape

from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import AddressFact, AttachmentFact, InternetGatewayFact, NatGatewayFact
from portal.aws.facts.identities import CallerFact
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.facts.network_acls import AclEntryFact, NetworkAclFact
from portal.aws.facts.peerings import PeeringFact, PeeringSideFact
from portal.aws.facts.policies import AttachedPolicyFact, PolicyFact
from portal.aws.facts.quotas import QuotaFact
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.roles import RoleFact
from portal.aws.facts.route_tables import RouteFact, RouteTableAssociationFact, RouteTableFact
from portal.aws.facts.security_groups import PermissionFact, SecurityGroupFact
from portal.aws.facts.simulations import SimulationFact
from portal.aws.facts.stacks import StackEventFact, StackFact, StackResourceFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.facts.zones import ZoneFact

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POLICY = '{"Version": "2012-10-17", "Statement": []}'

# How a fact is made, botocore's service and shape, and fields that come from another call or have no key.
SHAPES = [
    (RegionFact.from_aws, "ec2", "Region", ()),
    (ZoneFact.from_aws, "ec2", "AvailabilityZone", ()),
    (VpcFact.from_aws, "ec2", "Vpc", ("dns_support", "dns_hostnames")),
    (CidrFact.from_ipv4, "ec2", "VpcCidrBlockAssociation", ()),
    (CidrFact.from_ipv6, "ec2", "VpcIpv6CidrBlockAssociation", ()),
    (CidrFact.from_ipv6, "ec2", "SubnetIpv6CidrBlockAssociation", ()),
    (SubnetFact.from_aws, "ec2", "Subnet", ()),
    (RouteTableFact.from_aws, "ec2", "RouteTable", ()),
    (RouteTableAssociationFact.from_aws, "ec2", "RouteTableAssociation", ()),
    (RouteFact.from_aws, "ec2", "Route", ()),
    (EndpointFact.from_aws, "ec2", "VpcEndpoint", ()),
    (NatGatewayFact.from_aws, "ec2", "NatGateway", ()),
    (InternetGatewayFact.from_aws, "ec2", "InternetGateway", ()),
    (AttachmentFact.from_aws, "ec2", "InternetGatewayAttachment", ()),
    (AddressFact.from_aws, "ec2", "Address", ()),
    (PeeringFact.from_aws, "ec2", "VpcPeeringConnection", ()),
    (PeeringSideFact.from_aws, "ec2", "VpcPeeringConnectionVpcInfo", ()),
    (SecurityGroupFact.from_aws, "ec2", "SecurityGroup", ()),
    (PermissionFact.from_aws, "ec2", "IpPermission", ()),
    (NetworkAclFact.from_aws, "ec2", "NetworkAcl", ()),
    (AclEntryFact.from_aws, "ec2", "NetworkAclEntry", ()),
    (LoadBalancerFact.from_aws, "elbv2", "LoadBalancer", ()),
    (QuotaFact.from_aws, "service-quotas", "ServiceQuota", ("source",)),
    (RoleFact.from_aws, "iam", "Role", ()),
    (AttachedPolicyFact.from_aws, "iam", "AttachedPolicy", ()),
    (PolicyFact.from_aws, "iam", "Policy", ("document",)),
    (PolicyFact.from_inline, "iam", "GetRolePolicyResponse", ("arn", "version")),
    (SimulationFact.from_aws, "iam", "EvaluationResult", ()),
    (StackFact.from_aws, "cloudformation", "Stack", ()),
    (StackEventFact.from_aws, "cloudformation", "StackEvent", ()),
    (StackResourceFact.from_aws, "cloudformation", "StackResource", ()),
    (StackResourceFact.from_aws, "cloudformation", "StackResourceSummary", ()),
    (CallerFact.from_aws, "sts", "GetCallerIdentityResponse", ()),
]


def service(name):
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def sample(shape, name=""):
    """A full answer of this shape, as botocore would parse it."""
    if isinstance(shape, StructureShape):
        return {key: sample(member, key) for key, member in shape.members.items()}
    if isinstance(shape, ListShape):
        return [sample(shape.member, name)]
    plain = {"boolean": True, "integer": 7, "long": 7, "double": 7.0, "float": 7.0, "timestamp": NOON, "map": {}}
    if shape.type_name in plain:
        return plain[shape.type_name]
    return POLICY if "Document" in name else f"{name}-1"


@pytest.mark.parametrize(("make", "name", "shape", "elsewhere"), SHAPES)
def test_a_full_answer_leaves_no_field_empty(make, name, shape, elsewhere):
    fact = make(sample(service(name).shape_for(shape)))
    empty = [
        field.name
        for field in dataclasses.fields(fact)
        if getattr(fact, field.name) in ("", (), None) and field.name not in elsewhere
    ]
    assert empty == []
