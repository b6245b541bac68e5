"""What AWS's answers look like, as far as we read them: kinds of values that say where one does not fit. Pure.

The fact classes read answers of botocore, whose types are sure. A file is typed by anybody, so every value that a fact
reads is looked at here before: a number where AWS writes text would be an account id without its leading zero.
Keys that stand in no shape are not read and may hold anything; AWS adds some every year.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from networking.facts.strict_json import UnreadableFacts, parse_object

#: Looks at a value that stands at a place (`DescribeSubnets.Subnets[3].VpcId`). Raises UnreadableFacts.
Kind = Callable[[Any, str], None]

#: Things of one kind: AWS lets a VPC have 200 subnets and 200 route tables unless one asks for more.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
MOST_ENTRIES = 1_000
#: Entries of a list within one of them: a route table has 1,000 routes at most, and 100 that are propagated.
MOST_WITHIN = 2_000
#: Characters. The value of a tag has 256 at most, a VPC endpoint's policy 20,480.
LONGEST_TEXT = 1_024
LONGEST_POLICY = 100_000

#: AWS's ids are a kind and 8 or 17 hexadecimal digits; examples and other programs' files have shorter ones. Nothing
#: in here means anything to a shell, to HCL, to YAML or to HTML.
_ID = re.compile(r"[a-z]+(?:-[0-9a-z]+)+")
LONGEST_ID = 64


def misfit(where: str, wanted: str) -> NoReturn:
    """Raises UnreadableFacts that names the place and what belongs there."""
    raise UnreadableFacts(_("%(where)s in the file must be %(wanted)s.") % {"where": where, "wanted": wanted})


def text(value: Any, where: str) -> None:
    """Any text of sane length."""
    if not isinstance(value, str):
        misfit(where, _("text in quotation marks"))
    if len(value) > LONGEST_TEXT:
        misfit(where, _("text of at most %(limit)s characters") % {"limit": LONGEST_TEXT})


def flag(value: Any, where: str) -> None:
    """true or false."""
    if not isinstance(value, bool):
        misfit(where, _("true or false"))


def whole(value: Any, where: str) -> None:
    """A whole number, zero or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        misfit(where, _("a whole number"))


def port(value: Any, where: str) -> None:
    """A port, or the type of an ICMP message; -1 where all are meant."""
    if isinstance(value, bool) or not isinstance(value, int) or not -1 <= value <= 65535:
        misfit(where, _("a whole number from -1 to 65535"))


def identifier(prefix: str = "") -> Kind:
    """The id of a resource of one kind (`subnet`), or of any."""

    def look(value: Any, where: str) -> None:
        text(value, where)
        if len(value) > LONGEST_ID or _ID.fullmatch(value) is None or not value.startswith(prefix and f"{prefix}-"):
            misfit(where, _("an ID such as %(example)s") % {"example": f"{prefix or 'rtb'}-0a1b2c3d4e5f60718"})

    return look


def target(value: Any, where: str) -> None:
    """Where a route leads: the id of a gateway or the like, or `local`."""
    if value != "local":
        identifier()(value, where)


def ipv4_range(value: Any, where: str) -> None:
    """An IPv4 range with its prefix length, such as 10.0.0.0/16; empty for a subnet that has IPv6 only."""
    if value != "" and not _is_range(value, IPv4Network):
        misfit(where, _("an IPv4 range such as 10.0.0.0/16"))


def ipv6_range(value: Any, where: str) -> None:
    """An IPv6 range with its prefix length, such as 2001:db8::/56."""
    if not _is_range(value, IPv6Network):
        misfit(where, _("an IPv6 range such as 2001:db8::/56"))


def policy(value: Any, where: str) -> None:
    """A policy: an object, or the text of one, as `DescribeVpcEndpoints` answers it; empty where there is none."""
    if isinstance(value, Mapping) or value == "":
        return
    if not isinstance(value, str) or len(value) > LONGEST_POLICY:
        misfit(where, _("the text of a policy"))
    try:
        parse_object(value)
    except UnreadableFacts:
        misfit(where, _("the text of a policy"))


