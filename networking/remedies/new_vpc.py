"""vpc.exists and vpc.owner: a VPC of the account's own that keeps all rules, or the hint to choose another one.

https://docs.aws.amazon.com/vpc/latest/userguide/create-vpc.html
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from itertools import islice

from django.utils.translation import gettext as _

from networking.remedies import console
from networking.remedies.assembly import Draft, assembled
from networking.remedies.exits import costs
from networking.remedies.free_blocks import PREFERRED_PREFIX, known_ranges
from networking.remedies.missing_subnets import usable_zones
from networking.remedies.pieces import (
    Made,
    NewAddress,
    NewAssociation,
    NewEndpoint,
    NewGateway,
    NewNat,
    NewRoute,
    NewSubnet,
    NewTable,
    NewVpc,
    slug,
)
from networking.remedies.scope import in_place
from networking.remedies.shapes import Order, Remedy
from networking.remedies.sheets import Sheet, Step, step, valued
from onboarding import addresses
from onboarding.rules.profiles import Profile
from onboarding.rules.ranges import Range, RangeKind
from portal.aws.facts.networks import VpcNetwork
from portal.findings.shapes import Finding, Level

NAME = "clickhouse-byoc"
STACK = "clickhouse-byoc-vpc"
#: Subnets of NAT gateways need few addresses.
_PUBLIC_PREFIX = 24


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One remedy where the VPC is missing or another account's: it settles every failed code. None where the zones of
    the region are not known or too few.
    """
    if in_place(network):
        return
    zones = usable_zones(network, profile)[: profile.zones] if network.zones is not None else ()
    occupied = [Range(network=block, kind=RangeKind.VPC, label=network.vpc_id) for block in known_ranges(network)]
    cidr = addresses.propose(profile.largest_vpc, occupied, profile=profile)
    if cidr is None or len(zones) < profile.zones:
        return
    pieces = tuple(_pieces(network, cidr, zones, profile))
    draft = Draft(
        key="vpc-new",
        codes=tuple(dict.fromkeys(finding.code for finding in findings if finding.level is Level.FAILED)),
        title=_("Create a VPC in account %(account)s that keeps all rules") % {"account": network.account},
        effect=_effect(network, cidr, pieces),
        resources=(network.vpc_id,),
        pieces=pieces,
        shown=pieces[0],
        stack=STACK,
        order=Order.NEW_VPC,
        console=_sheets(network, cidr, zones, profile),
        undo_console=_(
            "Delete its NAT gateways and wait until they are gone, then delete the VPC %(name)s on its page and "
            "release the Elastic IP addresses."
        )
        % {"name": NAME},
    )
    yield assembled(network, draft)


def _effect(network: VpcNetwork, cidr: IPv4Network, pieces: Sequence[Made]) -> str:
    said = _(
        "Makes a new VPC %(cidr)s with everything that the rules ask for and touches nothing else; choose it "
        "afterwards instead of %(vpc)s. If the account has a VPC that fits already, choose that one instead. See that "
        "no network that it will be connected with uses %(cidr)s."
    )
    return " ".join([said % {"cidr": cidr, "vpc": network.vpc_id}, *costs(pieces)])


def _pieces(network: VpcNetwork, cidr: IPv4Network, zones: Sequence[str], profile: Profile) -> Iterator[Made]:
    """The VPC, a private subnet in each zone, a way out for each zone (one for all where the profile asks for none)
    and the S3 gateway endpoint.
    """
    vpc = NewVpc(slug="vpc", name=NAME, cidr=str(cidr), tags=_tags(profile, "vpc"))
    gateway = NewGateway(slug="internet_gateway", name=NAME, vpc=vpc)
    public = NewTable(slug="public_table", name=f"{NAME}-public", vpc=vpc)
    out = NewRoute(slug="public_route", table=public, target=gateway, gateway=gateway)
    yield from (vpc, gateway, public, out)
    prefix = min(PREFERRED_PREFIX, profile.smallest_subnet)
    blocks = dict(zip(zones, cidr.subnets(new_prefix=prefix), strict=False))
    exits = zones if profile.egress else zones[:1]
    places = dict(zip(exits, _last(cidr, _PUBLIC_PREFIX, len(exits)), strict=True))
    tables: list[NewTable] = []
    for zone in zones:
        if zone in places:
            table, made = _zone_exit(vpc, zone, places[zone], public, out)
            tables.append(table)
            yield from made
        yield from _private(vpc, zone, blocks[zone], tables[-1], _tags(profile, "subnet"))
    yield NewEndpoint(slug="s3_endpoint", name=f"{NAME}-s3", vpc=vpc, tables=tuple(tables))


def _last(cidr: IPv4Network, prefix: int, count: int) -> list[IPv4Network]:
    """The last blocks of that size, first address first."""
    every = list(cidr.subnets(new_prefix=prefix))
    return every[-count:]


