"""The VPCs that the benchmark validates, made in an account of the emulator."""

from dataclasses import dataclass

from portal.demo.seeds.places import BYOC_TAG, ELB_TAG, Place

REGION = "eu-central-1"
#: What AWS lets a VPC have unless asked; the main table is one of the tables.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
SUBNETS, TABLES = 200, 200


@dataclass(frozen=True)
class Ground:
    """A VPC and the subnets that were chosen of it."""

    vpc_id: str
    chosen: tuple[str, ...]


def large(own: Place) -> Ground:
    """As many subnets and route tables as a VPC may have; one subnet inherits the main table."""
    vpc = own.vpc("large", "10.80.0.0/16", **BYOC_TAG)
    subnets = [
        own.subnet(vpc, f"private-{number}", f"10.80.{number}.0/24", "abc"[number % 3], BYOC_TAG | ELB_TAG)
        for number in range(SUBNETS)
    ]
    own.internet_gateway(vpc, "large")  # without one a public NAT gateway fails
    nat = own.nat_gateway(subnets[0], "nat")
    tables = [own.table(vpc, f"private-{number}", subnets[number]) for number in range(TABLES - 1)]
    own.s3_endpoint(vpc, "s3", *tables)
    own.available([nat])
    for table in tables:
        own.default_route(table, nat=nat)
    return Ground(vpc, tuple(subnets[:3]))


def faulty(own: Place) -> Ground:
    """Four faults: a /24, a missing tag, an inherited public main table, an S3 endpoint on another table."""
    vpc = own.vpc("four-faults", "10.50.0.0/16", **BYOC_TAG)
    own.default_route(own.main_table(vpc), gateway=own.internet_gateway(vpc, "four-faults"))
    public = own.subnet(vpc, "public-a", "10.50.250.0/24", "a")
    small = own.subnet(vpc, "private-a-small", "10.50.0.0/24", "a", BYOC_TAG | ELB_TAG)
    untagged = own.subnet(vpc, "private-b-untagged", "10.50.16.0/20", "b", BYOC_TAG)
    inherits = own.subnet(vpc, "private-c-inherits", "10.50.32.0/20", "c", BYOC_TAG | ELB_TAG)
    private = own.table(vpc, "private", small, untagged)
    own.s3_endpoint(vpc, "s3", own.table(vpc, "retired"))
    nat = own.nat_gateway(public, "nat-a")
    own.available([nat])
    own.default_route(private, nat=nat)
    return Ground(vpc, (small, untagged, inherits))
