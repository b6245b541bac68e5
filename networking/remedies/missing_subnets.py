"""Which subnets the choice lacks: one in the place of each that does not do, and further ones up to the profile's
number of subnets and zones. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from networking.remedies.exits import hosts_nat, zone_of
from networking.remedies.scope import failed, own_subnets
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding

COUNT, ZONES = "subnets.count", "subnets.zones"
#: Codes that one subnet fails for itself, and that only another subnet settles; the last one only where the subnet
#: holds a NAT gateway, which would lead nowhere in a private subnet.
_OF_ONE = ("subnets.membership", "subnets.size", "subnets.free-addresses", "subnets.private")
_KIND = "availability-zone"
_SOUND = frozenset({"", "available", "information"})


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A subnet that has to be made in the zone of that ID; it settles `codes`. `replaces` is the id of a chosen subnet
    that does not do, empty for a further one.
    """

    zone_id: str
    codes: tuple[str, ...]
    replaces: str = ""


def missing_subnets(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> tuple[Missing, ...]:
    """What has to be made, replacements first, in the order of the choice. Empty when subnets were not read.

    1. Each chosen subnet that fails for itself gets one in its own zone, unless a good subnet or another new one is
    there already or EKS cannot use the zone; then the first usable zone that none covers. 2. Further ones follow, each
    in a zone that none covers, until there are enough subnets and zones. 3. A region without enough usable zones gets
    as many as it has: no subnet mends that.
    """
    if network.subnets is None:
        return ()
    return tuple(_Search(network, subnet_ids, findings, profile).found())


class _Search:
    """One search: the zones that are covered grow as subnets are found to be missing."""

    def __init__(
        self, network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
    ) -> None:
        self.network, self.profile = network, profile
        self.chosen = tuple(dict.fromkeys(subnet_ids))
        self.bad = _bad(network, self.chosen, findings)
        self.good = [one for one in own_subnets(network, self.chosen) if one.id not in self.bad]
        self.covered = {zone for one in self.good if (zone := zone_of(network, one))}
        self.of_all = tuple(code for code in (COUNT, ZONES) if failed(findings, code))
        self.usable = usable_zones(network, profile)

    def found(self) -> Iterator[Missing]:
        """Replacements, then further subnets."""
        made = 0
        for subnet_id in self.chosen:
            if subnet_id in self.bad and (zone := self._place(subnet_id)):
                made += 1
                yield self._missing(zone, self.bad[subnet_id], subnet_id)
        if not self.of_all:
            return
        while self._short(len(self.good) + made):
            zone = next((zone for zone in self.usable if zone not in self.covered), "")
            if not zone:
                return
            made += 1
            yield self._missing(zone, (), "")

    def _short(self, subnets: int) -> bool:
        return subnets < self.profile.subnets or len(self.covered) < self.profile.zones

    def _missing(self, zone: str, codes: tuple[str, ...], replaces: str) -> Missing:
        new = zone not in self.covered
        self.covered.add(zone)
        settled = tuple(code for code in self.of_all if code == COUNT or new)
        return Missing(zone_id=zone, codes=tuple(dict.fromkeys((*codes, *settled))), replaces=replaces)

    def _place(self, subnet_id: str) -> str:
        """The zone for the subnet in the place of that one; empty when no zone is usable."""
        subnet = self.network.subnet(subnet_id)
        own = zone_of(self.network, subnet) if subnet is not None else ""
        fits = own if own in self.usable else ""
        if fits and fits not in self.covered:
            return fits
        return next((zone for zone in self.usable if zone not in self.covered), fits or next(iter(self.usable), ""))


def usable_zones(network: VpcNetwork, profile: Profile) -> tuple[str, ...]:
    """IDs of the region's availability zones that work and that EKS runs in, sorted. Where zones were not read, those
    that the VPC's subnets are in.
    """
    if network.zones is None:
        found = {zone_of(network, subnet) for subnet in network.subnets or () if subnet.vpc == network.vpc_id} - {""}
    else:
        found = {zone.id for zone in network.zones if zone.type == _KIND and zone.state in _SOUND}
    return tuple(sorted(found - set(profile.barred_zone_ids)))


def _bad(
    network: VpcNetwork, chosen: Sequence[str], findings: Sequence[Finding]
) -> Mapping[str, tuple[str, ...]]:  # fmt: skip
    """The chosen subnets that only another one can take the place of → the codes that they fail."""
    found: dict[str, tuple[str, ...]] = {}
    for code in (ZONES, *_OF_ONE):
        for finding in failed(findings, code):
            named = next((one for one in finding.resources if one in chosen), "")
            if named and _is_its_own_fault(network, named, code):
                found[named] = (*found.get(named, ()), code)
    return found


def _is_its_own_fault(network: VpcNetwork, subnet_id: str, code: str) -> bool:
    """Whether nothing but another subnet helps."""
    if code == ZONES:
        # The finding that zones are too few names all subnets; none of them is wrong by itself.
        return _in_other_kind_of_zone(network, network.subnet(subnet_id))
    if code == "subnets.private":
        return hosts_nat(network, subnet_id)
    return code != "subnets.membership" or not _may_come(network, network.subnet(subnet_id))


def _in_other_kind_of_zone(network: VpcNetwork, subnet: SubnetFact | None) -> bool:
    zone_id = zone_of(network, subnet) if subnet is not None else ""
    return any(zone.id == zone_id and zone.type not in {"", _KIND} for zone in network.zones or ())


def _may_come(network: VpcNetwork, subnet: SubnetFact | None) -> bool:
    """Whether the subnet is of this VPC and AWS is still making it."""
    return subnet is not None and subnet.vpc == network.vpc_id and subnet.state == "pending"
