"""A deployment that is ready, with a peering to a VPC of another account, and looks at both sides of it made of facts.
Rows alone: nothing here asks AWS. The ranges and subnets are those of the demo's hub VPC.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from networking.models import Peering, PrivateAccess
from networking.peering.balancers import PRIVATE_PORTS
from networking.peering.looks import PeeringLook, Recorded, record_look
from networking.peering.shapes import PeeringSide
from onboarding.models import Deployment, InfrastructurePlan, Stack
from onboarding.stacks.naming import BALANCER_TAG, DEPLOYMENT_TAG, OWNER_TAG, cluster_name, stack_name
from onboarding.states import DeploymentState, VpcMode
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.facts.network_acls import AclEntryFact, NetworkAclFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.peerings import PeeringFact, PeeringSideFact
from portal.aws.facts.route_tables import RouteFact, RouteTableAssociationFact, RouteTableFact
from portal.aws.facts.security_groups import PermissionFact, SecurityGroupFact
from portal.aws.facts.shapes import Tag
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.states import ConnectionState
from portal.findings.shapes import Evidence
from tests.networking.brought import user_of
from tests.people import People, make_connection, make_deployment

REGION = "us-east-1"
TARGET_ACCOUNT = "333333333333"
BYOC_VPC, TARGET_VPC = "vpc-0b0b0b0b0b0b0b0b0", "vpc-0e0e0e0e0e0e0e0e0"
PCX = "pcx-0123456789abcdef0"
BYOC_RANGES, TARGET_RANGES = ("10.0.0.0/16",), ("10.20.0.0/16", "10.21.0.0/16")
BYOC_SUBNETS = tuple(f"subnet-0b0b0b0b0b0b0b0b{letter}" for letter in "abc")
TARGET_SUBNETS = tuple(f"subnet-0e0e0e0e0e0e0e0e{letter}" for letter in "abc")
BYOC_TABLES = tuple(f"rtb-0b0b0b0b0b0b0b0b{letter}" for letter in "abc")
#: The first is the main table, which the third subnet follows.
TARGET_TABLES = ("rtb-0e0e0e0e0e0e0e0e0", "rtb-0e0e0e0e0e0e0e0ea")
GROUP = "sg-0b0b0b0b0b0b0b0b0"
#: What the launch's own networks carry: the portal may change them.
OURS = (Tag(key=OWNER_TAG, value="true"), Tag(key=DEPLOYMENT_TAG, value="a1b2c3d4"))


def peered(people: People, *, access: bool | None = None, profile: str = "seed", **values: Any) -> Peering:
    """A peering that nobody has begun. `access`: whether the private load balancer is enabled; None for nobody said.

    `values` are columns of the peering.
    """
    deployment = ready(people, profile=profile)
    if access is not None:
        PrivateAccess.objects.create(
            organisation=people.organisation,
            deployment=deployment,
            asked_at=timezone.now(),
            enabled_at=timezone.now() if access else None,
            enabled_by="support" if access else "",
        )
    columns = {
        "label": "hub", "account_id": TARGET_ACCOUNT, "region": REGION, "vpc_id": TARGET_VPC,
        "subnet_ids": list(TARGET_SUBNETS), "requester_vpc": BYOC_VPC, "requester_region": REGION,
        "requester_subnets": list(BYOC_SUBNETS), "created_by": user_of(people),
    }  # fmt: skip
    found: Peering = Peering.objects.create(
        organisation=people.organisation, deployment=deployment, **{**columns, **values}
    )
    return found


def ready(people: People, *, profile: str = "seed") -> Deployment:
    """A deployment that is ready, its trust proven, in a VPC that the launch made."""
    connection = make_connection(people.organisation, state=ConnectionState.PROVEN, proven_at=timezone.now())
    deployment = make_deployment(
        people.organisation, connection=connection, state=DeploymentState.READY, requested_region=REGION,
        profile=profile,
    )  # fmt: skip
    InfrastructurePlan.objects.create(
        organisation=people.organisation, deployment=deployment, region=REGION, vpc_mode=VpcMode.NEW,
        cidr=BYOC_RANGES[0],
        zones=[{"name": f"{REGION}{x}", "id": f"use1-az{n}"} for x, n in zip("abc", "461", strict=True)],
    )  # fmt: skip
    Stack.objects.create(
        organisation=people.organisation, deployment=deployment, kind="network", region=REGION,
        name=stack_name(deployment.slug, "network"), status="CREATE_COMPLETE",
        outputs={
            "VpcId": BYOC_VPC, "VpcCidr": BYOC_RANGES[0], "PrivateSubnetIds": ",".join(BYOC_SUBNETS),
            "PrivateRouteTableIds": ",".join(BYOC_TABLES),
        },
    )  # fmt: skip
    return deployment


def requester(peering: Peering, **parts: Any) -> PeeringSide:
    """The BYOC side in which all is fine; `parts` replace its parts, None takes one away."""
    account = _account(peering)
    tables = tuple(
        table(name, BYOC_VPC, (subnet,), BYOC_RANGES, TARGET_RANGES, account=account)
        for name, subnet in zip(BYOC_TABLES, BYOC_SUBNETS, strict=True)
    )
    network = _network(account, BYOC_VPC, BYOC_RANGES, BYOC_SUBNETS, tables)
    side = PeeringSide(
        network=network,
        peerings=(connection(peering),),
        security_groups=(group(peering),),
        network_acls=(acl(BYOC_VPC, BYOC_SUBNETS),),
        load_balancers=(balancer(peering),),
    )
    return replace(side, **parts)


def accepter(peering: Peering, **parts: Any) -> PeeringSide:
    """The target side in which all is fine."""
    main, own = TARGET_TABLES
    tables = (
        table(main, TARGET_VPC, (), TARGET_RANGES, BYOC_RANGES, main=True, account=TARGET_ACCOUNT),
        table(own, TARGET_VPC, TARGET_SUBNETS[:2], TARGET_RANGES, BYOC_RANGES, account=TARGET_ACCOUNT),
    )
    network = _network(TARGET_ACCOUNT, TARGET_VPC, TARGET_RANGES, TARGET_SUBNETS, tables)
    side = PeeringSide(
        network=network, peerings=(connection(peering),), network_acls=(acl(TARGET_VPC, TARGET_SUBNETS),)
    )
    return replace(side, **parts)


def blind() -> PeeringSide:
    """A side that nobody looked at."""
    return PeeringSide(evidence=Evidence.DECLARED)


def record(
    peering: Peering, here: PeeringSide | None = None, there: PeeringSide | None = None, *, stated: bool = False
) -> Recorded:
    """Keeps a look; by default one in which all six steps are fine."""
    look = PeeringLook(
        requester_vpc=peering.requester_vpc,
        accepter_vpc=peering.vpc_id,
        requester=requester(peering) if here is None else here,
        accepter=accepter(peering) if there is None else there,
        stated=stated,
    )
    return record_look(peering, look)


def record_nothing_yet(peering: Peering) -> Recorded:
    """Keeps a look at the two VPCs before anything was done: no connection, routes, load balancer or rule."""
    here = unrouted(requester(peering, peerings=(), security_groups=(), load_balancers=()))
    return record(peering, here, unrouted(accepter(peering, peerings=())))


def record_requested(peering: Peering, status: str = "pending-acceptance", **more: Any) -> Recorded:
    """Keeps a look in which the connection exists, in that state, and nothing after it is done."""
    fact = connection(peering, status, **more)
    here = unrouted(requester(peering, peerings=(fact,), security_groups=(group(peering, ranges=()),)))
    return record(peering, here, unrouted(accepter(peering, peerings=(fact,))))


def unrouted(side: PeeringSide, *tables: str) -> PeeringSide:
    """The side without routes to the connection; in `tables` only, where some are named."""
    assert side.network is not None
    kept = tuple(
        replace(one, routes=tuple(route for route in one.routes if not route.target.startswith("pcx-")))
        if not tables or one.id in tables else one
        for one in side.network.route_tables or ()
    )  # fmt: skip
    return replace(side, network=replace(side.network, route_tables=kept))


def led(side: PeeringSide, target: str) -> PeeringSide:
    """The side with its routes to the connection leading to `target` instead."""
    assert side.network is not None
    kept = tuple(
        replace(one, routes=tuple(
            replace(route, target=target) if route.target.startswith("pcx-") else route for route in one.routes
        ))
        for one in side.network.route_tables or ()
    )  # fmt: skip
    return replace(side, network=replace(side.network, route_tables=kept))


def connection(peering: Peering, status: str = "active", **more: Any) -> PeeringFact:
    """The connection between the registered sides; ranges are listed only while it is active, as AWS does."""
    ends = (
        (peering.requester_vpc, _account(peering), peering.requester_region, BYOC_RANGES),
        (peering.vpc_id, peering.account_id, peering.region, TARGET_RANGES),
    )
    here, there = (
        PeeringSideFact(
            vpc=vpc, owner=owner, region=region, cidr=ranges[0] if status == "active" else "",
            cidrs=ranges if status == "active" else (),
        )
        for vpc, owner, region, ranges in ends
    )  # fmt: skip
    values: dict[str, Any] = {"id": PCX, "status": status, "requester": here, "accepter": there}
    if status == "pending-acceptance":
        values["expires_at"] = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    return PeeringFact(**{**values, **more})


def table(
    name: str, vpc: str, subnets: Iterable[str], own: Iterable[str], others: Iterable[str], *,
    main: bool = False, account: str = "", target: str = PCX,
) -> RouteTableFact:  # fmt: skip
    """A route table whose routes for `others` lead to `target`."""
    routes = [RouteFact(destination=one, target="local", state="active", origin="CreateRouteTable") for one in own]
    routes += [RouteFact(destination=one, target=target, state="active", origin="CreateRoute") for one in others]
    associations = [
        RouteTableAssociationFact(id=f"rtbassoc-{subnet[7:]}", subnet=subnet, state="associated") for subnet in subnets
    ]
    if main:
        associations.append(RouteTableAssociationFact(id=f"rtbassoc-{name[4:]}", main=True, state="associated"))
    return RouteTableFact(
        id=name, vpc=vpc, associations=tuple(associations), routes=tuple(routes), owner=account, tags=OURS
    )


def group(peering: Peering, ranges: Iterable[str] = TARGET_RANGES) -> SecurityGroupFact:
    """The private load balancer's security group, tagged by the load balancer controller."""
    rules = tuple(
        PermissionFact(protocol="tcp", from_port=port, to_port=port, cidrs=tuple(ranges)) for port in PRIVATE_PORTS
    )
    return SecurityGroupFact(
        id=GROUP, name="k8s-istio-private", vpc=BYOC_VPC, owner=_account(peering),
        inbound=rules if tuple(ranges) else (),
        tags=(Tag(key=BALANCER_TAG, value=cluster_name(peering.deployment.slug)),),
    )  # fmt: skip


