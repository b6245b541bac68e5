"""The three subnets of a VPC that serve a deployment best. Pure."""

from collections.abc import Sequence

from networking.checks.judge import judge_subnets
from networking.checks.scene import Scene
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding, Level

#: What no tag and no endpoint mends: such a subnet is proposed only when its zone has no other.
_LASTING = frozenset({"subnets.membership", "subnets.size", "subnets.free-addresses", "subnets.private"})

#: Smallest first: lasting failures, failures, unknowns, warnings, fewest free addresses, id.
type _Rank = tuple[int, int, int, int, int, str]


def propose(network: VpcNetwork, *, profile: Profile) -> tuple[str, ...]:
    """The ids of the best subnet of each of the best zones, as many as the profile needs, sorted by zone ID.

    A subnet of the VPC is better when less that cannot be mended is wrong with it, then when it fails less, is less
    unknown, has fewer warnings and more free addresses; the smaller id decides at last. Zones count by ID; local and
    wavelength zones and those that EKS bars are left out. Fewer ids, also none, when the VPC has fewer zones.
    """
    scene = Scene(network, profile)
    judged = judge_subnets(network, profile=profile)
    best: dict[str, tuple[_Rank, str]] = {}
    for subnet in scene.subnets.values():
        zone = scene.zone_id(subnet)
        if subnet.vpc != network.vpc_id or not _is_usable(scene, zone):
            continue
        ranked = (_rank(subnet, judged[subnet.id]), zone)
        best[zone] = min(best.get(zone, ranked), ranked)
    chosen = sorted(best.values())[: profile.zones]
    return tuple(rank[-1] for rank, _zone in sorted(chosen, key=lambda one: one[1]))


def _is_usable(scene: Scene, zone: str) -> bool:
    """Whether a cluster could stand there; a zone of which nothing is known is given the benefit of the doubt."""
    listed = scene.zone(zone)
    kind = listed.type if listed else ""
    return bool(zone) and kind in {"", "availability-zone"} and zone not in scene.profile.barred_zone_ids


def _rank(subnet: SubnetFact, findings: Sequence[Finding]) -> _Rank:
    failed = [finding.code for finding in findings if finding.level is Level.FAILED]
    lasting = sum(1 for code in failed if code in _LASTING)
    unknown = sum(1 for finding in findings if finding.level is Level.UNKNOWN)
    warned = sum(1 for finding in findings if finding.level is Level.WARNING)
    return (lasting, len(failed), unknown, warned, -(subnet.free or 0), subnet.id)
