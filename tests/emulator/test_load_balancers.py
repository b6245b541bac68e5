"""Load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.emulator.conftest import allow, code_of, document


@dataclass
class Site:
    """A VPC with two subnets and a group for a load balancer."""

    ec2: Any
    elb: Any
    vpc: str
    subnets: list[str]
    group: str

    def wish(self, **changes: Any) -> dict[str, Any]:
        asked = {"Name": "k8s-own", "Subnets": self.subnets, "SecurityGroups": [self.group], "Scheme": "internal"}
        return asked | {"Type": "network"} | changes

    def make(self, **changes: Any) -> dict[str, Any]:
        return dict(self.elb.create_load_balancer(**self.wish(**changes))["LoadBalancers"][0])


@pytest.fixture
def site(cloud, account):
    ec2 = cloud.client("ec2", account)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    places = [("10.0.0.0/24", "us-east-1a"), ("10.0.1.0/24", "us-east-1b")]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for cidr, zone in places
    ]
    group = ec2.create_security_group(GroupName="own", Description="own", VpcId=vpc)["GroupId"]
    return Site(ec2, cloud.client("elbv2", account), vpc, subnets, group)


def test_an_internal_network_load_balancer_is_described_with_its_groups(site):
    made = site.make(Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": "own"}])
    seen = site.elb.describe_load_balancers()["LoadBalancers"][0]
    assert made["State"]["Code"] == "provisioning"
    assert seen["State"]["Code"] == "active"
    assert (seen["Type"], seen["Scheme"], seen["VpcId"]) == ("network", "internal", site.vpc)
    assert seen["SecurityGroups"] == [site.group]
    assert seen["LoadBalancerArn"] == made["LoadBalancerArn"]
    key = seen["LoadBalancerArn"].rpartition(":loadbalancer/net/k8s-own/")[2]
    assert seen["DNSName"] == f"k8s-own-{key}.elb.us-east-1.amazonaws.com"
    tags = site.elb.describe_tags(ResourceArns=[made["LoadBalancerArn"]])["TagDescriptions"][0]["Tags"]
    assert tags == [{"Key": "elbv2.k8s.aws/cluster", "Value": "own"}]


def test_the_same_settings_are_the_same_load_balancer_and_others_are_refused(site):
    arn = site.make()["LoadBalancerArn"]
    assert site.make()["LoadBalancerArn"] == arn
    assert len(site.elb.describe_load_balancers()["LoadBalancers"]) == 1
    assert code_of(site.elb.create_load_balancer, **site.wish(Type="application")) == "DuplicateLoadBalancerName"


def test_it_needs_groups_and_subnets_that_fit(site):
    refused = site.elb.create_load_balancer
    assert code_of(refused, **site.wish(SecurityGroups=["sg-0123456789abcdef0"])) == "InvalidSecurityGroup"
    assert code_of(refused, **site.wish(Subnets=["subnet-0123456789abcdef0"])) == "SubnetNotFound"
    elsewhere = site.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    third = site.ec2.create_subnet(VpcId=elsewhere, CidrBlock="10.1.0.0/24", AvailabilityZone="us-east-1c")
    mixed = [*site.subnets, third["Subnet"]["SubnetId"]]
    assert code_of(refused, **site.wish(Subnets=mixed)) == "InvalidConfigurationRequest"
    assert site.elb.describe_load_balancers()["LoadBalancers"] == []


def test_its_group_and_its_subnets_stay_while_it_stands(site):
    arn = site.make()["LoadBalancerArn"]
    assert code_of(site.ec2.delete_security_group, GroupId=site.group) == "DependencyViolation"
    assert code_of(site.ec2.delete_subnet, SubnetId=site.subnets[0]) == "DependencyViolation"
    site.elb.delete_load_balancer(LoadBalancerArn=arn)
    site.elb.delete_load_balancer(LoadBalancerArn=arn)
    site.ec2.delete_security_group(GroupId=site.group)
    site.ec2.delete_subnet(SubnetId=site.subnets[0])


def test_a_group_that_another_one_names_stays(site):
    other = site.ec2.create_security_group(GroupName="other", Description="other", VpcId=site.vpc)["GroupId"]
    named = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": site.group}]}]
    site.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=named)
    assert code_of(site.ec2.delete_security_group, GroupId=site.group) == "DependencyViolation"
    site.ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=named)
    site.ec2.delete_security_group(GroupId=site.group)


def test_network_load_balancers_have_a_quota(cloud, account, site):
    change = {"account": account, "region": "us-east-1", "quota": "elasticloadbalancing/L-69A177A2", "value": 1}
    cloud.control.quotas([change])
    site.make()
    assert code_of(site.elb.create_load_balancer, **site.wish(Name="k8s-second")) == "TooManyLoadBalancers"


def test_policies_see_the_load_balancer_that_is_made(account, site, as_role):
    network = f"arn:aws:elasticloadbalancing:us-east-1:{account}:loadbalancer/net/*"
    policy = document(
        allow("elasticloadbalancing:DescribeLoadBalancers"), allow("elasticloadbalancing:CreateLoadBalancer", network)
    )
    elb = as_role(account, policy)("elbv2")
    assert code_of(elb.create_load_balancer, **site.wish(Type="application")) == "AccessDenied"
    arn = elb.create_load_balancer(**site.wish())["LoadBalancers"][0]["LoadBalancerArn"]
    assert elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"] == arn
    assert code_of(elb.delete_load_balancer, LoadBalancerArn=arn) == "AccessDenied"


def test_a_rule_that_is_there_and_one_that_is_not_have_their_own_words(site):
    rule = [{"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}]
    asked = {"GroupId": site.group, "IpPermissions": rule}
    site.ec2.authorize_security_group_ingress(**asked)
    assert code_of(site.ec2.authorize_security_group_ingress, **asked) == "InvalidPermission.Duplicate"
    site.ec2.revoke_security_group_ingress(**asked)
    assert code_of(site.ec2.revoke_security_group_ingress, **asked) == "InvalidPermission.NotFound"


def test_a_network_acl_is_found_by_a_subnet_and_names_all_of_its_subnets(site):
    filters = [{"Name": "association.subnet-id", "Values": [site.subnets[0]]}]
    acl = site.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]
    assert {one["SubnetId"] for one in acl["Associations"]} == set(site.subnets)
    assert acl["IsDefault"] is True
    assert {entry["RuleNumber"] for entry in acl["Entries"]} == {100, 32767}