def balancer(peering: Peering, **values: Any) -> LoadBalancerFact:
    """The private load balancer."""
    name = f"k8s-{peering.deployment.slug}-private"
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{_account(peering)}:loadbalancer/net/{name}/0123456789abcdef"
    held: dict[str, Any] = {
        "arn": arn, "name": name, "type": "network", "scheme": "internal", "vpc": BYOC_VPC, "state": "active",
        "security_groups": (GROUP,), "subnets": BYOC_SUBNETS,
    }  # fmt: skip
    return LoadBalancerFact(**{**held, **values})


def acl(vpc: str, subnets: Iterable[str]) -> NetworkAclFact:
    """The VPC's default network ACL, which lets everything through."""
    entries = tuple(
        AclEntryFact(number=number, egress=egress, action=action, protocol="-1", cidr="0.0.0.0/0")
        for egress in (False, True)
        for number, action in ((100, "allow"), (32767, "deny"))
    )
    return NetworkAclFact(id=f"acl-{vpc[4:]}", vpc=vpc, is_default=True, subnets=tuple(subnets), entries=entries)


def _network(
    account: str, vpc: str, ranges: tuple[str, ...], subnets: Iterable[str], tables: tuple[RouteTableFact, ...]
) -> VpcNetwork:
    base = ranges[0].rsplit(".", 2)[0]
    return VpcNetwork(
        account=account, region=REGION, vpc_id=vpc, route_tables=tables,
        vpcs=(VpcFact(
            id=vpc, owner=account, cidr=ranges[0], state="available", tags=OURS,
            cidrs=tuple(CidrFact(cidr=one, state="associated") for one in ranges),
        ),),
        subnets=tuple(
            SubnetFact(id=one, vpc=vpc, cidr=f"{base}.{16 * place}.0/20", zone_name=f"{REGION}{one[-1]}",
                       state="available", owner=account)
            for place, one in enumerate(subnets)
        ),
    )  # fmt: skip


def _account(peering: Peering) -> str:
    connection = peering.deployment.connection
    assert connection is not None
    return connection.account_id
