"""The VPCs that the customer's two accounts have before anybody comes to the portal."""

from portal.demo.accounts import CROWDED_REGION, CUSTOMER, CUSTOMER_NETWORK, EMPTY_REGION, OWN_VPC_REGION
from portal.demo.seeds.places import BYOC_TAG, ELB_TAG, Place, place

FIT_VPC = "brought-vpc-fit"
FAULTY_VPC = "brought-vpc-four-faults"
HUB_VPC = "hub"
SHARED_VPC = "shared-services"


def seed_networks() -> None:
    """Makes all of it; the accounts must be fresh."""
    own = place(CUSTOMER.id, OWN_VPC_REGION)
    fit = _ask_for_fit_vpc(own)
    faulty = _ask_for_faulty_vpc(own)
    place(CUSTOMER.id, EMPTY_REGION).clear_default_vpc()
    _crowd(place(CUSTOMER.id, CROWDED_REGION))
    _hub(place(CUSTOMER_NETWORK.id, CROWDED_REGION))
    # NAT gateways take their time, so their routes come last.
    own.available([nat for routes in (fit, faulty) for _, nat in routes])
    for table, nat in (*fit, *faulty):
        own.default_route(table, nat=nat)


def _ask_for_fit_vpc(own: Place) -> list[tuple[str, str]]:
    """A VPC that meets both rule profiles. Returns (private route table, its zone's NAT gateway) pairs."""
    vpc = own.vpc(FIT_VPC, "10.40.0.0/16", **BYOC_TAG)
    gateway = own.internet_gateway(vpc, FIT_VPC)
    public = [own.subnet(vpc, f"public-{x}", f"10.40.{250 + i}.0/24", x) for i, x in enumerate("abc")]
    own.default_route(own.table(vpc, "public", *public), gateway=gateway)
    tables = []
    for index, letter in enumerate("abc"):
        subnet = own.subnet(vpc, f"private-{letter}", f"10.40.{index * 16}.0/20", letter, BYOC_TAG | ELB_TAG)
        tables.append(own.table(vpc, f"private-{letter}", subnet))
    own.s3_endpoint(vpc, "s3", *tables)
    return [(tables[i], own.nat_gateway(public[i], f"nat-{x}")) for i, x in enumerate("abc")]


def _ask_for_faulty_vpc(own: Place) -> list[tuple[str, str]]:
    """Four faults, each once: a /24, a missing tag, an inherited public main table, an S3 endpoint elsewhere."""
    vpc = own.vpc(FAULTY_VPC, "10.50.0.0/16", **BYOC_TAG)
    gateway = own.internet_gateway(vpc, FAULTY_VPC)
    own.default_route(own.main_table(vpc), gateway=gateway)
    public = own.subnet(vpc, "public-a", "10.50.250.0/24", "a")
    small = own.subnet(vpc, "private-a-small", "10.50.0.0/24", "a", BYOC_TAG | ELB_TAG)
    untagged = own.subnet(vpc, "private-b-untagged", "10.50.16.0/20", "b", BYOC_TAG)
    # Without an association of its own it follows the main table, which leads to the internet gateway.
    own.subnet(vpc, "private-c-inherits", "10.50.32.0/20", "c", BYOC_TAG | ELB_TAG)
    private = own.table(vpc, "private", small, untagged)
    own.s3_endpoint(vpc, "s3", own.table(vpc, "retired"))
    return [(private, own.nat_gateway(public, "nat-a"))]


def _crowd(region: Place) -> None:
    """VPCs that collide with the default choice 10.0.0.0/16: equal, inside it, and by a second CIDR."""
    production = region.vpc("production", "10.0.0.0/16")
    region.subnet(production, "app-a", "10.0.0.0/20", "a")
    region.subnet(production, "app-b", "10.0.16.0/20", "b")
    region.vpc("data-lake", "10.0.64.0/18")
    _shared(region)


def _shared(region: Place) -> None:
    """A target of peerings in the BYOC account itself: beside 10.0.0.0/16, two blocks, one table of its own.

    The region's default VPC, these three and the BYOC VPC are the five that the quota allows.
    """
    vpc = region.vpc(SHARED_VPC, "10.2.0.0/16")
    region.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.3.0.0/20")
    jobs = [region.subnet(vpc, f"jobs-{x}", f"10.2.{i * 16}.0/20", x) for i, x in enumerate("ab")]
    region.table(vpc, "jobs", *jobs)
    # It follows the main table.
    region.subnet(vpc, "tools-a", "10.3.0.0/22", "a")


def _hub(region: Place) -> None:
    """The target of peerings: several route tables, one subnet that follows the main table, two CIDRs."""
    vpc = region.vpc(HUB_VPC, "10.20.0.0/16")
    region.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.21.0.0/16")
    gateway = region.internet_gateway(vpc, HUB_VPC)
    public = region.subnet(vpc, "public-a", "10.20.250.0/24", "a")
    region.default_route(region.table(vpc, "public", public), gateway=gateway)
    apps = [region.subnet(vpc, f"app-{x}", f"10.20.{i * 16}.0/20", x) for i, x in enumerate("abc")]
    region.table(vpc, "app-a", apps[0])
    region.table(vpc, "app-b", apps[1])
    region.table(vpc, "data", region.subnet(vpc, "data-a", "10.21.0.0/20", "a"))
