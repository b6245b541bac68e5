"""VPCs to draw: what a look brings, and which subnets were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from networking.checks.judge import judge_vpc
from networking.maps.vpc_map import VpcMap, vpc_map
from onboarding.rules.profiles import profile
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact, RouteTableAssociationFact, RouteTableFact
from portal.aws.facts.shapes import Tag
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Finding

REGION, ACCOUNT = "eu-central-1", "222222222222"
BYOC = Tag(key="clickhouse-byoc", value="true")
ELB = Tag(key="kubernetes.io/role/internal-elb", value="1")
LETTERS = "abcdef"


def identifier(prefix: str, number: int) -> str:
    """An id as long as AWS's."""
    return f"{prefix}-{number:017x}"


VPC = identifier("vpc", 0xABCDEF0123)


@dataclass(frozen=True)
class Scene:
    """A network and a choice."""

    network: VpcNetwork
    chosen: tuple[str, ...]

    def findings(self, name: str = "2026-08") -> tuple[Finding, ...]:
        return judge_vpc(self.network, self.chosen, profile=profile(name))

    def map(self, name: str = "2026-08") -> VpcMap:
        return vpc_map(self.network, self.chosen, self.findings(name))


def zones(count: int = 3) -> tuple[ZoneFact, ...]:
    return tuple(
        ZoneFact(name=f"{REGION}{letter}", id=f"euc1-az{i}", region=REGION, type="availability-zone", state="available")
        for i, letter in enumerate(LETTERS[:count], 1)
    )


def subnet(number: int, zone: int = 0, *, name: str = "", vpc: str = VPC, **more: object) -> SubnetFact:
    """Subnet `number` of the VPC, in the zone of that number, fit unless `more` says otherwise."""
    fact = SubnetFact(
        id=identifier("subnet", number), vpc=vpc, cidr=f"10.{40 + number // 16}.{number % 16 * 16}.0/20", free=4091,
        zone_name=f"{REGION}{LETTERS[zone]}", zone_id=f"euc1-az{zone + 1}", state="available", owner=ACCOUNT,
        tags=(BYOC, ELB, Tag(key="Name", value=name or f"private-{number}")),
    )  # fmt: skip
    return replace(fact, **more)  # type: ignore[arg-type]


def table(
    number: int, *subnets: SubnetFact, main: bool = False, to: Sequence[str] = (), name: str = ""
) -> RouteTableFact:
    """A route table with a route to each of `to`: 0.0.0.0/0, ::/0, and two halves."""
    associations = [RouteTableAssociationFact(id=f"rtbassoc-{s.id}", subnet=s.id, state="associated") for s in subnets]
    if main:
        associations.append(RouteTableAssociationFact(id=f"rtbassoc-main-{number}", main=True, state="associated"))
    routes = [RouteFact(destination="10.40.0.0/14", target="local", state="active")]
    for target, destination in zip(to, ("0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1"), strict=False):
        routes.append(RouteFact(destination=destination, target=target, state="active"))
    return RouteTableFact(
        id=identifier("rtb", number), vpc=VPC, owner=ACCOUNT, associations=tuple(associations), routes=tuple(routes),
        tags=(Tag(key="Name", value=name or f"table-{number}"),),
    )  # fmt: skip


def nat(number: int, where: SubnetFact | None = None, state: str = "available") -> NatGatewayFact:
    return NatGatewayFact(
        id=identifier("nat", number), vpc=VPC, subnet=where.id if where else "", state=state, connectivity="public",
        public_ips=("192.0.2.7",),
    )  # fmt: skip


def s3_endpoint(number: int, *tables: RouteTableFact, **more: object) -> EndpointFact:
    fact = EndpointFact(
        id=identifier("vpce", number), vpc=VPC, type="Gateway", service=f"com.amazonaws.{REGION}.s3", state="available",
        route_tables=tuple(one.id for one in tables), tags=(Tag(key="Name", value="s3"),),
    )  # fmt: skip
    return replace(fact, **more)  # type: ignore[arg-type]


def network(*subnets: SubnetFact, **more: object) -> VpcNetwork:
    """A VPC with everything read; `more` sets its other parts."""
    vpc = VpcFact(
        id=VPC, cidr="10.40.0.0/16", owner=ACCOUNT, state="available", dns_support=True, dns_hostnames=True,
        cidrs=tuple(CidrFact(cidr=f"10.{40 + i}.0.0/16", state="associated") for i in range(2)),
        tags=(BYOC, Tag(key="Name", value="brought-vpc")),
    )  # fmt: skip
    fact = VpcNetwork(
        account=ACCOUNT, region=REGION, vpc_id=VPC, zones=zones(6), vpcs=(vpc,), subnets=subnets, route_tables=(),
        endpoints=(), nat_gateways=(),
    )  # fmt: skip
    return replace(fact, **more)  # type: ignore[arg-type]


def fit() -> Scene:
    """Three subnets with a table and a NAT gateway each, and three public ones beside."""
    private = [subnet(i, i) for i in range(3)]
    public = [subnet(10 + i, i, name=f"public-{i}") for i in range(3)]
    nats = [nat(i, public[i]) for i in range(3)]
    tables = [table(i, private[i], to=[nats[i].id]) for i in range(3)]
    return Scene(
        network(
            *private, *public, route_tables=tuple(tables), endpoints=(s3_endpoint(1, *tables),),
            nat_gateways=tuple(nats),
        ),
        tuple(one.id for one in private),
    )  # fmt: skip


