"""Ranges of IPv4 addresses, as people type them.

Canonical is dotted decimal without leading zeros, a slash, the prefix length, and no bit set behind the
prefix. Python's `ipaddress` alone is too kind: it reads an address without prefix as /32, and netmasks in
place of prefixes.
"""

import re
from ipaddress import IPv4Network

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse
from onboarding.rules.profiles import Profile
from onboarding.rules.ranges import KIND_LABELS, PRIVATE_BLOCKS

_OCTET = r"(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_ADDRESS = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_CANONICAL = re.compile(rf"({_OCTET}(?:\.{_OCTET}){{3}})/(0|[1-9]|[12][0-9]|3[0-2])")
_SEPARATED = re.compile(r"[,;\s]")

#: Blocks that can be no network of a customer: this host, loopback, link-local, multicast, reserved.
#: https://www.iana.org/assignments/iana-ipv4-special-registry/
_NOBODYS = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")))


def network(text: object) -> IPv4Network:
    """Any IPv4 network in canonical form.

    Raises `Refused`: `cidr.missing`, `.malformed`, `.ipv6`, `.several`, `.prefix-missing`, `.host-bits` (with
    the network as suggestion).
    """
    right = _("Enter one IPv4 range such as 10.0.0.0/16: four numbers from 0 to 255, a slash and the prefix length.")
    typed = line(text, missing=right, code="cidr")
    if ":" in typed:
        refuse(_("Enter an IPv4 range such as 10.0.0.0/16. IPv6 ranges are not used here."), "cidr.ipv6")
    if _SEPARATED.search(typed):
        refuse(_("Enter one range only, without spaces, commas and line breaks: 10.0.0.0/16."), "cidr.several")
    if _ADDRESS.fullmatch(typed):
        refuse(
            _("%(address)s is a single address. Add a slash and the prefix length, such as %(address)s/16.")
            % {"address": typed},
            "cidr.prefix-missing",
        )
    canonical = _CANONICAL.fullmatch(typed)
    if canonical is None:
        refuse(right, "cidr.malformed")
    found = IPv4Network(typed, strict=False)
    if str(found) != typed:
        refuse(
            _("%(typed)s has bits set behind its prefix. The range that contains it is %(network)s.")
            % {"typed": typed, "network": found},
            "cidr.host-bits",
            suggestion=str(found),
        )
    return found


def vpc_cidr(text: object, *, profile: Profile) -> IPv4Network:
    """The range of a VPC that the launch will create, by the sizes and reserved ranges of `profile`.

    AWS takes /16 to /28 (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html), the profile
    asks for more; only RFC 1918 is accepted. Raises `Refused` as `network` does, and `cidr.too-large`,
    `.too-small`, `.not-private`, `.below-profile`, `.docker`, `.eks-service`, `.vendor`.
    """
    found = network(text)
    _refuse_size(found, profile)
    if not any(found.subnet_of(block) for block in PRIVATE_BLOCKS):
        refuse(
            _("%(network)s is not private. Choose a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.")
            % {"network": found},
            "cidr.not-private",
        )
    if found.prefixlen > profile.smallest_managed_vpc:
        refuse(
            _("%(network)s is too small for a deployment. Choose a range of /%(smallest)d or larger.")
            % {"network": found, "smallest": profile.smallest_managed_vpc},
            "cidr.below-profile",
        )
    _refuse_reserved(found, profile)
    return found


def _refuse_size(found: IPv4Network, profile: Profile) -> None:
    if found.prefixlen < profile.largest_vpc:
        refuse(
            _("%(network)s is too large: AWS gives a VPC at most a /%(largest)d.")
            % {"network": found, "largest": profile.largest_vpc},
            "cidr.too-large",
        )
    if found.prefixlen > profile.smallest_vpc:
        refuse(
            _("%(network)s is too small: AWS gives a VPC at least a /%(smallest)d.")
            % {"network": found, "smallest": profile.smallest_vpc},
            "cidr.too-small",
        )


def _refuse_reserved(found: IPv4Network, profile: Profile) -> None:
    for reserved in profile.reserved_ranges:
        if found.overlaps(reserved.network):
            refuse(
                _("%(network)s overlaps %(reserved)s, %(kind)s: %(label)s. Choose another range.")
                % {
                    "network": found,
                    "reserved": reserved.network,
                    "kind": KIND_LABELS[reserved.kind],
                    "label": reserved.label,
                },
                f"cidr.{reserved.kind.value}",
            )


def declared_range(text: object) -> IPv4Network:
    """A network that the customer says exists elsewhere: a peer's VPC or an on-premises range, /8 to /32.

    Public ranges are legal there. Raises `Refused` as `network` does, and `cidr.too-large`, `cidr.nobodys`.
    """
    found = network(text)
    if found.prefixlen < 8:
        refuse(
            _("%(network)s is larger than /8. Enter the ranges that are really in use, one by one.")
            % {"network": found},
            "cidr.too-large",
        )
    if any(found.overlaps(block) for block in _NOBODYS):
        refuse(
            _("%(network)s holds addresses that no network can use. Enter a range such as 10.20.0.0/16.")
            % {"network": found},
            "cidr.nobodys",
        )
    return found