def _zone_exit(
    vpc: NewVpc, zone: str, block: IPv4Network, public: NewTable, out: NewRoute
) -> tuple[NewTable, list[Made]]:
    """A private table that leads to a NAT gateway in that zone, and all that this takes."""
    name = f"{NAME}-public-{zone}"
    subnet = NewSubnet(slug=slug("public", zone), name=name, vpc=vpc, zone_id=zone, cidr=str(block))
    follows = NewAssociation(slug=slug("public_association", zone), subnet=subnet, table=public)
    address = NewAddress(slug=slug("address", zone), name=f"{NAME}-nat-{zone}")
    nat = NewNat(slug=slug("nat", zone), name=address.name, vpc=vpc, subnet=subnet, address=address, route=out)
    table = NewTable(slug=slug("private_table", zone), name=f"{NAME}-private-{zone}", vpc=vpc)
    route = NewRoute(slug=slug("private_route", zone), table=table, target=nat)
    return table, [subnet, follows, address, nat, table, route]


def _private(
    vpc: NewVpc, zone: str, block: IPv4Network, table: NewTable, tags: tuple[tuple[str, str], ...]
) -> Iterator[Made]:  # fmt: skip
    name = f"{NAME}-private-{zone}"
    subnet = NewSubnet(slug=slug("private", zone), name=name, vpc=vpc, zone_id=zone, cidr=str(block), tags=tags)
    yield subnet
    yield NewAssociation(slug=slug("private_association", zone), subnet=subnet, table=table)


def _tags(profile: Profile, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((tag.key, tag.value) for tag in profile.required_tags if tag.kind == kind)


def _sheets(
    network: VpcNetwork, cidr: IPv4Network, zones: Sequence[str], profile: Profile
) -> tuple[Sheet, ...]:  # fmt: skip
    """The console makes all of it on one page, «VPC and more», but for the tags."""
    button = _("Create VPC")
    opened = step(
        _("Open this page in the AWS console, signed in to account %(account)s, and choose «VPC and more».")
        % {"account": network.account},
        url=console.url(network, "CreateVpc", createMode="vpcWithResources"),
        link=button,
    )
    pressed = step(_("Leave both DNS options ticked, then press «Create VPC»."))
    create = Sheet(
        crumbs=(_("Your VPCs"), button),
        button=button,
        steps=(opened, *_choices(network, cidr, zones, profile), pressed),
    )
    return (create, _tagging(network, profile))


def _choices(network: VpcNetwork, cidr: IPv4Network, zones: Sequence[str], profile: Profile) -> Iterator[Step]:
    """What is chosen on the page, from top to bottom."""
    names = [next((zone.name for zone in network.zones or () if zone.id == one), one) for one in zones]
    count, nats = str(len(zones)), _("1 per AZ") if profile.egress else _("In 1 AZ")
    blocks = islice(cidr.subnets(new_prefix=min(PREFERRED_PREFIX, profile.smallest_subnet)), len(zones))
    label = _("Private subnet CIDR block in %(zone)s")
    yield step(
        _("Type this name and this range."),
        valued(_("Name tag auto-generation"), NAME),
        valued(_("IPv4 CIDR block"), str(cidr)),
    )
    yield step(
        _("Choose this many zones, and under «Customize AZs» these."),
        valued(_("Number of Availability Zones"), count, kind="select", hint=", ".join(names)),
    )
    yield step(
        _("Choose as many public and private subnets, and under «Customize subnets CIDR blocks» these ranges."),
        valued(_("Number of private subnets"), count, kind="select"),
        *(valued(label % {"zone": name}, str(block)) for name, block in zip(names, blocks, strict=True)),
    )
    yield step(
        _("Choose the NAT gateways and the S3 gateway endpoint."),
        valued(_("NAT gateways"), nats, kind="select"),
        valued(_("VPC endpoints"), _("S3 Gateway"), kind="select"),
    )


def _tagging(network: VpcNetwork, profile: Profile) -> Sheet:
    """The tags of the profile, on the subnets and on the VPC."""
    tags = [valued(key, value) for key, value in _tags(profile, "subnet")]
    own = [valued(key, value) for key, value in _tags(profile, "vpc")]
    said = _("Give each of the private subnets these tags, under Actions › Manage tags.")
    steps = [step(said, *tags, url=console.url(network, "subnets"), link=_("Subnets"))]
    if own:
        steps.append(step(_("Give the VPC this tag."), *own, url=console.url(network, "vpcs"), link="VPC"))
    steps.append(step(_("Press «Save» each time.")))
    return Sheet(crumbs=(_("Subnets"), _("Manage tags")), button=_("Save"), steps=tuple(steps))