def listed(kind: Kind, most: int = MOST_WITHIN) -> Kind:
    """A list of values of one kind."""

    def look(value: Any, where: str) -> None:
        if not isinstance(value, list):
            misfit(where, _("a list in square brackets"))
        if len(value) > most:
            misfit(where, _("a list of at most %(limit)s entries") % {"limit": most})
        for index, entry in enumerate(value):
            kind(entry, f"{where}[{index}]")

    return look


def having(*needed: str, **kinds: Kind) -> Kind:
    """An object whose known keys hold values of these kinds; those that are `needed` must be there."""

    def look(value: Any, where: str) -> None:
        if not isinstance(value, Mapping):
            misfit(where, _("an object in braces"))
        for key in needed:
            if key not in value:
                raise UnreadableFacts(_("%(where)s in the file lacks %(key)s.") % {"where": where, "key": key})
        for key in value.keys() & kinds.keys():
            kinds[key](value[key], f"{where}.{key}")

    return look


def page_of(key: str, entry: Kind) -> Kind:
    """A whole answer: the list under `key`, all its pages in one."""
    fits = having(key, **{key: listed(entry, MOST_ENTRIES)})

    def look(value: Any, where: str) -> None:
        fits(value, where)
        if value.get("NextToken"):
            raise UnreadableFacts(
                _("%(where)s in the file holds some pages of the answer only. Run the script again, to its end.")
                % {"where": where}
            )

    return look


def _is_range(value: Any, family: type[IPv4Network] | type[IPv6Network]) -> bool:
    """Whether it is an address, a slash and a length, no bit set behind it; `ipaddress` alone takes masks, too."""
    if not isinstance(value, str) or re.fullmatch(r"[0-9a-fA-F.:]+/[0-9]{1,3}", value) is None:
        return False
    try:
        family(value)
    except ValueError:
        return False
    return True