def faulty() -> Scene:
    """A /24, a missing tag, a public main table that is inherited, an S3 endpoint on another table."""
    small = subnet(0, 0, name="private-a-small", cidr="10.40.0.0/24", free=251)
    untagged = subnet(1, 1, name="private-b-untagged", tags=(BYOC, Tag(key="Name", value="private-b-untagged")))
    inherits = subnet(2, 2, name="private-c-inherits")
    public = subnet(10, 0, name="public-a")
    gateway = nat(1, public)
    main = table(1, main=True, to=[identifier("igw", 1)], name="main")
    private = table(2, small, untagged, to=[gateway.id], name="private")
    retired = table(3, name="retired")
    return Scene(
        network(
            small, untagged, inherits, public, route_tables=(main, private, retired),
            endpoints=(s3_endpoint(1, retired),), nat_gateways=(gateway,),
        ),
        (small.id, untagged.id, inherits.id),
    )  # fmt: skip


def blind() -> Scene:
    """Neither route tables nor endpoints nor NAT gateways could be read."""
    whole = fit()
    return Scene(replace(whole.network, route_tables=None, endpoints=None, nat_gateways=None), whole.chosen)


def tangled() -> Scene:
    """Six subnets in three zones, long names in two scripts, shared tables, two ways out of one, no endpoint."""
    long = "platform-production-private-subnet-for-analytics-workloads-in-the-first-zone"
    names = [long, "分析基盤の本番環境のプライベートサブネット(第一ゾーン)", "x" * 90, "", "data", "データ"]
    chosen = [subnet(i, i // 2, name=names[i] or "n") for i in range(6)]
    tgw, vgw, eigw = identifier("tgw", 1), identifier("vgw", 1), identifier("eigw", 1)
    gateway = nat(1)
    tables = [
        table(0, chosen[0], chosen[5], to=[tgw, eigw], name=long),
        table(1, chosen[1], chosen[3], to=[gateway.id, eigw]),
        table(2, chosen[2], to=[vgw]),
        table(3, main=True, name="既定のルートテーブル(すべてのサブネットが継承します)"),
    ]
    return Scene(
        network(*chosen, route_tables=tuple(tables), nat_gateways=(gateway,)), tuple(one.id for one in chosen)
    )  # fmt: skip


def strays() -> Scene:
    """A subnet of another VPC, one that is not there, one in a local zone, one whose table is changing."""
    own, local = subnet(0, 0), subnet(1, 1, zone_id="euc1-ham1-az1", zone_name="eu-central-1-ham-1a")
    changing, other = subnet(2, 2), subnet(3, 2, vpc=identifier("vpc", 99))
    association = RouteTableAssociationFact(subnet=changing.id, state="disassociating")
    gateway = nat(1)
    tables = (table(0, own, local, to=[gateway.id]), replace(table(1, main=True), associations=(association,)))
    ham = ZoneFact(name=local.zone_name, id=local.zone_id, region=REGION, type="local-zone", state="available")
    facts = network(own, local, changing, other, route_tables=tables, zones=(*zones(3), ham), nat_gateways=(gateway,))
    facts = replace(facts, endpoints=(s3_endpoint(1, tables[0]), s3_endpoint(2, tables[1], state="deleting")))
    return Scene(facts, (own.id, local.id, changing.id, other.id, identifier("subnet", 404)))


def grid(per_zone: Sequence[int], tables: int, *, others: int = 0, main: bool = False) -> Scene:
    """So many chosen subnets in each zone, dealt in turn to so many tables (the last one the main table's heirs)."""
    chosen = [subnet(i, zone) for i, zone in enumerate(z for z, count in enumerate(per_zone) for _ in range(count))]
    more = [subnet(1000 + i, i % max(len(per_zone), 1)) for i in range(others)]
    made = []
    for number in range(tables):
        own = [] if main and number == tables - 1 else [s for i, s in enumerate(chosen) if i % tables == number]
        made.append(table(number, *own, main=main and number == tables - 1, to=[identifier("nat", number % 5)]))
    attached = [one for number, one in enumerate(made) if number % 3]
    facts = network(
        *chosen, *more, route_tables=tuple(made), endpoints=(s3_endpoint(1, *attached),), zones=zones(6),
        nat_gateways=tuple(nat(i) for i in range(5)),
    )  # fmt: skip
    return Scene(facts, tuple(one.id for one in chosen))


def crowd() -> Scene:
    """200 subnets and 200 route tables; 12 subnets chosen."""
    every = [subnet(i, i % 6) for i in range(200)]
    tables = [table(i, every[i], to=[identifier("nat", i % 12)]) for i in range(200)]
    facts = network(
        *every, route_tables=tuple(tables), endpoints=(s3_endpoint(1, *tables[:190]),),
        nat_gateways=tuple(nat(i) for i in range(12)),
    )  # fmt: skip
    return Scene(facts, tuple(one.id for one in every[:12]))


SCENES = {
    "fit": fit, "faulty": faulty, "blind": blind, "tangled": tangled, "strays": strays, "crowd": crowd,
    "one zone": lambda: grid([3], 2), "six zones": lambda: grid([1] * 6, 6), "six in a zone": lambda: grid([6], 6),
    "two by three": lambda: grid([2, 2, 2], 3, main=True), "everything chosen": lambda: grid([34] * 6, 200),
    "no tables": lambda: grid([1, 1, 1], 0), "nothing chosen": lambda: grid([0, 0, 0], 3, others=40),
}  # fmt: skip
