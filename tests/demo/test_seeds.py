"""The emulated accounts are as the demo promises, asked through boto3."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings

from onboarding.bootstrap.versions import fingerprint, template_path
from onboarding.models import OnboardingRequest
from onboarding.rules.profiles import profile_names
from onboarding.states import RequestState
from portal.accounts.models import Invitation, User
from portal.accounts.states import Role
from portal.demo import aws
from portal.demo.accounts import (
    CROWDED_REGION,
    CUSTOMER,
    CUSTOMER_NETWORK,
    EMPTY_REGION,
    OWN_VPC_REGION,
    VENDOR,
    ZONES,
    emulator_config,
)
from portal.demo.people import APPLICANT, INVITED, STAFF
from portal.demo.seeds.networks import FAULTY_VPC, FIT_VPC, HUB_VPC, SHARED_VPC
from portal.demo.seeds.portal import seed_portal
from portal.demo.seeds.world import Found, seed_world
from tests.emulators import Emulator


@pytest.fixture(scope="module")
def seeded(emulator: Emulator) -> Iterator[Emulator]:
    """The shared emulator with the demo's accounts in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
        emulator.control.configure(zones=emulator_config()["zones"])
        seed_world()
        yield emulator


class Look:
    """One region of one account."""

    def __init__(self, account_id: str, region: str) -> None:
        self.ec2: Any = aws.client("ec2", account_id, region)

    def vpcs(self) -> list[dict[str, Any]]:
        return list(self.ec2.describe_vpcs()["Vpcs"])

    def vpc(self, name: str) -> str:
        found = self.ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": [name]}])["Vpcs"]
        assert len(found) == 1
        return str(found[0]["VpcId"])

    def private(self, vpc_id: str) -> list[dict[str, Any]]:
        found = self.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["Subnets"]
        return [subnet for subnet in found if tags(subnet)["Name"].startswith("private")]

    def tables(self, vpc_id: str) -> list[dict[str, Any]]:
        return list(self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"])

    def effective(self, vpc_id: str, subnet_id: str) -> dict[str, Any]:
        """The table with an explicit association, else the main one."""
        tables = self.tables(vpc_id)
        explicit = [t for t in tables if any(a.get("SubnetId") == subnet_id for a in t["Associations"])]
        return next(iter(explicit or [t for t in tables if any(a.get("Main") for a in t["Associations"])]))

    def endpoint_tables(self, vpc_id: str) -> set[str]:
        found = self.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["VpcEndpoints"]
        return {table for endpoint in found for table in endpoint["RouteTableIds"]}


def tags(resource: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


def is_public(table: dict[str, Any]) -> bool:
    return any(
        route.get("DestinationCidrBlock") == "0.0.0.0/0" and route.get("GatewayId", "").startswith("igw-")
        for route in table["Routes"]
    )


def faults(look: Look, vpc_id: str) -> list[tuple[str, str]]:
    """What is wrong with each private subnet by the seed profile: (subnet's name, fault)."""
    found = []
    for subnet in look.private(vpc_id):
        table = look.effective(vpc_id, subnet["SubnetId"])
        name = tags(subnet)["Name"]
        if ip_network(subnet["CidrBlock"]).prefixlen > 23:
            found.append((name, "size"))
        if tags(subnet).get("kubernetes.io/role/internal-elb") != "1":
            found.append((name, "tag"))
        if is_public(table):
            found.append((name, "public"))
        if table["RouteTableId"] not in look.endpoint_tables(vpc_id):
            found.append((name, "s3"))
    return found


def test_one_region_of_the_customer_is_empty(seeded: Emulator) -> None:
    look = Look(CUSTOMER.id, EMPTY_REGION)
    assert look.vpcs() == []
    assert look.ec2.describe_subnets()["Subnets"] == []
    assert look.ec2.describe_internet_gateways()["InternetGateways"] == []


def test_one_region_of_the_customer_collides_with_the_default_choice(seeded: Emulator) -> None:
    default = ip_network("10.0.0.0/16")
    ranges = [
        ip_network(each["CidrBlock"])
        for vpc in Look(CUSTOMER.id, CROWDED_REGION).vpcs()
        for each in vpc["CidrBlockAssociationSet"]
    ]
    assert len([one for one in ranges if one.overlaps(default)]) >= 2
    assert ip_network("10.3.0.0/20") in ranges


def test_one_vpc_is_fit_to_bring(seeded: Emulator) -> None:
    look = Look(CUSTOMER.id, OWN_VPC_REGION)
    vpc_id = look.vpc(FIT_VPC)
    assert faults(look, vpc_id) == []
    assert len({subnet["AvailabilityZoneId"] for subnet in look.private(vpc_id)}) == 3
    for subnet in look.private(vpc_id):
        routes = look.effective(vpc_id, subnet["SubnetId"])["Routes"]
        nat = next(r["NatGatewayId"] for r in routes if r.get("DestinationCidrBlock") == "0.0.0.0/0")
        assert look.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["State"] == "available"
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = look.ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)
        assert answer[attribute[0].upper() + attribute[1:]] == {"Value": True}


def test_one_vpc_has_four_faults(seeded: Emulator) -> None:
    look = Look(CUSTOMER.id, OWN_VPC_REGION)
    vpc_id = look.vpc(FAULTY_VPC)
    found = faults(look, vpc_id)
    assert [fault for fault in found if fault[1] != "s3"] == [
        ("private-a-small", "size"),
        ("private-b-untagged", "tag"),
        ("private-c-inherits", "public"),
    ]
    assert look.endpoint_tables(vpc_id), "there is an S3 endpoint, only on the wrong table"
    assert {name for name, fault in found if fault == "s3"} == {tags(s)["Name"] for s in look.private(vpc_id)}


def test_the_subnet_that_is_public_by_inheritance_has_no_association_of_its_own(seeded: Emulator) -> None:
    look = Look(CUSTOMER.id, OWN_VPC_REGION)
    vpc_id = look.vpc(FAULTY_VPC)
    inherits = next(s["SubnetId"] for s in look.private(vpc_id) if tags(s)["Name"] == "private-c-inherits")
    associated = {a.get("SubnetId") for table in look.tables(vpc_id) for a in table["Associations"]}
    assert inherits not in associated


def test_the_network_accounts_hub_has_several_route_tables(seeded: Emulator) -> None:
    look = Look(CUSTOMER_NETWORK.id, CROWDED_REGION)
    vpc_id = look.vpc(HUB_VPC)
    tables = look.tables(vpc_id)
    assert len(tables) >= 5
    assert len([table for table in tables if any(a.get("SubnetId") for a in table["Associations"])]) >= 4


def test_a_target_stands_in_the_byoc_account_itself_and_leaves_room_for_the_byoc_vpc(seeded: Emulator) -> None:
    look = Look(CUSTOMER.id, CROWDED_REGION)
    vpc_id = look.vpc(SHARED_VPC)
    followed = [
        association.get("SubnetId", "main") for table in look.tables(vpc_id) for association in table["Associations"]
    ]
    assert len(followed) == 3
    assert "main" in followed
    quotas = aws.client("service-quotas", CUSTOMER.id, CROWDED_REGION)
    limit = quotas.get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]["Value"]
    assert len(look.vpcs()) < limit