_TAGS = listed(having("Key", Key=text, Value=text))
_IPV6_RANGES = listed(
    having("Ipv6CidrBlock", Ipv6CidrBlock=ipv6_range, Ipv6CidrBlockState=having(State=text, StatusMessage=text),
           AssociationId=text)
)  # fmt: skip
_ZONE = having(
    "ZoneName", "ZoneId", ZoneName=text, ZoneId=text, RegionName=text, ZoneType=text, State=text, GroupName=text,
    OptInStatus=text,
)  # fmt: skip
_VPC = having(
    "VpcId", VpcId=identifier("vpc"), CidrBlock=ipv4_range, OwnerId=text, State=text, IsDefault=flag,
    InstanceTenancy=text, Tags=_TAGS, Ipv6CidrBlockAssociationSet=_IPV6_RANGES,
    CidrBlockAssociationSet=listed(
        having("CidrBlock", CidrBlock=ipv4_range, CidrBlockState=having(State=text, StatusMessage=text),
               AssociationId=text)
    ),
)  # fmt: skip
_SUBNET = having(
    "SubnetId", SubnetId=identifier("subnet"), VpcId=identifier("vpc"), CidrBlock=ipv4_range, AvailabilityZone=text,
    AvailabilityZoneId=text, State=text, AvailableIpAddressCount=whole, OwnerId=text, MapPublicIpOnLaunch=flag,
    Tags=_TAGS, Ipv6CidrBlockAssociationSet=_IPV6_RANGES,
)  # fmt: skip
_ROUTE = having(
    DestinationCidrBlock=ipv4_range, DestinationIpv6CidrBlock=ipv6_range, DestinationPrefixListId=identifier("pl"),
    GatewayId=target, NatGatewayId=target, TransitGatewayId=target, VpcPeeringConnectionId=target, State=text,
    EgressOnlyInternetGatewayId=target, LocalGatewayId=target, CarrierGatewayId=target, CoreNetworkArn=text,
    OdbNetworkArn=text, NetworkInterfaceId=target, InstanceId=target, Origin=text,
)  # fmt: skip
_ROUTE_TABLE = having(
    "RouteTableId", RouteTableId=identifier("rtb"), VpcId=identifier("vpc"), OwnerId=text, Tags=_TAGS,
    Routes=listed(_ROUTE), PropagatingVgws=listed(having(GatewayId=identifier())),
    Associations=listed(
        having(RouteTableAssociationId=text, Main=flag, SubnetId=identifier("subnet"), GatewayId=identifier(),
               AssociationState=having(State=text))
    ),
)  # fmt: skip
_ENDPOINT = having(
    "VpcEndpointId", VpcEndpointId=identifier("vpce"), VpcId=identifier("vpc"), VpcEndpointType=text, ServiceName=text,
    State=text, RouteTableIds=listed(identifier("rtb")), SubnetIds=listed(identifier("subnet")), PolicyDocument=policy,
    Tags=_TAGS,
)  # fmt: skip
_NAT_GATEWAY = having(
    "NatGatewayId", NatGatewayId=identifier("nat"), VpcId=identifier("vpc"), SubnetId=identifier("subnet"), State=text,
    ConnectivityType=text, AvailabilityMode=text, FailureCode=text, FailureMessage=text, Tags=_TAGS,
    NatGatewayAddresses=listed(having(PublicIp=text)),
)  # fmt: skip
_PEERING_SIDE = having(
    VpcId=identifier("vpc"), OwnerId=text, Region=text, CidrBlock=ipv4_range,
    CidrBlockSet=listed(having(CidrBlock=ipv4_range)), Ipv6CidrBlockSet=listed(having(Ipv6CidrBlock=ipv6_range)),
    PeeringOptions=having(AllowDnsResolutionFromRemoteVpc=flag),
)  # fmt: skip
_PEERING = having(
    "VpcPeeringConnectionId", VpcPeeringConnectionId=identifier("pcx"), Status=having(Code=text, Message=text),
    RequesterVpcInfo=_PEERING_SIDE, AccepterVpcInfo=_PEERING_SIDE, ExpirationTime=text, Tags=_TAGS,
)  # fmt: skip
_PERMISSION = having(
    IpProtocol=text, FromPort=port, ToPort=port, IpRanges=listed(having(CidrIp=ipv4_range)),
    Ipv6Ranges=listed(having(CidrIpv6=ipv6_range)), UserIdGroupPairs=listed(having(GroupId=text)),
    PrefixListIds=listed(having(PrefixListId=identifier("pl"))),
)  # fmt: skip
_SECURITY_GROUP = having(
    "GroupId", GroupId=identifier("sg"), GroupName=text, VpcId=identifier("vpc"), OwnerId=text, Tags=_TAGS,
    IpPermissions=listed(_PERMISSION), IpPermissionsEgress=listed(_PERMISSION),
)  # fmt: skip
_ACL_ENTRY = having(
    RuleNumber=whole, Egress=flag, RuleAction=text, Protocol=text, CidrBlock=ipv4_range, Ipv6CidrBlock=ipv6_range,
    PortRange=having(From=port, To=port),
)  # fmt: skip
_NETWORK_ACL = having(
    "NetworkAclId", NetworkAclId=identifier("acl"), VpcId=identifier("vpc"), IsDefault=flag, Tags=_TAGS,
    Associations=listed(having(SubnetId=identifier("subnet"))), Entries=listed(_ACL_ENTRY),
)  # fmt: skip

#: Operation → what its answer looks like.
ANSWERS: Mapping[str, Kind] = {
    "DescribeAvailabilityZones": page_of("AvailabilityZones", _ZONE),
    "DescribeVpcs": page_of("Vpcs", _VPC),
    "DescribeSubnets": page_of("Subnets", _SUBNET),
    "DescribeRouteTables": page_of("RouteTables", _ROUTE_TABLE),
    "DescribeVpcEndpoints": page_of("VpcEndpoints", _ENDPOINT),
    "DescribeNatGateways": page_of("NatGateways", _NAT_GATEWAY),
    "DescribeVpcAttribute": having(
        VpcId=identifier("vpc"), EnableDnsSupport=having(Value=flag), EnableDnsHostnames=having(Value=flag)
    ),
}

#: What a side of a peering has besides. In the file of one VPC nobody reads them, so they may hold anything there.
PEERING_ANSWERS: Mapping[str, Kind] = {
    "DescribeVpcPeeringConnections": page_of("VpcPeeringConnections", _PEERING),
    "DescribeSecurityGroups": page_of("SecurityGroups", _SECURITY_GROUP),
    "DescribeNetworkAcls": page_of("NetworkAcls", _NETWORK_ACL),
}