@pytest.mark.parametrize("region", [CROWDED_REGION, EMPTY_REGION, OWN_VPC_REGION])
def test_the_hub_can_be_peered_from_every_region_of_the_demo(seeded: Emulator, account_id: str, region: str) -> None:
    hub = Look(CUSTOMER_NETWORK.id, CROWDED_REGION).vpc(HUB_VPC)
    ec2 = aws.client("ec2", account_id, region)
    vpc_id = ec2.create_vpc(CidrBlock="10.1.0.0/16" if region == CROWDED_REGION else "10.0.0.0/16")["Vpc"]["VpcId"]
    asked = {"PeerVpcId": hub, "PeerOwnerId": CUSTOMER_NETWORK.id, "PeerRegion": CROWDED_REGION}
    made = ec2.create_vpc_peering_connection(VpcId=vpc_id, **asked)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    found = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[made])["VpcPeeringConnections"][0]
    assert found["Status"]["Code"] == "pending-acceptance"
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=made)


def test_the_same_letter_is_another_place_in_another_account(seeded: Emulator) -> None:
    def zone_of_a(account_id: str) -> str:
        zones = Look(account_id, CROWDED_REGION).ec2.describe_availability_zones()["AvailabilityZones"]
        return str(next(z["ZoneId"] for z in zones if z["ZoneName"] == f"{CROWDED_REGION}a"))

    accounts = (VENDOR.id, CUSTOMER.id, CUSTOMER_NETWORK.id)
    assert [zone_of_a(account) for account in accounts] == [ZONES[account][CROWDED_REGION][0] for account in accounts]
    assert len({zone_of_a(account) for account in accounts}) == 3


@pytest.mark.parametrize("profile", profile_names())
def test_anybody_can_read_the_bootstrap_template_at_its_address(seeded: Emulator, profile: str) -> None:
    import hashlib
    import urllib.request

    vendor = settings.VENDOR_ACCOUNT_ID
    url = f"{seeded.endpoint}/byoc-templates/{template_path(profile, vendor_account_id=vendor)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert hashlib.sha256(answer.read()).hexdigest() == fingerprint(profile, vendor_account_id=vendor)


def test_a_second_seeding_changes_nothing(seeded: Emulator) -> None:
    before = [vpc["VpcId"] for vpc in Look(CUSTOMER.id, CROWDED_REGION).vpcs()]
    assert seed_world() is Found.THERE
    assert [vpc["VpcId"] for vpc in Look(CUSTOMER.id, CROWDED_REGION).vpcs()] == before


@pytest.mark.django_db
def test_the_portal_starts_with_staff_an_invitation_and_a_waiting_request() -> None:
    assert seed_portal() is True
    staff = User.objects.get(email=STAFF.email)
    assert staff.is_staff
    assert staff.check_password(STAFF.password)
    assert EmailAddress.objects.get(user=staff).verified
    assert Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).count() == 1
    invitation = Invitation.objects.get(email=INVITED.email)
    assert invitation.is_open
    assert invitation.role == Role.OWNER
    states = dict(OnboardingRequest.objects.values_list("email", "state"))
    assert states == {INVITED.email: RequestState.APPROVED, APPLICANT.email: RequestState.SUBMITTED}


@pytest.mark.django_db
def test_the_portal_is_seeded_once() -> None:
    seed_portal()
    assert seed_portal() is False
    assert User.objects.count() == 1
    assert OnboardingRequest.objects.count() == 2
